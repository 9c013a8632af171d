import DockCore
import Foundation
import Testing

@testable import DockIntake

func cameraListing(_ files: [String], folders: [String] = []) throws -> VolumeListing {
    let identity = FileIdentity(device: 1, inode: 1, size: 1, modified: 1)
    return VolumeListing(
        files: try files.map { CameraFile(path: try CameraPath($0), identity: identity) }.sorted { $0.path < $1.path },
        folders: try folders.map { try CameraPath($0) }.sorted(), findings: [], isComplete: true)
}

func cameraProfile(
    _ name: String, priority: Int = 0, required: [String] = [], matching: Bool = false, folders: [String] = ["DCIM"],
    pattern: String? = "{device}_{wearer}_{date}_{time}_{sequence}.MP4"
) throws -> CameraProfile {
    CameraProfile(
        name: name, summary: "", priority: priority, requiredPaths: try required.map { try CameraPath($0) },
        requiresMatchingName: matching, manifest: .none, footageFolders: try folders.map { try CameraPath($0) },
        footageExtensions: ["mp4"], fileName: try pattern.map { try FileNamePattern.parse($0).get() }, serialFile: nil,
        preserve: [])
}

@Suite("Recognising a camera")
struct ProfileRecognitionTests {
    private let footage = "DCIM/100MEDIA/BWC0042_004711_20261001_083000_0001.MP4"

    @Test func everyRequiredPathMustExist() throws {
        let own = try cameraProfile("own", required: ["manifest.json", "DCIM"])
        let listing = try cameraListing(["manifest.json"], folders: ["DCIM"])
        #expect(ProfileRecognition.recognise(listing, profiles: [own])?.name == "own")
        #expect(ProfileRecognition.recognise(try cameraListing(["manifest.json"]), profiles: [own]) == nil)
        #expect(
            ProfileRecognition.recognise(try cameraListing(["manifest.json.old"], folders: ["DCIM"]), profiles: [own])
                == nil)
    }

    @Test func aNameMustFitInThePlaceOfFootage() throws {
        let named = try cameraProfile("named", matching: true)
        #expect(ProfileRecognition.recognise(try cameraListing([footage]), profiles: [named])?.name == "named")
        for wrong in [
            "DCIM/100MEDIA/IMG_0001.JPG", "OTHER/BWC0042_004711_20261001_083000_0001.MP4", "DCIMX/\(footage)",
        ] {
            #expect(ProfileRecognition.recognise(try cameraListing([wrong]), profiles: [named]) == nil, "\(wrong)")
        }
        let anywhere = try cameraProfile("anywhere", matching: true, folders: [])
        #expect(ProfileRecognition.recognise(try cameraListing(["X/" + footage]), profiles: [anywhere]) != nil)
    }

    @Test func theHighestPriorityWinsThenTheName() throws {
        let profiles = try [
            cameraProfile("b", priority: 1), cameraProfile("z", priority: 9, required: ["NOTHERE"]),
            cameraProfile("a", priority: 1),
            cameraProfile("c"),
        ]
        #expect(ProfileRecognition.recognise(try cameraListing([footage]), profiles: profiles)?.name == "a")
        #expect(ProfileRecognition.recognise(try cameraListing([footage]), profiles: profiles.reversed())?.name == "a")
        #expect(ProfileRecognition.recognise(try cameraListing([footage]), profiles: []) == nil)
    }
}

@Suite("Finding out who a camera is")
struct IdentityResolutionTests {
    private func resolve(
        manifest: (serial: String, wearer: String?)? = nil, serialFile: String? = nil, names: [(String, String)] = [],
        label: String? = nil, uuid: String? = nil, folder: String = "usb0"
    ) throws -> IdentityResolution {
        let files = names.enumerated().map { "DCIM/\($1.0)_\($1.1)_20261001_083000_000\($0).MP4" }
        return IdentityResolution(
            IdentityEvidence(
                manifest: manifest.map {
                    Manifest(
                        kind: .bodydock, camera: CameraIdentity(serial: $0.serial, source: .manifest), wearer: $0.wearer
                    )
                },
                profile: try cameraProfile("p"), listing: try cameraListing(files),
                serialFile: serialFile.map { Array($0.utf8) },
                volumeLabel: label, volumeUUID: uuid, folderName: folder))
    }

