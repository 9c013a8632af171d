/// How far one camera is from being taken by its next wearer.
public struct CameraReadiness: Sendable, Equatable, Codable {
    /// How it stands, as a word that never changes its meaning.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// It is not in the dock, and need not be.
        case away
        /// It should have come back.
        case overdue
        /// It is in the dock, and its footage is dealt with; see ``CameraReadiness/phase``.
        case docked
        /// Emptied, and charging.
        case charging
        /// Emptied and charged, as far as that is known: take it.
        case ready
        /// A person must look; see ``CameraReadiness/reasons``.
        case attention
    }

    /// What a docked camera is at.
    public enum Phase: String, Sendable, Codable, CaseIterable {
        /// It waits for its turn, or to be looked at.
        case waiting
        /// It is read; what was read is sealed in the same pass.
        case reading
        /// It waits until what is sealed has room in the spool.
        case sealing
        /// Everything is read, and is on its way to the vaults.
        case sending
        /// Everything is safe; it waits until the receipts are old enough.
        case cooling
        /// It is emptied and prepared.
        case erasing
    }

    /// What of the time left is needed for what, in seconds.
    public struct TimeLeft: Sendable, Equatable, Codable {
        /// To read it, and bring what was read to the vaults.
        public var upload: Double
        /// Until the receipts are old enough.
        public var cooling: Double
        /// To empty and prepare it.
        public var erase: Double
        /// To charge it.
        public var charge: Double
        /// All of it.
        public var total: Double { upload + cooling + erase + charge }

        /// Takes all values.
        public init(upload: Double = 0, cooling: Double = 0, erase: Double = 0, charge: Double = 0) {
            self.upload = upload
            self.cooling = cooling
            self.erase = erase
            self.charge = charge
        }
    }

    /// Serial number.
    public var camera: String
    /// Number on the camera, if it has one.
    public var number: String?
    /// Its team.
    public var team: String?
    /// Where it is in the dock.
    public var bay: String?
    /// How it stands.
    public var state: State
    /// What it is at, if it is docked.
    public var phase: Phase?
    /// Why a person must look.
    public var reasons: [String]
    /// Until it is ready; nil if it is not in the dock, a person must look, or nothing was measured yet.
    public var left: TimeLeft?
    /// Charge in percent.
    public var battery: Int?
    /// Whether that is computed from the charge curve.
    public var isBatteryEstimated: Bool
    /// Who wears it, or wore it last: badge.
    public var wearer: String?
    /// Dockings in the last two weeks.
    public var uses: Int
    /// The shift after which it should be, or should have been, back.
    public var due: Shift?
    /// When it was seen last.
    public var lastSeen: Instant?
    /// ``reasons`` in values, as far as they are known.
    public var causes: [Cause]?

    /// Without badges, nor a file's name.
    var withoutPeople: CameraReadiness {
        var readiness = self
        readiness.wearer = nil
        readiness.causes = causes?.withoutPeople
        readiness.reasons = readiness.causes?.map(\.sentence) ?? []
        return readiness
    }

    /// What people call it.
    public var title: String { number ?? camera }
}
