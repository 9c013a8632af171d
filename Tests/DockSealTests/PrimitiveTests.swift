import DockCore
import Testing

@testable import DockSeal

@Suite struct PrimitiveTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    private func secret(_ hex: String) throws -> Secret {
        var bytes = try bytes(hex)
        return Secret.taking(&bytes)
    }

    private func hex(_ secret: Secret) -> String { secret.withBytes { Hex.encode($0) } }

    // RFC 7748 section 6.1.
    @Test func x25519AgreesAsInTheRFC() throws {
        let alice = try RawKey(
            .x25519, secret: secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let bob = try RawKey(
            .x25519, secret: secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        let (ofAlice, ofBob) = (try alice.publicKey(), try bob.publicKey())
        #expect(Hex.encode(ofAlice) == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        #expect(Hex.encode(ofBob) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
        #expect(try KeyAgreement.sharedSecret(alice, with: ofBob).map(hex) == shared)
        #expect(try KeyAgreement.sharedSecret(bob, with: ofAlice).map(hex) == shared)
    }

    @Test(arguments: LowOrder.points)
    func pointsOfLowOrderGiveNoSecret(point: String) throws {
        let key = try RawKey(.x25519, secret: Secret.random(32))
        #expect(try KeyAgreement.sharedSecret(key, with: bytes(point)).map(hex) == nil)
    }

    // RFC 5869 appendix A.3.
    @Test func hkdfFollowsTheRFC() throws {
        let derived = try KeyAgreement.derive(from: secret(String(repeating: "0b", count: 22)), info: "")
        #expect(hex(derived) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    }

    // RFC 4231 section 4.3.
    @Test func hmacFollowsTheRFC() throws {
        var key = Array("Jefe".utf8)
        let code = try KeyAgreement.authenticationCode(
            of: Array("what do ya want for nothing?".utf8), key: Secret.taking(&key))
        #expect(Hex.encode(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    // RFC 8032 section 7.1, tests 1 and 2.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ])
    func ed25519FollowsTheRFC(seed: String, publicKey: String, message: String, signature: String) throws {
        let key = try SigningKey(seed: secret(seed))
        #expect(Hex.encode(key.publicKey.bytes) == publicKey)
        let message = try bytes(message)
        #expect(Hex.encode(try key.sign(message)) == signature)
        #expect(try SigningKey.verify(bytes(signature), of: message, by: key.publicKey.bytes))
    }

    @Test func secretsLeaveTheArrayTheyCameFromEmpty() {
        var source: [UInt8] = [1, 2, 3]
        let secret = Secret.taking(&source)
        #expect(source.isEmpty)
        #expect(secret.withBytes { Array($0) } == [1, 2, 3])
    }
}

/// Points of Curve25519 whose multiple by any private key is zero (RFC 7748 section 6.1).
enum LowOrder {
    /// In the form that numbers below 2^255 − 19 have.
    static let canonical = [
        String(repeating: "00", count: 32), "01" + String(repeating: "00", count: 31),
        "ec" + String(repeating: "ff", count: 30) + "7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ]
    /// The same as 0 and 1, written as 2^255 − 19 and 2^255 − 18.
    static let otherForms = ["ed", "ee"].map { $0 + String(repeating: "ff", count: 30) + "7f" }
    static let points = canonical + otherForms
}
