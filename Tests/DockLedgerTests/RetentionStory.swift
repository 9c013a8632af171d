import DockCore

// What holds and retention write down.

extension Story {
    func hold(_ name: String, camera: String = "BWC-0042") -> LedgerEvent {
        .holdAdded(HoldDecision(hold: name, camera: camera, recording: "R1", reason: "case \"7\"", by: "OM"))
    }

    func end(_ name: String) -> LedgerEvent {
        .holdRemoved(HoldDecision(hold: name, camera: "BWC-0042", recording: "R1", reason: "closed", by: "OM"))
    }

    func placed(_ number: Int, vault: String = "archive") throws -> LedgerEvent {
        .holdPlaced(
            HoldPlaced(
                camera: "BWC-0042", vault: vault, key: "k/\(number)", version: nil, sealing: try sealing(number),
                isOn: true, wasChanged: true))
    }

    /// What the rules permit for segment `number`, 40 days later.
    func permit(_ number: Int, vault: String = "archive") throws -> DestructionPermitted {
        guard case .sealed(let sealed) = try sealed(number) else { throw SQLRefused(message: "no sealing") }
        let configuration = Configuration(
            dock: "d", state: "/s", spool: .init(path: "/p", keepFree: 0), recipients: [], vaults: [],
            release: ReleasePolicy(), cameras: [RegisteredCamera(serial: "BWC-0042", team: "a")],
            teams: [TeamSettings(name: "a", regime: .avg)])
        let object = StoredObject(
            sealed: sealed, read: Story.time, cameraClock: nil,
            receipt: try bareReceipt(number, vault: vault), delivered: Story.time)
        let rules = RetentionRules(configuration, holds: Holds(), now: Story.time.adding(seconds: 40 * 86_400))
        return try rules.permit(object, .there(nil)).get().entry
    }

    func destroyed(_ number: Int, permit entry: Int64, vault: String = "archive") throws -> LedgerEvent {
        .objectDestroyed(ObjectDestroyed(try permit(number, vault: vault), permit: entry))
    }

    /// A hold from start to end, and then a destruction and its record, as entries that begin with number `first`.
    func retention(from first: Int64) throws -> [LedgerEvent] {
        let record = DestructionRecorded(
            file: "2026-10-01-9.json", sha256: try content(1), objects: 1, through: first + 4)
        return [
            hold("H1"), try placed(1), end("H1"), .destructionPermitted(try permit(1)),
            try destroyed(1, permit: first + 3), .destructionRecorded(record),
        ]
    }
}
