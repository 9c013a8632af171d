import DockCore

/// The night's share of holds and retention: vaults are told of holds that they do not know yet, what is due is destroyed where that
/// is configured, and people learn what must be done soon.
struct NightRetention {
    let resources: DockResources

    func run() throws(DockError) -> NightStep {
        let holds = try HoldKeeper(resources).settle()
        var troubles = holds.troubles.prefix(3).map { "hold: \($0)" }
        var notes: [String] = []
        if holds.placed + holds.lifted > 0 {
            notes.append("\(holds.placed) legal holds were set, \(holds.lifted) lifted")
        }
        var count = 0
        if resources.configuration.retention.apply {
            let outcome = try RetentionRun(resources).apply()
            count = outcome.destroyed
            if count > 0 { notes.append("\(count) objects were destroyed") }
            if outcome.held > 0 {
                notes.append("\(outcome.held) objects are kept by holds although their time is over")
            }
            if outcome.stopped > 0 { troubles.append("\(outcome.stopped) objects stay although their time is over") }
            troubles += outcome.reasons.prefix(3)
        }
        if !resources.configuration.teams.isEmpty {
            let survey = try RetentionFacts(resources).survey()
            if !resources.configuration.retention.apply, survey.overdue > 0 {
                notes.append("\(survey.overdue) recordings were kept for long enough; retention.apply is off")
            }
            if survey.closing > 0 { notes.append("\(survey.closing) recordings can be asked for one more day") }
        }
        guard troubles.isEmpty else {
            return NightStep(.retention, .failed, count: count, (troubles + notes).joined(separator: "; "))
        }
        return notes.isEmpty
            ? NightStep(.retention, .nothing, "nothing is due")
            : NightStep(.retention, .done, count: count, notes.joined(separator: "; "))
    }
}
