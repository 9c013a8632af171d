import DockCore
import DockSystem
import Glibc

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
        if configured != nil { return try load() }
        return try DockKeyFile.loadOrMake(folder + "/dock.key", in: folder)
    }

    /// The key that is to follow: of the file `named`, or beside the key that it is to replace. It is made if it is not there.
    public func successor(at named: String?) throws(DockError) -> SigningKey {
        guard let named else {
            guard configured == nil else {
                throw DockError(
                    .configuration, "cannot replace the dock's key", at: try path,
                    because: "the configuration says where it lies, and the place is not Bodydock's",
                    next: "name the file of the new key with --to, and then let 'dock.key' name it too")
            }
            return try DockKeyFile.loadOrMake(next, in: folder)
        }
        do throws(DockError) {
            return try SigningKey.load(file: named)
        } catch  where error.code == .notFound {
            let key = try SigningKey.generate()
            try key.save(to: named)
            return key
        }
    }

    /// The successor takes the place of the key, which is gone then.
    /// - Parameter expected: do so only if it is this key (`ssh-ed25519 …`), as after a run that was cut off; nil if it was just made.
    public func promoteSuccessor(ifIs expected: String? = nil) throws(DockError) {
        guard configured == nil else { return }
        if let expected {
            do throws(DockError) {
                guard try SigningKey.load(file: next).publicKey.description == expected else { return }
            } catch  where error.code == .notFound {
                return
            }
        }
        do throws(Errno) {
            try next.withCPath { from throws(Errno) in
                try (folder + "/dock.key").withCPath { to throws(Errno) in try retrying { rename(from, to) } }
            }
            try Folder.synchronize(folder)
        } catch {
            throw error.error("cannot bring the new key into force", at: next, next: "run 'bodydock keys list'")
        }
    }

    private static func loadOrMake(_ path: String, in folder: String) throws(DockError) -> SigningKey {
        do throws(DockError) {
            return try SigningKey.load(file: path)
        } catch  where error.code == .notFound {
            do throws(Errno) { try Folder.create(folder, mode: 0o700) } catch {
                throw error.error(
                    "cannot make a signing key", at: folder, next: "make the state folder writable for Bodydock")
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

    private var next: String { folder + "/dock.key.next" }

    private var folder: String { state + "/keys" }
}
