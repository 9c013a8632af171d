import DockCore
import DockSystem
import Foundation
import Glibc
import Synchronization

/// What a probe has found, once it has.
final class KnownAbilities: Sendable {
    private struct Known {
        var abilities: VaultAbilities?
        var locks: Bool?
        var holds: Bool?
    }

    private let value = Mutex(Known())

    var abilities: VaultAbilities? {
        get { value.withLock { $0.abilities } }
        set { value.withLock { $0.abilities = newValue } }
    }

    /// Whether the bucket has Object Lock, where nothing but that was asked for.
    var locks: Bool? {
        get { value.withLock { $0.locks } }
        set { value.withLock { $0.locks = newValue } }
    }

    /// Whether the service keeps legal holds, where the policy does not ask for them.
    var holds: Bool? {
        get { value.withLock { $0.holds } }
        set { value.withLock { $0.holds = newValue } }
    }
}

extension S3Vault {
    /// Seconds by which a retention may be shorter than asked: clocks differ, and uploads take their time.
    static let tolerance = 3600.0
    private static let day = 86_400.0

    func probe() -> Result<VaultAbilities, DockError> {
        Result { () throws(DockError) in
            let abilities = try scratchProbe(policy).run()
            if let why = abilities.objection(to: policy, confirmation: confirmation) {
                throw DockError(
                    .refused, "cannot use a bucket as it is configured", at: "s3://\(bucket.name)", because: why,
                    next: "change the bucket, or what the configuration asks of the vault '\(name)'")
            }
            known.abilities = abilities
            return abilities
        }
    }

    /// Tries the bucket out for a policy, with a scratch object of its own.
    func scratchProbe(_ policy: ObjectLock.Policy?) throws(DockError) -> S3Probe {
        let key = prefix + ".bodydock-probe/" + Hex.encode(try Randomness.bytes(12))
        return S3Probe(bucket: bucket, key: key, policy: policy, clock: clock) { usleep(UInt32($0 * 1_000_000)) }
    }

    /// What was found, or is found now.
    private func abilities() throws(DockError) -> VaultAbilities {
        if let abilities = known.abilities { return abilities }
        return try probe().get()
    }

    /// Whether objects get locked, by us or by the bucket's own rule: then some services take no upload without a checksum.
    var needsSums: Bool { policy != nil || known.abilities?.defaultRetention != nil }

    /// The headers to store an object with: its lock, where the service keeps it, and the checksum that goes with that.
    func lockHeaders(
        _ sealed: SealedSegment, _ stretches: [FileStretch]
    ) throws(DockError) -> (whole: [(name: String, value: String)], parts: [(name: String, value: String)]) {
        var (whole, parts): ([(name: String, value: String)], [(name: String, value: String)]) = ([], [])
        if let policy = policy(for: sealed) {
            let abilities = try abilities()
            let until = policy.retention.map { due($0, from: clock()) }
            let headers = S3Bucket.lockHeaders(
                ObjectLock.State(mode: policy.retention?.mode, until: until, legalHold: policy.legalHold))
            if abilities.locksAtUpload == true { whole = headers }
            if abilities.locksAtPartUpload == true { parts = headers }
        }
        if needsSums || known.abilities?.checksSHA256 == true, stretches.count == 1 {
            whole.append(
                ("x-amz-checksum-sha256", Data(stretches[0].part.sha256.bytes).base64EncodedString()))
        }
        return (whole, parts)
    }

    /// The end of a retention that begins at some moment, in whole seconds.
    private func due(_ retention: ObjectLock.Retention, from moment: Instant) -> Instant {
        let end = moment.adding(seconds: Double(retention.days) * S3Vault.day)
        return Instant(seconds: (end.milliseconds + 999) / 1000)
    }

    /// What is asked for this object: a camera's team may have a retention of its own.
    private func policy(for sealed: SealedSegment) -> ObjectLock.Policy? { policy?.ofCamera(sealed.object.camera) }

    /// How a version is locked; nil where nobody asks for that.
    /// - Returns: what the service says, asked for after the last change, and whether there was one.
    func lockState(
        _ sealed: SealedSegment, _ key: String, _ head: S3Bucket.Head, mayLock: Bool
    ) throws(DockError) -> (state: ObjectLock.State, isFresh: Bool)? {
        guard let policy = policy(for: sealed) else { return nil }
        guard let version = head.version else { throw unlocked(key, "the service gives it no version") }
        var state = try bucket.lock(key, version: version, holds: policy.legalHold)
        guard let why = shortfall(state, policy, head) else { return (state, false) }
        guard mayLock else {
            // What was locked long ago, or by another policy, is still protected.
            let isProtected = state.legalHold || (state.until.map { $0 > clock() } ?? false)
            guard isProtected || isOver(policy, head) else { throw unlocked(key, why) }
            return (state, false)
        }
        try lock(key, version, policy, state)
        state = try bucket.lock(key, version: version, holds: policy.legalHold)
        if let why = shortfall(state, policy, head) { throw unlocked(key, "\(why), after it was set") }
        return (state, true)
    }

    private func lock(
        _ key: String, _ version: String, _ policy: ObjectLock.Policy, _ state: ObjectLock.State
    ) throws(DockError) {
        let abilities = try abilities()
        if let retention = policy.retention {
            let wanted = due(retention, from: clock())
            if !state.covers(retention.mode, until: wanted.adding(seconds: -S3Vault.tolerance)) {
                guard abilities.locksLater == true else {
                    throw unlocked(key, "its retention cannot be set afterwards")
                }
                // What lasts longer by itself is not shortened, and what is stricter is not loosened.
                let mode = state.mode == .compliance ? .compliance : retention.mode
                try bucket.retain(key, version: version, mode, until: max(wanted, state.until ?? wanted))
            }
        }
        if policy.legalHold, !state.legalHold { try bucket.hold(key, version: version, true) }
    }

    /// What a lock lacks; nil if it is as the policy has it.
    private func shortfall(_ state: ObjectLock.State, _ policy: ObjectLock.Policy, _ head: S3Bucket.Head) -> String? {
        if let retention = policy.retention {
            let since = min(head.modified ?? clock(), clock())
            let least = due(retention, from: since).adding(seconds: -S3Vault.tolerance)
            if !state.covers(retention.mode, until: least) {
                let found = state.until.map { "\(state.mode?.rawValue ?? "no mode") until \($0)" } ?? "none"
                return "its retention is \(found), and must be \(retention.mode.rawValue) until \(least)"
            }
        }
        return policy.legalHold && !state.legalHold ? "no legal hold is on it" : nil
    }

    /// Whether the time that the policy asks for has passed since the object was stored.
    private func isOver(_ policy: ObjectLock.Policy, _ head: S3Bucket.Head) -> Bool {
        guard !policy.legalHold, let retention = policy.retention, let modified = head.modified else { return false }
        return due(retention, from: modified).adding(seconds: -S3Vault.tolerance) <= clock()
    }

    private func unlocked(_ key: String, _ why: String) -> DockError {
        DockError(
            .refused, "cannot confirm that an object is locked", at: bucket.place(key), because: why,
            next: "check Object Lock in the bucket, and that the access key may set and read retention and legal hold")
    }
}
