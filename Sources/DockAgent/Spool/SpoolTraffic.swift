import Synchronization

/// What all dockings of a process do with one spool: they share its space, and what one delivers makes room for the others.
final class SpoolTraffic: Sendable {
    private let promised = Mutex<Int64>(0)
    private let underWay = Atomic<Int>(0)
    private let wanted = Mutex<[String: Int]>([:])

    /// Whether anything is between a writer and a vault's answer: as long as there is, space may become free.
    var isMoving: Bool { underWay.load(ordering: .acquiring) > 0 }

    /// So many more, or fewer, are between a writer and a vault's answer.
    func move(_ count: Int) { underWay.add(count, ordering: .acquiringAndReleasing) }

    /// Promises `bytes` if as many are free beside what is promised already and what must stay free: two files that are begun at
    /// once must not both be given the last of it.
    func promise(_ bytes: Int64, free: Int64, keepFree: Int64) -> Bool {
        promised.withLock { promised in
            guard free - promised - bytes >= keepFree else { return false }
            promised += bytes
            return true
        }
    }

    /// A docking waits for its folder, or does not any more: nobody else is to begin with it.
    func want(_ docking: String, _ count: Int) {
        wanted.withLock { wanted in
            let sum = wanted[docking, default: 0] + count
            wanted[docking] = sum > 0 ? sum : nil
        }
    }

    /// Whether a docking waits for its folder.
    func isWanted(_ docking: String) -> Bool { wanted.withLock { $0[docking] != nil } }

    /// The file is written, or given up.
    func settle(_ bytes: Int64) { promised.withLock { $0 -= bytes } }
}
