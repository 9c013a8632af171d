/// Numbers of bytes as people write them: `10 GB`, `16 MiB`, `1.5 TB`, `4096`.
public enum ByteCount {
    /// Bytes in `text`: a decimal number and a unit, with or without a space between them. Units are `B` (or none),
    /// `kB` (also `KB`), `MB`, `GB`, `TB` (powers of 1000, SI) and `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024, IEC 80000-13).
    ///
    /// Nil for anything else: signs, unknown units, parts of a byte, and what does not fit in 63 bits.
    public static func parse(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        let whole = bytes.prefix(while: isDigit)
        var rest = bytes[whole.endIndex...]
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest[fraction.endIndex...]
            guard !fraction.isEmpty else { return nil }
        }
        if rest.first == UInt8(ascii: " ") {
            rest = rest.dropFirst()
            guard !rest.isEmpty else { return nil }
        }
        guard !whole.isEmpty, let factor = factor(of: String(decoding: rest, as: UTF8.self)) else { return nil }
        return product(of: whole, fraction, factor)
    }

    /// `bytes` for people: one decimal at most, decimal units, rounded to the nearest (`999 B`, `1.5 GB`, `10 TB`).
    public static func text(_ bytes: Int64) -> String {
        let sign = bytes < 0 ? "-" : ""
        let count = bytes.magnitude
        guard count >= 1000 else { return "\(sign)\(count) B" }
        var unit: UInt64 = 1000
        var names = ["kB", "MB", "GB", "TB"][...]
        // The next unit also where rounding would show 1000 of this one.
        while names.count > 1, count >= unit * 1000 - unit / 20 {
            unit *= 1000
            names.removeFirst()
        }
        let tenths = count / (unit / 10) + (count % (unit / 10) >= unit / 20 ? 1 : 0)
        return "\(sign)\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") \(names.first ?? "TB")"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func factor(of unit: String) -> Int64? {
        switch unit {
        case "", "B": 1
        case "kB", "KB": 1000
        case "MB": 1_000_000
        case "GB": 1_000_000_000
        case "TB": 1_000_000_000_000
        case "KiB": 1 << 10
        case "MiB": 1 << 20
        case "GiB": 1 << 30
        case "TiB": 1 << 40
        default: nil
        }
    }

    /// `whole.fraction * factor`, exactly; nil if it is not a whole number of bytes or too large.
    private static func product(of whole: ArraySlice<UInt8>, _ fraction: ArraySlice<UInt8>, _ factor: Int64) -> Int64? {
        let fraction = fraction.dropTrailingZeros()
        guard fraction.count <= 18 else { return nil }  // 10^18 is the last power of ten in 63 bits.
        var digits: Int64 = 0
        for byte in whole + fraction {
            let (scaled, overflow) = digits.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(Int64(byte - 48))
            if overflow || carry { return nil }
            digits = sum
        }
        var scale: Int64 = 1
        for _ in fraction { scale *= 10 }
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        return !overflow && product % scale == 0 ? product / scale : nil
    }
}

extension ArraySlice<UInt8> {
    fileprivate func dropTrailingZeros() -> ArraySlice<UInt8> {
        self[..<((lastIndex { $0 != 48 } ?? startIndex - 1) + 1)]
    }
}
