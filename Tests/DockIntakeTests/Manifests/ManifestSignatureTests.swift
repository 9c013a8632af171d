import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Testing

@Suite struct ManifestSignatureTests {
    /// A key pair made by the `openssl` program.
    private struct CameraKey {
        let folder: TemporaryFolder
        let publicKey: [UInt8]

        init() throws {
            folder = try TemporaryFolder()
            #expect(
                try Tool.run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", folder.at("key")]).status == 0)
            let der = try Tool.run("openssl", ["pkey", "-in", folder.at("key"), "-pubout", "-outform", "DER"]).output
            publicKey = Array(der.suffix(32))
        }

        func sign(_ text: [UInt8]) throws -> String {
            let message = try folder.write(text, to: "message")
            #expect(
                try Tool.run(
                    "openssl",
                    [
                        "pkeyutl", "-sign", "-inkey", folder.at("key"), "-rawin", "-in", message, "-out",
                        folder.at("signature"),
                    ]
                ).status == 0)
            return try Data(contentsOf: URL(fileURLWithPath: folder.at("signature"))).base64EncodedString()
        }

        func signed(recordings: Int = 2, segments: Int = 3) throws -> ManifestText {
            var text = try ManifestText.sample(end: false)
            let message = "bodydock-manifest-v1\nBWC0042\n\(try text.previous)\n\(recordings)\n\(segments)\n"
            try text.addEnd(recordings, segments, signature: try sign(Array(message.utf8)))
            return text
        }
    }

    @Test func aSignatureByThePinnedKeyIsValid() throws {
        let key = try CameraKey()
        let read = try readOwn(try key.signed().bytes, keys: ["BWC0042": key.publicKey], verify: verifyWithOpenSSL)
        #expect(read.findings.isEmpty)
        #expect(read.manifest.signature == .valid)
    }

    @Test func aSignatureWithoutAPinnedKeyClaimsNothing() throws {
        let key = try CameraKey()
        let read = try readOwn(try key.signed().bytes, keys: ["BWC0043": key.publicKey], verify: verifyWithOpenSSL)
        #expect(read.findings.isEmpty)
        #expect(read.manifest.signature == .unpinned)
    }

    @Test func aSignatureByAnotherKeyHolds() throws {
        let read = try readOwn(
            try CameraKey().signed().bytes, keys: ["BWC0042": try CameraKey().publicKey], verify: verifyWithOpenSSL)
        #expect(read.codes == [.signatureInvalid])
        #expect(read.findings[0].holds)
        #expect(read.manifest.signature == .invalid)
    }

    @Test(arguments: [nil, "", "AAAA", "not base64!"])
    func aMissingOrBrokenSignatureHoldsWhereAKeyIsPinned(signature: String?) throws {
        var text = try ManifestText.sample(end: false)
        try text.addEnd(2, 3, signature: signature)
        let read = try readOwn(
            text.bytes, keys: ["BWC0042": [UInt8](repeating: 7, count: 32)], verify: verifyWithOpenSSL)
        #expect(read.codes == [.signatureInvalid])
        #expect(read.manifest.signature == .invalid)
    }

    @Test(arguments: 0...5)
    func aSignatureDoesNotCoverChangedLines(line: Int) throws {
        let key = try CameraKey()
        var text = try key.signed()
        text.lines[line] += " "
        let read = try readOwn(text.bytes, keys: ["BWC0042": key.publicKey], verify: verifyWithOpenSSL)
        #expect(read.codes == [.chainBroken, .signatureInvalid])
        #expect(read.manifest.signature == .invalid)
    }

    @Test func aChainThatWasForgedAnewHasNoSignature() throws {
        let key = try CameraKey()
        let signature = try #require(try key.signed().lines.last?.split(separator: "\"").dropLast().last)
        var forged = ManifestText()
        try forged.addHeader()
        try forged.addRecording("R17", 17)
        try forged.addSegment("R17", 1, file: "DCIM/A1.MP4")
        try forged.addEnd(1, 1, signature: String(signature))
        let read = try readOwn(forged.bytes, keys: ["BWC0042": key.publicKey], verify: verifyWithOpenSSL)
        #expect(read.codes == [.signatureInvalid])
    }

    @Test func aManifestThatIsCutOffHasNoSignature() throws {
        let key = try CameraKey()
        let read = try readOwn(
            try key.signed().bytes.dropLast(3), keys: ["BWC0042": key.publicKey], verify: verifyWithOpenSSL)
        #expect(read.manifest.signature == .invalid)
        #expect(read.codes.contains(.signatureInvalid))
    }

    @Test func aFailureOfTheVerifierIsNotTakenForAnAnswer() throws {
        let key = try CameraKey()
        let bytes = try key.signed().bytes
        let failure = DockError(.library, "cannot verify", at: "test", because: "a test says so", next: "nothing")
        #expect(throws: failure) {
            try readOwn(bytes, keys: ["BWC0042": key.publicKey]) { (_, _, _) throws(DockError) in throw failure }
        }
    }
}
