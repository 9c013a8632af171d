import Testing

@testable import DockCore

/// Drives the docking with arbitrary events in arbitrary order and holds it against an independent account of what it was
/// told: an erase permit never comes out while any segment lacks what the policy asks for.
@Suite struct DockingPropertyTests {
    /// What an honest bookkeeper knows from the same events.
    private struct Account {
        var sealings: [Int: SealedSegment] = [:]
        var contents: [Int: SHA256Digest] = [:]
        var holders: [Int: Set<String>] = [:]
        var dates: [Int: [String: Instant]] = [:]
        var spoiled = false
        let plan: [PlannedSegment]
        let canPause: Bool

        mutating func note(_ event: DockingEvent) {
            switch event {
            case .sealed(let index, let evidence, let sealed): took(index, evidence, sealed, [])
            case .covered(let index, let evidence, let sealed, let receipts): took(index, evidence, sealed, receipts)
            case .receipt(let index, let receipt):
                if let sealed = sealings[index], receipt.sealing == sealed.id, receipt.bytes == sealed.bytes,
                    receipt.key == sealed.object.text
                {
                    date(index, receipt)
                }
            case .failed: break
            case .cameraLost: if canPause { spoiled = true }
            case .stopped: spoiled = true
            case .found(let finding): if finding.holds { spoiled = true }
            case .relisted(let differences, _):
                if differences.contains(where: \.holds) { spoiled = true }
                if canPause, differences.contains(where: { $0.code == .cameraGone }) { spoiled = true }
            case .inspected(_, let findings, _): if findings.contains(where: \.holds) { spoiled = true }
            case .undelivered, .erased, .eraseFailed: break
            }
        }

        private mutating func took(
            _ index: Int, _ evidence: SegmentEvidence, _ sealed: SealedSegment, _ receipts: [Receipt]
        ) {
            guard sealings[index] == nil, evidence.sha256 == sealed.plaintext else { return }
            sealings[index] = sealed
            contents[index] = evidence.sha256
            // Bytes that were not read now must have been compared then with what is promised of the same file now.
            if evidence.readIn != nil {
                let file = plan[index].file.identity
                let isSame = (file.size, file.modified) == (evidence.identity.size, evidence.identity.modified)
                let wasCompared = evidence.verification == .matchedManifest || evidence.verification == .matchedSHA256
                if !isSame || !wasCompared || plan[index].expected != .sha256(evidence.sha256) { spoiled = true }
            }
            if evidence.verification == .mismatch || evidence.verification == .partial { spoiled = true }
            for receipt in receipts where receipt.sealing == sealed.id && receipt.bytes == sealed.bytes {
                date(index, receipt)
            }
        }

        /// The first receipt of a vault counts.
        private mutating func date(_ index: Int, _ receipt: Receipt) {
            if holders[index, default: []].insert(receipt.vault).inserted {
                dates[index, default: [:]][receipt.vault] = receipt.confirmed
            }
        }

        /// Whether each required receipt is at least so many seconds old.
        func isCool(
            _ vaults: [String], _ require: ReleasePolicy.Requirement, _ seconds: Double, at now: Instant
        ) -> Bool {
            plan.indices.allSatisfy { index in
                let dates = (dates[index] ?? [:]).filter { vaults.contains($0.key) }
                let old = dates.filter { now.seconds(since: $0.value) >= seconds }
                switch require {
                case .all: return old.count == vaults.count
                case .any: return !old.isEmpty
                case .named(let names): return names.isSubset(of: Set(old.keys))
                }
            }
        }

        func allows(_ permit: ErasePermit, vaults: [String], require: ReleasePolicy.Requirement) -> Bool {
            guard !spoiled, permit.files.count == plan.count,
                Set(permit.files.map(\.path)) == Set(plan.map(\.file.path))
            else { return false }
            return plan.indices.allSatisfy { index in
                guard sealings[index] != nil,
                    permit.files.contains(where: { $0.path == plan[index].file.path && $0.sha256 == contents[index] })
                else { return false }
                let holding = (holders[index] ?? []).intersection(vaults)
                switch require {
                case .all: return holding == Set(vaults)
                case .any: return !holding.isEmpty
                case .named(let names): return !names.isEmpty && names.isSubset(of: holding)
                }
            }
        }
    }

    @Test(arguments: 0..<40) func noPermitWithoutEveryRequiredReceipt(block: Int) throws {
        var random = SplitMix(seed: UInt64(block) &* 0x9e37_79b9)
        var permits = 0
        for _ in 0..<500 { permits += try run(&random) }
        #expect(permits > 40, "a test in which nothing is ever permitted proves nothing")
    }

