import Testing

@testable import DockCore

/// What is claimed of a camera's clock, and of when a recording really was.
@Suite struct ClockCertificateTests {
    private static let begin = Instant(seconds: 1_790_000_000)

    /// A measurement so many days later, with the camera's clock ahead by so many seconds.
    private static func measured(_ day: Double, ahead: Double) -> ClockCertificate.Fact {
        let dock = begin.adding(seconds: day * 86_400)
        return .measured(
            ClockMeasured(
                docking: "d\(Int(day))", camera: "BWC1", cameraClock: dock.adding(seconds: ahead), dockClock: dock))
    }

    private static func question(_ day: Int, secondsBefore: Double, ahead: Double) -> ClockCertificate.Question {
        let dock = begin.adding(seconds: Double(day) * 86_400 - secondsBefore)
        return .init(docking: "d\(day)", recording: "R", recorded: dock.adding(seconds: ahead))
    }

    @Test func driftIsFittedAndOneWildMeasurementDoesNotMoveIt() throws {
        // 40 ppm are 3.456 s a day.
        var facts = (0..<30).map { ClockCertificateTests.measured(Double($0), ahead: 5 + 3.456 * Double($0)) }
        facts[12] = ClockCertificateTests.measured(12, ahead: 5 + 3.456 * 12 - 90)
        let certificate = ClockCertificate(camera: "BWC1", facts: facts)
        #expect(certificate.periods.count == 1)
        let drift = try #require(certificate.periods[0].drift)
        #expect(abs(drift.ppm - 40) < 0.01)
        #expect(drift.boundPPM > 0 && drift.boundPPM < 60, "122 s over 29 days")
        #expect(certificate.periods[0].beginning == .firstSeen)
    }

    @Test func theTruthLiesWithinTheBounds() throws {
        let truth = 7.0
        for delay in [0.0, 60, 119] {
            let certificate = ClockCertificate(
                camera: "BWC1", facts: [ClockCertificateTests.measured(3, ahead: truth - delay)],
                questions: [ClockCertificateTests.question(3, secondsBefore: 8 * 3600, ahead: truth)])
            let answer = try #require(certificate.recordings.first)
            let really = ClockCertificateTests.begin.adding(seconds: 3 * 86_400 - 8 * 3600)
            let (earliest, latest) = (try #require(answer.earliest), try #require(answer.latest))
            #expect(earliest <= really && really <= latest, "a delay of \(delay) s")
            #expect(latest.seconds(since: earliest) < 135, "122 s, and 100 ppm of eight hours to both sides")
            #expect(answer.recorded == really.adding(seconds: truth), "what was recorded stands as it was")
        }
    }

    @Test func aMeasuredDriftIsReckonedBack() throws {
        let facts = (0..<60).map { ClockCertificateTests.measured(Double($0), ahead: -3.456 * Double($0)) }
        let certificate = ClockCertificate(
            camera: "BWC1", facts: facts,
            questions: [
                .init(
                    docking: "d59", recording: "R",
                    recorded: ClockCertificateTests.begin.adding(
                        seconds: 58.5 * 86_400 - 3.456 * 58.5))
            ])
        let answer = try #require(certificate.recordings.first)
        let really = ClockCertificateTests.begin.adding(seconds: 58.5 * 86_400)
        #expect(abs(try #require(answer.corrected).seconds(since: really)) < 0.1)
    }

    @Test func aClockThatWasSetBeginsAnewAndOneThatLostItsTimeIsSeen() throws {
        let set = ClockCertificateTests.begin.adding(seconds: 86_400 + 600)
        let certificate = ClockCertificate(
            camera: "BWC1",
            facts: [
                ClockCertificateTests.measured(0, ahead: 40), ClockCertificateTests.measured(1, ahead: 41),
                .set(docking: "d1", at: set), ClockCertificateTests.measured(2, ahead: 0.5),
                ClockCertificateTests.measured(3, ahead: -800_000_000),
            ],
            questions: [
                // Stayed on the camera over the docking that set its clock.
                ClockCertificateTests.question(2, secondsBefore: 30 * 3600, ahead: 41),
                ClockCertificateTests.question(2, secondsBefore: 3600, ahead: 0.5),
                // Recorded before the clock lost its time.
                ClockCertificateTests.question(3, secondsBefore: 3600, ahead: 0.5),
                .init(docking: "d9", recording: "R", recorded: set),
            ])
        #expect(
            certificate.periods.map(\.beginning) == [
                .firstSeen, .set(docking: "d1", at: set), .jumped(seconds: -800_000_000.5),
            ])
        let answers = certificate.recordings
        let early = ClockCertificateTests.begin.adding(seconds: 2 * 86_400 - 30 * 3600)
        #expect(abs(try #require(answers[0].corrected).seconds(since: early)) < 2)
        let late = ClockCertificateTests.begin.adding(seconds: 2 * 86_400 - 3600)
        #expect(answers[1].corrected == late)
        #expect(answers[2].corrected == nil && answers[2].why?.contains("dated after") == true)
        #expect(answers[3].corrected == nil && answers[3].why?.contains("not measured") == true)
    }

    @Test func withoutMeasurementsNothingIsClaimed() {
        let certificate = ClockCertificate(camera: "BWC1", facts: [])
        #expect(certificate.periods.isEmpty && certificate.recordings.isEmpty)
    }
}
