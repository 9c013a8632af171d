import DockCore
import DockSystem
import Glibc
import Synchronization

/// The roster's file. It is read when it is asked for and has changed; as long as it cannot be used, the last one that could stays in force.
public final class RosterFile: Sendable {
    /// What is in force.
    public struct Standing: Sendable, Equatable {
        /// Who wears what.
        public var roster = Roster()
        /// Why the file is not what is in force; empty if it is.
        public var problems: [String] = []

        /// A roster without a file.
        public init(roster: Roster = Roster()) { self.roster = roster }
    }

    private struct State {
        var standing = Standing()
        /// What was read last.
        var identity: FileIdentity?
        var plan: ShiftPlan?
        var cameras: Set<String> = []
    }

    private let path: String
    private let state = Mutex(State())

    /// - Parameter path: of a CSV file (`docs/handover.md`).
    public init(_ path: String) { self.path = path }

    /// What is in force now. Looks at the file, and reads it if it, the shifts or the cameras are not what they were.
    /// - Parameters:
    ///   - plan: the shifts that it may name.
    ///   - cameras: serial numbers that it may name; empty for any.
    public func standing(_ plan: ShiftPlan, cameras: Set<String>) -> Standing {
        state.withLock { state in
            do throws(Errno) {
                // Links are followed: configurations are often linked into place.
                let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
                let identity = try file.status().identity
                if identity == state.identity, plan == state.plan, cameras == state.cameras { return state.standing }
                let (bytes, status) = try DurableFile.read(file, most: Roster.largest)
                (state.identity, state.plan, state.cameras) = (status.identity, plan, cameras)
                switch Roster.parse(bytes, plan: plan, cameras: cameras) {
                case .success(let roster): state.standing = Standing(roster: roster)
                case .failure(let mistakes): state.standing.problems = mistakes.lines
                }
            } catch {
                state.identity = nil
                state.standing.problems = ["it cannot be read: \(error)"]
            }
            return state.standing
        }
    }
}
