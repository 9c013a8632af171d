extension Alarm {
    /// What is the matter, in values: what ``Alarm/what`` says in English can so be said in another language.
    public enum Matter: Sendable, Hashable, Codable {
        /// A camera did not come back from a shift.
        case overdue(camera: String, wearer: String?, shift: String?, ended: Instant?)
        /// A camera in a bay is held, stalled or failed.
        case held(camera: String?, bay: String, cause: Cause?)
        /// A camera that was held is not in the dock any more.
        case heldAway(camera: String, cause: Cause?)
        /// A vault does not work: why, in the words of its last failure.
        case vault(why: String?)
        /// So many bytes are left before nothing more is sealed.
        case spool(left: Int64)
        /// So many sealed files of a camera are damaged.
        case damage(files: Int, camera: String)
        /// These steps of a night failed.
        case night(failed: [NightStep.Kind])
        /// No night came.
        case noNight
        /// A camera's clock was so many seconds ahead.
        case clock(camera: String, offset: Double)
        /// Hours that a camera's battery lasts, and lasted at first.
        case battery(camera: String, hours: Double, atFirst: Double)
        /// The first mistake in the roster, and how many more there are.
        case roster(mistake: String, more: Int)
        /// So many messages wait: why, in the words of the last failure.
        case messages(count: Int, why: String)
    }
}
