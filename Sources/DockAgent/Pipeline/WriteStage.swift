import DockCore
import DockSystem

/// The end of the hot path: writes sealed bytes to the spool, and hashes them: as a whole, and by upload part where a vault needs that.
/// Runs on a thread of its own.
struct WriteStage: Sendable {
    let camera: String
    /// Under this day a segment is filed if the camera gives no time for it.
    let fallbackDate: Instant
    let hashesParts: Bool
    let input: BoundedQueue<SealedMessage>
    let sealed: BufferPool
    let spool: SpoolSession
    let stop: StopFlag
    let report: @Sendable (Report) -> Void

    /// Takes segments until the input closes.
    func run() {
        while let message = input.receive() {
            switch message {
            case .begin(let index, let planned, let header, let sealing): take(index, planned, header, sealing)
            case .bytes(let buffer): sealed.put(buffer)
            case .cameraLost(let error): report(.cameraLost(error))
            case .end, .abandon: break
            }
        }
    }

    private func take(_ index: Int, _ planned: PlannedSegment, _ header: [UInt8], _ sealing: String) {
        do throws(DockError) {
            let file = try spool.create(sealing: sealing, for: planned.file, stop: stop)
            var parts = try PartHashes(
                hashesParts: hashesParts, chunkBytes: 65_552, chunksPerPart: SealedSegment.chunksPerPart)
            try file.write(header)
            try parts.begin(header)
            while let message = input.receive() {
                switch message {
                case .bytes(let buffer):
                    defer { sealed.put(buffer) }
                    try file.write(buffer.used)
                    try parts.add(buffer.used)
                case .end(let evidence):
                    let hashes = try parts.finish()
                    let segment = SealedSegment(
                        id: sealing, plaintext: evidence.sha256, plaintextBytes: evidence.identity.size,
                        bytes: file.bytes, parts: hashes.parts, object: name(of: planned, evidence.sha256),
                        sha256: hashes.whole)
                    spool.move(1)
                    return report(.sealed(index, evidence, segment, file))
                case .abandon(let error):
                    return report(.failed(index, error))
                case .begin, .cameraLost:
                    throw DockError.outOfOrder(planned)
                }
            }
        } catch {
            report(.failed(index, error))
        }
    }

    private func name(of planned: PlannedSegment, _ content: SHA256Digest) -> ObjectName {
        ObjectName(
            camera: camera, date: planned.recordingStart ?? fallbackDate, recording: planned.recording,
            segment: planned.file.path.name, content: content)
    }
}
