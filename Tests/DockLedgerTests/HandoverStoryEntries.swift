import DockCore
import DockLedger

// What is written down for handovers.

extension Story {
    func recordings() throws -> LedgerEvent {
        .recordings(
            RecordingsListed(
                docking: docking, camera: camera,
                [
                    Recording(
                        name: "R1", trigger: Story.time, preRecord: 30, warning: .before,
                        segments: [
                            ListedSegment(
                                path: try path(1), start: Story.time.adding(seconds: -30),
                                duration: 60.5)
                        ]),
                    Recording(name: "R/\"2\"\u{1}", warning: .unknown),
                ]))
    }

    func taken(battery: Int? = 97) -> LedgerEvent {
        .taken(CameraTaken(docking: docking, camera: camera, bay: "3", battery: battery, wasReady: true))
    }

    func reported(_ edition: Int = 1) throws -> LedgerEvent {
        .shiftReported(
            ShiftReported(
                shift: "late", date: CivilDate(days: 20_000), edition: edition, end: Story.time, open: 2,
                sha256: try content(5)))
    }

    func alarm(_ change: AlarmChange.Change, _ kind: Alarm.Kind = .vaultDown) -> LedgerEvent {
        var alarm = Alarm(.init(kind, "archive"), what: "it is away/é", next: "look", raised: Story.time)
        if change == .acknowledged { (alarm.acknowledged, alarm.by) = (Story.time, "root") }
        return .alarm(AlarmChange(change, alarm))
    }
}
