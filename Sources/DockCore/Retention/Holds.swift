/// All holds that there ever were, as the ledger tells of them: which footage must be kept, and what the vaults are still to be
/// told. A value; the same entries give the same holds.
public struct Holds: Sendable, Equatable {
    /// A hold on a recording.
    public struct Hold: Sendable, Equatable {
        /// How it was added.
        public let added: HoldDecision
        /// When.
        public let since: Instant
        /// How it was removed; nil as long as it is in force.
        public internal(set) var removed: HoldDecision?
        /// Dockings in which something of the recording was taken in: what their manifests say of it is kept with it.
        public internal(set) var dockings: Set<String> = []

        /// Whether it is in force.
        public var isActive: Bool { removed == nil }

        /// Whether it is about this file.
        func covers(_ sealed: SegmentSealed) -> Bool {
            guard sealed.camera == added.camera else { return false }
            return sealed.recording == added.recording || sealed.role == .manifest && dockings.contains(sealed.docking)
        }
    }

    /// What a vault is to be told of an object.
    public enum Order: Sendable, Equatable {
        /// Put a legal hold on it.
        case place
        /// Lift the legal hold that was put on it.
        case lift
    }

    private struct Place: Hashable, Sendable {
        var vault: String
        var sealing: String
    }

    private struct Standing: Sendable, Equatable {
        var isOn: Bool
        /// Whether it is on because a hold put it there.
        var isOurs: Bool
    }

    /// All of them, oldest first.
    public private(set) var all: [Hold] = []
    private var standings: [Place: Standing] = [:]

    /// None.
    public init() {}

    /// Takes in the next entry; what is no news of holds is passed over.
    public mutating func note(_ event: LedgerEvent, at moment: Instant) {
        switch event {
        case .holdAdded(let added): all.append(Hold(added: added, since: moment))
        case .holdRemoved(let removed):
            for index in all.indices where all[index].added.hold == removed.hold && all[index].isActive {
                all[index].removed = removed
            }
        case .holdPlaced(let placed):
            let place = Place(vault: placed.vault, sealing: placed.sealing)
            let wasOurs = standings[place]?.isOurs ?? false
            standings[place] = Standing(isOn: placed.isOn, isOurs: placed.isOn && (placed.wasChanged || wasOurs))
        default: break
        }
    }

    /// Something of a recording that is, or was, held was taken in in this docking.
    public mutating func note(docking: String, camera: String, recording: String) {
        for index in all.indices where all[index].added.camera == camera && all[index].added.recording == recording {
            all[index].dockings.insert(docking)
        }
    }

    /// The hold with this name.
    public func hold(_ name: String) -> Hold? { all.first { $0.added.hold == name } }

    /// The holds in force that keep a file.
    public func active(over sealed: SegmentSealed) -> [Hold] { all.filter { $0.isActive && $0.covers(sealed) } }

    /// What a vault is still to be told of an object; nil for nothing.
    public func order(for sealed: SegmentSealed, in vault: String) -> Order? {
        let standing = standings[Place(vault: vault, sealing: sealed.sealed.id)]
        if !active(over: sealed).isEmpty { return standing?.isOn == true ? nil : .place }
        return standing?.isOurs == true ? .lift : nil
    }

    /// Whether a legal hold that is on an object was put there for a hold.
    public func isOurs(_ sealing: String, in vault: String) -> Bool {
        standings[Place(vault: vault, sealing: sealing)]?.isOurs ?? false
    }
}
