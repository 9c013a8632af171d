import Foundation

/// `Tests/Rigs/hostile-s3.py`: an S3 service with one fault for each bucket. It ends with this process.
public final class HostileService: @unchecked Sendable {
    // `process` and `input` are only kept: nothing is done with them after `init`.
    private let process = Process()
    private let input = Pipe()
    /// Where it listens, on this machine.
    public let port: Int

    private static let started = Result { try HostileService() }
    /// One for all tests.
    public static func shared() throws -> HostileService { try started.get() }

    /// - Parameters:
    ///   - certificate: a PEM file with certificate and key, for TLS.
    ///   - further: what else the service is told about TLS.
    public init(certificate: String? = nil, _ further: String? = nil) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", CephGateway.rigs + "/hostile-s3.py"] + [certificate, further].compactMap(\.self)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw RigFailure(
                "hostile-s3.py did not start: it said '\(line)' instead of its port; is python3 installed?")
        }
        self.port = port
    }

    /// How many requests a bucket has seen.
    public func requests(_ bucket: String) throws -> Int? { try ask("requests", bucket) }

    /// How many bytes of bodies a bucket has taken.
    public func bytes(_ bucket: String) throws -> Int64 { try Int64(ask("bytes", bucket) ?? -1) }

    /// How many uploads in parts are unfinished in a bucket.
    public func uploads(_ bucket: String) throws -> Int? { try ask("uploads", bucket) }

    private func ask(_ what: String, _ bucket: String) throws -> Int? {
        try Int(Tool.run("curl", ["-sS", "http://127.0.0.1:\(port)/-\(what)/\(bucket)"]).text)
    }
}
