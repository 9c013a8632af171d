import DockCore

/// What a value must be, and how its text becomes that.
struct Rule<Value> {
    /// What is allowed, as it stands in messages and in the documentation.
    let allowed: String
    /// The value, or what speaks against the text.
    let read: (String) -> Result<Value, Objection>
    /// Whether the text may be a secret, which no message repeats.
    var isPrivate = false

    /// What speaks against a text.
    struct Objection: Error {
        /// More than that it is not among what is allowed; nil if that says it all.
        let why: String?
    }

    /// A rule whose `read` gives nil for what is not allowed.
    init(_ allowed: String, _ read: @escaping (String) -> Value?) {
        self.allowed = allowed
        self.read = { text in read(text).map { .success($0) } ?? .failure(Objection(why: nil)) }
    }

    /// A rule whose `read` says why it refuses.
    init(explaining allowed: String, _ read: @escaping (String) -> Result<Value, Objection>) {
        self.allowed = allowed
        self.read = read
    }
}

extension Rule where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    static func choice(of type: Value.Type) -> Rule {
        Rule(Value.allCases.map(\.rawValue).joined(separator: ", ")) { Value(rawValue: $0) }
    }
}

extension Rule where Value == Bool {
    /// Yes or no.
    static var flag: Rule { Rule("true, false") { ["true": true, "false": false][$0] } }
}

extension Rule where Value == Int {
    /// A whole number.
    static func integer(in range: ClosedRange<Int>) -> Rule {
        Rule("a whole number, \(range.lowerBound) to \(range.upperBound)") { text in
            guard let number = Int(text), String(number) == text, range.contains(number) else { return nil }
            return number
        }
    }
}

extension Rule where Value == Int64 {
    /// A number of bytes.
    static func size(in range: ClosedRange<Int64>) -> Rule {
        let bounds = "\(ByteCount.text(range.lowerBound)) to \(ByteCount.text(range.upperBound))"
        return Rule("a size with its unit, such as '10 GB' or '16 MiB', \(bounds)") { text in
            guard let last = text.utf8.last, !(48...57).contains(last), let bytes = ByteCount.parse(text) else {
                return nil
            }
            return range.contains(bytes) ? bytes : nil
        }
    }
}

extension Rule where Value == Double {
    /// A number of seconds.
    static func duration(in range: ClosedRange<Double>, written bounds: String) -> Rule {
        Rule("a duration with its unit, such as '30s', '1h 30m' or '28d', \(bounds)") { text in
            Quantity.seconds(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Rule where Value == String {
    /// A name that stands in records and file names.
    static var name: Rule {
        Rule("1 to 64 of A-Z a-z 0-9 . _ -, not beginning with '.'") { CameraIdentity.isName($0) ? $0 : nil }
    }

    /// A line for people.
    static var line: Rule {
        Rule("a line of text, at most 200 characters") { text in
            text.unicodeScalars.count <= 200
                && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
                ? text : nil
        }
    }

    /// A path from the root of the dock's file system, without `.` and `..`; slashes at its end are dropped.
    static var absolutePath: Rule {
        Rule("an absolute path such as /srv/evidence, without '.' and '..' parts") { text in
            guard text.hasPrefix("/"), text.utf8.count < 4096, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
            else { return nil }
            let parts = text.split(separator: "/")
            guard !parts.contains("."), !parts.contains(".."), parts.allSatisfy({ $0.utf8.count <= 255 }) else {
                return nil
            }
            return "/" + parts.joined(separator: "/")
        }
    }

    /// Somebody footage is sealed for; `objection` says what is wrong with a text, nil if nothing is.
    static func recipient(_ objection: @escaping (String) -> String?) -> Rule {
        Rule(explaining: "an age X25519 recipient as age-keygen prints it: age1 and 58 lower-case characters") { text in
            objection(text).map { .failure(Objection(why: $0)) } ?? .success(text)
        }
    }
}
