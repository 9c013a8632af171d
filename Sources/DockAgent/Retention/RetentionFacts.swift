import DockCore
import DockLedger
import DockSystem

/// What the ledger says of holds and retention, for people who look and change nothing.
public struct RetentionFacts: Sendable {
    private let configuration: Configuration
    private let ledger: Ledger
    private let clock: @Sendable () -> Instant

    /// Opens the ledger for reading.
    public init(_ configuration: Configuration) throws(DockError) {
        self.configuration = configuration
        ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: true)
        clock = WallClock.now
    }

    /// What a process that has the ledger open sees.
    init(_ resources: DockResources) {
        configuration = resources.configuration
        ledger = resources.ledger
        clock = resources.clock
    }

    /// All holds that there ever were.
    public func holds() throws(DockError) -> Holds { try ledger.holds() }

    /// What the vaults keep, and until when.
    public func survey() throws(DockError) -> RetentionSurvey {
        var survey = RetentionSurvey(configuration, holds: try ledger.holds(), now: clock())
        try KeptObjects(ledger: ledger, vaults: configuration.vaults.map(\.name)).forEach { batch in
            for (object, _) in batch { survey.add(object) }
        }
        return survey
    }
}
