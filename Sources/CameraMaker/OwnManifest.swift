import DockCore
import DockSystem
import Foundation

/// `BODYDOCK/manifest.jsonl` (`docs/manifest.md`): JSON Lines, each but the first with the SHA-256 of the line before it, and
/// an end line that may be signed.
final class OwnManifest: ManifestWriter {
    private let file: LineFile
    private let plan: CameraPlan
    private let key: SigningKey?
    private var digester: Digester
    private var previous: SHA256Digest?
    private var recordings = 0
    private var segments = 0
    private var recording = ""

    init(_ plan: CameraPlan, _ scenario: Scenario, key: SigningKey?, on volume: inout CameraVolume) throws(DockError) {
        file = try LineFile(try CameraPath("BODYDOCK/manifest.jsonl"), on: &volume)
        self.plan = plan
        self.key = key
        digester = try Digester(.sha256)
        var device = JSONLine()
        device.add("serial", plan.serial)
        device.add("model", "Made Camera")
        device.add("firmware", "1.0.0")
        var line = JSONLine()
        line.add("type", "manifest")
        line.add("version", 1)
        line.add("device", device)
        line.add("wearer", plan.wearer)
        line.add("clock", scenario.clock.description)
        line.add("battery", scenario.battery)
        try write(line)
    }

    func begin(_ take: Scenario.Take) throws(DockError) {
        recordings += 1
        recording = take.name
        var line = JSONLine()
        line.add("type", "recording")
        line.add("name", recording)
        line.add("sequence", take.sequence)
        line.add("trigger", take.trigger.description)
        line.add("preRecordSeconds", take.preRecord)
        line.add("spokenWarning", take.warning.rawValue)
        if plan.flagged.contains(recordings) { line.add("flagged", verbatim: "true") }
        if plan.faults.contains(.nested), recordings == 1 {
            line.add("nested", verbatim: String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000))
        }
        let isWrong = plan.faults.contains(.chain) && recordings == plan.recordings
        line.add("previous", isWrong ? OwnManifest.wrong(chain) : chain)
        try write(line)
    }

    func list(_ segment: ListedPiece, on volume: inout CameraVolume) throws(DockError) {
        segments += 1
        var line = JSONLine()
        line.add("type", "segment")
        line.add("recording", recording)
        line.add("number", segment.number)
        switch segment.name {
        case .path(let path): line.add("file", path.description)
        case .phantom(let text): line.add("file", text)
        }
        line.add("bytes", segment.bytes)
        line.add("start", segment.start.description)
        line.add("duration", segment.duration)
        line.add("sha256", segment.sha256.description)
        line.add("previous", chain)
        try write(line)
    }

    func finish() throws(DockError) {
        var line = JSONLine()
        line.add("type", "end")
        line.add("recordings", recordings)
        line.add("segments", segments)
        line.add("previous", chain)
        if let key {
            let claim = "bodydock-manifest-v1\n\(plan.serial)\n\(chain)\n\(recordings)\n\(segments)\n"
            var signature = try key.sign(Array(claim.utf8))
            if plan.faults.contains(.signature) { signature[0] ^= 1 }
            line.add("signature", Data(signature).base64EncodedString())
        }
        if plan.faults.contains(.torn) {
            let whole = line.closed
            try file.append(whole.prefix(whole.count / 2))
        } else {
            try write(line)
        }
        try file.flush()
    }

    private var chain: String { previous?.description ?? "" }

    private func write(_ line: JSONLine) throws(DockError) {
        let bytes = line.closed
        try file.append(bytes)
        try file.append(CollectionOfOne(UInt8(ascii: "\n")))
        try digester.update(bytes)
        previous = try digester.finishSHA256()
    }

    private static func wrong(_ chain: String) -> String { (chain.hasPrefix("0") ? "1" : "0") + chain.dropFirst() }
}
