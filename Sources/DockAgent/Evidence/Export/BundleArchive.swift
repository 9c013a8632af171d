import CLinux
import DockCore
import DockSystem
import Foundation
import Glibc

/// Puts a finished bundle into one file, by GNU tar: the same bundle gives the same bytes.
enum BundleArchive {
    /// Seconds that it may take.
    private static let patience = 86_000.0

    /// Makes `<folder>.tar` out of a folder, which goes meanwhile: footage goes as soon as it is in the archive, so that there need not be
    /// room for a second copy, and the rest last, by which an export that was cut off is known again.
    static func make(of folder: String) throws(DockError) {
        let archive = folder + ".tar"
        let draft = archive + ".partial"
        let cut = folder.lastIndex(of: "/").map { folder.index(after: $0) } ?? folder.startIndex
        let name = String(folder[cut...])
        for (operation, content) in [(["--create", "--remove-files"], "\(name)/footage"), (["--append"], name)] {
            let place = ["--file", draft, "--directory", cut == folder.startIndex ? "." : String(folder[..<cut])]
            let form = [
                "--format=gnu", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner",
                "--mode=u=rwX,go=", "--", content,
            ]
            let result = try ChildProcess.run("tar", operation + place + form, timeout: patience)
            guard result.status == 0 else {
                throw DockError(
                    .io, what, at: archive, because: "tar: \(result.errors.prefix(300))",
                    next: "make room, and run again: what is missing is fetched again")
            }
        }
        do throws(Errno) {
            try Descriptor.open(draft, flags: O_RDONLY | O_NOFOLLOW).synchronize()
            try draft.withCPath { from throws(Errno) in
                try archive.withCPath { to throws(Errno) in
                    try retrying { bodydock_renameat2(AT_FDCWD, from, AT_FDCWD, to, 1) }
                }
            }
        } catch { throw error.error(what, at: archive, next: "name a file that is not there") }
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw DockError(
                .io, "cannot remove the folder of an archive", at: folder, because: "\(error)",
                next: "the archive is complete: remove the folder by hand")
        }
    }

    /// Answers an error if the archive is there already.
    static func refuseExisting(_ archive: String) throws(DockError) {
        do throws(Errno) { _ = try FileStatus.of(archive) } catch  where error.code == ENOENT {
            return
        } catch { throw error.error(what, at: archive, next: "name a file that can be made") }
        throw DockError(.conflict, what, at: archive, because: "it is there already", next: "name another file")
    }

    private static let what = "cannot make an archive"
}
