import DockCore
import DockSystem
import Glibc

/// An object that has its final name, and what must be found when it is opened again.
struct PlacedObject {
    let sealed: SealedSegment
    let name: ObjectName
    let folder: VaultFolder
    /// The spool file's ends, where there is one.
    let ends: SealedEnds?
    /// The file that it must be, where it is a second name of the spool file.
    let inode: UInt64?
    /// What every byte must hash to; nil where nobody asked.
    let parts: [SealedSegment.Part]?

    func isSame(_ found: SealedEnds) throws(DockError) -> Bool {
        if let ends { return ends == found }
        return try found.sealing() == sealed.id
    }
}

extension DirectoryVault {
    /// Gives the consignment's bytes a name in the vault: its own, or if something else has that, the one beside it.
    func place(
        _ consignment: Consignment, in folder: VaultFolder, progress: (Int64) -> Void
    ) throws(DockError) -> PlacedObject {
        let sealed = consignment.sealed
        let spool = try SpoolFile(consignment)
        let parts = confirmation == .readback ? try sealed.parts(from: spool, path: consignment.file) : nil
        let names = [sealed.object, sealed.object.besideOther(sealing: sealed.id)]
        for name in names {
            let object = PlacedObject(
                sealed: sealed, name: name, folder: folder, ends: spool.ends, inode: nil, parts: parts)
            switch try link(spool, consignment.file, as: name.last, in: folder) {
            case .done:
                progress(sealed.bytes)
                return PlacedObject(
                    sealed: sealed, name: name, folder: folder, ends: spool.ends, inode: spool.status.identity.inode,
                    parts: parts)
            case .taken:
                break
            case .impossible:
                if try copy(spool, consignment, as: object, progress: progress) { return object }
            }
            if try isThisSealing(object) { return object }
        }
        throw DockError(
            .conflict, "cannot store a sealed segment", at: root + "/" + sealed.object.text,
            because: "other objects stand under this name and under \(names[1].last)",
            next: "find out who put them there; nothing was overwritten")
    }

    private enum Linked { case done, taken, impossible }

    /// Tries to give the spool file a second name; linkat(2) replaces nothing.
    private func link(
        _ spool: borrowing SpoolFile, _ path: String, as name: String, in folder: VaultFolder
    ) throws(DockError) -> Linked {
        do {
            try retrying { linkat(AT_FDCWD, path, folder.handle.number, name, 0) }
            if spool.status.permissions != 0o440 { try retrying { fchmod(spool.file.number, 0o440) } }
            return .done
        } catch {
            switch error.code {
            case EEXIST: return .taken
            case EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS, EACCES: return .impossible
            default:
                throw error.error(
                    "cannot store a sealed segment", at: folder.place + "/" + name, next: "check the vault's disk")
            }
        }
    }

    /// Copies under a temporary name and then names the copy. False if something has the name already.
    private func copy(
        _ spool: borrowing SpoolFile, _ consignment: Consignment, as object: PlacedObject, progress: (Int64) -> Void
    ) throws(DockError) -> Bool {
        let partial = try PartialFile(of: consignment.sealed.id, in: object.folder)
        // Before any byte is copied: another run may have finished the same sealing while this one waited for its partial file.
        if try isTaken(object) { return false }
        try partial.fill(from: spool, path: consignment.file, progress: progress)
        return try partial.appear(as: object.name.last)
    }

    private func isTaken(_ object: PlacedObject) throws(DockError) -> Bool {
        do {
            _ = try FileStatus.of(object.name.last, under: object.folder.handle.number)
            return true
        } catch let error where error.code == ENOENT {
            return false
        } catch {
            throw error.error(
                "cannot look at an object", at: root + "/" + object.name.text, next: "check the vault's disk")
        }
    }

    /// Whether what stands under the name is this sealing, whole. If so it is forced to the disk: whoever put it there may
    /// have been cut off before that.
    private func isThisSealing(_ object: PlacedObject) throws(DockError) -> Bool {
        do throws(DockError) {
            guard let file = try object.folder.file(object.name.last) else {
                throw DockError(
                    .io, "cannot store a sealed segment", at: root + "/" + object.name.text,
                    because: "something stood under its name and was removed meanwhile", next: "run again",
                    isPassing: true)
            }
            return try isThisSealing(object, file)
        } catch let error where error.code == .conflict {
            return false
        }
    }

    private func isThisSealing(_ object: PlacedObject, _ file: borrowing Descriptor) throws(DockError) -> Bool {
        let place = root + "/" + object.name.text
        do {
            guard let ends = try SealedEnds(of: file), ends == object.ends else { return false }
            try file.synchronize()
        } catch {
            throw error.error("cannot read an object", at: place, next: "check the vault's disk")
        }
        guard let parts = object.parts else { return true }
        file.dropFromCache()
        return try PartDigests.of(file, sizes: parts.map(\.size), place: place).parts == parts.map(\.sha256)
    }
}
