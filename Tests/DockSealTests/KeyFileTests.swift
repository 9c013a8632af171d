import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@testable import DockSeal

@Suite struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, mode: mode_t = 0o600) throws -> String {
        let path = try folder.write(Array(text.utf8), to: "key-\(Hex.encode(try Randomness.bytes(4)))")
        #expect(chmod(path, mode) == 0)
        return path
    }

    private func loadIdentities(_ path: String) -> DockError? {
        do throws(DockError) {
            _ = try AgeIdentity.load(file: path)
            return nil
        } catch { return error }
    }

    private func loadSigningKey(_ path: String) -> DockError? {
        do throws(DockError) {
            _ = try SigningKey.load(file: path)
            return nil
        } catch { return error }
    }

    @Test func anIdentityFileMayHoldCommentsBlankLinesAndSeveralIdentities() throws {
        let identities = try (0..<3).map { _ in try AgeIdentity.generate() }
        let lines = [
            "# created: now", "", identities[0].text, "#", identities[1].text + "\r", "\r", identities[2].text,
        ]
        let read = try AgeIdentity.load(file: write(lines.joined(separator: "\n")))
        #expect(read.map(\.recipient) == identities.map(\.recipient))
    }

    @Test func aWrongLineIsNamedByItsNumberAndNotRepeated() throws {
        let identity = try AgeIdentity.generate().text
        let otherEnd = identity.hasSuffix("Z") ? "Q" : "Z"
        for wrong in [
            identity + " ", identity.lowercased(), String(identity.dropLast()) + otherEnd, "AGE-PLUGIN-YUBIKEY-1QQQ",
            "hello",
        ] {
            let error = try #require(loadIdentities(write("# fine\n\(identity)\n\(wrong)\n")))
            #expect(error.place.hasSuffix(":3"))
            #expect(!error.description.contains(wrong))
        }
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n"])
    func aFileWithoutIdentitiesIsRefused(text: String) throws {
        #expect(try loadIdentities(write(text))?.why == "it holds no identity")
    }

    @Test(arguments: [mode_t(0o640), 0o604, 0o644, 0o620, 0o602, 0o610, 0o660])
    func keysThatOthersHaveAccessToAreRefused(mode: mode_t) throws {
        let key = try SigningKey.generate()
        try key.save(to: folder.at("dock.key"))
        #expect(chmod(folder.at("dock.key"), mode) == 0)
        #expect(loadSigningKey(folder.at("dock.key"))?.code == .refused)
        #expect(try loadIdentities(write(AgeIdentity.generate().text, mode: mode))?.code == .refused)
    }

    @Test func whatIsNoSmallRegularFileIsRefused() throws {
        let large = try write(String(repeating: "#\n", count: 40_000))
        #expect(loadIdentities(large)?.code == .limit)
        #expect(loadSigningKey(large)?.code == .limit)
        #expect(mkfifo(folder.at("pipe"), 0o600) == 0)
        for path in [folder.at("pipe"), folder.path, "/dev/null"] {
            #expect(loadIdentities(path)?.code == .malformed)
            #expect(loadSigningKey(path)?.code == .malformed)
        }
        #expect(loadIdentities(folder.at("missing"))?.code == .notFound)
    }

    @Test func keysAreWrittenForTheirOwnerOnlyAndNeverOverwritten() throws {
        let key = try SigningKey.generate()
        let identity = try AgeIdentity.generate()
        let writes: [(String, mode_t, (String) throws -> Void)] = [
            ("dock.key", 0o600, { try key.save(to: $0) }),
            ("age.key", 0o600, { try identity.save(to: $0, created: Instant(seconds: 0)) }),
            ("dock.pub", 0o644, { try key.savePublicKey(openSSH: $0, name: "dock") }),
            ("dock.pem.pub", 0o644, { try key.savePublicKey(pem: $0) }),
        ]
        for (name, mode, write) in writes {
            try write(folder.at(name))
            #expect(try FileStatus.of(folder.at(name)).permissions == mode)
            let content = FileManager.default.contents(atPath: folder.at(name))
            #expect(throws: DockError.self) { try write(folder.at(name)) }
            #expect(FileManager.default.contents(atPath: folder.at(name)) == content)
        }
    }

    @Test func aSavedSigningKeyIsTheSameKey() throws {
        let key = try SigningKey.generate()
        try key.save(to: folder.at("dock.key"))
        let loaded = try SigningKey.load(file: folder.at("dock.key"))
        #expect(loaded.publicKey == key.publicKey)
        #expect(try loaded.sign([1, 2]) == key.sign([1, 2]))
    }

    @Test func onlyUnencryptedEd25519KeysAreLoaded() throws {
        for arguments in [
            ["-algorithm", "x25519"], ["-algorithm", "rsa"], ["-algorithm", "ed25519", "-aes256", "-pass", "pass:x"],
        ] {
            let path = folder.at("other-\(arguments.count)-\(arguments[1])")
            #expect(try Tool.run("openssl", ["genpkey", "-quiet", "-out", path] + arguments).status == 0)
            #expect(chmod(path, 0o600) == 0)
            #expect(loadSigningKey(path)?.code == .malformed)
        }
        for text in ["", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "\u{0}\u{0}"] {
            #expect(try loadSigningKey(write(text))?.code == .malformed)
        }
    }
}
