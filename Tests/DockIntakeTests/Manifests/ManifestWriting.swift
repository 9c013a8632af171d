import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Glibc

/// Writes manifests line by line with their chain, as `docs/manifest.md` says, and independent of the code that reads them.
struct ManifestText {
    var lines: [String] = []

    var previous: String { get throws { try SHA256Digest(hashing: Array((lines.last ?? "").utf8)).description } }
    var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    /// `members` without braces; `previous` is added to all lines but the first.
    mutating func add(_ members: String) throws {
        let chain = lines.isEmpty ? "" : #","previous":"\#(try previous)""#
        lines.append("{\(members)\(chain)}")
    }

    mutating func addHeader(serial: String = "BWC0042") throws {
        try add(
            #""type":"manifest","version":1,"device":{"serial":"\#(serial)","model":"M","firmware":"1"},"wearer":"004711","clock":"2026-10-01T16:30:12Z","battery":83"#
        )
    }

    mutating func addRecording(
        _ name: String, _ sequence: Int, trigger: String = "2026-10-01T08:30:30Z", and more: String = ""
    )
        throws
    {
        try add(
            #""type":"recording","name":"\#(name)","sequence":\#(sequence),"trigger":"\#(trigger)","preRecordSeconds":30,"spokenWarning":"after"\#(more)"#
        )
    }

    mutating func addSegment(
        _ recording: String, _ number: Int, file: String, bytes: String = "5", start: String = "2026-10-01T08:30:00Z",
        duration: String = "60.0"
    ) throws {
        let hash = String(repeating: "ab", count: 32)
        try add(
            #""type":"segment","recording":"\#(recording)","number":\#(number),"file":"\#(file)","bytes":\#(bytes),"start":"\#(start)","duration":\#(duration),"sha256":"\#(hash)""#
        )
    }

    mutating func addEnd(_ recordings: Int, _ segments: Int, signature: String? = nil) throws {
        try add(
            #""type":"end","recordings":\#(recordings),"segments":\#(segments)"#
                + (signature.map { #","signature":"\#($0)""# } ?? ""))
    }

    /// Two recordings with two segments and one.
    static func sample(end: Bool = true) throws -> ManifestText {
        var text = ManifestText()
        try text.addHeader()
        try text.addRecording("R17", 17)
        try text.addSegment("R17", 1, file: "DCIM/A1.MP4")
        try text.addSegment("R17", 2, file: "DCIM/A2.MP4", start: "2026-10-01T08:31:00Z")
        try text.addRecording("R18", 18, trigger: "2026-10-01T09:30:30Z")
        try text.addSegment("R18", 1, file: "DCIM/B1.MP4", start: "2026-10-01T09:30:00Z")
        if end { try text.addEnd(2, 3) }
        return text
    }
}

let manifestPlace = "BODYDOCK/manifest.jsonl"

func readOwn(
    _ bytes: some Sequence<UInt8>, limits: IntakeLimits = IntakeLimits(), keys: [String: [UInt8]] = [:],
    verify: SignatureVerifier = { (_, _, _) throws(DockError) in false }
) throws -> ReadManifest {
    let folder = try TemporaryFolder()
    let file = try Descriptor.open(try folder.write(bytes, to: "manifest"), flags: O_RDONLY)
    return try BodydockManifestReader(path: try CameraPath(manifestPlace), limits: limits, pinnedKeys: keys)
        .read(file, verify: verify)
}

func readSums(
    _ bytes: some Sequence<UInt8>, at place: String = "SHA256SUMS", limits: IntakeLimits = IntakeLimits(),
    pattern: String? = nil
) throws -> ReadManifest {
    let folder = try TemporaryFolder()
    let file = try Descriptor.open(try folder.write(bytes, to: "sums"), flags: O_RDONLY)
    return try SumsReader(
        path: try CameraPath(place), limits: limits, pattern: try pattern.map { try FileNamePattern.parse($0).get() }
    )
    .read(file)
}

/// Checks with the `openssl` program.
func verifyWithOpenSSL(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) throws(DockError) -> Bool {
    do {
        let folder = try TemporaryFolder()
        let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
        let result = try Tool.run(
            "openssl",
            [
                "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", try folder.write(prefix + key, to: "key"),
                "-rawin", "-in",
                try folder.write(message, to: "message"), "-sigfile", try folder.write(signature, to: "signature"),
            ])
        return result.status == 0
    } catch {
        throw DockError(.library, "cannot run openssl", at: "test", because: "\(error)", next: "install openssl")
    }
}

extension ReadManifest {
    var codes: [Finding.Code] { findings.map(\.code) }
    var paths: [String] { manifest.recordings.flatMap(\.segments).map(\.path.description) }
}
