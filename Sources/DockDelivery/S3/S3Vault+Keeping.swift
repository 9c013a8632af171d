import DockCore
import DockSystem
import Glibc

/// Holds and destruction, by version.
extension S3Vault {
    func standing(of object: StoredObject) -> Result<ObjectStanding, DockError> {
        Result { () throws(DockError) in try look(object)?.standing ?? .gone }
    }

    func setHold(_ isOn: Bool, on object: StoredObject) -> Result<HoldOutcome, DockError> {
        Result { () throws(DockError) in
            let key = object.receipt.key
            guard let version = object.receipt.version else { return .unsupported("the object has no version") }
            guard let before = try look(object) else { throw absent(key) }
            guard try locksObjects() else {
                return .unsupported("the bucket has no Object Lock, or the access key may not ask for it")
            }
            if before.lock?.legalHold == isOn { return .wasSo }
            guard try keepsHolds() else { return .unsupported("the service takes a legal hold and does not keep it") }
            try bucket.hold(key, version: version, isOn)
            // The hold was the last write: whatever was seen before it proves nothing.
            guard let after = try look(object), after.tag == before.tag else {
                throw keepingError(key, .mismatch, "it became another object when its legal hold was changed")
            }
            guard after.lock?.legalHold == isOn else {
                throw keepingError(key, .conflict, "the service took the change of its legal hold, and did not keep it")
            }
            return .changed
        }
    }

    func destroy(_ permit: DestructionPermit) -> Result<Void, DockError> {
        Result { () throws(DockError) in
            let key = permit.object.receipt.key
            guard let found = try look(permit.object) else { return }
            if let why = found.standing.objection(at: clock()) { throw keepingError(key, .conflict, why) }
            // Without its version, a bucket that has got versions since would only hide it.
            var version = permit.object.receipt.version
            if version == nil, try bucket.keepsVersions() { version = "null" }
            let response = try bucket.requester.send(
                HTTPRequest(
                    method: "DELETE", path: bucket.path(key),
                    query: version.map { [(name: "versionId", value: $0)] } ?? []))
            guard [200, 204, 404].contains(response.status) else {
                throw S3Failure.error(response, S3Vault.destroying, at: bucket.place(key))
            }
            guard version != nil || response.headers["x-amz-delete-marker"] != "true" else {
                throw keepingError(key, .conflict, "the service only hid it behind a marker")
            }
            guard try look(permit.object) == nil else {
                throw keepingError(key, .conflict, "the service says that it removed it, and still has it")
            }
        }
    }

    private static let destroying = "cannot destroy an object"

    private struct Found {
        var tag: String
        var lock: ObjectLock.State?
        var standing: ObjectStanding { .there(lock) }
    }

    /// The version that the receipt names; nil if it is gone.
    private func look(_ object: StoredObject) throws(DockError) -> Found? {
        let receipt = object.receipt
        guard let head = try bucket.head(receipt.key, version: receipt.version) else { return nil }
        guard head.bytes == object.sealed.sealed.bytes, head.sealing == receipt.sealing, head.version == receipt.version
        else { throw keepingError(receipt.key, .mismatch, "it is not the object that the receipt is for") }
        guard let version = receipt.version, try locksObjects() else { return Found(tag: head.tag) }
        return Found(tag: head.tag, lock: try bucket.lock(receipt.key, version: version, holds: true))
    }

    /// Whether the bucket has Object Lock. Who must not ask is told by the service when it refuses to destroy.
    private func locksObjects() throws(DockError) -> Bool {
        if let locks = known.abilities?.locks { return locks }
        if let locks = known.locks { return locks }
        do throws(DockError) {
            let locks = try bucket.lockConfiguration() != nil
            known.locks = locks
            return locks
        } catch let error where error.code == .refused && policy == nil {
            known.locks = false
            return false
        }
    }

    /// Whether the service keeps legal holds: tried with a scratch object, once.
    private func keepsHolds() throws(DockError) -> Bool {
        if let holds = known.abilities?.holds ?? known.holds { return holds }
        let abilities = try scratchProbe(ObjectLock.Policy(retention: policy?.retention, legalHold: true)).run()
        known.holds = abilities.holds ?? false
        return abilities.holds ?? false
    }

    private func absent(_ key: String) -> DockError {
        keepingError(key, .notFound, "the version that the receipt names is not there")
    }

    private func keepingError(_ key: String, _ code: DockError.Code, _ why: String) -> DockError {
        DockError(
            code, "cannot keep an object as it should be", at: bucket.place(key), because: why,
            next: "find out who changed it; it is left as it is")
    }
}
