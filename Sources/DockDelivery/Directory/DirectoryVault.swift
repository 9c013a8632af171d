import DockCore
import DockSystem
import Glibc

/// A vault in a folder: a local disk, or a share that is mounted. Where the spool lies on the same file system an object is
/// a second name (hard link) of the spool file, otherwise a copy.
///
/// A batch is placed first, then each folder is forced to the disk once, then each object is opened again under its name: so
/// thousands of small segments cost a few fsyncs.
struct DirectoryVault: Vault {
    let name: String
    let root: String
    let mustBeMounted: Bool
    let confirmation: Receipt.Confirmation
    let clock: @Sendable () -> Instant
    private let durable = FolderTree.Durable()

    init(
        name: String, root: String, mustBeMounted: Bool, confirmation: Receipt.Confirmation,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.name = name
        self.root = root
        self.mustBeMounted = mustBeMounted
        self.confirmation = confirmation
        self.clock = clock
    }

    var needsPartDigests: Bool { confirmation == .readback }

    func store(
        _ consignments: [Consignment],
        progress: @escaping @Sendable (Int64) -> Void,
        done: @escaping @Sendable (Int, Result<Receipt, DockError>) -> Void
    ) {
        let byFolder = Dictionary(grouping: consignments.indices) { consignments[$0].sealed.object.folder }
        var rest = byFolder.sorted { $0.key < $1.key }[...]
        while !rest.isEmpty {
            do {
                var tree = FolderTree(root: try VaultFolder.root(root, mustBeMounted: mustBeMounted), durable: durable)
                var placed: [(index: Int, object: PlacedObject)] = []
                while let (path, indices) = rest.first, !tree.isFull {
                    for index in indices {
                        do {
                            let folder = try tree.folder(path)
                            let object = try place(consignments[index], in: folder, progress: progress)
                            placed.append((index, object))
                        } catch {
                            done(index, .failure(error))
                        }
                    }
                    rest = rest.dropFirst()
                }
                let failures = tree.synchronize()
                for (index, object) in placed {
                    done(index, Result { () throws(DockError) in try settle(object, failures) })
                }
            } catch {
                for index in rest.flatMap(\.value) { done(index, .failure(error)) }
                return
            }
        }
    }

