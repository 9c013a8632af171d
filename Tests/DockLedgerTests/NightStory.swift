import DockCore

// What nights write down.

extension Story {
    func fault(_ number: Int, vault: String = "archive") throws -> NightFault {
        NightFault(
            vault: vault, key: "k/\(number)", sealing: try sealing(number), code: .notFound,
            reason: "nothing is \"there\"")
    }

    func nightChecked(
        through: Int64, vault: String = "archive", checked: Int = 1, faults: [NightFault] = []
    ) -> LedgerEvent {
        .nightChecked(
            NightChecked(night: "2026-10-25", vault: vault, checked: checked, through: through, faults: faults))
    }

    func nightEnded(
        _ night: String = "2026-10-25", entries: Int64? = nil, root: SHA256Digest? = nil, faults: [NightFault] = []
    ) -> LedgerEvent {
        .nightEnded(
            NightReport(
                night: night, agent: "1.0", began: Story.time, ended: Story.time.adding(seconds: 0.25),
                steps: [
                    NightStep(.spool, .nothing, "", seconds: 0.001),
                    NightStep(.check, .failed, count: 2, "gone/é", seconds: 1.25),
                ], faults: faults, entries: entries, root: root))
    }
}
