import Testing

@testable import DockCore

/// What a custody record says, as it follows from the ledger's entries.
@Suite struct CustodyStoryTests {
    private static func sealed(_ index: Int, docking: String = "d1", role: PlannedSegment.Role = .listed) throws
        -> SegmentSealed
    {
        var sealed = try DockingStory.sealed(index)
        sealed.sha256 = DockingStory.digest(index + 100)
        return SegmentSealed(
            docking: docking, camera: "BWC1", recording: "R\(index / 2)", path: try CameraPath("DCIM/\(index).MP4"),
            role: role, verification: .matchedManifest, modified: 5, sealed: sealed)
    }

    private static func receipt(_ index: Int, _ vault: String = "archive") throws -> LedgerEvent {
        .receipt(
            SegmentReceipt(
                docking: "d1", camera: "BWC1", receipt: DockingStory.receipt(try DockingStory.sealed(index), vault)))
    }

    private static func story(_ events: [LedgerEvent]) throws -> CustodyStory {
        var story = CustodyStory()
        let start = try DockingStory().docking.terms.start
        for (entry, event) in ([.dockingStarted(start)] + events).enumerated() {
            story.add(event, at: Instant(seconds: Int64(entry)), entry: Int64(entry))
        }
        return story
    }

    private static let ended = LedgerEvent.dockingEnded(
        DockingEnded(docking: "d1", camera: "BWC1", outcome: .emptied))
    private static let sums = DockingStory.digest(1)

    @Test func aDockingIsToldWholeAndTheSameEntriesGiveTheSameRecord() throws {
        let events: [LedgerEvent] = [
            .clockMeasured(
                ClockMeasured(
                    docking: "d1", camera: "BWC1", cameraClock: Instant(seconds: 90), dockClock: Instant(seconds: 100))),
            .sealed(try CustodyStoryTests.sealed(0)), .sealed(try CustodyStoryTests.sealed(1)),
            try CustodyStoryTests.receipt(0), try CustodyStoryTests.receipt(1, "second"),
            .finding(FindingNoted(docking: "d1", camera: "BWC1", finding: Finding(.wearerUnknown, "no wearer"))),
            .erasePermitted(ErasePermitted(docking: "d1", camera: "BWC1", files: 2, bytes: 2001, vaults: ["archive"])),
            .erased(ErasureEnded(docking: "d1", camera: "BWC1", erased: 2, left: [])),
            .certificate(DockingStory.certificate), CustodyStoryTests.ended,
        ]
        let story = try CustodyStoryTests.story(events)
        #expect(story.isDue && story.isUntold && story.wanted.isEmpty)
        let record = try #require(story.record(edition: 1, sums: CustodyStoryTests.sums))
        #expect(record == (try CustodyStoryTests.story(events).record(edition: 1, sums: CustodyStoryTests.sums)))
        #expect(record.edition == 1 && record.through == 10)
        #expect(record.outcome == .emptied && record.ended == Instant(seconds: 10))
        #expect(record.clock?.offsetSeconds == -10)
        #expect(record.recordings.map(\.recording) == ["R0"])
        let files = record.recordings[0].files
        #expect(files.map(\.path.description) == ["DCIM/0.MP4", "DCIM/1.MP4"])
        #expect(files[0].sealed.sha256 == DockingStory.digest(100))
        #expect(files.map { $0.receipts.map(\.vault) } == [["archive"], ["second"]])
        #expect(record.erasure?.certificate == DockingStory.certificate && record.erasure?.erased == 2)
        #expect(record.findings.map(\.code) == [.wearerUnknown])
    }

