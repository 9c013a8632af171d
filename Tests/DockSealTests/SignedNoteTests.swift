import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockSeal

@Suite struct SignedNoteTests {
    /// The example of c2sp.org/tlog-checkpoint has no public key; that of Go's note package (golang.org/x/mod/sumdb/note) has.
    @Test func theExampleOfTheGoPackageIsRead() throws {
        let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            """
        let signature =
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
        let note = try SignedNote("\(text)\n\u{2014} PeterNeumann \(signature)\n", at: "test")
        let key = try #require(Base64.decode(padded: "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".utf8))
        let known = NoteKey(name: "PeterNeumann", key: SSHPublicKey(Array(key.dropFirst())))
        #expect(try known.verifierKey == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        #expect(try note.standing(known) == .signed)
        #expect(note.text == text)
    }

    private let signer: DockSigner
    private let head: LedgerHead

    init() throws {
        signer = DockSigner(dock: "stadhuis-1", origin: "example.org/stadhuis-1", key: try .generate())
        let root = try #require(Base64.decode(padded: "3bueiUA+gJMl51DT0mPNeSksKUK3lCo0535IyxldSsg=".utf8))
        head = LedgerHead(entries: 7, root: try #require(SHA256Digest(bytes: root)))
    }

    @Test func aCheckpointSaysWhatItIs() throws {
        let note = try signer.sign(head)
        let lines = note.note.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(4) == ["example.org/stadhuis-1", "7", "3bueiUA+gJMl51DT0mPNeSksKUK3lCo0535IyxldSsg=", ""])
        #expect(lines[4].hasPrefix("\u{2014} example.org/stadhuis-1 ") && lines.count == 6)
        let read = try SignedNote(note.note, at: "test")
        #expect(read == note)
        #expect(Checkpoint(text: read.text) == Checkpoint(origin: "example.org/stadhuis-1", head: head))
        let key = NoteKey(name: signer.origin, key: signer.publicKey)
        #expect(try read.standing(key) == .signed)
        #expect(try read.standing(NoteKey(name: "example.org/stadhuis-2", key: signer.publicKey)) == .missing)
        #expect(try read.standing(NoteKey(name: signer.origin, key: SigningKey.generate().publicKey)) == .missing)
    }

    @Test func everyChangedByteIsNoticed() throws {
        let note = Array(try signer.sign(head).note.utf8)
        let key = NoteKey(name: signer.origin, key: signer.publicKey)
        for index in note.indices {
            var changed = note
            changed[index] ^= 1
            var standing = SignedNote.Standing.missing
            do throws(DockError) {
                standing = try SignedNote(String(decoding: changed, as: UTF8.self), at: "test").standing(key)
            } catch {
                #expect(error.code == .malformed)
            }
            #expect(standing != .signed, "byte \(index)")
        }
    }

    @Test func whatIsNoNoteIsRefused() throws {
        let good = try signer.sign(head).note
        for text in [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n\nname sig\n", String(good.dropLast()), good + "more\n",
            good.replacingOccurrences(of: "7", with: "7\r"), "text\n\n\u{2014} a+b AAAAAAAA\n",
            "text\n\n\u{2014} a AAAA\n", "text\n\n\u{2014} a b AAAAAAAA\n",
            String(repeating: "x", count: 70_000) + good,
            "text\n\n" + String(repeating: "\u{2014} a AAAAAAAA\n", count: 65),
        ] {
            #expect(throws: DockError.self, "\(text.prefix(30))") { try SignedNote(text, at: "test") }
        }
    }

    @Test func textsThatAreNoCheckpointsAreNone() {
        let good = "o\n7\n3bueiUA+gJMl51DT0mPNeSksKUK3lCo0535IyxldSsg=\n"
        #expect(Checkpoint(text: good)?.text == good)
        #expect(Checkpoint(text: good + "extension\n")?.head == head)
        for text in [
            "", "o\n7\n", good.replacingOccurrences(of: "7\n3", with: "07\n3"), String(good.dropLast()), good + "\n",
            good.replacingOccurrences(of: "7\n3", with: "-7\n3"), good.replacingOccurrences(of: "o\n", with: "\n"),
            good.replacingOccurrences(of: "=", with: ""), good.replacingOccurrences(of: "7\n3", with: "+7\n3"),
            good.replacingOccurrences(of: "7\n3", with: "99999999999999999999\n3"),
        ] {
            #expect(Checkpoint(text: text) == nil, "\(text)")
        }
    }

    @Test func originsAreNames() {
        for good in ["bodydock/stadhuis-1", "example.org:8443/a/b", "x"] { #expect(Checkpoint.isOrigin(good)) }
        for bad in ["", "/", "a/", "a//b", "a b", "a+b", "\u{e9}", "a\n", String(repeating: "a", count: 201)] {
            #expect(!Checkpoint.isOrigin(bad), "\(bad)")
        }
    }
}
