import Yams

/// Reads a mapping key by key. Nothing is thrown: each mistake is noted with its place and reading goes on, so that a person
/// sees all of them at once. A key that nobody asked for is a mistake as well (``finish()``).
struct MappingReader {
    /// Where the mapping begins.
    let place: Place
    private(set) var mistakes: [Mistake] = []

    private let name: String
    private let entries: [Entry]
    private var asked: [String] = []
    private var refusesUnknownKeys = true
    /// False if something else than a mapping stands here: then its required keys are not missed one by one.
    private var isUsable = true

    private struct Entry {
        let key: String
        let place: Place
        let value: Node
    }

    /// Reads `node`; one that is missing or has no content counts as a mapping without keys.
    init(_ node: Node?, name: String, at place: Place) {
        self.name = name
        self.place = node.map { Place($0) } ?? place
        guard let node, !node.isEmpty else {
            entries = []
            return
        }
        guard case .mapping(let pairs) = node else {
            entries = []
            isUsable = false
            note("\(title) is \(node.kind); allowed: keys with values", at: self.place)
            return
        }
        var entries: [Entry] = []
        for (key, value) in pairs {
            guard let text = key.scalar?.string else {
                mistakes.append(Mistake(place: Place(key), text: "a key that is \(key.kind); allowed: a name"))
                continue
            }
            entries.append(Entry(key: text, place: Place(key), value: value))
        }
        self.entries = entries
    }

    // MARK: Values

    /// The value of a key that may be left out; nil if it is, or if it is wrong.
    mutating func optional<Value>(_ key: String, _ rule: Rule<Value>) -> Value? {
        guard let entry = entry(key) else { return nil }
        return value(entry.value, of: key, rule)
    }

    /// The value of a key that must be there; nil if it is not, or if it is wrong.
    mutating func required<Value>(_ key: String, _ rule: Rule<Value>) -> Value? {
        guard let entry = entry(key) else {
            noteMissing(key, rule.allowed)
            return nil
        }
        return value(entry.value, of: key, rule)
    }

    /// The items of a list, each at most once.
    mutating func list<Value: Hashable>(_ key: String, of rule: Rule<Value>, atLeastOne: Bool = false) -> [Value] {
        var seen: Set<Value> = []
        let allowed = "a list such as [a, b] of: \(rule.allowed)"
        return items(key, allowed: allowed, atLeastOne: atLeastOne).compactMap { item in
            guard let value = value(item, of: key, rule) else { return nil }
            guard seen.insert(value).inserted else {
                note("\(full(key)) has \(quoted(item.scalar?.string ?? "")) twice; allowed: once", at: Place(item))
                return nil
            }
            return value
        }
    }

    /// Whether the value of `key` is a list.
    func isList(_ key: String) -> Bool { entries.first { $0.key == key }?.value.sequence != nil }

    /// Whether `key` is written, whatever stands there.
    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// How many items are written in the list at `key`, right or wrong.
    func count(of key: String) -> Int { entries.first { $0.key == key }?.value.sequence?.count ?? 0 }

    // MARK: Mappings

    /// What `read` makes of the mapping at `key`. One that is left out is read as a mapping without keys, so that defaults and
    /// required keys are said in one place.
    mutating func section<Value>(_ key: String, _ read: (inout MappingReader) -> Value) -> Value {
        let node = entry(key)?.value
        return section(node, of: key, at: node.map { Place($0) } ?? place, read)
    }

    /// What `read` makes of each mapping in the list at `key`.
    mutating func sections<Value>(
        _ key: String, atLeastOne: Bool = false, _ read: (inout MappingReader) -> Value?
    ) -> [Value] {
        items(key, allowed: "a list of '- key: value' items", atLeastOne: atLeastOne)
            .compactMap { section($0, of: key, at: Place($0), read) }
    }

