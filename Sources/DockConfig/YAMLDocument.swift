import Yams

/// A YAML file as a tree of nodes with their places. Only the plain part of YAML is accepted: one document, no aliases, no
/// tags, bounded nesting.
struct YAMLDocument {
    /// The root; nil if the file says nothing.
    private(set) var root: Node?
    /// What is wrong with the text.
    private(set) var mistakes: [Mistake] = []
    /// Whether ``root`` is what the file says. Some mistakes keep the rest from being read, others do not.
    private(set) var isReadable = false

    /// Levels of nesting beyond which nothing is read; a configuration needs four.
    static let deepest = 16
    /// Repeated keys after which the rest of the file is not looked at.
    private static let mostRepeats = 20

    /// Parses `text`.
    init(_ text: String) {
        mistakes = YAMLBounds.faults(in: text)
        guard mistakes.isEmpty else { return }
        compose(text)
        if let root { inspect(root, depth: 1) }
    }

    private mutating func compose(_ text: String) {
        var text = text
        while true {
            do {
                root = try Yams.compose(yaml: text, .basic, .default, .utf8)
                isReadable = true
                return
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                // The parser stops at a repeated key. The repetition is noted and taken out, so that all mistakes come at once.
                let first = Place(line: context.mark.line, column: context.mark.column)
                let repeated = keys.first.flatMap { RepeatedKey($0, after: first, in: text) }
                let seen = repeated == nil ? "" : " (first in line \(first.line))"
                note(
                    "\(quoted(keys.first ?? "a key")) stands here more than once\(seen); allowed: once",
                    at: repeated?.place ?? first)
                guard let repeated, mistakes.count < YAMLDocument.mostRepeats else { return }
                text = repeated.remainingText
            } catch {
                mistakes.append(YAMLDocument.mistake(from: error))
                return
            }
        }
    }

    private mutating func note(_ text: String, at place: Place) { mistakes.append(Mistake(place: place, text: text)) }

    /// Notes tags, which would make a value something else than it looks like, and nesting that nobody meant.
    private mutating func inspect(_ node: Node, depth: Int) {
        let place = Place(node)
        let tag = node.tag.description
        if !tag.isEmpty, tag != "!", !YAMLDocument.plainTags.contains(tag) {
            note("the tag \(quoted(tag)); allowed: values without tags", at: place)
        }
        guard depth <= YAMLDocument.deepest else {
            note("too many levels; allowed: at most \(YAMLDocument.deepest)", at: place)
            return
        }
        switch node {
        case .scalar, .alias: break
        case .sequence(let items): for item in items { inspect(item, depth: depth + 1) }
        case .mapping(let pairs):
            for (key, value) in pairs {
                inspect(key, depth: depth + 1)
                inspect(value, depth: depth + 1)
            }
        }
    }

    /// The parser gives these to keys and quoted text of its own accord.
    private static let plainTags = Set(
        ["str", "seq", "map", "int", "float", "bool", "null", "timestamp", "merge", "value"].map {
            "tag:yaml.org,2002:" + $0
        })

    private static func mistake(from error: any Error) -> Mistake {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let advice = advice.first { problem.contains($0.problem) }?.allowed ?? "'key: value' lines, '- item' lists"
            var origin = ""
            if let context, context.text.hasPrefix("while"), context.mark.line < mark.line {
                origin = " \(context.text) of line \(context.mark.line)"
            }
            return Mistake(
                place: Place(line: mark.line, column: mark.column),
                text: "this is not YAML: \(problem)\(origin); allowed: \(advice)")
        default:
            return Mistake(
                place: .start, text: "this is not YAML: \(quoted(String(describing: error))); allowed: YAML in UTF-8")
        }
    }

    /// What usually is meant, by a part of libyaml's text.
    private static let advice: [(problem: String, allowed: String)] = [
        (
            "cannot start any token",
            "spaces to indent, never tabs; quotes around text that begins with a special character"
        ),
        (
            "mapping values are not allowed",
            "quotes around text with ': ' in it; keys of one mapping in the same column"
        ),
        ("did not find expected key", "keys of one mapping in the same column"),
        ("could not find expected ':'", "'key: value', with a space after the colon"),
        ("did not find expected '-' indicator", "items of one list in the same column"),
        ("unexpected end of stream", "text in quotes with a quote at both ends"),
        ("another document", "one document in a file"),
        ("nesting level", "at most \(deepest) levels"),
    ]
}

extension Place {
    init(_ node: Node) { self = node.mark.map { Place(line: $0.line, column: $0.column) } ?? .start }
}
