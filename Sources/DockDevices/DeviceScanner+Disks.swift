import DockCore
import DockSystem

extension DeviceScanner {
    /// The disks of a USB device, by name; at most 64, of at most 256 partitions each.
    func disks(of device: SysfsNode, among blocks: [SysfsNode]) throws(Errno) -> [DiskFacts] {
        let context = try UdevContext()
        var disks: [DiskFacts] = []
        for node in blocks where node.isWithin(device) && !node.has("partition") {
            // 0 is a disk (SPC-4, 6.6.2); a CD-ROM has 5.
            guard disks.count < 64, try node.number("device/type") == 0,
                let disk = try facts(ofDisk: node, context, partitions: blocks.filter { $0.parent == node })
            else { continue }
            disks.append(disk)
        }
        // sdb comes before sdaa.
        return disks.sorted { ($0.name.utf8.count, $0.name) < ($1.name.utf8.count, $1.name) }
    }

    private func facts(
        ofDisk node: SysfsNode, _ context: borrowing UdevContext, partitions: [SysfsNode]
    ) throws(Errno) -> DiskFacts? {
        guard let device = UdevDevice(context, node), let whole = try volume(node, device) else { return nil }
        let sequence: UInt64 = try node.number("diskseq") ?? 0
        var isSettled = isCurrent(device, sequence)
        var volumes: [(number: Int, volume: VolumeFacts)] = []
        for child in partitions.prefix(256) {
            guard let number: Int = try child.number("partition"), let partition = UdevDevice(context, child),
                let volume = try volume(child, partition)
            else {
                // It came or went just now: another event follows.
                isSettled = false
                continue
            }
            isSettled = isSettled && partition.isInitialized
            volumes.append((number, volume))
        }
        return DiskFacts(
            name: node.name, sequence: sequence, bytes: whole.bytes, isReadOnly: try node.number("ro") != 0,
            whole: whole, partitions: volumes.sorted { $0.number < $1.number }.map(\.volume), isSettled: isSettled)
    }

    /// Whether udev's record is finished, and is of this disk. A record lies under a device number, which the next disk gets
    /// again: until udev has caught up, that of the last camera is found there. Its link by sequence number tells them apart
    /// (systemd 251 and later).
    private func isCurrent(_ disk: borrowing UdevDevice, _ sequence: UInt64) -> Bool {
        guard disk.isInitialized else { return false }
        let prefix = "/dev/disk/by-diskseq/"
        let recorded = disk.links.filter { $0.hasPrefix(prefix) }
        return sequence == 0 || recorded.isEmpty || recorded.contains(prefix + String(sequence))
    }

    /// Nil if it went away meanwhile.
    private func volume(_ node: SysfsNode, _ device: borrowing UdevDevice) throws(Errno) -> VolumeFacts? {
        // Sysfs counts in 512 bytes, whatever the sectors of the disk are.
        guard let path = device.node, device.number != 0, let blocks: Int64 = try node.number("size") else {
            return nil
        }
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: 512)
        let label = device.property("ID_FS_LABEL_ENC").map { DeviceText.decode($0) } ?? device.property("ID_FS_LABEL")
        return VolumeFacts(
            node: path, number: device.number, bytes: overflow ? 0 : max(0, bytes),
            type: device.property("ID_FS_TYPE").flatMap { DeviceText.clean($0) },
            label: label.flatMap { DeviceText.clean($0) },
            uuid: device.property("ID_FS_UUID").flatMap { DeviceText.clean($0) })
    }
}
