import DockCore
import DockLedger
import DockSystem
import DockTestSupport
import Foundation

/// Events of one docking of one camera, as an offload would write them.
struct Story {
    var camera = "BWC-0042"
    var docking = "D1"
    static let time = Instant(seconds: 1_790_000_000)

    func started(segments: Int) throws -> LedgerEvent {
        .dockingStarted(
            DockingStarted(
                docking: docking, dock: "stadhuis-1", agent: "1.0",
                camera: CameraIdentity(serial: camera, source: .manifest),
                profile: "own", source: "/media/camera", wearer: "4711", manifest: .bodydock,
                manifestDigest: try content(999), signature: .valid, cameraClock: Story.time, battery: 80,
                segments: segments,
                bytes: Int64(segments) * 1000))
    }

    func path(_ number: Int) throws -> CameraPath { try CameraPath("DCIM/100MEDIA/\(number).MP4") }

    func content(_ number: Int) throws -> SHA256Digest { try SHA256Digest(hashing: Array("content \(number)".utf8)) }

    /// The name of the sealing of segment `number` in this docking.
    func sealing(_ number: Int) throws -> String {
        String(try SHA256Digest(hashing: Array("\(camera)/\(docking)/\(number)".utf8)).description.prefix(32))
    }

    func sealed(_ number: Int, modified: Int64 = 77) throws -> LedgerEvent {
        let content = try content(number)
        let object = ObjectName(
            camera: camera, date: Story.time, recording: "R1", segment: Array("\(number).MP4".utf8), content: content)
        return .sealed(
            SegmentSealed(
                docking: docking, camera: camera, recording: "R1", path: try path(number), role: .listed,
                verification: .matchedManifest, modified: modified,
                sealed: SealedSegment(
                    id: try sealing(number), plaintext: content, plaintextBytes: 1000 + Int64(number), bytes: 1200,
                    parts: nil, object: object)))
    }

    func verified(_ number: Int, sealing: String) throws -> LedgerEvent {
        .verified(
            SegmentVerified(
                docking: docking, camera: camera, recording: "R1", path: try path(number),
                verification: .matchedManifest,
                sha256: try content(number), sealing: sealing))
    }

    func receipt(_ number: Int, vault: String = "archive", bytes: Int64 = 1200) throws -> LedgerEvent {
        .receipt(
            SegmentReceipt(
                docking: docking, camera: camera, receipt: try bareReceipt(number, vault: vault, bytes: bytes)))
    }

    func bareReceipt(_ number: Int, vault: String = "archive", bytes: Int64 = 1200) throws -> Receipt {
        Receipt(
            vault: vault, sealing: try sealing(number), key: "k/\(number)", bytes: bytes, checksum: "inode:\(number)",
            confirmation: .head, confirmed: Story.time)
    }

    func finding(_ message: String) throws -> LedgerEvent {
        .finding(
            FindingNoted(
                docking: docking, camera: camera,
                finding: Finding(
                    .timeGap, recording: "R1", path: try path(1), missing: .seconds(2.5), holds: false, message)))
    }

    func permitted(files: Int, vaults: [String] = ["archive"]) -> LedgerEvent {
        .erasePermitted(
            ErasePermitted(docking: docking, camera: camera, files: files, bytes: Int64(files) * 1000, vaults: vaults))
    }

    func erased(_ count: Int) throws -> LedgerEvent {
        .erased(
            ErasureEnded(
                docking: docking, camera: camera, erased: count, left: [LeftFile(path: try path(9), reason: "new")]))
    }

    func ended(_ outcome: DockingOutcome) -> LedgerEvent {
        .dockingEnded(DockingEnded(docking: docking, camera: camera, outcome: outcome))
    }

    /// A docking from start to end: one event of each kind and two segments, 10 entries.
    func whole() throws -> [LedgerEvent] {
        [
            try started(segments: 2), try finding("2.5 s are missing"), try sealed(1), try receipt(1), try sealed(2),
            try receipt(2), try verified(1, sealing: sealing(1)), permitted(files: 2), try erased(2), ended(.emptied),
        ]
    }
}

/// A state folder with a ledger in it.
struct Bench {
    let temporary: TemporaryFolder
    var folder: String { temporary.at("state") }
    var file: String { folder + "/ledger.sqlite" }

    init() throws { temporary = try TemporaryFolder() }

    /// With these entries, and closed.
    init(_ events: [LedgerEvent]) throws {
        try self.init()
        _ = try open().append(events, at: Story.time)
    }

    func open() throws(DockError) -> Ledger { try Ledger(path: folder, dock: "stadhuis-1", readOnly: false) }

    func openForReading() throws(DockError) -> Ledger { try Ledger(path: folder, dock: "stadhuis-1", readOnly: true) }

    func verify(earlier: [LedgerHead] = []) throws(DockError) -> LedgerVerification {
        try openForReading().verify(earlier: earlier)
    }

    /// Runs SQL with the `sqlite3` program, as somebody with access to the disk could.
    @discardableResult
    func sql(_ text: String) throws -> String {
        let result = try Tool.run("sqlite3", [file, text])
        guard result.status == 0 else { throw SQLRefused(message: result.errors) }
        return result.text
    }

    /// Runs SQL while the triggers are away, and puts them back.
    func tamper(_ text: String) throws {
        let triggers = try sql("SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'")
        try sql(
            "DROP TRIGGER entry_follows; DROP TRIGGER entry_stays; DROP TRIGGER entry_remains; \(text); \(triggers)")
    }

    /// A copy of the closed ledger in a folder of its own.
    func copy() throws -> Bench {
        let other = try Bench()
        try FileManager.default.copyItem(atPath: folder, toPath: other.folder)
        return other
    }
}

struct SQLRefused: Error { let message: String }

/// The program `LedgerWriter`, which lies beside the test's own.
let ledgerWriter = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("LedgerWriter").path
