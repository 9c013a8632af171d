/// From when until when footage is kept.
public struct RetentionTime: Sendable, Equatable {
    /// When it was recorded, by the camera's clock; when it was read, where the camera gives no time, or one that cannot be.
    public var begin: Instant
    /// When it is to be deleted; nil if nobody says how long it is kept.
    public var deadline: Instant?
}

extension SegmentSealed {
    /// How long it is kept. Records that the dock made itself are no footage: nobody says how long they are kept.
    /// - Parameters:
    ///   - read: when it was read, by the dock's clock.
    ///   - configuration: says how long its team keeps its footage: the one that its camera belonged to then, else the one of now.
    public func retention(readAt read: Instant, _ configuration: Configuration) -> RetentionTime {
        let begin = recorded.flatMap { TimeCheck.isPossible(recorded: $0, readAt: read) ? min($0, read) : nil } ?? read
        let kept = role == .record ? nil : team(configuration)
        return RetentionTime(begin: begin, deadline: kept.map { begin.adding(seconds: $0.retention) })
    }

    /// The team whose footage it is; nil if there is none, or it is not configured any more.
    public func team(_ configuration: Configuration) -> TeamSettings? {
        guard let team else { return configuration.team(ofCamera: camera) }
        return configuration.teams.first { $0.name == team }
    }
}