    @Test func theManifestCountsFirst() throws {
        let found = try resolve(
            manifest: ("BWC0042", "004711"), serialFile: "bwc0042\n", names: [("BWC0042", "004711")], label: "X")
        #expect(found.camera == CameraIdentity(serial: "BWC0042", source: .manifest))
        #expect(found.wearer == "004711")
        #expect(found.findings.isEmpty)
    }

    @Test func thenTheSerialFileThenTheNames() throws {
        let file = try resolve(serialFile: "\u{feff}  BWC 0042/7 \r\nrest", names: [("BWC-0042-7", "1")])
        #expect(file.camera == CameraIdentity(serial: "BWC-0042-7", source: .statusFile))
        #expect(file.findings.isEmpty)
        let names = try resolve(serialFile: "\n", names: [("BWC0042", "1"), ("BWC0042", "1")], label: "X")
        #expect(names.camera == CameraIdentity(serial: "BWC0042", source: .fileNames))
        #expect(names.wearer == "1" && names.findings.isEmpty)
    }

    @Test func sourcesThatContradictHoldTheCamera() throws {
        for found in try [
            resolve(manifest: ("BWC0042", "1"), names: [("BWC0043", "1")]),
            resolve(manifest: ("BWC0042", "1"), serialFile: "BWC0043"),
            resolve(serialFile: "BWC0042", names: [("BWC0043", "1")]),
            resolve(names: [("BWC0042", "1"), ("BWC0043", "1")]),
        ] {
            #expect(found.camera.serial == "BWC0042")
            #expect(found.findings.map(\.code) == [.identityConflict])
            #expect(found.findings[0].holds)
            #expect(found.findings[0].message.contains("BWC0042") && found.findings[0].message.contains("BWC0043"))
        }
    }

    @Test func aCameraThatNamesItselfNowhereIsKnownByWhatItIsStoredOn() throws {
        let both = try resolve(label: "BODYCAM", uuid: "1A2B-3C4D")
        #expect(both.camera == CameraIdentity(serial: "BODYCAM-1A2B-3C4D", source: .volume))
        let uuid = try resolve(label: "\u{3000}", uuid: "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11")
        #expect(uuid.camera == CameraIdentity(serial: "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11", source: .volume))
        let folder = try resolve(folder: "Körper cam.7")
        #expect(folder.camera == CameraIdentity(serial: "K-rper-cam.7", source: .folder))
        for found in [both, uuid, folder] {
            #expect(found.findings.map(\.code) == [.identityWeak, .wearerUnknown])
            #expect(found.findings.allSatisfy { !$0.holds })
            #expect(CameraIdentity.isName(found.camera.serial))
        }
    }

    @Test func whereNothingHasANameTheCameraIsHeld() throws {
        let found = try resolve(label: "--", folder: "///")
        #expect(found.findings.contains { $0.code == .identityWeak && $0.holds })
        #expect(CameraIdentity.isName(found.camera.serial))
    }

    @Test func hostileNamesBecomeNames() {
        for text in [
            "../../etc/passwd", ".hidden", "a\0b", String(repeating: "Ω7", count: 500), "\u{1b}[31mX", "  x  ",
        ] {
            let name = SerialName.sanitised(text)
            #expect(name.map { CameraIdentity.isName($0) } == true, "\(text)")
        }
        #expect(SerialName.sanitised("  x y ") == "x-y")
        #expect(SerialName.sanitised(".") == nil)
        #expect(SerialName.sanitised("") == nil)
    }

    @Test func wearersAreTakenFromTheManifestThenFromTheNames() throws {
        let contradicted = try resolve(manifest: ("BWC0042", "004711"), names: [("BWC0042", "004712")])
        #expect(contradicted.wearer == "004711")
        #expect(contradicted.findings.map(\.code) == [.contradiction])
        #expect(!contradicted.findings[0].holds)
        let several = try resolve(names: [("BWC0042", "1"), ("BWC0042", "2")])
        #expect(several.wearer == nil)
        #expect(several.findings.map(\.code) == [.wearerUnknown])
        #expect(!several.findings[0].holds)
    }
}
