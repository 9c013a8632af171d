import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// Whom a vault trusts, and what it shows of itself.
@Suite struct S3TrustTests {
    private struct Bench {
        let authority: TestAuthority
        let server: (certificate: String, key: String, both: String)
        let service: HostileService

        init(days: Int = 2, _ further: (TestAuthority) -> String? = { _ in nil }) throws {
            authority = try TestAuthority()
            server = try authority.issue("server", days: days)
            service = try HostileService(certificate: server.both, further(authority))
        }

        func store(
            host: String = "127.0.0.1", caFile: Bool = true, client: ClientCertificate? = nil, pinned: String? = nil
        ) throws -> Answers {
            try HostileBench(
                "honest", endpoint: "https://\(host):\(service.port)", caFile: caFile ? authority.file : nil,
                client: client, pinned: pinned
            ).store()
        }
    }

    @Test func certificatesAreChecked() throws {
        let bench = try Bench()
        let refused = try bench.store(caFile: false).error()
        #expect(refused.code == .refused)
        #expect(!refused.isPassing)
        #expect(refused.next.contains("not trusted"))
        _ = try bench.store().receipt()
        // The certificate is for 127.0.0.1, not for this name.
        #expect(try bench.store(host: "localhost").error().code == .refused)
    }

    @Test func aCertificateThatHasExpiredIsSaidToHaveExpired() throws {
        let error = try Bench(days: -1).store().error()
        #expect(error.code == .refused)
        #expect(!error.isPassing)
        #expect(error.why.contains("expired"))
        #expect(error.next.contains("clock"), "\(error)")
    }

    @Test func aPinnedKeyIsTheOnlyOne() throws {
        let bench = try Bench()
        let pin = try TestAuthority.pin(of: bench.server.certificate)
        _ = try bench.store(pinned: pin).receipt()
        let other = try TestAuthority.pin(of: bench.authority.issue("other").certificate)
        _ = try bench.store(pinned: other + ";" + pin).receipt()
        let error = try bench.store(pinned: other).error()
        #expect(error.code == .refused)
        #expect(!error.isPassing)
        #expect(error.next.contains("pinned_public_key"))
        // A pin does not make an unknown authority good.
        #expect(try bench.store(caFile: false, pinned: pin).error().next.contains("not trusted"))
    }

    @Test func nothingOlderThanTLS12IsSpoken() throws {
        let error = try Bench { _ in "--old" }.store().error()
        #expect(error.code == .refused)
        #expect(!error.isPassing)
    }

    @Test func aServiceMayAskForACertificate() throws {
        let bench = try Bench { $0.file }
        let error = try bench.store().error()
        #expect(error.code == .refused, "\(error)")
        #expect(!error.isPassing)
        let client = try bench.authority.issue("client")
        let both = ClientCertificate(certificate: client.certificate, key: client.key)
        _ = try bench.store(client: both).receipt()
        let strange = try TestAuthority()
        let stranger = try strange.issue("stranger")
        let wrong = ClientCertificate(certificate: stranger.certificate, key: stranger.key)
        #expect(try bench.store(client: wrong).error().isPassing == false)
        let mixed = ClientCertificate(certificate: client.certificate, key: stranger.key)
        #expect(try bench.store(client: mixed).error().code == .configuration)
    }

    @Test func aKeyThatOthersCanReadIsRefused() throws {
        let authority = try TestAuthority()
        let client = try authority.issue("client")
        func open(key: String) throws -> DockError? {
            #expect(throws: DockError.self) {
                try HostileBench("honest", client: ClientCertificate(certificate: client.certificate, key: key))
            }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: client.key)
        #expect(try open(key: client.key)?.next.contains("chmod 600") == true)
        #expect(try open(key: client.certificate)?.code == .configuration)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: client.certificate)
        #expect(try open(key: client.certificate)?.why.contains("private key") == true)
        #expect(try open(key: authority.folder.at("missing"))?.code == .notFound)
    }
}
