import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Testing

@Suite struct BodydockManifestReaderTests {
    @Test func aWholeManifestIsReadWithoutFindings() throws {
        let text = try ManifestText.sample()
        let read = try readOwn(text.bytes)
        #expect(read.findings.isEmpty)
        let manifest = read.manifest
        #expect(manifest.kind == .bodydock)
        #expect(manifest.camera == CameraIdentity(serial: "BWC0042", source: .manifest, model: "M", firmware: "1"))
        #expect(manifest.wearer == "004711")
        #expect(manifest.battery == 83)
        #expect(manifest.cameraClock?.description == "2026-10-01T16:30:12Z")
        #expect(manifest.signature == .absent)
        #expect(manifest.digest == (try SHA256Digest(hashing: text.bytes)))
        #expect(manifest.files.map(\.description) == [manifestPlace])
        #expect(manifest.recordings.map(\.name) == ["R17", "R18"])
        #expect(manifest.recordings[0].sequence == 17)
        #expect(manifest.recordings[0].preRecord == 30)
        #expect(manifest.recordings[0].warning == .after)
        let segment = manifest.recordings[0].segments[1]
        #expect(segment.path.description == "DCIM/A2.MP4")
        #expect(segment.bytes == 5 && segment.duration == 60 && segment.sequence == 2)
        #expect(segment.start?.description == "2026-10-01T08:31:00Z")
        #expect(segment.digest == SHA256Digest(bytes: [UInt8](repeating: 0xab, count: 32)).map { .sha256($0) })
    }

