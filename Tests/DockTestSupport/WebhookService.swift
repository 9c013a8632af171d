import Foundation

/// `Tests/Rigs/webhook.py`: a service that is told of things, and keeps what it is told. It ends with this value.
public final class WebhookService: Sendable {
    private let service: RigService
    private let folder: TemporaryFolder
    /// Where it listens, on this machine.
    public var port: Int { service.port }

    /// - Parameter certificate: a PEM file with certificate and key, for TLS.
    public init(certificate: String? = nil) throws {
        folder = try TemporaryFolder()
        service = try RigService("webhook.py", [folder.at("")] + [certificate].compactMap(\.self))
    }

    /// What it answers from now on.
    public func answer(_ status: Int) throws { try folder.write(Array("\(status)".utf8), to: "status") }

    /// The requests so far: the lines of each head by name, and its body.
    public func requests() throws -> [(head: [String: String], body: Data)] {
        var requests: [(head: [String: String], body: Data)] = []
        while let head = try? String(contentsOfFile: folder.at("\(requests.count + 1).head"), encoding: .utf8) {
            let lines = head.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
            let pairs = lines.map { (String($0[0]), $0[1].trimmingCharacters(in: .whitespaces)) }
            requests.append(
                (
                    Dictionary(pairs) { first, _ in first },
                    try Data(contentsOf: URL(fileURLWithPath: folder.at("\(requests.count + 1).body")))
                ))
        }
        return requests
    }
}
