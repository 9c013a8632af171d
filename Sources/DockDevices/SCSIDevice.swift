import CLinux
import DockSystem
import Glibc

/// Owns an open SCSI generic node (`/dev/sgN`), which takes commands past the block layer.
struct SCSIDevice: ~Copyable {
    private let node: Descriptor

    /// Opens a node.
    init(_ path: String) throws(Errno) { node = try Descriptor.open(path, flags: O_RDWR | O_NONBLOCK) }

    /// Sends a command that carries no data (SG_IO, version 3 of the interface).
    /// - Throws: what ioctl(2) says, `ENODEV` if the device is gone.
    func send(_ command: [UInt8], timeout seconds: Double) throws(Errno) -> SCSIReply {
        var command = command
        var sense = [UInt8](repeating: 0, count: 64)
        var request = sg_io_hdr()
        let result: Result<Void, Errno> = command.withUnsafeMutableBufferPointer { command in
            sense.withUnsafeMutableBufferPointer { sense in
                request.interface_id = Int32(UInt8(ascii: "S"))
                request.dxfer_direction = SG_DXFER_NONE
                request.cmd_len = UInt8(command.count)
                request.cmdp = command.baseAddress
                request.mx_sb_len = UInt8(sense.count)
                request.sbp = sense.baseAddress
                request.timeout = UInt32(max(1, min(seconds, 600)) * 1000)
                return Result { () throws(Errno) in try retrying { bodydock_scsi_command(node.number, &request) } }
            }
        }
        try result.get()
        let valid = Array(sense.prefix(Int(min(request.sb_len_wr, 64))))
        // CHECK CONDITION is 2; a driver may also say 8 (there is sense data) with it.
        if request.status == 0, request.host_status == 0, request.driver_status & 0xf == 0 { return .good }
        if request.host_status == 0, let sense = SCSIReply.Sense(valid) { return .check(sense) }
        return .lost(status: request.status, host: request.host_status, driver: request.driver_status)
    }
}
