import CUdev
import DockSystem
import Glibc

/// Owns a libudev context (udev_new(3)).
struct UdevContext: ~Copyable {
    fileprivate let handle: OpaquePointer

    /// Fails only when memory does.
    init() throws(Errno) {
        guard let handle = udev_new() else { throw Errno.current }
        self.handle = handle
    }

    deinit { udev_unref(handle) }
}

/// Owns a libudev device (udev_device_new_from_devnum(3)).
struct UdevDevice: ~Copyable {
    private let handle: OpaquePointer

    /// The block device with this number; nil if the kernel shows none.
    init?(_ context: borrowing UdevContext, block number: UInt64) {
        guard let handle = udev_device_new_from_devnum(context.handle, CChar(UInt8(ascii: "b")), dev_t(number)) else {
            return nil
        }
        self.handle = handle
    }

    deinit { udev_device_unref(handle) }

    /// Path of its node below `/dev`.
    var node: String? { udev_device_get_devnode(handle).map { String(cString: $0) } }

    /// A property from udev's database; nil where udev does not run or does not say.
    func property(_ name: String) -> String? {
        udev_device_get_property_value(handle, name).map { String(cString: $0) }
    }
}