    @Test func whatTheWearerMarkedIsFlagged() throws {
        var text = ManifestText()
        try text.addHeader()
        for (number, more) in [(1, #","flagged":true"#), (2, #","flagged":false"#), (3, ""), (4, #","flagged":"yes""#)]
        {
            try text.addRecording("R\(number)", number, and: more)
        }
        try text.addEnd(4, 0)
        let read = try readOwn(text.bytes)
        #expect(read.manifest.recordings.map(\.isFlagged) == [true, false, false])
        #expect(read.findings.map(\.code) == [.manifestBroken])
        #expect(read.findings.allSatisfy { $0.holds && $0.message.contains("flagged") })
    }

    @Test func unknownMembersAreIgnoredAndEscapedNamesBecomeBytes() throws {
        var text = ManifestText()
        try text.addHeader()
        try text.addRecording("R1", 1)
        try text.add(
            #""type":"segment","x":{"y":[1,2]},"recording":"R1","number":1,"file":"DCIM/%FF%25 é.MP4","bytes":1,"start":"2026-10-01T08:30:00+00:00","duration":60,"sha256":"\#(String(repeating: "AB", count: 32))""#
        )
        try text.addEnd(1, 1)
        let read = try readOwn(text.bytes)
        #expect(read.findings.isEmpty)
        #expect(
            read.manifest.recordings[0].segments[0].path.bytes == Array("DCIM/".utf8) + [0xff, 0x25]
                + Array(" é.MP4".utf8))
    }

    @Test(arguments: 1...5)
    func removingAnyLineBreaksTheChain(line: Int) throws {
        var text = try ManifestText.sample()
        text.lines.remove(at: line)
        let read = try readOwn(text.bytes)
        #expect(read.findings.contains { $0.code == .chainBroken && $0.holds })
    }

    @Test(arguments: 0...5)
    func changingAnyLineBreaksTheChain(line: Int) throws {
        var text = try ManifestText.sample()
        text.lines[line] += " "
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.chainBroken])
        #expect(read.findings[0].message.contains("line \(line + 2)"))
        #expect(read.paths.count == 3)
    }

    @Test func swappingTwoLinesBreaksTheChain() throws {
        var text = try ManifestText.sample()
        text.lines.swapAt(2, 3)
        #expect(try readOwn(text.bytes).codes.contains(.chainBroken))
    }

    @Test func aManifestWithoutAnEndLineHoldsAndIsUsed() throws {
        let read = try readOwn(try ManifestText.sample(end: false).bytes)
        #expect(read.codes == [.chainBroken])
        #expect(read.findings[0].holds)
        #expect(read.paths.count == 3)
    }

    @Test func aManifestThatIsCutAnywhereGivesItsCompleteLines() throws {
        let bytes = try ManifestText.sample().bytes
        for length in 0..<bytes.count {
            let read = try readOwn(bytes.prefix(length))
            let lines = bytes.prefix(length).count { $0 == 10 }
            #expect(read.findings.contains { $0.code == .chainBroken && $0.holds }, "cut after \(length) bytes")
            #expect(read.paths.count == [0, 0, 0, 1, 2, 2, 3][lines], "cut after \(length) bytes")
        }
    }

    @Test func countsThatAreWrongHold() throws {
        var text = try ManifestText.sample(end: false)
        try text.addEnd(2, 5)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.chainBroken])
        #expect(read.findings[0].missing == .items(2))
    }

    @Test func linesAfterTheEndHold() throws {
        var text = try ManifestText.sample()
        try text.addRecording("R19", 19)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.manifest.recordings.count == 2)
    }

    @Test(arguments: [
        #""type":"other""#, #""type":"recording""#, #""type":5"#, #""kind":"recording""#, "",
        #""type":"recording","name":"","sequence":1,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":0"#,
        #""type":"recording","name":"a\u0000b","sequence":1,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":0"#,
        #""type":"recording","name":"a\u001b[31m","sequence":1,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":0"#,
        #""type":"recording","name":"R9","sequence":-1,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":0"#,
        #""type":"recording","name":"R9","sequence":1,"trigger":"2026-13-01T08:30:30Z","preRecordSeconds":0"#,
        #""type":"recording","name":"R9","sequence":1,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":1e999"#,
        #""type":"recording","name":"R9","sequence":1e30,"trigger":"2026-10-01T08:30:30Z","preRecordSeconds":0"#,
    ])
    func aLineThatDoesNotFollowTheFormatHoldsAndTheOthersAreUsed(line: String) throws {
        var text = try ManifestText.sample(end: false)
        try text.add(line.isEmpty ? #""x":1"# : line)
        try text.addEnd(2, 3)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.findings[0].holds)
        #expect(read.findings[0].message.hasPrefix("line 7: "))
        #expect(!read.findings[0].message.unicodeScalars.contains("\u{1b}"))
        #expect(read.paths.count == 3)
    }

    @Test(arguments: [
        "/etc/passwd", "../A.MP4", "DCIM/../../A.MP4", "DCIM//A.MP4", "DCIM/./A.MP4", "", "DCIM/%00.MP4", "DCIM/%2",
        "DCIM/%2G",
        "DCIM/%2E%2E/A.MP4", "%2Fetc/passwd", #"DCIM/\u0000"#, String(repeating: "a", count: 256),
        String(repeating: "a/", count: 2100) + "a",
    ])
    func namesThatCannotBeOnTheVolumeAreNoSegments(name: String) throws {
        var text = try ManifestText.sample(end: false)
        try text.addSegment("R18", 2, file: name)
        try text.addEnd(2, 3)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.paths.count == 3)
    }

    @Test(arguments: ["-1", "-9223372036854775808", "9223372036854775808", "1e400", "1.5", "\"5\"", "null"])
    func sizesThatCannotBeHold(size: String) throws {
        var text = try ManifestText.sample(end: false)
        try text.addSegment("R18", 2, file: "DCIM/B2.MP4", bytes: size)
        try text.addEnd(2, 3)
        #expect(try readOwn(text.bytes).codes == [.manifestBroken])
    }

    @Test func segmentsOutOfPlaceHold() throws {
        var text = try ManifestText.sample(end: false)
        try text.addSegment("R17", 3, file: "DCIM/A3.MP4", start: "2026-10-01T08:32:00Z")
        try text.addEnd(2, 4)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.findings[0].recording == "R17")
        #expect(read.manifest.recordings[0].segments.count == 3)
    }

    @Test func segmentsOfAnUnknownRecordingHoldAndKeepTheirHashes() throws {
        var text = try ManifestText.sample(end: false)
        try text.addSegment("R99", 1, file: "DCIM/C1.MP4")
        try text.addSegment("R99", 2, file: "DCIM/C2.MP4")
        try text.addEnd(2, 5)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.manifest.recordings.map(\.name) == ["R17", "R18", "R99"])
        #expect(read.manifest.recordings[2].segments.allSatisfy { $0.digest != nil })
    }

    @Test func aRecordingThatIsListedTwiceHolds() throws {
        var text = try ManifestText.sample(end: false)
        try text.addRecording("R17", 19)
        try text.addEnd(2, 3)
        #expect(try readOwn(text.bytes).codes == [.manifestBroken])
    }

    @Test func anotherVersionIsNotRead() throws {
        var text = try ManifestText.sample()
        text.lines[0] = text.lines[0].replacing(#""version":1"#, with: #""version":2"#)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [.manifestBroken])
        #expect(read.paths.isEmpty)
    }

    @Test func aFirstLineOfAnotherTypeHolds() throws {
        var text = ManifestText()
        text.lines = [""]
        try text.addRecording("R1", 1)
        text.lines.removeFirst()
        try text.addEnd(1, 0)
        let read = try readOwn(text.bytes)
        #expect(Set(read.codes) == [.manifestBroken, .chainBroken])
        #expect(read.manifest.camera == nil)
    }

    @Test(arguments: [
        (#""serial":"BWC0042""#, #""serial":"../x""#, Finding.Code.manifestBroken),
        (#""model":"M""#, #""model":"a\nb""#, .manifestBroken),
        (#""battery":83"#, #""battery":101"#, .manifestBroken),
        (#""wearer":"004711""#, #""wearer":"Jan Jansen""#, .wearerUnknown),
        (#","wearer":"004711""#, "", .wearerUnknown),
    ])
    func whatTheFirstLineSaysIsChecked(old: String, new: String, code: Finding.Code) throws {
        var text = ManifestText()
        try text.addHeader()
        text.lines[0] = text.lines[0].replacing(old, with: new)
        try text.addEnd(0, 0)
        let read = try readOwn(text.bytes)
        #expect(read.codes == [code])
        #expect(read.manifest.cameraClock != nil)
    }
}
