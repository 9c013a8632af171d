import DockCore
import DockSystem

/// A line of a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS): who, what for, and the key.
public struct AllowedSigner: Sendable, Equatable, CustomStringConvertible {
    /// Whose key it is: for a dock, its name.
    public var principal: String
    /// What it may sign; empty for anything.
    public var namespaces: [String]
    /// From when on it is to be believed; nil if always.
    public var validAfter: Instant?
    /// Until when; nil if for ever.
    public var validBefore: Instant?
    /// The key.
    public var key: SSHPublicKey

    private static let limit = 256 << 10

    /// Takes all values.
    public init(
        principal: String, namespaces: [String], validAfter: Instant? = nil, validBefore: Instant? = nil,
        key: SSHPublicKey
    ) {
        self.principal = principal
        self.namespaces = namespaces
        self.validAfter = validAfter
        self.validBefore = validBefore
        self.key = key
    }

    /// The line, without a line feed.
    public var description: String {
        var options: [String] = []
        if !namespaces.isEmpty { options.append("namespaces=\"\(namespaces.joined(separator: ","))\"") }
        if let validAfter { options.append("valid-after=\"\(AllowedSigner.stamp(validAfter))\"") }
        if let validBefore { options.append("valid-before=\"\(AllowedSigner.stamp(validBefore))\"") }
        return ([principal] + (options.isEmpty ? [] : [options.joined(separator: ",")]) + ["\(key)"])
            .joined(separator: " ")
    }

    /// `20261124153000Z`, to the second.
    private static func stamp(_ moment: Instant) -> String {
        Instant(seconds: moment.milliseconds / 1000).description.filter { $0.isNumber || $0 == "Z" }
    }

    /// The Ed25519 keys of a file of allowed signers. Comments, empty lines and keys of other kinds are passed over, and what a
    /// key may be used for is not looked at.
    public static func keys(of file: String) throws(DockError) -> [SSHPublicKey] {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try DurableFile.read(file, most: limit) } catch {
            throw error.error(
                "cannot read the allowed signers", at: file, next: "name a file as 'bodydock keys list' prints it")
        }
        let keys = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("#") }
            .compactMap { line in
                line.range(of: SSHPublicKey.kind + " ").flatMap { SSHPublicKey(String(line[$0.lowerBound...])) }
            }
        guard !keys.isEmpty else {
            throw DockError(
                .malformed, "cannot read the allowed signers", at: file,
                because: "it has no line with an \(SSHPublicKey.kind) key",
                next: "name a file as 'bodydock keys list' prints it")
        }
        return keys
    }
}
