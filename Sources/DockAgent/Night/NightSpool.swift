import DockCore
import DockLedger

/// Has what waits tried again: by the agent, or where none runs, by this process.
struct NightSpool {
    let resources: DockResources

    func run() throws(DockError) -> NightStep {
        guard let agent = try connect() else { return try drain() }
        switch try agent.ask(.night) {
        case .refused(let why): return NightStep(.spool, .failed, "the agent refuses: \(why)")
        case .done, .status, .overview, .report, .history:
            let waits = try waiting(agent).map { "; \($0) sealed segments lacked a vault when it looked last" } ?? ""
            return NightStep(.spool, .done, "the agent looks again at what waits" + waits)
        }
    }

    /// Tells an agent that runs that there is something new in the ledger. That nobody hears it takes nothing from the night.
    func tellEnd() throws(DockError) {
        do throws(DockError) { _ = try connect()?.ask(.look) } catch  where error.code == .unreachable {}
    }

    /// What the agent says of the spool; nil if that is nothing.
    private func waiting(_ agent: ControlConnection) throws(DockError) -> Int? {
        guard case .status(let status) = try agent.ask(.status), let count = status.spool.undelivered, count > 0 else {
            return nil
        }
        return count
    }

    /// Nil if no agent runs.
    private func connect() throws(DockError) -> ControlConnection? {
        do throws(DockError) {
            return try ControlConnection(resources.configuration.agent.socket)
        } catch  where [.notFound, .unreachable].contains(error.code) {
            return nil
        }
    }

    private func drain() throws(DockError) -> NightStep {
        let result = try SpoolDrain(resources: resources, stop: StopFlag()).run()
        if let error = result.untold {
            return NightStep(.spool, .failed, count: result.receipts, "a custody record cannot be made: \(error)")
        }
        guard result.left == 0 else {
            return NightStep(
                .spool, .failed, count: result.receipts,
                "no agent runs, and \(result.left) sealed segments still lack a vault: "
                    + (AlarmReason.damage(result.damaged).first.map { "\($0.what); \($0.next)" }
                        ?? "see 'bodydock status'"))
        }
        return result.receipts == 0
            ? NightStep(.spool, .nothing, "no agent runs, and the spool is empty")
            : NightStep(.spool, .done, count: result.receipts, "no agent runs; the spool was delivered")
    }
}
