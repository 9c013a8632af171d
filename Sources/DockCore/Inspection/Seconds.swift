/// Spans of time as people read them.
enum Seconds {
    /// `12.5 s`: rounded to tenths, without a trailing `.0`.
    static func text(_ seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e12 else { return "\(seconds) s" }
        let tenths = Int64((seconds * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole) s" : "\(sign)\(whole).\(rest) s"
    }
}
