import DockCore

/// What a vault was seen to do with a scratch object (``Vault/probe()``). Services accept much that they then ignore, so nothing
/// here is taken from a service's word; nil stands for what was not tried.
public struct VaultAbilities: Sendable, Equatable {
    /// A body that does not have its signed SHA-256 is refused.
    public var checksBody: Bool
    /// A body that does not have its `x-amz-checksum-sha256` is refused.
    public var checksSHA256: Bool
    /// Writing to a name that is taken is refused, when asked to (`If-None-Match: *`).
    public var refusesOverwrite: Bool
    /// What is overwritten or deleted stays as an older version.
    public var keepsVersions: Bool
    /// Objects can be locked.
    public var locks: Bool
    /// The retention that the vault gives to every object by itself.
    public var defaultRetention: ObjectLock.Retention?
    /// A retention that is asked for when an object is stored with one request is there afterwards.
    public var locksAtUpload: Bool?
    /// The same for uploads in parts.
    public var locksAtPartUpload: Bool?
    /// A retention that is set later is there afterwards, and the object's bytes are what they were.
    public var locksLater: Bool?
    /// A legal hold that is set later is there afterwards.
    public var holds: Bool?

    /// Nothing but what is given.
    public init(
        checksBody: Bool = false, checksSHA256: Bool = false, refusesOverwrite: Bool = false,
        keepsVersions: Bool = false, locks: Bool = false,
        defaultRetention: ObjectLock.Retention? = nil, locksAtUpload: Bool? = nil, locksAtPartUpload: Bool? = nil,
        locksLater: Bool? = nil, holds: Bool? = nil
    ) {
        self.checksBody = checksBody
        self.checksSHA256 = checksSHA256
        self.refusesOverwrite = refusesOverwrite
        self.keepsVersions = keepsVersions
        self.locks = locks
        self.defaultRetention = defaultRetention
        self.locksAtUpload = locksAtUpload
        self.locksAtPartUpload = locksAtPartUpload
        self.locksLater = locksLater
        self.holds = holds
    }

    /// Why a policy cannot be met; nil if it can.
    func objection(to policy: ObjectLock.Policy?, confirmation: Receipt.Confirmation) -> String? {
        if !checksBody, confirmation == .head {
            return "it stores bytes that are not the ones that were signed; set confirm: readback"
        }
        guard let policy else { return nil }
        guard locks, keepsVersions else {
            return "Object Lock is not enabled in it: that is done when a bucket is made, or by the service's owner"
        }
        if let wanted = policy.retention, locksLater != true {
            let isCovered = defaultRetention.map {
                $0.days >= wanted.longest && ($0.mode == .compliance || wanted.mode == .governance)
            }
            guard isCovered ?? false || locksAtUpload == true && locksAtPartUpload == true else {
                return
                    "it takes a retention and does not keep it; give the bucket a default retention of \(wanted.longest) days"
            }
        }
        if policy.legalHold, holds != true { return "it takes a legal hold and does not keep it" }
        return nil
    }
}
