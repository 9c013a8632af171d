import DockCore
import DockDelivery
import DockSeal
import DockSystem
import Glibc

/// Brings one sealed file from a vault into a bundle, checks it, and gives it the form that was asked for.
struct FootageFetch {
    let vaults: [any Vault]
    let folder: BundleFolder
    let form: EvidenceExport.Form

    /// Does so; what is there already and whole stays.
    func bring(_ item: EvidenceFile, to name: String) throws(DockError) {
        if try isThere(item, name) { return }
        let sealed = name.hasSuffix(".age") ? name : name + ".age"
        let fetched = sealed + ".fetched"
        try fetch(item, to: fetched)
        switch form {
        case .sealed: try rename(fetched, to: name)
        case .resealed(let identities, let recipients):
            try reseal(item, fetched, to: name, identities, recipients)
        case .opened(let identities):
            try Unsealing.open(path: folder.place(fetched), with: identities, to: .file(folder.place(name)))
            try compare(folder.digest(of: name), with: item, at: name)
        }
        if case .sealed = form { return }
        try remove(fetched)
    }

    /// Only what can be told by its hash counts: what was sealed anew is made once more.
    private func isThere(_ item: EvidenceFile, _ name: String) throws(DockError) -> Bool {
        guard let found = try folder.digest(of: name) else { return false }
        switch form {
        case .sealed: if found.sha256 == expected(item) { return true }
        case .opened: if found.sha256 == item.file.sha256 { return true }
        case .resealed: break
        }
        try remove(name)
        return false
    }

    /// SHA-256 of the sealed file, from the record or from a receipt that was given after every byte was read back.
    private func expected(_ item: EvidenceFile) -> SHA256Digest? {
        let readBack = item.file.receipts.lazy.filter { $0.checksum.hasPrefix("sha256:") }
            .compactMap { SHA256Digest(hex: $0.checksum.dropFirst(7)) }
        return item.file.sealed.sha256 ?? readBack.first
    }

    /// Fetches from the first vault that has it whole.
    private func fetch(_ item: EvidenceFile, to name: String) throws(DockError) {
        var reasons: [String] = []
        for vault in vaults {
            guard let receipt = item.file.receipts.last(where: { $0.vault == vault.name }) else { continue }
            do throws(DockError) {
                return try fetch(item, receipt, from: vault, to: name)
            } catch {
                reasons.append("\(vault.name): \(error.why)")
                // Bytes of another vault's object are the same bytes, unless they were wrong.
                if error.code == .mismatch { try folder.discard(name) }
            }
        }
        let place = item.file.sealed.object.text
        throw DockError(
            .unreachable, "cannot fetch footage", at: place,
            because: reasons.isEmpty ? "no vault that is asked has a receipt for it" : reasons.joined(separator: "; "),
            next: "see that one of its vaults answers, then run again: what is here is not fetched twice")
    }

    private func fetch(
        _ item: EvidenceFile, _ receipt: Receipt, from vault: any Vault, to name: String
    ) throws(DockError) {
        let bytes = item.file.sealed.bytes
        let file = SharedDescriptor(try folder.begin(name))
        let place = folder.place(name)
        let start: Int64
        do throws(Errno) {
            let there = try file.descriptor.status().identity.size
            start = there <= bytes ? there : 0
            try file.descriptor.truncate(to: start)
        } catch { throw BundleFolder.error(error, place) }
        let result = vault.fetch(receipt.key, version: receipt.version, bytes: bytes, from: start) {
            piece, offset throws(DockError) in
            do throws(Errno) { try file.descriptor.writeAll(piece, at: offset) } catch {
                throw BundleFolder.error(error, place)
            }
        }
        try result.get()
        let found: (sha256: SHA256Digest, bytes: Int64)
        do throws(Errno) { found = try BundleFolder.digest(of: file.descriptor, at: place) } catch {
            throw BundleFolder.error(error, place)
        }
        guard found.bytes == bytes, expected(item).map({ $0 == found.sha256 }) ?? true else {
            throw mismatch(place, "what the vault has is not what was sealed")
        }
        try folder.finish(file.descriptor, name)
    }

    private func reseal(
        _ item: EvidenceFile, _ fetched: String, to name: String, _ identities: [AgeIdentity],
        _ recipients: [AgeRecipient]
    ) throws(DockError) {
        let output = try folder.begin(name)
        let input: Descriptor
        do throws(Errno) {
            try output.truncate(to: 0)
            input = try Descriptor.open(folder.place(fetched), flags: O_RDONLY | O_NOFOLLOW)
        } catch { throw BundleFolder.error(error, folder.place(name)) }
        var offset: Int64 = 0
        let found = try Unsealing.reseal(
            input, named: item.file.sealed.object.text, with: identities, for: recipients
        ) { piece throws(DockError) in
            do throws(Errno) { try output.writeAll(piece, at: offset) } catch {
                throw BundleFolder.error(error, folder.place(name))
            }
            offset += Int64(piece.count)
        }
        try compare(found, with: item, at: name + ".partial")
        try folder.finish(output, name)
    }

    /// Footage that is not what was read from the camera is handed to nobody.
    private func compare(
        _ found: (sha256: SHA256Digest, bytes: Int64)?, with item: EvidenceFile, at name: String
    ) throws(DockError) {
        guard let found, found.sha256 == item.file.sha256, found.bytes == item.file.bytes else {
            try remove(name)
            throw mismatch(item.file.sealed.object.text, "opened, it is not what was read from the camera")
        }
    }

    private func rename(_ from: String, to name: String) throws(DockError) {
        do throws(Errno) {
            try folder.place(from).withCPath { old throws(Errno) in
                try folder.place(name).withCPath { new throws(Errno) in try retrying { Glibc.rename(old, new) } }
            }
        } catch { throw BundleFolder.error(error, folder.place(name)) }
    }

    private func remove(_ name: String) throws(DockError) {
        do throws(Errno) {
            try folder.place(name).withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
        } catch  where error.code == ENOENT {
            return
        } catch { throw BundleFolder.error(error, folder.place(name)) }
    }

    private func mismatch(_ place: String, _ why: String) -> DockError {
        DockError(
            .mismatch, "cannot export footage", at: place, because: why,
            next: "another vault may have it whole; keep this one as it is, and report it")
    }
}
