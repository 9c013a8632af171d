import DockCore

extension Rule where Value == CameraPath {
    /// A place on a camera.
    static var cameraPath: Rule {
        Rule(explaining: "a path on the camera such as DCIM/100MEDIA, without '/' at its ends, '.' or '..'") { text in
            do throws(DockError) {
                return .success(try CameraPath(text))
            } catch {
                return .failure(Objection(why: error.why))
            }
        }
    }
}

extension Rule where Value == String {
    /// The name of a folder on a camera.
    static var folderName: Rule {
        Rule("the name of a folder, 1 to 255 bytes without '/'") { text in
            do throws(DockError) {
                return try CameraPath(text).components.count == 1 ? text : nil
            } catch {
                return nil
            }
        }
    }

    /// The end of file names.
    static var fileExtension: Rule {
        Rule("1 to 16 of a-z 0-9, without the dot") { text in
            (1...16).contains(text.utf8.count)
                && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
                ? text : nil
        }
    }
}

extension Rule where Value == FileNamePattern {
    /// How file names are built.
    static var fileName: Rule {
        let fields = FileNamePattern.Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
        return Rule(explaining: "text with fields in it, of \(fields)") { text in
            FileNamePattern.parse(text).mapError { Objection(why: $0.reason) }
        }
    }
}
