import Testing

@testable import DockCore

/// What is destroyed when, and what keeps it.
@Suite struct RetentionRulesTests {
    private typealias Sample = RetentionSample

    private func rules(at now: String, _ holds: Holds = Holds(), grace: Double = 86_400) -> RetentionRules {
        RetentionRules(Sample.configuration(grace: grace), holds: holds, now: sampleTime(now))
    }

    @Test func whatWasTakenInBeforeALongSilenceStays() {
        let object = Sample.object("B1")
        func rules(_ silenceEnd: String) -> RetentionRules {
            RetentionRules(
                Sample.configuration(), holds: Holds(), now: sampleTime("2026-12-01T00:00:00Z"),
                silenceEnd: sampleTime(silenceEnd))
        }
        #expect(rules("2026-10-01T17:00:00Z").verdict(object) == .due, "read right after it")
        guard case .stopped(let why) = rules("2026-10-01T17:00:00.001Z").verdict(object) else {
            Issue.record("the dock's clock was believed")
            return
        }
        #expect(why.contains("--clock-is-right"))
    }

    private static let locked = ObjectLock.State(mode: .governance, until: sampleTime("2026-11-05T00:00:00Z"))

    @Test(
        arguments: [
            (
                "until the last millisecond", Sample.object("B1"), "2026-10-29T08:29:59.999Z",
                "kept 2026-10-29T08:30:00Z"
            ),
            ("then it is due", Sample.object("B1"), "2026-10-29T08:30:00Z", "due"),
            ("another team", Sample.object("B2"), "2026-10-04T08:29:00Z", "kept 2026-10-04T08:30:00Z"),
            ("of no team", Sample.object("B3"), "2036-10-01T00:00:00Z", "unlimited"),
            ("of no camera that is listed", Sample.object("B9"), "2036-10-01T00:00:00Z", "unlimited"),
            ("a record", Sample.object("B1", role: .record), "2036-10-01T00:00:00Z", "unlimited"),
            (
                "not at once, however old it is", Sample.object("B2", recorded: "2026-09-01T08:30:00Z"),
                "2026-10-02T17:04:00Z", "kept 2026-10-02T17:05:00Z"
            ),
            (
                "a clock that lost years",
                Sample.object("B2", recorded: "2025-01-01T00:00:00Z", clock: "2025-01-01T08:00:00Z"),
                "2026-10-04T16:59:00Z", "kept 2026-10-04T17:00:00Z"
            ),
            (
                "a clock that nobody saw", Sample.object("B2", recorded: "2026-09-01T08:30:00Z", clock: nil),
                "2026-10-04T16:59:00Z", "kept 2026-10-04T17:00:00Z"
            ),
            (
                "a lock that lasts longer", Sample.object("B1", lock: locked), "2026-11-01T00:00:00Z",
                "kept 2026-11-05T00:00:00Z"
            ),
            ("a lock that is over", Sample.object("B1", lock: locked), "2026-11-05T00:00:00Z", "due"),
            (
                "not everywhere yet", Sample.object("B1", awaited: ["cloud"]), "2026-11-05T00:00:00Z",
                "stopped it still waits in the spool for cloud"
            ),
        ])
    func verdicts(why: String, object: StoredObject, now: String, verdict: String) {
        let text =
            switch rules(at: now).verdict(object) {
            case .unlimited: "unlimited"
            case .kept(let until): "kept \(until)"
            case .held(let names): "held \(names)"
            case .stopped(let why): "stopped \(why)"
            case .due: "due"
            }
        #expect(text == verdict, "\(why)")
        // Only what is due has a permit.
        let permit = rules(at: now).permit(object, .there(nil))
        switch permit {
        case .success: #expect(verdict == "due", "\(why)")
        case .failure: #expect(verdict != "due", "\(why)")
        }
    }

