import CLinux
import Glibc
import Synchronization

/// Owns a child process and the ends of its output; kills it (and its process group) if it still runs when this value goes.
struct RunningChild: ~Copyable {
    /// How a child ended.
    enum Ending {
        case exited(status: Int32, output: Captured, errors: Captured)
        case signalled(Int32)
        /// It was killed; `isGone` is false if it does not even react to that (it waits in the kernel for a device).
        case outOfTime(isGone: Bool)
    }

    private let process: pid_t
    /// Readable when the process has ended (pidfd_open(2)).
    private let end: Descriptor
    private let output: Descriptor
    private let errors: Descriptor
    private var isReaped = false

    /// Processes that could not be ended when their time was over, to be collected later.
    private static let abandoned = Mutex<[pid_t]>([])

    /// Starts `path`. Fails with what posix_spawn(3) says, or with `EINVAL` if an argument contains a NUL.
    init(_ path: String, _ arguments: [String]) throws(Errno) {
        RunningChild.collectAbandoned()
        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        let process = try RunningChild.spawn(path, arguments, output: outputPipe.write, errors: errorPipe.write)
        do {
            end = Descriptor(owning: try retrying { bodydock_pidfd_open(process) })
        } catch {
            _ = kill(-process, SIGKILL)
            _ = waitpid(process, nil, 0)
            throw error
        }
        self.process = process
        // The writing ends close here, so that the end of the output can be seen.
        output = outputPipe.intoRead()
        errors = errorPipe.intoRead()
    }

    deinit {
        guard !isReaped else { return }
        _ = kill(-process, SIGKILL)
        RunningChild.abandoned.withLock { $0.append(process) }
    }

    /// Reads what it writes and waits until it has ended or `seconds` are over; then kills what is left of its group.
    mutating func wait(seconds: Double, keeping limit: Int) throws(Errno) -> Ending {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var captured = (output: Captured(limit: limit), errors: Captured(limit: limit))
        while true {
            let ready = try pollAll(
                captured.output.isOpen, captured.errors.isOpen, for: ContinuousClock.now.duration(to: deadline))
            if ready.output { try captured.output.take(from: output) }
            if ready.errors { try captured.errors.take(from: errors) }
            // What was written before the end is read first. A grandchild that keeps writing is not waited for.
            if ready.end, !(ready.output || ready.errors) || ContinuousClock.now >= deadline { break }
            if !ready.end, ContinuousClock.now >= deadline { return .outOfTime(isGone: try end(within: 2)) }
        }
        let status = try reap()
        return status & 0x7f == 0
            ? .exited(status: status >> 8 & 0xff, output: captured.output, errors: captured.errors)
            : .signalled(status & 0x7f)
    }

    /// Kills the group and waits for the child's end; false if that does not come.
    private mutating func end(within seconds: Int) throws(Errno) -> Bool {
        _ = kill(-process, SIGKILL)
        guard try pollAll(false, false, for: .seconds(seconds)).end else { return false }
        _ = try reap()
        return true
    }

    private mutating func reap() throws(Errno) -> Int32 {
        // While it is a zombie its number, and so that of its group, cannot be anybody else's.
        _ = kill(-process, SIGKILL)
        var status: Int32 = 0
        let process = process
        isReaped = true
        try retrying { waitpid(process, &status, 0) }
        return status
    }

    private func pollAll(
        _ wantsOutput: Bool, _ wantsErrors: Bool, for time: Duration
    ) throws(Errno) -> (output: Bool, errors: Bool, end: Bool) {
        var polls = [
            pollfd(fd: wantsOutput ? output.number : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wantsErrors ? errors.number : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: end.number, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000 + 1
        try retrying { poll(&polls, 3, Int32(clamping: max(0, milliseconds))) }
        return (polls[0].revents != 0, polls[1].revents != 0, polls[2].revents != 0)
    }

    private static func collectAbandoned() {
        abandoned.withLock { $0.removeAll { waitpid($0, nil, WNOHANG) != 0 } }
    }
}

/// The start of what a stream carries, up to a limit.
struct Captured {
    private(set) var bytes: [UInt8] = []
    private(set) var isCut = false
    private(set) var isOpen = true
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Its text; what is not UTF-8 is repaired.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads once from a stream that has something, or has ended.
    fileprivate mutating func take(from stream: borrowing Descriptor) throws(Errno) {
        var piece = [UInt8](repeating: 0, count: 16_384)
        let number = stream.number
        let count = try retrying { read(number, &piece, piece.count) }
        isOpen = count > 0
        isCut = isCut || bytes.count + count > limit
        bytes += piece.prefix(min(count, limit - bytes.count))
    }
}
