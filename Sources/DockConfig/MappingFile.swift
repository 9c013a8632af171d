/// A file whose content is one mapping.
enum MappingFile {
    /// What `read` makes of the content of `file`. Throws every mistake at once; if there is none, `read` must give a value.
    static func parse<Value>(
        _ bytes: [UInt8], named file: String, _ read: (inout MappingReader) -> Value?
    ) throws(ConfigurationMistakes) -> Value {
        let document: YAMLDocument
        do throws(Mistake) {
            document = YAMLDocument(try FileText.text(bytes))
        } catch {
            throw ConfigurationMistakes([error], in: file)
        }
        guard document.isReadable else { throw ConfigurationMistakes(document.mistakes, in: file) }
        var reader = MappingReader(document.root, name: "", at: .start)
        let value = read(&reader)
        reader.finish()
        let mistakes = document.mistakes + reader.mistakes
        guard mistakes.isEmpty, let value else {
            let unnamed = Mistake(place: nil, text: "it cannot be used; allowed: what docs/configuration.md describes")
            throw ConfigurationMistakes(mistakes.isEmpty ? [unnamed] : mistakes, in: file)
        }
        return value
    }
}
