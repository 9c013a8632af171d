import DockCore
import Foundation

/// The one form in which documents that are signed are written: as entries of the ledger are (UTF-8, no white space, keys sorted, slashes as
/// they are), on one line that ends with a line feed. The same value gives the same bytes.
enum EvidenceJSON {
    static func encode(_ value: some Encodable, of docking: String) throws(DockError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")] } catch {
            throw DockError(
                .malformed, "cannot write a record", at: docking, because: "it has no JSON form: \(error)",
                next: "report this; the ledger has what it would say")
        }
    }
}
