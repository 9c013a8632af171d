import DockCore

extension Rule where Value == Int {
    /// A time of day, as minutes after midnight.
    static var timeOfDay: Rule {
        Rule("a time of day by the dock's clock, '00:00' to '23:59'") { minute($0) }
    }

    /// Nil unless `text` is two digits, a colon and two digits that make a time.
    fileprivate static func minute(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (48...57).contains(bytes[$0]) })
        else { return nil }
        func number(_ index: Int) -> Int { Int(bytes[index] - 48) * 10 + Int(bytes[index + 1] - 48) }
        guard number(0) < 24, number(3) < 60 else { return nil }
        return number(0) * 60 + number(3)
    }
}

extension Rule where Value == DailyWindow {
    /// A stretch of each day.
    static var window: Rule {
        Rule("a stretch of the day by the dock's clock such as '01:00-05:00'; it may go over midnight") { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let from = Rule<Int>.minute(ends[0]), let until = Rule<Int>.minute(ends[1]) else {
                return nil
            }
            return DailyWindow(from: from, until: until)
        }
    }
}
