import DockCore
import DockTestSupport
import Foundation
import Testing

/// A dock with the footage of two cameras in its vault, and what is handed out of it.
struct ClerksDesk {
    let dock: TestDock
    /// What the first camera recorded, and its manifest.
    let footage: [String: SHA256Digest]

    init() throws {
        dock = try TestDock(isInMemory: true)
        let camera = try dock.makeCamera(
            "camera", ["--recordings", "2", "--segments", "2", "--bytes", "100 kB", "--wearer", "wearer-zq"])
        footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let other = try dock.makeCamera("other", ["--serial", "OTHER7", "--recordings", "1", "--bytes", "20 kB"])
        for path in [camera, other] {
            let run = try dock.offload(path)
            try #require(run.status == 0, "\(run.text)\(run.errors)")
        }
    }

    func export(_ name: String, _ options: [String], serial: String? = "BWC0042") throws -> Tool.Result {
        try TestDock.run(
            ["evidence", "export", "--config", dock.configuration, "--reason", "case 7", "--requested-by", "OM"]
                + (serial.map { ["--camera", $0] } ?? []) + options + [dock.folder.at(name)])
    }

    func verify(_ name: String, _ options: [String] = []) throws -> Tool.Result {
        try TestDock.run(["evidence", "verify"] + options + [dock.folder.at(name)])
    }

    /// The dock's key in a bundle, as `ssh-keygen` shows it.
    func fingerprint(_ name: String) throws -> String {
        let shown = try Tool.run("ssh-keygen", ["-l", "-f", dock.folder.at("\(name)/dock.pub")])
        return String(try #require(shown.text.split(separator: " ").dropFirst().first))
    }

    /// A copy of a bundle, to be tampered with.
    func copy(_ name: String, _ to: String) throws {
        _ = try Tool.run("rm", ["-rf", dock.folder.at(to)])
        let copied = try Tool.run("cp", ["-a", dock.folder.at(name), dock.folder.at(to)])
        try #require(copied.status == 0, "\(copied.errors)")
    }

    /// The commands of the bundle's guide in one of its languages, as somebody would copy them into a terminal.
    func commands(_ name: String, half: Int = 0) throws -> [String] {
        let guide = try String(contentsOfFile: dock.folder.at("\(name)/VERIFY.md"), encoding: .utf8)
        let halves = guide.components(separatedBy: "\n---\n")
        try #require(halves.count == 2)
        return halves[half].components(separatedBy: "```sh\n").dropFirst().map {
            $0.components(separatedBy: "```")[0].replacingOccurrences(of: "YOUR-KEY-FILE", with: dock.identity)
        }
    }

    /// Follows the guide with stock tools alone.
    func follow(_ name: String, _ commands: some Sequence<String>) throws -> Tool.Result {
        let script = "cd '\(dock.folder.at(name))' || exit 9\n" + commands.joined(separator: "\n")
        return try Tool.run("env", ["-i", "PATH=/usr/bin:/bin", "bash", "-c", script])
    }

    func files(_ name: String) throws -> [String] {
        try Tool.run("find", [dock.folder.at(name), "-type", "f", "-printf", "%P\n"]).text.split(separator: "\n")
            .map(String.init).sorted()
    }

    func change(_ file: String, _ body: (inout Data) -> Void) throws {
        let url = URL(fileURLWithPath: dock.folder.at(file))
        var bytes = try Data(contentsOf: url)
        body(&bytes)
        try bytes.write(to: url)
    }
}
