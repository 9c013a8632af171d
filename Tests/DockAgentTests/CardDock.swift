import DockCore
import DockDevices
import DockTestSupport
import Foundation
import Testing

/// A dock, and a camera whose card is a block device with ext4: the agent's run on it is a process of its own.
final class CardDock {
    let dock: TestDock
    private(set) var card: LoopDevice
    /// What lies on the camera at first.
    let original: [String: SHA256Digest]
    /// Counts how often the plug was pulled.
    private var plugs = 0

    /// What is footage, or belongs to it.
    var footage: [String: SHA256Digest] { original.filter { !$0.key.hasPrefix("SETTINGS") } }
    /// What belongs to the camera.
    var settings: [String: SHA256Digest] { original.filter { $0.key.hasPrefix("SETTINGS") } }

    static let uuid = "0b0d1d0c-0000-4000-8000-000000000042"

    /// - Parameters:
    ///   - erase: the configuration's `erase`, in YAML of one line.
    ///   - camera: how it is made.
    ///   - extra: more of the configuration.
    ///   - vault: more of its vault.
    init(
        erase: String = "{deep: never}", megabytes: Int = 16, camera: [String] = [], extra: String = "",
        vault: String = ""
    ) throws {
        dock = try TestDock(isInMemory: true)
        try CardDock.configure(dock, erase: erase, extra: extra, vault: vault)
        let path = try dock.makeCamera(
            "content", ["--recordings", "1", "--segments", "2", "--bytes", "100 kB"] + camera)
        original = try TestDock.contents(of: path)
        let image = try dock.folder.write(Data(), to: "card.img")
        try FileHandle(forWritingTo: URL(fileURLWithPath: image)).truncate(atOffset: UInt64(megabytes) << 20)
        let made = try Tool.run(
            "mkfs.ext4", ["-q", "-F", "-b", "1024", "-L", "BODYCAM", "-U", CardDock.uuid, "-d", path, image])
        try #require(made.status == 0, "\(made.errors)")
        card = try LoopDevice(over: image, in: dock.folder)
    }

