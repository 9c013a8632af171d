/// A set of vaults, by their place in the configuration.
struct VaultSet: Sendable, Equatable {
    static let most = 64
    private(set) var bits: UInt64 = 0

    mutating func insert(_ index: Int) { bits |= 1 << UInt64(index) }
    func contains(_ index: Int) -> Bool { bits & (1 << UInt64(index)) != 0 }
    func isSuperset(of other: VaultSet) -> Bool { bits & other.bits == other.bits }
    var isEmpty: Bool { bits == 0 }
    var count: Int { bits.nonzeroBitCount }
}

/// Which vaults are enough.
enum VaultRequirement: Sendable, Equatable {
    case all(VaultSet)
    case any
    /// A vault is demanded that is not configured: nothing is ever enough.
    case impossible
}

extension Docking.Terms {
    /// The policy's requirement over the configured vaults.
    var requirement: VaultRequirement {
        guard !vaults.isEmpty else { return .impossible }
        var set = VaultSet()
        switch policy.require {
        case .any: return .any
        case .all: vaults.indices.forEach { set.insert($0) }
        case .named(let names):
            guard !names.isEmpty else { return .impossible }
            for name in names {
                guard let index = vaults.firstIndex(of: name) else { return .impossible }
                set.insert(index)
            }
        }
        return .all(set)
    }
}

/// What is known of one segment. Small: a camera may hold a hundred thousand.
struct SegmentProgress: Sendable {
    enum State: Sendable { case waiting, failed, taken(SegmentEvidence, SealedSegment) }

    let planned: PlannedSegment
    var state = State.waiting
    /// Vaults whose receipt for this sealing was accepted.
    private(set) var holders = VaultSet()
    /// Since when it has been safe, by the dates of the receipts that are required: of all of them the latest, of any the
    /// earliest.
    private(set) var safeSince: Instant?
    /// Vaults that said they will not have it in this docking.
    var refusers = VaultSet()

    init(_ planned: PlannedSegment) { self.planned = planned }

    /// A vault holds the sealing, by a receipt of this date.
    mutating func hold(_ vault: Int, since moment: Instant, _ requirement: VaultRequirement) {
        guard !holders.contains(vault) else { return }
        holders.insert(vault)
        switch requirement {
        case .all(let needed): if needed.contains(vault) { safeSince = max(safeSince ?? moment, moment) }
        case .any: safeSince = min(safeSince ?? moment, moment)
        case .impossible: break
        }
    }

    /// Whether what was read may be erased as far as this segment goes.
    func isSafe(_ requirement: VaultRequirement) -> Bool {
        guard case .taken(let evidence, let sealed) = state, evidence.sha256 == sealed.plaintext else { return false }
        switch evidence.verification {
        case .mismatch, .partial: return false
        case .matchedManifest, .matchedSHA256, .matchedMD5, .firstRead, .singleRead: break
        }
        switch requirement {
        case .all(let needed): return holders.isSuperset(of: needed)
        case .any: return !holders.isEmpty
        case .impossible: return false
        }
    }

    /// The file as it was read, if it was.
    var erasable: ErasableFile? {
        guard case .taken(let evidence, _) = state else { return nil }
        return ErasableFile(
            path: planned.file.path, identity: evidence.identity, role: planned.role, sha256: evidence.sha256)
    }
}
