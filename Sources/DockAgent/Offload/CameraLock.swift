import DockCore
import DockSystem
import Glibc

/// Makes sure that one camera is taken in by one process at a time (flock(2) on `<state>/locks/<serial>`).
final class CameraLock: Sendable {
    private let descriptor: Descriptor

    init(_ serial: String, state: String) throws(DockError) {
        let path = "\(state)/locks/\(serial)"
        do throws(Errno) {
            try Folder.create("\(state)/locks")
            descriptor = try Descriptor.open(path, flags: O_RDWR | O_CREAT, mode: 0o640)
        } catch {
            throw CameraLock.failure(error, serial, path)
        }
        do throws(Errno) {
            if try descriptor.lock(waiting: false) { return }
        } catch {
            throw CameraLock.failure(error, serial, path)
        }
        throw DockError(
            .conflict, "cannot take in camera \(serial)", at: path, because: "another bodydock is working on it",
            next: "wait until that one has ended", isPassing: true)
    }

    private static func failure(_ error: Errno, _ serial: String, _ path: String) -> DockError {
        error.error("cannot lock camera \(serial)", at: path, next: "make the state folder writable for Bodydock")
    }
}
