@testable import DockCore

/// Footage that a vault has, and a configuration that says how long it is kept.
enum RetentionSample {
    static let read = sampleTime("2026-10-01T17:00:00Z")

    static func configuration(apply: Bool = true, grace: Double = 86_400) -> Configuration {
        Configuration(
            dock: "test", state: "/state", spool: .init(path: "/spool", keepFree: 0), recipients: [], vaults: [],
            release: ReleasePolicy(),
            cameras: [
                RegisteredCamera(serial: "B1", team: "handhaving"), RegisteredCamera(serial: "B2", team: "parkeren"),
                RegisteredCamera(serial: "B3"),
            ],
            teams: [
                TeamSettings(name: "handhaving", regime: .wpg),
                TeamSettings(name: "parkeren", regime: .avg, retention: 72 * 3600),
            ], retention: RetentionSettings(apply: apply, grace: grace))
    }

    static func sealed(
        _ camera: String, _ recorded: String? = nil, _ role: PlannedSegment.Role = .listed, recording: String = "R1",
        docking: String = "D1"
    ) -> SegmentSealed {
        SegmentSealed(
            docking: docking, camera: camera, recording: recording, path: samplePath("DCIM/A.MP4"), role: role,
            verification: .matchedManifest, modified: 0, recorded: recorded.map(sampleTime),
            sealed: SealedSegment(
                id: "s", plaintext: sampleDigest(1), plaintextBytes: 1, bytes: 2, parts: nil,
                object: ObjectName(
                    camera: camera, date: read, recording: recording, segment: "A.MP4".utf8, content: sampleDigest(1))))
    }

    /// Recorded at 08:30, read at 17:00, delivered at 17:05, by a camera whose clock is right.
    static func object(
        _ camera: String, recorded: String? = "2026-10-01T08:30:00Z", clock: String? = "2026-10-01T16:59:00Z",
        role: PlannedSegment.Role = .listed, lock: ObjectLock.State? = nil, awaited: [String] = []
    ) -> StoredObject {
        let delivered = read.adding(seconds: 300)
        return StoredObject(
            sealed: sealed(camera, recorded, role), read: read, cameraClock: clock.map(sampleTime),
            receipt: Receipt(
                vault: "archive", sealing: "s", key: "k", version: "v", bytes: 2, checksum: "etag:x",
                confirmation: .head, confirmed: delivered, lock: lock), delivered: delivered, awaited: awaited)
    }

    static func hold(_ name: String = "H1", camera: String = "B1", recording: String = "R1") -> LedgerEvent {
        .holdAdded(HoldDecision(hold: name, camera: camera, recording: recording, reason: "case 7", by: "OM"))
    }

    static func end(_ name: String = "H1", camera: String = "B1", recording: String = "R1") -> LedgerEvent {
        .holdRemoved(HoldDecision(hold: name, camera: camera, recording: recording, reason: "closed", by: "OM"))
    }

    static func placed(_ isOn: Bool, changed: Bool = true, camera: String = "B1") -> LedgerEvent {
        .holdPlaced(
            HoldPlaced(
                camera: camera, vault: "archive", key: "k", version: "v", sealing: "s", isOn: isOn, wasChanged: changed
            ))
    }

    static func holds(_ events: LedgerEvent...) -> Holds {
        var holds = Holds()
        for event in events { holds.note(event, at: read) }
        return holds
    }
}
