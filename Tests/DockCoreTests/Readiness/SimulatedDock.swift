@testable import DockCore

/// A dock that is played through a day: cameras come, are read at their rate while all share one uplink, are emptied, and charge by
/// their curve. It knows nothing of the forecast, and says afterwards what really was ready.
struct SimulatedDock {
    struct Docking {
        var camera: String
        /// When it comes.
        var at: Instant
        var bytes: Int64
        /// Bytes a second over USB.
        var rate: Double
        /// Charge in percent as it comes.
        var battery: Int
        /// It is held when it is read.
        var isHeld = false
        /// It is taken again; nil for not on this day.
        var taken: Instant?
    }

    private struct Guest {
        var docking: Docking
        var read = 0.0
        var safe = 0.0
        var erased = 0.0
        var charged: Double
        var isDone: Bool { safe >= Double(docking.bytes) }
        var isEmptied: Bool { isDone && erased >= 25 }
    }

    let dockings: [Docking]
    /// Bytes a second that all cameras share.
    var uplink: Double
    let curve: ChargeCurve
    private(set) var now: Instant
    private var guests: [Guest] = []
    private var began: [String: Instant] = [:]
    private(set) var lastSeen: [String: Instant] = [:]

    init(_ dockings: [Docking], uplink: Double, curve: ChargeCurve, from start: Instant) {
        (self.dockings, self.uplink, self.curve) = (dockings, uplink, curve)
        now = start
    }

    /// Plays on, five seconds at a time.
    mutating func play(until end: Instant) {
        while now < end { step(5) }
    }

    private mutating func step(_ seconds: Double) {
        for docking in dockings where docking.at > now.adding(seconds: -seconds) && docking.at <= now {
            guests.append(Guest(docking: docking, charged: Double(docking.battery)))
            began[docking.camera] = now
        }
        for guest in guests where guest.docking.taken.map({ $0 <= now }) ?? false {
            lastSeen[guest.docking.camera] = now
        }
        guests.removeAll { $0.docking.taken.map { taken in taken <= now } ?? false }
        let senders = guests.filter { $0.safe < $0.read }.count
        for index in guests.indices {
            var guest = guests[index]
            guest.read = min(Double(guest.docking.bytes), guest.read + guest.docking.rate * seconds)
            if guest.isEmptied, !guest.docking.isHeld {
                let before = curve.secondsToFull(from: guest.docking.battery)
                guest.charged = min(before, max(0, guest.charged) + seconds)
            } else if guest.isDone {
                guest.erased += seconds
                guest.charged = 0
            } else if senders > 0 {
                guest.safe = min(guest.read, guest.safe + uplink / Double(senders) * seconds)
            }
            guests[index] = guest
        }
        now = now.adding(seconds: seconds)
    }

    /// What the bays show.
    var bays: [BayStatus] {
        guests.enumerated().map { index, guest in
            let total = guest.docking.bytes
            let toFull = max(
                0, curve.secondsToFull(from: guest.docking.battery) - (guest.isEmptied ? guest.charged : 0))
            let percent = curve.charge(from: guest.docking.battery, after: guest.isEmptied ? guest.charged : 0)
            let isRead = guest.read >= Double(total)
            let state: BayStatus.State =
                guest.docking.isHeld && isRead
                ? .held
                : guest.isEmptied
                    ? (toFull > 0 ? .charging : .ready)
                    : guest.isDone ? .erasing : isRead ? .delivering : .reading
            var progress: WorkProgress?
            if [.reading, .delivering].contains(state) {
                progress = WorkProgress(
                    bytes: Int64(guest.read), total: total, bytesPerSecond: guest.docking.rate,
                    unsafeBytes: total - Int64(guest.safe))
            }
            return BayStatus(
                bay: "\(index)", state: state,
                seconds: began[guest.docking.camera].map { now.seconds(since: $0) } ?? 0,
                reasons: state == .held ? ["a gap"] : [], camera: guest.docking.camera, wearer: "4711", docking: "D",
                progress: progress,
                secondsLeft: progress.map { Double($0.total - $0.bytes) / guest.docking.rate }.flatMap {
                    $0 > 0 ? $0 : nil
                },
                battery: BatteryReading(percent: percent, source: .estimate), secondsToFull: toFull, usb: nil,
                ports: [],
                steps: [])
        }
    }

    /// The cameras that are emptied and full now.
    var ready: Set<String> { Set(bays.filter { $0.state == .ready }.compactMap(\.camera)) }
}
