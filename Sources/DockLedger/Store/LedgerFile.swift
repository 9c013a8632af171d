import DockCore
import DockSystem
import Foundation
import GRDB
import Glibc

/// The file `ledger.sqlite` of a state folder: how it comes to be, and how it is opened.
struct LedgerFile: Sendable {
    /// How long to wait for another process's transaction, in seconds.
    static let patience = 60.0

    let folder: String
    var path: String { folder + "/ledger.sqlite" }

    /// Makes an empty ledger if there is none. It is built under another name and linked into place when it is complete and
    /// on disk: a file called `ledger.sqlite` that is empty or half made is never one of ours.
    func createIfMissing() throws(DockError) {
        if try exists() { return try removeDrafts() }
        do throws(Errno) { try Folder.create(folder) } catch {
            throw error.error("cannot make the state folder", at: folder, next: "check 'state' in the configuration")
        }
        let draft = draftPrefix + Hex.encode(try Randomness.bytes(8))
        do {
            try build(draft)
            try retrying { link(draft, path) }
            try Folder.synchronize(folder)
            try Folder.synchronize(folder + "/..")
        } catch {
            // Another process was faster, and removed the draft: its ledger is as good as ours.
            if !(try exists()) { throw failure(error, "cannot make the ledger") }
        }
        try removeDrafts()
    }

    /// Removes what a process that was killed while it made the ledger left behind, which may be a second name of the ledger.
    private func removeDrafts() throws(DockError) {
        do throws(Errno) {
            let descriptor = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
            for name in try Folder.names(in: descriptor.number, limit: .max) {
                let name = folder + "/" + String(decoding: name, as: UTF8.self)
                if name.hasPrefix(draftPrefix) { unlink(name) }
            }
        } catch {
            throw failure(error, "cannot look into the state folder")
        }
    }

    private var draftPrefix: String { path + ".new-" }

    private func build(_ draft: String) throws {
        // SQLite gives its side files the permissions of the file itself.
        _ = try Descriptor.open(draft, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o640)
        let queue = try DatabaseQueue(path: draft, configuration: configuration(readOnly: false))
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                try LedgerSchema.create(database)
                return .commit
            }
            try database.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try queue.close()
        // Never freed, once in a process that makes a ledger: freeing GRDB's dispatch queue starts libdispatch's pool of
        // threads, and the pool's monitor wakes an otherwise idle agent every second for as long as it lives.
        _ = Unmanaged.passRetained(queue)
        try Descriptor.open(draft, flags: O_RDONLY).synchronize()
    }

    /// A connection that checked what it opened. `synchronous=FULL` (a commit returns after fsync) is set and read back.
    func open(readOnly: Bool) throws(DockError) -> DatabaseQueue {
        guard try exists() else {
            throw DockError(
                .notFound, "cannot read the ledger", at: path, because: "there is none yet",
                next: "it is made by the first 'bodydock offload'; check 'state' in the configuration")
        }
        do {
            let queue = try connect(readOnly: readOnly)
            try queue.writeWithoutTransaction { try check($0, readOnly: readOnly) }
            return queue
        } catch {
            throw failure(error, "cannot open the ledger")
        }
    }

    /// SQLite needs its side files even to read. Where they cannot be made, because nothing can be written, and nobody who
    /// can write has the ledger open, the file alone is the whole ledger: it is opened as one that does not change.
    private func connect(readOnly: Bool) throws -> DatabaseQueue {
        let isAlone = access(folder, W_OK) != 0 && access(path + "-wal", F_OK) != 0
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/-._~"))
        var name = path
        if readOnly, isAlone, let escaped = path.addingPercentEncoding(withAllowedCharacters: unreserved) {
            name = "file:\(escaped)?immutable=1"
        }
        return try DatabaseQueue(path: name, configuration: configuration(readOnly: readOnly))
    }

    private func configuration(readOnly: Bool) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(LedgerFile.patience)
        configuration.label = "bodydock.ledger"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    private func check(_ database: Database, readOnly: Bool) throws {
        func pragma(_ name: String) throws -> DatabaseValue {
            try DatabaseValue.fetchOne(database, sql: "PRAGMA \(name)") ?? .null
        }
        let (application, version) = (try pragma("application_id"), try pragma("user_version"))
        guard application == LedgerSchema.application.databaseValue else {
            throw corrupt("the file is not a ledger of bodydock")
        }
        if let version = Int64.fromDatabaseValue(version), version > LedgerSchema.version {
            throw DockError(
                .malformed, "cannot open the ledger", at: path,
                because: "it has format \(version), and this program knows formats up to \(LedgerSchema.version)",
                next: "run the newer bodydock that wrote it; nothing was changed")
        }
        guard version == LedgerSchema.version.databaseValue else {
            throw corrupt("it has the unknown format \(version)")
        }
        if readOnly { return }
        let (journal, synchronous) = (try pragma("journal_mode"), try pragma("synchronous"))
        guard journal == "wal".databaseValue, synchronous == Int64(2).databaseValue else {
            throw DockError(
                .library, "cannot open the ledger", at: path,
                because:
                    "SQLite works with journal_mode=\(journal), synchronous=\(synchronous) instead of wal, 2 (FULL)",
                next: "put the state folder on a local file system; network file systems do not do")
        }
    }

    func corrupt(_ why: String) -> DockError {
        DockError(
            .corrupt, "cannot open the ledger", at: path, because: why,
            next: "keep a copy of the file, run 'bodydock ledger verify', and restore it from a backup")
    }

    private func exists() throws(DockError) -> Bool {
        let kind: FileStatus.Kind
        do throws(Errno) { kind = try FileStatus.of(path).kind } catch {
            if error.code == ENOENT { return false }
            throw failure(error, "cannot look for the ledger")
        }
        guard kind == .file else { throw corrupt("it is not a regular file") }
        return true
    }

    private func failure(_ error: any Error, _ what: String) -> DockError {
        if let error = error as? Errno {
            return error.error(what, at: path, next: "check the state folder and its disk")
        }
        return DockError(database: error, what, at: path)
    }
}
