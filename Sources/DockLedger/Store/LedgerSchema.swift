import GRDB

/// The tables of `ledger.sqlite`, as `docs/ledger.md` describes them.
///
/// There is one table. Each row is one entry: `body` is the entry, everything else in the row can be made again from the
/// bodies. All of a row is written by one INSERT, so nothing that is derived can fall behind.
enum LedgerSchema {
    /// `PRAGMA application_id`: "Body" in ASCII.
    static let application: Int64 = 0x426f_6479
    /// `PRAGMA user_version`: raised when an older program could no longer read or write the ledger.
    static let version: Int64 = 1

    /// Every object of the schema, by name; SQLite keeps the text as it is here, so it can be compared.
    static let objects: [(name: String, sql: String)] = [
        (
            "entry",
            """
            CREATE TABLE entry(
              sequence INTEGER PRIMARY KEY,
              leaf BLOB NOT NULL CHECK(length(leaf) = 32),
              node BLOB NOT NULL CHECK(length(node) = 32),
              kind TEXT NOT NULL,
              docking TEXT NOT NULL,
              camera TEXT NOT NULL,
              path TEXT,
              content BLOB,
              bytes INTEGER,
              modified INTEGER,
              sealing TEXT,
              vault TEXT,
              body TEXT NOT NULL
            ) STRICT
            """
        ),
        // What a docking did: counts and sums come from the index alone.
        ("entry_docking", "CREATE INDEX entry_docking ON entry(docking, kind, vault, bytes)"),
        ("entry_started", "CREATE INDEX entry_started ON entry(kind) WHERE kind = 'docking.started'"),
        (
            "entry_permit",
            "CREATE INDEX entry_permit ON entry(camera) WHERE kind = 'erase.permitted'"
        ),
        (
            "entry_camera",
            "CREATE INDEX entry_camera ON entry(camera) WHERE kind = 'docking.started'"
        ),
        ("entry_content", "CREATE INDEX entry_content ON entry(camera, path, content) WHERE path IS NOT NULL"),
        (
            "entry_file",
            "CREATE INDEX entry_file ON entry(camera, path, bytes, modified) WHERE modified IS NOT NULL"
        ),
        ("entry_sealing", "CREATE INDEX entry_sealing ON entry(sealing, kind, vault) WHERE sealing IS NOT NULL"),
        (
            "entry_follows",
            """
            CREATE TRIGGER entry_follows BEFORE INSERT ON entry
            WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence) + 1, 0) FROM entry)
            BEGIN SELECT RAISE(ABORT, 'an entry must follow the last one'); END
            """
        ),
        (
            "entry_stays",
            """
            CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
            BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END
            """
        ),
        (
            "entry_remains",
            """
            CREATE TRIGGER entry_remains BEFORE DELETE ON entry
            BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END
            """
        ),
    ]

    /// Makes everything in an empty database.
    static func create(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(application)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
        for object in objects { try database.execute(sql: object.sql) }
    }

    /// What of the schema is missing, changed or foreign, one sentence each.
    static func differences(in database: Database) throws -> [String] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        var found: [String: String] = [:]
        for row in rows { found[row.text(0), default: ""] += row.text(1) }
        var differences: [String] = []
        for object in objects {
            switch found.removeValue(forKey: object.name) {
            case nil: differences.append("'\(object.name)' of the schema is missing")
            case object.sql: break
            default: differences.append("'\(object.name)' of the schema was changed")
            }
        }
        return differences + found.keys.sorted().map { "'\($0)' does not belong to the schema" }
    }
}
