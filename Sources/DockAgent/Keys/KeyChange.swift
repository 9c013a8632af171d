import DockCore
import DockLedger
import DockSeal
import DockSystem

/// Brings keys into force and takes them out of it. The ledger is told first: whoever verifies knows the new key before it signs.
public struct KeyChange {
    private let ledger: Ledger
    private let signer: DockSigner
    private let file: DockKeyFile

    /// - Parameters:
    ///   - ledger: the dock's, for writing.
    ///   - signer: with the key in force.
    ///   - file: where that lies.
    public init(ledger: Ledger, signer: DockSigner, file: DockKeyFile) {
        self.ledger = ledger
        self.signer = signer
        self.file = file
    }

    /// A new key follows the one in force, which signs for it.
    /// - Parameters:
    ///   - new: the file of the new key, if it shall not take the old one's place; it is made if it is not there.
    ///   - overlap: seconds for which both count.
    /// - Returns: the new key.
    public func rotate(
        to new: String?, overlap: Double, at now: Instant
    ) throws(DockError) -> SSHPublicKey {
        let key = try file.successor(at: new)
        let statement = KeyStatement(dock: signer.dock, from: signer.publicKey, to: key.publicKey, at: now).text
        let handover = KeyAdopted.Handover(
            from: signer.publicKey.description, until: now.adding(seconds: overlap), statement: statement,
            signature: try signer.sign(Array(statement.utf8), as: .handover))
        let adopted = KeyAdopted(key: key.publicKey.description, origin: signer.origin, handover: handover)
        _ = try ledger.append([.keyAdopted(adopted)], at: now)
        if new == nil { try file.promoteSuccessor() }
        return key.publicKey
    }

    /// A key must not be believed any more. If it is the one in force, a new one takes its place, for which it does not sign: who
    /// stole it could do so too.
    /// - Returns: the new key, if there is one.
    public func revoke(
        _ key: SSHPublicKey, reason: String, to new: String?, at now: Instant
    ) throws(DockError) -> SSHPublicKey? {
        let revoked = LedgerEvent.keyRevoked(KeyRevoked(key: key.description, reason: reason))
        guard key == signer.publicKey else {
            _ = try ledger.append([revoked], at: now)
            return nil
        }
        let next = try file.successor(at: new)
        let adopted = KeyAdopted(key: next.publicKey.description, origin: signer.origin)
        _ = try ledger.append([.keyAdopted(adopted), revoked], at: now)
        if new == nil { try file.promoteSuccessor() }
        return next.publicKey
    }
}

/// What an old key signs for a new one.
public struct KeyStatement: Sendable, Equatable {
    /// The text, a field on each line.
    public let text: String

    /// Takes what it says.
    public init(dock: String, from old: SSHPublicKey, to new: SSHPublicKey, at moment: Instant) {
        text = "bodydock key hand-over\ndock: \(dock)\nfrom: \(old)\nto: \(new)\nat: \(moment)\n"
    }
}
