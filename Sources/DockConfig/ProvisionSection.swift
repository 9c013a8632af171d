import DockCore

/// The `provision` of a profile.
enum ProvisionSection {
    /// Files that are written to one camera; each is a write that a person waits for.
    static let most = 64

    /// Reads all of it.
    static func read(_ reader: inout MappingReader, places: ProfilePlaces) -> [ProvisionedFile] {
        let count = reader.count(of: "provision")
        if count > most {
            reader.note("'provision' has \(count) files; allowed: at most \(most)", at: reader.place(of: "provision"))
        }
        var known: [CameraPath] = []
        return reader.sections("provision") { reader in
            let path = reader.required("path", .cameraPath)
            let text = reader.required("text", .provisionText)
            // Beyond that the list is refused anyway, and comparing all with all would cost.
            if let path, known.count < most {
                if let objection = places.objection(toProvisioning: path) {
                    reader.note("'provision.path' \(objection)", at: reader.place(of: "path"))
                }
                if let other = known.first(where: { path.collides(with: $0) }) {
                    reader.note(
                        "'provision.path' collides with \(quoted(other.description)) above; allowed: a place of its own, "
                            + "whatever its case", at: reader.place(of: "path"))
                }
                known.append(path)
            }
            guard let path, let text else { return nil }
            return ProvisionedFile(path: path, text: text)
        }
    }
}

extension Rule where Value == ProvisionText {
    /// What a provisioned file says. It may hold a password, so no message repeats it.
    fileprivate static var provisionText: Rule {
        let fields = ProvisionText.Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
        var rule = Rule(
            explaining: "text in quotes or after '|', at most 64 KiB; fields are \(fields), braces '{{' and '}}'"
        ) { text in
            guard text.utf8.count <= 64 << 10 else {
                return .failure(Objection(why: "it has \(text.utf8.count) bytes"))
            }
            return ProvisionText.parse(text).mapError { Objection(why: $0.reason) }
        }
        rule.isPrivate = true
        return rule
    }
}
