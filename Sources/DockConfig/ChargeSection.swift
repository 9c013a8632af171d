import DockCore

/// The `charge` of a profile.
enum ChargeSection {
    /// Reads it; nil if it is left out, or wrong.
    static func read(_ reader: inout MappingReader) -> ChargeCurve? {
        let hasCurve = reader.has("curve")
        let points = reader.list("curve", of: .chargePoint, atLeastOne: hasCurve)
        let full = reader.optional("full_after", .duration(in: 60...604_800, written: "1min to 7d"))
        if hasCurve, reader.has("full_after") {
            reader.note(
                "'charge.curve' and 'charge.full_after' both say how it charges; allowed: one of them",
                at: reader.place(of: "full_after"))
            return nil
        }
        if let full { return ChargeCurve([ChargeCurve.Point(percent: 100, seconds: full)]) }
        guard hasCurve, !points.isEmpty, points.count == reader.count(of: "curve") else { return nil }
        if let fault = fault(of: points) {
            reader.note("'charge.curve' \(fault.text)", at: reader.place(of: "curve", item: fault.point.text))
            return nil
        }
        return ChargeCurve(points.map { ChargeCurve.Point(percent: $0.percent, seconds: $0.seconds) })
    }

    /// The first point that is out of place.
    private static func fault(of points: [ChargePoint]) -> (point: ChargePoint, text: String)? {
        var last = ChargePoint(text: "0% 0s", percent: 0, seconds: 0)
        for (index, point) in points.enumerated() {
            let isStart = index == 0 && point.percent == 0 && point.seconds == 0
            guard isStart || (point.percent > last.percent && point.seconds > last.seconds) else {
                return (
                    point,
                    "does not rise from \(quoted(last.text)) to \(quoted(point.text)); allowed: more percent after more time"
                )
            }
            last = point
        }
        return last.percent == 100
            ? nil : (last, "ends at \(quoted(last.text)); allowed: a last point that says when it is full, at 100%")
    }
}

/// A point of a curve as it is written.
private struct ChargePoint: Hashable {
    let text: String
    let percent: Int
    let seconds: Double
}

extension Rule where Value == ChargePoint {
    /// A charge in percent, and the time from an empty battery until it is reached.
    fileprivate static var chargePoint: Rule {
        Rule("a charge and the time from an empty battery, such as '80% 2h': 0% to 100%, at most 7d") { text in
            guard let sign = text.firstIndex(of: "%"), let percent = Int(text[..<sign]),
                String(percent) == text[..<sign], (0...100).contains(percent)
            else { return nil }
            let rest = text[sign...].dropFirst()
            guard rest.first == " ", let seconds = Quantity.seconds(rest.dropFirst()), seconds <= 604_800 else {
                return nil
            }
            return ChargePoint(text: text, percent: percent, seconds: seconds)
        }
    }
}
