import DockCore
import DockDevices
import DockIntake
import DockSystem

/// Destroys what is on a volume and gives it a new file system, under a permit. Every step can be done again after it broke
/// off; until the last one is done the marker stands on the medium and says so.
struct VolumeFormat {
    let site: CameraSite
    let permit: FormatPermit
    let keepsakes: Keepsakes
    let provision: Provision

    /// What emptying the blocks came to.
    private struct Blocks {
        var method: EraseMethod
        var level = SanitizationLevel.none
        var verification = "the new file system was read back"
        var bytesRead: Int64 = 0
        var notes: [String] = []
    }

    /// Runs all steps.
    func run(
        record: (LedgerEvent) throws(DockError) -> Void, progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> ErasureCertificate {
        let began = permit.began
        let blocks = try emptyBlocks(progress)
        let made = try FileSystemMaker.make(began.medium.fileSystem, on: site.node, bytes: began.medium.bytes)
        let preparation = CameraPreparation(site: site, provision: provision)
        try preparation.write(keepsakes)
        let written = try preparation.verify(keepsakes, isAlone: true)
        if !written.files.isEmpty {
            try record(
                .provisioned(
                    CameraProvisioned(
                        docking: began.docking, camera: began.camera, files: written.files,
                        setsClock: provision.setsClock)))
        }
        var notes = blocks.notes
        if let omission = made.omission { notes.append(omission) }
        notes.append("flash media keep spare cells that no command over USB reaches: Purge is not claimed")
        return ErasureCertificate(
            docking: began.docking, camera: began.camera, dock: site.resources.configuration.dock,
            agent: "bodydock \(Offload.version)", medium: began.medium, method: blocks.method,
            wanted: blocks.method == began.method ? nil : began.method, newFileSystem: true, level: blocks.level,
            verification: ErasureCertificate.Verification(
                method: blocks.verification, bytesRead: blocks.bytesRead + written.bytesRead),
            files: began.files, began: began.began, ended: site.resources.clock(), notes: notes)
    }

    private func emptyBlocks(_ progress: @escaping @Sendable (WorkProgress) -> Void) throws(DockError) -> Blocks {
        let began = permit.began
        let volume = try BlockVolume.open(site.node, forWriting: true)
        guard volume.bytes == began.medium.bytes, let place = EraseMarker.place(onVolumeOf: volume.bytes),
            let marker = EraseMarker(nonce: began.marker, docking: began.docking)
        else {
            throw DockError(
                .mismatch, "cannot empty a volume", at: site.node.path,
                because: "it has \(volume.bytes) bytes, and \(began.medium.bytes) were expected",
                next: "nothing was touched; inspect the card")
        }
        try marker.write(to: volume)
        try RootFolder.overwrite(on: volume)
        let end = volume.bytes / Int64(volume.logicalBlockBytes) * Int64(volume.logicalBlockBytes)
        let ranges = [0..<place.lowerBound, place.upperBound..<end]
        switch began.method {
        case .delete: return Blocks(method: .delete)
        case .discard: return try discard(ranges, of: volume, progress)
        case .overwrite: return try overwrite(ranges, of: volume, progress)
        }
    }

    private func discard(
        _ ranges: [Range<Int64>], of volume: borrowing BlockVolume,
        _ progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> Blocks {
        let total = volume.bytes
        for range in ranges {
            let answer = try volume.discard(
                range, progress: { progress(WorkProgress(bytes: range.lowerBound + $0, total: total)) },
                shouldStop: site.shouldStop)
            switch answer {
            case .done: break
            case .notSupported(let reason):
                return Blocks(
                    method: .delete, notes: ["the device takes no discard (\(reason)): only a new file system"])
            case .stopped: throw site.stopped("cannot discard a volume")
            }
        }
        var blocks = Blocks(method: .discard)
        var zeros = true
        for (number, range) in ranges.enumerated() {
            let pass = try volume.verifyZeros(
                range, sampling: .fraction(0.02, seed: UInt64(number)), shouldStop: site.shouldStop)
            if pass.wasStopped { throw site.stopped("cannot look at a discarded volume") }
            blocks.bytesRead += pass.bytes
            if pass.firstNonzero != nil { zeros = false }
        }
        blocks.verification = "a sample of the discarded blocks reads as \(zeros ? "zeros" : "what it was")"
        blocks.notes = ["what a discarded block reads as tells of the device's map, not of its cells"]
        return blocks
    }

    private func overwrite(
        _ ranges: [Range<Int64>], of volume: borrowing BlockVolume,
        _ progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> Blocks {
        let total = volume.bytes * 2
        for range in ranges {
            let pass = try volume.overwrite(
                range, progress: { progress(WorkProgress(bytes: range.lowerBound + $0, total: total)) },
                shouldStop: site.shouldStop)
            if pass.wasStopped { throw site.stopped("cannot overwrite a volume") }
        }
        try volume.dropCache()
        var blocks = Blocks(method: .overwrite, level: .clear)
        let half = volume.bytes
        for range in ranges {
            let pass = try volume.verifyZeros(
                range, sampling: .all,
                progress: { progress(WorkProgress(bytes: half + range.lowerBound + $0, total: total)) },
                shouldStop: site.shouldStop)
            if pass.wasStopped { throw site.stopped("cannot verify an overwritten volume") }
            blocks.bytesRead += pass.bytes
            if let place = pass.firstNonzero {
                throw DockError(
                    .mismatch, "cannot overwrite a volume", at: site.node.path,
                    because: "byte \(place) does not read as the zero that was written",
                    next: "the footage is safe; do not use this card again")
            }
        }
        blocks.verification = "every block was written with zeros and read back past the page cache"
        return blocks
    }
}
