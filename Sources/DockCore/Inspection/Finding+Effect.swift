extension Finding.Code {
    /// What a finding does to the camera.
    public enum Effect: String, Sendable, CaseIterable {
        /// Footage may be missing or altered: the camera is held until a person has looked.
        case holds
        /// Worth knowing, but no footage is in doubt: it is recorded and shown.
        case reported
        /// Holds only where it leaves footage in doubt; the place that finds it says so.
        case depends
    }

    /// The one table of what holds a camera; `docs/manifest.md` shows the same for people.
    public var effect: Effect {
        switch self {
        case .manifestMissing, .manifestBroken, .signatureInvalid, .chainBroken: .holds
        case .sequenceGap, .preRecordShort, .timeGap: .holds
        case .fileMissing, .sizeWrong, .hashWrong, .fileEmpty: .holds
        case .specialFile, .readFailed, .fileChanged, .readsDiffer, .listingChanged: .holds
        case .contradiction, .identityConflict, .limitExceeded: .holds
        case .erasedEarlier, .fileUnlisted, .wearerUnknown, .identityWeak, .spoolDamaged: .reported
        case .timeImpossible, .cameraGone, .heldByPerson: .holds
        case .timeOverlap, .nameClash, .fileSystemDirty: .depends
        }
    }
}

extension Finding {
    /// A finding that holds the camera as its code's ``Code/effect`` says.
    /// - Parameters:
    ///   - code: what was found.
    ///   - recording: the recording that it is about.
    ///   - path: the file that it is about.
    ///   - missing: how much is missing, if that can be told.
    ///   - inDoubt: whether footage is in doubt; matters only where the effect depends on it.
    ///   - message: one sentence for a person.
    public init(
        _ code: Code, recording: String? = nil, path: CameraPath? = nil, missing: Loss? = nil, inDoubt: Bool = true,
        _ message: String
    ) {
        let holds =
            switch code.effect {
            case .holds: true
            case .reported: false
            case .depends: inDoubt
            }
        self.init(code, recording: recording, path: path, missing: missing, holds: holds, message)
    }
}
