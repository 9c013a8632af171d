import DockCore

/// The `delivery` of the configuration, and the limits of single vaults.
enum DeliverySection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> DeliverySettings {
        DeliverySettings(limits: limits(&reader))
    }

    /// The `limits` of whatever is read. Two that overlap would leave it open which one holds.
    static func limits(_ reader: inout MappingReader) -> RateSchedule {
        var known: [(window: RateSchedule.Window, line: Int)] = []
        let windows: [RateSchedule.Window] = reader.sections("limits") { reader in
            let days = days(&reader)
            let time = DailyWindow(
                from: reader.optional("from", .timeOfDay) ?? 0, until: reader.optional("to", .timeOfDay) ?? 0)
            guard let rate = reader.required("rate", .rate) else { return nil }
            let window = RateSchedule.Window(days: days, time: time, bitsPerSecond: rate)
            if let other = known.first(where: { RateSchedule([$0.window, window]).overlap != nil }) {
                reader.note(
                    "this limit overlaps with the one in line \(other.line); allowed: one limit at any time",
                    at: reader.place)
            }
            known.append((window, reader.place.line))
            return window
        }
        return RateSchedule(windows)
    }

    /// A day, a range of days, or a list of both; every day if they are left out, or wrong.
    static func days(_ reader: inout MappingReader) -> Set<Weekday> {
        let days: [Set<Weekday>] =
            reader.isList("days")
            ? reader.list("days", of: .days, atLeastOne: true) : [reader.optional("days", .days)].compactMap { $0 }
        return days.isEmpty ? Set(Weekday.allCases) : days.reduce(into: []) { $0.formUnion($1) }
    }
}

extension Rule where Value == Set<Weekday> {
    /// A day of the week, or a range of them; a range may go over the weekend.
    static var days: Rule {
        Rule("mon, tue, wed, thu, fri, sat or sun, a range such as mon-fri, or a list of both") { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Weekday(short: $0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
            let count = (last.rawValue - first.rawValue + 7) % 7 + 1
            return Set((0..<count).compactMap { Weekday(rawValue: (first.rawValue + $0) % 7) })
        }
    }
}

extension Rule where Value == Int64 {
    /// A limit on sending, in bit/s. Slower than the slowest, services would give up waiting for the next byte.
    static var rate: Rule {
        Rule(explaining: "a rate in bit/s, kbit/s, Mbit/s or Gbit/s, such as '10 Mbit/s', 64 kbit/s to 100 Gbit/s") {
            text in
            guard let rate = Quantity.bitsPerSecond(text) else {
                let isBytes = text.hasSuffix("B/s") || text.hasSuffix("Bps")
                return .failure(Objection(why: isBytes ? "bytes are not bits: 1 MB/s is 8 Mbit/s" : nil))
            }
            return (64_000...100_000_000_000).contains(rate) ? .success(rate) : .failure(Objection(why: nil))
        }
    }
}
