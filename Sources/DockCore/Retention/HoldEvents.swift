/// Somebody decided that a recording must be kept whatever its retention says, or need not any more. Written before any vault is
/// told.
public struct HoldDecision: Sendable, Equatable, Codable {
    /// Name of the hold.
    public var hold: String
    /// Serial number of the camera.
    public var camera: String
    /// Name of the recording.
    public var recording: String
    /// Why.
    public var reason: String
    /// Who asked for it.
    public var by: String

    /// Takes all values.
    public init(hold: String, camera: String, recording: String, reason: String, by: String) {
        self.hold = hold
        self.camera = camera
        self.recording = recording
        self.reason = reason
        self.by = by
    }
}

/// A vault says whether a legal hold is on a version of an object, asked for after it was set or lifted for a hold.
public struct HoldPlaced: Sendable, Equatable, Codable {
    /// Serial number of the camera.
    public var camera: String
    /// Name of the vault.
    public var vault: String
    /// The object's name there.
    public var key: String
    /// Its version.
    public var version: String?
    /// What it holds (``SealedSegment/id``).
    public var sealing: String
    /// Whether a legal hold is on it.
    public var isOn: Bool
    /// Whether that was changed just now; otherwise it was so before, by somebody else's will.
    public var wasChanged: Bool

    /// Takes all values.
    public init(
        camera: String, vault: String, key: String, version: String?, sealing: String, isOn: Bool, wasChanged: Bool
    ) {
        self.camera = camera
        self.vault = vault
        self.key = key
        self.version = version
        self.sealing = sealing
        self.isOn = isOn
        self.wasChanged = wasChanged
    }
}
