import CameraMaker
import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// Everything that lies in a folder, read with `find` and plain reads, for comparing.
struct CameraTree: Equatable {
    /// Content by path (`DCIM/…`); links and pipes stand as their kind.
    var files: [[UInt8]: Data] = [:]

    init(_ folder: String) throws {
        let listing = try Tool.run("find", [folder, "-mindepth", "1", "-not", "-type", "d", "-printf", "%y%P\\0"])
        try #require(listing.status == 0)
        for entry in listing.output.split(separator: 0) {
            let path = [UInt8](entry.dropFirst())
            files[path] =
                entry.first == UInt8(ascii: "f")
                ? try CameraTree.read(Array((folder + "/").utf8) + path) : Data(entry.prefix(1))
        }
    }

    private static func read(_ path: [UInt8]) throws -> Data {
        let file = try Descriptor.open(path, flags: O_RDONLY)
        var data = Data(count: Int(try file.status().identity.size))
        let count = try data.withUnsafeMutableBytes { try file.readFully(into: $0) }
        try #require(count == data.count)
        return data
    }

    subscript(_ path: CameraPath) -> Data? { files[path.bytes] }
    subscript(_ path: String) -> Data? { files[Array(path.utf8)] }

    /// Paths that are only in one of the two, or differ.
    func changes(from other: CameraTree) -> Set<String> {
        let paths = Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }
        return Set(paths.map { String(decoding: $0, as: UTF8.self) })
    }

    /// The manifest's lines without `previous` and `signature`, each as JSON with sorted members.
    func manifestLines() throws -> [String] {
        try #require(self["BODYDOCK/manifest.jsonl"]).split(separator: 10).map { line in
            var object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            object["previous"] = nil
            object["signature"] = nil
            return String(
                decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
        }
    }
}

/// A small camera with fixed times.
func smallPlan(_ profile: CameraPlan.Profile = .bodydock, _ faults: Set<CameraFault> = []) -> CameraPlan {
    var plan = CameraPlan(now: Instant(seconds: 1_790_900_000))
    plan.start = Instant(rfc3339: "2026-10-01T08:30:00Z")
    plan.profile = profile
    plan.recordings = 3
    plan.bytesPerSegment = 3000
    plan.faults = faults
    plan.entries = 500
    return plan
}

/// Makes `plan` and reads what was made.
func make(_ plan: CameraPlan) throws -> (camera: MadeCamera, tree: CameraTree) {
    let folder = try TemporaryFolder()
    let camera = try CameraMaker.make(plan, at: folder.at("camera"))
    return (camera, try CameraTree(folder.at("camera")))
}

/// A new Ed25519 key made by `openssl`.
func makeKey(in folder: TemporaryFolder) throws -> String {
    let made = try Tool.run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", folder.at("key.pem")])
    try #require(made.status == 0)
    return folder.at("key.pem")
}
