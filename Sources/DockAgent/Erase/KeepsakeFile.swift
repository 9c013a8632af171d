import DockCore
import DockIntake
import DockSystem
import Foundation
import Glibc

/// What belongs to a camera, on the dock's disk while its medium gets a new file system: `<state>/restore/<docking>.json`, for
/// the agent alone. Footage is never in it.
struct KeepsakeFile {
    private let folder: String
    private let path: String
    private let docking: String

    init(state: String, docking: String) {
        folder = state + "/restore"
        path = "\(folder)/\(docking).json"
        self.docking = docking
    }

    /// Writes it so that a power cut cannot take it.
    func save(_ keepsakes: Keepsakes) throws(DockError) {
        let bytes: [UInt8]
        do { bytes = Array(try JSONEncoder().encode(keepsakes)) } catch { throw failure("\(error)") }
        do throws(Errno) {
            try Folder.create(folder, mode: 0o700)
            try DurableFile.write(bytes, to: path, mode: 0o600)
        } catch {
            throw failure(error.description)
        }
    }

    /// Reads it back after a restart.
    func load() throws(DockError) -> Keepsakes {
        do {
            return try JSONDecoder().decode(Keepsakes.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw DockError(
                .corrupt, "cannot put back what belongs to the camera", at: path, because: "\(error)",
                next: "give the card a new file system by hand; its footage is safe")
        }
    }

    /// Removes it once everything is back on the camera.
    func remove() throws(DockError) {
        do throws(Errno) {
            try path.withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
        } catch  where error.code == ENOENT {
            return
        } catch {
            throw error.error("cannot remove what was saved of a camera", at: path, next: "remove it by hand")
        }
    }

    private func failure(_ why: String) -> DockError {
        DockError(
            .io, "cannot save what belongs to the camera before its erase", at: path, because: why,
            next: "nothing was erased; look at the state folder's disk")
    }
}
