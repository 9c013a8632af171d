import Foundation
import Testing

@testable import DockCore

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-10-01T08:30:00Z", 1_790_843_400_000),
        ("2026-10-01T10:30:00+02:00", 1_790_843_400_000),
        ("2106-02-07T06:28:15Z", 4_294_967_295_000), ("1969-12-31T23:59:59.500Z", -500),
        ("2024-02-29T12:00:00.25Z", 1_709_208_000_250),
    ]) func readsRFC3339(text: String, milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-10-01", "2026-10-01T25:00:00Z", "2026-10-01T08:30:00",
        "2026-10-01T08:30:00Zx",
    ])
    func refusesWhatIsNoTime(text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test func writesWhatTheCalendarOfFoundationSays() {
        var random = SplitMix(seed: 4)
        let formatter = ISO8601DateFormatter()
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -2_000_000_000...250_000_000_000, using: &random)
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(Instant(seconds: seconds).description == text)
            #expect(Instant(rfc3339: text)?.milliseconds == seconds * 1000)
        }
    }
}
