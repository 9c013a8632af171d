import DockCore
import Foundation
import Testing

@Suite struct ObjectLockTests {
    private let moment = Instant(seconds: 1_790_000_000)

    @Test func receiptsOfOlderLedgersAreReadAndWrittenAsTheyWere() throws {
        let old = Receipt(
            vault: "a", sealing: "s", key: "k", bytes: 1, checksum: "etag:x", confirmation: .head, confirmed: moment)
        let text = String(decoding: try JSONEncoder().encode(old), as: UTF8.self)
        #expect(!text.contains("lock"))
        #expect(try JSONDecoder().decode(Receipt.self, from: Data(text.utf8)) == old)
    }

    @Test func aLockInAReceiptIsKept() throws {
        let receipt = Receipt(
            vault: "a", sealing: "s", key: "k", bytes: 1, checksum: "etag:x", confirmation: .head, confirmed: moment,
            lock: ObjectLock.State(mode: .compliance, until: moment, legalHold: true))
        #expect(try JSONDecoder().decode(Receipt.self, from: JSONEncoder().encode(receipt)) == receipt)
    }

    @Test(arguments: [
        (ObjectLock.Mode?.none, 0.0, ObjectLock.Mode.governance, false), (.governance, 0, .governance, true),
        (.governance, 0, .compliance, false), (.compliance, 0, .governance, true),
        (.compliance, -1, .compliance, false),
        (.governance, 60, .governance, true),
    ])
    func aLockCoversWhatIsNeitherLongerNorStricter(
        _ mode: ObjectLock.Mode?, _ seconds: Double, _ wanted: ObjectLock.Mode, _ covers: Bool
    ) {
        let state = ObjectLock.State(mode: mode, until: mode == nil ? nil : moment.adding(seconds: seconds))
        #expect(state.covers(wanted, until: moment) == covers)
    }
}
