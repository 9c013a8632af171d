/// What a disk answers to a SCSI command.
enum SCSIReply: Equatable, CustomStringConvertible {
    /// It is done.
    case good
    /// The disk refuses or fails, and says why.
    case check(Sense)
    /// The command did not reach the disk, or its answer did not reach us; or another status than those two.
    case lost(status: UInt8, host: UInt16, driver: UInt16)

    /// For people.
    var description: String {
        switch self {
        case .good: "done"
        case .check(let sense): sense.description
        case .lost(let status, let host, let driver): "SCSI status \(status), host \(host), driver \(driver)"
        }
    }

    /// Sense data: why a disk refuses (SPC-4, 4.5).
    struct Sense: Equatable, CustomStringConvertible {
        /// The kind of trouble (sense key).
        let key: UInt8
        /// Additional sense code and qualifier.
        let code: UInt16

        /// From the bytes of a disk, in the fixed or the descriptor format; nil if they are neither.
        init?(_ bytes: [UInt8]) {
            switch bytes.first.map({ $0 & 0x7f }) {
            case 0x70, 0x71:
                guard bytes.count >= 3 else { return nil }
                key = bytes[2] & 0xf
                code = bytes.count >= 14 ? UInt16(bytes[12]) << 8 | UInt16(bytes[13]) : 0
            case 0x72, 0x73:
                guard bytes.count >= 4 else { return nil }
                key = bytes[1] & 0xf
                code = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            default: return nil
            }
        }

        /// Whether the medium may not be taken, because somebody uses it.
        var isLocked: Bool { code == 0x5302 }

        /// Whether no medium is there.
        var isWithoutMedium: Bool { code >> 8 == 0x3a }

        /// What it means, and its numbers.
        var description: String {
            "\(meaning) (sense \(hex(UInt16(key), 1))/\(hex(code >> 8, 2))/\(hex(code & 0xff, 2)))"
        }

        private func hex(_ number: UInt16, _ width: Int) -> String {
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }

        private var meaning: String {
            switch (key, code) {
            case (_, 0x5302): "the medium is locked in the device"
            case (_, 0x3a00...0x3aff): "no medium"
            case (_, 0x2700...0x27ff): "the medium is write-protected"
            case (0x0, _): "no trouble"
            case (0x1, _): "recovered error"
            case (0x2, _): "not ready"
            case (0x3, _): "medium error"
            case (0x4, _): "hardware error"
            case (0x5, _): "illegal request"
            case (0x6, _): "unit attention"
            case (0x7, _): "data protect"
            case (0xb, _): "aborted command"
            default: "other trouble"
            }
        }
    }
}
