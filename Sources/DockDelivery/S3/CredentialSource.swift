import DockCore
import DockSystem
import Synchronization

/// Credentials that may be exchanged while the agent runs: they are read anew when another file stands there, or when it was
/// written to, and when the service refuses them.
final class CredentialSource: Sendable {
    private struct State {
        var credentials: Credentials
        var identity: FileIdentity
    }

    private let path: String
    private let state: Mutex<State>

    /// Reads them for the first time.
    /// - Parameter name: an absolute path, or the name of a credential of systemd (``Credential/path(_:)``).
    init(_ name: String) throws(DockError) {
        let path = try Credential.path(name)
        let (credentials, identity) = try Credentials.read(path)
        self.path = path
        state = Mutex(State(credentials: credentials, identity: identity))
    }

    /// What to sign with now. A file that cannot be used, as while somebody writes it, leaves those that were read last; if the
    /// service refuses them, ``reread()`` says what is wrong with it.
    func current() -> Credentials {
        let known = state.withLock { $0 }
        guard SecretFile.identity(path) != known.identity else { return known.credentials }
        do { return try reread() } catch { return known.credentials }
    }

    /// What stands in the file now.
    func reread() throws(DockError) -> Credentials {
        let (credentials, identity) = try Credentials.read(path)
        state.withLock { $0 = State(credentials: credentials, identity: identity) }
        return credentials
    }
}
