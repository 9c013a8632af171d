import DockSystem
import Glibc

/// Reads a text file of bounded size; what is no text is a mistake with its place.
enum FileText {
    /// Size in bytes beyond which no file is read.
    static let largest = 1 << 20

    /// The content of the regular file at `path`; of one that is too large no more than ``text(_:)`` needs to refuse it. Links are followed: configurations are often linked into place.
    static func read(_ path: String) throws(ConfigurationMistakes) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(Errno) {
            // A pipe or a terminal must not keep us waiting.
            let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            bytes = try file.status().kind == .file ? content(of: file) : nil
        } catch {
            throw wrong(path, "cannot read it: \(error); allowed: the path of a YAML file that may be read")
        }
        guard let bytes else { throw wrong(path, "it is not a regular file; allowed: a YAML file") }
        return bytes
    }

    private static func wrong(_ path: String, _ text: String) -> ConfigurationMistakes {
        ConfigurationMistakes([Mistake(place: nil, text: text)], in: path)
    }

    /// One byte more than is allowed, if there is one.
    private static func content(of file: borrowing Descriptor) throws(Errno) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: largest + 1, alignment: 16)
        defer { buffer.deallocate() }
        let count = try file.readFully(into: buffer)
        return Array(buffer.prefix(count))
    }

    /// Decodes UTF-8. Control characters are refused: no editor shows them, and YAML allows none but tabs and line ends.
    static func text(_ bytes: [UInt8]) throws(Mistake) -> String {
        guard bytes.count <= largest else {
            throw Mistake(place: nil, text: "it is too large; allowed: at most \(largest >> 20) MiB")
        }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var place = Place.start
        var text = String.UnicodeScalarView()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return String(text)
            case .error: throw Mistake(place: place, text: "these bytes are not text; allowed: YAML in UTF-8")
            // A byte order mark says nothing here and is no column of its own.
            case .scalarValue("\u{feff}") where text.isEmpty: break
            case .scalarValue(let scalar):
                guard scalar.properties.generalCategory != .control || allowedControls.contains(scalar) else {
                    let number = String(scalar.value, radix: 16, uppercase: true)
                    throw Mistake(place: place, text: "the control character U+\(number); allowed: text")
                }
                text.append(scalar)
                place =
                    scalar == "\n"
                    ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
            }
        }
    }

    private static let allowedControls: Set<Unicode.Scalar> = ["\t", "\n", "\r", "\u{85}"]
}
