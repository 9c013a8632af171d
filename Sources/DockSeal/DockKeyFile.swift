import DockCore
import DockSystem

/// Where the dock's signing key lies: a file or a credential of systemd that the configuration names, or `keys/dock.key` of the
/// state folder, which is made when it is first needed.
public struct DockKeyFile: Sendable {
    private let configured: String?
    private let state: String

    /// - Parameters:
    ///   - configured: what the configuration names: a path, or the name of a credential; nil for the state folder.
    ///   - state: the state folder.
    public init(configured: String?, state: String) {
        self.configured = configured
        self.state = state
    }

    /// The file. Fails if it is a credential and systemd has handed over none.
    public var path: String {
        get throws(DockError) {
            if let configured { return try Credential.path(configured) }
            return folder + "/dock.key"
        }
    }

    /// Reads the key. Refused: one that others than its owner can touch, anything but an unencrypted Ed25519 key in PEM.
    public func load() throws(DockError) -> SigningKey { try SigningKey.load(file: path) }

    /// Reads the key, or makes it (0600, in a folder 0700) if the configuration names none and none is there. Two processes that
    /// do so at once get the same key. One that the configuration names is never made: a folder that is not mounted would
    /// quietly get a new one.
    public func loadOrMake() throws(DockError) -> SigningKey {
        let path = try self.path
        do throws(DockError) {
            return try SigningKey.load(file: path)
        } catch  where error.code == .notFound && configured == nil {
            do throws(Errno) { try Folder.create(folder, mode: 0o700) } catch {
                throw error.error(
                    "cannot make the dock's key", at: folder, next: "make the state folder writable for Bodydock")
            }
            let key = try SigningKey.generate()
            do throws(DockError) {
                try key.save(to: path)
                return key
            } catch  where error.code == .conflict {
                return try SigningKey.load(file: path)
            }
        }
    }

    private var folder: String { state + "/keys" }
}
