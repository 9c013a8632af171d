import DockCore
import Synchronization

/// The folders of a vault that one batch works in: each is opened once and forced to the disk once.
struct FolderTree {
    /// Folders whose own name is known to be on the disk; shared by all batches of a vault, so that folders far up are not
    /// forced to the disk again for every camera.
    final class Durable: Sendable {
        private let paths = Mutex<Set<String>>([])

        func contains(_ path: String) -> Bool { paths.withLock { $0.contains(path) } }

        /// The set may forget: that costs an fsync, nothing else.
        func insert(_ path: String) {
            paths.withLock { paths in
                if paths.count >= 10_000 { paths.removeAll() }
                paths.insert(path)
            }
        }
    }

    /// Folders that are held open at once, at most (and the few that the last one needs).
    static let most = 128

    private let durable: Durable
    private var folders: [String: VaultFolder]
    /// Folders with new names in them.
    private var changed: Set<String> = []

    init(root: VaultFolder, durable: Durable) {
        folders = ["": root]
        self.durable = durable
    }

    var isFull: Bool { folders.count >= FolderTree.most }

    /// Opens `path` (names separated by `/`, relative to the root), making what is missing. An object will be placed in it.
    mutating func folder(_ path: String) throws(DockError) -> VaultFolder {
        let folder = try open(path[...])
        changed.insert(path)
        return folder
    }

    private mutating func open(_ path: Substring) throws(DockError) -> VaultFolder {
        let key = String(path)
        if let folder = folders[key] { return folder }
        let cut = path.lastIndex(of: "/")
        let above = try open(cut.map { path[..<$0] } ?? "")
        let name = cut.map { path[path.index(after: $0)...] } ?? path
        guard let folder = try above.child(name, creating: true) else {
            throw DockError(
                .io, "cannot make a folder of a vault", at: above.place + "/" + name,
                because: "it was removed meanwhile",
                next: "run again", isPassing: true)
        }
        folders[key] = folder
        // Also if it stood there already: a run that was cut off may have made it and not forced it to the disk.
        if !durable.contains(key) { changed.insert(FolderTree.above(key)) }
        return folder
    }

    /// Forces every folder with new names to the disk.
    /// - Returns: what failed, by folder.
    func synchronize() -> [String: DockError] {
        var failures: [String: DockError] = [:]
        for path in changed {
            guard let folder = folders[path] else { continue }
            do { try folder.synchronize() } catch { failures[path] = error }
        }
        for path in folders.keys where failures[FolderTree.above(path)] == nil { durable.insert(path) }
        return failures
    }

    /// What stands between `path` and durability: a failure of its own or of a folder above it.
    static func failure(for path: String, in failures: [String: DockError]) -> DockError? {
        guard !failures.isEmpty else { return nil }
        return failures[path] ?? (path.isEmpty ? nil : failure(for: above(path), in: failures))
    }

    private static func above(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
}
