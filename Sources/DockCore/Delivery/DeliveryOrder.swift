/// How urgent a delivery is, as far as other cameras' depend on it: what is less comes first.
public struct DeliveryRank: Sendable, Hashable, Comparable {
    /// Whether its recording is flagged: marked by its wearer, or asked for.
    public var isFlagged: Bool
    /// When its camera is needed next; nil at no time that is known.
    public var neededAt: Instant?

    /// Takes all values.
    public init(isFlagged: Bool = false, neededAt: Instant? = nil) {
        self.isFlagged = isFlagged
        self.neededAt = neededAt
    }

    /// Flagged ones first, then those whose camera is needed soonest.
    public static func < (left: DeliveryRank, right: DeliveryRank) -> Bool {
        if left.isFlagged != right.isFlagged { return left.isFlagged }
        return left.neededAt != right.neededAt && DeliveryItem.isEarlier(left.neededAt, right.neededAt)
    }
}

/// A sealed segment that waits for a vault, as far as its turn depends on it.
public struct DeliveryItem: Sendable, Equatable {
    /// Whoever queued it knows it by this number.
    public var id: Int
    /// Serial number of the camera that it came from.
    public var camera: String
    /// Whether its recording is flagged: marked by its wearer, or asked for.
    public var isFlagged: Bool
    /// When its recording must be deleted by law or policy, at the vault too: an upload after that is worth nothing.
    public var deadline: Instant?
    /// When it was recorded, or sealed where nobody knows.
    public var recorded: Instant

    /// Takes all values.
    public init(id: Int, camera: String, isFlagged: Bool = false, deadline: Instant? = nil, recorded: Instant) {
        self.id = id
        self.camera = camera
        self.isFlagged = isFlagged
        self.deadline = deadline
        self.recorded = recorded
    }

    /// Whether it comes before another one of the same camera: flagged ones first, then by the oldest deadline, then the oldest.
    func precedes(_ other: DeliveryItem) -> Bool {
        if isFlagged != other.isFlagged { return isFlagged }
        if deadline != other.deadline { return DeliveryItem.isEarlier(deadline, other.deadline) }
        if recorded != other.recorded { return recorded < other.recorded }
        return id < other.id
    }

    /// What has no time comes after what has one.
    static func isEarlier(_ left: Instant?, _ right: Instant?) -> Bool {
        guard let left else { return false }
        guard let right else { return true }
        return left < right
    }
}

/// What waits for a vault, and whose turn it is: flagged recordings, then cameras that are needed soonest, then the oldest
/// deadline, then the oldest recording.
///
/// So that no camera waits without end behind others that keep coming, every fourth turn is for the camera that has not had one
/// for longest. With `n` cameras waiting, each gets one turn of `4 n` at least.
public struct DeliveryQueue: Sendable {
    private struct Line: Sendable {
        /// A binary heap: what comes next is first.
        var items: [DeliveryItem] = []
        /// Number of the turn that it had last; 0 before the first.
        var lastTurn = 0
    }

    /// Every such turn is for the camera that waited longest.
    public static let fairTurn = 4

    private var lines: [String: Line] = [:]
    private var turns = 0
    /// When cameras are needed next, by serial number. It may be changed at any time.
    public var neededAt: [String: Instant] = [:]
    /// How many items wait.
    public private(set) var count = 0

    /// Empty.
    public init() {}

    /// Adds an item.
    public mutating func add(_ item: DeliveryItem) {
        // Who comes new, or again, counts as served just now: nobody gains turns by staying away.
        var line = lines.removeValue(forKey: item.camera) ?? Line(lastTurn: turns)
        line.items.append(item)
        siftUp(&line.items)
        lines[item.camera] = line
        count += 1
    }

    /// Takes the item whose turn it is; nil if none waits.
    public mutating func next() -> DeliveryItem? {
        let isFair = (turns + 1) % DeliveryQueue.fairTurn == 0
        let chosen = lines.min { left, right in
            isFair && left.value.lastTurn != right.value.lastTurn
                ? left.value.lastTurn < right.value.lastTurn : precedes(left.value.items[0], right.value.items[0])
        }
        guard let camera = chosen?.key, var line = lines.removeValue(forKey: camera) else { return nil }
        turns += 1
        line.lastTurn = turns
        let item = line.items[0]
        line.items.swapAt(0, line.items.count - 1)
        line.items.removeLast()
        siftDown(&line.items)
        if !line.items.isEmpty { lines[camera] = line }
        count -= 1
        return item
    }

    /// Whether an item comes before one of another camera.
    func precedes(_ left: DeliveryItem, _ right: DeliveryItem) -> Bool {
        let (first, second) = (rank(left), rank(right))
        return first == second ? left.precedes(right) : first < second
    }

    private func rank(_ item: DeliveryItem) -> DeliveryRank {
        DeliveryRank(isFlagged: item.isFlagged, neededAt: neededAt[item.camera])
    }

    private func siftUp(_ items: inout [DeliveryItem]) {
        var child = items.count - 1
        while child > 0, items[child].precedes(items[(child - 1) / 2]) {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func siftDown(_ items: inout [DeliveryItem]) {
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < items.count }
            guard let first = children.min(by: { items[$0].precedes(items[$1]) }), items[first].precedes(items[parent])
            else { return }
            items.swapAt(parent, first)
            parent = first
        }
    }
}
