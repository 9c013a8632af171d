import DockCore
import DockSystem

/// A signature in OpenSSH's format for files (PROTOCOL.sshsig of OpenSSH), by an Ed25519 key: what `ssh-keygen -Y sign` writes
/// and `ssh-keygen -Y verify` checks. The namespace says what is signed, so that no signature passes for one of another kind.
public struct SSHSignature: Sendable, Equatable {
    /// Whose it is; whether that is somebody to be believed is for the caller to say.
    public let key: SSHPublicKey
    /// What kind of thing was signed.
    public let namespace: String
    private let hash: Hash
    private let signature: [UInt8]

    private enum Hash: String {
        case sha256
        case sha512

        func digest(of message: [UInt8]) throws(DockError) -> [UInt8] {
            var digester = try Digester(self == .sha256 ? .sha256 : .sha512)
            try digester.update(message)
            return try digester.finish()
        }
    }

    private static let preamble = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1
    private static let header = "-----BEGIN SSH SIGNATURE-----"
    private static let footer = "-----END SSH SIGNATURE-----"
    /// Characters of an armored signature that is read.
    private static let limit = 8192

    /// Signs `message`, hashed with SHA-512.
    /// - Parameter namespace: not empty.
    public init(of message: [UInt8], by signer: SigningKey, namespace: String) throws(DockError) {
        guard !namespace.isEmpty else {
            throw DockError(
                .malformed, "cannot sign", at: "the namespace", because: "it is empty", next: "report this")
        }
        hash = .sha512
        self.namespace = namespace
        key = signer.publicKey
        signature = try signer.sign(SSHSignature.covered(message, hash, namespace))
    }

    /// Reads the text between and with the BEGIN and END lines.
    /// - Parameter place: where it comes from, for errors.
    public init(armored text: String, at place: String) throws(DockError) {
        guard let body = SSHSignature.body(of: text), let blob = Base64.decode(padded: body) else {
            throw SSHSignature.unreadable(place, "it is no text between '\(SSHSignature.header)' and its end")
        }
        var reader = SSHWire.Reader(blob)
        guard reader.take(SSHSignature.preamble.count) == SSHSignature.preamble,
            reader.number() == SSHSignature.version,
            let keyBlob = reader.string(), let namespace = reader.string(), reader.string() != nil,
            let hashName = reader.string(), let signed = reader.string(), reader.isAtEnd,
            let namespace = String(validating: namespace, as: UTF8.self), !namespace.isEmpty
        else { throw SSHSignature.unreadable(place, "its fields are not those of version 1") }
        guard let key = SSHPublicKey(blob: keyBlob), let signature = SSHSignature.raw(signed) else {
            throw SSHSignature.unreadable(place, "it is not by an Ed25519 key")
        }
        guard let hash = Hash(rawValue: String(decoding: hashName, as: UTF8.self)) else {
            throw SSHSignature.unreadable(place, "it uses an unknown hash")
        }
        (self.key, self.namespace, self.hash, self.signature) = (key, namespace, hash, signature)
    }

    /// Whether it is a signature of `message` by its own ``key``, in its own ``namespace``.
    public func covers(_ message: [UInt8]) throws(DockError) -> Bool {
        try SigningKey.verify(
            signature, of: SSHSignature.covered(message, hash, namespace), by: key.bytes)
    }

    /// The text for a `.sig` file, with a line feed at its end.
    public var armored: String {
        let blob =
            SSHSignature.preamble + SSHWire.number(SSHSignature.version) + SSHWire.string(key.blob)
            + SSHWire.string(Array(namespace.utf8)) + SSHWire.string([]) + SSHWire.string(Array(hash.rawValue.utf8))
            + SSHWire.string(SSHWire.string(Array(SSHPublicKey.kind.utf8)) + SSHWire.string(signature))
        let text = Array(Base64.encode(blob, padded: true).utf8)
        let lines = stride(from: 0, to: text.count, by: 70).map {
            String(decoding: text[$0..<min($0 + 70, text.count)], as: UTF8.self)
        }
        return ([SSHSignature.header] + lines + [SSHSignature.footer, ""]).joined(separator: "\n")
    }

    /// What the key signs.
    private static func covered(_ message: [UInt8], _ hash: Hash, _ namespace: String) throws(DockError) -> [UInt8] {
        preamble + SSHWire.string(Array(namespace.utf8)) + SSHWire.string([])
            + SSHWire.string(Array(hash.rawValue.utf8)) + SSHWire.string(try hash.digest(of: message))
    }

    /// The 64 bytes inside an SSH signature of the right kind.
    private static func raw(_ signed: [UInt8]) -> [UInt8]? {
        var reader = SSHWire.Reader(signed)
        guard reader.string() == Array(SSHPublicKey.kind.utf8), let signature = reader.string(), reader.isAtEnd,
            signature.count == SigningKey.signatureSize
        else { return nil }
        return signature
    }

    /// The Base64 between the first line and the last, without line ends.
    private static func body(of text: String) -> [UInt8]? {
        guard text.utf8.count <= limit else { return nil }
        let lines = text.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        guard lines.count > 2, lines[0].elementsEqual(header.utf8), lines[lines.count - 1].elementsEqual(footer.utf8)
        else { return nil }
        return Array(lines.dropFirst().dropLast().joined())
    }

    private static func unreadable(_ place: String, _ why: String) -> DockError {
        DockError(
            .malformed, "cannot read a signature", at: place, because: why,
            next: "give a file that 'ssh-keygen -Y sign' or bodydock wrote")
    }
}
