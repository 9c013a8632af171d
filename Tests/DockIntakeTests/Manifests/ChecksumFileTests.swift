import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

@Suite struct ChecksumFileTests {
    private static let zeros = String(repeating: "00", count: 32)

    /// A folder whose names try every way in which sums files write them.
    private func folder() throws -> (folder: TemporaryFolder, names: [String]) {
        let folder = try TemporaryFolder()
        let names = [
            "A.MP4", "with space.MP4", "back\\slash.MP4", "line\nfeed.MP4", "a) = b.MP4", "(x).MP4", " lead.MP4",
            "*star.MP4", "é.MP4",
        ]
        for name in names { try folder.write(name.utf8, to: name) }
        return (folder, names)
    }

    @Test(arguments: [[], ["--binary"], ["--tag"]])
    func whatSha256sumWritesIsRead(options: [String]) throws {
        let (folder, names) = try folder()
        let result = try Tool.run("sh", ["-c", #"cd "$0" && sha256sum "$@""#, folder.path] + options + ["--"] + names)
        #expect(result.status == 0)
        let read = try readSums(result.output, at: "DCIM/SHA256SUMS")
        #expect(read.codes == [.wearerUnknown])
        let segments = read.manifest.recordings.flatMap(\.segments)
        #expect(Set(segments.map(\.path.bytes)) == Set(names.map { Array("DCIM/\($0)".utf8) }))
        for segment in segments {
            #expect(segment.digest == .sha256(try SHA256Digest(hashing: Array(segment.path.name))))
        }
        #expect(read.manifest.digest == (try SHA256Digest(hashing: Array(result.output))))
        #expect(read.manifest.files.map(\.description) == ["DCIM/SHA256SUMS"])
    }

    @Test func formsThatOtherProgramsWriteAreRead() throws {
        let upper = String(repeating: "AB", count: 32)
        let text = "\(upper)  ./A.MP4\r\n\r\n\n\(Self.zeros) *sub/B.MP4\r\nSHA256 (C.MP4) = \(upper)"
        let read = try readSums(text.utf8)
        #expect(read.codes == [.wearerUnknown])
        #expect(Set(read.paths) == ["A.MP4", "sub/B.MP4", "C.MP4"])
    }

    @Test(arguments: [
        "# comment", "\(zeros)", "\(zeros) A.MP4", "\(zeros)\tA.MP4", "\(zeros)0  A.MP4", "00  A.MP4",
        "SHA1 (A.MP4) = 00",
        "MD5 (A.MP4) = \(zeros)", "SHA256 (A.MP4) = 00", "\\\(zeros)  a\\qb", "\\\(zeros)  a\\", "\(zeros)  ",
        "\(zeros)  /etc/passwd",
        "\(zeros)  ../A.MP4", "\(zeros)  a/../../b", "\(zeros)  .", "\(zeros)  .//", "{}", "\(zeros)  a\0b",
        "\(zeros)  " + String(repeating: "x", count: 256), "\(zeros)  " + String(repeating: "y/", count: 40_000) + "y",
    ])
    func linesOfNoSuchFormHold(line: String) throws {
        let read = try readSums("\(Self.zeros)  GOOD.MP4\n\(line)\n".utf8)
        #expect(read.codes == [.manifestBroken, .wearerUnknown])
        #expect(read.findings[0].holds)
        #expect(read.findings[0].message.hasPrefix("line 2: "))
        #expect(read.paths == ["GOOD.MP4"])
    }

    @Test func namesThatAreNoTextAreKeptAsBytes() throws {
        let read = try readSums(Array("\(Self.zeros)  ".utf8) + [0x41, 0xff, 0x42, 10])
        #expect(read.paths == ["A%ffB"])
    }

    @Test func sumsAreGroupedIntoRecordingsByName() throws {
        let names = ["B1_7_20261001_083000_2.MP4", "B1_7_20261001_083000_1.MP4", "B1_7_20261001_093000_1.MP4"]
        let text = names.map { "\(Self.zeros)  \($0)\n" }.joined()
        let read = try readSums(
            text.utf8, at: "DCIM/SHA256SUMS", pattern: "{device}_{wearer}_{date}_{time}_{segment}.MP4")
        #expect(read.findings.isEmpty)
        #expect(read.manifest.camera == CameraIdentity(serial: "B1", source: .fileNames))
        #expect(read.manifest.wearer == "7")
        #expect(read.manifest.recordings.map(\.name) == ["B1_7_20261001_083000", "B1_7_20261001_093000"])
        #expect(read.manifest.recordings[0].segments.map(\.sequence) == [1, 2])
        #expect(read.manifest.recordings[1].start?.description == "2026-10-01T09:30:00Z")
    }

    private func sidecar(_ text: some StringProtocol, _ function: ChecksumLine.Function) throws -> ExpectedDigest {
        let file = try CameraPath("DCIM/A.MP4")
        return try SidecarReader.digest(
            Array(text.utf8), of: file, function, at: try file.appending(suffix: function.ending))
    }

    @Test func sidecarsGiveTheHashOfTheirFile() throws {
        let expected = try SHA256Digest(hashing: Array("x".utf8))
        let hex = expected.description
        for text in [
            hex, "\(hex)\n", "\(hex.uppercased())\r\n", "\(hex)  A.MP4\n", "\(hex) *DCIM/A.MP4",
            "SHA256 (./A.MP4) = \(hex)\n\n",
        ] {
            #expect(try sidecar(text, .sha256) == .sha256(expected), "\(text)")
        }
        #expect(
            try sidecar("9dd4e461268c8034f5c8564e155c67a6  A.MP4", .md5)
                == .md5(try #require(Hex.decode("9dd4e461268c8034f5c8564e155c67a6"))))
        #expect(
            try sidecar("MD5 (A.MP4) = 9dd4e461268c8034f5c8564e155c67a6", .md5)
                == .md5(try #require(Hex.decode("9dd4e461268c8034f5c8564e155c67a6"))))
    }

    @Test(arguments: [
        "", "\n", "xyz", "\(zeros)  B.MP4", "\(zeros)\n\(zeros)", "9dd4e461268c8034f5c8564e155c67a6",
        "MD5 (A.MP4) = \(zeros)",
        String(repeating: " ", count: 20_000),
    ])
    func sidecarsOfAnotherFormOrFileAreRefused(text: String) {
        #expect(throws: DockError.self) { try sidecar(text, .sha256) }
    }
}
