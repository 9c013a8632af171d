import CameraMaker
import DockCore
import DockTestSupport
import Foundation
import Testing

@Suite struct OwnManifestTests {
    private struct Line: Decodable {
        struct Device: Decodable { var serial: String }
        var type: String
        var version: Int?
        var device: Device?
        var wearer: String?
        var clock: Instant?
        var battery: Int?
        var name: String?
        var sequence: UInt64?
        var trigger: Instant?
        var preRecordSeconds: Double?
        var spokenWarning: Recording.SpokenWarning?
        var recording: String?
        var number: Int?
        var file: CameraPath?
        var bytes: Int64?
        var start: Instant?
        var duration: Double?
        var sha256: SHA256Digest?
        var recordings: Int?
        var segments: Int?
        var signature: Data?
        var previous: String?
    }

    private func read(_ tree: CameraTree) throws -> (raw: [Data], lines: [Line]) {
        let file = try #require(tree["BODYDOCK/manifest.jsonl"])
        #expect(file.last == 10)
        let raw = file.split(separator: 10, omittingEmptySubsequences: false).dropLast().map { Data($0) }
        #expect(raw.allSatisfy { $0.count < 65_536 })
        return (raw, try raw.map { try JSONDecoder().decode(Line.self, from: $0) })
    }

    @Test func everyLineCommitsToTheOneBeforeIt() throws {
        let (raw, lines) = try read(make(smallPlan()).tree)
        #expect(lines[0].previous == nil)
        for index in 1..<raw.count {
            let sum = try Tool.run("sha256sum", input: raw[index - 1])
            #expect(lines[index].previous == String(sum.text.prefix(64)))
        }
    }

    @Test func itNamesTheCameraAndCountsWhatItLists() throws {
        let (camera, tree) = try make(smallPlan())
        let lines = try read(tree).lines
        #expect(lines[0].type == "manifest" && lines[0].version == 1 && lines[0].device?.serial == "BWC0042")
        #expect(
            lines[0].wearer == "004711" && lines[0].clock == camera.clock && (0...100).contains(lines[0].battery ?? -1))
        #expect(
            lines.map(\.type) == ["manifest"]
                + Array(repeating: ["recording", "segment", "segment"], count: 3).joined() + ["end"])
        #expect(lines.last?.recordings == 3 && lines.last?.segments == 6 && lines.last?.signature == nil)
    }

    @Test func segmentsAreListedAsTheyAre() throws {
        let (camera, tree) = try make(smallPlan(.bodydock, [.nonUTF8, .longName, .empty]))
        let listed = try read(tree).lines.filter { $0.type == "segment" }
        #expect(listed.count == camera.segments.count)
        for (line, segment) in zip(listed, camera.segments) {
            #expect(line.file == segment.path && line.recording == segment.recording && line.number == segment.number)
            #expect(line.bytes == segment.bytes && line.start == segment.start && line.duration == segment.duration)
            let sum = try Tool.run("sha256sum", input: tree[segment.path])
            #expect(line.sha256?.description == String(sum.text.prefix(64)) && line.sha256 == segment.sha256)
        }
    }

    @Test func recordingsBeginWithTheirPreRecordAndRunOnWithoutAGap() throws {
        let lines = try read(make(smallPlan()).tree).lines
        var numbers: [UInt64] = []
        for index in lines.indices where lines[index].type == "recording" {
            let (recording, first, second) = (lines[index], lines[index + 1], lines[index + 2])
            #expect(recording.preRecordSeconds == 30)
            #expect(recording.trigger == first.start?.adding(seconds: 30))
            #expect(second.start == first.start?.adding(seconds: first.duration ?? 0))
            numbers.append(recording.sequence ?? 0)
        }
        #expect(numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2])
        #expect(Set(lines.compactMap(\.spokenWarning)) == [.before, .after, .none])
    }

    @Test func aShortRecordingPromisesNoMorePreRecordThanItHas() throws {
        var plan = smallPlan()
        plan.secondsPerSegment = 5
        let recording = try #require(try read(make(plan).tree).lines.first { $0.type == "recording" })
        #expect(recording.preRecordSeconds == 5)
    }

    @Test(arguments: [false, true]) func theSignatureHoldsForOpensslUnlessItIsBroken(isBroken: Bool) throws {
        let folder = try TemporaryFolder()
        var plan = smallPlan(.bodydock, isBroken ? [.signature] : [])
        plan.signingKeyFile = try makeKey(in: folder)
        let (camera, tree) = try make(plan)
        let end = try #require(try read(tree).lines.last)
        let previous = try #require(end.previous)
        let text = try folder.write("bodydock-manifest-v1\nBWC0042\n\(previous)\n3\n6\n".utf8, to: "text")
        let signature = try folder.write(try #require(end.signature), to: "signature")
        let check = try Tool.run(
            "openssl",
            ["pkeyutl", "-verify", "-rawin", "-inkey", folder.at("key.pem"), "-in", text, "-sigfile", signature])
        #expect((check.status == 0) != isBroken)
        let derived = try Tool.run("openssl", ["pkey", "-in", folder.at("key.pem"), "-pubout", "-outform", "DER"])
        #expect(derived.output.suffix(32) == Data(try #require(camera.publicKey)))
    }

    @Test(arguments: ["rsa", "text", "missing"]) func aKeyThatIsNoEd25519KeyIsRefused(kind: String) throws {
        let folder = try TemporaryFolder()
        var plan = smallPlan()
        plan.signingKeyFile = folder.at("key")
        if kind == "rsa" {
            #expect(try Tool.run("openssl", ["genpkey", "-algorithm", "rsa", "-out", folder.at("key")]).status == 0)
        }
        if kind == "text" {
            try folder.write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".utf8, to: "key")
        }
        let error = #expect(throws: DockError.self) { try CameraMaker.make(plan, at: folder.at("camera")) }
        #expect(error?.code == (kind == "missing" ? .notFound : .malformed))
    }
}
