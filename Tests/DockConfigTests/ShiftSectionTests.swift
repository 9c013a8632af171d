import DockCore
import Testing

@testable import DockConfig

/// Shifts, roster and handover.
@Suite struct ShiftSectionTests {
    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    @Test func theyMayBeLeftOut() throws {
        let configuration = try Self.read("").get()
        #expect(configuration.shifts == ShiftPlan())
        #expect(configuration.roster == nil)
        #expect(configuration.handover == HandoverSettings(grace: 1800, language: .en, toVaults: true))
    }

    @Test func aShiftComesAgainOnOtherDays() throws {
        let text = """
            teams: [{name: street, regime: avg}]
            shifts:
              - {name: early, days: mon-fri, from: '07:00', to: '15:30', teams: [street]}
              - {name: early, days: [sat, sun], from: '08:00', to: '16:00'}
              - {name: night, from: '22:00', to: '06:00'}
            roster: /etc/bodydock/roster.csv
            handover: {grace: 45min, language: nl, vaults: false, webhook: {url: 'https://hooks.example.org:8443/in?x=1', secret: hook}}
            """
        let configuration = try Self.read(text).get()
        #expect(configuration.shifts.rules.map(\.days.count) == [5, 2, 7])
        #expect(configuration.shifts.rules[0].teams == ["street"])
        #expect(configuration.shifts.rules[2].time == DailyWindow(from: 1320, until: 360))
        #expect(configuration.roster == "/etc/bodydock/roster.csv")
        let webhook = WebhookSettings(url: "https://hooks.example.org:8443/in?x=1", secret: "hook")
        #expect(
            configuration.handover
                == HandoverSettings(grace: 2700, language: .nl, toVaults: false, webhook: webhook))
    }

    @Test(
        arguments: [
            (
                "shifts: [{name: early, from: '07:00', to: '15:30'}, {name: early, days: sun, from: '08:00', to: '09:00'}]",
                "begins on the same day"
            ),
            ("shifts: [{name: early, from: '07:00'}]", "'shifts.to' is missing"),
            ("shifts: [{name: early, from: '25:00', to: '15:30'}]", "'shifts.from' is '25:00'"),
            ("shifts: [{name: early, from: '07:00', to: '15:30', teams: [street]}]", "which is no team"),
            ("roster: roster.csv", "'roster'"), ("handover: {grace: 13h}", "0s to 12h"),
            ("handover: {language: de}", "en, nl"),
            ("handover: {webhook: {url: 'https://a.org/'}}", "secret' is missing"),
            ("handover: {webhook: {url: 'http://a.org/', secret: /s}}", "'handover.webhook.url'"),
            ("handover: {webhook: {url: 'https://a.org/ b', secret: /s}}", "'handover.webhook.url'"),
            ("handover: {webhook: {url: 'https://u:p@a.org/b', secret: /s}}", "'handover.webhook.url'"),
        ])
    func mistakesAreNamed(text: String, why: String) {
        let lines = Self.read(text).lines
        #expect(lines.count == 1 && lines[0].contains(why), "\(lines)")
    }
}
