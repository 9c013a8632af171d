import DockCore
import DockSystem

@testable import DockSeal

/// A sealed file whose every part can be wrong by itself: the header's MAC and all keys are right for what the test wrote, so
/// that the check under test is the one that answers.
struct HandmadeFile {
    let fileKey: Secret
    /// The header's text before the MAC line.
    var head: String
    /// The MAC line; made from the head while it is nil.
    var macLine: String?
    var nonce: [UInt8]
    /// The sealed chunks.
    var payload: [UInt8] = []

    /// A valid file with one stanza and the payload "hello".
    init(for recipient: AgeRecipient) throws {
        fileKey = try Secret.random(16)
        head = try HandmadeFile.head([X25519Stanza(wrapping: fileKey, for: recipient).stanza])
        nonce = try Randomness.bytes(16)
        try replacePayload([(Array("hello".utf8), 0, true)])
    }

    static func head(_ stanzas: [AgeHeader.Stanza]) -> String {
        String(String(decoding: AgeHeader.authenticated(stanzas), as: UTF8.self).dropLast(3))
    }

    /// Seals chunks with counters and last flags as given.
    mutating func replacePayload(_ chunks: [(plaintext: [UInt8], counter: UInt64, isLast: Bool)]) throws {
        payload = []
        for chunk in chunks { payload += try seal(chunk.plaintext, chunk.counter, chunk.isLast) }
    }

    private func seal(_ plaintext: [UInt8], _ counter: UInt64, _ isLast: Bool) throws -> [UInt8] {
        var cipher = try ChunkCipher(sealing: true, key: AgeHeader.payloadKey(fileKey, nonce: nonce))
        var output = [UInt8](repeating: 0, count: plaintext.count + 16)
        let result = output.withUnsafeMutableBytes { room in
            plaintext.withUnsafeBytes { bytes in
                Result { () throws(DockError) in try cipher.seal(bytes, counter: counter, isLast: isLast, into: room) }
            }
        }
        try result.get()
        return output
    }

    /// The right MAC for the head, as text.
    func mac() throws -> String { Base64.encode(try AgeHeader.mac(of: Array((head + "---").utf8), fileKey)) }

    /// All of the file.
    func bytes() throws -> [UInt8] { Array((head + (try macLine ?? "--- \(mac())\n")).utf8) + nonce + payload }
}
