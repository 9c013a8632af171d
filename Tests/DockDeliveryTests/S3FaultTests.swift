import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// What becomes of a delivery when the service refuses, breaks or lies: always an error that says so, never a receipt.
@Suite struct S3FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let bucket: String
        let code: DockError.Code
        let isPassing: Bool
        let words: String
        var confirm = Receipt.Confirmation.head
        var testDescription: String { bucket }
    }

    static let faults: [Fault] = [
        Fault(bucket: "access-denied", code: .refused, isPassing: false, words: "AccessDenied"),
        Fault(bucket: "invalid-key", code: .refused, isPassing: false, words: "does not know the access key"),
        Fault(bucket: "bad-signature", code: .refused, isPassing: false, words: "secret key or the region"),
        Fault(bucket: "expired-key", code: .refused, isPassing: false, words: "the access key has expired"),
        Fault(bucket: "other-region", code: .refused, isPassing: false, words: "region"),
        Fault(bucket: "skewed", code: .refused, isPassing: false, words: "clock"),
        Fault(bucket: "no-bucket", code: .notFound, isPassing: false, words: "make the bucket"),
        Fault(bucket: "always-500", code: .unreachable, isPassing: true, words: "500 InternalError"),
        Fault(bucket: "twice-503", code: .unreachable, isPassing: true, words: "503 SlowDown"),
        Fault(bucket: "full", code: .noSpace, isPassing: true, words: "InsufficientStorage"),
        Fault(bucket: "bad-digest", code: .mismatch, isPassing: false, words: "spool file"),
        Fault(bucket: "cut-upload", code: .unreachable, isPassing: true, words: "run again"),
        Fault(bucket: "cut-answer", code: .unreachable, isPassing: true, words: "run again"),
        Fault(bucket: "short-head", code: .mismatch, isPassing: false, words: "4095 bytes instead of 4096"),
        Fault(bucket: "wrong-tag", code: .mismatch, isPassing: false, words: "tag"),
        Fault(bucket: "odd-tag", code: .malformed, isPassing: false, words: "tag"),
        Fault(bucket: "no-metadata", code: .mismatch, isPassing: false, words: "not sealing"),
        Fault(bucket: "vanish", code: .notFound, isPassing: false, words: "nothing stands"),
        Fault(bucket: "ghost", code: .notFound, isPassing: false, words: "nothing stands", confirm: .readback),
        Fault(bucket: "rot", code: .mismatch, isPassing: false, words: "read back", confirm: .readback),
        Fault(bucket: "long", code: .limit, isPassing: false, words: "longer than the object", confirm: .readback),
        Fault(bucket: "redirect", code: .refused, isPassing: false, words: "redirects are not followed"),
        Fault(bucket: "temporary-redirect", code: .refused, isPassing: false, words: "redirects are not followed"),
        Fault(bucket: "proxy-login", code: .refused, isPassing: false, words: "check the endpoint"),
        Fault(bucket: "flood", code: .limit, isPassing: false, words: "longer than 1048576 bytes"),
        Fault(bucket: "endless-head", code: .limit, isPassing: false, words: "head of the answer"),
        Fault(bucket: "not-http", code: .malformed, isPassing: false, words: "check the endpoint"),
    ]

    @Test(arguments: faults)
    func thereIsAReasonAndNoReceipt(_ fault: Fault) throws {
        let error = try HostileBench(fault.bucket, fault.confirm).store().error()
        #expect(error.code == fault.code)
        #expect(error.isPassing == fault.isPassing)
        #expect(error.description.contains(fault.words), "\(error)")
        #expect(!error.description.contains(CephGateway.secretKey))
    }

    @Test func anHonestServiceGivesReceipts() throws {
        for confirm in [Receipt.Confirmation.head, .readback] {
            #expect(try HostileBench("honest", confirm).store().receipt().bytes == 4096)
        }
    }

    @Test func aServiceThatNeverAnswersIsGivenUp() throws {
        let error = try HostileBench("silent", stallTimeout: 1).store().error()
        #expect(error.code == .unreachable)
        #expect(error.isPassing)
    }

    /// All at once: each takes ten times the patience.
    @Test func aServiceThatAnswersAByteNowAndThenIsGivenUp() throws {
        // In the head, in the body that follows a grant, and in the footage that is read back.
        let tries: [(bucket: String, confirm: Receipt.Confirmation)] = [
            ("drip", .head), ("drip-put", .head), ("drip-get", .readback),
        ]
        let errors = tries.map { bucket, confirm in
            OnThread { try HostileBench(bucket, confirm, stallTimeout: 1).store().error() }
        }
        for error in errors {
            let error = try error.wait()
            #expect(error.code == .unreachable)
            #expect(error.isPassing)
        }
    }

    @Test(arguments: [4096, 8 << 20])
    func anErrorInTheMiddleOfABodyIsPassing(_ bytes: Int64) throws {
        let error = try HostileBench("sudden-500").store(bytes: bytes).error()
        #expect(error.code == .unreachable)
        #expect(error.isPassing)
    }

    @Test func nobodyListeningIsPassing() throws {
        let error = try HostileBench("honest", endpoint: "http://127.0.0.1:9").store().error()
        #expect(error.code == .unreachable)
        #expect(error.isPassing)
    }

    @Test func redirectsAreNotFollowed() throws {
        let service = try HostileService()
        for bucket in ["redirect", "temporary-redirect"] {
            _ = try HostileBench(bucket, endpoint: "http://127.0.0.1:\(service.port)").store().error()
            #expect(try service.requests(bucket) != 0)
        }
        #expect(try service.requests("honest") == 0)
    }

    @Test func whatPassesIsTriedAgainWithinTheCall() throws {
        let bench = try HostileBench("twice-503", backoff: Backoff(pauses: [0, 0, 0]))
        let answers = try bench.store()
        _ = try answers.receipt()
        #expect(answers.bytes == 4096)
    }

    @Test func anAnswerThatGotLostIsFoundOutByLooking() throws {
        let service = try HostileService()
        let bench = try HostileBench(
            "lost-answer", backoff: Backoff(pauses: [0, 0, 0]), endpoint: "http://127.0.0.1:\(service.port)")
        #expect(try bench.store().receipt().key.contains("0001.MP4"))
        #expect(try service.bytes("lost-answer") == 4096, "and nothing is sent twice")
    }

    @Test func somebodyQuickerIsNotOverwritten() throws {
        let bench = try HostileBench("sudden-other")
        let consignment = try SealedSample.make(in: bench.folder.path)
        // The second name meets the same fate in this bucket.
        #expect(try Answers(bench.vault, [consignment]).error().code == .conflict)
    }

    @Test func aServiceWithoutConditionalWritesServes() throws {
        #expect(try HostileBench("unconditional").store().receipt().bytes == 4096)
    }

    @Test func aBatchDoesNotWaitForAServiceThatIsAwayOnceForEveryObject() throws {
        let service = try HostileService()
        let bench = try HostileBench("always-500", endpoint: "http://127.0.0.1:\(service.port)")
        let batch = try (0..<100).map { try SealedSample.make(in: bench.folder.path, name: "\($0).MP4") }
        let answers = Answers(bench.vault, batch)
        for index in batch.indices { #expect(try answers.error(index).isPassing) }
        #expect(try #require(try service.requests("always-500")) < 40)
    }

    @Test(arguments: [
        ("honest", nil), ("late-error", DockError.Code.refused), ("wrong-parts-tag", .mismatch),
        ("no-upload-id", .malformed),
        ("dead-part", .refused), ("cut-upload", .unreachable), ("short-head", .mismatch),
    ])
    func uploadsInPartsAreHeldToTheSame(_ bucket: String, _ code: DockError.Code?) throws {
        let answers = try HostileBench(bucket).store(bytes: SealedSample.fullPart + 1000)
        if let code {
            #expect(try answers.error().code == code)
        } else {
            #expect(try answers.receipt().checksum.hasSuffix("-2"))
        }
    }
}
