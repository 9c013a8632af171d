import DockCore
import DockSystem
import Testing

@Suite struct DigesterTests {
    @Test func hashesAreThoseOfTheStandards() throws {
        var sha256 = try Digester(.sha256)
        try sha256.update(Array("abc".utf8))
        #expect(
            try sha256.finishSHA256().description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try Hex.encode(sha256.finish()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        var md5 = try Digester(.md5)
        try md5.update(Array("abc".utf8))
        #expect(try Hex.encode(md5.finish()) == "900150983cd24fb0d6963f7d28e17f72")
    }

    @Test func aHashIsReadAndWrittenAsText() throws {
        let digest = try SHA256Digest(hashing: Array("abc".utf8))
        #expect(SHA256Digest(hex: digest.description.uppercased()) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(SHA256Digest(hex: digest.description.dropLast()) == nil)
        #expect(SHA256Digest(hex: String(repeating: "g", count: 64)) == nil)
    }
}
