import DockCore

/// The records of one vault's uploads.
struct UploadLog: Sendable {
    let records: UploadRecords
    /// Endpoint and bucket.
    let service: String
    /// The dock's clock.
    let clock: @Sendable () -> Instant

    /// Notes that a run is at work on an upload.
    func note(_ upload: String, _ key: String, _ sealing: String) { records.note(record(upload, key, sealing)) }

    /// Notes that an upload is no more.
    func forget(_ upload: String, _ key: String, _ sealing: String) { records.forget(record(upload, key, sealing)) }

    /// Uploads of a sealing to a key that were begun here and not ended.
    func known(_ key: String, _ sealing: String) -> [String] {
        do {
            return try records.all(of: service, sealing: sealing).filter { $0.key == key }.map(\.upload)
        } catch {
            // Without its memory the dock sends again; see `UploadRecords`.
            return []
        }
    }

    /// Uploads on which no run has worked for some seconds.
    func stale(olderThan seconds: Double, keeping sealings: Set<String>) throws(DockError) -> [UploadRecords.Record] {
        let now = clock()
        return try records.all(of: service).filter {
            now.seconds(since: $0.touched) > seconds && !sealings.contains($0.sealing)
        }
    }

    private func record(_ upload: String, _ key: String, _ sealing: String) -> UploadRecords.Record {
        UploadRecords.Record(service: service, key: key, upload: upload, sealing: sealing, touched: clock())
    }
}
