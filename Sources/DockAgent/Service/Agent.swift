import DockCore
import DockDevices
import DockSystem
import Glibc
import Logging
import Synchronization

/// The agent of a dock: hears what is plugged in, lets ``Bays`` decide, and does what it says. One thread takes in all events
/// in turn; each camera is worked on by threads of its own.
public final class Agent: Sendable {
    let resources: Mutex<DockResources>
    let log: Logger
    let clock: @Sendable () -> Instant
    let mailbox: Mailbox<Message>
    let feed = StatusFeed()
    let began: Instant
    /// Keeps the alarms, and makes the reports of shifts.
    let keeper: HandoverKeeper
    /// Answers what a team leader asks.
    private let duty = DutyDesk()

    /// What the agent's thread is told.
    enum Message: Sendable {
        case bay(BayEvent)
        /// Somebody asks over the control socket.
        case ask(ControlRequest, reply: @Sendable (ControlReply) -> Void)
        /// A new configuration was read.
        case configuration(DockResources)
        /// A record of the dock lies in the spool.
        case recorded
        /// The spool was gone through: so many sealings still lack a vault.
        case drained(SpoolDrain.Outcome)
        /// A vault failed, works again, or people must be told of it.
        case vault(VaultNews)
        /// Alarms and shifts were judged.
        case settled(HandoverKeeper.Outcome)
        /// The outbox was gone through.
        case posted(Outbox.Outcome)
        case stop
    }

    /// - Parameters:
    ///   - resources: what all dockings share.
    ///   - log: where to say what happens.
    public init(resources: DockResources, log: Logger) throws(DockError) {
        self.resources = Mutex(resources)
        self.log = log
        clock = resources.clock
        began = resources.clock()
        mailbox = try Mailbox()
        keeper = try HandoverKeeper(resources, log: log)
        resources.gates?.listen { [mailbox] in mailbox.send(.vault($0)) }
    }

    /// Runs until ``stop()``. Blocks: call it on a thread that may.
    public func run() throws(DockError) {
        let monitor = try UdevMonitor()
        var loop = try AgentLoop(agent: self, monitor: monitor)
        try loop.run()
    }

    /// Begins to end: what is under way finishes its current step.
    public func stop() { mailbox.send(.stop) }

    /// What dockings that begin now share.
    public var current: DockResources { resources.withLock { $0 } }

    /// Takes a configuration that was read anew.
    public func take(_ resources: DockResources) { mailbox.send(.configuration(resources)) }

    /// Puts a request to the agent, and waits for the answer. What a team leader asks is answered on the thread of who asks: it takes
    /// longer, and nothing else waits for it.
    func ask(_ request: ControlRequest) -> ControlReply {
        if let answer = duty.answer(request, of: self) { return answer }
        let answer = BoundedQueue<ControlReply>(capacity: 1)
        mailbox.send(.ask(request) { answer.send($0) })
        return answer.receive() ?? .refused("the agent stops")
    }
}

/// Messages for a thread that waits in poll(2): an eventfd(2) beside a queue.
final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let event: Descriptor
    /// Readable when a message waits.
    var descriptor: Int32 { event.number }

    init() throws(DockError) {
        do throws(Errno) { event = try Descriptor.eventCounter() } catch {
            throw error.error("cannot start the agent", at: "eventfd", next: "look at the limits of the service")
        }
    }

    func send(_ message: Message) {
        messages.withLock { $0.append(message) }
        var one: UInt64 = 1
        _ = write(event.number, &one, 8)
    }

    func takeAll() -> [Message] {
        var count: UInt64 = 0
        _ = read(event.number, &count, 8)
        return messages.withLock { messages in
            let all = messages
            messages = []
            return all
        }
    }
}
