import Foundation

/// `Tests/Rigs/relay.py`: stands in front of a server on this machine, counts what is sent to it, and breaks the connection
/// on demand. It ends with this process.
public final class Relay: @unchecked Sendable {
    // All access to the pipes is under the lock.
    private let lock = NSLock()
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// The port that it listens on.
    public let port: Int

    /// Starts one in front of `endpoint`, `http://127.0.0.1:PORT`.
    public init(to endpoint: String) throws {
        let target = endpoint.split(separator: ":").last.map(String.init) ?? ""
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", CephGateway.rigs + "/relay.py", target]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let port = Int(Relay.line(output)) else {
            throw RigFailure("relay.py did not start; is python3 installed?")
        }
        self.port = port
    }

    deinit { process.terminate() }

    /// Its address, for a vault's settings.
    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Bytes that clients have sent so far.
    public func count() throws -> Int64 {
        let answer = try ask("count")
        guard let count = Int64(answer) else { throw RigFailure("relay.py answered '\(answer)'") }
        return count
    }

    /// Resets every connection, and takes none, once `bytes` more have come from clients.
    public func cut(after bytes: Int64) throws { _ = try ask("cut \(bytes)") }

    /// Passes nothing on any more, and closes nothing, once `bytes` more have come from clients.
    public func hush(after bytes: Int64) throws { _ = try ask("hush \(bytes)") }

    /// Works again.
    public func open() throws { _ = try ask("open") }

    private func ask(_ command: String) throws -> String {
        try lock.withLock {
            try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
            return Relay.line(output)
        }
    }

    private static func line(_ pipe: Pipe) -> String {
        var line = Data()
        while let byte = pipe.fileHandleForReading.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