    private mutating func section<Value>(
        _ node: Node?, of key: String, at place: Place, _ read: (inout MappingReader) -> Value
    ) -> Value {
        var reader = MappingReader(node, name: name.isEmpty ? key : "\(name).\(key)", at: place)
        let value = read(&reader)
        reader.finish()
        mistakes += reader.mistakes
        return value
    }

    // MARK: Mistakes

    /// Notes what no rule for a single value finds.
    mutating func note(_ text: String, at place: Place) { mistakes.append(Mistake(place: place, text: text)) }

    /// Where the value of `key` stands; where the mapping begins if it is left out.
    func place(of key: String) -> Place { entries.first { $0.key == key }.map { Place($0.value) } ?? place }

    /// Where the item `text` of the list at `key` stands.
    func place(of key: String, item text: String) -> Place {
        let items = entries.first { $0.key == key }?.value.sequence
        return items?.first { $0.scalar?.string == text }.map { Place($0) } ?? place(of: key)
    }

    /// Leaves keys alone that nobody asked for: what is allowed could not be found out.
    mutating func ignoreUnknownKeys() { refusesUnknownKeys = false }

    /// Notes each key that nobody asked for. To be called once, after the last key.
    mutating func finish() {
        guard refusesUnknownKeys else { return }
        for (index, entry) in entries.filter({ !asked.contains($0.key) }).enumerated() {
            // Comparing costs, and nobody reads more.
            let nearest = index < ConfigurationMistakes.most ? KeySuggestion.nearest(to: entry.key, among: asked) : nil
            let suggestion = nearest.map { "did you mean '\($0)'? " } ?? ""
            let parent = name.isEmpty ? "" : " in '\(name)'"
            note(
                "unknown key \(quoted(entry.key))\(parent); \(suggestion)allowed: \(asked.joined(separator: ", "))",
                at: entry.place)
        }
    }

    /// The dotted name of a key, for messages.
    func full(_ key: String) -> String { name.isEmpty ? "'\(key)'" : "'\(name).\(key)'" }

    private var title: String { name.isEmpty ? "the file" : "'\(name)'" }

    // MARK: Steps

    private mutating func entry(_ key: String) -> Entry? {
        if !asked.contains(key) { asked.append(key) }
        return entries.first { $0.key == key }
    }

    private mutating func noteMissing(_ key: String, _ allowed: String) {
        if isUsable { note("\(full(key)) is missing; allowed: \(allowed)", at: place) }
    }

    private mutating func value<Value>(_ node: Node, of key: String, _ rule: Rule<Value>) -> Value? {
        guard let text = node.scalar?.string else {
            note("\(full(key)) is \(node.kind); allowed: \(rule.allowed)", at: Place(node))
            return nil
        }
        guard !node.isEmpty else {
            note("\(full(key)) has no value; allowed: \(rule.allowed)", at: Place(node))
            return nil
        }
        switch rule.read(text) {
        case .success(let value): return value
        case .failure(let objection):
            let why = objection.why.map { ": \(shown($0, longest: 300))" } ?? ""
            let what = rule.isPrivate ? "has a text that cannot be used" : "is \(quoted(text))"
            note("\(full(key)) \(what)\(why); allowed: \(rule.allowed)", at: Place(node))
            return nil
        }
    }

    private mutating func items(_ key: String, allowed: String, atLeastOne: Bool) -> [Node] {
        guard let entry = entry(key) else {
            if atLeastOne { noteMissing(key, allowed) }
            return []
        }
        guard let items = entry.value.sequence else {
            note("\(full(key)) is \(entry.value.kind); allowed: \(allowed)", at: Place(entry.value))
            return []
        }
        if atLeastOne, items.isEmpty {
            note("\(full(key)) is an empty list; allowed: \(allowed)", at: Place(entry.value))
        }
        return Array(items)
    }
}

extension Node {
    /// Whether nothing is written where a value could stand, or YAML's word for nothing.
    fileprivate var isEmpty: Bool {
        guard let scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// For messages.
    fileprivate var kind: String {
        switch self {
        case .scalar(let scalar): isEmpty ? "nothing" : quoted(scalar.string)
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
