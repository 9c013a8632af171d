/// An error that a person can act on: what failed, where, why, and what to do next.
public struct DockError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for callers that decide by it and for logs that are searched by it.
    public enum Code: String, Sendable, Codable {
        /// The configuration or a profile says something impossible.
        case configuration
        /// A named thing is not there.
        case notFound
        /// The operating system or a server refuses us.
        case refused
        /// A read, write or sync failed.
        case io
        /// The camera is gone, or reads as if it were.
        case disconnected
        /// Bytes are not the bytes that were promised.
        case mismatch
        /// Input does not follow its format.
        case malformed
        /// Input is larger, deeper or longer than we accept.
        case limit
        /// Something else already stands under that name.
        case conflict
        /// A server or mount cannot be reached now.
        case unreachable
        /// A disk or quota is full.
        case noSpace
        /// Authentication of sealed data or of a signature failed.
        case unauthenticated
        /// Our own records contradict themselves.
        case corrupt
        /// A library refused something that must work.
        case library
        /// The agent stops: the step was not taken to its end.
        case stopped
    }

    /// The kind of failure.
    public var code: Code
    /// What was being done, as "cannot …".
    public var what: String
    /// The file, object, key or device it was done to.
    public var place: String
    /// The cause.
    public var why: String
    /// What a person, or the next run, should do.
    public var next: String
    /// Whether the same step may succeed later without anybody changing anything.
    public var isPassing: Bool

    /// Makes an error; every part is shown to a person.
    public init(
        _ code: Code, _ what: String, at place: String, because why: String, next: String, isPassing: Bool = false
    ) {
        self.code = code
        self.what = what
        self.place = place
        self.why = why
        self.next = next
        self.isPassing = isPassing
    }

    /// One line: `what: place: why (next)`.
    public var description: String { "\(what): \(place): \(why) (\(next))" }
}