    @Test func aHoldAlwaysWins() {
        let late = "2036-10-01T00:00:00Z"
        let holds = Sample.holds(Sample.hold("H1"), Sample.hold("H2"), Sample.end("H1"))
        #expect(rules(at: late, holds).verdict(Sample.object("B1")) == .held(["H2"]))
        #expect(
            rules(at: late, holds).permit(Sample.object("B1"), .there(nil))
                == .failure(RetentionObjection("it is held: H2")))
        #expect(rules(at: late, holds).verdict(Sample.object("B2")) == .due, "another camera's recording of that name")
        #expect(
            rules(at: late, Sample.holds(Sample.hold(), Sample.end())).verdict(Sample.object("B1")) == .due)
    }

    @Test func theManifestOfAHeldRecordingIsKeptWithIt() {
        var holds = Sample.holds(Sample.hold())
        holds.note(docking: "D1", camera: "B1", recording: "R1")
        func keeps(_ role: PlannedSegment.Role, _ docking: String, _ camera: String = "B1") -> Bool {
            !holds.active(over: Sample.sealed(camera, nil, role, recording: "manifest", docking: docking)).isEmpty
        }
        #expect(keeps(.manifest, "D1"))
        #expect(!keeps(.manifest, "D2") && !keeps(.manifest, "D1", "B2") && !keeps(.listed, "D1"))
    }

    @Test(
        arguments: [
            (ObjectStanding.gone, "it is not there, and nobody here removed it"),
            (
                .there(ObjectLock.State(legalHold: true)),
                "a legal hold is on it, by the vault's policy or by somebody else's will"
            ),
            (.there(locked), "its vault keeps it locked until 2026-11-05T00:00:00Z"),
        ])
    func whatItsVaultSaysSpeaksAgainstIt(standing: ObjectStanding, why: String) {
        let permit = rules(at: "2026-11-01T00:00:00Z").permit(Sample.object("B1"), standing)
        #expect(permit == .failure(RetentionObjection(why)))
    }

    @Test func aPermitSaysWhatAndWhy() throws {
        let permit = try rules(at: "2026-11-05T00:00:00Z").permit(Sample.object("B1"), .there(Self.locked)).get()
        let entry = permit.entry
        #expect(entry.vault == "archive" && entry.key == "k" && entry.version == "v" && entry.sealing == "s")
        #expect(entry.team == "handhaving" && entry.regime == .wpg && entry.recording == "R1")
        #expect(
            entry.begin == sampleTime("2026-10-01T08:30:00Z") && entry.deadline == sampleTime("2026-10-29T08:30:00Z"))
        #expect(permit.object == Sample.object("B1"))
    }

    @Test(
        arguments: [
            ("2026-10-01T18:00:00Z", 28, "2026-10-22T08:30:00Z", 21),
            ("2026-10-21T08:30:00Z", 8, "2026-10-22T08:30:00Z", 1),
            ("2026-10-22T08:30:00Z", 7, "2026-10-25T08:30:00Z", 3),
            ("2026-10-25T08:30:00Z", 4, nil, nil), ("2026-10-29T08:30:00Z", 0, nil, nil),
            ("2026-10-31T08:30:00Z", -2, nil, nil),
        ] as [(String, Int, String?, Int?)])
    func daysAndWindowsAreCountedDown(now: String, days: Int, requests: String?, requestDays: Int?) throws {
        var survey = RetentionSurvey(Sample.configuration(), holds: Holds(), now: sampleTime(now))
        survey.add(Sample.object("B1"))
        survey.add(Sample.object("B1"))
        survey.add(Sample.object("B1", role: .record))
        let recording = try #require(survey.recordings.first)
        #expect(survey.recordings.count == 1 && recording.objects == 2 && recording.bytes == 2)
        #expect(recording.daysLeft == days && recording.requestDaysLeft == requestDays)
        #expect(recording.requestsUntil == requests.map(sampleTime))
        #expect(survey.overdue == (days <= 0 ? 1 : 0) && survey.closing == (requestDays == 1 ? 1 : 0))
    }

    @Test func theListBeginsWithWhatGoesFirst() {
        var survey = RetentionSurvey(
            Sample.configuration(), holds: Sample.holds(Sample.hold(camera: "B3")), now: Sample.read)
        for camera in ["B3", "B1", "B2"] { survey.add(Sample.object(camera)) }
        #expect(survey.recordings.map(\.camera) == ["B2", "B1", "B3"])
        #expect(survey.recordings.map(\.holds) == [[], [], ["H1"]])
        #expect(survey.recordings[2].deadline == nil && survey.recordings[2].requestsUntil != nil)
        #expect(survey.recordings[0].requestsUntil == nil, "its time is over before the window closes")
    }
}
