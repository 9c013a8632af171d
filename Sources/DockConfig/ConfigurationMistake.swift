/// One thing that is wrong in a file, and what would be right: `file:line:column: what is wrong; allowed: …`.
public struct ConfigurationMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named.
    public let file: String
    /// Where in it; nil if the file as a whole is wrong.
    public let place: Place?
    /// What is wrong, and what is allowed.
    public let text: String

    /// A place in a text file.
    public struct Place: Hashable, Comparable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// The column in characters (Unicode scalars), from 1.
        public let column: Int

        static let start = Place(line: 1, column: 1)

        /// Orders as one reads.
        public static func < (left: Place, right: Place) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }

    /// The form in which editors and terminals find the place.
    public var description: String {
        guard let place else { return "\(file): \(text)" }
        return "\(file):\(place.line):\(place.column): \(text)"
    }
}

/// Every mistake of a file, or of several that belong together, as they stand in them.
public struct ConfigurationMistakes: Error, Sendable, Equatable, CustomStringConvertible {
    /// The mistakes; at least one.
    public let all: [ConfigurationMistake]

    /// More of them than a person wants to read at once are only counted.
    static let most = 200

    init(_ all: [ConfigurationMistake]) { self.all = all }

    init(_ mistakes: [Mistake], in file: String) {
        let sorted = Set(mistakes).sorted()
        all =
            sorted.prefix(ConfigurationMistakes.most).map {
                ConfigurationMistake(file: file, place: $0.place, text: $0.text)
            }
            + (sorted.count > ConfigurationMistakes.most
                ? [
                    ConfigurationMistake(
                        file: file, place: nil, text: "and \(sorted.count - ConfigurationMistakes.most) mistakes more")
                ] : [])
    }

    /// A line for each.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}

/// A mistake while its file is being read.
struct Mistake: Error, Hashable, Comparable {
    let place: ConfigurationMistake.Place?
    let text: String

    static func < (left: Mistake, right: Mistake) -> Bool {
        (left.place ?? .start, left.text) < (right.place ?? .start, right.text)
    }
}

typealias Place = ConfigurationMistake.Place

/// Text of the file as it stands in a message: short, on one line, and never a secret, because messages end up in logs.
func quoted(_ text: some StringProtocol) -> String {
    let shown = shown(text, longest: 80)
    return shown == hiddenKey ? shown : "'\(shown)'"
}

/// As ``quoted(_:)``, without the quotes and up to `longest` characters.
func shown(_ text: some StringProtocol, longest: Int) -> String {
    let upper = text.prefix(longest * 2).uppercased()
    if upper.contains("AGE-SECRET-KEY-") || upper.contains("PRIVATE KEY") { return hiddenKey }
    let shown = text.unicodeScalars.prefix(longest).map { scalar in
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return "\(shown.joined())\(text.unicodeScalars.count > longest ? "…" : "")"
}

private let hiddenKey = "a secret key (not shown)"
