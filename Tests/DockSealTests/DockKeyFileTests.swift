import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@testable import DockSeal

@Suite struct DockKeyFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var own: DockKeyFile { DockKeyFile(configured: nil, state: folder.path) }

    private func failure(_ file: DockKeyFile) -> DockError? {
        do throws(DockError) {
            _ = try file.loadOrMake()
            return nil
        } catch { return error }
    }

    @Test func theKeyIsMadeOnceForItsOwnerAlone() throws {
        #expect(throws: DockError.self) { try own.load() }
        let made = try own.loadOrMake()
        #expect(try own.loadOrMake().publicKey == made.publicKey)
        #expect(try own.load().publicKey == made.publicKey)
        #expect(try FileStatus.of(folder.at("keys/dock.key")).permissions == 0o600)
        #expect(try FileStatus.of(folder.at("keys")).permissions == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.at("keys")) == ["dock.key"])
    }

    @Test func processesThatMakeItAtOnceGetTheSame() async throws {
        let own = own
        let keys = try await withThrowingTaskGroup(of: SSHPublicKey.self) { group in
            for _ in 0..<16 { group.addTask { try own.loadOrMake().publicKey } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o620]) func aKeyThatOthersCanTouchIsRefusedAndNotReplaced(mode: Int) throws
    {
        let made = try own.loadOrMake()
        #expect(chmod(folder.at("keys/dock.key"), mode_t(mode)) == 0)
        #expect(failure(own)?.code == .refused)
        #expect(chmod(folder.at("keys/dock.key"), 0o600) == 0)
        #expect(try own.loadOrMake().publicKey == made.publicKey)
    }

    @Test(.enabled(if: geteuid() == 0)) func rootTakesTheKeyOfTheAgentsUser() throws {
        let made = try own.loadOrMake()
        #expect(chown(folder.at("keys/dock.key"), 65_534, 65_534) == 0)
        #expect(try own.loadOrMake().publicKey == made.publicKey)
    }

    @Test func aKeyThatTheConfigurationNamesIsNeverMade() throws {
        let path = folder.at("elsewhere.key")
        let named = DockKeyFile(configured: path, state: folder.path)
        #expect(failure(named)?.code == .notFound)
        let key = try SigningKey.generate()
        try key.save(to: path)
        #expect(try named.loadOrMake().publicKey == key.publicKey)
        #expect(failure(DockKeyFile(configured: "dock-key", state: folder.path))?.code == .configuration)
    }

    @Test func whatIsNoKeyIsNotOverwritten() throws {
        _ = try folder.write(Array("not a key\n".utf8), to: "keys/dock.key")
        #expect(chmod(folder.at("keys/dock.key"), 0o600) == 0)
        #expect(failure(own)?.code == .malformed)
        #expect(try String(contentsOfFile: folder.at("keys/dock.key"), encoding: .utf8) == "not a key\n")
    }
}
