/// When cameras are needed next: each day at the time that the configuration names, and for the shifts in which the roster has them.
public struct CameraNeeds: Sendable, Equatable {
    /// Minutes after midnight, by serial number.
    private var daily: [String: Int] = [:]
    /// Beginnings of shifts, by serial number.
    private var shifts: [String: [Instant]] = [:]

    /// - Parameters:
    ///   - cameras: those that the configuration lists.
    ///   - roster: who wears what; a line whose shift does not come is passed over.
    public init(_ cameras: [RegisteredCamera], roster: Roster, plan: ShiftPlan, _ local: LocalClock) {
        for camera in cameras where daily[camera.serial] == nil { daily[camera.serial] = camera.neededAt }
        for entry in roster.entries {
            guard let shift = plan.shift(entry.shift, on: entry.date, local) else { continue }
            shifts[entry.camera, default: []].append(shift.start)
        }
    }

    /// When a camera is needed next, now included; nil at no time that is known.
    public func next(_ camera: String, from now: Instant, _ local: LocalClock) -> Instant? {
        let today = local.day(at: now)
        let times = daily[camera].map { minute in (0...1).map { local.moment(today.adding($0), minute: minute) } } ?? []
        return (times + shifts[camera, default: []]).filter { $0 >= now }.min()
    }

    /// Of the cameras that are needed within a day: at how many minutes after midnight by the clock on the wall, by serial number.
    public func minutes(from now: Instant, _ local: LocalClock) -> [String: Int] {
        var minutes: [String: Int] = [:]
        for camera in Set(daily.keys).union(shifts.keys) {
            guard let next = next(camera, from: now, local), next < now.adding(seconds: 86_400) else { continue }
            minutes[camera] = Int(local.weekMilliseconds(at: next) % LocalClock.day / 60_000)
        }
        return minutes
    }
}
