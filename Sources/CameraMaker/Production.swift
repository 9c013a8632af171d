import DockCore
import DockSystem

/// One camera being made: a scenario becomes files, and a manifest that grows with them.
struct Production: ~Copyable {
    private let plan: CameraPlan
    private var volume: CameraVolume
    private var footage: FootageWriter
    private let manifest: any ManifestWriter
    private let isListing: Bool
    private var camera: MadeCamera
    /// What a line says of the content of a file that does not exist.
    private let phantom: (bytes: Int64, sha256: SHA256Digest)

    init(_ plan: CameraPlan, _ scenario: Scenario, key: SigningKey?, at directory: String) throws(DockError) {
        let footage = try FootageWriter(plan)
        var volume = try CameraVolume(at: directory)
        let isListing = plan.profile != .plain && !plan.faults.contains(.noManifest)
        let phantom: (Int64, SHA256Digest) = (1 << 20, try SHA256Digest(hashing: Array("no such file".utf8)))
        var camera = MadeCamera(
            serial: plan.serial, wearer: plan.wearer, clock: scenario.clock, recordings: scenario.takes.count)
        camera.publicKey = try key?.publicKey()
        let profile = isListing ? plan.profile : .plain
        let manifest: any ManifestWriter =
            switch profile {
            case .bodydock: try OwnManifest(plan, scenario, key: key, on: &volume)
            case .sums: try SumsManifest(on: &volume)
            case .sidecar: SidecarManifest()
            case .plain: NoManifest()
            }
        self.plan = plan
        self.footage = footage
        self.volume = volume
        self.manifest = manifest
        self.isListing = isListing
        self.camera = camera
        self.phantom = phantom
    }

    /// Makes everything and returns the truth about it.
    mutating func run(_ scenario: Scenario, _ breaks: [MadeCamera.Break]) throws(DockError) -> MadeCamera {
        try volume.write(settings.utf8, to: try CameraPath("SETTINGS/camera.cfg"))
        camera.segments.reserveCapacity(plan.recordings * plan.segmentsPerRecording)
        for take in scenario.takes {
            try manifest.begin(take)
            for piece in take.segments { try make(piece, of: take) }
        }
        if plan.faults.contains(.manyEntries) { try listPhantoms(after: scenario.following) }
        try manifest.finish()
        for special in scenario.specials { try volume.place(special.kind, at: special.path) }
        camera.breaks = breaks + manifestBreaks
        return camera
    }

    /// Makes a segment, unless it is only a line of the manifest, and lists it.
    private mutating func make(_ piece: Scenario.Piece, of take: Scenario.Take) throws(DockError) {
        var name = ListedPiece.Name.path(piece.path)
        var truth = phantom
        switch piece.content {
        case .footage, .nothing:
            truth = try footage.make(piece, on: &volume)
            camera.segments.append(
                MadeCamera.Segment(
                    path: piece.path, recording: take.name, number: piece.number, start: piece.start,
                    duration: piece.duration, bytes: truth.bytes, sha256: truth.sha256,
                    isListed: piece.isListed && isListing))
        case .firstAgain: truth = (camera.segments[0].bytes, camera.segments[0].sha256)
        case .phantom(let text): name = .phantom(text)
        }
        guard piece.isListed else { return }
        let listed = ListedPiece(
            name: name, number: piece.number, bytes: truth.bytes + piece.sizeError, start: piece.start,
            duration: piece.duration, sha256: truth.sha256)
        try manifest.list(listed, on: &volume)
    }

    private mutating func listPhantoms(after piece: Scenario.Piece) throws(DockError) {
        for index in 0..<plan.entries {
            let listed = ListedPiece(
                name: .phantom("DCIM/999MEDIA/NONE_" + padded(UInt64(index), to: 8) + ".MP4"),
                number: piece.number + index, bytes: phantom.bytes,
                start: piece.start.adding(seconds: Double(index)), duration: 1, sha256: phantom.sha256)
            try manifest.list(listed, on: &volume)
        }
    }

    private var manifestBreaks: [MadeCamera.Break] {
        let faults: [CameraFault] = [.chain, .signature, .torn, .nested, .manyEntries, .noManifest]
        return faults.filter(plan.faults.contains).map { MadeCamera.Break(fault: $0, place: "the manifest", path: nil) }
    }

    /// A file of the camera itself, which no profile takes for footage.
    private var settings: String {
        """
        # Settings of this camera. Not footage: must survive every erase.
        serial = \(plan.serial)
        pre_record_seconds = \(plan.preRecord)
        segment_seconds = \(plan.segmentSeconds)
        loop_recording = off

        """
    }
}
