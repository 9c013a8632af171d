/// Text that a device gave: any bytes, of any length.
enum DeviceText {
    /// Made fit for records and screens: at most `limit` characters, without blanks around it, with U+FFFD for each control
    /// and direction character. Nil if nothing is left.
    static func clean(_ text: String, limit: Int = 256) -> String? {
        let blank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let trimmed = text.unicodeScalars.drop(while: blank).reversed().drop(while: blank).reversed()
        let scalars = trimmed.prefix(limit).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                Unicode.Scalar(0xfffd)!
            default: scalar
            }
        }
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }

    /// Undoes udev's encoding (`ID_FS_LABEL_ENC`): `\x` and two hexadecimal digits stand for a byte.
    static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3).dropFirst(), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), digits.utf8.count == 2,
                digits.allSatisfy(\.isHexDigit), let code = UInt8(digits, radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
