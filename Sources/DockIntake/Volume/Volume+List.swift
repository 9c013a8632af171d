import DockCore
import DockSystem
import Glibc

extension Volume {
    /// Lists everything on the volume, within `limits`. What is beyond them, unreadable, or no regular file becomes a finding
    /// that holds the camera; the rest is listed all the same.
    ///
    /// Fails with ``DockError/Code/disconnected`` if the camera is gone afterwards: a pulled vfat lists as empty.
    public func list(limits: IntakeLimits) throws(DockError) -> VolumeListing {
        var walk = VolumeWalk(self, limits)
        while let folder = walk.pending.popLast() { walk.list(folder) }
        guard isPresent() else { throw gone("cannot list the camera's files") }
        return walk.listing()
    }
}

/// A walk over all folders of a volume. One folder is open at a time, whatever their depth.
private struct VolumeWalk {
    /// Folders still to be listed; nil is the root.
    var pending: [CameraPath?] = [nil]

    /// All files of a camera together: far beyond any card, and far below what overflows when sizes are added up. Files with
    /// holes can claim any size.
    private static let mostBytes: Int64 = 1 << 56

    private let volume: Volume
    private let limits: IntakeLimits
    private var bytes: Int64 = 0
    private var files: [CameraFile] = []
    private var folders: [CameraPath] = []
    private var others = 0
    private var findings = BoundedFindings()
    private var isComplete = true
    private var isFull = false

    init(_ volume: Volume, _ limits: IntakeLimits) {
        self.volume = volume
        self.limits = limits
    }

    consuming func listing() -> VolumeListing {
        files.sort { $0.path < $1.path }
        folders.sort()
        return VolumeListing(files: files, folders: folders, findings: findings.all, isComplete: isComplete)
    }

    mutating func list(_ folder: CameraPath?) {
        do {
            var stream = try FolderStream(try volume.openFolder(folder?.bytes[...]))
            let prefix = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
            while !isFull, let name = try stream.next() {
                note(prefix + name, name, in: stream.number)
            }
        } catch let error where error.code == EXDEV {
            miss(.specialFile, folder, "another file system is mounted on this folder; it is not entered")
        } catch {
            miss(.readFailed, folder, "this folder cannot be read: \(error); what it holds is not known")
        }
    }

    private mutating func note(_ bytes: [UInt8], _ name: [UInt8], in folder: Int32) {
        let path: CameraPath
        do { path = try CameraPath(bytes) } catch {
            miss(.limitExceeded, nil, "a name on the camera cannot be used: \(error.place): \(error.why)")
            return
        }
        do {
            let status = try FileStatus.of(name, under: folder)
            switch status.kind {
            case _ where !volume.isOwn(status):
                miss(.specialFile, path, "another file system is mounted here; it is not entered")
            case .file:
                add(CameraFile(path: path, identity: volume.identity(status)))
            case .folder:
                enter(path)
            case .link:
                countOther()
                findings.add(.specialFile, path, "it is a symbolic link; it is not followed, read or erased")
            case .special:
                countOther()
                findings.add(.specialFile, path, "it is a device, socket or pipe; it is not opened or erased")
            }
        } catch {
            miss(.readFailed, path, "what it is cannot be found out: \(error)")
        }
    }

    private mutating func add(_ file: CameraFile) {
        guard files.count < limits.files else { return stop() }
        let size = file.identity.size
        guard size >= 0, size <= VolumeWalk.mostBytes - bytes else {
            miss(.limitExceeded, file.path, "its size, \(size) bytes, cannot be true; it is not read")
            return
        }
        bytes += size
        files.append(file)
    }

    private mutating func enter(_ path: CameraPath) {
        folders.append(path)
        countOther()
        guard path.components.count <= limits.depth else {
            miss(.limitExceeded, path, "folders lie more than \(limits.depth) deep; what this one holds is not known")
            return
        }
        if !isFull { pending.append(path) }
    }

    /// Folders, special files and failures together have the same limit as files: a walk always ends.
    private mutating func countOther() {
        others += 1
        if others > limits.files { stop() }
    }

    private mutating func stop() {
        guard !isFull else { return }
        isFull = true
        isComplete = false
        pending = []
        findings.add(
            .limitExceeded, nil,
            "the camera holds more than \(limits.files) files or folders; the rest was not looked at")
    }

    private mutating func miss(_ code: Finding.Code, _ path: CameraPath?, _ message: String) {
        isComplete = false
        countOther()
        findings.add(code, path, message)
    }
}

/// Findings about a camera that may present millions of the same: of each kind the first are named, the rest are counted.
private struct BoundedFindings {
    private static let named = 100

    private var kept: [Finding] = []
    private var counts: [Finding.Code: Int] = [:]

    mutating func add(_ code: Finding.Code, _ path: CameraPath?, _ message: String) {
        counts[code, default: 0] += 1
        guard counts[code, default: 0] <= BoundedFindings.named else { return }
        kept.append(Finding(code, path: path, holds: true, message))
    }

    var all: [Finding] {
        let excess = counts.filter { $0.value > BoundedFindings.named }.sorted { $0.key.rawValue < $1.key.rawValue }
        return kept
            + excess.map { code, count in
                let more = count - BoundedFindings.named
                return Finding(
                    code, missing: .items(more), holds: true, "\(more) more files or folders like the ones before")
            }
    }
}
