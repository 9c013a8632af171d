import DockCore
import Testing

@testable import DockSeal

@Suite struct EncodingTests {
    // The X25519 pair that age.md shows: the identity is 32 times 0x42.
    private let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    private let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

    @Test func theSpecificationsPairIsReadAndWritten() throws {
        let read = try AgeIdentity(identity)
        #expect(read.secret.withBytes { $0.allSatisfy { $0 == 0x42 } })
        #expect(read.text == identity)
        #expect(read.recipient.text == recipient)
        #expect(try AgeRecipient(recipient) == read.recipient)
    }

    // Valid strings of BIP 173 whose data is whole bytes or has zero padding.
    @Test(arguments: [
        ("a", "a12uel5l", 0), ("abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", 20), ("A", "A12UEL5L", 0),
        ("split", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", 30),
    ])
    func validBech32IsRead(prefix: String, text: String, count: Int) throws {
        let bytes = try Bech32.decode(Array(text.utf8), prefix: prefix)
        #expect(bytes.count == count)
        #expect(Bech32.encode(bytes, prefix: prefix) == text)
    }

    // `a1lqfn3a` has the checksum of Bech32m (BIP 350).
    @Test(arguments: [
        ("a", "a12uel5L", Bech32.Fault.character), ("a", "a12uel5b", .character), ("a", "a12uel5q", .checksum),
        ("a", "a1lqfn3a", .checksum), ("a", "a12uel", .checksum), ("b", "a12uel5l", .prefix), ("a", "", .prefix),
        ("a", "a12uel5\u{e9}", .character), ("a", "a112uel5l", .character),
    ])
    func wrongBech32IsRefused(prefix: String, text: String, fault: Bech32.Fault) {
        #expect(throws: fault) { try Bech32.decode(Array(text.utf8), prefix: prefix) }
    }

    @Test func everySingleWrongCharacterOfARecipientIsNoticed() {
        for index in 4..<recipient.utf8.count {
            var text = Array(recipient.utf8)
            text[index] = text[index] == UInt8(ascii: "q") ? UInt8(ascii: "p") : UInt8(ascii: "q")
            #expect(throws: Bech32.Fault.checksum) { try Bech32.decode(text, prefix: "age") }
        }
    }

    // RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64FollowsTheVectors(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(Array(text.utf8)) == Array(plain.utf8))
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        #expect(Base64.encode(Array(plain.utf8), padded: true) == text + padding)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm8=", "Zm9vY", "Zm 9", "Zm9\n", "Zm9-", "Zm9_", "=", "\u{e9}A"])
    func base64ThatIsNotCanonicalIsRefused(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

    @Test func base64ReadsAllBytes() {
        let bytes = (0...255).map(UInt8.init)
        #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
    }
}
