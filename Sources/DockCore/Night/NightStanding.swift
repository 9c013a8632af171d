/// How the nights stand, for people: the runs of the last one, and whether it is too long ago.
public struct NightStanding: Sendable, Equatable, Codable {
    /// The runs of the last night, oldest first; none if there was no night yet.
    public var runs: [NightReport]
    /// Whether a night should have ended since.
    public var isOverdue: Bool

    /// Seconds after which a night is missed: a day, and time for the run itself and for what delays it.
    public static let patience: Double = 36 * 3600

    /// - Parameters:
    ///   - runs: the runs of the last night, oldest first.
    ///   - began: when the ledger was begun; nil if it is empty.
    ///   - now: by the dock's clock.
    public init(runs: [NightReport], ledgerBegan began: Instant?, now: Instant) {
        self.runs = runs
        let last = runs.last?.ended ?? began
        isOverdue = last.map { now.seconds(since: $0) > NightStanding.patience } ?? false
    }

    /// For people.
    public var lines: [String] {
        guard let last = runs.last else {
            return [(isOverdue ? "MISSED: " : "") + "no night yet: is bodydock-nightly.timer enabled?"]
        }
        var lines: [String] = []
        for run in runs {
            lines.append(run.summary)
            lines += run.steps.filter { $0.outcome == .failed }.map { "    \($0.kind.rawValue): \($0.note)" }
        }
        if isOverdue {
            lines.append("    MISSED: no night has ended since \(last.ended): see 'systemctl status bodydock-nightly'")
        }
        return lines
    }
}
