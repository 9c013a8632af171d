import DockTestSupport
import Foundation
import Testing

/// The one file that an export makes, verified where it lies: made by the program, tampered with by Python's tarfile and by hand.
@Suite struct EvidenceArchiveTests {
    /// What is done to an archive, and the words by which that is named.
    private struct Tampering {
        let name: String
        let words: String
        /// Python: `members` are the archive's (header, content), `add(name, kind, link)` appends one, `raw` is what is written.
        let python: String
    }

    private static let tamperings: [Tampering] = [
        Tampering(name: "../escape", words: "'.' or '..'", python: "add('../escape')"),
        Tampering(name: "bundle/../../escape", words: "'.' or '..'", python: "add('bundle/../../escape')"),
        Tampering(name: "/etc/passwd", words: "absolute", python: "add('/etc/passwd')"),
        Tampering(name: "elsewhere/x", words: "outside", python: "add('elsewhere/x')"),
        Tampering(
            name: "bundle/link", words: "symbolic link", python: "add('bundle/link', tarfile.SYMTYPE, '/etc/passwd')"),
        Tampering(
            name: "bundle/hard", words: "second name",
            python: "add('bundle/hard', tarfile.LNKTYPE, 'bundle/cover.html')"),
        Tampering(name: "bundle/null", words: "a device", python: "add('bundle/null', tarfile.CHRTYPE)"),
        Tampering(name: "bundle/pipe", words: "a pipe", python: "add('bundle/pipe', tarfile.FIFOTYPE)"),
        Tampering(name: "bundle/export.json", words: "twice", python: "add('bundle/export.json')"),
        Tampering(name: "more", words: "not part of", python: "add('bundle/more')"),
        Tampering(name: "bundle/a%1bb", words: "no bundle has such a name", python: "add('bundle/a\\x1bb')"),
        Tampering(
            name: "export.json", words: "it is missing",
            python: "members = [m for m in members if m[0].name != 'bundle/export.json']"),
        // The archive as bytes; `resized` gives a file's header another size, and a checksum that fits.
        Tampering(
            name: "bundle/cover.html", words: "where", python: "raw = resized(raw, 'bundle/cover.html', 1 << 40)"),
        Tampering(name: "bundle/cover.html", words: "hidden", python: "raw = resized(raw, 'bundle/cover.html', 513)"),
        Tampering(
            name: "the archive", words: "is not a header", python: "raw = resized(raw, 'bundle/cover.html', 512)"),
        Tampering(name: "the archive", words: "behind its end", python: "raw += b'more'"),
        Tampering(name: "the archive", words: "behind its end", python: "raw += bytes(1 << 20)"),
        Tampering(
            name: "the archive", words: "cut off", python: "raw = raw[:raw.rindex(b'ustar  ') - 257]"
        ),
        Tampering(name: "the archive", words: "is not a header", python: "raw = b'\\x1f\\x8b' + raw[2:]"),
    ]

    private static let script = """
        import io, sys, tarfile
        source, target, change = sys.argv[1:]
        archive = tarfile.open(source)
        members = [(m, archive.extractfile(m).read() if m.isfile() else None) for m in archive.getmembers()]
        def add(name, kind=tarfile.REGTYPE, link=''):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mode = kind, link, 0o600
            members.append((member, b'' if kind == tarfile.REGTYPE else None))
        def resized(raw, name, size):
            at = raw.index(name.encode() + bytes(100 - len(name)))
            block = bytearray(raw[at:at + 512])
            block[124:136] = b'%011o\\0' % size if size < 1 << 33 else bytes([0x80]) + size.to_bytes(11, 'big')
            block[148:156] = b' ' * 8
            block[148:156] = b'%06o\\0 ' % sum(block)
            return raw[:at] + bytes(block) + raw[at + 512:]
        raw = None
        if not change.startswith('raw'):
            exec(change)
            memory = io.BytesIO()
            with tarfile.open(fileobj=memory, mode='w', format=tarfile.GNU_FORMAT) as out:
                for member, content in members:
                    out.addfile(member, io.BytesIO(content) if content is not None else None)
            raw = memory.getvalue()
        else:
            raw = open(source, 'rb').read()
            exec(change)
        open(target, 'wb').write(raw)
        """

