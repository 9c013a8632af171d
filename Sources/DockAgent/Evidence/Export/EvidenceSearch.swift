import DockCore
import DockLedger

/// Finds in the ledger what is asked for.
struct EvidenceSearch {
    let ledger: Ledger
    let selection: EvidenceSelection

    /// What was found: files, and the dockings that took them in.
    struct Found {
        var dockings: [CustodyDocument.Made] = []
        var files: [EvidenceFile] = []
    }

    /// - Throws: ``DockError/Code/notFound`` if nothing matches; ``DockError/Code/conflict`` if a docking that is not told yet has more.
    func run() throws(DockError) -> Found {
        let times = try timesOfIncident()
        var found = Found()
        var objects: Set<ObjectName> = []
        var untold: [EvidenceFile] = []
        for start in try ledger.dockings(selection) {
            guard let made = try CustodyDocument.latest(of: start.docking, in: ledger) else {
                untold += try files(ofUntold: start.docking, times)
                continue
            }
            // The same object, read again in a later docking, is handed out once.
            let files = selection.files(of: made.document.record, during: times).filter {
                objects.insert($0.file.sealed.object).inserted
            }
            guard !files.isEmpty else { continue }
            found.dockings.append(made)
            found.files += files
        }
        // What a docking began that was cut off for good, a later one of the same camera tells of.
        if let file = untold.first(where: { !objects.contains($0.file.sealed.object) }) {
            throw DockError(
                .conflict, "cannot export", at: file.docking,
                because: "the docking is not over, or its custody record could not be made yet",
                next: "wait until it is over, or name other footage; bodydock nightly makes records that are missing")
        }
        guard !found.files.isEmpty else {
            throw DockError(
                .notFound, "cannot export", at: ledger.path, because: "nothing matches what is asked for",
                next: "see what there is with bodydock status; times are RFC 3339, names are those on the camera")
        }
        return found
    }

    private func files(
        ofUntold docking: String, _ times: [ClosedRange<Instant>]
    ) throws(DockError) -> [EvidenceFile] {
        let story = try ledger.story(of: docking)
        guard let document = try CustodyDocument(story, edition: story.nextEdition) else { return [] }
        return selection.files(of: document.record, during: times)
    }

    /// When the recording was made by which an incident is known.
    private func timesOfIncident() throws(DockError) -> [ClosedRange<Instant>] {
        guard let incident = selection.incident else { return [] }
        var times: [ClosedRange<Instant>] = []
        for start in try ledger.dockings(EvidenceSelection(cameras: [incident.camera])) {
            guard let record = try CustodyDocument.latest(of: start.docking, in: ledger)?.document.record else {
                continue
            }
            for row in record.recordings where row.recording == incident.recording {
                if let time = EvidenceSelection.time(of: row, in: record) { times.append(time) }
            }
        }
        return times
    }
}
