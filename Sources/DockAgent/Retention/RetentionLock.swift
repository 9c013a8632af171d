import DockCore
import DockSystem
import Glibc

/// Keeps holds and destruction apart (flock(2) on `<state>/locks/.retention`; no camera has a name that begins with a dot). Held as
/// long as this lives: while somebody destroys, nobody can add a hold, and a hold that was added is seen by whoever destroys.
final class RetentionLock: Sendable {
    private let descriptor: Descriptor

    /// Waits until it is free.
    init(state: String) throws(DockError) {
        let path = "\(state)/locks/.retention"
        do throws(Errno) {
            try Folder.create("\(state)/locks")
            descriptor = try Descriptor.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
            _ = try descriptor.lock(waiting: true)
        } catch {
            throw error.error(
                "cannot look after holds and retention", at: path, next: "make the state folder writable for Bodydock")
        }
    }
}
