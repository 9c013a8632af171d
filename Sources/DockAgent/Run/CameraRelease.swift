import DockCore
import DockDevices
import DockIntake
import DockSystem

/// Prepares an emptied camera for its next wearer. A step that fails is written down and shown, and blocks no other.
struct CameraRelease {
    let run: CameraRun
    let site: CameraSite
    let docking: String
    let camera: String

    /// Does what is left to do and says so in the ledger.
    /// - Parameter provision: what is to be written to the camera; nil if that is done, or there is nothing.
    func finish(provision: Provision?) throws(DockError) -> [ReleaseStep] {
        var steps: [ReleaseStep] = []
        if let provision {
            steps.append(
                step(.provision) { () throws(DockError) in
                    let written = try write(provision)
                    return "\(written.files.count) files written and read back"
                })
        }
        try tidy()
        steps.append(
            step(.eject) { () throws(DockError) in
                "the disk was stopped: \(try SCSIDisk.eject(run.order.disk.name))"
            })
        let released = CameraReleased(docking: docking, camera: camera, bay: run.order.bay, steps: steps)
        _ = try run.resources.ledger.append([.released(released)], at: run.resources.clock())
        return steps
    }

    private func write(_ provision: Provision) throws(DockError) -> CameraPreparation.Written {
        let preparation = CameraPreparation(site: site, provision: provision)
        try preparation.write(nil)
        let written = try preparation.verify(nil, isAlone: false)
        let event = CameraProvisioned(
            docking: docking, camera: camera, files: written.files, setsClock: provision.setsClock)
        _ = try run.resources.ledger.append([.provisioned(event)], at: run.resources.clock())
        return written
    }

    /// The certificate is in the ledger: the marker has done its work, and nothing needs to be put back any more.
    private func tidy() throws(DockError) {
        if try EraseMarker.read(from: site.node) != nil {
            try EraseMarker.clear(from: BlockVolume.open(site.node, forWriting: true))
        }
        try KeepsakeFile(state: run.resources.configuration.state, docking: docking).remove()
    }

    private func step(_ kind: ReleaseStep.Kind, _ body: () throws(DockError) -> String) -> ReleaseStep {
        do throws(DockError) {
            return ReleaseStep(kind, worked: true, try body())
        } catch {
            return ReleaseStep(kind, worked: false, error.description)
        }
    }
}
