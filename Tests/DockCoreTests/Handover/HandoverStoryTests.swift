import Testing

@testable import DockCore

@Suite struct HandoverStoryTests {
    private static let start = Instant(seconds: 1_790_000_000)

    /// A docking that is told step by step.
    private struct Told {
        var story: HandoverStory
        var minute = 0.0

        init(_ requirement: ReleasePolicy.Requirement = .all, vaults: [String] = ["archive", "cloud"]) {
            story = HandoverStory(requirement, vaults: vaults)
        }

        mutating func hear(_ event: LedgerEvent) {
            story.take(event, at: HandoverStoryTests.start.adding(seconds: minute * 60))
            minute += 1
        }

        mutating func begin(
            segments: Int, manifest: Manifest.Kind = .bodydock, signature: Manifest.Signature = .valid
        ) {
            hear(
                .dockingStarted(
                    DockingStarted(
                        docking: "D1", dock: "d", agent: "1", camera: CameraIdentity(serial: "A", source: .manifest),
                        profile: "own", source: "/m", wearer: "4711", manifest: manifest, manifestDigest: nil,
                        signature: signature, cameraClock: nil, battery: 40, segments: segments,
                        bytes: Int64(segments) * 1000)))
        }

        mutating func list(_ recordings: Recording...) {
            hear(.recordings(RecordingsListed(docking: "D1", camera: "A", recordings)))
        }

        mutating func seal(_ number: Int, of recording: String, _ verification: Verification = .matchedManifest) throws
        {
            let digest = try #require(SHA256Digest(bytes: [UInt8](repeating: UInt8(number), count: 32)))
            let object = ObjectName(
                camera: "A", date: HandoverStoryTests.start, recording: recording, segment: "x".utf8, content: digest)
            hear(
                .sealed(
                    SegmentSealed(
                        docking: "D1", camera: "A", recording: recording, path: try CameraPath("DCIM/\(number).MP4"),
                        role: .listed, verification: verification, modified: 0,
                        sealed: SealedSegment(
                            id: "s\(number)", plaintext: digest, plaintextBytes: 1000, bytes: 1200, parts: nil,
                            object: object))))
        }

        mutating func receive(_ number: Int, _ vault: String) {
            hear(
                .receipt(
                    SegmentReceipt(
                        docking: "D1", camera: "A",
                        receipt: Receipt(
                            vault: vault, sealing: "s\(number)", key: "k", bytes: 1200, checksum: "c",
                            confirmation: .head,
                            confirmed: HandoverStoryTests.start))))
        }

        mutating func find(_ finding: Finding) {
            hear(.finding(FindingNoted(docking: "D1", camera: "A", finding: finding)))
        }

        mutating func end(_ outcome: DockingOutcome) {
            hear(.dockingEnded(DockingEnded(docking: "D1", camera: "A", outcome: outcome)))
        }

        func handover() throws -> Handover { try #require(story.told(camera: nil)) }
    }

    private func recording(_ name: String, _ warning: Recording.SpokenWarning, preRecord: Double? = 30) throws
        -> Recording
    {
        Recording(
            name: name, trigger: Self.start, preRecord: preRecord, warning: warning,
            segments: [ListedSegment(path: try CameraPath("DCIM/\(name).MP4"), start: Self.start, duration: 90)])
    }

    @Test func whatIsSafeAndWhatIsNotYet() throws {
        var told = Told()
        told.begin(segments: 3)
        told.list(try recording("R1", .before), try recording("R2", .none))
        try told.seal(1, of: "R1")
        try told.seal(2, of: "R2")
        for (number, vault) in [(1, "archive"), (1, "cloud"), (2, "archive")] { told.receive(number, vault) }
        let handover = try told.handover()
        #expect(
            handover.safety == .init(files: 3, bytes: 3000, safe: 1, safeBytes: 1000, held: ["archive": 2, "cloud": 1]))
        #expect(!handover.safety.isComplete && handover.outcomeWord == "running" && handover.ended == nil)
        #expect(handover.recordings.map(\.safe) == [1, 0])
        #expect(handover.recordings.map(\.warning) == [.before, .none])
        #expect(handover.recordings.first?.seconds == 90 && handover.recordings.first?.verified == [.matchedManifest])
        #expect(handover.battery == 40 && handover.wearer == "4711" && handover.nothingRecorded == nil)
    }

