import DockCore
import DockSystem
import Glibc

/// A folder knows no locks and no holds: what keeps an object is the ledger.
extension DirectoryVault {
    func standing(of object: StoredObject) -> Result<ObjectStanding, DockError> {
        switch confirm(object.sealed.sealed, key: object.receipt.key, .head) {
        case .success: .success(.there(nil))
        case .failure(let error) where error.code == .notFound: .success(.gone)
        case .failure(let error): .failure(error)
        }
    }

    func setHold(_ isOn: Bool, on object: StoredObject) -> Result<HoldOutcome, DockError> {
        .success(.unsupported("a folder has no legal holds"))
    }

    func destroy(_ permit: DestructionPermit) -> Result<Void, DockError> {
        Result { () throws(DockError) in
            let key = permit.object.receipt.key
            guard case .there = try standing(of: permit.object).get() else { return }
            guard let object = ObjectName(recorded: key), let folder = try existingFolder(object.folder) else { return }
            do throws(Errno) {
                try object.last.withCPath { name throws(Errno) in
                    try retrying { unlinkat(folder.handle.number, name, 0) }
                }
            } catch  where error.code == ENOENT {
                // Somebody was faster.
            } catch {
                throw error.error(
                    "cannot destroy an object", at: root + "/" + key, next: "make the vault's folder writable")
            }
            try folder.synchronize()
        }
    }
}
