import DockCore
import GRDB

extension Ledger {
    /// When the last long silence of the ledger ended (``Silence``). Reads the moments of all entries.
    public func silenceEnd(now: Instant) throws(DockError) -> Instant? {
        try reading("cannot look up when nothing was written down") { database in
            var silence = Silence()
            let moments = try String.fetchCursor(
                database, sql: "SELECT json_extract(body, '$.at') FROM entry ORDER BY sequence")
            while let text = try moments.next() {
                guard let moment = Instant(rfc3339: text) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an entry has no time")
                }
                silence.note(moment)
            }
            return silence.end(now: now)
        }
    }
}