    @Test func anArchiveIsVerifiedWhereItLiesAndNothingHostileIsTaken() throws {
        let desk = try ClerksDesk()
        let folder = desk.dock.folder
        let run = try desk.export("bundle.tar", [])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let whole = try desk.verify("bundle.tar", ["--identity", desk.dock.identity])
        #expect(whole.status == 0 && whole.text.contains(": whole"), "\(whole.text)\(whole.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == before, "nothing is unpacked")
        #expect(try desk.verify("bundle.tar", ["--identity", folder.at("keys/dock.key")]).status == 1)

        for tampering in EvidenceArchiveTests.tamperings {
            let python = try Tool.run(
                "python3",
                ["-c", EvidenceArchiveTests.script, folder.at("bundle.tar"), folder.at("t.tar"), tampering.python])
            try #require(python.status == 0, "\(tampering.python): \(python.errors)")
            let verdict = try desk.verify("t.tar")
            #expect(verdict.status == 1, "\(tampering.python)")
            #expect(
                verdict.text.split(separator: "\n").contains {
                    $0.hasPrefix("WRONG: \(tampering.name): ") && $0.contains(tampering.words)
                }, "\(tampering.python): \(verdict.text)\(verdict.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.at("escape")))
    }

    /// Wherever a byte is changed, also between the files, somebody notices.
    @Test func everyFlippedByteOfAnArchiveIsFound() throws {
        let desk = try ClerksDesk()
        // Names that are too long for a header have one of their own.
        let name = "bundle-" + String(repeating: "x", count: 60) + ".tar"
        #expect(try desk.export(name, []).status == 0)
        #expect(try desk.verify(name).status == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: desk.dock.folder.at(name)))
        #expect(bytes.range(of: Data("././@LongLink".utf8)) != nil)
        // Of headers each field, of contents and what fills their last blocks here and there.
        let headers = stride(from: 0, to: bytes.count, by: 512).filter {
            bytes[$0..<$0 + 512].dropFirst(257).starts(with: "ustar  ".utf8)
        }
        let last = try #require(headers.last)
        let fields = [0, 99, 100, 108, 116, 124, 135, 136, 148, 154, 155, 156, 157, 257, 264, 265, 329, 345, 511]
        let places =
            fields.map { last + $0 } + stride(from: 700, to: bytes.count, by: bytes.count / 12) + [bytes.count - 1]
        for place in places {
            var changed = bytes
            changed[place] ^= 1
            try changed.write(to: URL(fileURLWithPath: desk.dock.folder.at("t.tar")))
            let verdict = try desk.verify("t.tar")
            #expect(
                verdict.status == 1 && verdict.text.contains("WRONG: "),
                "byte \(place): \(verdict.text)\(verdict.errors)")
        }
    }

    @Test func whatThereIsNoRoomForIsNotBegun() throws {
        let desk = try ClerksDesk()
        let disk = desk.dock.folder.at("small")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        // Four files of 100 kB fit, and not a fifth, which an archive needs for a while.
        try #require(try Tool.run("mount", ["-t", "tmpfs", "-o", "size=480k", "tmpfs", disk]).status == 0)
        defer { _ = try? Tool.run("umount", ["-l", disk]) }
        let run = try desk.export("small/bundle.tar", [])
        #expect(run.status == 1 && run.errors.contains("are needed, and"), "\(run.text)\(run.errors)")
        #expect(try desk.dock.ledger("SELECT count(*) FROM entry WHERE kind = 'evidence.disclosed'") == "0")
        #expect(try Tool.run("mount", ["-o", "remount,size=700k", disk]).status == 0)
        let again = try desk.export("small/bundle.tar", [])
        #expect(again.status == 0, "with room for one file more, not for a second copy: \(again.text)\(again.errors)")
        #expect(try desk.verify("small/bundle.tar").status == 0)
    }
}
