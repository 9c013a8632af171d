import DockCore
import Foundation
import GRDB

// Whether the story that the entries tell is one that may happen.

extension LedgerVerifier {
    /// Judges an entry by those before it.
    mutating func checkRules(for entry: LedgerEntry) throws {
        switch entry.event {
        case .sealed(let value):
            let id = value.sealed.id
            if doubledSealings?.contains(id) ?? true, try sealing(id, before: entry.sequence) != nil {
                report(entry.sequence, "sealing \(id) exists already")
            }
            remember(value.sealed)
        case .verified(let value):
            guard let sealing = try sealing(value.sealing, before: entry.sequence) else {
                return report(entry.sequence, "it relies on sealing \(value.sealing), which is not there before it")
            }
            if sealing.content != value.sha256 {
                report(entry.sequence, "it relies on sealing \(value.sealing), which is of other content")
            }
        case .receipt(let value):
            let receipt = value.receipt
            guard let sealing = try sealing(receipt.sealing, before: entry.sequence) else {
                return report(
                    entry.sequence, "it is a receipt for sealing \(receipt.sealing), which is not there before it")
            }
            if let bytes = sealing.sealedBytes, bytes != receipt.bytes {
                report(entry.sequence, "it is a receipt for \(receipt.bytes) bytes, but the sealing has \(bytes)")
            }
        case .erasePermitted(let value): try check(value, at: entry.sequence)
        case .erased(let value):
            guard let files = permits[value.docking] else {
                return report(entry.sequence, "it ends an erase that nothing permitted")
            }
            if value.erased > files {
                report(entry.sequence, "\(value.erased) files were erased, but \(files) were permitted")
            }
        case .formatBegan(let value):
            guard let files = permits[value.docking] else {
                return report(entry.sequence, "it begins a new file system that nothing permitted")
            }
            if value.files > files {
                report(entry.sequence, "it destroys \(value.files) files, but \(files) were permitted")
            }
        case .certificate(let value):
            if permits[value.docking] == nil {
                report(entry.sequence, "it certifies an erase that nothing permitted")
            }
        case .nightChecked(let value):
            for fault in value.faults where try sealing(fault.sealing, before: entry.sequence) == nil {
                report(entry.sequence, "it tells of sealing \(fault.sealing), which is not there before it")
            }
            if !(0..<entry.sequence).contains(value.through) {
                report(entry.sequence, "it went through entry \(value.through), which is not there before it")
            }
        case .nightEnded(let value):
            if let entries = value.entries, let root = value.root {
                try check(LedgerHead(entries: entries, root: root), in: entry)
            }
        case .checkpointSigned(let value):
            let head = LedgerHead(entries: value.entries, root: value.root)
            try check(head, in: entry)
            let origin = String(value.note.prefix { $0 != "\n" })
            if !value.note.hasPrefix(Checkpoint(origin: origin, head: head).text + "\n") {
                report(entry.sequence, "the note of its checkpoint says something else")
            }
        case .checkpointStamped(let value):
            if try sealing(value.checkpoint, before: entry.sequence) == nil {
                report(entry.sequence, "it stamps checkpoint \(value.checkpoint), which is not there before it")
            }
        case .holdPlaced(let value): try check(objectOf: value.sealing, value.vault, value.key, at: entry.sequence)
        case .destructionPermitted(let value):
            try check(objectOf: value.sealing, value.vault, value.key, at: entry.sequence)
            if let hold = heldRecordings.first(where: { $0.value == [value.camera, value.recording] }) {
                report(entry.sequence, "it permits to destroy what hold \(hold.key) keeps")
            }
        case .objectDestroyed(let value): try check(value, at: entry.sequence)
        case .holdAdded(let value): heldRecordings[value.hold] = [value.camera, value.recording]
        case .holdRemoved(let value):
            if heldRecordings.removeValue(forKey: value.hold) == nil {
                report(entry.sequence, "it ends hold \(value.hold), which is not in force")
            }
        case .destructionRecorded(let value):
            if value.through >= entry.sequence {
                report(entry.sequence, "it tells of entry \(value.through), which is not there before it")
            }
        case .custody(let value):
            if !(0..<entry.sequence).contains(value.through) {
                report(entry.sequence, "it tells of entry \(value.through), which is not there before it")
            }
        case .dockingStarted, .finding, .dockingEnded, .dockingPaused, .dockingResumed, .deviceRefused, .clockMeasured,
            .provisioned, .released, .recordings, .taken, .shiftReported, .alarm, .keyAdopted, .keyRevoked,
            .recipientsChanged, .coverage, .disclosed:
            break
        }
    }

    /// What an entry says to be the root over those before it must be what the entry after those states.
    private mutating func check(_ head: LedgerHead, in entry: LedgerEntry) throws {
        guard (0...entry.sequence).contains(head.entries) else {
            return report(entry.sequence, "it tells of \(head.entries) entries, which are not there before it")
        }
        let statement = try database.cachedStatement(
            sql: "SELECT CASE WHEN json_valid(body) THEN json_extract(body, '$.tree') END FROM entry WHERE sequence = ?"
        )
        if try String.fetchOne(statement, arguments: [head.entries]) != head.root.description {
            report(
                entry.sequence, "it says that the root over \(head.entries) entries is \(head.root), which it is not")
        }
    }

