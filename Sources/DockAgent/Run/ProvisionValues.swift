import DockCore
import Glibc

/// What the fields of provisioned files stand for.
struct ProvisionValues: Sendable {
    private let camera: String
    private let wearer: String
    private let dock: String
    private let clock: @Sendable () -> Instant

    /// - Parameters:
    ///   - camera: its serial number.
    ///   - wearer: badge of the one who wore it last; a registered one counts first.
    init(_ resources: DockResources, camera: String, wearer: String?) {
        let registered = resources.configuration.cameras.first { $0.serial.lowercased() == camera.lowercased() }
        self.camera = camera
        self.wearer = registered?.wearer ?? wearer ?? ""
        dock = resources.configuration.dock
        clock = resources.clock
    }

    /// The value of a field, now.
    @Sendable func value(_ field: ProvisionText.Field) -> String {
        let now = clock()
        switch field {
        case .camera: return camera
        case .wearer: return wearer
        case .dock: return dock
        case .utc: return Instant(seconds: now.milliseconds / 1000).description
        case .unix: return String(now.milliseconds / 1000)
        case .date: return LocalTime(now).date
        case .time: return LocalTime(now).time
        }
    }
}

/// A moment by the dock's local time (localtime_r(3)).
struct LocalTime {
    private let parts: tm

    init(_ moment: Instant) {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        self.parts = parts
    }

    /// Minutes after midnight.
    var minute: Int { Int(parts.tm_hour) * 60 + Int(parts.tm_min) }
    /// `2026-10-01`.
    var date: String { "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))" }
    /// `08:30:00`.
    var time: String { "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))" }

    private func pad(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
