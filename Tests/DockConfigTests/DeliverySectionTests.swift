import DockCore
import Testing

@testable import DockConfig

/// Limits on sending, and the time that receipts must grow old.
@Suite struct DeliverySectionTests {
    private static let lines = Fixture.minimal.split(separator: "\n").count

    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    @Test func limitsAreReadAsTheyAreWritten() throws {
        let configuration = try Self.read(
            """
            delivery:
              limits:
                - {days: mon-fri, from: '07:00', to: '19:00', rate: 10 Mbit/s}
                - {days: [sat, sun], rate: 1.5Gbit/s}
                - {days: [mon-wed, fri], from: '22:00', to: '00:00', rate: 64 kbit/s}
            """
        ).get()
        let week = Set(Weekday.allCases).subtracting([.saturday, .sunday])
        #expect(
            configuration.delivery.limits.windows == [
                .init(days: week, time: DailyWindow(from: 420, until: 1140), bitsPerSecond: 10_000_000),
                .init(days: [.saturday, .sunday], time: DailyWindow(from: 0, until: 0), bitsPerSecond: 1_500_000_000),
                .init(
                    days: [.monday, .tuesday, .wednesday, .friday], time: DailyWindow(from: 1320, until: 0),
                    bitsPerSecond: 64_000),
            ])
        #expect(configuration.rates.total == configuration.delivery.limits)
    }

    @Test func aBucketHasLimitsOfItsOwn() throws {
        let vaults = """

              - {name: cloud, type: s3, endpoint: https://x, bucket: abc, credentials: /c, limits: [{rate: 5 Mbit/s}]}
            """
        let configuration = try Fixture.read((Fixture.minimal + vaults).utf8).get()
        let limits = try #require(configuration.vaults.last?.limits.windows)
        #expect(
            limits == [
                .init(days: Set(Weekday.allCases), time: DailyWindow(from: 0, until: 0), bitsPerSecond: 5_000_000)
            ])
        #expect(configuration.rates.vaults["cloud"]?.windows == limits && configuration.rates.total == RateSchedule())
        #expect(configuration.vaults.first?.limits == RateSchedule())
    }

    @Test func aFolderHasNoLimits() {
        let lines = Fixture.read((Fixture.minimal + "\n    limits: [{rate: 5 Mbit/s}]").utf8).lines
        #expect(lines.count == 1 && lines[0].contains("unknown key 'limits' in 'vaults'"))
    }

    @Test(
        arguments: [
            ("mon", "mon"), ("mon-fri", "mon tue wed thu fri"), ("sat-mon", "mon sat sun"), ("sun-sun", "sun"),
            ("tue-mon", "mon tue wed thu fri sat sun"), ("Mon", nil), ("monday", nil), ("mon-", nil), ("-fri", nil),
            ("mon-wed-fri", nil), ("", nil), ("mon - fri", nil), ("mon,tue", nil), ("zat", nil),
        ] as [(String, String?)])
    func daysAreRead(text: String, days: String?) {
        let read = try? Rule<Set<Weekday>>.days.read(text).get()
        #expect(read.map { set in Weekday.allCases.filter(set.contains).map(\.short).joined(separator: " ") } == days)
    }

    @Test(
        arguments: [
            (
                "rate: 10 MB/s",
                "8: 'delivery.limits.rate' is '10 MB/s': bytes are not bits: 1 MB/s is 8 Mbit/s; allowed: a rate"
            ),
            ("rate: 10", "8: 'delivery.limits.rate' is '10'; allowed: a rate in bit/s"),
            ("rate: 0 bit/s", "8: 'delivery.limits.rate' is '0 bit/s'; allowed"),
            ("rate: 63 kbit/s", "8: 'delivery.limits.rate' is '63 kbit/s'; allowed"),
            ("rate: 101 Gbit/s", "8: 'delivery.limits.rate' is '101 Gbit/s'; allowed"),
            ("rate: 10 mbit/s", "8: 'delivery.limits.rate' is '10 mbit/s'; allowed"),
            ("days: mon-fri", "2: 'delivery.limits.rate' is missing; allowed"),
            ("{rate: 1 Mbit/s, until: '19:00'}", "unknown key 'until' in 'delivery.limits'"),
            ("{rate: 1 Mbit/s, days: weekend}", "'delivery.limits.days' is 'weekend'; allowed: mon, tue"),
            ("{rate: 1 Mbit/s, days: []}", "'delivery.limits.days' is an empty list"),
            ("{rate: 1 Mbit/s, to: '24:00'}", "'delivery.limits.to' is '24:00'; allowed: a time of day"),
        ])
    func aSlipIsNamedWithItsPlace(text: String, message: String) {
        let item = text.hasPrefix("{") ? text : "{\(text)}"
        let lines = Self.read("delivery:\n  limits:\n  - \(item)").lines
        #expect(lines.count == 1)
        let parts = message.split(separator: ": ", maxSplits: 1)
        if let column = Int(parts[0]) {
            let place = column == 8 ? "\(Self.lines + 3):12: " : "\(Self.lines + 3):5: "
            #expect(lines.first?.hasPrefix(place + parts[1]) == true, "\(lines)")
        } else {
            #expect(lines.first?.contains(message) == true, "\(lines)")
        }
    }

    @Test func limitsThatOverlapAreRefused() {
        let lines = Self.read(
            """
            delivery:
              limits:
                - {days: mon-fri, from: '07:00', to: '19:00', rate: 10 Mbit/s}
                - {days: sun, from: '20:00', to: '07:00', rate: 1 Mbit/s}
                - {days: sun, from: '22:00', to: '07:01', rate: 1 Mbit/s}
            """
        ).lines
        #expect(lines.count == 1)
        #expect(
            lines.first == "\(Self.lines + 5):7: this limit overlaps with the one in line \(Self.lines + 3); "
                + "allowed: one limit at any time")
    }

    @Test(
        arguments: [("0s", 0), ("2h", 7200), ("30d", 2_592_000), ("31d", nil), ("2", nil), ("-1h", nil)]
            as [(String, Double?)])
    func theCoolingOffTimeIsADuration(text: String, seconds: Double?) {
        let read = Self.read("release: {cool_off: \(text)}")
        switch read {
        case .success(let configuration): #expect(configuration.release.coolOff == seconds)
        case .failure: #expect(seconds == nil && read.lines.count == 1 && read.lines[0].contains("'release.cool_off'"))
        }
    }
}
