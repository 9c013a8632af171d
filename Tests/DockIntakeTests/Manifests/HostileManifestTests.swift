import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@Suite struct HostileManifestTests {
    /// Reads what `script` prints, through a pipe: nothing of it lies in memory or on a disk.
    private func reading<Value>(_ script: String, _ read: (borrowing Descriptor) throws -> Value) throws -> Value {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer {
            // The script ends with SIGPIPE once nobody reads any more.
            do { try pipe.fileHandleForReading.close() } catch { Issue.record(error) }
            process.waitUntilExit()
        }
        return try read(Descriptor(owning: dup(pipe.fileHandleForReading.fileDescriptor)))
    }

    private func reader(_ limits: IntakeLimits = IntakeLimits()) throws -> BodydockManifestReader {
        BodydockManifestReader(path: try CameraPath(manifestPlace), limits: limits, pinnedKeys: [:])
    }

    @Test func tenMillionEntriesAreRefused() throws {
        let zeros = String(repeating: "0", count: 64)
        let line =
            #"{"type":"segment","recording":"R","number":&,"file":"A&","bytes":1,"start":"2026-10-01T08:30:00Z","duration":1,"sha256":"\#(zeros)","previous":"\#(zeros)"}"#
        let header =
            #"{"type":"recording","name":"R","sequence":1,"trigger":"2026-10-01T08:30:00Z","preRecordSeconds":0,"previous":"\#(zeros)"}"#
        let script = "echo '\(header)'; seq 1 10000000 | sed 's|.*|\(line)|'"
        let read = try reading(script) {
            try reader(IntakeLimits(files: 20_000)).read($0) { (_, _, _) throws(DockError) in false }
        }
        #expect(read.paths.count == 20_000)
        #expect(read.findings.contains { $0.code == .limitExceeded && $0.holds })
        #expect(read.findings.count < 300)
        #expect(read.manifest.digest == nil)
    }

    @Test func tenMillionSumsAreRefused() throws {
        let script = "seq 1 10000000 | sed 's|.*|\(String(repeating: "0", count: 64))  &|'"
        let read = try reading(script) {
            try SumsReader(path: try CameraPath("SHA256SUMS"), limits: IntakeLimits(files: 50_000), pattern: nil).read(
                $0)
        }
        #expect(read.paths.count == 50_000)
        #expect(read.findings.contains { $0.code == .limitExceeded && $0.holds })
    }

    @Test func aFileBeyondTheLimitInBytesIsRefused() throws {
        let read = try reading("cat /dev/zero") {
            try reader(IntakeLimits(manifestBytes: 3 << 20)).read($0) { (_, _, _) throws(DockError) in false }
        }
        #expect(read.codes.contains(.limitExceeded))
        let lines = try reading("yes") { try reader().read($0) { (_, _, _) throws(DockError) in false } }
        #expect(lines.codes.contains(.limitExceeded))
        #expect(lines.findings.count < 150)
    }

    @Test func emptyLinesWithoutEndAreRefused() throws {
        let sums = try reading("yes ''") {
            try SumsReader(
                path: try CameraPath("SHA256SUMS"), limits: IntakeLimits(manifestBytes: 1 << 20), pattern: nil
            ).read($0)
        }
        #expect(sums.codes.contains(.limitExceeded))
    }

    @Test(arguments: ["[", "{\"a\":", "{\"type\":[", "{\"type\":\"end\",\"x\":[["])
    func deepNestingIsRefused(opening: String) throws {
        for depth in [600, 6000, 100_000] {
            var text = try ManifestText.sample()
            text.lines.insert(String(repeating: opening, count: depth), at: 3)
            let read = try readOwn(text.bytes)
            #expect(read.codes.contains(.manifestBroken))
            #expect(read.paths.count == 3)
        }
    }

    @Test func deepNestingInAnIgnoredMemberIsRefusedOrIgnored() throws {
        var text = try ManifestText.sample(end: false)
        try text.add(
            #""type":"end","recordings":2,"segments":3,"x":"# + String(repeating: "[", count: 30_000)
                + String(repeating: "]", count: 30_000))
        #expect(try readOwn(text.bytes).paths.count == 3)
    }

    @Test(arguments: [65_535, 65_536, 65_537, 300_000, 1_000_000])
    func linesAreReadUpToTheirLimit(length: Int) throws {
        var text = try ManifestText.sample(end: false)
        let line =
            #"{"type":"segment","recording":"R18","number":2,"file":"DCIM/B2.MP4","bytes":5,"start":"2026-10-01T09:31:00Z","duration":60,"sha256":"\#(String(repeating: "ab", count: 32))","previous":"\#(try text.previous)"}"#
        text.lines.append(line + String(repeating: " ", count: length - 1 - line.utf8.count))
        try text.addEnd(2, length <= 65_536 ? 4 : 3)
        let read = try readOwn(text.bytes)
        if length <= 65_536 {
            #expect(read.findings.isEmpty)
        } else {
            #expect(read.codes == [.manifestBroken, .chainBroken])
        }
        #expect(read.paths.count == (length <= 65_536 ? 4 : 3))
    }

    @Test(arguments: [[0xff, 0xfe], [0], [0xc3], [0xed, 0xa0, 0x80]] as [[UInt8]])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8]) throws {
        var lines = try ManifestText.sample().lines.map { Array($0.utf8) }
        let place = try #require(lines[3].firstIndex(of: UInt8(ascii: "A")))
        lines[3].replaceSubrange(place..<place, with: bytes)
        let read = try readOwn(lines.flatMap { $0 + [10] })
        #expect(read.codes.contains(.manifestBroken))
        #expect(read.paths == ["DCIM/A1.MP4", "DCIM/B1.MP4"])
    }

    @Test func otherEncodingsOfJSONAreNotGuessed() throws {
        let text = String(decoding: try ManifestText.sample().bytes, as: UTF8.self)
        for encoding in [String.Encoding.utf16LittleEndian, .utf16, .utf32] {
            let bytes = try #require(text.data(using: encoding))
            let read = try readOwn(bytes)
            #expect(read.paths.isEmpty)
            #expect(read.codes.contains(.manifestBroken))
        }
    }

    @Test func aFolderInPlaceOfTheManifestIsAFinding() throws {
        let folder = try TemporaryFolder()
        let read = try reader().read(try Descriptor.open(folder.path, flags: O_RDONLY)) { (_, _, _) throws(DockError) in
            false
        }
        #expect(read.codes == [.readFailed])
        #expect(read.findings[0].holds)
    }

    @Test func randomBytesDoNoHarm() throws {
        var generator = SystemRandomNumberGenerator()
        let whole = try ManifestText.sample().bytes
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard bytes != whole else { continue }
            #expect(!(try readOwn(bytes)).findings.isEmpty)
            _ = try readSums(bytes)
        }
    }

    @Test func aHundredThousandSegmentsAreReadAndInspected() throws {
        var text = ManifestText()
        try text.addHeader()
        var files: [CameraFile] = []
        let day = try #require(Instant(rfc3339: "2026-10-01T08:00:00Z"))
        for recording in 0..<1000 {
            let start = day.adding(seconds: Double(recording) * 200)
            try text.addRecording("R\(recording)", recording + 1, trigger: start.adding(seconds: 30).description)
            for number in 1...100 {
                let name = "DCIM/R\(recording)_\(number).MP4"
                try text.addSegment(
                    "R\(recording)", number, file: name,
                    start: start.adding(seconds: Double(number - 1) * 2).description, duration: "2")
                files.append(
                    CameraFile(
                        path: try CameraPath(name), identity: FileIdentity(device: 1, inode: 1, size: 5, modified: 0)))
            }
        }
        try text.addEnd(1000, 100_000)
        let read = try readOwn(text.bytes)
        #expect(read.findings.isEmpty)
        #expect(read.paths.count == 100_000)
        let place = try CameraPath(manifestPlace)
        let profile = CameraProfile(
            name: "own", summary: "", priority: 0, requiredPaths: [], requiresMatchingName: false,
            manifest: .bodydock(place),
            footageFolders: [], footageExtensions: ["mp4"], fileName: nil, serialFile: nil, preserve: [])
        let inspection = Inspection(
            of: read.manifest, files: files.shuffled(), profile: profile, now: day.adding(seconds: 300_000)
        ) { _, _ in false }
        #expect(inspection.findings.isEmpty)
        #expect(inspection.plan.map(\.file.path) == files.map(\.path))
    }
}
