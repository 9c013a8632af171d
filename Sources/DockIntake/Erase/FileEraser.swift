import DockCore
import DockSystem
import Glibc

/// What an erase did.
public struct ErasureReport: Sendable, Equatable {
    /// How many left files are named in ``left`` at most.
    public static let mostNamed = 100

    /// Files that are gone, and were seen to be gone in a listing afterwards.
    public internal(set) var erased = 0
    /// Files of the permit that were left where they are.
    public internal(set) var leftCount = 0
    /// The first of them, with the reasons.
    public internal(set) var left: [LeftFile] = []

    mutating func leave(_ path: CameraPath, _ reason: String) {
        leftCount += 1
        if left.count < ErasureReport.mostNamed { left.append(LeftFile(path: path, reason: reason)) }
    }
}

/// Removes what an ``ErasePermit`` covers, and nothing else. Folders stay: cameras expect to find theirs.
public enum FileEraser {
    /// Erases the files of `permit` in its order. A file that is not in every respect the one that was read is left, and
    /// once any footage is left, the manifest that describes it is left too. Afterwards everything is forced to the device
    /// and the volume is listed anew, to see that what was erased is gone.
    ///
    /// Fails, and erases no further, if the camera is gone or takes no writes. It can be repeated: what was erased before
    /// then counts as left, with the reason that it is no longer there.
    /// - Parameters:
    ///   - limits: for the listing afterwards.
    ///   - progress: called after each file with how many of the permit's files were gone through.
    public static func erase(
        _ permit: ErasePermit, on volume: Volume, limits: IntakeLimits = IntakeLimits(),
        progress: (Int) -> Void = { _ in }
    ) throws(DockError) -> ErasureReport {
        var report = ErasureReport()
        var erased: Set<CameraPath> = []
        var folder = OpenFolder(volume)
        for (index, file) in permit.files.enumerated() {
            if file.role == .manifest, report.leftCount > 0 {
                report.leave(file.path, "it describes footage that was left")
            } else if let reason = try remove(file, on: volume, by: &folder) {
                report.leave(file.path, reason)
            } else {
                erased.insert(file.path)
            }
            progress(index + 1)
        }
        guard !erased.isEmpty else { return report }
        do { try volume.root.synchronizeFileSystem() } catch { throw volume.eraseFailure(error) }
        for path in try remaining(of: erased, on: volume, limits) {
            erased.remove(path)
            report.leave(path, "it was erased, and is listed again after the sync")
        }
        report.erased = erased.count
        return report
    }

    /// Removes one file; returns why not, if it was left.
    private static func remove(
        _ file: ErasableFile, on volume: Volume, by folder: inout OpenFolder
    ) throws(DockError) -> String? {
        let name = file.path.name
        do {
            let number = try folder.open(above: file.path)
            let status = try FileStatus.of(name, under: number)
            guard status.kind == .file else { return "it is a \(status.kind.rawValue) now, not the file that was read" }
            guard volume.identity(status) == file.identity else {
                return "it is not the file that was read, or it changed since"
            }
            try name.withCPath { pointer throws(Errno) in try retrying { unlinkat(number, pointer, 0) } }
            return nil
        } catch {
            let concernsOne = [ENOENT, ENOTDIR, ELOOP, EXDEV, EPERM, EACCES, EBUSY].contains(error.code)
            guard concernsOne, volume.isPresent() else { throw volume.eraseFailure(error, at: file.path) }
            return "it could not be erased: \(error)"
        }
    }

    /// The paths that are still there, in order.
    private static func remaining(
        of erased: Set<CameraPath>, on volume: Volume, _ limits: IntakeLimits
    ) throws(DockError) -> [CameraPath] {
        let listing = try volume.list(limits: limits)
        guard listing.isComplete else {
            throw DockError(
                .limit, "cannot vouch for an erase", at: volume.path,
                because:
                    "not everything could be listed afterwards: \(listing.findings.first?.description ?? "no reason given")",
                next: "inspect the camera")
        }
        return listing.files.map(\.path).filter(erased.contains)
    }
}

/// The folder of the last file: most files share theirs with the one before.
private struct OpenFolder: ~Copyable {
    private let volume: Volume
    private var path: ArraySlice<UInt8>?
    private var descriptor: Descriptor?

    init(_ volume: Volume) { self.volume = volume }

    /// The descriptor of the folder that holds `file`; valid until the next call.
    mutating func open(above file: CameraPath) throws(Errno) -> Int32 {
        let parent = file.bytes.dropLast(file.name.count)
        if path != parent {
            path = nil
            descriptor = try volume.openFolder(parent.isEmpty ? nil : parent.dropLast())
            path = parent
        }
        return descriptor?.number ?? -1
    }
}

extension Volume {
    /// Why nothing more can be erased.
    fileprivate func eraseFailure(_ error: Errno, at path: CameraPath? = nil) -> DockError {
        if error.meansGone || !isPresent() { return gone("cannot erase the camera's files", at: path) }
        let place = self.path + (path.map { "/\($0)" } ?? "")
        return error.error(
            "cannot erase the camera's files", at: place,
            next:
                "everything has its receipts; check the card's write protection and its file system, and dock it again")
    }
}
