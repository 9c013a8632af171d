import CLinux
import DockSystem
import Glibc

/// By which command the kernel discards blocks of a SCSI disk: a value of its sysfs attribute `provisioning_mode` (kernel
/// documentation, ABI/stable/sysfs-class-scsi_disk… and `drivers/scsi/sd.c`).
enum ProvisioningMode: String {
    /// UNMAP.
    case unmap
    /// WRITE SAME (16) with the UNMAP bit.
    case writeSame16 = "writesame_16"
}

/// A SCSI disk, as the kernel shows it in `/sys`, with regard to discards.
struct ProvisionedDisk {
    /// Why it cannot be done, for people.
    struct Reason: Error { let text: String }

    private let folder: String

    /// The disk that a block device is, or is a partition of.
    init(_ number: DeviceNumber, sysfs: String = "/sys") {
        let record = "\(sysfs)/dev/block/\(number)"
        folder = access(record + "/partition", F_OK) == 0 ? record + "/.." : record
    }

    /// What the device itself offers that the kernel does not use: the last is to be tried first.
    func offers() -> Result<[ProvisioningMode], Reason> {
        do throws(Errno) {
            guard let attribute = try attribute() else {
                return .failure(Reason(text: "the kernel cannot discard on this device, and it is no SCSI disk"))
            }
            let mode = try KernelFile.text(of: attribute).prefix { $0 != "\n" }
            guard mode == "full" else {
                return .failure(Reason(text: "the device refuses to discard (provisioning mode \(mode))"))
            }
            return try offered(by: try provisioningPage())
        } catch {
            return .failure(Reason(text: "the device does not say whether it takes UNMAP (\(error))"))
        }
    }

    /// Sets the mode; answers why that failed.
    func set(_ mode: ProvisioningMode) -> String? { set(mode.rawValue) }

    /// Back to how the kernel had it.
    func restore() { _ = set("full") }

    private func set(_ text: String) -> String? {
        do throws(Errno) {
            guard let attribute = try attribute() else { return "the kernel no longer shows the disk" }
            try KernelFile.write(text, to: attribute)
            return nil
        } catch {
            return "the kernel does not let its provisioning mode be set to \(text) (\(error))"
        }
    }

    /// Path of `provisioning_mode`; nil if it is no SCSI disk.
    private func attribute() throws(Errno) -> String? {
        let parent = folder + "/device/scsi_disk"
        let path = try KernelFile.names(in: parent).first.map { "\(parent)/\($0)/provisioning_mode" }
        return path.flatMap { access($0, F_OK) == 0 ? $0 : nil }
    }

    /// From the page «logical block provisioning» (SBC-3, 6.5.4): bit 7 of byte 5 is LBPU, bit 6 LBPWS.
    func offered(by page: [UInt8]) throws(Errno) -> Result<[ProvisioningMode], Reason> {
        guard page.count >= 6, page[1] == 0xb2 else { throw Errno(EREMOTEIO) }
        var modes: [ProvisioningMode] = []
        if page[5] & 0x40 != 0 { modes.append(.writeSame16) }
        if page[5] & 0x80 != 0 { modes.append(.unmap) }
        return modes.isEmpty
            ? .failure(Reason(text: "the device does not offer UNMAP (VPD page B2h)")) : .success(modes)
    }

    /// The page as the kernel read it, or as the device answers.
    private func provisioningPage() throws(Errno) -> [UInt8] {
        do throws(Errno) {
            return try KernelFile.bytes(of: folder + "/device/vpd_pgb2")
        } catch  where error.code == ENOENT {
            // The kernel does not ask devices behind usb-storage.
        }
        let disk = try Descriptor.open(try node(), flags: O_RDONLY)
        let list = try ask(disk, page: 0)
        guard list.count > 4, list.dropFirst(4).prefix(Int(list[3])).contains(0xb2) else {
            return [0, 0xb2, 0, 0, 0, 0]
        }
        return try ask(disk, page: 0xb2)
    }

    private func ask(_ disk: borrowing Descriptor, page: UInt8) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = try disk.call { number in
            bytes.withUnsafeMutableBufferPointer {
                bodydock_vital_product_data(number, page, $0.baseAddress, UInt8($0.count))
            }
        }
        guard count >= 4, bytes[1] == page else { throw Errno(EREMOTEIO) }
        return Array(bytes.prefix(Int(count)))
    }

    /// Node of the whole disk: commands to a partition are refused by the kernel.
    private func node() throws(Errno) -> String {
        let lines = try KernelFile.text(of: folder + "/uevent").split(whereSeparator: \.isNewline)
        guard let name = lines.first(where: { $0.hasPrefix("DEVNAME=") })?.dropFirst(8), !name.isEmpty else {
            throw Errno(ENOENT)
        }
        return "/dev/" + name
    }
}
