import Testing

@testable import DockCore

/// A dock with careless hands, bad contacts and a worker that does all it may do, from a seeded generator; and an honest
/// bookkeeper who holds every action against what he has seen himself.
final class BayWorld {
    var bays: Bays
    var random: SplitMix
    var now = Instant(seconds: 5_000_000)
    let names: [String]
    let atOnce: Int
    let window = DailyWindow.night
    /// How much of what happens is work and time, and not hands and bad contacts.
    let calm: Int
    var minute: Int
    /// What is in each bay; a device whose port is off, or that is out of contact, does not show.
    var inside: [String: Thing] = [:]
    var isDark: Set<String> = []
    var serial: UInt64 = 0

    // The bookkeeper.
    var tokens: Set<Int> = []
    var active: [Int: Work] = [:]
    var open: [String: String] = [:]
    var abandoned: Set<String> = []
    var counts: [String: Int] = [:]

    /// Something that is plugged in: a camera, or nobody's.
    struct Thing {
        var camera: String?
        var device: DeviceFacts
    }

    struct Work {
        var order: RunOrder
        var camera: String?
        var docking: String?
        var wasInterrupted = false
        var bytes: Int64 = 0
    }

    init(seed: UInt64) {
        var random = SplitMix(seed: seed)
        func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
        calm = Int.random(in: 0...3, using: &random) * 15
        names = Array(["1", "2", "3", "4"].prefix(Int.random(in: 2...4, using: &random)))
        atOnce = Int.random(in: 1...3, using: &random)
        minute = Int.random(in: chance(2) ? 0..<1440 : 30..<240, using: &random)
        let power: ChargingSettings.Power = Bool.random(using: &random) ? .port : .none
        let atOnce = self.atOnce
        let story = BayStory(bays: names) {
            $0.docking.atOnce = atOnce
            $0.charging = ChargingSettings(power: power, atOnce: 1, powerCycles: 1)
        }
        bays = story.bays
        self.random = random
    }

    // MARK: What happens

    func step() {
        let bay = names.randomElement(using: &random)!
        switch Int.random(in: -calm..<16, using: &random) {
        case 0...3:
            if inside[bay] == nil { plug(bay) } else if calm == 0 || chance(6) { pull(bay) }
        case 4: glitch(bay)
        case 5: change(bay)
        case 6:
            inside[bay] = Bool.random(using: &random) ? nil : thing(bay)
            if chance(2) { tell(.devices(names.compactMap { shown($0) })) }
        case 7: tell(.devices(names.compactMap { shown($0) }))
        case 8, -60 ... -40: pass()
        case 9: tell(.command([.retry(bay: nil), .retry(bay: bay), .release(bay: bay)].randomElement(using: &random)!))
        case 10: if chance(4) { tell(.command(.hold(bay: bay, reason: "court"))) }
        case 11: lie(bay)
        default:
            if let token = active.keys.sorted().randomElement(using: &random) { work(token) }
        }
        #expect(bays.nextWake(after: now, minute: minute).map { $0 > now } ?? true)
    }

    /// Everybody goes home: nothing is plugged in, runs end, time passes.
    func close() {
        for bay in names { inside[bay] = nil }
        tell(.devices([]))
        for token in active.keys.sorted() { end(token) }
        for _ in 0..<200 {
            guard let wake = bays.nextWake(after: now, minute: minute) else { break }
            advance(to: wake)
            tell(.time)
            for token in active.keys.sorted() { end(token) }
        }
        #expect(bays.nextWake(after: now, minute: minute) == nil, "an empty dock sleeps")
        #expect(bays.status(at: now).map(\.state) == names.map { _ in .empty })
        #expect(bays.bays.allSatisfy { $0.guest == nil && $0.hold == nil && !$0.isPowerOff && $0.powerCycles == 0 })
        #expect(open == [:], "each docking that paused was taken up again, or abandoned")
    }

    func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    func thing(_ bay: String) -> Thing {
        serial += 1
        let used = Set(inside.values.compactMap(\.camera))
        let camera = ["A", "B", "C", "D", "E"].filter { !used.contains($0) }.randomElement(using: &random)
        // The path is the same for the same port more often than not.
        var device = DeviceFacts.camera(
            at: BayStory.port(bay), path: "/devices/\(bay)" + (chance(3) ? "-\(serial)" : ""), sequence: serial)
        if chance(4) { device.disks[0].isSettled = false }
        guard chance(12) else { return Thing(camera: camera, device: device) }
        device.interfaces.append(.keyboard)
        return Thing(device: device)
    }

    func shown(_ bay: String) -> DeviceFacts? { isDark.contains(bay) ? nil : inside[bay]?.device }

    func show(_ bay: String) { if let device = shown(bay) { tell(.device(device)) } }

    func plug(_ bay: String) {
        inside[bay] = thing(bay)
        show(bay)
    }

    func pull(_ bay: String) {
        let device = shown(bay)
        inside[bay] = nil
        if let device { tell(.gone(device.path)) }
    }

    /// The same camera vanishes and comes back as a new device.
    func glitch(_ bay: String) {
        guard let device = shown(bay), let camera = inside[bay]?.camera else { return }
        tell(.gone(device.path))
        if chance(2) { pass() }
        guard inside[bay] != nil else { return }
        inside[bay] = thing(bay)
        inside[bay]?.camera = camera
        inside[bay]?.device.interfaces = [.storage]
        show(bay)
    }

    func change(_ bay: String) {
        guard var thing = inside[bay] else { return }
        serial += 1
        switch Int.random(in: 0..<3, using: &random) {
        case 0: thing.device.disks[0].bytes = 0
        case 1: (thing.device.disks[0].bytes, thing.device.disks[0].sequence) = (1 << 30, serial)
        default: thing.device.disks[0].isSettled = true
        }
        inside[bay] = thing
        show(bay)
    }

    func pass() {
        if chance(2), let wake = bays.nextWake(after: now, minute: minute) {
            advance(to: wake)
        } else {
            advance(to: now.adding(seconds: Double(Int.random(in: 0...90, using: &random))))
        }
        tell(.time)
    }

    func advance(to moment: Instant) {
        minute = (minute + Int(moment.seconds(since: now)) / 60) % 1440
        now = moment
    }
}
