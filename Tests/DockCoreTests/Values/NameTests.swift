import Foundation
import Testing

@testable import DockCore

@Suite struct NameTests {
    @Test(arguments: [
        "", "/etc/passwd", "../x", "a/../b", "a//b", "a/.", "a/", String(repeating: "n", count: 256), "a\0b",
    ])
    func aPathCannotLeaveTheVolume(text: String) { #expect(throws: DockError.self) { try CameraPath(text) } }

    @Test func aPathOfAnyBytesSurvivesJSON() throws {
        for bytes: [UInt8] in [
            Array("DCIM/100MEDIA/a.MP4".utf8), [0x61, 0xff, 0x2f, 0x25], Array("50%/ä\n".utf8),
            Array(repeating: 0xfe, count: 255),
        ] {
            let path = try CameraPath(bytes)
            let copy = try JSONDecoder().decode(CameraPath.self, from: JSONEncoder().encode(path))
            #expect(copy == path)
        }
    }

    @Test func namesOfObjectsNeverMeet() throws {
        let digest = DockingStory.digest(1)
        var seen: Set<String> = []
        let awkward: [[UInt8]] = [
            Array("a b".utf8), Array("a~20b".utf8), Array("a_b".utf8), [0x61, 0xff], [0x61, 0xfe], Array("..".utf8),
            Array(".".utf8),
            Array("~".utf8), Array("".utf8), Array("a/b".utf8), Array(repeating: 0x61, count: 255),
            Array(repeating: 0x61, count: 254),
        ]
        for name in awkward {
            let object = ObjectName(
                camera: "BWC1", date: Instant(seconds: 0), recording: "R 1", segment: name, content: digest)
            #expect(seen.insert(object.text).inserted, "\(object)")
            #expect(ObjectName(recorded: object.text) == object)
            #expect(object.text.split(separator: "/").allSatisfy { $0.utf8.count <= 255 })
            #expect(object.besideOther(sealing: "0123456789abcdef") != object)
        }
    }

    @Test func anObjectIsFiledUnderCameraDayAndRecording() {
        let object = ObjectName(
            camera: "BWC0042", date: Instant(rfc3339: "2026-10-01T08:30:00Z")!, recording: "R000017",
            segment: "BWC0042_0001.MP4".utf8, content: DockingStory.digest(0xab))
        #expect(object.text == "BWC0042/2026/10/01/R000017/BWC0042_0001.MP4.abababababab.age")
    }
}
