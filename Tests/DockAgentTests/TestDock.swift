import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// A dock with its configuration, keys and a directory vault in a temporary folder, driven through the real program.
struct TestDock {
    let folder: TemporaryFolder
    let identity: String
    let recipient: String

    /// The program that was built beside the tests.
    static let program: String = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("bodydock").path
    }()

    var vault: String { folder.at("vault") }
    var state: String { folder.at("state") }
    var configuration: String { folder.at("bodydock.yaml") }

    init(vaultYAML: String? = nil, extra: String = "", isInMemory: Bool = false) throws {
        folder = try TemporaryFolder(isInMemory: isInMemory)
        try FileManager.default.createDirectory(atPath: folder.at("vault"), withIntermediateDirectories: true)
        let keys = try TestDock.run(["keys", "new", folder.at("keys"), "--age"])
        try #require(keys.status == 0, "\(keys.errors)")
        identity = folder.at("keys/age.key")
        let text = try String(contentsOfFile: identity, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.contains("public key: ") })
        recipient = String(line.split(separator: " ").last!)
        let vaults = vaultYAML ?? "  - name: archive\n    type: directory\n    path: \(folder.at("vault"))\n"
        try configure(vaults: vaults, extra: extra)
    }

    func configure(
        vaults: String, extra: String = "", name: String = "test", key: String? = nil, timestamp: String? = nil
    ) throws {
        let yaml = """
            dock:
              name: \(name)\(key.map { "\n  key: \($0)" } ?? "")\(timestamp.map { "\n  timestamp: \($0)" } ?? "")
            state: \(state)
            sealing:
              recipients: [\(recipient)]
            vaults:
            \(vaults)
            \(extra)
            """
        try folder.write(Array(yaml.utf8), to: "bodydock.yaml")
    }

    static func run(_ arguments: [String]) throws -> Tool.Result { try Tool.run(program, arguments) }

    /// Makes a camera and answers its path.
    func makeCamera(_ name: String = "camera", _ options: [String] = []) throws -> String {
        let made = try TestDock.run(["camera", "make", folder.at(name)] + options)
        try #require(made.status == 0, "\(made.errors)")
        return folder.at(name)
    }

    func offload(_ camera: String, _ options: [String] = []) throws -> Tool.Result {
        try TestDock.run(["offload", "--config", configuration] + options + [camera])
    }

    /// Whether an object of the vault is part of a docking's custody record, of which ``CustodyTests`` tell.
    static func isCustody(_ name: String) -> Bool {
        name.contains(/\/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}\/(custody|coverage|SHA256SUMS)-[0-9]/)
    }

    /// Whether a file is a record of the dock that no camera waits for: of custody, or a checkpoint.
    private static func isRecord(_ name: String) -> Bool {
        isCustody(name) || name.hasSuffix(".checkpoint") || name.hasSuffix(".record")
    }

    /// SHA-256 of every regular file below `path` but those whose path begins with one of `except`, custody records, and checkpoints of
    /// the ledger. Names are escaped as ``CameraPath`` does; links are not followed. What goes away meanwhile is not there.
    static func contents(of path: String, except: [String] = []) throws -> [String: SHA256Digest] {
        var result: [String: SHA256Digest] = [:]
        var folders: [[UInt8]] = [[]]
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        while let folder = folders.popLast() {
            let place = Array(path.utf8) + [UInt8(ascii: "/")] + folder
            let entries = try present { try TestDock.entries(of: place) } ?? []
            for (name, digest) in entries {
                let relative = folder + name
                guard let digest else {
                    folders.append(relative + [UInt8(ascii: "/")])
                    continue
                }
                let text = try CameraPath(relative).description
                if !except.contains(where: text.hasPrefix), !isRecord(text) { result[text] = digest }
            }
        }
        return result
    }

    /// Regular files with their digests, and folders without.
    private static func entries(of folder: [UInt8]) throws -> [(name: [UInt8], digest: SHA256Digest?)] {
        let open = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
        var list: [(name: [UInt8], digest: SHA256Digest?)] = []
        for name in try Folder.names(in: open.number, limit: 200_000) {
            do {
                if let found = try entry(name, in: open) { list.append(found) }
            } catch let error as Errno where error.code == ENOENT {
                continue
            }
        }
        return list
    }

    /// Nil for what is neither.
    private static func entry(
        _ name: [UInt8], in folder: borrowing Descriptor
    ) throws -> (name: [UInt8], digest: SHA256Digest?)? {
        switch try FileStatus.of(name, under: folder.number).kind {
        case .folder: (name, nil)
        case .file: (name, try digest(of: Descriptor.open(name, under: folder.number, flags: O_RDONLY)))
        case .link, .special: nil
        }
    }

    /// Nil if it is not there any more.
    private static func present<Value>(_ look: () throws -> Value) throws -> Value? {
        do { return try look() } catch let error as Errno where error.code == ENOENT { return nil }
    }

    private static func digest(of file: borrowing Descriptor) throws -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: Int(try file.status().identity.size))
        let count = try bytes.withUnsafeMutableBytes { buffer in try file.readFully(into: buffer) }
        return try SHA256Digest(hashing: Array(bytes.prefix(count)))
    }

    /// Opens every object of the vault with the program and answers the SHA-256 of each plaintext, by object name.
    /// Fails if an object does not open: then a partial object was visible.
    func opened(_ vault: String? = nil) throws -> [String: SHA256Digest] {
        var result: [String: SHA256Digest] = [:]
        for name in try TestDock.contents(of: vault ?? self.vault).keys {
            try #require(name.hasSuffix(".age"), "\(name) is visible in the vault and no object")
            let opened = try TestDock.run(["unseal", "--identity", identity, (vault ?? self.vault) + "/" + name])
            try #require(opened.status == 0, "\(name): \(opened.errors)")
            result[name] = try SHA256Digest(hashing: Array(opened.output))
        }
        return result
    }

    /// The ledger by itself, and against every checkpoint in the vault.
    func verifyLedger() throws -> Tool.Result {
        let known = try checkpoints()
        return try TestDock.run(
            ["ledger", "verify", "--config", configuration] + (known.isEmpty ? [] : ["--against"] + known))
    }

    /// Checkpoints in the vault, oldest first.
    func checkpoints() throws -> [String] {
        guard FileManager.default.fileExists(atPath: vault) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: vault)
            .filter { $0.hasSuffix(".checkpoint") }.sorted().map { vault + "/" + $0 }
    }

    /// Runs a recipe of docs/ledger.md in the folder of this dock.
    func recipe(_ name: String) throws -> Tool.Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/ledger.md"), encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```sh \(name)\n").dropFirst().first)
        let script = "set -eu\ncd '\(folder.path)'\n" + (block.components(separatedBy: "\n```").first ?? "")
        return try Tool.run("sh", ["-c", script])
    }

    /// Checkpoints that the ledger tells of and the vault has not; and files of such that lie in the spool.
    func looseCheckpoints() throws -> Int {
        let signed = try Int(ledger("SELECT count(*) FROM entry WHERE kind = 'checkpoint.signed'")) ?? -1
        let spooled = try FileManager.default.subpathsOfDirectory(atPath: state + "/spool")
        return try abs(signed - checkpoints().count) + spooled.count { $0.hasSuffix(".record") }
    }

    /// What lies in the spool, without records of the dock.
    func spooled() throws -> [String: SHA256Digest] {
        let records = try ledger(
            "SELECT sealing FROM entry WHERE kind = 'segment.sealed' AND json_extract(body, '$.event.role') = 'record'"
        ).split(separator: "\n")
        return try TestDock.contents(of: state + "/spool").filter { file in
            !records.contains { file.key.hasSuffix("/\($0).age") }
        }
    }

    /// How many receipts there are for what lay on cameras.
    func footageReceipts() throws -> Int {
        let count = try ledger(
            """
            SELECT count(*) FROM entry r JOIN entry s ON s.sealing = r.sealing AND s.kind = 'segment.sealed'
            WHERE r.kind = 'receipt' AND json_extract(s.body, '$.event.role') <> 'record'
            """)
        return Int(count) ?? -1
    }
}

/// The values of a dictionary, sorted: a multiset.
func multiset(_ digests: [String: SHA256Digest]) -> [String] { digests.values.map(\.description).sorted() }
