/// What a ledger was at some size, as a text that is signed (c2sp.org/tlog-checkpoint): whose ledger, how many entries, and the
/// Merkle root over them, on a line each.
public struct Checkpoint: Sendable, Hashable {
    /// Names the ledger, and the key that signs for it.
    public var origin: String
    /// Its entries, and the root over them.
    public var head: LedgerHead

    /// Takes both.
    public init(origin: String, head: LedgerHead) {
        self.origin = origin
        self.head = head
    }

    /// Reads the text of a note; nil if it is no checkpoint. Lines behind the third are extensions: signed, and of no meaning here.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", lines.dropLast().allSatisfy({ !$0.isEmpty }),
            let entries = Int64(lines[1]), entries >= 0, String(entries) == lines[1],
            let root = Base64.decode(padded: lines[2].utf8).flatMap({ SHA256Digest(bytes: $0) })
        else { return nil }
        self.init(origin: String(lines[0]), head: LedgerHead(entries: entries, root: root))
    }

    /// The text, with a line feed at its end.
    public var text: String { "\(origin)\n\(head.entries)\n\(Base64.encode(head.root.bytes, padded: true))\n" }

    /// Whether this may be the origin of a ledger: a URL without its scheme, or something like it (c2sp.org/signed-note): 1 to
    /// 200 of A-Z a-z 0-9 . _ - : and `/` between them.
    public static func isOrigin(_ text: String) -> Bool {
        let allowed = text.utf8.allSatisfy {
            (48...58).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || [45, 46, 47, 95].contains($0)
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return allowed && (1...200).contains(text.utf8.count) && parts.allSatisfy { !$0.isEmpty }
    }
}
