import Foundation

/// `Tests/Rigs/tsa.py`: an authority for time-stamps. It ends with this value.
public final class TimestampService: Sendable {
    private let service: RigService
    /// Where its certificates lie, `ca.pem` and that of somebody else, `other.pem`.
    public let folder: TemporaryFolder
    /// Where it listens, on this machine.
    public var port: Int { service.port }

    /// Makes its certificates, and starts it.
    public init() throws {
        folder = try TemporaryFolder()
        service = try RigService("tsa.py", [folder.path])
    }

    /// How it answers from now on, as tsa.py describes it.
    public func answer(_ mode: String) throws { try folder.write(Array(mode.utf8), to: "mode") }
}
