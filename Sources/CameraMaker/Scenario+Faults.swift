import DockCore

/// Faults are planned before anything is made, in a fixed order and each in a place of its own, so that one does not hide
/// another: first the times, then names and files, last what is added at the end.
extension Scenario {
    /// Breaks what the plan asks to be broken, as far as it is not a matter of the manifest's own lines, and says where.
    mutating func apply(_ plan: CameraPlan) throws(DockError) -> [MadeCamera.Break] {
        var breaks: [MadeCamera.Break] = []
        if plan.faults.contains(.sequenceGap) { breaks.append(skipRecording(plan)) }
        breaks += try breakTimes(plan)
        try nameAgain(plan)
        breaks += try breakSegments(plan)
        breaks += try append(plan)
        breaks += try placeSpecials(plan)
        return breaks
    }

    private mutating func skipRecording(_ plan: CameraPlan) -> MadeCamera.Break {
        let last = takes.count - 1
        takes[last].sequence += 1
        for index in takes[last].segments.indices { takes[last].segments[index].sequence += plan.segmentsPerRecording }
        return MadeCamera.Break(fault: .sequenceGap, place: "before recording \(takes[last].name)", path: nil)
    }

    /// Faults of one kind go to different recordings, clocks from the last on.
    private mutating func breakTimes(_ plan: CameraPlan) throws(DockError) -> [MadeCamera.Break] {
        var breaks: [MadeCamera.Break] = []
        for kind in [[CameraFault.preRecord, .preRecordMissing], [.overlap, .gap], [.clock1970, .clock2106]] {
            for (index, fault) in kind.filter(plan.faults.contains).enumerated() {
                guard index < takes.count else { throw Scenario.noRoom(for: fault, "recording") }
                let target = kind.contains(.clock1970) ? takes.count - 1 - index : index
                breakTimes(&takes[target], by: fault)
                breaks.append(MadeCamera.Break(fault: fault, place: "recording \(takes[target].name)", path: nil))
            }
        }
        return breaks
    }

    private func breakTimes(_ take: inout Take, by fault: CameraFault) {
        switch fault {
        case .preRecord: take.trigger = take.trigger.adding(seconds: -take.preRecord / 2)
        case .preRecordMissing: take.trigger = take.trigger.adding(seconds: -take.preRecord)
        case .overlap: take.segments[0].duration += min(5, take.segments[0].duration)
        case .gap:
            for index in take.segments.indices.dropFirst() {
                take.segments[index].start = take.segments[index].start.adding(seconds: 5)
            }
        case .clock1970: take.move(to: Instant(seconds: 42))
        case .clock2106: take.move(to: Instant(seconds: Int64(UInt32.max)))
        default: break
        }
    }

    /// Names follow times and numbers.
    private mutating func nameAgain(_ plan: CameraPlan) throws(DockError) {
        guard !plan.faults.isDisjoint(with: [.sequenceGap, .gap, .clock1970, .clock2106]) else { return }
        for take in takes.indices {
            for index in takes[take].segments.indices {
                let piece = takes[take].segments[index]
                takes[take].segments[index].path = try Scenario.path(plan, sequence: piece.sequence, start: piece.start)
            }
        }
    }

    /// From the second segment on; the first is the last to be taken, because others refer to it.
    private mutating func breakSegments(_ plan: CameraPlan) throws(DockError) -> [MadeCamera.Break] {
        let count = plan.recordings * plan.segmentsPerRecording
        let kinds: [CameraFault] = [.hash, .truncate, .grow, .missing, .wrongSize, .empty, .nonUTF8, .longName]
        let faults = kinds.filter(plan.faults.contains)
        var breaks: [MadeCamera.Break] = []
        for (index, fault) in faults.enumerated() {
            guard index < count else { throw Scenario.noRoom(for: fault, "segment") }
            let (take, segment) = ((index + 1) % count).quotientAndRemainder(dividingBy: plan.segmentsPerRecording)
            try breakSegment(&takes[take].segments[segment], by: fault, plan)
            let path = takes[take].segments[segment].path
            breaks.append(MadeCamera.Break(fault: fault, place: path.description, path: path))
        }
        return breaks
    }

