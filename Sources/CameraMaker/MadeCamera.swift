import DockCore

/// A camera that was made, as it was before anything was broken: what a test compares with.
public struct MadeCamera: Sendable, Equatable {
    /// A segment, and what it truly held.
    public struct Segment: Sendable, Equatable {
        /// Where it lies (or would lie, if it is the one that is missing).
        public var path: CameraPath
        /// The recording it belongs to, by the name that the own manifest gives it.
        public var recording: String
        /// Its number within the recording, from 1.
        public var number: Int
        /// When its footage begins, by the camera's clock.
        public var start: Instant
        /// Seconds of footage.
        public var duration: Double
        /// Bytes before anything was broken.
        public var bytes: Int64
        /// SHA-256 before anything was broken.
        public var sha256: SHA256Digest
        /// Whether the manifest lists it.
        public var isListed: Bool
    }

    /// A fault, and where it is.
    public struct Break: Sendable, Equatable {
        /// What is wrong.
        public var fault: CameraFault
        /// The path, recording or manifest that has it, for people.
        public var place: String
        /// The file that has it, if it is about one that can lie on the volume.
        public var path: CameraPath?
    }

    /// The camera's serial number.
    public var serial: String
    /// The wearer's badge.
    public var wearer: String
    /// The camera's clock when it wrote its manifest's first line.
    public var clock: Instant
    /// Number of recordings.
    public var recordings: Int
    /// Every segment that was made, in the order of recording.
    public var segments: [Segment] = []
    /// Everything that was broken.
    public var breaks: [Break] = []
    /// The 32-byte Ed25519 public key of the manifest's signature, to be pinned; nil if it has none.
    public var publicKey: [UInt8]?

    /// Bytes of footage in all.
    public var bytes: Int64 { segments.reduce(0) { $0 + $1.bytes } }
}
