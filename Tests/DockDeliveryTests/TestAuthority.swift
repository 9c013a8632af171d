import DockSystem
import DockTestSupport
import Foundation

/// A certificate authority of a test's own, made with the openssl program.
struct TestAuthority {
    let folder: TemporaryFolder
    /// PEM file with its certificate.
    let file: String

    init() throws {
        folder = try TemporaryFolder()
        file = folder.at("authority.pem")
        try TestAuthority.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=authority", "-keyout", folder.at("authority.key"), "-out", file,
        ])
    }

    /// Makes a certificate for an address: files `name.pem`, `name.key` (0600) and `name.both`.
    /// - Parameter days: how long it is good from now on; negative for one that was good once.
    func issue(
        _ name: String, for address: String = "127.0.0.1", days: Int = 2
    ) throws -> (certificate: String, key: String, both: String) {
        let (certificate, key, both) = (folder.at(name + ".pem"), folder.at(name + ".key"), folder.at(name + ".both"))
        let extensions = try folder.write("subjectAltName=IP:\(address)\n".utf8, to: name + ".ext")
        try TestAuthority.openssl([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-keyout",
            key,
            "-out", folder.at(name + ".csr"),
        ])
        try TestAuthority.openssl([
            "x509", "-req", "-in", folder.at(name + ".csr"), "-CA", file, "-CAkey", folder.at("authority.key"),
            "-CAcreateserial", "-days", "\(days)", "-extfile", extensions, "-out", certificate,
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let bytes = try [key, certificate].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        try folder.write(bytes[0] + bytes[1], to: name + ".both")
        return (certificate, key, both)
    }

    /// `sha256//…` of a certificate's public key, as openssl computes it.
    static func pin(of certificate: String) throws -> String {
        let key = try openssl(["x509", "-in", certificate, "-pubkey", "-noout"])
        let der = try openssl(["pkey", "-pubin", "-outform", "DER"], input: key)
        return try "sha256//" + openssl(["dgst", "-sha256", "-binary"], input: der).base64EncodedString()
    }

    @discardableResult
    private static func openssl(_ arguments: [String], input: Data? = nil) throws -> Data {
        let result = try Tool.run("openssl", arguments, input: input)
        guard result.status == 0 else { throw RigFailure("openssl \(arguments): \(result.errors)") }
        return result.output
    }
}
