import CUdev
import DockSystem
import Glibc

/// Owns a libudev context (udev_new(3)).
struct UdevContext: ~Copyable {
    let handle: OpaquePointer

    /// Fails only when memory does.
    init() throws(Errno) {
        guard let handle = udev_new() else { throw Errno.current }
        self.handle = handle
    }

    deinit { udev_unref(handle) }
}

/// Owns a libudev device (udev_device_new_from_devnum(3)). Its texts are cut after 64 KiB.
struct UdevDevice: ~Copyable {
    private let handle: OpaquePointer

    /// The block device with this number; nil if the kernel shows none.
    init?(_ context: borrowing UdevContext, block number: UInt64) {
        guard let handle = udev_device_new_from_devnum(context.handle, CChar(UInt8(ascii: "b")), dev_t(number)) else {
            return nil
        }
        self.handle = handle
    }

    /// The device of a directory of sysfs; nil if it is gone.
    init?(_ context: borrowing UdevContext, _ node: SysfsNode) {
        guard let handle = udev_device_new_from_syspath(context.handle, "/sys" + node.path) else { return nil }
        self.handle = handle
    }

    /// Takes over a device that libudev made.
    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { udev_device_unref(handle) }

    /// Path of its node below `/dev`.
    var node: String? { text(udev_device_get_devnode(handle)) }

    /// Its path below `/sys`.
    var path: String? { text(udev_device_get_devpath(handle)) }

    /// `add`, `change`, …, of a device that came with an event.
    var action: String? { text(udev_device_get_action(handle)) }

    /// The subsystem that it belongs to.
    var subsystem: String? { text(udev_device_get_subsystem(handle)) }

    /// Its type within the subsystem (`disk`, `partition`, `usb_device`).
    var type: String? { text(udev_device_get_devtype(handle)) }

    /// Its number, as in `st_rdev`; 0 if it has none.
    var number: UInt64 { UInt64(udev_device_get_devnum(handle)) }

    /// Whether udev has worked through its rules for it.
    var isInitialized: Bool { udev_device_get_is_initialized(handle) == 1 }

    /// The links below `/dev` that udev made for it, at most 1,000.
    var links: [String] {
        var links: [String] = []
        var entry = udev_device_get_devlinks_list_entry(handle)
        while let current = entry, links.count < 1000 {
            if let link = text(udev_list_entry_get_name(current)) { links.append(link) }
            entry = udev_list_entry_get_next(current)
        }
        return links
    }

    /// A property from udev's database; nil where udev does not run or does not say.
    func property(_ name: String) -> String? { text(udev_device_get_property_value(handle, name)) }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: pointer, count: strnlen(pointer, 65_536)), as: UTF8.self)
    }
}
