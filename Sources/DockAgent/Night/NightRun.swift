import DockCore
import DockDelivery
import DockLedger

/// One run of the night: steps, none of which waits for another to succeed, and a report. It may be repeated, run beside
/// dockings, and be killed at any point: what a step has done is durable, and what it has not a later run does.
public struct NightRun: Sendable {
    let resources: DockResources
    let folder: NightFolder
    let plan: NightPlan
    private let began: Instant

    /// - Parameters:
    ///   - resources: the dock's.
    ///   - folder: claimed by this run.
    ///   - local: the dock's local time.
    public init(resources: DockResources, folder: NightFolder, local: LocalClock) {
        self.resources = resources
        self.folder = folder
        began = resources.clock()
        plan = NightPlan(at: began, local: local, settings: resources.configuration.nightly)
    }

    /// What the steps found beside their results.
    private struct Findings {
        var faults: [NightFault] = []
        var head: LedgerHead?
        var checkpoint: CheckpointRecord?
    }

    /// Blocks until the night is over.
    /// - Throws: if the report cannot be written; everything else stands in it.
    public func run() throws(DockError) -> NightReport {
        var findings = Findings()
        var steps = [
            measure(.spool) { () throws(DockError) in try NightSpool(resources: resources).run() },
            measure(.check) { () throws(DockError) in try check(&findings) },
            measure(.retention) { () throws(DockError) in try NightRetention(resources: resources).run() },
            measure(.stale) { () throws(DockError) in try clearStale() },
            measure(.ledger) { () throws(DockError) in try verify(&findings) },
            measure(.checkpoint) { () throws(DockError) in try sign(&findings) },
        ]
        if let authority = resources.configuration.timestamp {
            steps.append(measure(.timestamp) { () throws(DockError) in try stamp(findings, by: authority) })
        }
        let report = NightReport(
            night: plan.date, agent: Offload.version, began: began, ended: resources.clock(), steps: steps,
            faults: findings.faults, entries: findings.head?.entries, root: findings.head?.root)
        _ = try resources.ledger.append([.nightEnded(report)], at: report.ended)
        _ = try folder.save(report)
        try NightSpool(resources: resources).tellEnd()
        return report
    }

    private func measure(_ kind: NightStep.Kind, _ body: () throws(DockError) -> NightStep) -> NightStep {
        let start = Uptime.now()
        var step: NightStep
        do throws(DockError) { step = try body() } catch { step = NightStep(kind, .failed, error.description) }
        step.seconds = Uptime.now().seconds(since: start)
        return step
    }

    // MARK: Steps

    private func check(_ findings: inout Findings) throws(DockError) -> NightStep {
        var (checked, unknown) = (0, 0)
        var troubles: [String] = []
        for vault in resources.vaults {
            do throws(DockError) {
                let outcome = try NightCheck(vault: vault, plan: plan, resources: resources).run()
                checked += outcome.checked
                unknown += outcome.unknown
                findings.faults += outcome.faults
                troubles += outcome.faults.prefix(3).map { "\($0.vault): \($0.key): \($0.reason)" }
                if outcome.faults.count > 3 { troubles.append("\(vault.name): \(outcome.faults.count - 3) more") }
                if let failure = outcome.failure { troubles.append("\(vault.name): not asked to the end: \(failure)") }
            } catch {
                troubles.append("\(vault.name): \(error)")
            }
        }
        guard troubles.isEmpty else {
            return NightStep(.check, .failed, count: checked, troubles.joined(separator: "; "))
        }
        guard checked + unknown > 0 else { return NightStep(.check, .nothing, "no object has its turn") }
        let rest =
            unknown == 0 ? "" : "; \(unknown) were sealed when nobody asked for read-back, and cannot be read back"
        return NightStep(.check, .done, count: checked, "\(checked) objects are what the ledger says" + rest)
    }

    private func clearStale() throws(DockError) -> NightStep {
        let pending = try resources.ledger.pendingSealings(vaults: resources.vaults.map(\.name))
        let keeping = Set(pending.map(\.sealing.sealed.sealed.id))
        var cleared = 0
        var troubles: [String] = []
        for (vault, settings) in zip(resources.vaults, resources.configuration.vaults) {
            switch vault.clearStale(olderThan: settings.staleUploads, keeping: keeping) {
            case .success(let count): cleared += count
            case .failure(let error): troubles.append("\(vault.name): \(error)")
            }
        }
        guard troubles.isEmpty else {
            return NightStep(.stale, .failed, count: cleared, troubles.joined(separator: "; "))
        }
        return cleared == 0
            ? NightStep(.stale, .nothing, "nothing is stale")
            : NightStep(.stale, .done, count: cleared, "\(cleared) unfinished uploads were given up")
    }

    /// The report of the night before lies outside the ledger: what it says must still be so.
    private func verify(_ findings: inout Findings) throws(DockError) -> NightStep {
        var earlier: [LedgerHead] = []
        var troubles: [String] = []
        do throws(DockError) {
            if let head = try folder.lastHead() { earlier = [head] }
            if let checkpoint = try resources.checkpoints.last() { earlier.append(checkpoint.head) }
        } catch {
            troubles.append(error.description)
        }
        let result = try resources.ledger.verify(earlier: earlier)
        if result.isWhole { findings.head = LedgerHead(entries: result.entries, root: result.root) }
        troubles = result.problems.prefix(3).map(\.description) + troubles
        if result.problemCount > 3 { troubles.append("\(result.problemCount - 3) more problems") }
        return troubles.isEmpty
            ? NightStep(.ledger, .done, count: Int(result.entries), "\(result.entries) entries are whole")
            : NightStep(.ledger, .failed, count: Int(result.entries), troubles.joined(separator: "; "))
    }

    /// Only what was just verified is signed for. What no vault takes now waits in the spool.
    private func sign(_ findings: inout Findings) throws(DockError) -> NightStep {
        guard findings.head != nil else {
            return NightStep(.checkpoint, .failed, "none is signed for a ledger that is not whole")
        }
        findings.checkpoint = try CheckpointRecord.make(resources)
        return try deliver(.checkpoint, "signed")
    }

    private func stamp(_ findings: Findings, by authority: TimestampSettings) throws(DockError) -> NightStep {
        guard let checkpoint = findings.checkpoint else {
            return NightStep(.timestamp, .failed, "there is no checkpoint to stamp")
        }
        return try deliver(
            .timestamp, CheckpointStamp(resources: resources, settings: authority).make(for: checkpoint))
    }

    /// Delivers a record that was just made.
    private func deliver(_ step: NightStep.Kind, _ note: String) throws(DockError) -> NightStep {
        let result = try SpoolDrain(resources: resources, stop: StopFlag(), isForRecords: true).run()
        let place = result.left == 0 ? "in every vault" : "it waits in the spool for a vault"
        return NightStep(step, .done, count: result.receipts, "\(note); \(place)")
    }
}
