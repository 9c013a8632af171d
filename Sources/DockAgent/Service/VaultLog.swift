import DockCore
import Logging

/// What the journal says of the vaults. Field: `BODYDOCK_VAULT`.
enum VaultLog {
    /// A vault does not work, and people must know.
    static func raise(_ alarm: VaultAlarm, to log: Logger) {
        log.error(
            "vault \(alarm.vault) \(words(alarm.cause)): \(alarm.what): \(alarm.place): \(alarm.why); what to do: \(alarm.next)",
            metadata: ["vault": "\(alarm.vault)"])
    }

    /// That is over.
    static func clear(_ alarm: VaultAlarm, to log: Logger) {
        log.notice(
            "vault \(alarm.vault): it is over that it \(words(alarm.cause))", metadata: ["vault": "\(alarm.vault)"])
    }

    private static func words(_ cause: VaultAlarm.Cause) -> String {
        switch cause {
        case .away: "cannot be reached"
        case .full: "is full"
        case .stopped: "refuses, and is not tried again by itself"
        }
    }
}
