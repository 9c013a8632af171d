import DockCore

/// What the board knows at one moment.
struct BoardMoment: Sendable, Equatable {
    /// What the dock showed last; nil if it never was heard of.
    var status: DockStatus?
    /// Since when nothing was heard of it; nil while it is there.
    var lostSince: Instant?
    /// When this is looked at.
    var now: Instant

    /// Whether what is shown is so now.
    var isCurrent: Bool { status != nil && lostSince == nil }

    /// The bays of one kind.
    func count(_ kind: TileKind) -> Int { status?.bays.count { TileKind($0.state) == kind } ?? 0 }

    /// Seconds since `status` was told: what it says of durations is older by so much.
    var age: Double { status.map { max(0, now.seconds(since: $0.now)) } ?? 0 }
}
