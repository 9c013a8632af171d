/// One line of the access log in the sense of article 32a of the Wet politiegegevens: what was done with footage, by whom, when and why.
/// It follows from the ledger's entries, and holds neither footage nor wearers. Nothing is combined: the program has no means to.
public struct AuditLine: Sendable, Equatable, Codable {
    /// What was done, in the words of the law.
    public enum Act: String, Sendable, Codable, CaseIterable {
        /// Verzamelen: footage was taken in from a camera.
        case collection
        /// Wijzigen: what belongs to the footage's context was changed, such as the camera's clock.
        case change
        /// Raadplegen: it was looked whether footage is there and whole.
        case consultation
        /// Verstrekken: footage was handed out.
        case disclosure
        /// Vernietigen: footage was destroyed on a medium.
        case destruction
    }

    /// What was done.
    public var act: Act
    /// When it was written down, by the dock's clock.
    public var at: Instant
    /// The number of the ledger's entry.
    public var entry: Int64
    /// Who did it: the dock, or the account of a person.
    public var who: String
    /// Why.
    public var why: String
    /// Name of the docking; nil where it is about none.
    public var docking: String?
    /// Serial number of the camera; nil where it is about none.
    public var camera: String?
    /// What it was done to, in a few words.
    public var what: String

    /// The line that an entry stands for; nil if nothing was done with footage.
    /// - Parameters:
    ///   - event: what happened.
    ///   - moment: when it was written.
    ///   - entry: its number.
    ///   - dock: name of the dock that wrote it.
    public init?(_ event: LedgerEvent, at moment: Instant, entry: Int64, dock: String) {
        let line: (act: Act, who: String?, why: String, docking: String?, camera: String?, what: String)
        switch event {
        case .dockingStarted(let value):
            line = (
                .collection, nil, "the camera was docked", value.docking, value.camera.serial,
                "\(value.segments) files, \(value.bytes) bytes"
            )
        case .provisioned(let value):
            guard value.setsClock else { return nil }
            line = (.change, nil, "the profile says so", value.docking, value.camera, "the camera's clock was set")
        case .nightChecked(let value):
            line = (
                .consultation, nil, "the nightly check of vault \(value.vault)", nil, nil,
                "\(value.checked) sealed objects were asked for; \(value.faults.count) were not as they should be"
            )
        case .disclosed(let value):
            let form =
                value.form == .resealed
                ? "resealed for \(value.recipients.joined(separator: ", "))" : value.form.rawValue
            line = (
                .disclosure, value.account,
                "\(value.reason) (asked for by \(value.requestedBy))", value.docking, value.camera,
                "\(value.files) files of \(value.recordings.count) recordings, \(form)"
            )
        case .holdAdded(let value):
            line = (.change, value.by, value.reason, nil, value.camera, "hold \(value.hold): it must be kept")
        case .holdRemoved(let value):
            line = (.change, value.by, value.reason, nil, value.camera, "hold \(value.hold) ended")
        case .objectDestroyed(let value):
            line = (
                .destruction, nil, "its retention was over", value.docking, value.camera,
                "a sealed object of vault \(value.vault)\(value.foundGone == true ? ", which was gone already" : "")"
            )
        case .erased(let value):
            line = (
                .destruction, nil, "every vault that the policy names has it", value.docking, value.camera,
                "\(value.erased) files on the camera; \(value.left.count) were left"
            )
        case .certificate(let value):
            line = (
                .destruction, nil, "every vault that the policy names has it", value.docking, value.camera,
                "the camera's medium: \(value.method.rawValue), level \(value.level.rawValue)"
            )
        default: return nil
        }
        act = line.act
        at = moment
        self.entry = entry
        who = line.who ?? "dock \(dock)"
        why = line.why
        docking = line.docking
        camera = line.camera
        what = line.what
    }
}
