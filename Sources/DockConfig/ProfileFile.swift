import DockCore

/// A file that describes a kind of camera (`docs/profiles.md`).
public enum ProfileFile {
    /// What profile files end in.
    static let ending = ".yaml"

    private enum ManifestType: String, CaseIterable {
        case bodydock
        case sums
        case sidecar
        case none
    }

    private struct Recognition {
        var paths: [CameraPath]
        var extensions: [String]
        var matchingName: Bool
        var usb: [USBModel]
    }

    private struct Footage {
        var folders: [CameraPath]
        var extensions: [String]
        var flagged: [String]
        var name: FileNamePattern?
    }

    /// Reads the profile at `path`, which must be named after it.
    ///
    /// - Throws: Every mistake of the file at once.
    public static func read(_ path: String) throws(ConfigurationMistakes) -> CameraProfile {
        try MappingFile.parse(FileText.read(path), named: path) { reader in
            let profile = ProfileFile.profile(&reader)
            let file = path.split(separator: "/").last ?? ""
            if let profile, file != profile.name + ending {
                reader.note(
                    "'name' is \(quoted(profile.name)) in a file named \(quoted(file)); allowed: \(quoted(profile.name + ending))",
                    at: reader.place(of: "name"))
            }
            return profile
        }
    }

    /// Nil if a required key is missing or wrong; that is noted in the reader.
    private static func profile(_ reader: inout MappingReader) -> CameraProfile? {
        let name = reader.required("name", .name)
        let summary = reader.required("summary", .line)
        let priority = reader.optional("priority", .integer(in: 0...1000)) ?? 500
        let recognition = reader.section("recognise") { ProfileFile.recognition(&$0) }
        let manifest = reader.section("manifest") { ProfileFile.manifest(&$0) }
        let footage = reader.section("footage") { ProfileFile.footage(&$0) }
        let serialFile = reader.optional("serial_file", .cameraPath)
        let preserve = reader.list("preserve", of: .cameraPath)
        if recognition.matchingName, footage.name == nil {
            reader.note(
                "'recognise.matching_name' needs 'footage.name'; allowed: both or neither",
                at: reader.place(of: "recognise"))
        }
        let places = ProfilePlaces(
            manifest: manifest, footageFolders: footage.folders, footageExtensions: footage.extensions,
            serialFile: serialFile)
        if let serialFile, let objection = places.objection(toOwnFile: serialFile) {
            reader.note("'serial_file' \(objection)", at: reader.place(of: "serial_file"))
        }
        let care = CareSection.read(&reader, places: places)
        for path in preserve where footage.folders.contains(where: { $0.lies(atOrBelow: path) }) {
            reader.note(
                "'preserve' covers the footage folder of \(quoted(path.description)), which would never be taken in; allowed: "
                    + "what is no footage", at: reader.place(of: "preserve", item: path.description))
        }
        guard let name, let summary, let manifest else { return nil }
        return CameraProfile(
            name: name, summary: summary, priority: priority, requiredPaths: recognition.paths,
            requiredExtensions: recognition.extensions, requiresMatchingName: recognition.matchingName,
            manifest: manifest,
            footageFolders: footage.folders, footageExtensions: footage.extensions, fileName: footage.name,
            serialFile: serialFile, preserve: preserve, usbModels: recognition.usb, flaggedFolders: footage.flagged,
            care: care)
    }

    private static func recognition(_ reader: inout MappingReader) -> Recognition {
        let before = reader.mistakes.count
        let recognition = Recognition(
            paths: reader.list("paths", of: .cameraPath), extensions: reader.list("extensions", of: .fileExtension),
            matchingName: reader.optional("matching_name", .flag) ?? false,
            usb: reader.list("usb", of: .usbModel))
        if reader.mistakes.count == before, recognition.paths.isEmpty, recognition.extensions.isEmpty,
            !recognition.matchingName
        {
            let fault =
                recognition.usb.isEmpty
                ? "'recognise' says nothing, so every volume would be taken for this camera"
                : "'recognise.usb' is no mark by itself, because makers share USB numbers"
            reader.note(
                "\(fault); allowed: at least one of paths, extensions and 'matching_name: true'", at: reader.place)
        }
        return recognition
    }

    private static func manifest(_ reader: inout MappingReader) -> CameraProfile.ManifestSource? {
        switch reader.required("type", .choice(of: ManifestType.self)) {
        case .bodydock: return reader.required("path", .cameraPath).map { .bodydock($0) }
        case .sums: return reader.required("path", .cameraPath).map { .sums($0) }
        case .sidecar: return .sidecar
        case .some(.none): return CameraProfile.ManifestSource.none
        case nil:
            reader.ignoreUnknownKeys()
            return nil
        }
    }

    private static func footage(_ reader: inout MappingReader) -> Footage {
        Footage(
            folders: reader.list("folders", of: .cameraPath),
            extensions: reader.list("extensions", of: .fileExtension, atLeastOne: true),
            flagged: reader.list("flagged", of: .folderName),
            name: reader.optional("name", .fileName))
    }
}
