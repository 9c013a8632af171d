import Foundation

@testable import DockBoard
@testable import DockCore

/// Docks as the board is told of them.
enum SampleDock {
    static let noon = Instant(seconds: 1_800_000_000)

    static func bay(
        _ name: String, _ state: BayStatus.State, camera: String? = nil, wearer: String? = nil, percent: Int64? = nil,
        left: Double? = nil, battery: Int? = nil, reasons: [String] = []
    ) -> BayStatus {
        BayStatus(
            bay: name, state: state, seconds: 90, reasons: reasons, camera: camera, wearer: wearer,
            progress: percent.map { WorkProgress(bytes: $0 * 1_000_000, total: 100_000_000, bytesPerSecond: 1e6) },
            secondsLeft: left, battery: battery.map { BatteryReading(percent: $0, source: .statusFile) }, ports: [],
            steps: [])
    }

    static func status(_ bays: [BayStatus], vaults: [VaultStatus] = [], free: Int64? = 9_000_000_000) -> DockStatus {
        DockStatus(
            dock: "stadhuis-1", agent: "1.2.3", since: noon.adding(seconds: -3600), now: noon, bays: bays,
            spool: SpoolStatus(undelivered: 0, freeBytes: free, keepFree: 2_000_000_000), vaults: vaults,
            isStopping: false)
    }

    /// A bay in every state.
    static let everyState = status(
        BayStatus.State.allCases.enumerated().map { index, state in
            bay(
                "\(index + 1)", state, camera: state == .empty ? nil : "BWC00\(index + 10)", wearer: "badge-4711",
                percent: [.reading, .delivering].contains(state) ? 42 : nil, left: state == .reading ? 700 : nil,
                battery: 80)
        })

    /// A vault that is in trouble.
    static func vault(_ name: String, _ state: VaultStatus.State) -> VaultStatus {
        var status = VaultStatus(VaultHealth(vault: name), now: noon, clock: noon)
        status.state = state
        status.isAlarm = state == .stopped
        status.since = state == .working ? nil : noon.adding(seconds: -600)
        status.why = state == .working ? nil : "cannot reach it: <b>secret host</b>"
        return status
    }

    /// A feed that was told this.
    static func feed(_ status: DockStatus?) -> BoardFeed {
        let feed = BoardFeed(now: { noon.adding(seconds: 10) }, clock: .utc)
        if let status { feed.show(status) }
        return feed
    }
}
