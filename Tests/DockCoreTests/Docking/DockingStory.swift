@testable import DockCore

/// A docking told step by step, with made-up segments: `story.reads(0)`, `story.receipt(0, "archive")`.
struct DockingStory {
    var docking: Docking
    let plan: [PlannedSegment]
    var actions: [DockingAction] = []

    init(
        segments: Int = 2, vaults: [String] = ["archive"], require: ReleasePolicy.Requirement = .all,
        erase: ReleasePolicy.Erase = .now, coolOff: Double = 0, keep: Bool = false, canPause: Bool = false,
        resumed: Bool = false,
        recorded: Set<Finding> = []
    ) throws {
        plan = try (0..<segments).map { try DockingStory.planned($0) }
        let start = DockingStarted(
            docking: "d1", dock: "test", agent: "0", camera: CameraIdentity(serial: "BWC1", source: .manifest),
            profile: "bodydock", source: "/camera", wearer: nil, manifest: .bodydock, manifestDigest: nil,
            signature: .absent,
            cameraClock: nil, battery: nil, segments: 0, bytes: 0)
        docking = Docking(
            Docking.Terms(
                start: start, vaults: vaults, policy: ReleasePolicy(require: require, erase: erase, coolOff: coolOff),
                keep: keep,
                resumed: resumed ? DockingStory.resumed : nil, canPause: canPause, recorded: recorded))
    }

    /// When cameras are listed again, and what receipts are dated with.
    static let now = Instant(seconds: 1)

    static let medium = Medium(
        usb: USBIdentity(model: USBModel(vendor: 1, product: 2)), bytes: 1 << 30,
        fileSystem: FileSystemFacts(
            kind: .exfat, label: nil, uuid: nil, clusterBytes: 4096, fatBits: nil, isDirty: false))

    static var resumed: DockingResumed {
        DockingResumed(
            docking: "d1", camera: "BWC1", agent: "0",
            visit: Visit(bay: "1", port: PortPath("pci-0-usb-0:1")!, attachment: "boot:7", medium: medium),
            segments: 0, bytes: 0)
    }

    static var certificate: ErasureCertificate {
        ErasureCertificate(
            docking: "d1", camera: "BWC1", dock: "test", agent: "0", medium: medium, method: .overwrite,
            newFileSystem: true, level: .clear, verification: .init(method: "all of it", bytesRead: 1 << 30), files: 1,
            began: Instant(seconds: 1), ended: Instant(seconds: 2), notes: [])
    }

    static func planned(_ index: Int) throws -> PlannedSegment {
        PlannedSegment(
            role: .listed, recording: "R\(index / 2)",
            file: CameraFile(
                path: try CameraPath("DCIM/\(index).MP4"),
                identity: FileIdentity(device: 1, inode: UInt64(index + 10), size: 1000 + Int64(index), modified: 5)),
            expected: .sha256(digest(index)))
    }

    static func digest(_ seed: Int) -> SHA256Digest {
        SHA256Digest(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: seed), count: 31) + [7])!
    }

    static func evidence(_ index: Int, _ verification: Verification = .matchedManifest, content: Int? = nil) throws
        -> SegmentEvidence
    {
        SegmentEvidence(
            sha256: digest(content ?? index), identity: try planned(index).file.identity, verification: verification)
    }

    static func sealed(_ index: Int, content: Int? = nil, id: String? = nil) throws -> SealedSegment {
        let digest = digest(content ?? index)
        return SealedSegment(
            id: id ?? "sealing\(index)", plaintext: digest, plaintextBytes: 1000 + Int64(index),
            bytes: 1200 + Int64(index),
            parts: nil,
            object: ObjectName(
                camera: "BWC1", date: Instant(seconds: 0), recording: "R", segment: "\(index).MP4".utf8, content: digest
            ))
    }

    static func receipt(_ sealed: SealedSegment, _ vault: String, confirmed: Instant = now) -> Receipt {
        Receipt(
            vault: vault, sealing: sealed.id, key: sealed.object.text, bytes: sealed.bytes, checksum: "x",
            confirmation: .head, confirmed: confirmed)
    }

    mutating func tell(_ event: DockingEvent) { actions = docking.handle(event) }
    mutating func inspected(_ findings: [Finding] = []) { tell(.inspected(plan: plan, findings: findings)) }
    mutating func seals(_ index: Int, _ verification: Verification = .matchedManifest) throws {
        tell(.sealed(index, try DockingStory.evidence(index, verification), try DockingStory.sealed(index)))
    }
    /// An earlier docking read it: `change` makes a lie of that.
    mutating func knows(_ index: Int, _ change: (inout SegmentEvidence) -> Void = { _ in }) throws {
        var evidence = try DockingStory.evidence(index)
        evidence.readIn = "d0"
        change(&evidence)
        tell(.covered(index, evidence, try DockingStory.sealed(index), []))
    }
    mutating func receipt(_ index: Int, _ vault: String = "archive") throws {
        tell(.receipt(index, DockingStory.receipt(try DockingStory.sealed(index), vault)))
    }

    /// The last actions as words, without the statements of what was taken in, of which ``CoverageTests`` tells.
    var words: [String] { allWords.filter { $0 != "attest" } }

    /// The last actions as words.
    var allWords: [String] {
        actions.map { action in
            switch action {
            case .record(let event): "record \(event.kind.rawValue)"
            case .read: "read"
            case .deliver(let index, _, let vaults): "deliver \(index) to \(vaults.joined(separator: " and "))"
            case .unspool(let sealed): "unspool \(sealed.id)"
            case .relist: "relist"
            case .attest: "attest"
            case .erase(let permit): "erase \(permit.files.count)"
            case .deliverRecord(let certificate): "deliver certificate of \(certificate.docking)"
            case .close(let outcome):
                switch outcome {
                case .emptied: "close emptied"
                case .kept: "close kept"
                case .cooling: "close cooling"
                case .held: "close held"
                case .incomplete: "close incomplete"
                case .interrupted: "close interrupted"
                }
            }
        }
    }
}
