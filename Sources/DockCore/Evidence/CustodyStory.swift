/// Puts a ``CustodyRecord`` together out of the ledger's entries about one docking, in their order.
public struct CustodyStory: Sendable {
    private struct Taken: Sendable {
        var path: CameraPath
        var recording: String
        var verification: Verification
        var readIn: String?
        var recorded: Instant
        var sealing: String
    }

    private var start: (event: DockingStarted, at: Instant, entry: Int64)?
    private var resumed: [Instant] = []
    private var end: (outcome: DockingOutcome, at: Instant)?
    /// The entry by which it ended; -1 while it runs or pauses.
    private var endEntry: Int64 = -1
    private var clock: CustodyRecord.Clock?
    private var bay: String?
    /// What was read last of each path, by its place in `order`.
    private var taken: [Taken] = []
    private var places: [CameraPath: Int] = [:]
    private var sealings: [String: SegmentSealed] = [:]
    private var receipts: [String: [Receipt]] = [:]
    private var findings: [Finding] = []
    private var erasure: CustodyRecord.Erasure?
    /// The latest statement of what was taken in.
    public private(set) var coverage: CoverageSigned?
    /// The latest record that was made of this docking.
    public private(set) var latest: CustodyRecorded?
    /// The entry that tells of it; -1 if there is none.
    public private(set) var latestEntry: Int64 = -1
    /// The number that the next record has.
    public private(set) var nextEdition = 1
    /// The latest record tells of entries up to this one.
    private var toldThrough: Int64 = -1
    /// The last entry that a record must tell of.
    public private(set) var through: Int64 = -1

    /// Nothing yet.
    public init() {}

    /// Takes in the next entry.
    /// - Parameters:
    ///   - event: what happened.
    ///   - moment: when it was written.
    ///   - entry: its number in the ledger.
    public mutating func add(_ event: LedgerEvent, at moment: Instant, entry: Int64) {
        switch event {
        case .dockingStarted(let value):
            start = (value, moment, entry)
            bay = value.visit?.bay
        case .dockingResumed(let value):
            resumed.append(moment)
            (bay, end, endEntry) = (value.visit.bay, nil, -1)
        case .dockingPaused(let value): end = (value.outcome, moment)
        case .dockingEnded(let value): (end, endEntry) = ((value.outcome, moment), entry)
        case .clockMeasured(let value):
            clock = .init(
                cameraClock: value.cameraClock, dockClock: value.dockClock, offsetSeconds: value.offsetSeconds,
                bounds: ClockBounds(value))
        case .finding(let value): findings.append(value.finding)
        case .sealed(let value):
            sealings[value.sealed.id] = value
            guard value.role != .record else { return }
            take(
                Taken(
                    path: value.path, recording: value.recording, verification: value.verification, recorded: moment,
                    sealing: value.sealed.id))
        case .verified(let value):
            take(
                Taken(
                    path: value.path, recording: value.recording, verification: value.verification,
                    readIn: value.readIn, recorded: moment, sealing: value.sealing))
        case .receipt(let value):
            add(value.receipt)
            // Receipts for the dock's own records change nothing that a record tells.
            guard sealings[value.receipt.sealing]?.role != .record else { return }
        case .erasePermitted(let value):
            erasure = .init(permitted: moment, files: value.files, bytes: value.bytes, vaults: value.vaults)
        case .erased(let value):
            erasure?.ended = moment
            erasure?.erased = value.erased
            erasure?.left = value.left
        case .certificate(let value): erasure?.certificate = value
        case .coverage(let value): coverage = value
        case .custody(let value):
            (nextEdition, toldThrough) = (value.edition + 1, value.through)
            (latest, latestEntry) = (value, entry)
            return
        case .formatBegan, .provisioned, .released, .deviceRefused, .nightChecked, .nightEnded, .disclosed, .recordings,
            .taken, .shiftReported, .alarm, .holdAdded, .holdRemoved, .holdPlaced, .destructionPermitted,
            .objectDestroyed, .destructionRecorded, .checkpointSigned, .checkpointStamped, .keyAdopted, .keyRevoked,
            .recipientsChanged:
            return
        }
        through = entry
    }

    private mutating func take(_ file: Taken) {
        if let place = places[file.path] {
            taken[place] = file
        } else {
            places[file.path] = taken.count
            taken.append(file)
        }
    }

    private mutating func add(_ receipt: Receipt) {
        receipts[receipt.sealing, default: []].removeAll { $0.vault == receipt.vault }
        receipts[receipt.sealing, default: []].append(receipt)
    }

    /// Sealings of earlier dockings that this one relies on: ``add(earlier:receipts:)`` wants them.
    public var wanted: [String] { taken.map(\.sealing).filter { sealings[$0] == nil } }

