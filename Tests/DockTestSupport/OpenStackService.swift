import DockCore
import DockSystem
import Foundation

/// A real S3 service that is none of Ceph's: OpenStack Swift behind its S3 layer, started once for all tests by
/// `Tests/Rigs/swift-up.sh`, which also stops it when this process has ended.
public struct OpenStackService: Sendable {
    /// Its address.
    public let endpoint: String

    /// The access key that may do anything.
    public static let accessKey = "lab:lab"
    /// Its secret.
    public static let secretKey = "labsecretlabsecret"

    private static let started = Result { try OpenStackService() }

    /// The service; the first call takes some seconds.
    public static func shared() throws -> OpenStackService { try started.get() }

    private init() throws {
        let folder = try "/tmp/bodydock-test-swift-" + Hex.encode(Randomness.bytes(6))
        let result = try Tool.run(
            CephGateway.rigs + "/swift-up.sh", [folder, "\(ProcessInfo.processInfo.processIdentifier)"])
        guard result.status == 0, let line = result.text.split(separator: "\n").last, line.hasPrefix("http://") else {
            throw RigFailure("OpenStack Swift did not start (status \(result.status)): \(result.errors)")
        }
        endpoint = String(line)
    }
}
