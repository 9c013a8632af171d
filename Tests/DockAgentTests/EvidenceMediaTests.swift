import DockTestSupport
import Foundation
import Testing

/// What a bundle says of the footage in it, although it is sealed: against ffprobe on what the camera held.
@Suite struct EvidenceMediaTests {
    @Test func aSealedBundleSaysWhatTheVideoIs() throws {
        let dock = try TestDock(isInMemory: true)
        let camera = try dock.makeCamera(
            "camera",
            ["--video", "--recordings", "1", "--segments", "2", "--seconds", "2", "--start", "2026-11-24T08:30:00Z"])
        let names = try TestDock.contents(of: camera).keys.filter { $0.hasSuffix(".MP4") }.sorted()
        try #require(names.count == 2)
        // The second file is not what its manifest says any more, and no video either: it is taken in as it is.
        try dock.folder.write(Array("no video".utf8), to: "camera/" + names[1])
        let path = camera + "/" + names[0]
        let probe = try Tool.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v:0", "-show_entries",
                "stream=codec_name,width,height,nb_frames:format=duration:format_tags=creation_time",
                "-of", "default=noprint_wrappers=1:nokey=1", path,
            ]
        ).text.split(separator: "\n").map(String.init)
        try #require(probe.count == 6, "\(probe)")
        #expect(try dock.offload(camera).status == 2, "held: one file is not what was promised")
        let options = ["--config", dock.configuration, "--reason", "x", "--requested-by", "x", "--camera", "BWC0042"]
        #expect(try TestDock.run(["evidence", "export"] + options + [dock.folder.at("bundle")]).status == 0)
        let found = try Tool.run(
            "sh", ["-c", "cat \"$1\"/dockings/*/custody.json", "sh", dock.folder.at("bundle")])
        let record = try CustodyTests.object(found.output)
        let rows = try #require(
            (record["recordings"] as? [[String: Any]])?.flatMap { $0["files"] as? [[String: Any]] ?? [] })
        func media(_ name: String) throws -> [String: Any] {
            try #require(rows.first { $0["path"] as? String == name }?["media"] as? [String: Any], "\(rows)")
        }
        let facts = try media(names[0])
        let video = try #require((facts["video"] as? [[String: Any]])?.first)
        let frames = try #require(video["frames"] as? Int)
        #expect(
            [video["codec"] as? String, "\(video["width"] ?? "")", "\(video["height"] ?? "")", "\(frames)"]
                == Array(probe[..<4]))
        #expect(facts["seconds"] as? Double == Double(probe[4]) && video["framesPerSecond"] as? Double == 25)
        #expect(probe[5].hasPrefix("2026-11-24T08:30:00") && facts["created"] as? String == "2026-11-24T08:30:00Z")
        #expect(try media(names[1])["unreadable"] as? String == "it does not begin as an MP4 file does")
        let cover = try String(contentsOfFile: dock.folder.at("bundle/cover.html"), encoding: .utf8)
        for words in [
            "h264 640×360, 25 fps; 2 s; 2026-11-24T08:30:00Z", "niet leesbaar: it does not begin",
            "not readable: it does not begin",
        ] {
            #expect(cover.contains(words), "\(words)")
        }
        #expect(try TestDock.run(["evidence", "verify", dock.folder.at("bundle")]).status == 0)
        #expect(try dock.verifyLedger().status == 0)
    }
}
