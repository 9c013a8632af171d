@testable import DockCore

// What records and exports of evidence write down.

extension Story {
    /// What was there, the record of the docking, and that it was handed out.
    func evidence() throws -> [LedgerEvent] {
        let statement = CoverageStatement(
            docking: docking, dock: "stadhuis-1", agent: "1.0", camera: camera, wearer: "4711", manifest: .bodydock,
            manifestDigest: try content(999), signature: .valid, stated: Story.time, nothingRecorded: false,
            isComplete: false,
            recordings: [
                RecordingCoverage(
                    recording: "R1", sequence: 17, start: Story.time, trigger: Story.time.adding(seconds: 30),
                    end: Story.time.adding(seconds: 90), spokenWarning: .before,
                    preRecord: .init(promised: 30, present: 29.5),
                    segments: .init(listed: 3, taken: 2, first: 1, last: 3), bytes: 2000, isComplete: false,
                    gaps: [.init(path: try path(2), missing: .bytes(1000), why: "it was not read to its end")])
            ], further: nil, others: .init(files: 1, taken: 1, bytes: 10), doubts: [])
        return [
            .coverage(CoverageSigned(statement: statement, sha256: try content(1), signature: "a\nb\n")),
            .custody(
                CustodyRecorded(
                    docking: docking, camera: camera, edition: 1, through: 3, sha256: try content(2),
                    signature: "a\nb\n")),
            .disclosed(
                EvidenceDisclosed(
                    docking: docking, camera: camera, recordings: ["R1"], files: 2, form: .resealed,
                    recipients: ["age1x"], reason: "case \"7\"", requestedBy: "OM", account: "root")),
        ]
    }
}