    @Test(arguments: [
        (ReleasePolicy.Requirement.all, 1), (.any, 2), (.named(["archive"]), 2), (.named(["cloud"]), 1),
        (.named(["gone"]), 0), (.named([]), 0),
    ])
    func thePolicySaysWhatIsEnough(requirement: ReleasePolicy.Requirement, safe: Int) throws {
        var told = Told(requirement)
        told.begin(segments: 2)
        try told.seal(1, of: "R1")
        try told.seal(2, of: "R1")
        for (number, vault) in [(1, "archive"), (1, "cloud"), (2, "archive")] { told.receive(number, vault) }
        #expect(try told.handover().safety.safe == safe)
    }

    @Test func whatWasReadWithAMistakeIsNeverSafe() throws {
        var told = Told(.any)
        told.begin(segments: 2)
        try told.seal(1, of: "R1", .mismatch)
        try told.seal(2, of: "R1", .partial)
        told.receive(1, "archive")
        told.receive(2, "archive")
        told.end(.held(reasons: ["hash"]))
        let handover = try told.handover()
        #expect(handover.safety.safe == 0 && handover.isHeld && handover.reasons == ["hash"])
    }

    @Test(
        arguments: [
            (30, nil, .present), (30, 4, .short), (30, 30, .missing), (0, nil, .unknown), (nil, nil, .unknown),
        ] as [(Double?, Double?, Handover.PreRecord.State)])
    func thePreRecordIsThereOrNot(promised: Double?, missing: Double?, state: Handover.PreRecord.State) throws {
        var told = Told()
        told.begin(segments: 1)
        told.list(try recording("R1", .unknown, preRecord: promised))
        if let missing {
            told.find(Finding(.preRecordShort, recording: "R1", missing: .seconds(missing), holds: true, "short"))
        }
        let first = try #require(try told.handover().recordings.first)
        #expect(first.preRecord.state == state && first.findings == (missing == nil ? 0 : 1))
    }

    /// What must be said when nothing was recorded, and when that must not be said.
    @Test func nothingRecordedIsAttestedOnlyWhereItIsKnown() throws {
        func attestation(
            _ manifest: Manifest.Kind, _ signature: Manifest.Signature, _ outcome: DockingOutcome? = .emptied,
            _ change: (inout Told) throws -> Void = { _ in }
        ) throws -> Handover.Attestation? {
            var told = Told()
            told.begin(segments: 0, manifest: manifest, signature: signature)
            try change(&told)
            if let outcome { told.end(outcome) }
            return try told.handover().nothingRecorded
        }
        #expect(try attestation(.bodydock, .valid) == .signedManifest)
        #expect(try attestation(.bodydock, .unpinned) == .manifest)
        #expect(try attestation(.none, .absent) == .nothingFound)
        #expect(try attestation(.bodydock, .valid, nil) == nil)
        #expect(try attestation(.bodydock, .valid, .interrupted(reasons: [])) == nil)
        #expect(try attestation(.bodydock, .valid, .held(reasons: ["x"])) == nil)
        #expect(try attestation(.bodydock, .valid) { $0.list(try recording("R1", .none)) } == nil)
        #expect(try attestation(.bodydock, .valid) { try $0.seal(1, of: "R1") } == nil)
        #expect(
            try attestation(.bodydock, .valid) { $0.find(Finding(.sequenceGap, holds: true, "a gap")) } == nil)
        // An older ledger has no list: footage says that something was recorded all the same.
        #expect(HandoverStory(.all, vaults: ["a"]).told(camera: nil) == nil)
    }

    @Test func thePaceCountsFromTheBeginningToTheLastReceipt() throws {
        var told = Told(.named(["archive"]))
        told.begin(segments: 1)
        try told.seal(1, of: "R1")
        #expect(told.story.pace == nil)
        told.receive(1, "archive")
        #expect(told.story.pace == .init(bytes: 1000, seconds: 120))
    }
}
