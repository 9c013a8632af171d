import DockCore
import DockLedger
import DockSystem
import Foundation

/// Puts what was destroyed on record: signed files in `<state>/destructions`, for people who do not read the ledger. A record is made
/// of entries alone, so one that a crash cut off is written again, the same.
struct DestructionRecords {
    let resources: DockResources

    /// Objects in one record.
    private static let most = 10_000
    private static let what = "cannot write a record of what was destroyed"

    /// What a record says.
    private struct Record: Encodable {
        struct Object: Encodable {
            let known: KnownDestruction

            private enum Key: String, CodingKey { case permit, entry, destroyed, foundGone }

            func encode(to encoder: any Encoder) throws {
                try known.permitted.encode(to: encoder)
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(known.destroyed.permit, forKey: .permit)
                try container.encode(known.sequence, forKey: .entry)
                try container.encode(known.at, forKey: .destroyed)
                try container.encodeIfPresent(known.destroyed.foundGone, forKey: .foundGone)
            }
        }

        let format = "bodydock-destruction-1"
        let dock: String
        let agent: String
        let objects: [Object]
    }

    /// Writes records until everything is on one.
    /// - Returns: where they lie.
    func write() throws(DockError) -> [String] {
        var files: [String] = []
        while true {
            let next = try resources.ledger.unrecordedDestructions(limit: DestructionRecords.most)
            guard let last = next.last else { return files }
            files.append(try write(next, last))
        }
    }

    private func write(_ destructions: [KnownDestruction], _ last: KnownDestruction) throws(DockError) -> String {
        let record = Record(
            dock: resources.configuration.dock, agent: Offload.version,
            objects: destructions.map { Record.Object(known: $0) })
        let content = try encode(record)
        let name = "\(last.at.description.prefix(10))-\(last.sequence).json"
        let folder = resources.configuration.state + "/destructions"
        let signature = try resources.signer.sign(content, as: .destruction)
        do throws(Errno) {
            try Folder.create(folder)
            try DurableFile.write(content, to: "\(folder)/\(name)")
            try DurableFile.write(Array(signature.utf8), to: "\(folder)/\(name).sig")
        } catch {
            throw error.error(
                DestructionRecords.what, at: folder, next: "look at the state folder's disk and run again")
        }
        let entry = DestructionRecorded(
            file: name, sha256: try SHA256Digest(hashing: content), objects: destructions.count,
            through: last.sequence)
        _ = try resources.ledger.append([.destructionRecorded(entry)], at: resources.clock())
        return "\(folder)/\(name)"
    }

    private func encode(_ record: Record) throws(DockError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        do { return Array(try encoder.encode(record)) + [UInt8(ascii: "\n")] } catch {
            throw DockError(.library, DestructionRecords.what, at: "JSON", because: "\(error)", next: "report this")
        }
    }
}
