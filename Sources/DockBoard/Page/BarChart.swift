import DockHandover
import Foundation

/// A chart of one bar a day, as SVG that needs no style of its own and no script.
struct BarChart {
    /// One day.
    struct Bar {
        /// What the bar shows, from the ground.
        var value: Double
        /// What stands on it, hatched; in one chart of a page.
        var above: Double = 0
        /// Where a line stands over it.
        var mark: Double?

        fileprivate var top: Double { max(value + above, mark ?? 0) }
    }

    let title: String
    /// What each bar is called.
    let dates: [String]
    /// The same, as it fits under the bars.
    let marks: [String]
    /// How a value is said.
    let unit: (Double) -> String
    /// Whether values are seconds, whose round numbers are those of a clock.
    var isTime = false
    let bars: [Bar]

    private static let (width, height, left, bottom) = (640.0, 270.0, 124.0, 34.0)

    /// The chart, with an explanation under it.
    func markup(_ key: String) -> Markup {
        let ceiling = BarChart.ceiling(bars.map(\.top).max() ?? 0, isTime: isTime)
        let plot = BarChart.height - BarChart.bottom - 12
        func y(_ value: Double) -> Double { 12 + plot * (1 - value / ceiling) }
        let slot = (BarChart.width - BarChart.left) / Double(max(bars.count, 1))
        let lines = [0, 0.5, 1].map { share -> Markup in
            let at = y(ceiling * share)
            return """
                <line class=grid x1=\(n(BarChart.left)) x2=\(n(BarChart.width)) y1=\(n(at)) y2=\(n(at)) />\
                <text x=\(n(BarChart.left - 10)) y=\(n(at + 7)) text-anchor=end>\(unit(ceiling * share))</text>
                """
        }
        let drawn = zip(bars, dates).enumerated().map { index, bar -> Markup in
            let x = BarChart.left + slot * Double(index) + slot * 0.15
            return draw(bar.0, bar.1, x: x, width: slot * 0.7, y)
        }
        // A date under every seventh bar, counted from the last.
        let under = stride(from: bars.count - 1, through: 0, by: -7).map { index -> Markup in
            let x = BarChart.left + slot * (Double(index) + 0.5)
            return
                "<text x=\(n(x)) y=\(n(BarChart.height - 6)) text-anchor=\(index == bars.count - 1 ? "end" : "middle")>\(marks[index])</text>"
        }
        let explained: Markup = key.isEmpty ? "" : "<p>\(key)</p>"
        return """
            <figure><figcaption><h2>\(title)</h2></figcaption>\
            <svg class=chart viewBox="0 0 \(n(BarChart.width)) \(n(BarChart.height))" role=img aria-label="\(title)">\
            \(hatch)\(.all(lines))\(.all(drawn))\(.all(under))</svg>\(explained)</figure>
            """
    }

    /// The pattern of what is hatched, by its name in the page.
    private var hatch: Markup {
        guard bars.contains(where: { $0.above > 0 }) else { return "" }
        return """
            <defs><pattern id=hatch width=6 height=6 patternUnits=userSpaceOnUse patternTransform="rotate(45)">\
            <path class=stripe d="M0 3h6"/></pattern></defs>
            """
    }

    private func draw(_ bar: Bar, _ date: String, x: Double, width: Double, _ y: (Double) -> Double) -> Markup {
        var parts: [Markup] = []
        func rectangle(_ kind: String, from low: Double, to high: Double) {
            guard high > low else { return }
            parts.append(
                "<rect class=\(kind) x=\(n(x)) y=\(n(y(high))) width=\(n(width)) height=\(n(y(low) - y(high))) />")
        }
        rectangle("bar", from: 0, to: bar.value)
        rectangle("hatched", from: bar.value, to: bar.value + bar.above)
        if let mark = bar.mark {
            parts.append("<line class=mark x1=\(n(x)) x2=\(n(x + width)) y1=\(n(y(mark))) y2=\(n(y(mark))) />")
        }
        let said = [bar.value, bar.above > 0 ? bar.above : nil, bar.mark].compactMap { $0 }.map(unit)
        return "<g><title>\(date): \(said.joined(separator: ", "))</title>\(.all(parts))</g>"
    }

    /// The least round number that is not below `value`: one with half of which a line is worth drawing.
    static func ceiling(_ value: Double, isTime: Bool) -> Double {
        let least = isTime ? 120.0 : 2
        guard value.isFinite, value > least else { return least }
        if isTime, let minutes = minutes.first(where: { $0 * 60 >= value }) { return minutes * 60 }
        let unit = isTime ? 86_400.0 : 1
        let power = pow(10, floor(log10(value / unit))) * unit
        return ([1, 2, 4, 6, 8, 10].first { $0 * power >= value } ?? 10) * power
    }

    /// Round times, up to two days.
    private static let minutes: [Double] = [
        4, 6, 10, 20, 30, 40, 60, 120, 180, 240, 360, 480, 720, 1440, 2880,
    ]

    private func n(_ value: Double) -> String { String(format: "%.1f", value) }
}
