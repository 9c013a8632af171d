import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockSeal

/// Against Debian's `age` and `age-keygen`, in both directions.
@Suite struct AgeInteroperabilityTests {
    private static let sizes = [0, 1, 65535, 65536, 65537, 3 * 65536, 3 * 65536 + 1, 5_000_003]

    @Test(arguments: sizes)
    func ageOpensWhatIsSealedHere(size: Int) throws {
        let fixture = try SealedFixture()
        let plaintext = try Randomness.bytes(size)
        for step in [Sealer.chunk, 16 * Sealer.chunk] {
            let sealed = try SealedFixture.seal(plaintext, for: [fixture.identity.recipient], step: step)
            #expect(Int64(sealed.count) == Sealer.sealedBytes(plaintext: Int64(size), recipients: 1))
            let file = try fixture.folder.write(sealed, to: "sealed")
            let result = try Tool.run("age", ["-d", "-i", fixture.identityFile, file])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == Data(plaintext))
        }
    }

    @Test(arguments: sizes)
    func whatAgeSealedIsOpenedHere(size: Int) throws {
        let fixture = try SealedFixture()
        let plaintext = try Randomness.bytes(size)
        let result = try Tool.run("age", ["-r", fixture.identity.recipient.text], input: Data(plaintext))
        #expect(result.status == 0, "\(result.errors)")
        #expect(try fixture.open(Array(result.output)) == plaintext)
        #expect(Int64(result.output.count) == Sealer.sealedBytes(plaintext: Int64(size), recipients: 1))
    }

    @Test(arguments: 1...3)
    func everyRecipientOpensWithEitherProgram(count: Int) throws {
        let fixtures = try (0..<count).map { _ in try SealedFixture() }
        let recipients = fixtures.map(\.identity.recipient)
        let plaintext = try Randomness.bytes(70_000)
        let ours = try SealedFixture.seal(plaintext, for: recipients)
        let theirs = try Tool.run("age", recipients.flatMap { ["-r", $0.text] }, input: Data(plaintext))
        #expect(Int64(ours.count) == Sealer.sealedBytes(plaintext: 70_000, recipients: count))
        #expect(ours.count == theirs.output.count)
        for fixture in fixtures {
            #expect(try fixture.ageOpens(ours))
            #expect(try fixture.open(ours) == plaintext)
            #expect(try fixture.open(Array(theirs.output)) == plaintext)
        }
        let stranger = try SealedFixture()
        let why = UnsealFault.noIdentityMatches(kinds: ["\(count) × X25519"])
        #expect(try stranger.refusal(of: ours)?.why == why.error(at: "").why)
        #expect(try stranger.refusal(of: Array(theirs.output))?.why == why.error(at: "").why)
        #expect(try !stranger.ageOpens(ours))
    }

    @Test func whatAgeKeygenWritesIsLoadedAndNamesTheSameRecipient() throws {
        let folder = try TemporaryFolder()
        #expect(try Tool.run("age-keygen", ["-o", folder.at("key")]).status == 0)
        let identities = try AgeIdentity.load(file: folder.at("key"))
        let recipient = try Tool.run("age-keygen", ["-y", folder.at("key")]).text
        #expect(identities.map { $0.recipient.text + "\n" } == [recipient])
    }

    @Test func ageKeygenReadsTheIdentityFileWrittenHere() throws {
        let fixture = try SealedFixture()
        let result = try Tool.run("age-keygen", ["-y", fixture.identityFile])
        #expect(result.text == fixture.identity.recipient.text + "\n")
    }

    @Test func armoredFilesAreRefusedByName() throws {
        let fixture = try SealedFixture()
        let armored = try Tool.run("age", ["-a", "-r", fixture.identity.recipient.text], input: Data("hello".utf8))
        #expect(armored.status == 0)
        for text in [Array(armored.output), Array("\n \r\n".utf8) + Array(armored.output)] {
            #expect(try fixture.refusal(of: text)?.why == UnsealFault.armored.error(at: "").why)
        }
    }

    @Test func aFileSealedForASSHKeyIsSkippedAndNamed() throws {
        let fixture = try SealedFixture()
        let key = fixture.folder.at("ssh")
        #expect(try Tool.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
        let onlySSH = try Tool.run("age", ["-R", key + ".pub"], input: Data("hello".utf8))
        let kinds = ["1 × ssh-ed25519"]
        #expect(
            try fixture.refusal(of: Array(onlySSH.output))?.why
                == UnsealFault.noIdentityMatches(kinds: kinds).error(at: "").why)
        let both = try Tool.run(
            "age", ["-R", key + ".pub", "-r", fixture.identity.recipient.text], input: Data("hello".utf8))
        #expect(try fixture.open(Array(both.output)) == Array("hello".utf8))
    }
}
