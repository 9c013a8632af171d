import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockConfig

/// How a profile says that a kind of camera is emptied, prepared and charged.
@Suite struct ProfileCareTests {
    private static func read(
        _ text: String, manifest: String = "type: bodydock, path: INFO/manifest.jsonl", folders: String = "[DCIM]"
    ) throws -> Result<CameraProfile, ConfigurationMistakes> {
        let own = """
            name: own
            summary: a camera
            recognise: {paths: [DCIM], usb: ['46f4:0001', 0781:55AB]}
            manifest: {\(manifest)}
            footage: {extensions: [mp4], folders: \(folders)}
            serial_file: INFO/serial.txt

            """
        let folder = try TemporaryFolder()
        let path = try folder.write((own + text).utf8, to: "own.yaml")
        return Result { () throws(ConfigurationMistakes) in try ProfileFile.read(path) }
    }

    @Test func everyKeyIsRead() throws {
        let profile = try Self.read(
            """
            erase: {quick: discard, deep: overwrite}
            provision:
              - {path: Config/wearer.txt, text: "{wearer}\\r\\n"}
              - path: CONFIG/CLOCK.TXT
                text: |
                  {{{date}}}
                  {time}
              - {path: FLAG, text: ''}
            battery: {file: INFO/battery.txt}
            charge: {curve: ['80% 2h', '100% 4h 30min']}
            """
        ).get()
        #expect(profile.usbModels == [USBModel(vendor: 0x46f4, product: 1), USBModel(vendor: 0x781, product: 0x55ab)])
        #expect(profile.care.quickErase == .discard && profile.care.deepErase == .overwrite)
        #expect(profile.care.provision.map(\.path.description) == ["Config/wearer.txt", "CONFIG/CLOCK.TXT", "FLAG"])
        #expect(
            profile.care.provision.map { $0.text.filled { "<\($0)>" } } == ["<wearer>\r\n", "{<date>}\n<time>\n", ""])
        #expect(profile.care.batteryFile == (try CameraPath("INFO/battery.txt")))
        let points = [(0, 0), (80, 7200), (100, 16_200)].map { ChargeCurve.Point(percent: $0, seconds: Double($1)) }
        #expect(profile.care.charge?.points == points)
        for path in ["config/WEARER.txt", "Config/clock.txt", "flag", "INFO/battery.txt", "INFO/serial.txt"] {
            #expect(profile.preserves(try CameraPath(path)), "\(path)")
        }
    }

    @Test func whatIsLeftOutIsLeftToTheConfiguration() throws {
        #expect(try Self.read("").get().care == CameraCare())
        #expect(try Self.read("erase: {}\nprovision: []\nbattery:\ncharge: {}").get().care == CameraCare())
        #expect(try Self.read("erase: {quick: delete}").get().care == CameraCare(quickErase: .delete))
    }

    @Test(
        arguments: [
            ("full_after: 4h", [(0, 0), (100, 14_400)]), ("curve: ['100% 1min']", [(0, 0), (100, 60)]),
            ("curve: [0% 0s, 50% 1h, 100% 7d]", [(0, 0), (50, 3600), (100, 604_800)]),
        ] as [(String, [(Int, Double)])])
    func chargeIsACurveOrALine(text: String, points: [(Int, Double)]) throws {
        let curve = try #require(try Self.read("charge: {\(text)}").get().care.charge)
        #expect(curve.points == points.map { ChargeCurve.Point(percent: $0.0, seconds: $0.1) })
    }

    static let path = "a path on the camera such as DCIM/100MEDIA, without '/' at its ends, '.' or '..'"
    static let text =
        "text in quotes or after '|', at most 64 KiB; fields are {camera} {wearer} {dock} {utc} {date} {time} {unix}, "
    static let point = "a charge and the time from an empty battery, such as '80% 2h': 0% to 100%, at most 7d"

    /// Lines behind a profile, and how what is said about them begins.
    @Test(arguments: [
        // Erase.
        ("erase: {quick: never}", ["7:16: 'erase.quick' is 'never'; allowed: delete, discard, overwrite"]),
        (
            "erase: {deep: delete}",
            [
                "7:15: 'erase.deep' is 'delete': the bytes would stay on the medium, which a deep erase is there to prevent; "
            ]
        ),
        (
            "erase: {deep: never}",
            [
                "7:15: 'erase.deep' is 'never': only the configuration can say that, for all cameras; allowed: discard, overwrite"
            ]
        ),
        ("erase: {window: 1}", ["7:9: unknown key 'window' in 'erase'; allowed: quick, deep"]),
        // Provision: what is written.
        ("provision: {path: A, text: b}", ["7:12: 'provision' is a mapping; allowed: a list of "]),
        (
            "provision: [{}]",
            ["7:13: 'provision.path' is missing; allowed: ", "7:13: 'provision.text' is missing; allowed: \(text)"]
        ),
        (
            "provision: [{path: /A, text: b}]",
            ["7:20: 'provision.path' is '/A': the path is absolute or has an empty part; "]
        ),
        (
            "provision: [{path: A/../B, text: b}]",
            ["7:20: 'provision.path' is 'A/../B': the path has a '.' or '..' part; "]
        ),
        ("provision: [{path: A, text: {wearer}}]", ["7:29: 'provision.text' is a mapping; allowed: \(text)"]),
        ("provision: [{path: A, text: }]", ["7:29: 'provision.text' has no value; allowed: \(text)"]),
        (
            "provision: [{path: A, text: 'pw hunter2 {weater}'}]",
            ["7:29: 'provision.text' has a text that cannot be used: '{weater}' is no field; allowed: \(text)"]
        ),
        (
            "provision: [{path: A, text: 'pw {hunter2}'}]",
            ["7:29: 'provision.text' has a text that cannot be used: a '{' begins no field; allowed: \(text)"]
        ),
        (
            "provision: [{path: A, text: 'a { b'}]",
            ["7:29: 'provision.text' has a text that cannot be used: a '{' is not closed; allowed: \(text)"]
        ),
        (
            "provision: [{path: A, text: 'a } b'}]",
            ["7:29: 'provision.text' has a text that cannot be used: a '}' closes nothing; allowed: \(text)"]
        ),
        // Provision: where it is written.
        (
            "provision: [{path: dcim/setup.txt, text: b}]",
            ["7:20: 'provision.path' collides with the footage folder 'DCIM'; allowed: a place where no footage lies"]
        ),
        ("provision: [{path: DCIM, text: b}]", ["7:20: 'provision.path' collides with the footage folder 'DCIM'; "]),
        (
            "provision: [{path: info/MANIFEST.jsonl, text: b}]",
            ["7:20: 'provision.path' collides with the manifest 'INFO/manifest.jsonl'; allowed: another place"]
        ),
        ("provision: [{path: INFO, text: b}]", ["7:20: 'provision.path' collides with the manifest "]),
        ("provision: [{path: INFO/manifest.jsonl/x, text: b}]", ["7:20: 'provision.path' collides with the manifest "]),
        (
            "provision: [{path: INFO/Serial.txt, text: b}]",
            [
                "7:20: 'provision.path' collides with 'serial_file', which the camera itself writes; allowed: another place"
            ]
        ),
        (
            "battery: {file: B.txt}\nprovision: [{path: b.TXT, text: b}]",
            [
                "8:20: 'provision.path' collides with 'battery.file', which the camera itself writes; allowed: another place"
            ]
        ),
        (
            "provision: [{path: A.TXT, text: b}, {path: B, text: c}, {path: a.txt, text: d}]",
            ["7:64: 'provision.path' collides with 'A.TXT' above; allowed: a place of its own, whatever its case"]
        ),
        (
            "provision: [{path: A, text: '{x}'}, {path: A/B, text: c}]",
            ["7:29: 'provision.text' has a text ", "7:44: 'provision.path' collides with 'A' above; allowed: "]
        ),
        // Battery.
        ("battery: B.txt", ["7:10: 'battery' is 'B.txt'; allowed: keys with values"]),
        (
            "battery: {file: ../B}",
            ["7:17: 'battery.file' is '../B': the path has a '.' or '..' part; allowed: \(path)"]
        ),
        (
            "battery: {file: Dcim}",
            ["7:17: 'battery.file' covers the footage folder 'DCIM', which would never be taken in; "]
        ),
        (
            "battery: {file: DCIM/A.MP4}",
            ["7:17: 'battery.file' is footage by its place and ending, and would never be "]
        ),
        (
            "battery: {file: INFO/manifest.jsonl}",
            ["7:17: 'battery.file' collides with the manifest 'INFO/manifest.jsonl'; "]
        ),
        // Charge.
        ("charge: 4h", ["7:9: 'charge' is '4h'; allowed: keys with values"]),
        ("charge: {full_after: 4}", ["7:22: 'charge.full_after' is '4'; allowed: a duration with its unit, "]),
        ("charge: {full_after: 59s}", ["7:22: 'charge.full_after' is '59s'; allowed: a duration with its unit, "]),
        ("charge: {full_after: 8d}", ["7:22: 'charge.full_after' is '8d'; allowed: a duration with its unit, "]),
        (
            "charge: {full_after: 4h, curve: [100% 4h]}",
            ["7:22: 'charge.curve' and 'charge.full_after' both say how it charges; allowed: one of them"]
        ),
        ("charge: {curve: []}", ["7:17: 'charge.curve' is an empty list; allowed: a list such as [a, b] of: \(point)"]),
        (
            "charge: {curve: 100% 4h}",
            ["7:17: 'charge.curve' is '100% 4h'; allowed: a list such as [a, b] of: \(point)"]
        ),
        (
            "charge: {curve: [80 2h, 80%2h, 101% 2h, 080% 2h, -1% 2h, 80% 2, 80%  2h, 100% 8d]}",
            [
                "7:18: 'charge.curve' is '80 2h'; allowed: \(point)", "7:25: 'charge.curve' is '80%2h'; ",
                "7:32: 'charge.curve' is '101% 2h'; ", "7:41: 'charge.curve' is '080% 2h'; ",
                "7:50: 'charge.curve' is '-1% 2h'; ", "7:58: 'charge.curve' is '80% 2'; ",
                "7:65: 'charge.curve' is '80%  2h'; ", "7:74: 'charge.curve' is '100% 8d'; ",
            ]
        ),
        (
            "charge: {curve: [80% 2h, 90% 3h]}",
            ["7:26: 'charge.curve' ends at '90% 3h'; allowed: a last point that says when it is full, at 100%"]
        ),
        (
            "charge: {curve: [80% 2h, 100% 120min]}",
            ["7:26: 'charge.curve' does not rise from '80% 2h' to '100% 120min'; allowed: more percent after more time"]
        ),
        (
            "charge: {curve: [80% 2h, 70% 3h, 100% 4h]}",
            ["7:26: 'charge.curve' does not rise from '80% 2h' to '70% 3h'; "]
        ),
        ("charge: {curve: [0% 1h, 100% 4h]}", ["7:18: 'charge.curve' does not rise from '0% 0s' to '0% 1h'; "]),
        ("charge: {curve: [100% 4h, 100% 4h]}", ["7:27: 'charge.curve' has '100% 4h' twice; allowed: once"]),
    ])
    func eachMistakeIsNamedWithItsPlace(text: String, says: [String]) throws {
        let lines = try Self.read(text).lines
        #expect(lines.count == says.count && zip(lines, says).allSatisfy { $0.hasPrefix($1) }, "\(lines)")
    }

    @Test func whereTheWholeVolumeIsFootageOnlyEndingsTellItApart() throws {
        #expect(try Self.read("provision: [{path: SETUP.TXT, text: a}]", folders: "[]").get().care.provision.count == 1)
        #expect(
            try Self.read("provision: [{path: SETUP.Mp4, text: a}]", folders: "[]").lines == [
                "7:20: 'provision.path' would be footage, which ends in 'mp4' and may lie anywhere; allowed: another ending"
            ])
        #expect(
            try Self.read("battery: {file: B.MP4}", folders: "[]").lines.first?.hasPrefix(
                "7:17: 'battery.file' is footage") == true)
    }

    @Test func checksumFilesAreManifestsOfACameraThatWritesThem() throws {
        let text = "provision: [{path: SETUP.MD5, text: a}]"
        #expect(
            try Self.read(text, manifest: "type: sidecar").lines == [
                "7:20: 'provision.path' ends in 'md5' as the camera's checksum files do; allowed: another ending"
            ])
        #expect(try Self.read(text).get().care.provision.count == 1)
        #expect(
            try Self.read("provision: [{path: sums, text: a}]", manifest: "type: sums, path: SUMS").lines.first?
                .contains(
                    "collides with the manifest 'SUMS'") == true)
    }

    @Test func aTextHasItsBounds() throws {
        func provision(_ count: Int) throws -> [String] {
            try Self.read("provision: [{path: A, text: '\(String(repeating: "é", count: count))'}]").lines
        }
        #expect(try provision(32_768) == [])
        #expect(
            try provision(32_769).first?.hasPrefix(
                "7:29: 'provision.text' has a text that cannot be used: it has 65538 bytes; allowed: \(Self.text)")
                == true)
    }

    @Test func aCameraIsWrittenAFewFiles() throws {
        func provision(_ count: Int) -> String {
            "provision:\n" + (1...count).map { "- {path: P\($0), text: a}\n" }.joined()
        }
        #expect(try Self.read(provision(64)).get().care.provision.count == 64)
        #expect(try Self.read(provision(65)).lines == ["8:1: 'provision' has 65 files; allowed: at most 64"])
    }

    @Test func noMessageRepeatsAText() throws {
        for text in ["'hunter2 {'", "\"hunter2 } \\n\"", "'{hunter2}'", "|\n    {\n    hunter2"] {
            let lines = try Self.read("provision:\n- path: A\n  text: \(text)").lines
            #expect(lines.count == 1 && !lines.contains { $0.contains("hunter2") }, "\(lines)")
        }
    }

    @Test func theReasonOfARefusalStaysShortAndPrintable() throws {
        let name = String(repeating: "x", count: 5000)
        let text = "footage: {extensions: [mp4], name: \"{\\e\(name)}\"}\n"
        let folder = try TemporaryFolder()
        let own = "name: own\nsummary: s\nrecognise: {paths: [A]}\nmanifest: {type: none}\n" + text
        let path = try folder.write(own.utf8, to: "own.yaml")
        let lines = Result { () throws(ConfigurationMistakes) in try ProfileFile.read(path) }.lines
        #expect(lines.count == 1 && lines[0].contains("{\\u{1b}xxx"))
        #expect(lines.allSatisfy { $0.utf8.count < 1000 && !$0.utf8.contains { $0 < 0x20 } }, "\(lines)")
    }

    @Test func theExampleOfTheDocumentationIsInOrder() throws {
        let documentation = try Fixture.text("docs/profiles.md")
        let example = try #require(
            documentation.components(separatedBy: "```yaml\n").dropFirst().compactMap {
                $0.components(separatedBy: "```").first
            }.first { $0.hasPrefix("name: bodydock-x1") })
        let folder = try TemporaryFolder()
        let profile = try ProfileFile.read(try folder.write(example.utf8, to: "bodydock-x1.yaml"))
        let shipped = try ProfileFile.read("\(Fixture.checkout)/config/profiles/bodydock.yaml")
        #expect(profile.manifest == shipped.manifest && profile.requiredPaths == shipped.requiredPaths)
        let values: [ProvisionText.Field: String] = [
            .camera: "BWC0042", .wearer: "004711", .dock: "stadhuis-1", .date: "2026-10-01", .time: "08:30:00",
        ]
        let texts = profile.care.provision.map { $0.text.filled { values[$0] ?? "?" } }
        #expect(texts.prefix(2) == ["004711\r\n", "2026-10-01 08:30:00\r\n"])
        #expect(documentation.contains("```json\n\(texts[2])```"), "it becomes what the documentation says")
        #expect(profile.care.provision.map(\.text.tellsTime) == [false, true, false])
        #expect(profile.care.charge?.secondsToFull(from: 80) == 7200 && profile.care.batteryFile != nil)
    }
}
