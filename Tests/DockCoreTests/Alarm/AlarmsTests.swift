import Testing

@testable import DockCore

@Suite struct AlarmsTests {
    private static let now = Instant(seconds: 1_790_000_000)
    private func reason(_ subject: String) -> AlarmReason { AlarmReason(subject, what: "what", next: "next") }

    @Test func anAlarmIsRaisedOnceHoweverOftenItsCauseIsSeen() {
        var alarms = Alarms()
        let first = alarms.see(.heldCamera, [reason("A"), reason("B")], at: Self.now)
        #expect(first.map(\.change) == [.raised, .raised])
        #expect(alarms.see(.heldCamera, [reason("B"), reason("A")], at: Self.now.adding(seconds: 60)).isEmpty)
        // Reasons of another kind are nobody else's business.
        #expect(alarms.see(.overdueCamera, [], at: Self.now).isEmpty)
        let over = alarms.see(.heldCamera, [reason("A")], at: Self.now)
        #expect(over.map(\.change) == [.cleared] && over.first?.alarm.key == .init(.heldCamera, "B"))
        // The same again later is a new alarm.
        #expect(alarms.see(.heldCamera, [reason("A"), reason("B")], at: Self.now).map(\.change) == [.raised])
    }

    @Test func itIsAcknowledgedOnceAndStaysUntilItsCauseIsGone() {
        var alarms = Alarms()
        _ = alarms.raise(.vaultDown, reason("archive"), at: Self.now)
        let key = Alarm.Key(.vaultDown, "archive")
        #expect(alarms.acknowledge(.init(.vaultDown, "other"), by: "root", at: Self.now) == nil)
        #expect(alarms.acknowledge(key, by: "root", at: Self.now)?.alarm.by == "root")
        #expect(alarms.acknowledge(key, by: "eve", at: Self.now) == nil)
        #expect(alarms.open.first?.by == "root")
        #expect(alarms.raise(.vaultDown, reason("archive"), at: Self.now) == nil)
        #expect(alarms.clear(key)?.alarm.acknowledged == Self.now)
        #expect(alarms.clear(key) == nil && alarms.open.isEmpty)
    }

    @Test func whatTheLedgerSaysIsWhatWas() {
        var alarms = Alarms()
        var past: [AlarmChange] = []
        past += alarms.see(.heldCamera, [reason("A"), reason("B")], at: Self.now)
        past += [alarms.acknowledge(.init(.heldCamera, "B"), by: "root", at: Self.now)].compactMap(\.self)
        past += alarms.see(.heldCamera, [reason("B"), reason("C")], at: Self.now)
        #expect(Alarms(past) == alarms)
        // A ledger that was cut at its beginning tells the rest.
        #expect(Alarms(past.dropFirst()).open.map(\.key.subject) == ["B", "C"])
    }

    @Test func theirNumberHasAnEnd() {
        var alarms = Alarms()
        let changes = alarms.see(.heldCamera, (0..<5000).map { reason("\($0)") }, at: Self.now)
        #expect(changes.count == Alarms.most && alarms.open.count == Alarms.most)
    }

    @Test(arguments: [Alarm.Key(.vaultDown, "a:b"), Alarm.Key(.spoolFull), Alarm.Key(.nightFailed, "2026-10-25")])
    func aKeyIsReadAsItIsWritten(key: Alarm.Key) {
        #expect(Alarm.Key(text: key.text) == key)
        #expect(Alarm.Key(text: "no:such") == nil && Alarm.Key(text: "") == nil)
    }

    @Test func aSpoolIsNearlyFullBeforeItIs() {
        func count(_ free: Int64?) -> Int {
            AlarmReason.spool(SpoolStatus(undelivered: 0, freeBytes: free, keepFree: 1000)).count
        }
        #expect(count(1500) == 0 && count(1499) == 1 && count(0) == 1 && count(nil) == 0)
    }

    @Test func eachDockingWhoseSealedFilesAreDamagedIsAReason() {
        let damage = ["one", "two"].map { SpoolStatus.Damage(docking: $0, camera: "BWC0042", files: 3) }
        let reasons = AlarmReason.damage(damage)
        #expect(reasons.map(\.subject) == ["one", "two"])
        #expect(reasons.allSatisfy { $0.what.contains("3 sealed files of camera BWC0042") })
    }

    @Test func aBatteryThatLastsShorterThanAtFirstIsWorn() {
        func outings(_ losses: [Int]) -> [BatteryTrend.Outing] {
            losses.map { .init(taken: 100, returned: 100 - $0 * 8, hours: 8) }
        }
        // 10 h at first and now; 10 h and then 6 h; too few; not for a shift of 11 h.
        let steady = BatteryTrend(outings(Array(repeating: 10, count: 10)))
        #expect(
            steady.hours == 10 && !steady.isWorn(shift: nil) && !steady.isWorn(shift: 8) && steady.isWorn(shift: 11))
        let worn = BatteryTrend(outings(Array(repeating: 6, count: 5) + Array(repeating: 12, count: 5)))
        #expect(worn.isWorn(shift: nil))
        #expect(worn.reason("A", title: "3", shift: nil)?.what.contains("lasts 8.3 h, and lasted 16.7 h") == true)
        #expect(!BatteryTrend(outings(Array(repeating: 12, count: 9))).isWorn(shift: 24))
        // What says nothing does not count: taken half empty, away for a week, charged elsewhere.
        let noise: [BatteryTrend.Outing] = [
            .init(taken: 40, returned: 1, hours: 2), .init(taken: 100, returned: 0, hours: 170),
            .init(taken: 60, returned: 90, hours: 8),
        ]
        #expect(BatteryTrend(noise + outings(Array(repeating: 10, count: 9))).hours == nil)
    }
}
