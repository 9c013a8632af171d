import CLinux
import DockCore
import Glibc

/// The dock's own clock. Rooms are given an ``Instant`` or this function; nothing below reads the time by itself.
public enum WallClock {
    /// The moment, from `CLOCK_REALTIME`.
    public static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The largest error of the dock's clock in seconds, as the kernel reckons it from what disciplines the clock (adjtimex(2));
    /// nil if nothing does.
    public static func largestError() -> Double? {
        let error = bodydock_clock_error()
        return error < 0 ? nil : Double(error) / 1e6
    }
}
