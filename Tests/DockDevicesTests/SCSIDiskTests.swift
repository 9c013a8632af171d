import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Ejecting a disk")
struct SCSIDiskTests {
    static let flush: [UInt8] = [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    static let stop: [UInt8] = [0x1b, 0, 0, 0, 2, 0]
    static let test: [UInt8] = [0, 0, 0, 0, 0, 0]

    static func check(_ key: UInt8, _ code: UInt8, _ qualifier: UInt8) -> SCSIReply {
        .check(SCSIReply.Sense([0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, code, qualifier, 0, 0, 0, 0])!)
    }

    /// What is sent to a disk that answers so, and the error that comes of it.
    func conversation(_ replies: [Result<SCSIReply, Errno>]) -> (sent: [[UInt8]], isGone: Bool?, error: DockError?) {
        var rest = replies[...]
        var sent: [[UInt8]] = []
        do {
            let isGone = try SCSIDisk.eject("sda") { command throws(Errno) in
                sent.append(command)
                return try (rest.popFirst() ?? .failure(Errno(ETIMEDOUT))).get()
            }
            return (sent, isGone, nil)
        } catch {
            return (sent, nil, error)
        }
    }

    @Test func theCacheIsWrittenFirstAndTheMediumLookedForLast() {
        let talk = conversation([.success(.good), .success(.good), .success(Self.check(2, 0x3a, 0))])
        #expect(talk.sent == [Self.flush, Self.stop, Self.test] && talk.isGone == true)
        #expect(conversation([.success(.good), .success(.good), .success(.good)]).isGone == false)
        #expect(conversation([.success(.good), .success(.good), .success(Self.check(2, 4, 2))]).isGone == false)
    }

    @Test func whatNeedNotWorkMayFail() {
        // No cache; no medium; it was reset a moment ago; it recovered.
        for replies in [
            [Self.check(5, 0x20, 0), .good, .good], [Self.check(2, 0x3a, 0), Self.check(2, 0x3a, 1)],
            [Self.check(6, 0x29, 0), Self.check(6, 0x28, 0), .good, .good, .good],
            [.good, Self.check(1, 0x17, 0), .good],
        ] {
            #expect(conversation(replies.map { .success($0) }).error == nil, "\(replies)")
        }
    }

    @Test func aDiskThatCannotWriteIsNotEjected() {
        let talk = conversation([.success(Self.check(3, 0x0c, 0))])
        #expect(talk.sent == [Self.flush])
        #expect(talk.error?.code == .io && talk.error?.why.contains("medium error (sense 3/0c/00)") == true)
    }

    @Test func refusalsAndSilence() {
        let locked = conversation([.success(.good), .success(Self.check(5, 0x53, 2))]).error
        #expect(locked?.code == .refused && locked?.why.contains("locked") == true && locked?.isPassing == true)
        #expect(conversation([.success(.good), .success(Self.check(5, 0x20, 0))]).error?.code == .refused)
        let endless = conversation(Array(repeating: .success(Self.check(6, 0x29, 0)), count: 50))
        #expect(endless.error?.code == .io && endless.sent.count == 5)
        #expect(conversation([.success(.lost(status: 0, host: 3, driver: 0))]).error?.isPassing == true)
        #expect(conversation([.failure(Errno(ENODEV))]).error?.code == .disconnected)
        #expect(conversation([]).error?.code == .unreachable)
    }

    @Test func senseOfAnyShape() {
        #expect(SCSIReply.Sense([0x72, 5, 0x53, 2])?.isLocked == true)
        #expect(SCSIReply.Sense([0xf0, 0, 2])?.description == "not ready (sense 2/00/00)")
        for bytes: [UInt8] in [[], [0x70], [0x70, 0], [0x72, 1, 2], [0], [0x7f, 1, 2, 3], [0xff]] {
            #expect(SCSIReply.Sense(bytes) == nil)
        }
    }

    @Test func namesThatAreNoDisk() {
        for (name, code) in [
            ("", DockError.Code.malformed), ("../sda", .malformed), ("sd a", .malformed), ("nosuch", .disconnected),
        ] {
            #expect(throws: DockError.self) { _ = try SCSIDisk.eject(name) }
            do { _ = try SCSIDisk.eject(name) } catch { #expect(error.code == code, "\(name)") }
        }
    }

    @Test func aDiskWithoutGenericNode() throws {
        let answers = try MockMachine.run(MockUSB.dock + DeviceScannerTests.camera().commands + [.eject("sda")])
        guard case .failure(let code, let text) = answers.last else { throw RigFailure("\(answers)") }
        #expect(code == "notFound" && text.contains("load the module sg"))
    }
}
