import DockCore
import Foundation

// What is written down of a visit to a bay, beside the footage.

extension Story {
    static let port = PortPath("pci-0000:00:14.0-usb-0:3.2")!
    static let usb = USBIdentity(
        model: USBModel(vendor: 0x46f4, product: 1), serial: "S \"1\"", manufacturer: "Maker\u{1}", product: "Cam é")
    static let medium = Medium(
        usb: usb, bytes: 1 << 36,
        fileSystem: FileSystemFacts(
            kind: .vfat, label: "BWC", uuid: "4E21-0000", clusterBytes: 32768, fatBits: 32, isDirty: true))

    func resumed(segments: Int = 1) -> LedgerEvent {
        .dockingResumed(
            DockingResumed(
                docking: docking, camera: camera, agent: "1.0",
                visit: Visit(bay: "3", port: Story.port, attachment: "boot:17", medium: Story.medium),
                segments: segments, bytes: Int64(segments) * 1000))
    }

    func paused(_ outcome: DockingOutcome = .interrupted(reasons: ["the camera was pulled"])) -> LedgerEvent {
        .dockingPaused(DockingPaused(docking: docking, camera: camera, outcome: outcome))
    }

    func formatBegan(files: Int) -> LedgerEvent {
        .formatBegan(
            FormatBegan(
                docking: docking, camera: camera, marker: String(repeating: "0f", count: 16), method: .overwrite,
                medium: Story.medium, files: files, began: Story.time))
    }

    func certificate(files: Int = 1) -> LedgerEvent {
        .certificate(
            ErasureCertificate(
                docking: docking, camera: camera, dock: "stadhuis-1", agent: "1.0", medium: Story.medium,
                method: .overwrite, wanted: .discard, newFileSystem: true, level: .clear,
                verification: ErasureCertificate.Verification(method: "every block was read", bytesRead: 1 << 36),
                files: files, began: Story.time, ended: Story.time.adding(seconds: 0.25), notes: ["flash/keeps", ""]))
    }

    /// All of a camera that is emptied, as ``whole()`` without its remnant.
    func erasedAll(_ count: Int) -> LedgerEvent {
        .erased(ErasureEnded(docking: docking, camera: camera, erased: count, left: []))
    }

    /// Segment `number` sealed once more, under another name; a record of the dock where `role` says so.
    func sealedAgain(_ number: Int, role: PlannedSegment.Role = .listed) throws -> LedgerEvent {
        guard case .sealed(var sealed) = try sealed(number) else { fatalError("not a sealing") }
        sealed.sealed.id = String(sealed.sealed.id.reversed())
        sealed.role = role
        return .sealed(sealed)
    }

    func receiptAgain(_ number: Int) throws -> LedgerEvent {
        var receipt = try bareReceipt(number)
        receipt.sealing = String(receipt.sealing.reversed())
        return .receipt(SegmentReceipt(docking: docking, camera: camera, receipt: receipt))
    }

    /// One event of each kind that came with the bays.
    func visits() throws -> [LedgerEvent] {
        let refused = DeviceRefused(bay: "3", port: Story.port, usb: Story.usb, reason: "a keyboard")
        var known = refused
        known.camera = camera
        return [
            resumed(), paused(), paused(.incomplete(reasons: ["vault b: down", ""])), .deviceRefused(refused),
            .deviceRefused(known), formatBegan(files: 2), certificate(files: 2),
            .clockMeasured(
                ClockMeasured(
                    docking: docking, camera: camera, cameraClock: Story.time.adding(seconds: -0.125),
                    dockClock: Story.time)),
            .provisioned(
                CameraProvisioned(
                    docking: docking, camera: camera,
                    files: [.init(path: try CameraPath([0xff, 0x2f, 0x0a]), sha256: try content(1))], setsClock: true)),
            .released(
                CameraReleased(
                    docking: docking, camera: camera, bay: "3",
                    steps: [
                        ReleaseStep(.provision, worked: true, "2 files"), ReleaseStep(.eject, worked: false, "busy"),
                        ReleaseStep(.power, worked: true, ""),
                    ])),
        ]
    }
}
