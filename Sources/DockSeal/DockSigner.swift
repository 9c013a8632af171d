import DockCore

/// Signs for one dock. Whoever must sign something is given this, not the key's file.
public struct DockSigner: Sendable {
    /// What may be signed, each under a namespace of its own (PROTOCOL.sshsig of OpenSSH).
    public enum Purpose: String, Sendable, CaseIterable {
        /// What became of a camera's footage.
        case custody = "custody@bodydock"
        /// What was destroyed, and why.
        case destruction = "destruction@bodydock"
        /// What a docking took in, said while the camera still held the original.
        case coverage = "coverage@bodydock"
        /// What is known of a camera's clock.
        case clock = "clock@bodydock"
        /// Footage that is handed out.
        case evidence = "evidence@bodydock"
        /// The key that follows this one.
        case handover = "handover@bodydock"
    }

    /// The dock's name: the principal of its signatures.
    public let dock: String
    /// Names the dock's ledger, and its key below checkpoints.
    public let origin: String
    let key: SigningKey

    /// The dock's public key.
    public var publicKey: SSHPublicKey { key.publicKey }

    /// Takes all values.
    public init(dock: String, origin: String, key: SigningKey) {
        self.dock = dock
        self.origin = origin
        self.key = key
    }

    /// Signs a file's content; what comes out is the text of its `.sig` file, for
    /// `ssh-keygen -Y verify -f allowed_signers -I DOCK -n NAMESPACE -s FILE.sig < FILE`.
    public func sign(_ content: [UInt8], as purpose: Purpose) throws(DockError) -> String {
        try SSHSignature(of: content, by: key, namespace: purpose.rawValue).armored
    }

    /// Signs what the dock's ledger is. Whoever asks for it has made sure that this continues every checkpoint before it.
    public func sign(_ head: LedgerHead) throws(DockError) -> SignedNote {
        try SignedNote(Checkpoint(origin: origin, head: head).text, signers: [(origin, key)])
    }
}
