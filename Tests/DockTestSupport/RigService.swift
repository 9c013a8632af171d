import Foundation
import Glibc

/// A Python program of `Tests/Rigs` that serves on this machine and prints its port. It ends with this value.
final class RigService: @unchecked Sendable {
    // `process` and `input` are only kept: nothing is done with them after `init`.
    private let process = Process()
    private let input = Pipe()
    /// Where it listens.
    let port: Int

    /// Starts it, and waits for its port.
    init(_ program: String, _ arguments: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B", "\(CephGateway.rigs)/\(program)"] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw RigFailure("\(program) did not start: it said '\(line)' instead of its port")
        }
        self.port = port
    }

    // Its process may hold signals back that ask it to end.
    deinit { kill(process.processIdentifier, SIGKILL) }
}