    @Test func hashesAreListedByTheNamesInTheVault() throws {
        var beside = DockingStory.receipt(try DockingStory.sealed(1), "archive")
        let other = try DockingStory.sealed(1).object.besideOther(sealing: "sealing1")
        beside.key = "prefix/\(other)"
        let story = try CustodyStoryTests.story([
            .sealed(try CustodyStoryTests.sealed(1)), .sealed(try CustodyStoryTests.sealed(0)),
            .receipt(SegmentReceipt(docking: "d1", camera: "BWC1", receipt: beside)),
        ])
        #expect(
            story.sums == """
                \(DockingStory.digest(100))  \(try DockingStory.sealed(0).object)
                \(DockingStory.digest(101))  \(other)

                """)
    }

    @Test func aRecordIsDueAfterEachEndAndWhenAVaultCameLater() throws {
        let running = [LedgerEvent.sealed(try CustodyStoryTests.sealed(0))]
        #expect(try !CustodyStoryTests.story(running).isDue, "it is not over")
        let paused = LedgerEvent.dockingPaused(
            DockingPaused(docking: "d1", camera: "BWC1", outcome: .incomplete(reasons: ["away"])))
        #expect(try !CustodyStoryTests.story(running + [paused]).isDue, "it goes on by itself")
        let incomplete = LedgerEvent.dockingEnded(
            DockingEnded(docking: "d1", camera: "BWC1", outcome: .incomplete(reasons: ["away"])))
        #expect(try CustodyStoryTests.story(running + [incomplete]).isDue)
        let told = LedgerEvent.custody(
            CustodyRecorded(
                docking: "d1", camera: "BWC1", edition: 1, through: 2, sha256: CustodyStoryTests.sums, signature: "s"))
        // The records themselves are sealed and delivered too: that is nothing new.
        let own: [LedgerEvent] = [.sealed(try CustodyStoryTests.sealed(5, role: .record)), told]
        let made = running + [incomplete] + own
        #expect(try !CustodyStoryTests.story(made).isDue)
        #expect(try !CustodyStoryTests.story(made + [try CustodyStoryTests.receipt(5)]).isDue)
        let later = try CustodyStoryTests.story(made + [try CustodyStoryTests.receipt(0)])
        #expect(later.isDue && !later.isUntold && later.isHeld(by: ["archive"]) && !later.isHeld(by: ["archive", "b"]))
        let resumed = LedgerEvent.dockingResumed(DockingStory.resumed)
        #expect(try !CustodyStoryTests.story(made + [resumed]).isDue)
        #expect(later.nextEdition == 2)
        #expect(later.record(edition: 1, sums: CustodyStoryTests.sums)?.recordings.flatMap(\.files).count == 1)
    }

    @Test func whatAnEarlierDockingSealedIsToldWithItsReceipts() throws {
        var story = try CustodyStoryTests.story([
            .verified(
                SegmentVerified(
                    docking: "d1", camera: "BWC1", recording: "R0", path: try CameraPath("DCIM/0.MP4"),
                    verification: .matchedManifest, sha256: DockingStory.digest(0), sealing: "sealing0")),
            try CustodyStoryTests.receipt(0, "second"), CustodyStoryTests.ended,
        ])
        #expect(story.wanted == ["sealing0"])
        let earlier = ["archive", "second"].map {
            DockingStory.receipt(DockingStory.anySealed, $0, confirmed: Instant(seconds: 0))
        }
        story.add(earlier: try CustodyStoryTests.sealed(0, docking: "d0"), receipts: earlier)
        let file = try #require(story.record(edition: 1, sums: CustodyStoryTests.sums)?.recordings.first?.files.first)
        #expect(file.sealed.sealedIn == "d0" && story.wanted.isEmpty)
        #expect(file.receipts.map(\.vault) == ["archive", "second"])
        #expect(file.receipts.last?.confirmed == DockingStory.now, "the later receipt counts")
    }
}

extension DockingStory {
    fileprivate static var anySealed: SealedSegment {
        SealedSegment(
            id: "sealing0", plaintext: digest(0), plaintextBytes: 1000, bytes: 1200, parts: nil,
            object: ObjectName(
                camera: "BWC1", date: Instant(seconds: 0), recording: "R", segment: "0.MP4".utf8, content: digest(0)))
    }
}
