/// What a docking took in was stated, and signed by the dock: written before the permit to erase the camera is used.
public struct CoverageSigned: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// What was stated; signed is its canonical JSON (docs/custody.md).
    public var statement: CoverageStatement
    /// SHA-256 of what was signed.
    public var sha256: SHA256Digest
    /// The signature in OpenSSH's armored form.
    public var signature: String

    /// Takes all values.
    public init(statement: CoverageStatement, sha256: SHA256Digest, signature: String) {
        docking = statement.docking
        camera = statement.camera
        self.statement = statement
        self.sha256 = sha256
        self.signature = signature
    }
}

/// The custody record of a docking was made, signed and sealed.
public struct CustodyRecorded: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Which one it is: 1, then one more for each that came after something changed.
    public var edition: Int
    /// The last entry of the ledger that it tells of.
    public var through: Int64
    /// SHA-256 of the record: made anew out of the entries up to ``through``, it must be the same.
    public var sha256: SHA256Digest
    /// The signature over it in OpenSSH's armored form.
    public var signature: String

    /// Takes all values.
    public init(
        docking: String, camera: String, edition: Int, through: Int64, sha256: SHA256Digest, signature: String
    ) {
        self.docking = docking
        self.camera = camera
        self.edition = edition
        self.through = through
        self.sha256 = sha256
        self.signature = signature
    }
}

/// Footage of one docking was handed out: written before anything is shown, exported or opened.
public struct EvidenceDisclosed: Sendable, Equatable, Codable {
    /// In which form it was handed out.
    public enum Form: String, Sendable, Codable {
        /// Sealed, as it lies in the vault.
        case sealed
        /// Sealed for other recipients.
        case resealed
        /// Opened.
        case opened
    }

    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The recordings, by their names on the camera.
    public var recordings: [String]
    /// How many files.
    public var files: Int
    /// In which form.
    public var form: Form
    /// For whom it was sealed anew; empty otherwise.
    public var recipients: [String]
    /// Why.
    public var reason: String
    /// Who asked for it.
    public var requestedBy: String
    /// The account of the machine that did it.
    public var account: String

    /// Takes all values.
    public init(
        docking: String, camera: String, recordings: [String], files: Int, form: Form, recipients: [String],
        reason: String, requestedBy: String, account: String
    ) {
        self.docking = docking
        self.camera = camera
        self.recordings = recordings
        self.files = files
        self.form = form
        self.recipients = recipients
        self.reason = reason
        self.requestedBy = requestedBy
        self.account = account
    }
}
