import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// Which key counted when a record was written, judged by the program and by `ssh-keygen`, who must agree.
@Suite struct EvidenceKeyTests {
    /// Signatures that the program does not believe.
    private func wrong(_ result: Tool.Result) -> Set<String> {
        Set(
            result.text.split(separator: "\n").filter { $0.hasPrefix("WRONG: ") }
                .map { String($0.dropFirst(7).split(separator: ":")[0]) })
    }

    /// When a key counts is written to the second.
    private func nextSecond() {
        let now = WallClock.now().milliseconds / 1000
        while WallClock.now().milliseconds / 1000 == now { usleep(20_000) }
    }

    @Test func aRecordThatAKeySignedAfterItsTimeIsNamed() throws {
        let desk = try ClerksDesk()
        let dock = desk.dock
        let path = URL(fileURLWithPath: dock.state + "/keys/dock.key")
        let old = try Data(contentsOf: path)
        nextSecond()
        let rotate = try TestDock.run(["keys", "rotate", "--overlap", "0", "--config", dock.configuration])
        #expect(rotate.status == 0, "\(rotate.errors)")
        let new = try Data(contentsOf: path)
        // The old key is put back, and signs when it does not count any more.
        nextSecond()
        try old.write(to: path)
        let camera = try dock.makeCamera("late", ["--serial", "LATE9", "--recordings", "1", "--bytes", "1000"])
        let run = try dock.offload(camera)
        #expect(run.status == 0, "\(run.errors)")
        try new.write(to: path)

        let export = try desk.export("bundle", ["--from", "2000-01-01T00:00:00Z"], serial: nil)
        #expect(export.status == 0, "\(export.text)\(export.errors)")
        let records = try desk.files("bundle").filter { $0.hasSuffix("/custody.json") }
        try #require(records.count == 3)
        let late = try #require(
            try records.first {
                try String(contentsOfFile: dock.folder.at("bundle/" + $0), encoding: .utf8).contains("LATE9")
            })
        let folder = late.dropLast("custody.json".count)
        let verdict = try desk.verify("bundle")
        #expect(verdict.status == 1 && verdict.text.contains("counts from "), "\(verdict.text)\(verdict.errors)")
        #expect(wrong(verdict) == ["\(folder)custody.json.sig", "\(folder)coverage.json.sig"], "\(verdict.text)")
        let byHand = try desk.follow("bundle", try desk.commands("bundle"))
        #expect(
            byHand.text.contains("step 4: WRONG: \(folder)coverage.json \(folder)custody.json\n"),
            "\(byHand.text)\(byHand.errors)")
        for step in [2, 3, 5, 6, 7] {
            #expect(byHand.text.contains("step \(step): OK"), "\(byHand.text)\(byHand.errors)")
        }
        // What the dock says of its keys, as it would be kept elsewhere, gives the same verdict.
        let list = try TestDock.run(["keys", "list", "--config", dock.configuration])
        let signers = try dock.folder.write(list.output, to: "signers")
        #expect(try wrong(desk.verify("bundle", ["--signers", signers])) == wrong(verdict))
        // The new key signs for what was recorded before it came, and that bundle is whole.
        #expect(try desk.export("early", []).status == 0)
        let early = try desk.verify("early", ["--signers", signers])
        #expect(early.status == 0, "\(early.text)")
        // A list by a key that did not count any more when the records were written is named too.
        let ended = list.text.replacing(
            /valid-after="[0-9]*Z" (?=[^\n]*\n[^\n]*\n# recip)/, with: "valid-before=\"20200101Z\" ")
        try dock.folder.write(Array(ended.utf8), to: "signers")
        try #require(ended != list.text)
        #expect(wrong(try desk.verify("early", ["--signers", signers])).contains("SHA256SUMS.sig"))
    }

    @Test(arguments: [
        ("valid-after=\"20200101Z\"", true), ("valid-before=\"20200101\"", false),
        ("valid-after=\"20990101000000Z\"", false),
        ("valid-after=\"202001011200\",valid-before=\"20990101120000Z\"", true),
        ("valid-before=\"2099\"", false),
        ("valid-after=\"20200101Z\",valid-before=\"20200101Z\"", false),
    ])
    func aTimeMeansWhatItMeansToOpenSSH(_ period: String, isGood: Bool) throws {
        let dock = try TestDock(isInMemory: true)
        let camera = try dock.makeCamera("camera", ["--recordings", "1", "--segments", "1", "--bytes", "1000"])
        #expect(try dock.offload(camera).status == 0)
        let export = [
            "evidence", "export", "--config", dock.configuration, "--reason", "x", "--requested-by", "x", "--camera",
            "BWC0042", dock.folder.at("bundle"),
        ]
        #expect(try TestDock.run(export).status == 0)
        let key = try String(contentsOfFile: dock.folder.at("bundle/dock.pub"), encoding: .utf8)
            .split(separator: " ").prefix(2).joined(separator: " ")
        let signers = try dock.folder.write(Array("test \(period) \(key)\n".utf8), to: "signers")
        let verdict = try TestDock.run(["evidence", "verify", "--signers", signers, dock.folder.at("bundle")])
        #expect((verdict.status == 0) == isGood, "\(verdict.text)\(verdict.errors)")
        let custody = try Tool.run(
            "sh",
            [
                "-c",
                """
                cd "$1"/bundle/dockings/* && at=$(grep -o '"ended":"[^"]*' custody.json | tail -n 1 | tr -cd 0-9 | cut -c 1-14)
                ssh-keygen -Y verify -O verify-time="${at}Z" -f ../../../signers -I test -n custody@bodydock -s custody.json.sig < custody.json
                """, "sh", dock.folder.path,
            ])
        #expect((custody.status == 0) == isGood, "\(custody.text)\(custody.errors)")
    }
}
