/// Something that is not as it should be. It names the recording or file, says how much is missing, and whether it holds
/// the camera.
public struct Finding: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What was found.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// A manifest that the profile demands is not there.
        case manifestMissing
        /// A manifest cannot be read as its format says.
        case manifestBroken
        /// The signature over the manifest does not hold against the pinned key.
        case signatureInvalid
        /// The hash chain across segments is broken.
        case chainBroken
        /// A number in a sequence is missing, or stands twice.
        case sequenceGap
        /// The pre-record part is missing or shorter than promised.
        case preRecordShort
        /// A listed file is not on the camera.
        case fileMissing
        /// A listed file was already delivered and erased under an earlier permit.
        case erasedEarlier
        /// A file on the camera is not in the manifest.
        case fileUnlisted
        /// A file's size differs from the manifest's.
        case sizeWrong
        /// A file's content differs from the manifest's hash.
        case hashWrong
        /// A file has no bytes.
        case fileEmpty
        /// Two segments claim the same time.
        case timeOverlap
        /// Time is missing between two segments of a recording.
        case timeGap
        /// A time that cannot be.
        case timeImpossible
        /// Two names differ only by case, or one file is listed twice.
        case nameClash
        /// A symbolic link, device, socket or pipe.
        case specialFile
        /// A file could not be read to its end.
        case readFailed
        /// A file changed while it was read.
        case fileChanged
        /// Two reads of one file gave different bytes.
        case readsDiffer
        /// The camera's listing changed or emptied while it was docked.
        case listingChanged
        /// Two reports about one segment contradict each other.
        case contradiction
        /// The camera was pulled.
        case cameraGone
        /// The file system was not unmounted properly, or carries errors. It is read as it is, and never repaired.
        case fileSystemDirty
        /// A person asked that the camera be held.
        case heldByPerson
        /// The camera is not the one that it was taken for.
        case identityConflict
        /// The wearer could not be found out.
        case wearerUnknown
        /// The camera names itself nowhere.
        case identityWeak
        /// What lay in the spool of a file was damaged by the dock's disk: it is sealed anew.
        case spoolDamaged
        /// More files or entries than are accepted.
        case limitExceeded
    }

    /// How much is missing, as far as it can be told.
    public enum Loss: Hashable, Sendable, Codable {
        /// Seconds of footage.
        case seconds(Double)
        /// Bytes of a file.
        case bytes(Int64)
        /// Whole recordings or segments.
        case items(Int)
    }

    /// What was found.
    public var code: Code
    /// The recording it is about, by its name on the camera.
    public var recording: String?
    /// The file it is about.
    public var path: CameraPath?
    /// How much is missing.
    public var missing: Loss?
    /// Whether the camera must be held for it.
    public var holds: Bool
    /// One sentence for a person.
    public var message: String

    /// Takes the parts.
    public init(
        _ code: Code, recording: String? = nil, path: CameraPath? = nil, missing: Loss? = nil, holds: Bool,
        _ message: String
    ) {
        self.code = code
        self.recording = recording
        self.path = path
        self.missing = missing
        self.holds = holds
        self.message = message
    }

    /// A person asked that the camera be held.
    public static func heldByPerson(_ reason: String) -> Finding {
        Finding(.heldByPerson, holds: true, personsHold + reason)
    }

    private static let personsHold = "held by a person: "

    /// Whether a camera's reason to be held is that a person asked for it, and nothing that was found on it.
    static func isPersonsHold(_ reason: String) -> Bool { reason.hasPrefix(personsHold) }

    /// What a person wrote who asked that the camera be held; nil for any other finding.
    var personsNote: String? {
        code == .heldByPerson && message.hasPrefix(Finding.personsHold)
            ? String(message.dropFirst(Finding.personsHold.count)) : nil
    }

    /// `what it is about: message`.
    public var description: String {
        switch (recording, path) {
        case (let recording?, let path?): "recording \(recording), \(path): \(message)"
        case (let recording?, nil): "recording \(recording): \(message)"
        case (nil, let path?): "\(path): \(message)"
        case (nil, nil): message
        }
    }
}