    /// One docking: mostly sensible events, shuffled, repeated, some of them lies. Answers how many permits came out.
    private func run(_ random: inout SplitMix) throws -> Int {
        let segments = Int.random(in: 1...4, using: &random)
        let vaults = Array(["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)))
        let requirements: [ReleasePolicy.Requirement] = [.all, .any, .named([vaults[0]]), .named(Set(vaults))]
        let require = requirements.randomElement(using: &random)!
        let canPause = Bool.random(using: &random)
        let coolOff = [0.0, 0, 0, 100].randomElement(using: &random)!
        // Receipts are dated 0 to 200 s; the second look comes after 150 s, or after all of them are old.
        let now = Instant(seconds: [150, 300].randomElement(using: &random)!)
        var story = try DockingStory(
            segments: segments, vaults: vaults, require: require, coolOff: coolOff, canPause: canPause,
            resumed: Bool.random(using: &random), recorded: Bool.random(using: &random) ? [madeUp] : [])
        func oneIn(_ many: Int) -> Bool { Int.random(in: 0..<many, using: &random) == 0 }
        func insert(_ event: DockingEvent, into events: inout [DockingEvent]) {
            events.insert(event, at: Int.random(in: 0...events.count, using: &random))
        }
        var queues = try (0..<segments).map { try sensible($0, vaults, &random) }
        var events: [DockingEvent] = []
        while let index = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &random) {
            events.append(queues[index].removeFirst())
        }
        if oneIn(4) { events.shuffle(using: &random) } else if oneIn(3) { swapSome(&events, &random) }
        if oneIn(3) { for _ in 0..<2 { insert(try lie(segments, vaults, &random), into: &events) } }
        if oneIn(3) { insert(events.randomElement(using: &random)!, into: &events) }
        if oneIn(4) { events.remove(at: Int.random(in: 0..<events.count, using: &random)) }
        events.insert(.inspected(plan: story.plan, findings: []), at: 0)
        if oneIn(16) { insert(.found(madeUp), into: &events) }
        let gone = DockingEvent.relisted(differences: [Finding(.cameraGone, holds: false, "gone")], at: now)
        for _ in 0..<2 { events.append(oneIn(6) ? gone : .relisted(differences: [], at: now)) }
        events.append(.erased(count: segments, left: []))
        if oneIn(6) { insert(.stopped, into: &events) }

        var account = Account(plan: story.plan, canPause: canPause)
        var permits = 0
        var look = now
        for event in events {
            if case .relisted(_, let moment) = event { look = moment }
            account.note(event)
            story.tell(event)
            for case .close(.cooling(let until)) in story.actions {
                #expect(until > look && coolOff > 0 && !account.isCool(vaults, require, coolOff, at: look))
                let before = Instant(milliseconds: until.milliseconds - 1)
                #expect(account.isCool(vaults, require, coolOff, at: until))
                #expect(!account.isCool(vaults, require, coolOff, at: before), "as late as it must be, and no later")
            }
            for case .erase(let permit) in story.actions {
                permits += 1
                #expect(account.allows(permit, vaults: vaults, require: require), "\(events)")
                #expect(coolOff == 0 || account.isCool(vaults, require, coolOff, at: look), "\(events)")
                #expect(story.words.first == "record erase.permitted" || story.words.contains("record erase.permitted"))
            }
        }
        #expect(permits <= 1, "a docking permits one erase at most")
        return permits
    }

    /// A segment is read, and each vault answers for it.
    private func sensible(_ index: Int, _ vaults: [String], _ random: inout SplitMix) throws -> [DockingEvent] {
        let sealed = try DockingStory.sealed(index)
        let evidence = try DockingStory.evidence(index)
        var earlier = evidence
        earlier.readIn = "d0"
        let read: DockingEvent =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .covered(index, evidence, sealed, [DockingStory.receipt(sealed, vaults[0])])
            case 1: .covered(index, earlier, sealed, [])
            default: .sealed(index, evidence, sealed)
            }
        let down = DockError(.unreachable, "x", at: "x", because: "x", next: "x")
        return [read]
            + vaults.map { vault in
                Int.random(in: 0..<8, using: &random) == 0
                    ? .undelivered(index, vault: vault, down)
                    : .receipt(
                        index,
                        DockingStory.receipt(
                            sealed, vault, confirmed: Instant(seconds: .random(in: 0...200, using: &random))))
            }
    }

    private let madeUp = Finding(.sequenceGap, holds: true, "made up")

    private func lie(_ segments: Int, _ vaults: [String], _ random: inout SplitMix) throws -> DockingEvent {
        let index = Int.random(in: -1...segments, using: &random)
        let near = max(0, min(segments - 1, index))
        let error = DockError(.io, "x", at: "x", because: "x", next: "x")
        var earlier = try DockingStory.evidence(near)
        earlier.readIn = "d0"
        switch Int.random(in: 0...10, using: &random) {
        case 0: return .sealed(near, try DockingStory.evidence(near, content: 99), try DockingStory.sealed(near))
        case 1:
            return .sealed(
                near, try DockingStory.evidence(near, content: 99), try DockingStory.sealed(near, content: 99))
        case 2: return .receipt(near, DockingStory.receipt(try DockingStory.sealed(near, id: "another"), vaults[0]))
        case 3: return .failed(index, error)
        case 4: return .undelivered(near, vault: vaults.randomElement(using: &random)!, error)
        case 5: return .relisted(differences: [], at: Instant(seconds: 0))
        case 6: return .erased(count: 1, left: [])
        case 7: return .cameraLost(error)
        case 8:
            if Bool.random(using: &random) { earlier.identity.modified += 1 } else { earlier.verification = .firstRead }
            return .covered(near, earlier, try DockingStory.sealed(near), [])
        case 9: return .eraseFailed(error)
        default: return Bool.random(using: &random) ? .found(madeUp) : .found(Finding(.timeGap, holds: false, "small"))
        }
    }

    private func swapSome(_ events: inout [DockingEvent], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 0...2, using: &random) where events.count > 1 {
            events.swapAt(
                Int.random(in: 0..<events.count, using: &random), Int.random(in: 0..<events.count, using: &random))
        }
    }
}