    private static func configure(_ dock: TestDock, erase: String, extra: String, vault: String = "") throws {
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n" + vault,
            extra: "erase: \(erase)\nagent:\n  runtime: \(dock.folder.at("run"))\n\(extra)\n")
    }

    func configure(erase: String = "{deep: never}", extra: String) throws {
        try CardDock.configure(dock, erase: erase, extra: extra)
    }

    // MARK: The agent's run

    /// Lies beside the test's own program.
    static let runner = URL(fileURLWithPath: TestDock.program).deletingLastPathComponent()
        .appendingPathComponent("CameraRunner").path

    private func arguments(_ purpose: String, _ serial: String) -> [String] {
        [CardDock.runner, dock.configuration, card.node, purpose, "boot-\(plugs)", serial]
    }

    /// Runs the agent's part for one camera, and answers what it printed.
    func run(_ purpose: String = "offload", serial: String = "USB-1") throws -> String {
        let words = arguments(purpose, serial)
        let result = try Tool.run(words[0], Array(words.dropFirst()))
        return result.status == 0 ? result.text : "status \(result.status): \(result.text)\(result.errors)"
    }

    /// Runs it, and kills it at the `number`th call of a kind that some thread makes. Answers whether it came to that.
    func run(killedAt call: String, number: Int, _ purpose: String = "offload") throws -> Bool {
        let result = try Tool.run(
            "strace",
            [
                "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                "inject=\(call):signal=KILL:when=\(number)",
            ] + arguments(purpose, "USB-1"))
        return result.status != 0
    }

    /// Runs it, and kills it where it calls mkfs.ext4: before that does anything, or when it has made the file system.
    func run(killedAtNewFileSystem isMade: Bool) throws -> String {
        let real = try Tool.run("sh", ["-c", "readlink -f $(command -v mkfs.ext4)"]).text.trimmingCharacters(
            in: .whitespacesAndNewlines)
        let copy = dock.folder.at("real")
        _ = try Tool.run("cp", [real, copy])
        let work = isMade ? "\(copy) -t ext4 \"$@\"" : ":"
        let script = try dock.folder.write(Array("#!/bin/sh\n\(work)\nkill -9 $PPID\n".utf8), to: "mkfs.ext4")
        // In a view of its own, the script takes the program's place.
        let lines = "chmod +x \(script) && mount --bind \(script) \(real) && exec \"$@\""
        let result = try Tool.run(
            "unshare", ["--mount", "sh", "-c", lines, "sh"] + arguments("offload", "USB-1"))
        return "status \(result.status): \(result.text)\(result.errors)"
    }

    /// The plug is pulled, and put in again: the kernel calls it another appearance.
    func replug() { plugs += 1 }

    /// Delivers what the spool holds; answers how much is left.
    func drain() throws -> String { try run("drain") }

    // MARK: The card

    /// Another card takes its place.
    func insert(_ other: LoopDevice) {
        card = other
        replug()
    }

    /// What lies on the card.
    func contents() throws -> [String: SHA256Digest] {
        try withCard(["-o", "ro,noload"]) { try TestDock.contents(of: $0) }
    }

    /// Somebody uses the card elsewhere.
    func use(_ body: (String) throws -> Void) throws {
        try withCard([], body)
        replug()
    }

    private func withCard<Value>(_ options: [String], _ body: (String) throws -> Value) throws -> Value {
        // A write block may be left by a run that was killed, as a card that is plugged in anew has none.
        _ = try Tool.run("blockdev", ["--setrw", card.node])
        let mount = try TestMount(options + [card.node], on: "mounted", in: dock.folder)
        let result = Result { try body(mount.path) }
        // Not only out of sight: the next run wants the device for itself.
        for _ in 0..<100 where try Tool.run("umount", [mount.path]).status != 0 { usleep(20_000) }
        return try result.get()
    }

    var facts: FileSystemFacts? { get throws { try Superblock.read(BlockNode(card.node)) } }

    var marker: EraseMarker? { get throws { try EraseMarker.read(from: BlockNode(card.node)) } }

    // MARK: The ledger

    /// How many entries of a kind there are.
    func count(_ kind: String) throws -> Int {
        Int(try ask("SELECT count(*) FROM entry WHERE kind = '\(kind)'")) ?? 0
    }

    /// How many sealings there are of what lay on cameras.
    func sealedFiles() throws -> Int {
        let isFile = "json_extract(body, '$.event.role') <> 'record'"
        return Int(try ask("SELECT count(*) FROM entry WHERE kind = 'segment.sealed' AND \(isFile)")) ?? -1
    }

    /// Asks the ledger.
    func ask(_ question: String) throws -> String {
        // Before it is complete it has another name, and sqlite3 would make an empty one.
        guard FileManager.default.fileExists(atPath: dock.state + "/ledger.sqlite") else { return "" }
        let result = try Tool.run("sqlite3", ["-cmd", ".timeout 5000", dock.state + "/ledger.sqlite", question])
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    // MARK: The vault

    /// Plaintexts in the vault: all footage, and the records of the dock.
    func vault() throws -> (footage: [String: SHA256Digest], certificates: Int) {
        let all = try dock.opened()
        let records = all.filter { $0.key.contains("erasure-") }
        return (all.filter { records[$0.key] == nil }, records.count)
    }

    /// Holds everything against the original camera, once the camera is released.
    func expectReleased(
        certificates: Int = 1, _ moment: String = "", _ location: SourceLocation = #_sourceLocation
    ) throws {
        let comment: Comment = "\(moment)"
        #expect(try drain() == "left 0\n", comment, sourceLocation: location)
        let vault = try vault()
        #expect(multiset(vault.footage) == multiset(footage), comment, sourceLocation: location)
        #expect(vault.certificates == certificates, comment, sourceLocation: location)
        #expect(try count("erase.certified") == certificates, comment, sourceLocation: location)
        #expect(try contents() == settings, comment, sourceLocation: location)
        #expect(try marker == nil, comment, sourceLocation: location)
        let facts = try #require(try facts, comment, sourceLocation: location)
        #expect(
            facts.kind == .ext4 && facts.label == "BODYCAM" && facts.uuid == CardDock.uuid && !facts.isDirty, comment,
            sourceLocation: location)
        #expect(
            try TestDock.contents(of: dock.state + "/restore").isEmpty, "nothing is kept on the dock",
            sourceLocation: location)
        #expect(try TestDock.contents(of: dock.state + "/spool").isEmpty, comment, sourceLocation: location)
        let ledger = try dock.verifyLedger()
        #expect(ledger.status == 0, "\(moment): \(ledger.text)", sourceLocation: location)
    }
}
