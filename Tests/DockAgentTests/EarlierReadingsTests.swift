import DockCore
import DockTestSupport
import Foundation
import Testing

/// What was read is not read again as long as it cannot have changed; and is, as soon as it can. Whether it was read shows when
/// its bytes are changed behind everybody's back: only who reads them finds out.
@Suite struct EarlierReadingsTests {
    /// A camera that was taken in and keeps its footage.
    private func kept(_ camera: [String] = []) throws -> CardDock {
        let bench = try CardDock(camera: camera, extra: "release: {erase: later}")
        let said = try bench.run()
        try #require(said.contains("docked kept"), "\(said)")
        return bench
    }

    /// One segment's name, and a change of its bytes on the medium that nothing tells of.
    private func spoil(_ bench: CardDock) throws -> String {
        let name = try #require(bench.original.keys.filter { $0.hasSuffix(".MP4") }.min())
        let content = try Data(contentsOf: URL(fileURLWithPath: bench.dock.folder.at("content/" + name)))
        _ = try Tool.run("blockdev", ["--flushbufs", bench.card.node])
        let image = try Data(contentsOf: URL(fileURLWithPath: bench.card.image))
        let place = try #require(image.range(of: content.prefix(1024)))
        let file = try bench.dock.folder.write([UInt8](repeating: 0, count: 1024), to: "zeros")
        let written = try Tool.run(
            "dd",
            [
                "if=\(file)", "of=\(bench.card.node)", "bs=1024", "seek=\(place.lowerBound / 1024)",
                "conv=notrunc,fsync",
            ])
        try #require(written.status == 0)
        return name
    }

    private func expectRead(_ bench: CardDock) throws {
        let said = try bench.run()
        #expect(said.contains("docked held") && said.contains("not what the camera promised"), "\(said)")
    }

    @Test func thePlugWasNotPulled() throws {
        let bench = try kept()
        _ = try spoil(bench)
        #expect(try bench.run().contains("docked kept"))
        #expect(try bench.sealedFiles() == bench.footage.count, "nothing is sealed twice")
    }

    @Test func thePlugWasPulledAndTheManifestIsTheSame() throws {
        let bench = try kept()
        _ = try spoil(bench)
        bench.replug()
        #expect(try bench.run().contains("docked kept"))
        #expect(try bench.sealedFiles() == bench.footage.count)
    }

    @Test func theTimeOfChangeIsAnother() throws {
        let bench = try kept()
        let name = try spoil(bench)
        try bench.use { card in
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_790_000_000)], ofItemAtPath: card + "/" + name)
        }
        try expectRead(bench)
    }

    @Test func theSizeIsAnother() throws {
        let bench = try kept()
        let name = try #require(bench.original.keys.filter { $0.hasSuffix(".MP4") }.min())
        try bench.use { card in
            let attributes = try FileManager.default.attributesOfItem(atPath: card + "/" + name)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: card + "/" + name))
            try file.truncate(atOffset: 99_000)
            try file.close()
            try FileManager.default.setAttributes(
                [.modificationDate: try #require(attributes[.modificationDate])], ofItemAtPath: card + "/" + name)
        }
        #expect(try bench.run().contains("docked held"))
    }

    @Test func theManifestIsAnother() throws {
        let bench = try kept(["--profile", "dcim-sums"])
        _ = try spoil(bench)
        try bench.use { card in
            let more = Array("one more".utf8)
            try Data(more).write(to: URL(fileURLWithPath: card + "/DCIM/100MEDIA/MORE.MP4"))
            let sums = card + "/SHA256SUMS"
            let line = "\(try SHA256Digest(hashing: more))  DCIM/100MEDIA/MORE.MP4\n"
            let text = try String(contentsOfFile: sums, encoding: .utf8) + line
            try Data(text.utf8).write(to: URL(fileURLWithPath: sums))
        }
        try expectRead(bench)
    }

    @Test func nothingPromisesWhatItIs() throws {
        let bench = try kept(["--profile", "dcim-plain"])
        let name = try spoil(bench)
        bench.replug()
        _ = try bench.run()
        let changed = try #require(try bench.contents()[name])
        #expect(changed != bench.original[name])
        let vault = try bench.vault().footage.values
        #expect(vault.contains(changed), "it was read again, and both contents are kept")
        #expect(vault.contains(try #require(bench.original[name])))
    }
}
