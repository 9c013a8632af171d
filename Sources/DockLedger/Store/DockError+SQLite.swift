import DockCore
import GRDB

extension DockError {
    /// What an error of the database (or of reading what is in it) means to a person. A ``DockError`` stays as it is.
    init(database error: any Error, _ what: String, at place: String) {
        if let error = error as? DockError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(
                .corrupt, what, at: place, because: "an entry cannot be read: \(error)",
                next: "run 'bodydock ledger verify', and restore the ledger from a backup if it is damaged")
            return
        }
        let meaning = DockError.meaning(of: error.resultCode)
        self.init(
            meaning.code, what, at: place,
            because: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)",
            next: meaning.next, isPassing: meaning.isPassing)
    }

    private static func meaning(of code: ResultCode) -> (code: Code, next: String, isPassing: Bool) {
        switch code {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_ERROR:
            (.corrupt, "keep a copy of the file, run 'bodydock ledger verify', and restore it from a backup", false)
        case .SQLITE_FULL:
            (.noSpace, "free space on the disk of the state folder, and run it again", true)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.conflict, "another process has held the ledger for too long: see which one, and run it again", true)
        case .SQLITE_IOERR:
            (.io, "check the disk of the state folder (dmesg), and run it again", true)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
            (.refused, "check owner, permissions and mount of the state folder", false)
        case .SQLITE_TOOBIG:
            (.limit, "report this: an entry is larger than SQLite accepts", false)
        default:
            (.library, "report this with the message above", false)
        }
    }
}
