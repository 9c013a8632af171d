import DockCore
import DockDelivery
import DockLedger
import DockSystem

/// Adds and removes holds, and tells the vaults of them. What is written down counts at once, whatever the vaults answer; they are
/// told again each night until they know.
public struct HoldKeeper: Sendable {
    private let resources: DockResources

    /// What the vaults answered.
    public struct Outcome: Sendable {
        /// Legal holds that were set.
        public internal(set) var placed = 0
        /// Legal holds that were lifted.
        public internal(set) var lifted = 0
        /// Why a vault cannot hold, for each that cannot: there the ledger alone keeps the objects.
        public internal(set) var unsupported: [String: String] = [:]
        /// What went wrong; it is tried again.
        public internal(set) var troubles: [String] = []
    }

    /// A reason or a name that is written down: 1 to 500 characters on one line.
    public static func isText(_ text: String) -> Bool {
        (1...500).contains(text.unicodeScalars.count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Takes the dock's resources.
    public init(_ resources: DockResources) { self.resources = resources }

    /// All holds that there ever were.
    public func all() throws(DockError) -> Holds { try resources.ledger.holds() }

    /// Puts a hold on a recording, and tells the vaults.
    public func add(
        camera: String, recording: String, reason: String, by: String
    ) throws(DockError) -> (hold: String, Outcome) {
        let lock = try RetentionLock(state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        guard try resources.ledger.hasFootage(camera: camera, recording: recording) else {
            throw DockError(
                .notFound, "cannot hold a recording", at: "\(camera) \(recording)",
                because: "this dock took in no such recording, or it was destroyed",
                next: "see 'bodydock retention list' for what the vaults keep, and the records of what was destroyed")
        }
        let hold = "H" + Hex.encode(try Randomness.bytes(4))
        let entry = HoldDecision(hold: hold, camera: camera, recording: recording, reason: reason, by: by)
        _ = try resources.ledger.append([.holdAdded(entry)], at: resources.clock())
        return (hold, try settleLocked())
    }

    /// The recording that an object belongs to, by its full name in a vault.
    public func recording(ofObject key: String) throws(DockError) -> (camera: String, recording: String) {
        guard let found = try resources.ledger.recording(ofObject: key) else {
            throw DockError(
                .notFound, "cannot hold an object", at: key,
                because: "this dock gave no vault an object of this name, or several",
                next: "give the camera and the recording")
        }
        return found
    }

    /// Ends a hold, and tells the vaults if no other one keeps the recording.
    public func remove(_ hold: String, reason: String, by: String) throws(DockError) -> Outcome {
        let lock = try RetentionLock(state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        guard let known = try all().hold(hold), known.isActive else {
            throw DockError(
                .notFound, "cannot end a hold", at: hold, because: "there is no such hold in force",
                next: "see 'bodydock hold list'")
        }
        let entry = HoldDecision(
            hold: hold, camera: known.added.camera, recording: known.added.recording, reason: reason, by: by)
        _ = try resources.ledger.append([.holdRemoved(entry)], at: resources.clock())
        return try settleLocked()
    }

    /// Tells the vaults what they were not told yet.
    public func settle() throws(DockError) -> Outcome {
        let lock = try RetentionLock(state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        return try settleLocked()
    }

    private func settleLocked() throws(DockError) -> Outcome {
        var outcome = Outcome()
        let holds = try all()
        for camera in Set(holds.all.map(\.added.camera)).sorted() {
            try KeptObjects(resources).forEach(camera: camera) { batch throws(DockError) in
                for (object, _) in batch {
                    guard let order = holds.order(for: object.sealed, in: object.receipt.vault) else { continue }
                    try obey(order, object, &outcome)
                }
            }
        }
        return outcome
    }

    private func obey(_ order: Holds.Order, _ object: StoredObject, _ outcome: inout Outcome) throws(DockError) {
        let name = object.receipt.vault
        // What the policy asks of every object stays on it.
        guard outcome.unsupported[name] == nil, let vault = resources.vaults.first(where: { $0.name == name }),
            order == .place || !resources.configuration.alwaysHolds(name)
        else { return }
        let isOn = order == .place
        switch vault.setHold(isOn, on: object) {
        case .success(.unsupported(let why)): outcome.unsupported[name] = why
        case .success(let answer):
            let entry = HoldPlaced(
                camera: object.sealed.camera, vault: name, key: object.receipt.key, version: object.receipt.version,
                sealing: object.receipt.sealing, isOn: isOn, wasChanged: answer == .changed)
            _ = try resources.ledger.append([.holdPlaced(entry)], at: resources.clock())
            if isOn { outcome.placed += 1 } else { outcome.lifted += 1 }
        case .failure(let error): outcome.troubles.append("\(name): \(error.description)")
        }
    }
}

extension Configuration {
    /// Whether a vault puts a legal hold on every object.
    func alwaysHolds(_ vault: String) -> Bool {
        guard case .s3(let settings)? = vaults.first(where: { $0.name == vault })?.kind else { return false }
        return settings.lock?.legalHold ?? false
    }
}
