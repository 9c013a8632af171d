/// Whether a camera's battery wears out: how much charge it loses in an hour away from the dock, now and when it was new to the dock.
public struct BatteryTrend: Sendable, Equatable {
    /// One time away.
    public struct Outing: Sendable, Equatable {
        /// Charge in percent as it was taken.
        public var taken: Int
        /// Charge in percent as it came back.
        public var returned: Int
        /// Hours in between.
        public var hours: Double

        /// Takes all values.
        public init(taken: Int, returned: Int, hours: Double) {
            self.taken = taken
            self.returned = returned
            self.hours = hours
        }

        /// Percent lost in an hour; nil if it was away too short or too long to say.
        var loss: Double? {
            guard taken >= 50, returned < taken, (1...16).contains(hours) else { return nil }
            return Double(taken - returned) / hours
        }
    }

    /// Outings that are needed on either side before anything is said.
    static let enough = 5
    /// How much faster it must lose its charge than at first.
    static let worn = 1.5

    /// Hours that a full battery lasts, by the last outings; nil if there are too few.
    public let hours: Double?
    /// Hours that it lasted at first.
    public let hoursAtFirst: Double?

    /// - Parameter outings: oldest first.
    public init(_ outings: [Outing]) {
        let losses = outings.compactMap(\.loss)
        guard losses.count >= 2 * BatteryTrend.enough else {
            (hours, hoursAtFirst) = (nil, nil)
            return
        }
        func middle(_ values: ArraySlice<Double>) -> Double { values.sorted()[values.count / 2] }
        hours = 100 / middle(losses.suffix(BatteryTrend.enough))
        hoursAtFirst = 100 / middle(losses.prefix(BatteryTrend.enough))
    }

    /// Whether it lasts so much shorter than at first, or not for a shift.
    /// - Parameter shift: hours that it must last; nil if nobody says.
    public func isWorn(shift: Double?) -> Bool {
        guard let hours, let hoursAtFirst else { return false }
        return hours * BatteryTrend.worn < hoursAtFirst || shift.map { hours < $0 } ?? false
    }

    /// The reason for an alarm about a camera; nil if there is none.
    public func reason(_ camera: String, title: String, shift: Double?) -> AlarmReason? {
        guard isWorn(shift: shift), let hours, let hoursAtFirst else { return nil }
        func text(_ hours: Double) -> String { "\((hours * 10).rounded() / 10) h" }
        return AlarmReason(
            camera, what: "the battery of camera \(title) lasts \(text(hours)), and lasted \(text(hoursAtFirst))",
            next: "have its battery replaced", matter: .battery(camera: title, hours: hours, atFirst: hoursAtFirst))
    }
}
