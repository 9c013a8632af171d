import CameraMaker
import DockCore
import Foundation
import Testing

/// Takes in a camera with each of the faults that the camera maker knows, through the real program.
@Suite struct FaultTests {
    /// A fault, and what must come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: CameraFault
        let profile: CameraPlan.Profile
        /// Whether the camera is held; otherwise it is emptied.
        let holds: Bool
        /// A word of the reason that a person must be given.
        let says: String
        var testDescription: String { "\(fault.rawValue) on \(profile.rawValue)" }

        init(_ fault: CameraFault, holds: Bool = true, _ says: String, on profile: CameraPlan.Profile = .bodydock) {
            self.fault = fault
            self.profile = profile
            self.holds = holds
            self.says = says
        }
    }

    static let cases: [Case] = [
        Case(.hash, "not what the camera promised"), Case(.truncate, "bytes"), Case(.grow, "bytes"),
        Case(.missing, "not on the camera"),
        Case(.unlisted, holds: false, "list"), Case(.wrongSize, "bytes"), Case(.empty, "no bytes"),
        Case(.duplicate, "listed"),
        Case(.caseClash, "case"), Case(.nonUTF8, holds: false, ""), Case(.longName, holds: false, ""),
        Case(.symlink, "link"), Case(.fifo, "pipe"), Case(.dotdot, ".."), Case(.absolute, "absolute"),
        Case(.sequenceGap, "missing"), Case(.preRecord, "pre-record"), Case(.preRecordMissing, "pre-record"),
        Case(.overlap, "5 s before"), Case(.gap, "5 s after"), Case(.clock1970, "1970"),
        Case(.clock2106, "2106"),
        Case(.chain, "does not follow"), Case(.torn, "cut off"), Case(.nested, "no JSON object"),
        Case(.hash, "not what the camera promised", on: .sums),
        Case(.hash, "not what the camera promised", on: .sidecar),
        Case(.missing, "not on the camera", on: .sums), Case(.missing, "not on the camera", on: .sidecar),
        Case(.unlisted, holds: false, "list", on: .sums), Case(.empty, "no bytes", on: .plain),
        Case(.symlink, "link", on: .plain),
        Case(.sequenceGap, "missing", on: .plain), Case(.clock1970, "1970", on: .plain),
        // Where numbers come from names, a name that does not follow the pattern leaves a gap.
        Case(.nonUTF8, "missing", on: .plain), Case(.longName, "missing", on: .sums),
    ]

    @Test(arguments: cases) func isToldApartAndGoodSegmentsAreStillDelivered(_ fault: Case) throws {
        let dock = try TestDock()
        let options = [
            "--profile", fault.profile.rawValue, "--break", fault.fault.rawValue, "--bytes", "100 kB", "--recordings",
            "4",
        ]
        let camera = try dock.makeCamera("camera", options)
        let before = try TestDock.contents(of: camera)
        let run = try dock.offload(camera)
        #expect(run.status == (fault.holds ? 2 : 0), "\(run.text)\(run.errors)")
        #expect(fault.says.isEmpty || run.text.localizedCaseInsensitiveContains(fault.says), "\(run.text)\(run.errors)")

        // Every file on the camera is in the vault, exactly as it was read.
        let footage = before.filter { !$0.key.hasPrefix("SETTINGS") }
        #expect(multiset(try dock.opened()) == multiset(footage), "\(run.text)\(run.errors)")
        let after = try TestDock.contents(of: camera)
        #expect(fault.holds ? after == before : after.keys.allSatisfy { $0.hasPrefix("SETTINGS") }, "\(run.text)")
        #expect(try dock.verifyLedger().status == 0)
    }

    @Test(arguments: [CameraPlan.Profile.bodydock, .sums, .sidecar, .plain]) func aWholeCameraIsReleased(
        profile: CameraPlan.Profile
    ) throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("BWC0042", ["--profile", profile.rawValue, "--bytes", "70000"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let kept = try dock.offload(camera, ["--keep"])
        #expect(kept.status == 0, "\(kept.text)\(kept.errors)")
        #expect(try TestDock.contents(of: camera, except: ["SETTINGS"]) == footage)
        let run = try dock.offload(camera)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try TestDock.contents(of: camera).keys.sorted() == ["SETTINGS/camera.cfg"])
        #expect(multiset(try dock.opened()) == multiset(footage), "kept and taken in again: nothing twice")
        let empty = try dock.offload(camera)
        #expect(empty.status == 0, "an emptied camera is no fault: \(empty.text)\(empty.errors)")
    }

    @Test func aCameraThatLostItsManifestIsNotTakenForASimplerKind() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "70000"])
        #expect(try dock.offload(camera, ["--keep"]).status == 0)
        try FileManager.default.removeItem(atPath: camera + "/BODYDOCK")
        let run = try dock.offload(camera)
        #expect(run.status == 2, "\(run.text)\(run.errors)")
        #expect(run.text.contains("has none now"))
    }

    @Test func aManifestWithVeryManyEntriesIsRefusedInBoundedMemory() throws {
        let dock = try TestDock(extra: "limits:\n  files: 1000\n")
        let camera = try dock.makeCamera(
            "camera", ["--break", "many-entries", "--entries", "20000", "--bytes", "1000"])
        let run = try dock.offload(camera)
        #expect(run.status == 2, "\(run.text)\(run.errors)")
        #expect(run.text.contains("1000"), "\(run.text)")
    }

    @Test func aWrongSignatureHoldsTheCameraAndARightOneDoesNot() throws {
        for fault in [[], ["--break", "signature"]] {
            let dock = try TestDock()
            let key = dock.folder.at("keys/dock.key")
            let camera = try dock.makeCamera("camera", ["--sign", key, "--bytes", "1000"] + fault)
            let publicKey = try String(contentsOfFile: dock.folder.at("keys/dock.pub"), encoding: .utf8)
                .split(separator: " ").prefix(2).joined(separator: " ")
            try dock.configure(
                vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n",
                extra: "cameras:\n  - serial: BWC0042\n    public_key: \(publicKey)\n")
            let run = try dock.offload(camera)
            #expect(run.status == (fault.isEmpty ? 0 : 2), "\(run.text)\(run.errors)")
        }
    }
}