    func probe() -> Result<VaultAbilities, DockError> {
        Result { () throws(DockError) in
            let folder = try VaultFolder.root(root, mustBeMounted: mustBeMounted)
            let name = ".bodydock-probe-" + Hex.encode(try Randomness.bytes(8))
            do throws(Errno) {
                let file = try Descriptor.open(
                    name, under: folder.handle.number, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
                defer { _ = unlinkat(folder.handle.number, name, 0) }
                let result: Result<Void, Errno> = Array("probe\n".utf8).withUnsafeBytes { bytes in
                    Result { () throws(Errno) in try file.writeAll(bytes) }
                }
                try result.get()
                try file.synchronize()
            } catch {
                throw error.error(
                    "cannot write to a vault", at: root,
                    next: "make the folder writable for Bodydock, and make room in it")
            }
            return VaultAbilities(checksBody: true, refusesOverwrite: true)
        }
    }

    func confirm(_ sealed: SealedSegment, key: String) -> Result<Receipt, DockError> {
        confirm(sealed, key: key, confirmation)
    }

    /// Asks for an object in a way of its own.
    func confirm(
        _ sealed: SealedSegment, key: String, _ confirmation: Receipt.Confirmation
    ) -> Result<Receipt, DockError> {
        Result { () throws(DockError) in
            guard let object = ObjectName(recorded: key) else {
                throw DockError(
                    .corrupt, "cannot look for an object", at: key, because: "this is no name that this vault gives",
                    next: "verify the ledger (bodydock ledger verify)")
            }
            guard let folder = try existingFolder(object.folder) else { throw absent(key) }
            let parts = confirmation == .readback ? try sealed.knownParts() : nil
            if confirmation == .readback, parts == nil {
                throw DockError(
                    .configuration, "cannot read an object back", at: root + "/" + key,
                    because: "it was sealed when nobody asked for read-back: the hash of its sealed bytes is not known",
                    next: "confirm this vault by head, or deliver the segment anew")
            }
            return try inspect(
                PlacedObject(sealed: sealed, name: object, folder: folder, ends: nil, inode: nil, parts: parts))
        }
    }

    func fetch(
        _ key: String, version: String?, bytes: Int64, from start: Int64,
        write: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) -> Result<Void, DockError> {
        Result { () throws(DockError) in
            let what = "cannot fetch an object"
            let place = root + "/" + key
            guard let object = ObjectName(recorded: key), let folder = try existingFolder(object.folder),
                let file = try folder.file(object.last)
            else { throw absent(key, what) }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
            defer { buffer.deallocate() }
            var offset = start
            do throws(Errno) {
                guard try file.status().identity.size == bytes else { throw Errno(ERANGE) }
                file.willReadSequentially()
            } catch let error where error.code == ERANGE {
                throw mismatch(place, "it has not the \(bytes) bytes that were stored", what)
            } catch { throw error.error(what, at: place, next: "check the vault's disk") }
            while offset < bytes {
                let room = UnsafeMutableRawBufferPointer(
                    rebasing: buffer[..<Int(min(Int64(buffer.count), bytes - offset))])
                let count: Int
                do throws(Errno) { count = try file.readFully(into: room, at: offset) } catch {
                    throw error.error(what, at: place, next: "check the vault's disk")
                }
                guard count == room.count else { throw mismatch(place, "it ends early", what) }
                try write(UnsafeRawBufferPointer(room), offset)
                offset += Int64(count)
            }
        }
    }

    func clearStale(olderThan seconds: Double, keeping sealings: Set<String>) -> Result<Int, DockError> {
        Result { () throws(DockError) in
            let limit = clock().adding(seconds: -seconds).milliseconds.multipliedReportingOverflow(by: 1_000_000)
            let stale = StalePartials(limit: limit.overflow ? 0 : limit.partialValue, keeping: sealings)
            return try stale.remove(in: VaultFolder.root(root, mustBeMounted: mustBeMounted))
        }
    }

    /// The folder of an object below the root; nil if it is not there.
    func existingFolder(_ path: String) throws(DockError) -> VaultFolder? {
        var folder = try VaultFolder.root(root, mustBeMounted: mustBeMounted)
        for name in path.split(separator: "/") {
            guard let next = try folder.child(name, creating: false) else { return nil }
            folder = next
        }
        return folder
    }

    private func settle(_ object: PlacedObject, _ failures: [String: DockError]) throws(DockError) -> Receipt {
        if let failure = FolderTree.failure(for: object.name.folder, in: failures) { throw failure }
        return try inspect(object)
    }

    /// Opens the object anew under its final name and measures it.
    private func inspect(_ object: PlacedObject) throws(DockError) -> Receipt {
        let place = root + "/" + object.name.text
        guard let file = try object.folder.file(object.name.last) else { throw absent(object.name.text) }
        let status: FileStatus
        let ends: SealedEnds?
        do {
            status = try file.status()
            ends = try SealedEnds(of: file)
        } catch {
            throw error.error("cannot read an object", at: place, next: "check the vault's disk")
        }
        guard status.identity.size == object.sealed.bytes else {
            throw mismatch(place, "it has \(status.identity.size) bytes instead of \(object.sealed.bytes)")
        }
        guard let ends, try object.isSame(ends), object.inode == nil || object.inode == status.identity.inode else {
            throw mismatch(place, "it is not sealing \(object.sealed.id)")
        }
        var checksum = "inode:\(status.identity.inode)"
        if let parts = object.parts {
            file.dropFromCache()
            let found = try PartDigests.of(file, sizes: parts.map(\.size), place: place)
            guard found.bytes == object.sealed.bytes, found.parts == parts.map(\.sha256) else {
                throw mismatch(place, "its bytes are not the bytes that were sealed")
            }
            checksum = "sha256:\(found.whole)"
        }
        return Receipt(
            vault: name, sealing: object.sealed.id, key: object.name.text, bytes: status.identity.size,
            checksum: checksum,
            confirmation: confirmation, confirmed: clock())
    }

    private func absent(_ key: String, _ what: String = "cannot confirm an object") -> DockError {
        DockError(
            .notFound, what, at: root + "/" + key, because: "nothing stands under that name",
            next: "find out who removed it; the segment must be delivered again")
    }

    private func mismatch(
        _ place: String, _ why: String, _ what: String = "cannot confirm an object"
    ) -> DockError {
        DockError(
            .mismatch, what, at: place, because: why,
            next: "check the vault's disk; the object is left as it is")
    }
}

extension ObjectName {
    /// The names above the last one.
    var folder: String { text.lastIndex(of: "/").map { String(text[..<$0]) } ?? "" }
    /// The last name.
    var last: String { text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text }
}
