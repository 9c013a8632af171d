import DockCore
import DockSystem
import Glibc

/// A vault in a bucket behind the S3 protocol. Objects of one part are stored with one request, larger ones in parts; every
/// request carries the signed SHA-256 of its body, every object the name of its sealing.
struct S3Vault: Vault {
    let name: String
    let confirmation: Receipt.Confirmation
    let clock: @Sendable () -> Instant
    let bucket: S3Bucket
    /// Holds what is sent to the limits; nil for none.
    var limiter: RateLimiter?
    let prefix: String
    private let connections: Int
    private let places: UploadPlaces
    private let log: UploadLog
    let policy: ObjectLock.Policy?
    let known = KnownAbilities()

    /// More parts than this no service takes.
    static let mostParts = 10_000
    /// Bytes that are fetched with one request.
    static let rangeBytes: Int64 = 32 << 20
    /// Consignments that fail one after the other for reasons that are not theirs, before the rest is not tried any more.
    static let patience = 3

    init(
        name: String, settings: S3Settings, confirmation: Receipt.Confirmation, backoff: Backoff = .quick,
        records: String? = nil, clock: @escaping @Sendable () -> Instant
    ) throws(DockError) {
        let endpoint = try Endpoint(settings.endpoint)
        let credentials = try CredentialSource(settings.credentials)
        let trust = try TLSTrust(settings)
        connections = min(max(settings.connections, 1), 64)
        places = UploadPlaces(connections)
        let signing = SigningRequester(
            endpoint: endpoint, credentials: credentials, region: settings.region,
            conditions: HTTPConnection.Conditions(
                scheme: endpoint.scheme, trust: trust, stallTimeout: settings.stallTimeout),
            clock: clock, pool: HTTPConnectionPool(keeping: 2 * connections))
        let requester = RetryingRequester(
            base: signing, backoff: backoff, sleep: { usleep(UInt32($0 * 1_000_000)) },
            jitter: { Double.random(in: 0..<1) })
        bucket = S3Bucket(name: settings.bucket, requester: requester)
        log = UploadLog(
            records: UploadRecords(folder: records),
            service: "\(endpoint.scheme)://\(endpoint.authority)/\(settings.bucket)", clock: clock)
        policy = settings.lock
        prefix = settings.prefix.isEmpty ? "" : settings.prefix + "/"
        self.name = name
        self.confirmation = confirmation
        self.clock = clock
    }

    var needsPartDigests: Bool { true }

    /// While some upload, as many others look at what they stored, or whether their key is free.
    var storesAtOnce: Int { 2 * connections }

    func store(
        _ consignments: [Consignment],
        progress: @escaping @Sendable (Int64) -> Void,
        done: @escaping @Sendable (Int, Result<Receipt, DockError>) -> Void
    ) {
        let outage = Outage(patience: S3Vault.patience)
        // Calls with one consignment share places with others for its camera; a call with many has places of its own.
        let isAlone = consignments.count == 1
        let places = isAlone ? places : UploadPlaces(connections)
        Crew.run(width: storesAtOnce, count: consignments.count) { index in
            do throws(DockError) {
                if let error = outage.error { throw error }
                // A spool file that cannot be sent says nothing about the service.
                let stretches = try stretches(of: consignments[index], progress: progress)
                let result = Result { () throws(DockError) in
                    let sealed = consignments[index].sealed
                    return try deliver(sealed, stretches, places.line(of: isAlone ? sealed.object.camera : ""))
                }
                outage.note(result)
                done(index, result)
            } catch {
                done(index, .failure(error))
            }
        }
    }

    func confirm(_ sealed: SealedSegment, key: String) -> Result<Receipt, DockError> {
        Result { () throws(DockError) in
            let parts = confirmation == .readback ? try sealed.knownParts() : nil
            if confirmation == .readback, parts == nil {
                throw DockError(
                    .configuration, "cannot read an object back", at: bucket.place(key),
                    because: "it was sealed when nobody asked for read-back: the hash of its sealed bytes is not known",
                    next: "confirm this vault by head, or deliver the segment anew")
            }
            return try inspect(sealed, key: key, against: nil, parts: parts)
        }
    }

    func fetch(
        _ key: String, version: String?, bytes: Int64, from start: Int64,
        write: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) -> Result<Void, DockError> {
        Result { () throws(DockError) in
            // A range is asked for again as a whole if its transfer breaks off, so none is long.
            var offset = start
            while offset < bytes {
                let range = FetchedRange(
                    start: offset, size: min(S3Vault.rangeBytes, bytes - offset), of: bytes, write: write)
                try bucket.fetch(key, version: version, range)
                offset += range.size
            }
        }
    }

    func clearStale(olderThan seconds: Double, keeping sealings: Set<String>) -> Result<Int, DockError> {
        Result { () throws(DockError) in
            var count = 0
            for record in try log.stale(olderThan: seconds, keeping: sealings) where record.key.hasPrefix(prefix) {
                try bucket.abort(record.upload, record.key)
                log.forget(record.upload, record.key, record.sealing)
                count += 1
            }
            return count
        }
    }

    /// The parts of a spool file, ready to be sent.
    private func stretches(
        of consignment: Consignment, progress: @escaping @Sendable (Int64) -> Void
    ) throws(DockError) -> [FileStretch] {
        let spool = try SpoolFile(consignment)
        let parts = try consignment.sealed.parts(from: spool, path: consignment.file)
        let file = SharedFile(spool.file)
        let gate = limiter.map {
            SendGate(
                limiter: $0, vault: name, camera: consignment.sealed.object.camera, rank: consignment.rank)
        }
        return parts.map { FileStretch($0, of: file, gate: gate, progress: progress) }
    }

    private func deliver(
        _ sealed: SealedSegment, _ stretches: [FileStretch], _ place: UploadPlaces.Line
    ) throws(DockError) -> Receipt {
        for object in [sealed.object, sealed.object.besideOther(sealing: sealed.id)] {
            let key = prefix + object.text
            var upload = S3Upload(
                bucket: bucket, key: key, sealed: sealed, stretches: stretches, width: connections, place: place,
                log: log)
            upload.sums = needsSums
            upload.headers = try lockHeaders(sealed, stretches)
            if let receipt = try store(sealed, upload, stretches.map(\.part)) { return receipt }
        }
        throw DockError(
            .conflict, "cannot store a sealed segment", at: bucket.place(prefix + sealed.object.text),
            because: "other objects stand under this name and under the one that carries the sealing \(sealed.id)",
            next: "find out who put them there; nothing was overwritten")
    }

    /// Stores an object under its key, or finds that it is there already.
    /// - Returns: nil if something else has the key.
    private func store(
        _ sealed: SealedSegment, _ upload: S3Upload, _ parts: [SealedSegment.Part]
    ) throws(DockError) -> Receipt? {
        // Where the key is taken between the look and the write, another look shows by what.
        for _ in 0..<3 {
            if try bucket.head(upload.key) == nil {
                guard let tag = try upload.run() else { continue }
                let receipt = try inspect(sealed, key: upload.key, against: tag, parts: parts, mayLock: true)
                upload.clear()
                return receipt
            }
            do throws(DockError) {
                let receipt = try inspect(sealed, key: upload.key, against: nil, parts: parts, mayLock: true)
                upload.clear()
                return receipt
            } catch let error where error.code == .mismatch {
                return nil
            }
        }
        throw DockError(
            .unreachable, "cannot store a sealed segment", at: bucket.place(upload.key),
            because: "the service says that the key is taken, and shows nothing there", next: "run again",
            isPassing: true)
    }
}
