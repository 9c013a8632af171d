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
        var spoiled = false

        mutating func note(_ event: DockingEvent, segments: Int) {
            switch event {
            case .sealed(let index, let evidence, let sealed): took(index, evidence, sealed, [])
            case .covered(let index, let evidence, let sealed, let receipts): took(index, evidence, sealed, receipts)
            case .receipt(let index, let receipt):
                if let sealed = sealings[index], receipt.sealing == sealed.id, receipt.bytes == sealed.bytes,
                    receipt.key == sealed.object.text
                {
                    holders[index, default: []].insert(receipt.vault)
                }
            case .failed, .cameraLost: break
            case .found(let finding): if finding.holds { spoiled = true }
            case .relisted(let differences): if differences.contains(where: \.holds) { spoiled = true }
            case .inspected(_, let findings): if findings.contains(where: \.holds) { spoiled = true }
            case .undelivered, .erased, .eraseFailed, .stopped: break
            }
        }

        private mutating func took(
            _ index: Int, _ evidence: SegmentEvidence, _ sealed: SealedSegment, _ receipts: [Receipt]
        ) {
            guard sealings[index] == nil, evidence.sha256 == sealed.plaintext else { return }
            sealings[index] = sealed
            contents[index] = evidence.sha256
            if evidence.verification == .mismatch || evidence.verification == .partial { spoiled = true }
            for receipt in receipts where receipt.sealing == sealed.id && receipt.bytes == sealed.bytes {
                holders[index, default: []].insert(receipt.vault)
            }
        }

        func allows(_ permit: ErasePermit, plan: [PlannedSegment], vaults: [String], require: ReleasePolicy.Requirement)
            -> Bool
        {
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
        #expect(permits > 0, "a test in which nothing is ever permitted proves nothing")
    }

    /// One docking: mostly sensible events, shuffled, repeated, some of them lies. Answers how many permits came out.
    private func run(_ random: inout SplitMix) throws -> Int {
        let segments = Int.random(in: 1...4, using: &random)
        let vaults = Array(["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)))
        let requirements: [ReleasePolicy.Requirement] = [.all, .any, .named([vaults[0]]), .named(Set(vaults))]
        let require = requirements.randomElement(using: &random)!
        var story = try DockingStory(segments: segments, vaults: vaults, require: require)
        var events = try sensible(segments, vaults)
        let lies = Int.random(in: 0...6, using: &random)
        if lies > 3 { for _ in 3..<lies { events.append(try lie(segments, vaults, &random)) } }
        for _ in 0..<Int.random(in: 0...3, using: &random) { events.append(events.randomElement(using: &random)!) }
        if Bool.random(using: &random) { events.shuffle(using: &random) } else { swapSome(&events, &random) }
        events.insert(.inspected(plan: story.plan, findings: []), at: 0)
        if Bool.random(using: &random) { events.remove(at: Int.random(in: 1..<events.count, using: &random)) }
        events += Array(repeating: .relisted(differences: []), count: 2) + [.erased(count: segments, left: [])]

        var account = Account()
        var permits = 0
        for event in events {
            account.note(event, segments: segments)
            story.tell(event)
            for case .erase(let permit) in story.actions {
                permits += 1
                #expect(account.allows(permit, plan: story.plan, vaults: vaults, require: require), "\(events)")
                #expect(story.words.first == "record erase.permitted" || story.words.contains("record erase.permitted"))
            }
        }
        #expect(permits <= 1, "a docking permits one erase at most")
        return permits
    }

    private func sensible(_ segments: Int, _ vaults: [String]) throws -> [DockingEvent] {
        var events: [DockingEvent] = []
        for index in 0..<segments {
            let sealed = try DockingStory.sealed(index)
            let evidence = try DockingStory.evidence(index)
            events.append(
                index % 3 == 2
                    ? .covered(index, evidence, sealed, [DockingStory.receipt(sealed, vaults[0])])
                    : .sealed(index, evidence, sealed))
            for vault in vaults { events.append(.receipt(index, DockingStory.receipt(sealed, vault))) }
        }
        return events
    }

    private func lie(_ segments: Int, _ vaults: [String], _ random: inout SplitMix) throws -> DockingEvent {
        let index = Int.random(in: -1...segments, using: &random)
        let near = max(0, min(segments - 1, index))
        let error = DockError(.io, "x", at: "x", because: "x", next: "x")
        switch Int.random(in: 0...8, using: &random) {
        case 0: return .sealed(near, try DockingStory.evidence(near, content: 99), try DockingStory.sealed(near))
        case 1:
            return .sealed(
                near, try DockingStory.evidence(near, content: 99), try DockingStory.sealed(near, content: 99))
        case 2: return .receipt(near, DockingStory.receipt(try DockingStory.sealed(near, id: "another"), vaults[0]))
        case 3: return .failed(index, error)
        case 4: return .undelivered(near, vault: vaults.randomElement(using: &random)!, error)
        case 5: return .relisted(differences: [])
        case 6: return .erased(count: 1, left: [])
        case 7: return .cameraLost(error)
        default: return .found(Finding(.sequenceGap, holds: Bool.random(using: &random), "made up"))
        }
    }

    private func swapSome(_ events: inout [DockingEvent], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 0...2, using: &random) where events.count > 1 {
            events.swapAt(
                Int.random(in: 0..<events.count, using: &random), Int.random(in: 0..<events.count, using: &random))
        }
    }
}

/// A small generator with a seed, so that a failure can be run again (Steele et al., "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
