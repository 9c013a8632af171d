/// Tells the handover of a docking from what the ledger has of it. Entries come in the ledger's order.
public struct HandoverStory: Sendable {
    private struct File {
        var recording: String
        var role: PlannedSegment.Role
        var bytes: Int64
        var verification: Verification
        var sealing: String
    }

    /// Whether vaults that hold a file make it safe.
    private let isSafe: @Sendable (Set<String>) -> Bool
    private var start: (value: DockingStarted, at: Instant)?
    private var listed: RecordingsListed?
    private var files: [CameraPath: File] = [:]
    private var order: [CameraPath] = []
    private var holders: [String: Set<String>] = [:]
    private var findings: [Finding] = []
    private var seen: Set<Finding> = []
    private var planned: (files: Int, bytes: Int64) = (0, 0)
    private var handover: (ended: Instant?, outcome: DockingOutcome?) = (nil, nil)
    private var causes: [Cause]?
    private var clock: Double?
    private var certificate: ErasureCertificate?
    private var erased = false
    private var released: Instant?
    private var lastReceipt: Instant?
    private var permitted: Instant?

    /// - Parameters:
    ///   - requirement: which vaults must hold a file.
    ///   - vaults: all that are configured.
    public init(_ requirement: ReleasePolicy.Requirement, vaults: [String]) {
        isSafe = { requirement.isMet(by: $0, of: vaults) }
    }

    /// Takes the next entry. Receipts for sealings that an earlier docking made count too.
    public mutating func take(_ event: LedgerEvent, at moment: Instant) {
        switch event {
        case .dockingStarted(let value):
            start = (value, moment)
            planned = (value.segments, value.bytes)
        case .dockingResumed(let value):
            planned = (max(planned.files, value.segments), max(planned.bytes, value.bytes))
            (handover, causes) = ((nil, nil), nil)
        case .recordings(let value): listed = value
        case .finding(let value):
            if seen.insert(value.finding).inserted { findings.append(value.finding) }
        case .sealed(let value):
            note(
                value.path,
                .init(
                    recording: value.recording, role: value.role, bytes: value.sealed.plaintextBytes,
                    verification: value.verification, sealing: value.sealed.id))
        case .verified(let value):
            note(
                value.path,
                .init(
                    recording: value.recording, role: files[value.path]?.role ?? .listed,
                    bytes: files[value.path]?.bytes ?? 0,
                    verification: value.verification, sealing: value.sealing))
        case .receipt(let value):
            holders[value.receipt.sealing, default: []].insert(value.receipt.vault)
            lastReceipt = max(lastReceipt ?? moment, moment)
        case .clockMeasured(let value): clock = value.offsetSeconds
        case .erasePermitted: permitted = moment
        case .erased: erased = true
        case .certificate(let value): certificate = value
        case .released: released = moment
        case .dockingPaused(let value): (handover, causes) = ((nil, value.outcome), value.causes)
        case .dockingEnded(let value): (handover, causes) = ((moment, value.outcome), value.causes)
        default: break
        }
    }

    /// Sealings that were verified here and made by an earlier docking: their receipts must be taken too, and their sizes.
    public var foreign: [String] { order.compactMap { files[$0] }.filter { $0.bytes == 0 }.map(\.sealing) }

    /// Takes the sealing of an earlier docking.
    public mutating func take(earlier: SegmentSealed) {
        for (path, file) in files where file.sealing == earlier.sealed.id {
            files[path]?.bytes = earlier.sealed.plaintextBytes
            files[path]?.role = earlier.role
        }
    }

    /// Takes a receipt that another docking got: it says nothing of how fast this one was.
    public mutating func take(earlierReceipt event: LedgerEvent) {
        guard case .receipt(let value) = event else { return }
        holders[value.receipt.sealing, default: []].insert(value.receipt.vault)
    }

    private mutating func note(_ path: CameraPath, _ file: File) {
        if files.updateValue(file, forKey: path) == nil { order.append(path) }
    }

    /// How fast it went; nil if nothing of it is safe.
    public var pace: OffloadPace.Sample? {
        guard let start, let lastReceipt, let told = self.told(camera: nil), told.safety.isComplete else { return nil }
        return OffloadPace.Sample(
            bytes: told.safety.safeBytes, seconds: lastReceipt.seconds(since: start.at),
            erase: permitted.flatMap { begin in released.map { $0.seconds(since: begin) } })
    }

