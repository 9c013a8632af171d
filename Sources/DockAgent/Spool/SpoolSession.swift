import DockCore
import DockSystem
import Glibc
import Synchronization

/// The spool folder of one docking, locked as long as this lives.
final class SpoolSession: Sendable {
    let folder: String
    private let keepFree: Int64
    private let lock: Descriptor
    private let traffic: SpoolTraffic
    private let waits: (@Sendable (SpoolWait?) -> Void)?
    private let underWay = Atomic<Int>(0)
    private let noSpace = Mutex<DockError?>(nil)

    init(
        folder: String, keepFree: Int64, lock: consuming Descriptor, traffic: SpoolTraffic,
        waits: (@Sendable (SpoolWait?) -> Void)?
    ) {
        self.folder = folder
        self.keepFree = keepFree
        self.lock = lock
        self.traffic = traffic
        self.waits = waits
    }

    /// Why a segment found no space, once that happened: those behind it need not be read.
    var full: DockError? { noSpace.withLock { $0 } }

    /// So many more, or fewer, files of this docking are between the writer and a vault's answer.
    func move(_ count: Int) {
        underWay.add(count, ordering: .acquiringAndReleasing)
        traffic.move(count)
    }

    /// Begins a file, waiting for space as long as anything is delivered that may make some.
    func create(sealing: String, for file: CameraFile, stop: StopFlag) throws(DockError) -> SpoolFile {
        // The sealed form is larger by its header and 16 bytes a chunk: a thousandth is more than that from 64 KiB on.
        let needed = file.identity.size + file.identity.size / 1024 + 8192
        var isWaiting = false
        defer { if isWaiting { waits?(nil) } }
        while true {
            let free = try freeBytes()
            if traffic.promise(needed, free: free, keepFree: keepFree) {
                return try SpoolFile(folder: folder, sealing: sealing) { [traffic] in traffic.settle(needed) }
            }
            guard traffic.isMoving, !stop.isSet else {
                let error = DockError(
                    .noSpace, "cannot seal a segment", at: folder,
                    because:
                        "the spool is full: \(free) bytes are free, \(needed) are needed, and \(keepFree) must stay free",
                    next: "see why nothing is delivered, free space on the spool's disk, or lower spool.keep_free",
                    isPassing: true)
                noSpace.withLock { $0 = error }
                throw error
            }
            if !isWaiting { waits?(.space) }
            isWaiting = true
            usleep(100_000)
        }
    }

    private func freeBytes() throws(DockError) -> Int64 {
        do throws(Errno) { return try lock.fileSystem().freeBytes } catch {
            throw error.error("cannot see how full the spool is", at: folder, next: "look at the spool's disk")
        }
    }

    /// Forces files and then their names to the disk. Afterwards a power cut cannot take them.
    func makeDurable(_ files: [SpoolFile]) throws(DockError) {
        do throws(Errno) {
            if files.count > 4 {
                // One flush of the file system is cheaper than many; it reports errors of all files (Linux 5.8 and later).
                try lock.synchronizeFileSystem()
            } else {
                for file in files { try file.synchronize() }
            }
            for file in files { try file.publish() }
            try lock.synchronize()
        } catch {
            throw error.error(
                "cannot make sealed segments durable", at: folder, next: "look at the spool's disk, then run again")
        }
    }

    /// Removes a sealed file that every vault has.
    func remove(_ path: String) throws(DockError) {
        do throws(Errno) {
            try path.withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
        } catch  where error.code == ENOENT {
            return
        } catch {
            throw error.error("cannot remove a delivered segment from the spool", at: path, next: "remove it by hand")
        }
    }

    deinit {
        traffic.move(-underWay.load(ordering: .acquiring))
        rmdir(folder)
    }
}
