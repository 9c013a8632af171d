import DockCore

/// How two listings of one volume differ. A docked camera must not change by itself.
public struct ListingDifference: Sendable, Equatable {
    /// How many paths are named in ``examples`` at most.
    public static let mostExamples = 10

    /// Files that were not there before.
    public private(set) var appeared = 0
    /// Files that are no longer there.
    public private(set) var vanished = 0
    /// Files with another size, time or identity.
    public private(set) var changed = 0
    /// The first few of them, in the order of their paths.
    public private(set) var examples: [CameraPath] = []

    /// Compares two listings, each sorted by path as ``VolumeListing/files`` is.
    public init(from earlier: [CameraFile], to later: [CameraFile]) {
        var old = earlier.startIndex
        var new = later.startIndex
        while old < earlier.endIndex || new < later.endIndex {
            if new == later.endIndex || (old < earlier.endIndex && earlier[old].path < later[new].path) {
                vanished += 1
                name(earlier[old].path)
                old += 1
            } else if old == earlier.endIndex || later[new].path < earlier[old].path {
                appeared += 1
                name(later[new].path)
                new += 1
            } else {
                if earlier[old].identity != later[new].identity {
                    changed += 1
                    name(later[new].path)
                }
                old += 1
                new += 1
            }
        }
    }

    /// Whether both listings are the same.
    public var isEmpty: Bool { appeared + vanished + changed == 0 }

    /// The finding for a difference, which holds the camera; nil if there is none.
    public var finding: Finding? {
        guard !isEmpty else { return nil }
        let counts = [(appeared, "appeared"), (vanished, "vanished"), (changed, "changed")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let more = appeared + vanished + changed - examples.count
        let names = examples.map(\.description).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        return Finding(
            .listingChanged, missing: vanished > 0 ? .items(vanished) : nil, holds: true,
            "the camera's files changed while it was docked: \(counts): \(names)")
    }

    private mutating func name(_ path: CameraPath) {
        if examples.count < ListingDifference.mostExamples { examples.append(path) }
    }
}
