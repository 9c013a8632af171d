/// The second appearance of a key in a mapping that is written in lines, and the text without it.
struct RepeatedKey {
    /// Where it stands.
    let place: Place
    /// The text with the lines of the second appearance emptied, so that every other place stays what it was.
    let remainingText: String

    /// Looks below `first` for a line that begins with `key` in the same column; nil if there is none (the mapping is written
    /// in braces).
    init?(_ key: String, after first: Place, in text: String) {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        let indent = first.column - 1
        guard let start = RepeatedKey.line(with: key, indent: indent, from: first.line, in: lines) else { return nil }
        var line = start
        repeat {
            lines[line] = ""
            line += 1
        } while line < lines.count && RepeatedKey.belongs(lines[line], below: indent)
        place = Place(line: start + 1, column: first.column)
        remainingText = lines.joined(separator: "\n")
    }

    /// Index of the line, looking from index `start` to the end of the mapping.
    private static func line(with key: String, indent: Int, from start: Int, in lines: [Substring]) -> Int? {
        for index in lines.indices.dropFirst(start) {
            let line = lines[index]
            guard let depth = self.indent(of: line) else { continue }
            if depth < indent { return nil }
            guard depth == indent else { continue }
            let content = line.dropFirst(indent)
            for form in [key, "'\(key)'", "\"\(key)\""] where content.hasPrefix(form) {
                if content.dropFirst(form.count).drop(while: { $0 == " " }).hasPrefix(":") { return index }
            }
        }
        return nil
    }

    /// Spaces before a line's content; nil for empty and comment lines.
    private static func indent(of line: Substring) -> Int? {
        let content = line.utf8.drop { $0 == UInt8(ascii: " ") }
        guard let first = content.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "\r") else { return nil }
        return line.utf8.count - content.count
    }

    /// Whether a line belongs to the value of a key in column `indent`: it is deeper, or a list or bracket in the same column.
    private static func belongs(_ line: Substring, below indent: Int) -> Bool {
        guard let depth = self.indent(of: line) else { return true }
        return depth > indent
            || (depth == indent && ["- ", "]", "}"].contains { line.dropFirst(indent).hasPrefix($0) })
    }
}
