import DockCore
import Foundation

/// What the program `DeviceProbe` is told to do, on a machine of its own: first to build it, then to look at it.
public indirect enum ProbeCommand: Codable, Sendable {
    /// Adds devices in the words of umockdev-record(1).
    case add(String)
    /// Writes udev's record of a device (`b8:0`).
    case record(String, String)
    /// Removes udev's record of a device.
    case forget(String)
    /// Takes a device away, and what is below it.
    case remove(String)
    /// Sets an attribute of a device.
    case set(String, String, String)
    /// Lets udev say that something happened to a device.
    case event(path: String, action: String)
    /// Lets udev say so many things at once that nobody can listen. On the real netlink, in a network of its own.
    case flood(Int)

    /// An attribute of a device.
    case read(String, String)
    /// All devices.
    case devices
    /// The device at a path.
    case device(String)
    /// Messages of a monitor that was made before the first command: so many, or as many as come within 2 s.
    case receive(Int)
    /// The port of a device.
    case portOf(String)
    /// A port by hub and number.
    case port(String, Int)
    /// The ports with a path.
    case portsAt(PortPath)
    /// Switches a port's power, by a program if one is named; on the wait with a number, other commands are done.
    case power(String, Int, on: Bool, program: String?, meanwhile: [Int: [ProbeCommand]])
    /// Switches it off and on again.
    case cycle(String, Int, meanwhile: [Int: [ProbeCommand]])
    /// Starts a device anew.
    case reset(String)
    /// Sets a lamp: nil for the times means steady.
    case light(String, on: Int?, off: Int?)
    /// The battery of a device, or with a name.
    case battery(below: String?, named: String?)
    /// Ejects a disk.
    case eject(String)
}

/// What it answers.
public enum ProbeAnswer: Codable, Sendable, Equatable {
    /// It is done, and there is nothing to say.
    case done
    /// There is no such thing.
    case nothing
    /// Devices.
    case devices([SeenDevice])
    /// What happened, a word each: `add disk /devices/…`, or `lost`.
    case messages([String])
    /// Something else as text.
    case text(String)
    /// A ``DockError``.
    case failure(code: String, text: String)
}

/// `DeviceFacts` on its way between processes.
public struct SeenDevice: Codable, Sendable, Equatable {
    private struct Volume: Codable, Equatable {
        var node: String
        var number: UInt64
        var bytes: Int64
        var type: String?
        var label: String?
        var uuid: String?

        init(_ volume: VolumeFacts) {
            (node, number, bytes) = (volume.node, volume.number, volume.bytes)
            (type, label, uuid) = (volume.type, volume.label, volume.uuid)
        }

        var facts: VolumeFacts {
            VolumeFacts(node: node, number: number, bytes: bytes, type: type, label: label, uuid: uuid)
        }
    }

    private struct Disk: Codable, Equatable {
        var name: String
        var sequence: UInt64
        var bytes: Int64
        var isReadOnly: Bool
        var whole: Volume
        var partitions: [Volume]
        var isSettled: Bool
    }

    private var path: String
    private var port: PortPath
    private var peer: PortPath?
    private var usb: USBIdentity
    private var interfaces: [USBInterface]
    private var disks: [Disk]

    /// From the facts.
    public init(_ facts: DeviceFacts) {
        (path, port, peer) = (facts.path, facts.port, facts.peer)
        (usb, interfaces) = (facts.usb, facts.interfaces)
        disks = facts.disks.map {
            Disk(
                name: $0.name, sequence: $0.sequence, bytes: $0.bytes, isReadOnly: $0.isReadOnly,
                whole: Volume($0.whole),
                partitions: $0.partitions.map(Volume.init), isSettled: $0.isSettled)
        }
    }

    /// The facts.
    public var facts: DeviceFacts {
        DeviceFacts(
            path: path, port: port, peer: peer, usb: usb, interfaces: interfaces,
            disks: disks.map {
                DiskFacts(
                    name: $0.name, sequence: $0.sequence, bytes: $0.bytes, isReadOnly: $0.isReadOnly,
                    whole: $0.whole.facts,
                    partitions: $0.partitions.map(\.facts), isSettled: $0.isSettled)
            })
    }
}
