import Foundation

/// A program of the machine, run to its end.
public enum Tool {
    /// What a finished program left behind.
    public struct Result: Sendable {
        /// Exit status; 128 + signal if it was killed.
        public let status: Int32
        /// Standard output.
        public let output: Data
        /// Standard error as text.
        public let errors: String
        /// Standard output as text.
        public var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs `program` (found along PATH) with `arguments`, feeding `input`.
    public static func run(
        _ program: String, _ arguments: [String] = [], input: Data? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Output goes through files: a pipe that nobody drains would block the program.
        let folder = try TemporaryFolder()
        let names = try ["in", "out", "err"].map { try folder.write(Data(), to: $0) }
        if let input { try input.write(to: URL(fileURLWithPath: names[0])) }
        process.standardInput = FileHandle(forReadingAtPath: names[0])
        process.standardOutput = FileHandle(forWritingAtPath: names[1])
        process.standardError = FileHandle(forWritingAtPath: names[2])
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try Data(contentsOf: URL(fileURLWithPath: names[1])),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: names[2])), as: UTF8.self))
    }
}
