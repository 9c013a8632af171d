import DockSystem
import Glibc

/// The signals by which systemd and administrators steer the agent, taken on a thread of their own (sigwait(3)): nothing else in
/// the agent is asynchronous, so nothing needs Swift's thread pool for them.
public enum ServiceSignals {
    /// What a signal asks for.
    public enum Request: Sendable {
        /// SIGTERM, SIGINT: end soon.
        case stop
        /// SIGHUP: read the configuration anew.
        case reload
    }

    private static var taken: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }

    /// Keeps them from this thread, and from all that are started by it from now on: call this before any is.
    public static func hold() {
        var set = taken
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Answers each with `act`, as long as the process lives.
    public static func answer(_ act: @escaping @Sendable (Request) -> Void) {
        _ = Worker("signals") {
            var set = taken
            while true {
                var signal: Int32 = 0
                guard sigwait(&set, &signal) == 0 else { continue }
                act(signal == SIGHUP ? .reload : .stop)
            }
        }
    }
}
