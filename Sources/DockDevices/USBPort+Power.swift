import DockCore
import DockSystem
import Glibc

/// How the power of a port is switched.
public enum PowerSwitch: Hashable, Sendable {
    /// The kernel's attribute `disable` of the port (Linux 6.0 and later).
    case kernel
    /// Debian's program `uhubctl`; the path is for tests.
    case uhubctl(program: String = "uhubctl")
}

/// What became of an order to switch a port's power. Many hubs take the order and do nothing, so only what the device did
/// counts. Even then its supply may be on: some hubs only cut the data lines. A lamp or a meter tells.
public enum PowerOutcome: Hashable, Sendable {
    /// The device left and stayed away, or (on) is there.
    case switched
    /// The hub took the order, but the device stayed, or came back by itself; or (on) the port stayed off, or the device is
    /// connected and the kernel does not take it: then only its plug helps.
    case ignoredByHub
    /// The hub took the order, and no device was there that could show it.
    case unobserved
    /// The order could not be given; why.
    case notSupported(String)
}

extension USBPort {
    /// Whether the kernel takes orders for this port (``PowerSwitch/kernel``), and the hub says, as far as it can be asked, that
    /// it switches single ports. What becomes of an order only ``setPower(on:by:observing:wait:)`` can tell.
    public var hasPowerSwitch: Bool {
        get throws(DockError) {
            try USBPort.failing(at: path) { () throws(Errno) in
                let switching = try switching()
                return node.has("disable") && [nil, .single].contains(switching)
            }
        }
    }

    /// Switches the power, of both halves of a USB 3 socket, and watches what the device does. A mounted volume must be
    /// unmounted before.
    /// - Parameters:
    ///   - seconds: how long a device must stay away to count as gone; on a hub that ignores the order it is back within 1 s.
    ///     Takes up to twice as long in all.
    ///   - wait: sleeps for so many seconds.
    /// - Throws: ``DockError`` if the port or its hub is gone, or the kernel refuses us.
    public func setPower(
        on: Bool, by method: PowerSwitch = .kernel, observing seconds: Double = 3,
        wait: (Double) -> Void = USBPort.sleep
    ) throws(DockError) -> PowerOutcome {
        let halves = try USBPort.failing(at: path) { () throws(Errno) in
            guard node.exists else { throw Errno(ENODEV) }
            return try [self] + (peer().map { [$0] } ?? [])
        }
        let wasThere = try USBPort.anyOccupied(halves)
        let refusal =
            switch method {
            case .kernel: try USBPort.order(on, halves)
            case .uhubctl(let program): try Uhubctl(program: program).switchPower(on: on, of: self)
            }
        if let refusal { return .notSupported(refusal) }
        return on
            ? try cameBack(halves, method, seconds, wait)
            : wasThere ? try stayedAway(halves, seconds, wait) : .unobserved
    }

    /// Off, `seconds` without power, and on again: the device starts anew. The answer is that of the first step that is not
    /// ``PowerOutcome/switched``; power is switched on in any case.
    public func cyclePower(
        by method: PowerSwitch = .kernel, off seconds: Double = 3, wait: (Double) -> Void = USBPort.sleep
    ) throws(DockError) -> PowerOutcome {
        let off: PowerOutcome
        do {
            off = try setPower(on: false, by: method, observing: seconds, wait: wait)
        } catch {
            // Whatever failed, the port is not left without power.
            _ = try setPower(on: true, by: method, observing: 0, wait: wait)
            throw error
        }
        if case .notSupported = off { return off }
        let on = try setPower(on: true, by: method, observing: max(seconds, 5), wait: wait)
        return off == .switched ? on : off
    }

    /// Sleeps.
    public static let sleep: @Sendable (Double) -> Void = { usleep(useconds_t(max(0, min($0, 3600)) * 1_000_000)) }

    /// Why the kernel does not take the order; nil if it does.
    private static func order(_ on: Bool, _ halves: [USBPort]) throws(DockError) -> String? {
        // A controller that cannot switch takes the order all the same. The kernel has given up the device by then, and does
        // not find it again before it is unplugged.
        for half in halves {
            switch try failing(at: half.path, half.switching) {
            case .single, nil: break
            case .ganged: return "the hub says that it switches all its ports together only"
            case .impossible: return "the hub says that it cannot switch power"
            }
        }
        var done: [USBPort] = []
        for half in halves {
            do {
                try half.node.write(on ? "0" : "1", to: "disable")
                done.append(half)
            } catch {
                // Half a socket is no answer.
                for other in done {
                    do { try other.node.write(on ? "1" : "0", to: "disable") } catch {
                        throw refused(error, other.path)
                    }
                }
                switch error.code {
                case ENOENT where half.node.exists:
                    return "the kernel offers no switch for this port (Linux 6.0 and later do)"
                case ENOENT, EACCES, EPERM, EROFS, ENODEV: throw refused(error, half.path)
                default: return "the hub refuses: \(error)"
                }
            }
        }
        return nil
    }

    private static func refused(_ error: Errno, _ path: String) -> DockError {
        error.error(
            "cannot switch the power of a USB port", at: path,
            next: "check the hub, and that the service may write there")
    }

    private func switching() throws(Errno) -> USBHub.Switching? {
        guard let hub = node.parent?.parent else { return nil }
        return try USBHub.open(hub)?.switching()
    }

    private static func anyOccupied(_ halves: [USBPort]) throws(DockError) -> Bool {
        for half in halves where try half.device != nil { return true }
        return false
    }

    /// Whether a half that the kernel holds for empty has a device on its data lines.
    private static func anySeesDevice(_ halves: [USBPort]) throws(DockError) -> Bool {
        for half in halves {
            let sees = try failing(at: half.path) { () throws(Errno) -> Bool? in
                guard let hub = half.node.parent?.parent else { return nil }
                return try USBHub.open(hub)?.seesDevice(at: half.number)
            }
            if sees == true { return true }
        }
        return false
    }

    private static let step = 0.1

    private func stayedAway(_ halves: [USBPort], _ seconds: Double, _ wait: (Double) -> Void) throws(DockError)
        -> PowerOutcome
    {
        var waited = 0.0
        var away = 0.0
        while away < seconds, waited < seconds * 2 {
            wait(USBPort.step)
            waited += USBPort.step
            away = try USBPort.anyOccupied(halves) ? 0 : away + USBPort.step
        }
        guard away >= seconds else { return .ignoredByHub }
        return try USBPort.anySeesDevice(halves) ? .ignoredByHub : .switched
    }

    private func cameBack(
        _ halves: [USBPort], _ method: PowerSwitch, _ seconds: Double, _ wait: (Double) -> Void
    ) throws(DockError) -> PowerOutcome {
        var waited = 0.0
        while try !USBPort.anyOccupied(halves) {
            guard waited < seconds * 2 else {
                let isOff = try USBPort.failing(at: path) { () throws(Errno) in try node.text("disable") == "1" }
                let isConnected = try USBPort.anySeesDevice(halves)
                return isOff || isConnected ? .ignoredByHub : .unobserved
            }
            wait(USBPort.step)
            waited += USBPort.step
        }
        return .switched
    }
}
