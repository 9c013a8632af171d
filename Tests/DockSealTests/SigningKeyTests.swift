import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@testable import DockSeal

/// Against OpenSSL's and OpenSSH's programs.
@Suite struct SigningKeyTests {
    private let folder: TemporaryFolder
    private let key: SigningKey
    private let message = Array("what happened at 08:30".utf8)

    init() throws {
        folder = try TemporaryFolder()
        key = try SigningKey.generate()
        try key.save(to: folder.at("dock.key"))
        try key.savePublicKey(openSSH: folder.at("dock.pub"), name: "stadhuis-1")
        try key.savePublicKey(pem: folder.at("dock.pem.pub"))
    }

    @Test func opensslChecksASignatureMadeHere() throws {
        let files = [try folder.write(key.sign(message), to: "signature"), try folder.write(message, to: "message")]
        let arguments = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.at("dock.pem.pub"), "-sigfile"]
        #expect(try Tool.run("openssl", arguments + [files[0], "-in", files[1]]).status == 0)
        try folder.write(message + [0], to: "message")
        #expect(try Tool.run("openssl", arguments + [files[0], "-in", files[1]]).status != 0)
    }

    @Test func aSignatureMadeByOpensslIsCheckedHere() throws {
        let path = folder.at("theirs.key")
        #expect(try Tool.run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", path]).status == 0)
        #expect(chmod(path, 0o600) == 0)
        let theirs = try SigningKey.load(file: path)
        let input = try folder.write(message, to: "message")
        let result = try Tool.run("openssl", ["pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", input])
        #expect(try SigningKey.verify(Array(result.output), of: message, by: theirs.publicKey.bytes))
        #expect(Array(result.output) == (try theirs.sign(message)))
    }

    @Test func opensslDerivesTheSamePublicKey() throws {
        let derived = try Tool.run("openssl", ["pkey", "-in", folder.at("dock.key"), "-pubout"])
        #expect(derived.text == key.publicPEM)
        #expect(try Tool.run("openssl", ["pkey", "-pubin", "-in", folder.at("dock.pem.pub"), "-noout"]).status == 0)
    }

    @Test func opensshReadsThePublicKey() throws {
        let printed = try Tool.run("ssh-keygen", ["-l", "-f", folder.at("dock.pub")])
        #expect(printed.status == 0, "\(printed.errors)")
        #expect(printed.text.hasPrefix("256 SHA256:"))
        #expect(printed.text.hasSuffix(" stadhuis-1 (ED25519)\n"))
        let pem = try Tool.run("ssh-keygen", ["-e", "-m", "PKCS8", "-f", folder.at("dock.pub")])
        // OpenSSH 9.2 cannot write Ed25519 as PKCS#8; where it can, it must write the same.
        if pem.status == 0 { #expect(pem.text == key.publicPEM) }
    }

    @Test func everyChangeToASignatureOrMessageIsNoticed() throws {
        let signature = try key.sign(message)
        #expect(try SigningKey.verify(signature, of: message, by: key.publicKey.bytes))
        for index in signature.indices {
            var wrong = signature
            wrong[index] ^= 1
            #expect(try !SigningKey.verify(wrong, of: message, by: key.publicKey.bytes))
        }
        #expect(try !SigningKey.verify(signature, of: message + [0], by: key.publicKey.bytes))
        #expect(try !SigningKey.verify(signature, of: message, by: SigningKey.generate().publicKey.bytes))
        for size in [0, 63, 65] {
            #expect(try !SigningKey.verify(.init(repeating: 0, count: size), of: message, by: key.publicKey.bytes))
        }
    }

    @Test(arguments: [0, 31, 33, 64])
    func aPublicKeyOfAnotherSizeIsAnError(size: Int) throws {
        let signature = try key.sign(message)
        #expect(throws: DockError.self) {
            try SigningKey.verify(signature, of: message, by: .init(repeating: 1, count: size))
        }
    }

    @Test(arguments: ["two\nlines", "tab\t", "\u{7f}", "\u{85}"])
    func aNameThatWouldBreakTheLineIsRefused(name: String) {
        #expect(throws: DockError.self) { try key.openSSHLine(name: name) }
    }
}
