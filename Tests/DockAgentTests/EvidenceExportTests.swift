import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@Suite struct EvidenceExportTests {
    @Test func theGuideIsFollowedWithStockToolsAndEveryFlippedByteIsFound() throws {
        let desk = try ClerksDesk()
        let run = try desk.export("bundle", [])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let files = try desk.files("bundle")
        let fingerprint = try desk.fingerprint("bundle")
        #expect(files.filter { $0.hasPrefix("footage/") }.count == desk.footage.count)
        for half in 0..<2 {
            _ = try Tool.run("rm", ["-rf", desk.dock.folder.at("opened")])
            let followed = try desk.follow("bundle", try desk.commands("bundle", half: half))
            #expect(followed.status == 0, "\(followed.text)\(followed.errors)")
            let verdicts = followed.text.split(separator: "\n").filter { $0.hasPrefix("step") }
            #expect(verdicts == (2...7).map { "step \($0): OK" }, "\(followed.text)\(followed.errors)")
            #expect(followed.text.contains(fingerprint), "the first step")
            #expect(followed.text.components(separatedBy: "Good \"").count == 5, "list, custody, coverage, clock")
        }
        let opened = try TestDock.contents(of: desk.dock.folder.at("opened"))
        #expect(multiset(opened) == multiset(desk.footage))
        let whole = try desk.verify("bundle", ["--identity", desk.dock.identity])
        #expect(whole.status == 0 && whole.text.contains(fingerprint), "\(whole.text)\(whole.errors)")

        let steps = try desk.commands("bundle").prefix(6)
        for file in files {
            try desk.copy("bundle", "flipped")
            try desk.change("flipped/" + file) { $0[$0.count / 2] ^= 1 }
            let verdict = try desk.verify("flipped")
            #expect(verdict.status == 1, "\(file): \(verdict.text)")
            #expect(verdict.text.contains("WRONG: \(file)"), "\(file): \(verdict.text)\(verdict.errors)")
            // The signature and the key are checked by the second step, all that is signed by the third.
            let step = ["SHA256SUMS", "SHA256SUMS.sig", "dock.pub"].contains(file) ? 2 : 3
            let byHand = try desk.follow("flipped", steps)
            #expect(byHand.text.contains("step \(step): WRONG"), "\(file): \(byHand.text)\(byHand.errors)")
        }
    }

    @Test func anIncidentIsWhatEveryCameraRecordedThen() throws {
        let desk = try ClerksDesk()
        let names = try desk.dock.ledger(
            """
            SELECT DISTINCT json_extract(body, '$.event.recording') FROM entry
            WHERE kind = 'segment.sealed' AND camera = 'BWC0042' AND json_extract(body, '$.event.role') = 'listed'
            ORDER BY 1
            """
        ).split(separator: "\n")
        try #require(names.count == 2)
        // Both cameras begin in the same minute; the second recording came later.
        for (name, cameras) in [(names[0], ["BWC0042", "OTHER7"]), (names[1], ["BWC0042"])] {
            let run = try desk.export("of-\(name)", ["--incident", "BWC0042/\(name)"], serial: nil)
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            let manifest = try CustodyTests.object(
                try Data(contentsOf: URL(fileURLWithPath: desk.dock.folder.at("of-\(name)/export.json"))))
            let footage = try #require(manifest["footage"] as? [[String: Any]])
            #expect(Set(footage.compactMap { $0["camera"] as? String }) == Set(cameras))
            #expect(footage.count == 2 * cameras.count, "one recording of two files of each")
        }
        #expect(try desk.export("none", ["--incident", "BWC0042"], serial: nil).status == 64)
        #expect(try desk.export("none", ["--incident", "BWC0042/R999999"], serial: nil).status == 1)
        let cover = try String(contentsOfFile: desk.dock.folder.at("of-\(names[0])/cover.html"), encoding: .utf8)
        let fingerprint = try desk.fingerprint("of-\(names[0])")
        for words in ["OTHER7", "case 7", "Beelden van bodycams", "Footage of body-worn cameras", fingerprint] {
            #expect(cover.contains(words), "\(words)")
        }
    }

    @Test func oneFileOfTheSameInputHasTheSameBytes() throws {
        let desk = try ClerksDesk()
        let folder = desk.dock.folder
        for place in ["one", "two"] {
            try FileManager.default.createDirectory(atPath: folder.at(place), withIntermediateDirectories: false)
            let run = try desk.export("\(place)/bundle.tar", [])
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.at(place)) == ["bundle.tar"])
        }
        #expect(try Tool.run("cmp", [folder.at("one/bundle.tar"), folder.at("two/bundle.tar")]).status == 0)
        #expect(try desk.export("one/bundle.tar", []).errors.contains("it is there already"))
        let unpacked = try Tool.run("tar", ["-x", "-C", folder.path, "-f", folder.at("one/bundle.tar")])
        #expect(unpacked.status == 0, "\(unpacked.errors)")
        #expect(try desk.verify("bundle").status == 0)
        // A run that was cut off before it had an archive goes on with its folder.
        try FileManager.default.moveItem(atPath: folder.at("bundle"), toPath: folder.at("two/bundle"))
        try FileManager.default.removeItem(atPath: folder.at("two/bundle.tar"))
        #expect(try desk.export("two/bundle.tar", []).status == 0)
        #expect(try Tool.run("cmp", [folder.at("one/bundle.tar"), folder.at("two/bundle.tar")]).status == 0)
    }

    @Test func everyTamperingIsNamed() throws {
        let desk = try ClerksDesk()
        for (name, serial) in [("bundle", "BWC0042"), ("foreign", "OTHER7")] {
            let run = try desk.export(name, [], serial: serial)
            #expect(run.status == 0, "\(run.text)\(run.errors)")
        }
        let folder = desk.dock.folder
        let footage = try desk.files("bundle").filter { $0.hasPrefix("footage/") }
        let custody = try #require(try desk.files("bundle").first { $0.hasSuffix("/custody.json") })
        let other = try #require(try desk.files("foreign").first { $0.hasSuffix("/custody.json") })
        let coverage = custody.replacing("custody.json", with: "coverage.json")
        let proof = custody.replacing("custody.json", with: "custody.proof")
        /// Another docking's document in the place of this one's, with its own signature.
        func replay(_ name: String, signed: Bool) throws {
            for ending in signed ? ["", ".sig"] : [""] {
                let (from, to) = (
                    other.replacing("custody.json", with: name), custody.replacing("custody.json", with: name)
                )
                _ = try Tool.run("cp", [folder.at("foreign/" + from + ending), folder.at("t/" + to + ending)])
            }
        }
        func rewrite(_ file: String, _ old: String, _ new: String) throws {
            try desk.change("t/" + file) { bytes in
                guard let range = bytes.range(of: Data(old.utf8)) else { return }
                bytes.replaceSubrange(range.lowerBound..<range.lowerBound + new.utf8.count, with: Data(new.utf8))
            }
        }
        let tamperings: [(file: String, words: String, how: () throws -> Void)] = [
            (footage[0], "missing", { try FileManager.default.removeItem(atPath: folder.at("t/" + footage[0])) }),
            (footage[1], "changed", { try desk.change("t/" + footage[1]) { $0.removeLast() } }),
            ("footage/more.age", "not part", { try folder.write(Data([1]), to: "t/footage/more.age") }),
            (
                footage[0], "changed",
                {
                    _ = try Tool.run("mv", [folder.at("t/" + footage[0]), folder.at("t/x")])
                    _ = try Tool.run("mv", [folder.at("t/" + footage[1]), folder.at("t/" + footage[0])])
                    _ = try Tool.run("mv", [folder.at("t/x"), folder.at("t/" + footage[1])])
                }
            ),
            (custody, "another docking", { try replay("custody.json", signed: true) }),
            (coverage, "not the statement", { try replay("coverage.json", signed: true) }),
            (proof, "does not tell of this custody record", { try replay("custody.proof", signed: false) }),
            (
                "clocks/BWC0042.json", "another camera: OTHER7",
                {
                    for ending in ["", ".sig"] {
                        _ = try Tool.run(
                            "cp",
                            [
                                folder.at("foreign/clocks/OTHER7.json\(ending)"),
                                folder.at("t/clocks/BWC0042.json\(ending)"),
                            ])
                    }
                }
            ),
            // Back-dated, and said to be something else.
            (
                "\(custody).sig", "not a signature of this content",
                { try rewrite(custody, #""began":"2"#, #""began":"1"#) }
            ),
            (footage[0], "no signed record", { try rewrite("export.json", #""recording":"R0"#, #""recording":"R9"#) }),
            (
                "SHA256SUMS.sig", "not signed",
                {
                    // Lines in another order, as nobody signed them.
                    _ = try Tool.run(
                        "sh", ["-c", "tac \"$1\" > \"$1.x\" && mv \"$1.x\" \"$1\"", "sh", folder.at("t/SHA256SUMS")])
                }
            ),
        ]
        for (file, words, how) in tamperings {
            try desk.copy("bundle", "t")
            try how()
            let verdict = try desk.verify("t")
            #expect(verdict.status == 1)
            #expect(
                verdict.text.split(separator: "\n").contains { $0.hasPrefix("WRONG: \(file)") && $0.contains(words) },
                "\(file), \(words): \(verdict.text)\(verdict.errors)")
        }
    }

    /// Whoever makes everything anew with a key of his own is found by the key alone.
    @Test func aBundleSignedByAnotherKeyIsNotBelieved() throws {
        let desk = try ClerksDesk()
        #expect(try desk.export("bundle", []).status == 0)
        let folder = desk.dock.folder
        let forger = try Tool.run(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder.at("forger")])
        try #require(forger.status == 0, "\(forger.errors)")
        try desk.copy("bundle", "forged")
        let script = """
            cd "$1/forged" && key=$(cut -d ' ' -f 1,2 ../forger.pub) && echo "$key test" > dock.pub
            sed -E "s#ssh-ed25519 .*#$key#" -i allowed_signers
            for file in dockings/*/*.json clocks/*.json; do
              case $file in clocks/*) kind=clock ;; *) kind=$(basename "$file" .json) ;; esac
              rm "$file.sig" && ssh-keygen -q -Y sign -f ../forger -n "$kind@bodydock" "$file"
            done
            find . -type f ! -name 'SHA256SUMS*' -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
            rm SHA256SUMS.sig && ssh-keygen -q -Y sign -f ../forger -n evidence@bodydock SHA256SUMS
            """
        let forged = try Tool.run("sh", ["-c", script, "sh", folder.path])
        try #require(forged.status == 0, "\(forged.errors)")
        let alone = try desk.verify("forged")
        let printed = try Tool.run("ssh-keygen", ["-l", "-f", folder.at("forger.pub")]).text.split(separator: " ")[1]
        let wrong = alone.text.split(separator: "\n").filter { $0.hasPrefix("WRONG") }
        #expect(
            alone.text.contains(printed) && wrong.allSatisfy { $0.contains("/custody.proof: ") },
            "but for the checkpoint it belongs together, and shows whose key it is: \(alone.text)")
        let believed = try desk.verify("forged", ["--signers", folder.at("bundle/allowed_signers")])
        #expect(believed.status == 1)
        #expect(believed.text.contains("WRONG: SHA256SUMS.sig"), "\(believed.text)")
        #expect(believed.text.contains("another key: \(printed)"), "\(believed.text)")
    }

    /// A second key among those that are believed helps nobody who has not signed with the first.
    @Test func aKeyThatWasSlippedInSignsNoList() throws {
        let desk = try ClerksDesk()
        #expect(try desk.export("bundle", []).status == 0)
        let folder = desk.dock.folder
        let script = """
            cd "$1" && ssh-keygen -q -t ed25519 -N '' -C '' -f forger && cd bundle && chmod -R u+w .
            sed -E "s#ssh-ed25519 .*#$(cut -d ' ' -f 1,2 ../forger.pub)#" allowed_signers > more && cat more >> allowed_signers && rm more
            find . -type f ! -name 'SHA256SUMS*' -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
            rm SHA256SUMS.sig && ssh-keygen -q -Y sign -f ../forger -n evidence@bodydock SHA256SUMS
            """
        let forged = try Tool.run("sh", ["-c", script, "sh", folder.path])
        try #require(forged.status == 0, "\(forged.errors)")
        let verdict = try desk.verify("bundle")
        #expect(verdict.status == 1 && verdict.text.contains("WRONG: SHA256SUMS.sig"), "\(verdict.text)")
        let byHand = try desk.follow("bundle", try desk.commands("bundle").prefix(3))
        #expect(byHand.text.contains("step 2: WRONG"), "\(byHand.text)\(byHand.errors)")
    }

    @Test func openedAndSealedAnewItIsTheSameFootage() throws {
        let desk = try ClerksDesk()
        let folder = desk.dock.folder
        let open = ["--open", "--identity", desk.dock.identity]
        for name in ["open", "again"] {
            let run = try desk.export(name, open)
            #expect(run.status == 0, "\(run.text)\(run.errors)")
        }
        #expect(multiset(try TestDock.contents(of: folder.at("open/footage"))) == multiset(desk.footage))
        let difference = try Tool.run("diff", ["-r", folder.at("open"), folder.at("again")])
        #expect(difference.status == 0, "the same input, the same bytes: \(difference.text)")
        let followed = try desk.follow("open", try desk.commands("open"))
        let verdicts = followed.text.split(separator: "\n").filter { $0.hasPrefix("step") }
        #expect(verdicts == (2...6).map { "step \($0): OK" }, "\(followed.text)\(followed.errors)")
        #expect(try desk.verify("open").status == 0)

        let key = try Tool.run("age-keygen", ["-o", folder.at("other.key")])
        let recipient = try #require(key.errors.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) })
        let sealed = try desk.export(
            "sealed", ["--recipient", recipient, "--identity", desk.dock.identity])
        #expect(sealed.status == 0, "\(sealed.text)\(sealed.errors)")
        let files = try desk.files("sealed").filter { $0.hasPrefix("footage/") }
        #expect(files.count == desk.footage.count)
        var contents: [String: SHA256Digest] = [:]
        for file in files {
            let opened = try Tool.run("age", ["-d", "-i", folder.at("other.key"), folder.at("sealed/" + file)])
            #expect(opened.status == 0, "\(opened.errors)")
            contents[file] = try SHA256Digest(hashing: Array(opened.output))
        }
        #expect(multiset(contents) == multiset(desk.footage))
        #expect(try desk.verify("sealed", ["--identity", folder.at("other.key")]).status == 0)
    }

    @Test func nothingIsHandedOutWithoutAnEntryThatSaysWhy() throws {
        let desk = try ClerksDesk()
        let folder = desk.dock.folder
        let silent = try TestDock.run(
            ["evidence", "export", "--config", desk.dock.configuration, "--camera", "BWC0042", folder.at("x")])
        #expect(silent.status == 64)
        let nothing = try desk.export("x", ["--recording", "NOBODY"])
        #expect(nothing.status == 1 && nothing.errors.contains("nothing matches"), "\(nothing.errors)")
        // The vault is away: nothing can be shown, and it is on record that it was tried.
        let files = FileManager.default
        try files.moveItem(atPath: desk.dock.vault, toPath: desk.dock.vault + ".away")
        let away = try desk.export("bundle", ["--wearer", "wearer-zq"])
        #expect(away.status == 1 && away.errors.contains("cannot fetch footage"), "\(away.errors)")
        try files.moveItem(atPath: desk.dock.vault + ".away", toPath: desk.dock.vault)
        let entries = try Tool.run(
            "sqlite3",
            [
                desk.dock.state + "/ledger.sqlite",
                """
                SELECT json_extract(body, '$.event.reason'), json_extract(body, '$.event.requestedBy'),
                  json_extract(body, '$.event.files'), json_extract(body, '$.event.form')
                FROM entry WHERE kind = 'evidence.disclosed'
                """,
            ])
        #expect(entries.text == "case 7|OM|\(desk.footage.count)|sealed\n")
        // Who did what, as the privacy audit wants it: both cameras taken in and emptied, and what was tried to be handed out.
        let audit = try TestDock.run(["audit", "--config", desk.dock.configuration])
        let lines = audit.text.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
        #expect(lines == ["collection", "destruction", "collection", "destruction", "disclosure"], "\(audit.text)")
        #expect(audit.text.contains("case 7 (asked for by OM)") && !audit.text.contains("wearer-zq"))
        let later = [
            "audit", "--config", desk.dock.configuration, "--from", "2100-01-01T00:00:00Z", "--format", "json",
        ]
        #expect(try TestDock.run(later).text.isEmpty)
        // The same folder is gone on with, and then it is complete.
        #expect(try desk.export("bundle", ["--wearer", "wearer-zq"]).status == 0)
        #expect(try desk.verify("bundle").status == 0)
        #expect(try desk.export("bundle", []).errors.contains("an export is there already"))
        try files.createDirectory(atPath: folder.at("begun"), withIntermediateDirectories: false)
        try files.copyItem(atPath: folder.at("bundle/export.json"), toPath: folder.at("begun/export.json"))
        #expect(try desk.export("begun", []).errors.contains("another export was begun there"))
        #expect(try desk.dock.verifyLedger().status == 0)
    }

    @Test func aFetchGoesOnWhereItWasAndWrongBytesAreNotTaken() throws {
        let desk = try ClerksDesk()
        #expect(try desk.export("bundle", []).status == 0)
        let file = try #require(try desk.files("bundle").first { $0.hasPrefix("footage/") })
        let whole = try Data(contentsOf: URL(fileURLWithPath: desk.dock.folder.at("bundle/" + file)))
        for isRight in [true, false] {
            let name = isRight ? "right" : "wrong"
            try FileManager.default.createDirectory(
                atPath: (desk.dock.folder.at("\(name)/" + file) as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: desk.dock.folder.at("bundle/export.json"), toPath: desk.dock.folder.at("\(name)/export.json"))
            let begun = isRight ? whole.prefix(5000) : Data(repeating: 7, count: 5000)
            try desk.dock.folder.write(begun, to: "\(name)/\(file).fetched.partial")
            let first = try desk.export(name, [])
            #expect((first.status == 0) == isRight, "\(first.errors)")
            if !isRight { #expect(try desk.export(name, []).status == 0, "what was wrong was thrown away") }
            #expect(try Data(contentsOf: URL(fileURLWithPath: desk.dock.folder.at("\(name)/" + file))) == whole)
        }
    }
}
