import DockCore
import DockTestSupport
import Foundation
import Testing

/// What the agent says to systemd and its journal, as they hear it.
@Suite struct ServiceMessageTests {
    @Test func theServiceManagerHearsOfTheStartTheWatchdogAndTheEnd() throws {
        let folder = try TemporaryFolder()
        let result = try Tool.run(CardDock.runner, ["notify", folder.at("notify")])
        #expect(
            result.text.split(separator: "\n") == [
                "READY=1|STATUS=waiting for cameras", "WATCHDOG=1", "STOPPING=1", "next in 10 s",
                "without a socket: nothing",
            ], "\(result.text)\(result.errors)")
    }

    @Test func anAbstractSocketIsAddressedToo() throws {
        let name = "@bodydock-test-\(ProcessInfo.processInfo.processIdentifier)"
        #expect(try Tool.run(CardDock.runner, ["notify", name]).text.hasPrefix("READY=1|"))
    }

    @Test func theJournalGetsPrioritiesAndFieldsAndNoControlCharacters() throws {
        let result = try Tool.run(CardDock.runner, ["journal"])
        let messages = result.text.split(separator: "\n").map { line in
            Dictionary(
                line.split(separator: "|").map { field in
                    (String(field.prefix { $0 != "=" }), String(field.drop { $0 != "=" }.dropFirst()))
                }
            ) { "\($0) twice \($1)" }
        }
        try #require(messages.count == 7, "trace and debug are not written: \(result.text)\(result.errors)")
        #expect(messages.prefix(5).map { $0["PRIORITY"] } == ["6", "5", "4", "3", "2"])
        #expect(messages.allSatisfy { $0["SYSLOG_IDENTIFIER"] == "bodydock" })
        let hostile = messages[5]
        // Nothing that a camera says makes a field of its own.
        #expect(hostile["PRIORITY"] == "3" && hostile.count == 7, "\(hostile)")
        #expect(hostile["MESSAGE"] == "bay 1\u{fffd}PRIORITY=0\u{fffd}[2J\u{fffd}")
        #expect(hostile["BODYDOCK_CAMERA"] == "BWC\u{fffd}0042" && hostile["BODYDOCK_DOCKING"] == "d1")
        #expect(hostile["BODYDOCK_BAY"] == "1" && hostile["BODYDOCK_STATE"] == "held")
        #expect(messages[6]["MESSAGE"]?.count == 4000, "a long message is cut")
    }
}
