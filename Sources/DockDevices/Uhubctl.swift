import DockCore
import DockSystem

/// Debian's program `uhubctl`, which gives hubs the order to switch a port by libusb. What it prints is not believed: it says
/// «off» of ports that stayed on.
struct Uhubctl {
    /// Its name or path.
    let program: String

    /// Gives the order for both halves of a socket.
    /// - Returns: why it could not be given; nil if it was given.
    func switchPower(on: Bool, of port: USBPort) throws(DockError) -> String? {
        let result: ChildProcess.Result
        do {
            result = try ChildProcess.run(
                program, ["-l", port.hub, "-p", String(port.number), "-a", on ? "on" : "off"], timeout: 20,
                outputLimit: 4096)
        } catch  where error.code == .notFound {
            return "\(program) is not installed"
        }
        guard result.status != 0 else { return nil }
        let text = (result.errors + "\n" + result.output).split(whereSeparator: \.isNewline).first.map(String.init)
        return "\(program) refuses: " + (text.flatMap { DeviceText.clean($0) } ?? "status \(result.status)")
    }
}