    /// The handover; nil if no docking began.
    /// - Parameter camera: what the configuration says of the camera.
    public func told(camera: RegisteredCamera?) -> Handover? {
        guard let start else { return nil }
        let footage = order.compactMap { files[$0] }.filter { $0.role != .record }
        var safety = Handover.Safety()
        (safety.files, safety.bytes) = (max(planned.files, footage.count), 0)
        for file in footage {
            let vaults = holders[file.sealing] ?? []
            for vault in vaults { safety.held[vault, default: 0] += 1 }
            guard isSafe(file) else { continue }
            safety.safe += 1
            safety.safeBytes &+= file.bytes
        }
        safety.bytes = max(planned.bytes, footage.reduce(0) { $0 &+ $1.bytes })
        let recordings = recordings(footage)
        return Handover(
            docking: start.value.docking, camera: start.value.camera.serial, number: camera?.number, team: camera?.team,
            wearer: start.value.wearer, bay: start.value.visit?.bay, began: start.at, ended: handover.ended,
            outcome: handover.outcome, recordings: recordings,
            recordingCount: max(listed?.count ?? 0, recordings.count), safety: safety,
            nothingRecorded: attestation(start.value, footage),
            findings: Array(findings.prefix(Handover.namedFindings)),
            findingCount: findings.count, battery: start.value.battery, clockOffset: clock,
            emptied: certificate?.method ?? (erased ? .delete : nil), level: certificate?.level, released: released,
            causes: causes)
    }

    private func isSafe(_ file: File) -> Bool {
        ![.mismatch, .partial].contains(file.verification) && isSafe(holders[file.sealing] ?? [])
    }

    /// What the camera lists, and what else was taken in under a recording's name.
    private func recordings(_ footage: [File]) -> [Handover.Recording] {
        var rows: [Handover.Recording] = []
        var places: [String: Int] = [:]
        for recording in listed?.recordings ?? [] where places[recording.name] == nil {
            places[recording.name] = rows.count
            rows.append(
                Handover.Recording(
                    name: recording.name, start: recording.start, seconds: recording.seconds,
                    warning: recording.warning,
                    preRecord: preRecord(recording), files: recording.segments, safe: 0, bytes: 0, verified: [],
                    findings: findings.count { $0.recording == recording.name }))
        }
        var taken: [Int: Int] = [:]
        for file in footage where file.role != .manifest {
            if places[file.recording] == nil, file.role == .listed, rows.count < RecordingsListed.named {
                places[file.recording] = rows.count
                rows.append(
                    Handover.Recording(
                        name: file.recording, start: nil, seconds: nil, warning: .unknown,
                        preRecord: Handover.PreRecord(state: .unknown, promised: nil, missing: nil), files: 0, safe: 0,
                        bytes: 0, verified: [], findings: findings.count { $0.recording == file.recording }))
            }
            guard let row = places[file.recording] else { continue }
            taken[row, default: 0] += 1
            rows[row].files = max(rows[row].files, taken[row] ?? 0)
            rows[row].bytes &+= file.bytes
            if isSafe(file) { rows[row].safe += 1 }
            if !rows[row].verified.contains(file.verification) { rows[row].verified.append(file.verification) }
        }
        return rows
    }

    private func preRecord(_ recording: RecordingsListed.Recording) -> Handover.PreRecord {
        guard let promised = recording.preRecord, promised > 0 else {
            return Handover.PreRecord(state: .unknown, promised: recording.preRecord, missing: nil)
        }
        let finding = findings.first { $0.code == .preRecordShort && $0.recording == recording.name }
        guard let finding else { return Handover.PreRecord(state: .present, promised: promised, missing: nil) }
        guard case .seconds(let missing)? = finding.missing else {
            return Handover.PreRecord(state: .short, promised: promised, missing: nil)
        }
        return Handover.PreRecord(state: missing >= promised ? .missing : .short, promised: promised, missing: missing)
    }

    /// Only where nothing speaks against it, and the camera was looked at to the end.
    private func attestation(_ start: DockingStarted, _ footage: [File]) -> Handover.Attestation? {
        guard listed?.count ?? 0 == 0, footage.allSatisfy({ $0.role == .manifest }), !findings.contains(where: \.holds),
            planned.files <= footage.count, handover.outcome == .emptied || handover.outcome == .kept
        else { return nil }
        guard start.manifest != .none else { return .nothingFound }
        return start.signature == .valid ? .signedManifest : .manifest
    }
}

extension ReleasePolicy.Requirement {
    /// Whether it is enough that these vaults hold a segment.
    /// - Parameter vaults: all that are configured.
    public func isMet(by holders: Set<String>, of vaults: [String]) -> Bool {
        switch self {
        case .all: !vaults.isEmpty && holders.isSuperset(of: vaults)
        case .any: !holders.isDisjoint(with: vaults)
        case .named(let names): !names.isEmpty && names.isSubset(of: vaults) && holders.isSuperset(of: names)
        }
    }
}