    /// What is done to an object is done to one that its vault gave a receipt for.
    private mutating func check(objectOf sealing: String, _ vault: String, _ key: String, at sequence: Int64) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT 1 FROM entry WHERE sealing = ? AND kind = 'receipt' AND vault = ? AND sequence < ?
                  AND json_valid(body) AND json_extract(body, '$.event.receipt.key') = ? LIMIT 1
                """)
        if try Int.fetchOne(statement, arguments: [sealing, vault, sequence, key]) == nil {
            report(sequence, "it is about an object that vault '\(vault)' gave no receipt for before it")
        }
    }

    /// What was destroyed was permitted, under the same name.
    private mutating func check(_ destroyed: ObjectDestroyed, at sequence: Int64) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT 1 FROM entry WHERE sequence = ? AND sequence < ? AND kind = 'destruction.permitted' AND sealing = ?
                  AND vault = ? AND json_valid(body) AND json_extract(body, '$.event.key') = ?
                  AND json_extract(body, '$.event.version') IS ?
                """)
        let arguments: StatementArguments = [
            destroyed.permit, sequence, destroyed.sealing, destroyed.vault, destroyed.key, destroyed.version,
        ]
        if try Int.fetchOne(statement, arguments: arguments) == nil {
            report(sequence, "it tells of a destruction that nothing permitted")
        }
    }

    /// What is known of a sealing.
    struct KnownContent {
        let content: SHA256Digest?
        let sealedBytes: Int64?
    }

    private mutating func remember(_ sealed: SealedSegment) {
        if recentSealings.count >= 65_536 { recentSealings.removeAll(keepingCapacity: true) }
        if recentSealings[sealed.id] == nil {
            recentSealings[sealed.id] = KnownContent(content: sealed.plaintext, sealedBytes: sealed.bytes)
        }
    }

    private func sealing(_ id: String, before sequence: Int64) throws -> KnownContent? {
        if let known = recentSealings[id] { return known }
        let statement = try database.cachedStatement(
            sql: """
                SELECT content, CASE WHEN json_valid(body) THEN json_extract(body, '$.event.sealed.bytes') END FROM entry
                WHERE sealing = ? AND kind = 'segment.sealed' AND sequence < ? ORDER BY sequence LIMIT 1
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id, sequence]) else { return nil }
        return KnownContent(
            content: Data.fromDatabaseValue(row[0]).flatMap { SHA256Digest(bytes: $0) },
            sealedBytes: Int64.fromDatabaseValue(row[1]))
    }

    /// Of each file, what the docking sealed or verified last before the permit must have, before the permit, a receipt from
    /// each vault that the permit names, and from one in any case; and the permit cannot cover more files than the docking
    /// read. Records of the dock itself, such as certificates, lie on no camera.
    private mutating func check(_ permit: ErasePermitted, at sequence: Int64) throws {
        permits[permit.docking] = permit.files
        let covered = """
            FROM entry s WHERE s.docking = ? AND s.kind IN ('segment.sealed', 'segment.verified') AND s.sequence < ?
              AND NOT EXISTS(SELECT 1 FROM entry n WHERE n.docking = s.docking AND n.path = s.path
                AND n.camera = s.camera AND n.kind IN ('segment.sealed', 'segment.verified')
                AND n.sequence > s.sequence AND n.sequence < ?)
              AND NOT (json_valid(s.body) AND json_extract(s.body, '$.event.role') IS 'record')
            """
        let files = try Int.fetchOne(
            try database.cachedStatement(sql: "SELECT count(DISTINCT s.path) \(covered)"),
            arguments: [permit.docking, sequence, sequence])
        if permit.files > files ?? 0 {
            report(sequence, "it permits to erase \(permit.files) files, but the docking read \(files ?? 0)")
        }
        for vault in permit.vaults.isEmpty ? [nil] : permit.vaults.map(Optional.some) {
            let statement = try database.cachedStatement(
                sql: """
                    SELECT count(*), min(s.sequence) \(covered) AND NOT EXISTS(
                      SELECT 1 FROM entry r WHERE r.sealing = s.sealing AND r.kind = 'receipt'
                        AND r.sequence < ? \(vault == nil ? "" : "AND r.vault = ?"))
                    """)
            let arguments: StatementArguments = [permit.docking, sequence, sequence, sequence]
            let row = try Row.fetchOne(statement, arguments: vault.map { arguments + [$0] } ?? arguments)
            guard let row, case let count = row.integer(0), count > 0 else { continue }
            let holder = vault.map { "vault '\($0)'" } ?? "any vault"
            report(
                sequence,
                "it permits an erase, but \(count) of what the docking read had no receipt from \(holder); first entry \(row.integer(1))"
            )
        }
    }
}
