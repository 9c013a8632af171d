import DockCore
import Foundation
import GRDB

/// Goes through all entries in order and keeps what is needed to judge the next.
struct LedgerVerifier: ~Copyable {
    let database: Database
    private var hasher: MerkleHasher
    private let earlier: [Int64: [SHA256Digest]]

    private var tree = CompactRange()
    private var next: Int64 = 0
    private var clock: Instant?
    /// The largest number of entries at which the ledger was what it had been before.
    private var lastFit: Int64 = 0
    /// Once the history differs, later commitments cannot be compared any more.
    private var isChainBroken = false
    /// Files that each docking was permitted to erase.
    var permits: [String: Int] = [:]
    /// Sealings that were told of just now: a receipt mostly follows soon, and looking them up is dear.
    var recentSealings: [String: KnownContent] = [:]
    /// Sealings that more than one entry tells of as new; nil if that cannot be asked.
    private(set) var doubledSealings: Set<String>?
    /// Camera and recording of each hold in force.
    var heldRecordings: [String: [String]] = [:]

    private var problems: [LedgerProblem] = []
    private var problemCount = 0
    private var remarks: [LedgerProblem] = []
    private var lastBlamed: Int64?

    init(_ database: Database, earlier: [LedgerHead]) throws(DockError) {
        hasher = try MerkleHasher()
        self.database = database
        self.earlier = Dictionary(grouping: earlier, by: \.entries).mapValues { $0.map(\.root) }
    }

    mutating func run(_ progress: (Int64, Int64) -> Void) throws -> LedgerVerification {
        do { try checkEntries(progress) } catch let error as DatabaseError where error.isDamage {
            report(nil, "the file cannot be read past entry \(next &- 1): \(error.message ?? error.description)")
        }
        let root = try tree.root(&hasher)
        try compare(root)
        for size in earlier.keys.sorted() where size > tree.size || size < 0 {
            report(tree.size, "the ledger had \(size) entries before; now it has \(tree.size)")
        }
        return LedgerVerification(
            entries: tree.size, root: root, problems: problems, problemCount: problemCount, remarks: remarks)
    }

    mutating func report(_ entry: Int64?, _ message: String) {
        problemCount += 1
        lastBlamed = entry
        if problems.count < LedgerVerification.named { problems.append(LedgerProblem(entry: entry, message: message)) }
    }

    private mutating func checkEntries(_ progress: (Int64, Int64) -> Void) throws {
        let total = try Int64.fetchOne(database, sql: "SELECT count(*) FROM entry") ?? 0
        try findDoubledSealings()
        let reader = EntryReader(try EntryRow.all(in: database))
        while true {
            let entries = try reader.next()
            if entries.isEmpty { break }
            for entry in entries {
                try check(entry)
                if tree.size % 1000 == 0 { progress(tree.size, total) }
            }
        }
        progress(tree.size, total)
    }

    /// Asked once for all: nearly always there is none.
    private mutating func findDoubledSealings() throws {
        do {
            doubledSealings = Set(
                try String.fetchAll(
                    database,
                    sql: """
                        SELECT CAST(sealing AS TEXT) FROM entry WHERE sealing IS NOT NULL AND kind = 'segment.sealed'
                        GROUP BY sealing HAVING count(*) > 1
                        """))
        } catch let error as DatabaseError where error.isDamage {
            // SQLite's own check has named the damage.
            doubledSealings = nil
        }
    }

    private mutating func check(_ read: ReadEntry) throws {
        guard let sequence = read.row.sequence else { return report(nil, "a row has no number") }
        if sequence != next {
            report(next, sequence == next &+ 1 ? "it is missing" : "it is missing, and all up to \(sequence &- 1)")
            isChainBroken = true
        }
        next = sequence &+ 1
        if read.row.leaf?.elementsEqual(read.leaf.bytes) != true {
            report(sequence, "its content was changed: it does not hash to the leaf beside it")
        }
        let root = try tree.root(&hasher)
        try compare(root)
        if let fault = read.fault { report(sequence, "it is not an entry: \(fault)") }
        if let entry = read.entry { checkPlace(of: entry, sequence, root, isCanonical: read.isCanonical) }
        let node = try tree.append(read.leaf, &hasher)
        guard let entry = read.entry else { return }
        // Nodes cannot be compared once the history differs.
        let isNodeWrong = read.row.node?.elementsEqual(node.bytes) != true
        if isNodeWrong, !isChainBroken, lastBlamed != sequence { reportColumn("node", sequence) }
        for column in read.differences { reportColumn(column, sequence) }
        try checkRules(for: entry)
    }

    private mutating func reportColumn(_ column: String, _ sequence: Int64) {
        report(sequence, "its column '\(column)' is not what follows from the entries")
    }

    private mutating func checkPlace(
        of entry: LedgerEntry, _ sequence: Int64, _ root: SHA256Digest, isCanonical: Bool
    ) {
        if entry.sequence != sequence { report(sequence, "it says that it is entry \(entry.sequence)") }
        if !isCanonical { report(sequence, "it is not in canonical form") }
        if !isChainBroken, entry.tree != root {
            // What the entry before committed to was right, so the difference is in that one, or in this one's own commitment.
            isChainBroken = true
            if sequence == 0 {
                report(0, "it does not begin with the empty tree")
            } else if lastBlamed != sequence - 1, lastBlamed != sequence {
                report(sequence - 1, "it is not the entry that entry \(sequence) commits to, or that one was changed")
            }
        }
        if let clock, entry.at < clock, remarks.count < LedgerVerification.named {
            remarks.append(LedgerProblem(entry: sequence, message: "the clock went back from \(clock) to \(entry.at)"))
        }
        clock = entry.at
    }

    private mutating func compare(_ root: SHA256Digest) throws {
        guard let earlier = earlier[tree.size] else { return }
        for expected in earlier where expected != root {
            let first = lastFit < tree.size - 1 ? "one of \(lastFit) to \(tree.size - 1)" : "\(lastFit)"
            report(
                lastFit,
                "the first \(tree.size) entries had the root \(expected) before and have \(root) now: the first entry that "
                    + "differs is \(first)")
        }
        if earlier.allSatisfy({ $0 == root }) { lastFit = tree.size }
    }
}
