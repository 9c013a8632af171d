/// One file of a camera that is to be read, sealed and delivered in a docking.
public struct PlannedSegment: Sendable, Equatable {
    /// Why the file is taken in.
    public enum Role: String, Sendable, Codable {
        /// The manifest lists it (or there is no manifest, and it is footage by its name).
        case listed
        /// It lies on the camera and nothing lists it.
        case unlisted
        /// It is part of the manifest itself: a sums file, a sidecar, a signature. Erased last.
        case manifest
        /// It never lay on the camera: a record that the dock made of the docking, such as a certificate of erasure.
        case record
    }

    /// Why the file is taken in.
    public var role: Role
    /// The recording it belongs to; for files without one, what they are grouped under.
    public var recording: String
    /// When the recording began by the camera's clock, if known.
    public var recordingStart: Instant?
    /// Whether the wearer marked the recording, so that it is delivered first.
    public var isFlagged: Bool
    /// The file, as first listed.
    public var file: CameraFile
    /// What its content must be, if the camera says.
    public var expected: ExpectedDigest?

    /// Takes the parts.
    public init(
        role: Role, recording: String, recordingStart: Instant? = nil, isFlagged: Bool = false, file: CameraFile,
        expected: ExpectedDigest? = nil
    ) {
        self.role = role
        self.recording = recording
        self.recordingStart = recordingStart
        self.isFlagged = isFlagged
        self.file = file
        self.expected = expected
    }
}
