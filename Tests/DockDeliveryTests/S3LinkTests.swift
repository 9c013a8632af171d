import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// A link that is thin, loses packets, breaks in the middle of a transfer, or leads to a far end that has forgotten: at last every
/// object is in the bucket, whole and once.
@Suite struct S3LinkTests {
    /// A bucket of the real gateway behind a link of its own, and vaults in it as new runs would open them.
    private struct Bench: Sendable {
        let folder: TemporaryFolder
        let bucket: S3Bench
        let link: Link
        let settings: S3Settings

        init(connections: Int = 1) throws {
            folder = try TemporaryFolder()
            let gateway = try CephGateway.shared()
            bucket = try gateway.makeBucket()
            let authority = try TestAuthority()
            let address = try Link.newAddress()
            link = try Link(
                to: gateway.endpoint, at: address, certificate: authority.issue("far", for: address).both)
            let trusted = try folder.write(Data(contentsOf: URL(fileURLWithPath: authority.file)), to: "authority.pem")
            settings = S3Settings(
                endpoint: link.endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: "",
                credentials: try VaultBench.credentials(in: folder), caFile: trusted, connections: connections,
                stallTimeout: 60)
        }

        /// - Parameter stallTimeout: seconds that it waits for a service that says nothing.
        func vault(stallTimeout: Double = 60, backoff: Backoff = Backoff(pauses: [])) throws -> S3Vault {
            var settings = settings
            settings.stallTimeout = stallTimeout
            return try S3Vault(
                name: "archive", settings: settings, confirmation: .head, backoff: backoff,
                records: folder.at("uploads"), clock: WallClock.now)
        }

        /// What passes of a delivery before its link breaks: its first part, and half of the second.
        static let passing = SealedSample.leastPart * 3 / 2

        /// Waits until so many more packets have been lost: each is one that somebody waits for in vain.
        func loses(_ packets: Int64) throws {
            let goal = try link.lost() + packets
            while try link.lost() < goal { usleep(10_000) }
        }

        /// Whether the bucket has these and nothing else, each with its bytes, and no unfinished upload.
        func holds(_ consignments: [Consignment]) throws -> Bool {
            guard try bucket.keys() == consignments.map({ $0.sealed.object.text }).sorted(),
                try bucket.uploads().isEmpty
            else { return false }
            return try consignments.allSatisfy {
                try bucket.bytes($0.sealed.object.text) == Data(contentsOf: URL(fileURLWithPath: $0.file))
            }
        }
    }

    /// What packets have in headers, TLS in records, and HTTP in requests, in proportion to what they carry; generously.
    private static let overhead = 1.15

    @Test func aThinLinkThatLosesPacketsBringsEverythingOnce() throws {
        let bench = try Bench(connections: 4)
        try bench.link.limit(megabits: 24, loss: 1)
        let files = try (0..<12).map {
            try SealedSample.make(in: bench.folder.path, bytes: 200_000 + Int64($0) * 10_000, name: "\($0).MP4")
        }
        let batch = try files + [SealedSample.make(parts: 1, in: bench.folder.path, name: "long.MP4")]
        let answers = try Answers(bench.vault(), batch)
        for index in batch.indices { _ = try answers.receipt(index) }
        #expect(try bench.link.lost() > 0)
        #expect(try bench.holds(batch))
        let bytes = batch.reduce(0) { $0 + $1.sealed.bytes }
        #expect(answers.bytes == bytes)
        let sent = try bench.link.count()
        #expect(Double(sent) < Double(bytes) * Self.overhead, "\(sent) bytes on the link for \(bytes)")
    }

    @Test(arguments: ["severed", "reset"])
    func aBreakThatLastsCostsNoPartThatHadArrived(_ how: String) throws {
        let bench = try Bench()
        try bench.link.limit(megabits: 60)
        let consignment = try SealedSample.make(parts: 3, in: bench.folder.path)
        try how == "severed" ? bench.link.sever(after: Bench.passing) : bench.link.reset(after: Bench.passing)
        let error = try Answers(bench.vault(stallTimeout: 2), [consignment]).error()
        #expect(error.code == .unreachable)
        #expect(error.isPassing)
        // As long as it lasts nothing is sent, and nothing is given up.
        #expect(try Answers(bench.vault(stallTimeout: 2), [consignment]).error().isPassing)
        #expect(try bench.bucket.uploads().count == 1)
        try bench.link.heal()
        let before = try bench.link.count()
        let answers = try Answers(bench.vault(), [consignment])
        _ = try answers.receipt()
        let missing = 2 * SealedSample.leastPart
        #expect(answers.bytes == missing)
        let sent = try bench.link.count() - before
        #expect(Double(sent) < Double(missing) * Self.overhead, "\(sent) bytes on the link for \(missing)")
        #expect(try bench.holds([consignment]))
    }

    /// The delivery of three parts goes on by itself, however the break ends, if it ends soon.
    @Test(arguments: [false, true])
    func aBreakShorterThanThePatienceNeedsNoOtherRun(_ isForgotten: Bool) throws {
        let bench = try Bench()
        try bench.link.limit(megabits: 60)
        let consignment = try SealedSample.make(parts: 3, in: bench.folder.path)
        let vault = try bench.vault(backoff: Backoff(pauses: [0, 0, 0]))
        try bench.link.sever(after: Bench.passing)
        let delivery = OnThread { Answers(vault, [consignment]) }
        try bench.loses(1)
        // The connection is then open on this side only, and nothing but an answer to the next packet can tell.
        if isForgotten { try bench.link.forget() }
        // Sent again in vain, after 0.2 s, 0.4 s, …
        try bench.loses(3)
        try bench.link.heal()
        let answers = try delivery.wait()
        _ = try answers.receipt()
        #expect(answers.bytes == consignment.sealed.bytes)
        // Where nobody forgot, nothing is sent twice. Else it is the part, at most, of which a half was under way.
        let most = consignment.sealed.bytes + (isForgotten ? SealedSample.leastPart : 0)
        let sent = try bench.link.count()
        #expect(Double(sent) < Double(most) * Self.overhead, "\(sent) bytes on the link for \(most)")
        #expect(try bench.holds([consignment]))
    }
}
