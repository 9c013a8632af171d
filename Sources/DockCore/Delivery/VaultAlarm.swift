/// What a person is told of a vault that does not work: once for each cause, until it is over.
public struct VaultAlarm: Sendable, Equatable, Codable {
    /// Why a vault does not work. Two failures with the same cause are one alarm, whatever their wording.
    public enum Cause: Hashable, Sendable, Codable {
        /// It cannot be reached, or is overloaded.
        case away
        /// It is full.
        case full
        /// It refuses for good: the kind of error, and what is to be done about it.
        case stopped(DockError.Code, next: String)
    }

    /// The vault's name.
    public var vault: String
    /// Why it does not work.
    public var cause: Cause
    /// What could not be done.
    public var what: String
    /// With which address, key or folder.
    public var place: String
    /// What the last failure said.
    public var why: String
    /// What is to be done.
    public var next: String
    /// When it was first seen to fail for this cause.
    public var since: Instant

    /// The alarm for a failure.
    init(vault: String, cause: Cause, _ error: DockError, since: Instant) {
        self.vault = vault
        self.cause = cause
        (what, place, why, next) = (error.what, error.place, error.why, error.next)
        self.since = since
    }
}