    /// Takes in a sealing of an earlier docking, and its receipts, oldest first.
    public mutating func add(earlier sealed: SegmentSealed, receipts earlier: [Receipt]) {
        sealings[sealed.sealed.id] = sealed
        let own = receipts[sealed.sealed.id] ?? []
        receipts[sealed.sealed.id] = nil
        for receipt in earlier + own { add(receipt) }
    }

    /// Whether the docking is over, and something happened that no record tells yet. One that pauses goes on by itself.
    public var isDue: Bool { start != nil && endEntry >= 0 && through > toldThrough }

    /// Whether no record was made since it ended: then it is told at once, and not only when the last vault has everything.
    public var isUntold: Bool { endEntry > toldThrough }

    /// Whether each of these vaults has everything.
    public func isHeld(by vaults: [String]) -> Bool {
        taken.allSatisfy { file in
            let holders = receipts[file.sealing]?.map(\.vault) ?? []
            return vaults.allSatisfy(holders.contains)
        }
    }

    /// The number of its first entry.
    public var firstEntry: Int64 { start?.entry ?? 0 }

    /// Whether it took in nothing.
    public var isEmpty: Bool { taken.isEmpty }

    /// When it began.
    public var began: Instant? { start?.at }

    /// The list of hashes of everything that was sealed, as `sha256sum` reads it: names are those in the vaults.
    public var sums: String {
        var lines = Set<String>()
        for file in taken {
            guard let sealed = sealings[file.sealing]?.sealed, let digest = sealed.wholeSHA256 else { continue }
            lines.insert("\(digest)  \(object(sealed))\n")
        }
        return lines.sorted { ($0.dropFirst(66), $0) < ($1.dropFirst(66), $1) }.joined()
    }

    /// The record; nil if the docking's start is not among the entries.
    /// - Parameters:
    ///   - edition: its number.
    ///   - sums: SHA-256 of ``sums``.
    public func record(edition: Int, sums: SHA256Digest) -> CustodyRecord? {
        guard let (start, began, _) = start else { return nil }
        return CustodyRecord(
            edition: edition, docking: start.docking, dock: start.dock, agent: start.agent, camera: start.camera,
            profile: start.profile, wearer: start.wearer, team: start.team, bay: bay, began: began, resumed: resumed,
            ended: end?.at,
            outcome: end?.outcome,
            manifest: .init(kind: start.manifest, sha256: start.manifestDigest, signature: start.signature),
            clock: clock, recordings: recordings, findings: findings,
            coverage: coverage.map {
                .init(stated: $0.statement.stated, isComplete: $0.statement.isComplete, sha256: $0.sha256)
            }, erasure: erasure, sums: sums, through: through)
    }

    private var recordings: [CustodyRecord.RecordingFiles] {
        let known = (coverage?.statement.recordings ?? []).map { ($0.recording, $0) }
        let coverages = Dictionary(known) { first, _ in first }
        var rows: [CustodyRecord.RecordingFiles] = []
        var places: [String: Int] = [:]
        for file in taken {
            guard let sealed = sealings[file.sealing] else { continue }
            let place = places[file.recording] ?? rows.count
            if place == rows.count {
                places[file.recording] = place
                rows.append(.init(recording: file.recording, coverage: coverages[file.recording], files: []))
            }
            if sealed.flagged == true { rows[place].flagged = true }
            rows[place].files.append(record(of: file, sealed))
        }
        return rows
    }

    private func record(of file: Taken, _ sealed: SegmentSealed) -> CustodyRecord.File {
        let docking = start?.event.docking
        return CustodyRecord.File(
            path: file.path, role: sealed.role, bytes: sealed.sealed.plaintextBytes, sha256: sealed.sealed.plaintext,
            verification: file.verification, readIn: file.readIn, modified: sealed.modified, recorded: file.recorded,
            media: sealed.media,
            sealed: .init(
                id: sealed.sealed.id, bytes: sealed.sealed.bytes, sha256: sealed.sealed.wholeSHA256,
                object: object(sealed.sealed), sealedIn: sealed.docking == docking ? nil : sealed.docking),
            receipts: (receipts[sealed.sealed.id] ?? []).sorted { $0.vault < $1.vault })
    }

    /// The name that the vaults gave it: its own, or where that was taken the one beside it.
    private func object(_ sealed: SealedSegment) -> ObjectName {
        let beside = sealed.object.besideOther(sealing: sealed.id)
        let keys = (receipts[sealed.id] ?? []).map(\.key)
        return !keys.isEmpty && keys.allSatisfy { $0.hasSuffix(beside.text) } ? beside : sealed.object
    }
}
