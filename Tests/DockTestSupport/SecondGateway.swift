import Foundation

/// Another gateway of the Ceph cluster that all tests use, which may be killed and started again.
public final class SecondGateway: @unchecked Sendable {
    // Used by one test at a time.
    private var process = Process()
    private let folder: TemporaryFolder
    private let configuration: String
    /// Its port on loopback.
    private let port: Int

    /// Starts one.
    public init() throws {
        configuration = try CephGateway.shared().configuration
        folder = try TemporaryFolder()
        let free = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1])"
        let answer = try Tool.run("python3", ["-c", free]).text
        guard let port = Int(answer.dropLast()) else { throw RigFailure("no free port: \(answer)") }
        self.port = port
        try start()
    }

    deinit { kill() }

    /// Its address, for a vault's settings.
    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Starts it, and waits until it answers.
    public func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "radosgw", "-f", "-c", configuration, "-n", "client.admin", "--rgw_frontends",
            "beast endpoint=127.0.0.1:\(port)", "--pid_file", folder.at("pid"), "--admin_socket", folder.at("socket"),
            "--log_file", folder.at("log"),
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
            if try Tool.run("curl", ["-so", "/dev/null", endpoint]).status == 0 { return }
            guard process.isRunning else { break }
            usleep(100_000)
        }
        throw RigFailure("a second gateway did not start")
    }

    /// Kills it with SIGKILL.
    public func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
