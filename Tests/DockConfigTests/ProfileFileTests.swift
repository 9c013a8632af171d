import DockCore
import DockTestSupport
import Testing

@testable import DockConfig

@Suite struct ProfileFileTests {
    private static let shipped = ["bodydock", "dcim-sums", "dcim-sidecar", "dcim-plain", "dcim-generic"]

    private static let own = """
        name: own
        summary: a camera
        recognise: {paths: [DCIM]}
        manifest: {type: none}
        footage: {extensions: [mp4]}
        """

    private static func read(_ text: String, as name: String = "own.yaml") throws -> Result<
        CameraProfile, ConfigurationMistakes
    > {
        let folder = try TemporaryFolder()
        let path = try folder.write(text.utf8, to: name)
        return Result { () throws(ConfigurationMistakes) in try ProfileFile.read(path) }
    }

    @Test(arguments: shipped) func shippedProfilesAreInOrder(name: String) throws {
        let profile = try ProfileFile.read("\(Fixture.checkout)/config/profiles/\(name).yaml")
        #expect(profile.name == name)
        #expect(!profile.footageFolders.isEmpty && profile.footageExtensions.contains("mp4"))
    }

    @Test func theShippedOnesAreTriedFromTheMostTelling() throws {
        let profiles = try ProfileLibrary.load(folders: ["\(Fixture.checkout)/config/profiles"])
        #expect(profiles.map(\.name) == Self.shipped)
        #expect(
            profiles.map(\.manifest) == [
                .bodydock(try CameraPath("BODYDOCK/manifest.jsonl")), .sums(try CameraPath("SHA256SUMS")), .sidecar,
                .none, .none,
            ])
        #expect(profiles.map(\.requiresMatchingName) == [false, false, false, true, false])
        #expect(profiles.map(\.requiredExtensions) == [[], [], ["sha256", "md5"], [], []])
        let name = try #require(profiles[3].fileName?.match("BWC0042_004711_20261001_083000_0001.MP4".utf8))
        #expect(name.device == "BWC0042" && name.wearer == "004711" && name.sequence == 1)
        #expect(name.start == Instant(rfc3339: "2026-10-01T08:30:00Z"))
    }

    @Test func anOwnProfileIsTriedBeforeTheShippedOnesUnlessItSaysOtherwise() throws {
        #expect(
            try Self.read(Self.own).get()
                == CameraProfile(
                    name: "own", summary: "a camera", priority: 500, requiredPaths: [try CameraPath("DCIM")],
                    requiresMatchingName: false, manifest: .none, footageFolders: [], footageExtensions: ["mp4"],
                    fileName: nil,
                    serialFile: nil, preserve: []))
    }

    @Test func everyKeyIsRead() throws {
        let text = """
            name: own
            summary: a camera
            priority: 7
            recognise: {paths: [A/B.txt], extensions: [md5], matching_name: true}
            manifest: {type: sums, path: SUMS}
            footage: {folders: [VIDEO, Système], extensions: [mp4, mov], flagged: [EMR, RO], name: "{device}-{sequence}.mov"}
            serial_file: INFO/serial.txt
            preserve: [INFO, VIDEO/KEEP]
            """
        #expect(try Self.read(text).get().care == CameraCare() && Self.read(text).get().usbModels == [])
        let profile = try Self.read(text).get()
        #expect(profile.requiredPaths == [try CameraPath("A/B.txt")] && profile.requiredExtensions == ["md5"])
        #expect(profile.requiresMatchingName && profile.priority == 7)
        #expect(profile.manifest == .sums(try CameraPath("SUMS")))
        #expect(profile.footageFolders == [try CameraPath("VIDEO"), try CameraPath("Système")])
        #expect(profile.fileName?.text == "{device}-{sequence}.mov")
        #expect(profile.flaggedFolders == ["EMR", "RO"])
        #expect(profile.serialFile == (try CameraPath("INFO/serial.txt")))
        #expect(profile.preserve == [try CameraPath("INFO"), try CameraPath("VIDEO/KEEP")])
    }

    @Test(arguments: [
        (
            "paths: [DCIM]", "paths: [/DCIM]",
            "3:21: 'recognise.paths' is '/DCIM': the path is absolute or has an empty part; allowed: "
        ),
        (
            "paths: [DCIM]", "paths: [../DCIM]",
            "3:21: 'recognise.paths' is '../DCIM': the path has a '.' or '..' part; allowed: "
        ),
        (
            "paths: [DCIM]", "",
            "3:12: 'recognise' says nothing, so every volume would be taken for this camera; allowed: "
        ),
        (
            "paths: [DCIM]", "usb: ['46f4:0001']",
            "3:12: 'recognise.usb' is no mark by itself, because makers share USB numbers; allowed: at least one of paths, "
        ),
        (
            "paths: [DCIM]", "paths: [DCIM], usb: 46f4:0001",
            "3:33: 'recognise.usb' is '46f4:0001'; allowed: a list such as [a, b] of: a USB vendor and product "
        ),
        (
            "paths: [DCIM]", "paths: [DCIM], usb: [46f4]",
            "3:34: 'recognise.usb' is '46f4'; allowed: a USB vendor and product "
        ),
        (
            "paths: [DCIM]", "matching_name: true",
            "3:12: 'recognise.matching_name' needs 'footage.name'; allowed: both or neither"
        ),
        ("paths: [DCIM]", "matching_name: yes", "3:28: 'recognise.matching_name' is 'yes'; allowed: true, false"),
        ("recognise:", "recognize:", "3:1: unknown key 'recognize'; did you mean 'recognise'? allowed: "),
        ("type: none", "type: sums", "4:11: 'manifest.path' is missing; allowed: "),
        ("type: none", "type: sidecar, path: X", "4:27: unknown key 'path' in 'manifest'; allowed: type"),
        ("type: none", "type: json", "4:18: 'manifest.type' is 'json'; allowed: bodydock, sums, sidecar, none"),
        ("[mp4]", "[MP4]", "5:24: 'footage.extensions' is 'MP4'; allowed: 1 to 16 of a-z 0-9, without the dot"),
        (
            "[mp4]", "[mp4], flagged: [DCIM/EMR]",
            "5:40: 'footage.flagged' is 'DCIM/EMR'; allowed: the name of a folder, 1 to 255 bytes without '/'"
        ),
        ("[mp4]", "[]", "5:23: 'footage.extensions' is an empty list; allowed: "),
        (
            "[mp4]", "[mp4], name: 'a.mp4'",
            "5:36: 'footage.name' is 'a.mp4': it has no field; allowed: text with fields in it, of {device} "
        ),
        (
            "[mp4]", "[mp4], name: '{wearer}_{badge}'",
            "5:36: 'footage.name' is '{wearer}_{badge}': '{badge}' is no field; known are "
        ),
        (
            "[mp4]}", "[mp4], folders: [DCIM]}\npreserve: [dcim]",
            "6:12: 'preserve' covers the footage folder of 'dcim', which "
        ),
        (
            "[mp4]}", "[mp4], folders: [DCIM]}\nserial_file: dcim",
            "6:14: 'serial_file' covers the footage folder 'DCIM', which "
        ),
        (
            "[mp4]}", "[mp4], folders: [DCIM]}\nserial_file: DCIM/a.MP4",
            "6:14: 'serial_file' is footage by its place and ending, and would never be taken in; allowed: another file"
        ),
        ("name: own", "name: other", "1:7: 'name' is 'other' in a file named 'own.yaml'; allowed: 'other.yaml'"),
        ("name: own\n", "", "1:1: 'name' is missing; allowed: "),
    ])
    func eachMistakeIsNamedWithItsPlace(from: String, to: String, says: String) throws {
        let lines = try Self.read(Self.own.replacing(from, with: to, maxReplacements: 1)).lines
        #expect(lines.contains { $0.hasPrefix(says) }, "\(lines)")
    }

    @Test func theDocumentationNamesEveryKey() throws {
        let text = """
            '?': 1
            recognise: {'?': 1}
            manifest: {type: sums, '?': 1}
            footage: {'?': 1}
            erase: {'?': 1}
            provision: [{'?': 1}]
            battery: {'?': 1}
            charge: {'?': 1}
            """
        let parts = ["recognise", "manifest", "footage", "erase", "provision", "battery", "charge"]
        let documentation = try Fixture.text("docs/profiles.md")
        var count = 0
        for mistake in try Self.read(text).mistakes where mistake.text.hasPrefix("unknown key '?'") {
            let part = mistake.text.contains(" in '") ? "\(mistake.text.split(separator: "'")[3])." : ""
            for key in mistake.text.components(separatedBy: "allowed: ")[1].components(separatedBy: ", ")
            where !(part.isEmpty && parts.contains(key)) {
                #expect(documentation.contains("| `\(part)\(key)` |"), "\(part)\(key)")
                count += 1
            }
        }
        #expect(count == 22)
    }
}
