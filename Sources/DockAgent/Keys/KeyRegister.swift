import DockCore
import DockLedger
import DockSeal

/// Keeps the ledger told of the keys that are in force: the dock's own, and the recipients.
public struct KeyRegister {
    private let ledger: Ledger
    private let file: DockKeyFile
    private let configuration: Configuration

    /// - Parameters:
    ///   - ledger: the dock's, for writing.
    ///   - configuration: says where the key lies, and who the recipients are.
    public init(ledger: Ledger, configuration: Configuration) {
        self.ledger = ledger
        self.configuration = configuration
        file = DockKeyFile(configured: configuration.signingKey, state: configuration.state)
    }

    /// The dock's signer, once the ledger knows its key.
    /// - Returns: with what a person should know.
    public func settle(at now: Instant) throws(DockError) -> (signer: DockSigner, warnings: [String]) {
        var warnings: [String] = []
        let known = try ledger.keys()
        if let last = known.last { try file.promoteSuccessor(ifIs: last.adopted.key) }
        let key = try file.loadOrMake()
        let signer = DockSigner(dock: configuration.dock, origin: configuration.origin, key: key)
        let text = signer.publicKey.description
        if known.contains(where: { $0.adopted.key == text && $0.revoked != nil }) {
            throw DockError(
                .refused, "cannot sign with the dock's key", at: try file.path,
                because: "\(try signer.publicKey.fingerprint) was revoked",
                next: "let 'dock.key' name the new key, or take the file away: then a new key is made")
        }
        var entries: [LedgerEvent] = []
        let isKnown = known.contains { $0.adopted.key == text }
        if !isKnown { entries.append(.keyAdopted(KeyAdopted(key: text, origin: signer.origin))) }
        if let last = known.last, last.adopted.key != text {
            let fingerprint = try signer.publicKey.fingerprint
            warnings.append(
                isKnown
                    ? "the dock still signs with the key \(fingerprint), which has handed over to another one: let 'dock.key' "
                        + "of the configuration name that"
                    : "the dock signs with another key, \(fingerprint), and the one before has not handed over to it: give "
                        + "everybody who checks its signatures what 'bodydock keys list' prints")
        }
        if try ledger.recipients().last?.recipients != configuration.recipients {
            entries.append(.recipientsChanged(RecipientsChanged(recipients: configuration.recipients)))
        }
        if let warning = configuration.recipientWarning { warnings.append(warning) }
        if !entries.isEmpty { _ = try ledger.append(entries, at: now) }
        return (signer, warnings)
    }
}

extension Configuration {
    /// Nil if footage is sealed for two keys or more.
    public var recipientWarning: String? {
        recipients.count > 1
            ? nil
            : "footage is sealed for one recipient only: if its identity is lost, nobody can open it; add the recipient of a "
                + "recovery key that is kept elsewhere to 'sealing.recipients'"
    }
}
