import ArgumentParser
import DockCore
import DockDevices
import Foundation

/// `bodydock bays`: which port is which.
struct BaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bays",
        abstract:
            "Show the ports of plugged-in devices, and further ones as they are plugged in, so that bays can be named.",
        discussion:
            "Plug a camera into each bay in turn, and copy the port that appears to 'bays' in the configuration.")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Show what is plugged in now, and end.") var once = false

    func run() throws {
        let bays = try configuration.load().bays
        do throws(DockError) {
            try show(bays)
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }

    private func show(_ bays: [BaySettings]) throws(DockError) {
        let monitor = try UdevMonitor()
        let scanner = DeviceScanner()
        var shown: Set<String> = []
        for device in try scanner.all() { BaysCommand.say(device, bays, &shown) }
        guard !once else { return }
        Console.warn("plug in a camera (Ctrl-C ends)")
        while true {
            var descriptor = pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, -1)
            while let message = try monitor.receive() {
                guard case .event(let event) = message else { continue }
                if let device = try scanner.device(at: event.path) {
                    BaysCommand.say(device, bays, &shown)
                } else {
                    shown.remove(event.path)
                }
            }
        }
    }

    /// One line for a device, once for each time that it is plugged in.
    private static func say(_ device: DeviceFacts, _ bays: [BaySettings], _ shown: inout Set<String>) {
        guard device.interfaces.contains(where: \.isMassStorage), shown.insert(device.path).inserted else { return }
        let ports = [device.port] + [device.peer].compactMap { $0 }
        let bay = bays.first { $0.ports.contains(where: ports.contains) }.map { "bay \($0.name)" } ?? "no bay"
        let names = [device.usb.manufacturer, device.usb.product].compactMap { $0 }.joined(separator: " ")
        let serial = device.usb.serial.map { ", serial number \($0)" } ?? ", no serial number"
        let other = device.peer.map { " (the same socket: \($0))" } ?? ""
        Console.say(
            StatusText.printable(
                "port \(device.port)\(other)  \(bay)  \(device.usb.model) \(names.prefix(80))\(serial)"))
    }
}