    private func breakSegment(_ piece: inout Piece, by fault: CameraFault, _ plan: CameraPlan) throws(DockError) {
        switch fault {
        case .hash: piece.damage = .flippedBit
        case .truncate: piece.damage = .cutInHalf
        case .grow: piece.damage = .grown
        case .missing: piece.damage = .removed
        case .wrongSize: piece.sizeError = 1
        case .empty: piece.content = .nothing
        case .nonUTF8: piece.path = try CameraPath(piece.path.bytes.dropLast(4) + [0xff] + ".MP4".utf8)
        case .longName:
            let longest = CameraPath.longestName - (plan.profile == .sidecar ? SidecarManifest.suffix.utf8.count : 0)
            let fill = repeatElement(UInt8(ascii: "x"), count: longest - piece.path.name.count - 1)
            piece.path = try CameraPath(piece.path.bytes.dropLast(4) + [UInt8(ascii: "_")] + fill + ".MP4".utf8)
        default: break
        }
    }

    /// Further entries of the last recording, so that no time before them changes.
    private mutating func append(_ plan: CameraPlan) throws(DockError) -> [MadeCamera.Break] {
        let first = takes[0].segments[0].path
        var breaks: [MadeCamera.Break] = []
        if plan.faults.contains(.duplicate) {
            add {
                $0.path = first
                $0.content = .firstAgain
            }
            breaks.append(MadeCamera.Break(fault: .duplicate, place: first.description, path: first))
        }
        if plan.faults.contains(.caseClash) {
            let folder = first.bytes.dropLast(first.name.count)
            let twin = try CameraPath(folder + first.name.map { (65...90).contains($0) ? $0 + 32 : $0 })
            add { $0.path = twin }
            breaks.append(MadeCamera.Break(fault: .caseClash, place: twin.description, path: twin))
        }
        for (fault, name) in [(CameraFault.dotdot, "../OUTSIDE.MP4"), (.absolute, "/etc/hostname")]
        where plan.faults.contains(fault) {
            add { $0.content = .phantom(name) }
            breaks.append(MadeCamera.Break(fault: fault, place: name, path: nil))
        }
        if plan.faults.contains(.unlisted) {
            let path = try nextPath(plan)
            add {
                $0.path = path
                $0.sequence += 1
                $0.isListed = false
            }
            breaks.append(MadeCamera.Break(fault: .unlisted, place: path.description, path: path))
        }
        return breaks
    }

    private mutating func add(_ change: (inout Piece) -> Void) {
        var piece = following
        change(&piece)
        takes[takes.count - 1].segments.append(piece)
    }

    /// What would come after the last segment, its file name still to be given. Numbers of the manifest run on past a
    /// segment that is not listed.
    var following: Piece {
        let take = takes[takes.count - 1]
        let last = take.segments[take.segments.count - 1]
        return Piece(
            ordinal: last.ordinal + 1, number: last.isListed ? last.number + 1 : last.number, sequence: last.sequence,
            path: last.path, start: last.isListed ? last.end : last.start, duration: last.duration)
    }

    private func nextPath(_ plan: CameraPlan) throws(DockError) -> CameraPath {
        try Scenario.path(plan, sequence: following.sequence + 1, start: following.start)
    }

    private mutating func placeSpecials(_ plan: CameraPlan) throws(DockError) -> [MadeCamera.Break] {
        var breaks: [MadeCamera.Break] = []
        for (fault, kind) in [(CameraFault.symlink, Special.link(to: "/etc/hostname")), (.fifo, .pipe)]
        where plan.faults.contains(fault) {
            let path = try Scenario.path(
                plan, sequence: following.sequence + 1 + specials.count, start: following.start)
            specials.append((path, kind))
            breaks.append(MadeCamera.Break(fault: fault, place: path.description, path: path))
        }
        return breaks
    }

    private static func noRoom(for fault: CameraFault, _ place: String) -> DockError {
        DockError(
            .configuration, "cannot make such a camera", at: "break \(fault.rawValue)",
            because: "each fault of this kind needs a \(place) of its own", next: "ask for more recordings or segments")
    }
}

extension Scenario.Take {
    fileprivate mutating func move(to start: Instant) {
        let shift = start.seconds(since: segments[0].start)
        trigger = trigger.adding(seconds: shift)
        for index in segments.indices { segments[index].start = segments[index].start.adding(seconds: shift) }
    }
}
