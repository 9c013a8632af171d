import DockCore

/// Something that happened to a device, after udev has worked through its rules for it.
public struct UdevEvent: Hashable, Sendable {
    /// What happened.
    public enum Action: String, Sendable {
        /// It is there.
        case add
        /// It is gone.
        case remove
        /// Something about it is different: a medium was put in, a file system was written.
        case change
        /// A driver has taken it.
        case bind
        /// Its driver has let go of it.
        case unbind
        /// Anything else (`move`, `online`, `offline`, and what a later kernel says).
        case other
    }

    /// What it happened to.
    public enum Kind: String, Sendable {
        /// A USB device; hubs too.
        case usbDevice = "usb_device"
        /// A whole disk.
        case disk
        /// A partition of a disk.
        case partition
    }

    /// What happened.
    public let action: Action
    /// What it happened to.
    public let kind: Kind
    /// The device's path below `/sys` (`/devices/…`): what ``DeviceScanner/device(at:)`` takes.
    public let path: String

    /// Takes all values.
    public init(action: Action, kind: Kind, path: String) {
        self.action = action
        self.kind = kind
        self.path = path
    }

    /// Whether it happened to this USB device, or to something below it.
    public func concerns(_ device: DeviceFacts) -> Bool { path == device.path || path.hasPrefix(device.path + "/") }
}

/// What a ``UdevMonitor`` has received.
public enum UdevMessage: Hashable, Sendable {
    /// Something happened.
    case event(UdevEvent)
    /// So much happened that some of it was lost. Only a new look at all devices tells what.
    case eventsLost
}
