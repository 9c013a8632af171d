import DockCore
import DockIntake
import DockSystem

/// The start of the hot path: reads every segment of the plan once, hashes it, and hands the same bytes on to be sealed.
/// One reader for each camera, on a thread of its own.
struct ReadStage: Sendable {
    let volume: Volume
    let plan: [PlannedSegment]
    let manifest: Manifest.Kind
    let earlier: EarlierSealings
    let output: BoundedQueue<ClearMessage>
    let clear: BufferPool
    let spool: SpoolSession
    let meter: ProgressMeter
    let stop: StopFlag
    let report: @Sendable (Report) -> Void

    /// Reads the plan from start to end, then closes the output.
    func run() {
        for (index, planned) in plan.enumerated() where !stop.isSet {
            meter.beginSegment()
            do throws(DockError) {
                try take(index, planned)
            } catch {
                guard volume.isPresent() else {
                    output.send(.cameraLost(error))
                    break
                }
            }
        }
        output.close()
        meter.finish()
    }

    /// Takes in one segment. Whatever happens is reported once; the error is thrown as well so that the caller can look
    /// whether the camera is still there.
    private func take(_ index: Int, _ planned: PlannedSegment) throws(DockError) {
        if let earlier = earlier.find(planned) {
            if let evidence = earlier.standing {
                meter.skip(planned.file.identity.size)
                return report(.covered(index, evidence, earlier))
            }
            do throws(DockError) {
                let evidence = try read(planned, pass: nil)
                if evidence.sha256 == earlier.sealed.plaintext {
                    return report(.covered(index, evidence, earlier))
                }
            } catch {
                report(.failed(index, error))
                throw error
            }
        }
        // What there is no space for need not be read: it is read when it can be sealed.
        if let error = spool.full { return report(.failed(index, error)) }
        output.send(.begin(index, planned))
        do throws(DockError) {
            output.send(.end(try read(planned) { buffer, isLast in output.send(.bytes(buffer, isLast: isLast)) }))
        } catch {
            output.send(.abandon(error))
            throw error
        }
    }

    /// Reads a segment to its end.
    /// - Parameter pass: takes each buffer and owns it from then on; nil to hash only.
    private func read(
        _ planned: PlannedSegment, pass: ((Buffer, _ isLast: Bool) -> Void)?
    ) throws(DockError) -> SegmentEvidence {
        var reader = try SegmentReader(volume, planned.file, uncached: false)
        var sha256 = try Digester(.sha256)
        var md5: Digester? = nil
        if case .md5 = planned.expected { md5 = try Digester(.md5) }
        var media = planned.role == .manifest || pass == nil ? nil : MediaReader()
        var left = planned.file.identity.size
        repeat {
            guard let buffer = clear.take() else { throw DockError.outOfOrder(planned) }
            do throws(DockError) {
                if stop.isSet { throw DockError.stopped(planned) }
                buffer.count = try reader.read(into: buffer.memory)
                try sha256.update(buffer.used)
                try md5?.update(buffer.used)
                media?.take(buffer.used)
            } catch {
                clear.put(buffer)
                throw error
            }
            left -= Int64(buffer.count)
            guard buffer.count > 0 || left == 0 else {
                clear.put(buffer)
                break  // shorter than listed: `finish` says so
            }
            meter.read(Int64(buffer.count))
            if let pass { pass(buffer, left == 0) } else { clear.put(buffer) }
        } while left > 0
        let identity = try reader.finish()
        let digest = try sha256.finishSHA256()
        let verdict = try judge(planned, digest, md5: md5?.finish(), unreadable: reader.unreadable)
        return SegmentEvidence(sha256: digest, identity: identity, verification: verdict, media: media?.facts)
    }

    private func judge(
        _ planned: PlannedSegment, _ digest: SHA256Digest, md5: [UInt8]?, unreadable: [Range<Int64>]
    ) throws(DockError) -> Verification {
        if !unreadable.isEmpty {
            report(
                .found(
                    Finding(
                        .readFailed, recording: planned.recording, path: planned.file.path,
                        missing: .bytes(unreadable.reduce(0) { $0 + Int64($1.count) }), holds: true,
                        "sectors cannot be read at bytes \(unreadable.prefix(8).map { "\($0.lowerBound)–\($0.upperBound - 1)" }.joined(separator: ", ")); delivered with zeros in their place"
                    )))
            return .partial
        }
        switch planned.expected {
        case .sha256(let expected)?:
            guard digest == expected else { return .mismatch }
            return manifest == .bodydock ? .matchedManifest : .matchedSHA256
        case .md5(let expected)?:
            return md5 == expected ? .matchedMD5 : .mismatch
        case nil:
            return try confirmByAnotherRead(planned, digest)
        }
    }

    /// Without a promise the first read is the reference: a second one, past the page cache, must agree.
    private func confirmByAnotherRead(_ planned: PlannedSegment, _ first: SHA256Digest) throws(DockError)
        -> Verification
    {
        var reader = try SegmentReader(volume, planned.file, uncached: true)
        var sha256 = try Digester(.sha256)
        guard let buffer = clear.take() else { throw DockError.outOfOrder(planned) }
        defer { clear.put(buffer) }
        var left = planned.file.identity.size
        while left > 0 {
            buffer.count = try reader.read(into: buffer.memory)
            guard buffer.count > 0 else { break }
            try sha256.update(buffer.used)
            left -= Int64(buffer.count)
        }
        _ = try reader.finish()
        if try sha256.finishSHA256() == first { return .firstRead }
        report(
            .found(
                Finding(
                    .readsDiffer, recording: planned.recording, path: planned.file.path, holds: true,
                    "two reads gave different bytes: the card or the reader is failing; the first read is delivered, and marked"
                )))
        return .mismatch
    }
}

extension DockError {
    /// The docking ended while this segment was read.
    static func stopped(_ planned: PlannedSegment) -> DockError {
        DockError(
            .io, "stopped reading", at: "\(planned.file.path)", because: "the docking was broken off",
            next: "run again: what is not delivered yet is still on the camera", isPassing: true)
    }
}
