import DockCore
import DockSystem
import Glibc

/// Finds and removes partial files that runs left behind, in the folders below a vault's root. Symbolic links are not
/// followed; what is no partial file of ours by its name is not touched.
struct StalePartials {
    /// Files whose last write is not later than this are stale; nanoseconds since 1970 by the vault's clock.
    let limit: Int64
    /// Sealings that are still to be delivered.
    let keeping: Set<String>

    /// Names that are looked at in one folder, at most.
    private static let most = 1_000_000
    /// Folders within each other below the root: more than an object's name has (``ObjectName``).
    private static let deepest = 8

    /// Removes what is stale in `folder` and below it.
    /// - Returns: how many files that were.
    func remove(in folder: VaultFolder, depth: Int = 0) throws(DockError) -> Int {
        var count = 0
        let names: [[UInt8]]
        do { names = try Folder.names(in: folder.handle.number, limit: StalePartials.most) } catch {
            throw error.error("cannot look for partial files", at: folder.place, next: "check the vault's disk")
        }
        for bytes in names {
            let name = String(decoding: bytes, as: UTF8.self)
            if let sealing = PartialFile.sealing(of: name) {
                if !keeping.contains(sealing), try PartialFile.removeStale(name, in: folder, limit: limit) {
                    count += 1
                }
            } else if depth < StalePartials.deepest, !name.hasSuffix(".age"), let below = try child(name, of: folder) {
                count += try remove(in: below, depth: depth + 1)
            }
        }
        return count
    }

    /// Nil for what is no folder, or is gone.
    private func child(_ name: String, of folder: VaultFolder) throws(DockError) -> VaultFolder? {
        do throws(Errno) {
            guard try FileStatus.of(name, under: folder.handle.number).kind == .folder else { return nil }
        } catch let error where error.code == ENOENT {
            return nil
        } catch {
            throw error.error(
                "cannot look for partial files", at: folder.place + "/" + name, next: "check the vault's disk")
        }
        do throws(DockError) { return try folder.child(name[...], creating: false) } catch let error
            where error.code == .conflict || error.code == .refused
        {
            // Became something else meanwhile, or is closed to us: no folder that Bodydock made.
            return nil
        }
    }
}

extension PartialFile {
    /// The sealing that a partial file's name carries; nil for any other name.
    static func sealing(of name: String) -> String? {
        let (front, back) = (".bodydock-", ".partial")
        guard name.hasPrefix(front), name.hasSuffix(back), name.utf8.count == front.count + 32 + back.count else {
            return nil
        }
        let id = name.dropFirst(front.count).dropLast(back.count)
        return Hex.decode(id)?.count == 16 ? String(id) : nil
    }

    /// Removes a partial file that nobody works on and that was last written at `limit` or before.
    static func removeStale(_ name: String, in folder: VaultFolder, limit: Int64) throws(DockError) -> Bool {
        do throws(Errno) {
            let file = try openStale(name, in: folder.handle.number)
            let status = try file.status()
            guard status.kind == .file, status.identity.modified <= limit, try file.lock(waiting: false),
                isStill(file, at: name, in: folder.handle.number)
            else { return false }
            try name.withCPath { path throws(Errno) in try retrying { unlinkat(folder.handle.number, path, 0) } }
            return true
        } catch let error where [ENOENT, ELOOP, ENXIO].contains(error.code) {
            return false
        } catch {
            throw error.error("cannot remove a partial file", at: folder.place + "/" + name, next: PartialFile.next)
        }
    }
}
