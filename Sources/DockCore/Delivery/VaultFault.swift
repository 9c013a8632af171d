/// What a failed delivery says about the vault.
public enum VaultFault: Sendable, Equatable {
    /// Nothing: this one consignment cannot be delivered, by any vault or under this name.
    case consignment
    /// The vault is away, overloaded or full: it may work later by itself.
    case passing
    /// The vault refuses for good: somebody must change something first.
    case permanent
    /// It may be the vault or the consignment; when it comes again and again, it is the vault.
    case doubtful
}

extension DockError {
    /// What this error, as the result of a delivery, says about the vault.
    public var vaultFault: VaultFault {
        switch code {
        // The spool file or its name, or the agent itself.
        case .mismatch, .conflict, .corrupt, .io, .stopped, .disconnected: .consignment
        case .unreachable, .noSpace: .passing
        // Bad or expired keys, a certificate that is not trusted, a clock that is wrong, settings that cannot work.
        case .refused, .configuration, .unauthenticated: isPassing ? .passing : .permanent
        // No such bucket, or no such object; an answer that is none; an object too large.
        case .notFound, .malformed, .limit, .library: isPassing ? .passing : .doubtful
        }
    }
}
