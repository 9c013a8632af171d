import Foundation

/// A program of `Tests/Rigs` that says one line when it is ready, and then answers each line with one. It ends with this process.
final class Conversation: @unchecked Sendable {
    // All access to the pipes is under the lock.
    private let lock = NSLock()
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let name: String
    /// What it said first.
    let greeting: String

    /// Starts it, and waits for its first line.
    init(with name: String, _ arguments: [String]) throws {
        self.name = name
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", CephGateway.rigs + "/" + name] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        greeting = Conversation.line(output)
        guard !greeting.isEmpty else { throw RigFailure("\(name) did not start; is python3 installed?") }
    }

    deinit { process.terminate() }

    @discardableResult
    func ask(_ command: String) throws -> String {
        try lock.withLock {
            try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
            return Conversation.line(output)
        }
    }

    func number(_ command: String) throws -> Int64 {
        let answer = try ask(command)
        guard let number = Int64(answer) else { throw RigFailure("\(name) answered '\(answer)' to \(command)") }
        return number
    }

    private static func line(_ pipe: Pipe) -> String {
        var line = Data()
        while let byte = pipe.fileHandleForReading.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
