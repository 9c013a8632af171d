import COpenSSL
import DockCore

extension AgeHeader {
    /// A header that wraps `fileKey` for each of `recipients`.
    init(wrapping fileKey: Secret, for recipients: [AgeRecipient]) throws(DockError) {
        stanzas = []
        for recipient in recipients { stanzas.append(try X25519Stanza(wrapping: fileKey, for: recipient).stanza) }
        authenticated = AgeHeader.authenticated(stanzas)
        mac = try AgeHeader.mac(of: authenticated, fileKey)
    }

    /// The file key, taken out by the first identity that can, from a header that is then known to be unchanged.
    /// - Parameter place: the sealed file, for errors.
    func fileKey(with identities: [AgeIdentity], place: String) throws(DockError) -> Secret {
        let ours: [(index: Int, stanza: X25519Stanza)]
        do { ours = try recipients() } catch { throw error.error(at: place) }
        for identity in identities {
            for (index, stanza) in ours {
                switch try stanza.unwrap(with: identity) {
                case .notOurs: continue
                case .lowOrder: throw UnsealFault.lowOrderShare(stanza: index).error(at: place)
                case .opened(let fileKey):
                    guard try isAuthentic(under: fileKey) else { throw UnsealFault.headerMAC.error(at: place) }
                    return fileKey
                }
            }
        }
        throw UnsealFault.noIdentityMatches(kinds: kinds).error(at: place)
    }

    /// The key of the payload that starts with `nonce`.
    static func payloadKey(_ fileKey: Secret, nonce: [UInt8]) throws(DockError) -> Secret {
        try KeyAgreement.derive(from: fileKey, salt: nonce, info: "payload")
    }

    /// HMAC-SHA-256 over the bytes that it covers.
    static func mac(of authenticated: [UInt8], _ fileKey: Secret) throws(DockError) -> [UInt8] {
        try KeyAgreement.authenticationCode(
            of: authenticated, key: KeyAgreement.derive(from: fileKey, info: "header"))
    }

    /// The X25519 stanzas, counted from 1; every one of them must be well formed, also those for others.
    private func recipients() throws(UnsealFault) -> [(index: Int, stanza: X25519Stanza)] {
        guard stanzas.count == 1 || !stanzas.contains(where: { $0.arguments.first == "scrypt" }) else {
            throw .passphraseAmongOthers
        }
        var found: [(index: Int, stanza: X25519Stanza)] = []
        for (index, stanza) in stanzas.enumerated() {
            if let stanza = try X25519Stanza(stanza, at: index + 1) { found.append((index + 1, stanza)) }
        }
        return found
    }

    private func isAuthentic(under fileKey: Secret) throws(DockError) -> Bool {
        let expected = try AgeHeader.mac(of: authenticated, fileKey)
        return expected.count == mac.count && CRYPTO_memcmp(expected, mac, mac.count) == 0
    }

    /// What it is sealed for, a few words for a person.
    private var kinds: [String] {
        let counts = Dictionary(grouping: stanzas.map { String($0.arguments[0].prefix(40)) }, by: { $0 }).mapValues(
            \.count)
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        return words.count > 5 ? words.prefix(5) + ["others"] : words
    }
}
