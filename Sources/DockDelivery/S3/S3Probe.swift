import DockCore
import DockSystem
import Foundation

/// Finds out with scratch objects what a bucket does, and removes them again. Where every object is locked by the bucket's own
/// rules, the scratch asks for seconds instead; what cannot be removed all the same is a few bytes, under
/// `<prefix>/.bodydock-probe/`.
struct S3Probe {
    let bucket: S3Bucket
    /// The key of the scratch object; nothing stands there.
    let key: String
    let policy: ObjectLock.Policy?
    let clock: @Sendable () -> Instant
    /// Waits some seconds.
    let sleep: @Sendable (Double) -> Void

    /// Seconds for which a scratch is locked, and by which a second retention is longer.
    private static let retention = 4.0
    private static let text = "bodydock probe\n"
    private static let what = "cannot probe a bucket"

    /// Does it all.
    func run() throws(DockError) -> VaultAbilities {
        var abilities = VaultAbilities()
        let configuration = try locking()
        abilities.locks = configuration != nil
        abilities.defaultRetention = configuration?.retention
        abilities.keepsVersions = try bucket.keepsVersions()
        let now = configuration?.date ?? clock()
        // Whole seconds, as services keep them.
        let until = Instant(seconds: now.milliseconds / 1000).adding(seconds: S3Probe.retention)
        let lock = ObjectLock.State(mode: .governance, until: until)
        let headers = abilities.locks ? S3Bucket.lockHeaders(lock) : []
        var versions: Set<String?> = []
        let result = Result { () throws(DockError) in
            try write(headers, &abilities, &versions)
            if abilities.locks, policy != nil { try locks(lock, &abilities, &versions) }
        }
        if abilities.locks { sleep(until.adding(seconds: S3Probe.retention + 1).seconds(since: now)) }
        for version in versions { remove(version) }
        try result.get()
        return abilities
    }

    /// Who must not ask is told so only if a lock is asked for.
    private func locking() throws(DockError) -> (retention: ObjectLock.Retention?, date: Instant?)? {
        do { return try bucket.lockConfiguration() } catch let error where error.code == .refused && policy == nil {
            return nil
        }
    }

    private func write(
        _ headers: [(name: String, value: String)], _ abilities: inout VaultAbilities, _ versions: inout Set<String?>
    ) throws(DockError) {
        let right = try SHA256Digest(hashing: Array(S3Probe.text.utf8))
        let wrong = try SHA256Digest(hashing: Array("something else".utf8))
        func checksum(_ digest: SHA256Digest) -> (name: String, value: String) {
            ("x-amz-checksum-sha256", Data(digest.bytes).base64EncodedString())
        }
        // Locked objects need a checksum in the request on some services.
        let sum = headers.isEmpty ? [] : [checksum(right)]
        abilities.checksBody = try put(headers + sum, pretending: wrong, &versions) == .refused
        abilities.checksSHA256 = try put(headers + [checksum(wrong)], &versions) == .refused
        guard try put(headers + sum, &versions) == .stored else {
            throw refused("it does not take an object of \(S3Probe.text.utf8.count) bytes")
        }
        let again = try put(headers + sum + [("if-none-match", "*")], &versions)
        abilities.refusesOverwrite = again == .taken
        guard try content(nil) == Array(S3Probe.text.utf8) else {
            throw refused("it gives back other bytes than it took")
        }
    }

    private enum Answer { case stored, refused, taken }

    private func put(
        _ headers: [(name: String, value: String)], pretending digest: SHA256Digest? = nil,
        _ versions: inout Set<String?>
    ) throws(DockError) -> Answer {
        var request = HTTPRequest(method: "PUT", path: bucket.path(key), headers: headers, body: .text(S3Probe.text))
        request.pretendedSHA256 = digest
        let response = try bucket.requester.send(request)
        switch response.status {
        case 200:
            versions.insert(bucket.version(response))
            return .stored
        case 412: return .taken
        // Only what says so is a refusal of the bytes.
        case 400 where digest != nil || headers.contains { $0.name == "x-amz-checksum-sha256" }: return .refused
        case 403 where digest != nil: return .refused
        case 501: return .refused
        default: throw S3Failure.error(response, S3Probe.what, at: bucket.place(key))
        }
    }

