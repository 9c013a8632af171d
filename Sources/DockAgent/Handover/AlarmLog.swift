import DockCore
import Logging

/// What the journal says of alarms. Field: `BODYDOCK_ALARM`, and of vaults `BODYDOCK_VAULT`.
enum AlarmLog {
    /// An alarm was raised, taken note of, or is over.
    static func say(_ change: AlarmChange, to log: Logger) {
        let alarm = change.alarm
        var fields: Logger.Metadata = ["alarm": "\(alarm.key.text)"]
        if alarm.key.kind == .vaultDown { fields["vault"] = "\(alarm.key.subject)" }
        switch change.change {
        case .raised: log.error("\(alarm.what); what to do: \(alarm.next)", metadata: fields)
        case .acknowledged: log.notice("\(alarm.by ?? "somebody") knows: \(alarm.what)", metadata: fields)
        case .cleared: log.notice("it is over: \(alarm.what)", metadata: fields)
        }
    }
}
