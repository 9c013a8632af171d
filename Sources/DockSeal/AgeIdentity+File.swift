import DockCore
import DockSystem

extension AgeIdentity {
    /// The largest identity file that is read, in bytes: some 800 identities.
    static let fileLimit = 64 * 1024

    /// All identities of a file as age-keygen writes it: one a line, with blank lines and `#` comments between them. Refused:
    /// a file that its group or others can touch, one over 64 KiB, one without any identity, or with anything else in it.
    public static func load(file: String) throws(DockError) -> [AgeIdentity] {
        let content = try PrivateFile.read(file, limit: fileLimit, what: "cannot read the identity file")
        guard !content.withBytes({ $0.starts(with: "age-encryption.org/v1".utf8) }) else {
            throw DockError(
                .malformed, "cannot read the identity file", at: file,
                because: "it is encrypted itself, as with a passphrase, which Bodydock never asks for",
                next: "open the sealed file with the age program: age -d -i \(file) -o OUT SEALED")
        }
        let identities = try content.withBytes { bytes throws(DockError) in
            var identities: [AgeIdentity] = []
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for (index, whole) in lines.enumerated() {
                let line = whole.last == UInt8(ascii: "\r") ? whole.dropLast() : whole
                guard let first = line.first, first != UInt8(ascii: "#") else { continue }
                identities.append(try AgeIdentity(ascii: line, at: "\(file):\(index + 1)"))
            }
            return identities
        }
        guard !identities.isEmpty else {
            throw DockError(
                .malformed, "cannot read the identity file", at: file, because: "it holds no identity",
                next: "give a file with an AGE-SECRET-KEY-1… line")
        }
        return identities
    }

    /// Writes a new identity file (0600) as age-keygen does; refuses if the name is taken.
    /// - Parameter created: the moment for the comment.
    public func save(to file: String, created: Instant) throws(DockError) {
        let comment = "# created: \(created)\n# public key: \(recipient)\n"
        var content = Array(comment.utf8)
        content.reserveCapacity(content.count + 80)
        content += Array(text.utf8) + [UInt8(ascii: "\n")]
        defer { Secret.erase(&content) }
        try NewFile.write(content, to: file, mode: 0o600, what: "cannot write the identity file")
    }
}
