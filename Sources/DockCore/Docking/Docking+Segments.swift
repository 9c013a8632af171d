extension Docking {
    /// A segment was read to its end and is sealed: now, or earlier with exactly these bytes.
    mutating func took(
        _ index: Int, _ read: SegmentEvidence, _ sealed: SealedSegment, receipts: [Receipt], isNew: Bool
    ) -> [DockingAction] {
        // What a file says of itself is written down, and decides nothing.
        var evidence = read
        evidence.media = nil
        guard phase == .working, segments.indices.contains(index) else {
            return contradiction("a segment was read that is not planned")
        }
        let planned = segments[index].planned
        guard case .waiting = segments[index].state else {
            if case .taken(evidence, sealed) = segments[index].state { return [] }
            return contradiction("a segment was read twice with different results", about: index)
        }
        guard evidence.sha256 == sealed.plaintext, evidence.identity.size == sealed.plaintextBytes else {
            return contradiction("what was sealed is not what was read", about: index) + fail(index)
        }
        guard evidence.stands(for: planned), evidence.readIn == nil || !isNew else {
            return contradiction("bytes of an earlier docking were taken for a file that is not the same", about: index)
                + fail(index)
        }
        segments[index].state = .taken(evidence, sealed)
        var actions: [DockingAction] = [.record(record(of: planned, read, sealed, isNew: isNew))]
        if evidence.verification == .mismatch {
            actions += note(
                Finding(
                    .hashWrong, recording: planned.recording, path: planned.file.path, holds: true,
                    "its content is not what the camera promised; delivered as it was read, and marked"))
        }
        if evidence.verification == .partial { holds.append("\(planned.file.path): parts could not be read") }
        for receipt in receipts { accept(receipt, for: index, sealed) }
        let missing = terms.vaults.indices.filter { !segments[index].holders.contains($0) }.map { terms.vaults[$0] }
        if missing.isEmpty { return actions + settled(sealed) }
        return actions + [.deliver(index, sealed, vaults: missing)]
    }

    private func record(
        of planned: PlannedSegment, _ evidence: SegmentEvidence, _ sealed: SealedSegment, isNew: Bool
    ) -> LedgerEvent {
        if isNew {
            return .sealed(
                SegmentSealed(
                    docking: terms.start.docking, camera: camera, recording: planned.recording, path: planned.file.path,
                    role: planned.role, verification: evidence.verification, modified: evidence.identity.modified,
                    recorded: planned.recordingStart, isFlagged: planned.isFlagged, team: terms.start.team,
                    media: evidence.media, sealed: sealed))
        }
        return .verified(
            SegmentVerified(
                docking: terms.start.docking, camera: camera, recording: planned.recording, path: planned.file.path,
                verification: evidence.verification, sha256: evidence.sha256, sealing: sealed.id,
                readIn: evidence.readIn))
    }

    /// A segment could not be read to its end.
    mutating func failed(_ index: Int, _ error: DockError) -> [DockingAction] {
        guard phase == .working, segments.indices.contains(index), case .waiting = segments[index].state else {
            return contradiction("a segment failed that was not being read")
        }
        let planned = segments[index].planned
        // A full spool or a broken disk of the dock is no fault of the camera: run again later.
        if error.code == .noSpace {
            undelivered[Docking.spool, default: (0, error.description)].count += 1
            return fail(index)
        }
        let finding = Finding(
            error.code == .mismatch ? .fileChanged : .readFailed, recording: planned.recording, path: planned.file.path,
            missing: .bytes(planned.file.identity.size), holds: true, error.description)
        return note(finding) + fail(index)
    }

    /// The camera is gone: what was not read yet stays on it.
    mutating func lost(_ error: DockError) -> [DockingAction] {
        if terms.canPause {
            // An erase that is under way says itself how far it came, and before the start there is nothing to pause.
            guard phase == .working || phase == .relisting else { return [] }
            return close(.interrupted(reasons: [error.description]), [Cause(.state(.pulled))])
        }
        guard phase == .working else { return contradiction("the camera was lost while nothing was read") }
        var bytes: Int64 = 0
        var count = 0
        for index in segments.indices {
            guard case .waiting = segments[index].state else { continue }
            segments[index].state = .failed
            bytes &+= segments[index].planned.file.identity.size
            count += 1
        }
        unsettled -= count
        let message = "\(error.description); \(count) files were not read"
        return note(Finding(.readFailed, missing: .bytes(bytes), holds: true, message)) + settleIfDone()
    }

    private mutating func fail(_ index: Int) -> [DockingAction] {
        segments[index].state = .failed
        unsettled -= 1
        return settleIfDone()
    }

    /// A vault says that it holds a sealed segment.
    mutating func received(_ index: Int, _ receipt: Receipt) -> [DockingAction] {
        guard phase == .working, segments.indices.contains(index), case .taken(_, let sealed) = segments[index].state
        else {
            return contradiction("a receipt came for a segment that is not sealed")
        }
        guard let vault = terms.vaults.firstIndex(of: receipt.vault), covers(receipt, sealed) else {
            return contradiction("a receipt came for something else than what was sealed", about: index)
        }
        guard !segments[index].holders.contains(vault) else { return [] }
        let hadAnswered = segments[index].refusers.contains(vault)
        segments[index].hold(vault, since: receipt.confirmed, terms.requirement)
        let entry = LedgerEvent.receipt(SegmentReceipt(docking: terms.start.docking, camera: camera, receipt: receipt))
        return [.record(entry)] + (hadAnswered ? [] : answered(index, sealed))
    }

    /// A vault does not hold a sealed segment, and will not in this docking.
    mutating func missed(_ index: Int, _ vault: String, _ error: DockError) -> [DockingAction] {
        guard phase == .working, segments.indices.contains(index), case .taken(_, let sealed) = segments[index].state,
            let vaultIndex = terms.vaults.firstIndex(of: vault)
        else { return contradiction("a delivery failed that nobody asked for") }
        let segment = segments[index]
        guard !segment.holders.contains(vaultIndex), !segment.refusers.contains(vaultIndex) else { return [] }
        segments[index].refusers.insert(vaultIndex)
        undelivered[vault, default: (0, error.description)].count += 1
        return answered(index, sealed)
    }

    /// One more vault has answered for a segment; the last answer settles it.
    private mutating func answered(_ index: Int, _ sealed: SealedSegment) -> [DockingAction] {
        let segment = segments[index]
        guard segment.holders.count + segment.refusers.count >= terms.vaults.count else { return [] }
        return segment.holders.count == terms.vaults.count ? settled(sealed) : settledWithout()
    }

    private mutating func settled(_ sealed: SealedSegment) -> [DockingAction] { [.unspool(sealed)] + settledWithout() }

    private mutating func settledWithout() -> [DockingAction] {
        unsettled -= 1
        return settleIfDone()
    }

    private mutating func accept(_ receipt: Receipt, for index: Int, _ sealed: SealedSegment) {
        guard let vault = terms.vaults.firstIndex(of: receipt.vault), covers(receipt, sealed) else { return }
        segments[index].hold(vault, since: receipt.confirmed, terms.requirement)
    }

    /// Whether a receipt is for exactly this sealing: its name, its size, and one of the two names it may be kept under.
    private func covers(_ receipt: Receipt, _ sealed: SealedSegment) -> Bool {
        receipt.sealing == sealed.id && receipt.bytes == sealed.bytes
            && (receipt.key.hasSuffix(sealed.object.text)
                || receipt.key.hasSuffix(sealed.object.besideOther(sealing: sealed.id).text))
    }
}
