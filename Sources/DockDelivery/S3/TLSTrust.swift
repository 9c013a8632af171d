import DockCore
import DockSystem
import Glibc

/// Whom a vault trusts over TLS, and who the dock says it is. Certificates are always checked, with TLS 1.2 or later; nothing
/// here can turn that off.
struct TLSTrust: Sendable {
    /// PEM file of the authorities to trust, instead of the system's.
    let caFile: String?
    /// The dock's own certificate and key, both as paths.
    let client: ClientCertificate?
    /// Public keys of which the server must have one.
    let pinnedPublicKey: String?

    /// Longest private key file that is looked at: far beyond any RSA key.
    private static let longestKey = 64 << 10

    /// Checks that the files can be used; the key must be readable by its owner alone.
    init(_ settings: S3Settings) throws(DockError) {
        try TLSTrust.check(settings.caFile, "ca_file")
        try TLSTrust.check(settings.client?.certificate, "client_certificate")
        caFile = settings.caFile
        pinnedPublicKey = settings.pinnedPublicKey
        guard let client = settings.client else {
            self.client = nil
            return
        }
        let key = try Credential.path(client.key)
        guard try SecretFile.read(key, most: TLSTrust.longestKey).text.contains("PRIVATE KEY-----") else {
            throw DockError(
                .configuration, "cannot use a vault's client key", at: key,
                because: "it is no PEM file with a private key",
                next: "client_key must be a PEM file with a private key, without passphrase")
        }
        self.client = ClientCertificate(certificate: client.certificate, key: key)
    }

    /// The system's authorities, or those of a file.
    init(caFile: String?) throws(DockError) {
        try TLSTrust.check(caFile, "ca_file")
        self.caFile = caFile
        (client, pinnedPublicKey) = (nil, nil)
    }

    private static func check(_ path: String?, _ key: String) throws(DockError) {
        guard let path, access(path, R_OK) != 0 else { return }
        throw Errno.current.error(
            "cannot use the certificates of a service", at: path, next: "\(key) must be a readable PEM file")
    }

    /// Whether libcurl's words are those of a side that refuses the other for good, and not of a connection that broke:
    /// OpenSSL names alerts (RFC 8446 section 6) and versions.
    static func isRefusal(_ why: String) -> Bool {
        [" alert ", "unsupported protocol", "no protocols available", "wrong version number"].contains {
            why.contains($0)
        }
    }

    /// Whether libcurl's words say that a certificate is not good yet, or no longer (X509_verify_cert_error_string(3)).
    static func isOutOfTime(_ why: String) -> Bool {
        ["certificate has expired", "certificate is not yet valid"].contains { why.contains($0) }
    }
}
