// The roster as a table: CSV (RFC 4180) with a heading, separated by commas, or by semicolons as Dutch spreadsheets write it.

extension Roster {
    private enum Column: String, CaseIterable { case date, shift, badge, camera }

    /// Reads a table. Nothing of it counts if a line is wrong.
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark, lines ending with LF or CR LF.
    ///   - plan: every line must name one of its shifts, on a day on which it begins.
    ///   - cameras: serial numbers that may stand there; empty for any.
    public static func parse(_ bytes: [UInt8], plan: ShiftPlan, cameras: Set<String>) -> Result<Roster, Mistakes> {
        guard bytes.count <= largest else {
            return .failure(Mistakes(Mistake(line: 1, text: "the file is larger than \(largest >> 20) MiB")))
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let first = lines.first, first.starts(with: [0xef, 0xbb, 0xbf]) { lines[0] = first.dropFirst(3) }
        let separator = lines.first?.contains(UInt8(ascii: ";")) == true ? UInt8(ascii: ";") : UInt8(ascii: ",")
        let heading = lines.first.map { fields(of: $0, separator) } ?? []
        let columns = heading?.map { Column(rawValue: $0.lowercased()) } ?? []
        guard columns.count == 4, Set(columns.compactMap(\.self)).count == 4 else {
            let text = "the heading must be date,shift,badge,camera"
            return .failure(Mistakes(Mistake(line: 1, text: text)))
        }
        var table = Table(columns: columns.compactMap(\.self), plan: plan, cameras: cameras)
        for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy({ $0 == 32 || $0 == 13 }) {
            table.add(fields(of: line, separator), line: index + 1)
        }
        guard table.mistakes == 0 else {
            return .failure(Mistakes(named: table.named, count: table.mistakes))
        }
        return .success(Roster(table.entries))
    }

    /// The fields of a line without the blanks around them; nil if it is no text, or a quotation mark stands alone. Quoted fields do not go
    /// over the end of a line: nothing in a roster has two lines.
    private static func fields(of line: ArraySlice<UInt8>, _ separator: UInt8) -> [String]? {
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        var rest = line.last == 13 ? line.dropLast() : line
        let quote = UInt8(ascii: "\"")
        while let byte = rest.popFirst() {
            if isQuoted, byte == quote, rest.first == quote {
                rest.removeFirst()
                fields[fields.count - 1].append(quote)
            } else if byte == quote {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
        }
        guard !isQuoted else { return nil }
        let texts = fields.compactMap { field in
            String(validating: field.drop { $0 == 32 }.reversed().drop { $0 == 32 }.reversed(), as: UTF8.self)
        }
        return texts.count == fields.count ? texts : nil
    }

    /// What was read so far.
    private struct Table {
        let columns: [Column]
        let plan: ShiftPlan
        let cameras: Set<String>
        var entries: [Entry] = []
        var named: [Mistake] = []
        var mistakes = 0
        private var worn: [String: Int] = [:]
        private var wearing: [String: Int] = [:]

        init(columns: [Column], plan: ShiftPlan, cameras: Set<String>) {
            self.columns = columns
            self.plan = plan
            self.cameras = cameras
        }

        mutating func add(_ fields: [String]?, line: Int) {
            guard let fields, fields.count == columns.count else {
                return note(line, "it has not exactly the four fields of the heading")
            }
            let values = Dictionary(zip(columns, fields)) { first, _ in first }
            guard let date = CivilDate(values[.date] ?? "") else {
                return note(line, "its date is no day such as 2026-10-25")
            }
            let (shift, badge, camera) = (values[.shift] ?? "", values[.badge] ?? "", values[.camera] ?? "")
            let rules = plan.rules.filter { $0.name == shift }
            guard !rules.isEmpty else { return note(line, "its shift is none of the configuration's 'shifts'") }
            guard rules.contains(where: { $0.days.contains(date.weekday) }) else {
                return note(line, "the shift \(shift) does not begin on a day such as \(date)")
            }
            guard Roster.isBadge(badge) else {
                return note(line, "its badge is no number: 1 to 32 of A-Z a-z 0-9 . _ - with a digit, never a name")
            }
            guard CameraIdentity.isName(camera), cameras.isEmpty || cameras.contains(camera) else {
                return note(line, "its camera is none that is listed in 'cameras'")
            }
            let place = "\(date) \(shift) "
            if let other = worn.updateValue(line, forKey: place + camera) {
                return note(line, "this camera is in the same shift in line \(other)")
            }
            if let other = wearing.updateValue(line, forKey: place + badge) {
                return note(line, "this badge has a camera in the same shift in line \(other)")
            }
            entries.append(Entry(date: date, shift: shift, badge: badge, camera: camera))
        }

        private mutating func note(_ line: Int, _ text: String) {
            mistakes += 1
            if named.count < Roster.namedMistakes { named.append(Mistake(line: line, text: text)) }
        }
    }

    /// Whether a text can be a badge number. A person's name has no digit.
    static func isBadge(_ text: String) -> Bool {
        CameraIdentity.isName(text) && text.utf8.count <= 32 && text.utf8.contains { (48...57).contains($0) }
    }
}

extension Roster.Mistakes {
    fileprivate init(_ mistake: Roster.Mistake) { self.init(named: [mistake], count: 1) }

    /// For people: each on a line of its own.
    public var lines: [String] {
        named.map(\.description) + (count > named.count ? ["\(count - named.count) more mistakes"] : [])
    }
}
