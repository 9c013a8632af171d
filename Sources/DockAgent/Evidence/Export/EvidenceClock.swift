import DockCore
import DockLedger

/// The clock certificate of a camera for all of its recordings that the ledger knows.
public enum EvidenceClock {
    /// As one line of JSON.
    public static func text(of camera: String, in ledger: Ledger) throws(DockError) -> String {
        var questions: [ClockCertificate.Question] = []
        for docking in try ledger.dockings(EvidenceSelection(cameras: [camera])) {
            let story = try ledger.story(of: docking.docking)
            for recording in story.coverage?.statement.recordings ?? [] {
                guard let start = recording.start else { continue }
                questions.append(
                    .init(docking: docking.docking, recording: recording.recording, recorded: start))
            }
        }
        let certificate = ClockCertificate(
            camera: camera, facts: try ledger.clockFacts(camera: camera), questions: questions)
        guard !certificate.periods.isEmpty || !questions.isEmpty else {
            throw DockError(
                .notFound, "cannot tell of a camera's clock", at: camera,
                because: "the ledger knows no measurement and no recording of it", next: "see bodydock status")
        }
        let bytes = try EvidenceJSON.encode(certificate, of: camera)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}
