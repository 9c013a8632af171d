import DockCore
import Testing

@Suite struct PreservedFileTests {
    private func profile(_ care: CameraCare, serialFile: String? = nil) throws -> CameraProfile {
        CameraProfile(
            name: "p", summary: "", priority: 0, requiredPaths: [], requiresMatchingName: false, manifest: .none,
            footageFolders: [], footageExtensions: ["mp4"], fileName: nil,
            serialFile: try serialFile.map { try CameraPath($0) }, preserve: [try CameraPath("SETTINGS")],
            care: care)
    }

    @Test func filesThatTheDockWritesBelongToTheCamera() throws {
        let text = try #require(ProvisionText("{wearer}"))
        let profile = try profile(
            CameraCare(provision: [ProvisionedFile(path: try CameraPath("Config/Wearer.txt"), text: text)]))
        #expect(profile.preserves(try CameraPath("Config/Wearer.txt")))
        #expect(profile.preserves(try CameraPath("CONFIG/WEARER.TXT")), "case does not count on a camera")
        for other in ["Config", "Config/Wearer.txt.bak", "Config/Other.txt", "Wearer.txt", "Config/Wearer.txt/A.MP4"] {
            #expect(!profile.preserves(try CameraPath(other)), "\(other)")
        }
        #expect(profile.preserves(try CameraPath("SETTINGS/a.cfg")), "as before")
    }

    @Test func theFileThatTellsTheChargeBelongsToTheCamera() throws {
        let profile = try profile(CameraCare(batteryFile: try CameraPath("battery.txt")), serialFile: "serial.txt")
        #expect(profile.preserves(try CameraPath("BATTERY.TXT")))
        #expect(profile.preserves(try CameraPath("serial.txt")))
        #expect(!profile.preserves(try CameraPath("battery.txt/A.MP4")))
    }

    @Test func aProfileWithoutCarePreservesNothingMore() throws {
        #expect(!(try profile(CameraCare()).preserves(try CameraPath("CONFIG/WEARER.TXT"))))
    }
}
