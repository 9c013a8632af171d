import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@testable import DockSeal

/// Against OpenSSH's own program, both ways.
@Suite struct SSHSignatureTests {
    private let folder: TemporaryFolder
    private let signer: DockSigner
    private let message = Array("stadhuis-1 took in BWC0042\n".utf8)

    init() throws {
        folder = try TemporaryFolder()
        signer = DockSigner(dock: "stadhuis-1", origin: "bodydock/stadhuis-1", key: try SigningKey.generate())
        let line = AllowedSigner(
            principal: "stadhuis-1", namespaces: DockSigner.Purpose.allCases.map(\.rawValue), key: signer.publicKey)
        try folder.write(Array("# a comment\n\(line)\n".utf8), to: "allowed")
    }

    private func verify(_ message: [UInt8], _ signature: String, as name: String = "stadhuis-1", in namespace: String)
        throws -> Tool.Result
    {
        let file = try folder.write(Array(signature.utf8), to: "content.sig")
        return try Tool.run(
            "ssh-keygen", ["-Y", "verify", "-f", folder.at("allowed"), "-I", name, "-n", namespace, "-s", file],
            input: Data(message))
    }

    @Test(arguments: [0, 1, 64, 100_000]) func opensshChecksASignatureMadeHere(size: Int) throws {
        let message = [UInt8](repeating: 7, count: size)
        let signature = try signer.sign(message, as: .custody)
        let good = try verify(message, signature, in: "custody@bodydock")
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.text.contains(try signer.publicKey.fingerprint))
        #expect(try verify(message + [0], signature, in: "custody@bodydock").status != 0)
        #expect(try verify(message, signature, in: "handover@bodydock").status != 0, "another kind of statement")
        #expect(try verify(message, signature, as: "stadhuis-2", in: "custody@bodydock").status != 0)
        let other = try SSHSignature(of: message, by: .generate(), namespace: "custody@bodydock").armored
        #expect(try verify(message, other, in: "custody@bodydock").status != 0, "by another key")
    }

    @Test(arguments: ["sha512", "sha256"]) func aSignatureMadeByOpensshIsCheckedHere(hash: String) throws {
        let key = folder.at("theirs")
        let made = try Tool.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "clerk", "-f", key])
        #expect(made.status == 0, "\(made.errors)")
        let file = try folder.write(message, to: "content")
        let signed = try Tool.run(
            "ssh-keygen", ["-Y", "sign", "-O", "hashalg=\(hash)", "-f", key, "-n", "file", file])
        #expect(signed.status == 0, "\(signed.errors)")
        let text = try String(contentsOfFile: file + ".sig", encoding: .utf8)
        let signature = try SSHSignature(armored: text, at: file)
        #expect(signature.armored == text)
        #expect(signature.namespace == "file")
        #expect(try signature.covers(message))
        #expect(try !signature.covers(message + [0]))
        let publicKey = try #require(SSHPublicKey(try String(contentsOfFile: key + ".pub", encoding: .utf8)))
        #expect(signature.key == publicKey)
        #expect(try Tool.run("ssh-keygen", ["-l", "-f", key]).text.contains(" \(publicKey.fingerprint) "))
    }

    /// No byte of the blob can change without notice, and none of the changes does harm.
    @Test func everyChangedByteIsNoticed() throws {
        let armored = try SSHSignature(of: message, by: signer.key, namespace: "x").armored
        let body = armored.split(separator: "\n").dropFirst().dropLast().joined()
        let blob = try #require(Base64.decode(padded: body.utf8))
        for index in blob.indices {
            var changed = blob
            changed[index] ^= 1
            let text =
                "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(changed, padded: true))\n-----END SSH SIGNATURE-----\n"
            let covers: Bool
            do throws(DockError) { covers = try SSHSignature(armored: text, at: "test").covers(message) } catch {
                covers = false
            }
            #expect(!covers, "byte \(index)")
        }
    }

    @Test func whatIsNoSignatureIsRefused() throws {
        let good = try signer.sign(message, as: .custody)
        let rsa = folder.at("rsa")
        #expect(try Tool.run("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa]).status == 0)
        let byRSA = try Tool.run("ssh-keygen", ["-Y", "sign", "-f", rsa, "-n", "file"], input: Data(message)).text
        #expect(byRSA.hasPrefix("-----BEGIN SSH SIGNATURE-----"))
        for text in [
            "", "\n", String(good.dropFirst()), String(good.dropLast(30)), good + "x", byRSA,
            good.replacingOccurrences(of: "\n-----END", with: "=\n-----END"),
            "-----BEGIN SSH SIGNATURE-----\n\(String(repeating: "A", count: 9000))\n-----END SSH SIGNATURE-----\n",
            "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----\n",
        ] {
            #expect(throws: DockError.self, "\(text.prefix(40))") { try SSHSignature(armored: text, at: "test") }
        }
        #expect(throws: DockError.self) { try SSHSignature(of: message, by: signer.key, namespace: "") }
    }
}
