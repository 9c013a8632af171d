@testable import DockCore

/// A dock told step by step: `dock.plug("1")`, `dock.pull("1")`, `dock.run("1").ends(.emptied)`, `dock.wait(60)`. Time passes
/// only in ``wait(_:)``, and there only as the agent lets it: it looks again when ``Bays/nextWake(after:minute:)`` says so.
final class BayStory {
    var bays: Bays
    var now = Instant(seconds: 1_000_000)
    /// Minutes after midnight at the start: noon.
    var startMinute = 720
    /// What the last step led to.
    var actions: [BayAction] = []
    /// How often the agent was woken.
    var wakes = 0
    /// What is plugged in, by bay.
    var plugged: [String: DeviceFacts] = [:]
    /// The last run of each bay.
    private var orders: [String: RunOrder] = [:]
    private var appearances: UInt64 = 0
    private let beginning = Instant(seconds: 1_000_000)

    /// A dock with bays of these names; without any, each port becomes one.
    init(bays names: [String] = ["1", "2", "3"], _ change: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration(
            dock: "test", state: "/state", spool: Configuration.Spool(path: "/spool", keepFree: 0), recipients: [],
            vaults: [], release: ReleasePolicy())
        configuration.bays = names.map { BaySettings(name: $0, ports: [BayStory.port($0)]) }
        configuration.docking.comeBack = 15
        configuration.docking.stallAfter = 45
        configuration.docking.retryAfter = 60
        change(&configuration)
        bays = Bays(configuration, at: beginning)
    }

    static func port(_ bay: String) -> PortPath { PortPath("pci-0000:00:14.0-usb-0:\(bay)")! }

    var minute: Int { (startMinute + Int(now.seconds(since: beginning)) / 60) % 1440 }

    func tell(_ event: BayEvent) { actions = handle(event) }

    private func handle(_ event: BayEvent) -> [BayAction] {
        let actions = bays.handle(event, at: now, minute: minute)
        for case .run(let order) in actions { orders[order.bay] = order }
        return actions
    }

    // MARK: Hands

    /// A device as it shows once the kernel is done with it, at a new path and with a new medium.
    func device(at bay: String, _ change: (inout DeviceFacts) -> Void = { _ in }) -> DeviceFacts {
        appearances += 1
        var device = DeviceFacts.camera(at: BayStory.port(bay), path: "/devices/\(appearances)", sequence: appearances)
        change(&device)
        return device
    }

    func plug(_ bay: String, _ change: (inout DeviceFacts) -> Void = { _ in }) {
        let device = device(at: bay, change)
        plugged[bay] = device
        tell(.device(device))
    }

    /// Something about the device in a bay changes.
    func change(_ bay: String, _ change: (inout DeviceFacts) -> Void) {
        change(&plugged[bay]!)
        tell(.device(plugged[bay]!))
    }

    func pull(_ bay: String) { tell(.gone(plugged.removeValue(forKey: bay)!.path)) }

    /// Another medium in the same device; none for nil.
    func swapCard(_ bay: String, _ sequence: UInt64?) {
        change(bay) {
            $0.disks[0].bytes = sequence == nil ? 0 : 1 << 30
            if let sequence { $0.disks[0].sequence = sequence }
        }
    }

    func retry(_ bay: String? = nil) { tell(.command(.retry(bay: bay))) }
    func release(_ bay: String) { tell(.command(.release(bay: bay))) }
    func hold(_ bay: String, _ reason: String) { tell(.command(.hold(bay: bay, reason: reason))) }

    /// Lets time pass, waking the agent as often as it asks for it.
    func wait(_ seconds: Double) {
        let end = now.adding(seconds: seconds)
        actions = []
        while let wake = bays.nextWake(after: now, minute: minute), wake <= end, wakes < 10_000 {
            now = wake
            wakes += 1
            actions += handle(.time)
        }
        now = end
    }

    // MARK: What comes of it

    /// The last run of a bay, also one that is over.
    func run(_ bay: String) -> BayRun { BayRun(dock: self, order: orders[bay]!) }

    /// What a bay shows.
    func status(_ bay: String) -> BayStatus { bays.status(at: now).first { $0.bay == bay }! }
    func state(_ bay: String) -> BayStatus.State { status(bay).state }

