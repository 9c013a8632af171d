import DockCore
import DockSystem
import Glibc

/// Makes sure that one camera is taken in by one process at a time (flock(2) on `<state>/locks/<serial>`).
struct CameraLock: ~Copyable {
    private let descriptor: Descriptor

    init(_ serial: String, state: String) throws(DockError) {
        let path = "\(state)/locks/\(serial)"
        let opened: Descriptor
        let isOurs: Bool
        do throws(Errno) {
            try Folder.create("\(state)/locks")
            opened = try Descriptor.open(path, flags: O_RDWR | O_CREAT, mode: 0o640)
            isOurs = try opened.lock(waiting: false)
        } catch {
            throw error.error("cannot lock camera \(serial)", at: path, next: "make the state folder writable for Bodydock")
        }
        guard isOurs else {
            throw DockError(
                .conflict, "cannot take in camera \(serial)", at: path, because: "another bodydock is working on it",
                next: "wait until that one has ended", isPassing: true)
        }
        descriptor = opened
    }

    /// Ends the lock.
    consuming func release() {}
}
