import DockCore
import DockSystem

extension SigningKey {
    /// What stands before the 32 bytes in PKCS#8 (RFC 8410 section 7) and in a SubjectPublicKeyInfo (section 4): both have
    /// one form only for Ed25519.
    private static let privatePrefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let publicPrefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    private static let fileLimit = 4096

    /// Writes the private key to a new file (0600) as PKCS#8 in PEM, which `openssl pkey` reads; refuses if the name is taken.
    public func save(to file: String) throws(DockError) {
        var der = SigningKey.privatePrefix
        der.reserveCapacity(der.count + seed.count)
        seed.withBytes { der += $0 }
        defer { Secret.erase(&der) }
        var pem = Array(SigningKey.pem("PRIVATE KEY", der).utf8)
        defer { Secret.erase(&pem) }
        try NewFile.write(pem, to: file, mode: 0o600, what: "cannot write the signing key")
    }

    /// Reads a private key that ``save(to:)`` or `openssl genpkey -algorithm ed25519` wrote. Refuses a file that its group or
    /// others can touch, one over 4 KiB, and anything else than an unencrypted Ed25519 key.
    public static func load(file: String) throws(DockError) -> SigningKey {
        let what = "cannot read the signing key"
        let content = try PrivateFile.read(file, limit: fileLimit, what: what)
        let seed = content.withBytes { bytes -> Secret? in
            guard var der = derOfPrivateKey(bytes) else { return nil }
            defer { Secret.erase(&der) }
            guard der.starts(with: privatePrefix), der.count == privatePrefix.count + RawKey.size else { return nil }
            return Secret(count: RawKey.size) { $0.copyBytes(from: der[privatePrefix.count...]) }
        }
        guard let seed else {
            throw DockError(
                .malformed, what, at: file, because: "it is no unencrypted Ed25519 key in PKCS#8 PEM",
                next: "make one with: bodydock keys new DIR")
        }
        return try SigningKey(seed: seed)
    }

    /// The public key as a line of OpenSSH (RFC 8709 section 4), with a line feed.
    /// - Parameter name: the comment at the end of the line; without control characters.
    public func openSSHLine(name: String) throws(DockError) -> String {
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) else {
            throw DockError(
                .malformed, "cannot write the public key", at: "its name",
                because: "the name holds a control character",
                next: "give a name that fits on one line")
        }
        return "\(publicKey) \(name)\n"
    }

    /// The public key as a SubjectPublicKeyInfo in PEM, which `openssl pkey -pubin` reads.
    public var publicPEM: String { SigningKey.pem("PUBLIC KEY", SigningKey.publicPrefix + publicKey.bytes) }

    /// Writes ``openSSHLine(name:)`` to a new file (0644); refuses if the name is taken.
    public func savePublicKey(openSSH file: String, name: String) throws(DockError) {
        try NewFile.write(
            Array(openSSHLine(name: name).utf8), to: file, mode: 0o644, what: "cannot write the public key")
    }

    /// Writes ``publicPEM`` to a new file (0644); refuses if the name is taken.
    public func savePublicKey(pem file: String) throws(DockError) {
        try NewFile.write(Array(publicPEM.utf8), to: file, mode: 0o644, what: "cannot write the public key")
    }

    /// RFC 7468; every key here fits on one line.
    private static func pem(_ label: String, _ der: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Base64.encode(der, padded: true))\n-----END \(label)-----\n"
    }

    private static func derOfPrivateKey(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        let lines = text.split(whereSeparator: "\r\n".utf8.contains)
        guard lines.count == 3, lines[0].elementsEqual("-----BEGIN PRIVATE KEY-----".utf8),
            lines[2].elementsEqual("-----END PRIVATE KEY-----".utf8)
        else { return nil }
        // 48 bytes fill their 64 characters: there is no padding.
        return Base64.decode(lines[1])
    }
}
