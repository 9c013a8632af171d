/// Quantities as people write them, with their unit; without one they are refused. (Sizes are DockCore's `ByteCount`.)
enum Quantity {
    /// Seconds in a duration: numbers with `ms`, `s`, `min` (or `m`), `h`, `d`, `w`, from the largest unit to the smallest,
    /// each at most once: `30s`, `28d`, `1h 30m`, `1.5 h`. Nil for anything else, parts of a millisecond, and more than
    /// 100 years.
    static func seconds(_ text: some StringProtocol) -> Double? {
        var scanner = QuantityScanner(text)
        var total: Int64 = 0
        var last = Int64.max
        repeat {
            guard let number = scanner.decimal() else { return nil }
            scanner.skipSpace()
            guard let unit = milliseconds[scanner.word()], unit < last, let part = number.times(unit) else {
                return nil
            }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow, sum <= 100 * 365 * 86_400_000 else { return nil }
            (total, last) = (sum, unit)
            scanner.skipSpace()
        } while !scanner.isAtEnd
        return text.last == " " ? nil : Double(total) / 1000
    }

    /// Bits per second in a rate: a number with `bit/s`, `kbit/s`, `Mbit/s` or `Gbit/s` (powers of 1000): `20 Mbit/s`. Nil for
    /// anything else, and for parts of a bit per second. Bytes per second are refused: who mixes them up is wrong by eight.
    static func bitsPerSecond(_ text: some StringProtocol) -> Int64? {
        var scanner = QuantityScanner(text)
        guard let number = scanner.decimal() else { return nil }
        scanner.skipSpace()
        let unit = scanner.word()
        guard scanner.isAtEnd, let factor = bits[unit] else { return nil }
        return number.times(factor)
    }

    private static let milliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    private static let bits: [String: Int64] = [
        "bit/s": 1, "kbit/s": 1000, "Mbit/s": 1_000_000, "Gbit/s": 1_000_000_000,
    ]
}

/// A decimal number, exactly: `digits / scale`.
private struct Decimal {
    var digits: Int64
    var scale: Int64

    /// The whole number that the product is; nil if it is none, or too large.
    func times(_ factor: Int64) -> Int64? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        return !overflow && product % scale == 0 ? product / scale : nil
    }
}

/// Reads numbers and units from left to right.
private struct QuantityScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Skips one space.
    mutating func skipSpace() { if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() } }

    /// `12` or `1.5`, with at most 15 digits.
    mutating func decimal() -> Decimal? {
        guard let whole = digits() else { return nil }
        guard rest.first == UInt8(ascii: ".") else { return Decimal(digits: whole.value, scale: 1) }
        rest = rest.dropFirst()
        guard let part = digits(), whole.count + part.count <= 15 else { return nil }
        var scale: Int64 = 1
        for _ in 0..<part.count { scale *= 10 }
        return Decimal(digits: whole.value * scale + part.value, scale: scale)
    }

    /// Letters and `/`.
    mutating func word() -> String {
        let word = rest.prefix { (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "/") }
        rest = rest[word.endIndex...]
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func digits() -> (value: Int64, count: Int)? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...15).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        return (digits.reduce(0) { $0 * 10 + Int64($1 - 48) }, digits.count)
    }
}
