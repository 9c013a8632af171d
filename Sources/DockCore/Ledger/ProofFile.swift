/// A proof as a text that travels alone, with the checkpoint that it leads to.
///
/// For an entry it is a `.tlog-proof` (c2sp.org/tlog-proof), whose `extra` line is the entry itself; that a ledger continues an
/// earlier one is written as witnesses are told it (c2sp.org/tlog-witness, the body of add-checkpoint).
public enum ProofFile: Sendable, Equatable {
    /// This entry is number `index` of the ledger.
    case inclusion(entry: [UInt8], index: Int64, path: [SHA256Digest], note: String)
    /// The ledger begins with its first `earlier` entries.
    case consistency(earlier: Int64, path: [SHA256Digest], note: String)

    private static let header = "c2sp.org/tlog-proof@v1"
    /// A path has a hash for each bit of a size; a consistency proof has one more.
    private static let longestPath = 64

    /// The text.
    public var text: String {
        func lines(_ path: [SHA256Digest]) -> [String] { path.map { Base64.encode($0.bytes, padded: true) } }
        switch self {
        case .inclusion(let entry, let index, let path, let note):
            let front = [ProofFile.header, "extra \(Base64.encode(entry, padded: true))", "index \(index)"]
            return (front + lines(path) + ["", note]).joined(separator: "\n")
        case .consistency(let earlier, let path, let note):
            return (["old \(earlier)"] + lines(path) + ["", note]).joined(separator: "\n")
        }
    }

    /// Reads a text; nil if it is neither kind.
    public init?(text: String) {
        var rest = text[...]
        func line() -> Substring? {
            guard let end = rest.firstIndex(of: "\n") else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return rest[..<end]
        }
        func path() -> [SHA256Digest]? {
            var path: [SHA256Digest] = []
            while let next = line() {
                if next.isEmpty { return path }
                guard path.count < ProofFile.longestPath,
                    let hash = Base64.decode(padded: next.utf8).flatMap({ SHA256Digest(bytes: $0) })
                else { return nil }
                path.append(hash)
            }
            return nil
        }
        guard let first = line() else { return nil }
        if let earlier = ProofFile.number(after: "old ", in: first) {
            guard let path = path() else { return nil }
            self = .consistency(earlier: earlier, path: path, note: String(rest))
            return
        }
        guard first == ProofFile.header, let extra = line(), extra.hasPrefix("extra "),
            let entry = Base64.decode(padded: extra.dropFirst(6).utf8),
            let index = line().flatMap({ ProofFile.number(after: "index ", in: $0) }), let path = path()
        else { return nil }
        self = .inclusion(entry: entry, index: index, path: path, note: String(rest))
    }

    private static func number(after word: String, in line: Substring) -> Int64? {
        guard line.hasPrefix(word), let number = Int64(line.dropFirst(word.count)), number >= 0,
            String(number) == line.dropFirst(word.count)
        else { return nil }
        return number
    }
}
