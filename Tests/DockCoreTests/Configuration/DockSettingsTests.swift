import DockCore
import Testing

@Suite struct DockSettingsTests {
    @Test func aWindowBeginsWithItsFirstMinuteAndEndsBeforeItsLast() {
        let night = DailyWindow.night
        #expect([59, 60, 299, 300].map(night.contains(minute:)) == [false, true, true, false])
    }

    @Test func aWindowMayGoOverMidnight() {
        let late = DailyWindow(from: 1320, until: 120)
        #expect([1319, 1320, 1439, 0, 119, 120].map(late.contains(minute:)) == [false, true, true, true, true, false])
        let toMidnight = DailyWindow(from: 1320, until: 0)
        #expect([1319, 1320, 1439, 0].map(toMidnight.contains(minute:)) == [false, true, true, false])
    }

    @Test(arguments: [0, 60, 1439]) func aWindowUntilItsOwnBeginningIsTheWholeDay(minute: Int) {
        let day = DailyWindow(from: minute, until: minute)
        #expect((0..<1440).allSatisfy(day.contains(minute:)))
    }

    @Test func onlyCamerasWithAKeyHaveAPinnedKey() {
        let key = [UInt8](repeating: 7, count: 32)
        let configuration = Configuration(
            dock: "d", state: "/s", spool: .init(path: "/s/spool", keepFree: 0), recipients: [], vaults: [],
            release: ReleasePolicy(),
            cameras: [RegisteredCamera(serial: "A", publicKey: key), RegisteredCamera(serial: "B", wearer: "004711")])
        #expect(configuration.pinnedKeys == ["A": key])
    }

    @Test func whatTheAgentShowsLiesInItsRuntimeFolder() {
        let agent = AgentSettings()
        #expect(agent.socket == "/run/bodydock/control.socket" && agent.mounts == "/run/bodydock/bays")
    }
}
