import DockCore
import Glibc

extension LocalClock {
    /// The local time that this machine is set to (localtime_r(3)).
    public static let system = LocalClock { moment in
        // Of a moment before 1970 the second may be one too late; no offset changes there.
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return parts.tm_gmtoff
    }
}