    private func locks(
        _ lock: ObjectLock.State, _ abilities: inout VaultAbilities, _ versions: inout Set<String?>
    ) throws(DockError) {
        guard let version = try bucket.head(key)?.version, let mode = lock.mode, let until = lock.until else { return }
        abilities.locksAtUpload = try bucket.lock(key, version: version, holds: false).until == until
        abilities.locksAtPartUpload = try lockByParts(lock, &versions)
        let later = until.adding(seconds: S3Probe.retention)
        abilities.locksLater = try tried {
            () throws(DockError) in
            try bucket.retain(key, version: version, mode, until: later)
            return try bucket.lock(key, version: version, holds: false).until == later
        }
        if policy?.legalHold ?? false {
            abilities.holds = try tried {
                () throws(DockError) in
                try bucket.hold(key, version: version, true)
                let isOn = try bucket.lock(key, version: version, holds: true).legalHold
                try bucket.hold(key, version: version, false)
                return isOn
            }
        }
        // One service puts the text of the retention in the object's place.
        guard try content(version) == Array(S3Probe.text.utf8) else {
            abilities.locksLater = false
            abilities.holds = false
            return
        }
    }

    /// The key is taken already: an upload in parts makes another version of it.
    private func lockByParts(_ lock: ObjectLock.State, _ versions: inout Set<String?>) throws(DockError) -> Bool {
        let upload = try bucket.createUpload(key, sealing: "probe", extra: S3Bucket.lockHeaders(lock))
        do throws(DockError) {
            let part = HTTPRequest(
                method: "PUT", path: bucket.path(key), query: [("partNumber", "1"), ("uploadId", upload)],
                headers: [try S3Bucket.contentMD5(of: S3Probe.text)], body: .text(S3Probe.text))
            let response = try bucket.requester.send(part)
            guard response.status == 200, let tag = response.tag else {
                throw S3Failure.error(response, S3Probe.what, at: bucket.place(key))
            }
            let done = try bucket.complete(upload, parts: [tag], key, isConditional: false)
            guard case .done = done, let version = try bucket.head(key)?.version else {
                throw refused("an upload in parts does not become an object")
            }
            versions.insert(version)
            return try bucket.lock(key, version: version, holds: false).until == lock.until
        } catch {
            giveUp(upload)
            throw error
        }
    }

    private func giveUp(_ upload: String) {
        do { try bucket.abort(upload, key) } catch {
            // The error before says more; an upload of a few bytes harms nothing.
        }
    }

    /// False for what the service refuses.
    private func tried(_ step: () throws(DockError) -> Bool) throws(DockError) -> Bool {
        do { return try step() } catch let error where !error.isPassing && error.code != .library { return false }
    }

    private func content(_ version: String?) throws(DockError) -> [UInt8] {
        let query = version.map { [(name: "versionId", value: $0)] } ?? []
        let response = try bucket.requester.send(HTTPRequest(method: "GET", path: bucket.path(key), query: query))
        guard response.status == 200 else { throw S3Failure.error(response, S3Probe.what, at: bucket.place(key)) }
        return response.body
    }

    private func remove(_ version: String?) {
        let query = version.map { [(name: "versionId", value: $0)] } ?? []
        do {
            _ = try bucket.requester.send(HTTPRequest(method: "DELETE", path: bucket.path(key), query: query))
        } catch {
            // A scratch object of a few bytes stays: who may not delete cannot tidy up.
        }
    }

    private func refused(_ why: String) -> DockError {
        DockError(
            .refused, S3Probe.what, at: bucket.place(key), because: why,
            next: "this is not how an S3 service answers: check the endpoint and the bucket")
    }
}
