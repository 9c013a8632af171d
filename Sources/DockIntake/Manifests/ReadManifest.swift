import DockCore
import DockSystem

/// What was readable of a camera's manifest, and what was wrong with it.
public struct ReadManifest: Sendable, Equatable {
    /// The manifest, as far as it could be read.
    public var manifest: Manifest
    /// What was wrong; see ``FindingList`` for how many are named.
    public var findings: [Finding]

    /// Takes both.
    public init(manifest: Manifest, findings: [Finding]) {
        self.manifest = manifest
        self.findings = findings
    }
}

/// Checks an Ed25519 signature (RFC 8032): 64 bytes of signature, the message, 32 bytes of public key.
/// False if it does not hold; throws only if it could not be checked.
public typealias SignatureVerifier = (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) throws(DockError) ->
    Bool

extension LineReader.Outcome {
    /// The finding for an end that was not the file's own; nil if there is none, or the reader stopped and said why.
    func finding(_ path: CameraPath, limit: Int64) -> Finding? {
        switch end {
        case .complete, .stopped: nil
        case .limit:
            Finding(.limitExceeded, path: path, "has more than \(limit) bytes; the rest was not read")
        case .failed(let errno):
            Finding(.readFailed, path: path, "could not be read to its end: \(errno); the rest is unknown")
        }
    }
}
