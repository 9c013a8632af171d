import DockCore

/// What a check of the whole ledger found.
public struct LedgerVerification: Sendable, Equatable {
    /// How many entries were read.
    public var entries: Int64
    /// The Merkle root over them, recomputed from their content.
    public var root: SHA256Digest
    /// What is wrong, the file as a whole first, then the entries in their order; at most ``named`` are listed.
    public var problems: [LedgerProblem]
    /// How many problems there are.
    public var problemCount: Int
    /// What is odd and no proof of a change: a clock that went back. At most ``named``.
    public var remarks: [LedgerProblem]

    /// What is wrong with the file goes before what is wrong with entries.
    mutating func add(ofFile messages: [String]) {
        problemCount += messages.count
        let added = messages.map { LedgerProblem(entry: nil, message: $0) }
        problems = Array((added + problems).prefix(LedgerVerification.named))
    }

    /// Whether nothing is wrong.
    public var isWhole: Bool { problemCount == 0 }

    /// How many problems and remarks are listed at most.
    public static let named = 100
}

/// Something that is wrong with a ledger.
public struct LedgerProblem: Sendable, Hashable, CustomStringConvertible {
    /// The entry that it is about; nil if it is about the file as a whole.
    public var entry: Int64?
    /// One sentence for a person.
    public var message: String

    /// `entry 12: message`, or the message.
    public var description: String { entry.map { "entry \($0): \(message)" } ?? message }
}

extension Ledger {
    /// Reads all of the ledger and recomputes everything: each entry's form and hash, what each commits to, the columns that
    /// are made from it, the numbering; that SQLite's file and indexes are whole; and that the story holds: receipts and
    /// verifications name earlier sealings, each erase permit has the receipts that it claims, nothing is erased without.
    ///
    /// A ledger that lost its last entries, or whose end was rewritten with new hashes, is whole in itself: only a head that
    /// was noted down earlier shows it.
    /// - Parameters:
    ///   - earlier: heads that this ledger had before, to be compared.
    ///   - progress: called now and then with the number of entries read and of all.
    /// - Throws: only if the disk cannot be read; damage is reported in the result.
    public func verify(
        earlier: [LedgerHead] = [], progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) throws(DockError) -> LedgerVerification {
        let check = FileCheck(file)
        var result = try reading("cannot read the ledger") { database in
            var verifier = try LedgerVerifier(database, earlier: earlier)
            return try verifier.run(progress)
        }
        result.add(ofFile: try check.problems())
        return result
    }
}
