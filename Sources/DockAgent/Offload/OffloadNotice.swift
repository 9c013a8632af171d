import DockCore

/// What a docking tells whoever looks on. As JSON: an object with `notice` (the case's name) beside the value's fields.
public enum OffloadNotice: Sendable {
    /// The camera is known, and what is to be done.
    case started(DockingStarted)
    /// Something is not as it should be.
    case finding(Finding)
    /// How far reading is.
    case progress(ReadingProgress)
    /// So many bytes of footage are not in every required vault yet; told at most once a second.
    case unsafe(bytes: Int64)
    /// The footage is read and delivered; the erase begins.
    case erasing(files: Int, bytes: Int64)
    /// How far the erase is.
    case emptying(WorkProgress)
    /// A record of the dock could not be made or delivered; the docking is what it is all the same.
    case recordDelayed(DockError)
    /// It is over.
    case ended(OffloadResult)
}

/// How an offload ended.
public struct OffloadResult: Sendable, Codable {
    /// Name of the docking in the ledger.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// How it ended.
    public var outcome: DockingOutcome
    /// What became of each recording.
    public var recordings: [RecordingSummary]
    /// Names of the vaults that were asked to hold the footage.
    public var vaults: [String]
    /// Bytes on the camera at the start.
    public var bytes: Int64
    /// Seconds from the first look to the end.
    public var seconds: Double
}
