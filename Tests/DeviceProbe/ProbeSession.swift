import DockCore
import DockDevices
import DockTestSupport
import Foundation

/// Does one command after the other.
final class ProbeSession {
    private let bed: MockBed?
    private let monitor: UdevMonitor
    private let scanner = DeviceScanner()

    /// - Parameter bufferBytes: of the monitor.
    init(bufferBytes: Int32) throws {
        bed = getenv("LD_PRELOAD") == nil ? nil : try MockBed()
        monitor = try UdevMonitor(bufferBytes: bufferBytes)
    }

    /// Leaves nothing behind.
    func close() { bed?.close() }

    func answer(_ command: ProbeCommand) throws -> ProbeAnswer {
        do {
            if try build(command) { return .done }
            return try look(command)
        } catch let error as DockError {
            return .failure(code: error.code.rawValue, text: error.description)
        }
    }

    /// Changes the machine; false if the command is none for that.
    private func build(_ command: ProbeCommand) throws -> Bool {
        switch command {
        case .add(let text): try bed?.add(text)
        case .record(let name, let text):
            try Data(text.utf8).write(to: URL(fileURLWithPath: "/run/udev/data/" + name))
        case .forget(let name): try FileManager.default.removeItem(atPath: "/run/udev/data/" + name)
        case .remove(let path): try bed?.remove(path)
        case .set(let path, let attribute, let value): bed?.set(path, attribute, value)
        case .event(let path, let action): bed?.event(path, action)
        case .flood(let count): try Flood.send(count)
        default: return false
        }
        return true
    }

    private func look(_ command: ProbeCommand) throws -> ProbeAnswer {
        switch command {
        case .read(let path, let attribute):
            return .text(try String(contentsOfFile: "/sys\(path)/\(attribute)", encoding: .utf8))
        case .devices: return .devices(try scanner.all().map(SeenDevice.init))
        case .device(let path):
            return try scanner.device(at: path).map { .devices([SeenDevice($0)]) } ?? .nothing
        case .receive(let count): return .messages(try receive(count))
        case .reset(let path):
            return .text("\(try USBDevice.reset(at: path, within: bed == nil ? 10 : 0.3, wait: waiting([:])))")
        case .light(let name, let on, let off):
            let light = try Light(name)
            if let on, let off {
                try light.set(.blink(on: on, off: off))
            } else {
                try light.set(on == nil ? .off : .on)
            }
            return .done
        case .battery(let below, let name):
            let battery =
                try below.flatMap { try PowerSupply.battery(below: $0) }
                ?? name.flatMap { try PowerSupply.battery(named: $0) }
            return battery.map { .text("\($0.name) \($0.percent) \($0.status.rawValue)") } ?? .nothing
        case .eject(let name): return .text("\(try SCSIDisk.eject(name))")
        default: return try lookAtPort(command)
        }
    }

    private func lookAtPort(_ command: ProbeCommand) throws -> ProbeAnswer {
        switch command {
        case .portOf(let path): return try USBPort.of(device: path).map { .text(try describe($0)) } ?? .nothing
        case .port(let hub, let number):
            return try USBPort.locate(hub: hub, number: number).map { .text(try describe($0)) } ?? .nothing
        case .portsAt(let path): return .messages(try USBPort.locate(path).map(describe))
        case .power(let hub, let number, let on, let program, let meanwhile):
            guard let port = try USBPort.locate(hub: hub, number: number) else { return .nothing }
            let method = program.map { PowerSwitch.uhubctl(program: $0) } ?? .kernel
            return .text("\(try port.setPower(on: on, by: method, observing: seconds, wait: waiting(meanwhile)))")
        case .cycle(let hub, let number, let meanwhile):
            guard let port = try USBPort.locate(hub: hub, number: number) else { return .nothing }
            return .text("\(try port.cyclePower(off: seconds, wait: waiting(meanwhile)))")
        default: return .nothing
        }
    }

    private func describe(_ port: USBPort) throws -> String {
        let words = [port.hub, "\(port.number)", port.path, try port.location?.text ?? "-", try port.device ?? "empty"]
        return (words + [try port.hasPowerSwitch ? "switch" : "no switch"]).joined(separator: " ")
    }

    private var seconds: Double { bed == nil ? 3 : 1 }

    /// Time does not pass on a described machine; what happens meanwhile does.
    private func waiting(_ meanwhile: [Int: [ProbeCommand]]) -> (Double) -> Void {
        var waits = 0
        return { [self] time in
            if bed == nil { USBPort.sleep(time) }
            waits += 1
            for command in meanwhile[waits] ?? [] {
                do { _ = try build(command) } catch { print("\(command): \(error)") }
            }
        }
    }

    private func receive(_ count: Int) throws -> [String] {
        var messages: [String] = []
        let end = Date(timeIntervalSinceNow: 2)
        while messages.count < count, Date() < end {
            var polls = [pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0)]
            guard poll(&polls, 1, 100) > 0 else { continue }
            while messages.count < count, let message = try monitor.receive() {
                switch message {
                case .event(let event): messages.append("\(event.action) \(event.kind) \(event.path)")
                case .eventsLost: messages.append("lost")
                }
            }
        }
        return messages
    }
}
