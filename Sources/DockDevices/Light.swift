import DockCore
import DockSystem
import Glibc

/// A lamp that the kernel knows as an LED (`/sys/class/leds`; leds-class in the kernel's documentation).
public struct Light: Hashable, Sendable {
    /// What it shows.
    public enum State: Hashable, Sendable {
        /// Dark.
        case off
        /// As bright as it can be.
        case on
        /// On and off for so many milliseconds each (1 to 60,000).
        case blink(on: Int, off: Int)
    }

    /// Its name in the kernel, such as `dock:green:bay1`.
    public let name: String
    private let node: SysfsNode

    /// A lamp by its name. Fails with ``DockError/Code/malformed`` if it can be no name, and with
    /// ``DockError/Code/notFound`` if there is no such lamp.
    public init(_ name: String) throws(DockError) {
        guard (1...255).contains(name.utf8.count), !["", ".", ".."].contains(name),
            !name.utf8.contains(where: { $0 < 33 || $0 == 47 || $0 == 127 })
        else { throw Light.failure(Errno(EINVAL), name) }
        do throws(Errno) {
            guard let node = try Sysfs.target(of: "/class/leds/" + name).flatMap({ SysfsNode($0) }) else {
                throw Errno(ENOENT)
            }
            self.node = node
        } catch {
            throw Light.failure(error, name)
        }
        self.name = name
    }

    /// Makes it show a state. The kernel blinks by itself, whatever becomes of this process (trigger `timer`).
    public func set(_ state: State) throws(DockError) {
        do {
            switch state {
            case .off: try setSteady(0)
            case .on: try setSteady(try node.number("max_brightness") ?? 255)
            case .blink(let on, let off): try setBlinking(on, off)
            }
        } catch {
            throw Light.failure(error, name)
        }
    }

    private func setSteady(_ brightness: UInt32) throws(Errno) {
        try setTrigger("none")
        try node.write(String(brightness), to: "brightness")
    }

    private func setBlinking(_ on: Int, _ off: Int) throws(Errno) {
        // The timer blinks with the brightness that it finds.
        try node.write(String(try node.number("max_brightness") ?? UInt32(255)), to: "brightness")
        try setTrigger("timer")
        // The files of the trigger are made by the line above.
        try node.write(String(min(max(on, 1), 60_000)), to: "delay_on")
        try node.write(String(min(max(off, 1), 60_000)), to: "delay_off")
    }

    /// A kernel without triggers has no such file, and then nothing to turn off.
    private func setTrigger(_ name: String) throws(Errno) {
        do {
            try node.write(name, to: "trigger")
        } catch  where error.code == ENOENT && name == "none" {}
    }

    private static func failure(_ error: Errno, _ name: String) -> DockError {
        error.error(
            "cannot set a lamp", at: "/sys/class/leds/" + (DeviceText.clean(name) ?? ""),
            next: "name a lamp of /sys/class/leds; to blink, load the module ledtrig-timer")
    }
}
