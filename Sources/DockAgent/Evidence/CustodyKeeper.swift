import DockCore
import DockLedger
import DockSeal
import DockSystem

/// Makes the custody records of dockings out of the ledger: signed, sealed into the spool, and delivered beside the footage
/// (docs/custody.md). What a crash keeps from being made is made later, by the next pass through the spool.
struct CustodyKeeper {
    let resources: DockResources

    /// Dockings that ended longer ago are not looked for any more.
    private static let reach = 45 * 86_400.0

    /// Makes the record of a docking that is over, if something happened that no record tells yet.
    /// - Parameter session: its folder in the spool.
    /// - Returns: whether one was made.
    @discardableResult
    func record(_ docking: String, in session: SpoolSession) throws(DockError) -> Bool {
        let story = try resources.ledger.story(of: docking)
        guard story.isDue, let began = story.began else { return false }
        guard let document = try CustodyDocument(story, edition: story.nextEdition) else { return false }
        let (record, content) = (document.record, document.content)
        let signature = try resources.signer.sign(content, as: .custody)
        let number = record.edition
        var files: [(name: String, content: [UInt8])] = [
            ("custody-\(number).json", content),
            ("custody-\(number).json.sig", Array(signature.utf8)),
            ("SHA256SUMS-\(number)", document.sums),
        ]
        if let coverage = document.coverage {
            files.append(("coverage-\(number).json", coverage.content))
            files.append(("coverage-\(number).json.sig", Array(coverage.signature.utf8)))
        }
        let camera = record.camera.serial
        let records = files.map {
            DockRecord(docking: docking, camera: camera, name: $0.name, date: began, content: $0.content)
        }
        let entries = try RecordSealing(resources: resources, session: session).seal(records)
        let made = CustodyRecorded(
            docking: docking, camera: camera, edition: number, through: record.through,
            sha256: try SHA256Digest(hashing: content), signature: signature)
        _ = try resources.ledger.append(entries + [.custody(made)], at: resources.clock())
        return true
    }

    /// Makes what is missing: of dockings that a crash or a full spool kept from being told, at once; of those to whose footage a vault
    /// came later, when every vault has it all. One that cannot be made keeps no other from being made.
    /// - Returns: how many were made, and why the first that could not be made was not.
    func catchUp() throws(DockError) -> (made: Int, failure: DockError?) {
        let ledger = resources.ledger
        var next = try ledger.head().entries
        var result: (made: Int, failure: DockError?) = (0, nil)
        for docking in try ledger.dockingsWithNews(from: try horizon()) {
            let story = try ledger.story(of: docking)
            guard story.isDue else { continue }
            do throws(DockError) {
                if story.isUntold || story.isHeld(by: resources.vaults.map(\.name)),
                    let session = try resources.spool.beginIfFree(docking: docking)
                {
                    if try record(docking, in: session) { result.made += 1 }
                    continue
                }
            } catch { result.failure = result.failure ?? error }
            next = min(next, story.firstEntry)
        }
        resources.custodyHorizon.withLock { $0 = next }
        return result
    }

    /// The entry from which on something may have happened that no record tells.
    private func horizon() throws(DockError) -> Int64 {
        if let known = resources.custodyHorizon.withLock({ $0 }) { return known }
        return try resources.ledger.firstEntry(since: resources.clock().adding(seconds: -CustodyKeeper.reach))
    }
}
