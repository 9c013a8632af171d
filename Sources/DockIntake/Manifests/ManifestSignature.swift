import DockCore
import Foundation

/// The signature in the last line of the project's own manifest (`docs/manifest.md`, "Signature").
public enum ManifestSignature {
    /// The text that the camera signs.
    /// - Parameters:
    ///   - serial: the camera's serial number, from the first line.
    ///   - previous: SHA-256 of the line before the end line: by the chain, it stands for all lines.
    ///   - recordings: the end line's count.
    ///   - segments: the end line's count.
    public static func text(serial: String, previous: SHA256Digest, recordings: Int, segments: Int) -> [UInt8] {
        Array("bodydock-manifest-v1\n\(serial)\n\(previous)\n\(recordings)\n\(segments)\n".utf8)
    }

    /// Checks a signature against a pinned key; nil if it holds, else why it does not.
    static func objection(
        to base64: String?, over text: [UInt8], key: [UInt8], verify: SignatureVerifier
    ) throws(DockError) -> String? {
        guard let base64 else { return "a key is pinned for this camera, and its manifest is not signed" }
        guard let signature = Data(base64Encoded: base64), signature.count == 64 else {
            return "the signature is not the base64 form of 64 bytes"
        }
        return try verify(Array(signature), text, key)
            ? nil : "the signature was not made with the key pinned for this camera"
    }
}
