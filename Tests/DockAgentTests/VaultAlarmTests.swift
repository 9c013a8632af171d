import DockCore
import Logging
import Synchronization
import Testing

@testable import DockAgent

/// What people are told of vaults that do not work.
@Suite struct VaultAlarmTests {
    @Test func alarmsNameTheirVaultInAFieldOfTheJournal() throws {
        var health = VaultHealth(vault: "cloud")
        let denied = DockError(.refused, "cannot store", at: "https://s3", because: "403", next: "check the key")
        let now = Instant(seconds: 0)
        guard case .raise(let alarm)? = health.handle(.failed(denied, began: now, jitter: 0), at: now).first else {
            throw denied
        }
        let heard = HeardLog()
        let log = Logger(label: "test") { _ in heard }
        var alarms = Alarms()
        for change in [alarms.raise(.vaultDown, AlarmReason(alarm), at: now), alarms.clear(.init(.vaultDown, "cloud"))]
        {
            AlarmLog.say(try #require(change), to: log)
        }
        #expect(
            heard.lines.withLock { $0 } == [
                "error cloud: vault cloud refuses, and is not tried again by itself: cannot store: https://s3: 403; what to do: check the key",
                "notice cloud: it is over: vault cloud refuses, and is not tried again by itself: cannot store: https://s3: 403",
            ])
    }
}

/// Keeps what is logged, with its field `vault`.
private final class HeardLog: LogHandler {
    let lines = Mutex<[String]>([])
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let vault = event.metadata?["vault"].map { "\($0)" } ?? "-"
        lines.withLock { $0.append("\(event.level) \(vault): \(event.message)") }
    }
}
