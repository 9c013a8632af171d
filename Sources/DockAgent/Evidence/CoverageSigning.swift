import DockCore
import DockSeal
import DockSystem

extension DockSigner {
    /// Signs what a docking took in, and answers what the ledger must be told before anything on the camera is destroyed.
    func attest(_ statement: CoverageStatement) throws(DockError) -> CoverageSigned {
        let document = try EvidenceJSON.encode(statement, of: statement.docking)
        return CoverageSigned(
            statement: statement, sha256: try SHA256Digest(hashing: document),
            signature: try sign(document, as: .coverage))
    }
}