    /// The last actions as words.
    var words: [String] {
        actions.map { action in
            switch action {
            case .run(let order):
                "\(order.purpose) \(order.bay)" + (order.continues.map { " going on with \($0)" } ?? "")
                    + (order.hold.map { ", held: \($0)" } ?? "")
            case .interrupt(let token): "interrupt \(bay(of: token))"
            case .hold(let token, let reason): "hold \(bay(of: token)): \(reason)"
            case .refuse(let refused): "refuse \(refused.bay)"
            case .abandon(let docking, _, _): "abandon \(docking)"
            case .loadMedium(let bay, _): "load \(bay)"
            case .cyclePower(let bay, _): "cycle \(bay)"
            case .switchPower(let bay, _, let on): "switch \(bay) \(on ? "on" : "off")"
            }
        }
    }

    private func bay(of token: Int) -> String { orders.values.first { $0.token == token }?.bay ?? "?" }
}

/// A run, as the worker would report it.
struct BayRun {
    let dock: BayStory
    let order: RunOrder

    func identifies(
        _ camera: String = "BWC1", _ docking: String = "D1", wearer: String? = nil, battery: Int? = nil,
        curve: ChargeCurve? = nil
    ) {
        let reading = battery.map { BatteryReading(percent: $0, source: .manifest) }
        dock.tell(
            .identified(
                bay: order.bay, token: order.token,
                IdentifiedCamera(camera: camera, docking: docking, wearer: wearer, battery: reading, curve: curve)))
    }

    func comesTo(_ stage: Bay.Stage, bytes: Int64 = 0, of total: Int64 = 0, rate: Double = 0, waits: SpoolWait? = nil) {
        let progress = WorkProgress(bytes: bytes, total: total, bytesPerSecond: rate, waitsForSpool: waits)
        dock.tell(.progress(bay: order.bay, token: order.token, stage, progress))
    }

    func reads(_ bytes: Int64) { comesTo(.reading, bytes: bytes) }

    func ends(_ outcome: DockingOutcome, needsDeepErase: Bool = false, steps: [ReleaseStep] = []) {
        end(.docked(outcome, needsDeepErase: needsDeepErase, steps: steps))
    }

    func cools(_ until: Instant, seconds: Double) { end(.cooling(until: until, seconds: seconds)) }

    func refuses(_ reason: String, _ camera: String? = nil) { end(.refused(reason, camera: camera)) }

    func fails(_ code: DockError.Code = .io, passing: Bool = false) {
        end(.failed(DockError(code, "cannot mount", at: "sda", because: "x", next: "x", isPassing: passing)))
    }

    private func end(_ result: RunResult) { dock.tell(.ended(bay: order.bay, token: order.token, result)) }
}

extension DeviceFacts {
    /// A camera with one disk, one partition and a file system.
    static func camera(at port: PortPath, path: String = "/devices/1", sequence: UInt64 = 1) -> DeviceFacts {
        let partition = VolumeFacts(node: "/dev/sda1", number: 2049, bytes: 1 << 30, type: "exfat", label: "BWC")
        let disk = DiskFacts(
            name: "sda", sequence: sequence, bytes: 1 << 30, isReadOnly: false,
            whole: VolumeFacts(node: "/dev/sda", number: 2048, bytes: 1 << 30), partitions: [partition], isSettled: true
        )
        return DeviceFacts(
            path: path, port: port,
            usb: USBIdentity(model: USBModel("46f4:0001")!, serial: "123", manufacturer: "Maker", product: "Camera"),
            interfaces: [.storage], disks: [disk])
    }
}

extension USBInterface {
    static let storage = USBInterface(kind: 8, subclass: 6, proto: 0x50)
    static let keyboard = USBInterface(kind: 3, subclass: 1, proto: 1)
    static let vendor = USBInterface(kind: 255, subclass: 0, proto: 0)
}

extension DockingOutcome {
    static let pulled = DockingOutcome.interrupted(reasons: ["the camera was pulled"])
    static let undelivered = DockingOutcome.incomplete(reasons: ["a vault is down"])
    static let gap = DockingOutcome.held(reasons: ["a gap"])
}
