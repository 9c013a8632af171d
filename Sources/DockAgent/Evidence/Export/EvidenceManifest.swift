import DockCore

/// `export.json` of a bundle: what was asked for, and which file is which.
struct EvidenceManifest: Codable, Equatable {
    static let schema = "bodydock-export-1"

    /// A file of footage in the bundle.
    struct Footage: Codable, Equatable {
        /// Its path in the bundle.
        var name: String
        /// Name of the docking that took it in.
        var docking: String
        /// Serial number of the camera.
        var camera: String
        /// The recording that it belongs to.
        var recording: String
        /// Where it lay on the camera.
        var path: CameraPath
        /// SHA-256 of its content, opened.
        var sha256: SHA256Digest
        /// Size of its content in bytes.
        var bytes: Int64
    }

    var schema = EvidenceManifest.schema
    /// The dock whose signatures these are.
    var dock: String
    var form: EvidenceDisclosed.Form
    /// For whom it is sealed, if it was sealed anew.
    var recipients: [String]
    var selection: EvidenceSelection
    var reason: String
    var requestedBy: String
    var footage: [Footage]
    /// Cameras whose clocks are certified.
    var clocks: [String]
    /// Dockings whose records are in the bundle.
    var dockings: [String]
}

extension EvidenceManifest {
    /// Tells of what was found.
    init(dock: String, _ request: EvidenceExport.Request, _ found: EvidenceSearch.Found) {
        let form = request.form.disclosed
        let names = BundleName.footage(found.files.map(\.file.sealed.object), isSealed: form != .opened)
        self.init(
            dock: dock, form: form, recipients: request.form.recipients, selection: request.selection,
            reason: request.reason, requestedBy: request.requestedBy,
            footage: zip(found.files, names).map { file, name in
                .init(
                    name: name, docking: file.docking, camera: file.camera, recording: file.recording,
                    path: file.file.path, sha256: file.file.sha256, bytes: file.file.bytes)
            }, clocks: Array(Set(found.files.map(\.camera))).sorted(),
            dockings: found.dockings.map(\.document.record.docking))
    }
}

/// Names in a bundle.
enum BundleName {
    static let manifest = "export.json"
    static let sums = "SHA256SUMS"
    static let signature = "SHA256SUMS.sig"
    static let signers = "allowed_signers"
    static let key = "dock.pub"
    static let guide = "VERIFY.md"
    static let cover = "cover.html"
    /// Hashes of the footage as it is when it is opened; only where it is sealed.
    static let opened = "OPENED.SHA256SUMS"

    static func custody(_ docking: String) -> String { "dockings/\(docking)/custody.json" }
    static func proof(_ docking: String) -> String { "dockings/\(docking)/custody.proof" }
    static func coverage(_ docking: String) -> String { "dockings/\(docking)/coverage.json" }
    static func clock(_ camera: String) -> String { "clocks/\(camera).json" }

    /// Where files of footage go: as in the vault, without the hash and the ending; with the hash in front where two would have one name.
    static func footage(_ objects: [ObjectName], isSealed: Bool) -> [String] {
        func plain(_ object: ObjectName) -> (folder: String, name: String, hash: String) {
            let text = object.text
            let cut = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
            let parts = text[cut...].dropLast(4).split(separator: ".")
            // The name of the sealing stands behind the hash where another object had the name.
            let hash = parts.dropFirst().last { $0.count == 12 && $0.allSatisfy(\.isHexDigit) }.map(String.init) ?? ""
            let name =
                hash.isEmpty ? String(text[cut...].dropLast(4)) : parts.prefix { $0 != hash }.joined(separator: ".")
            return (String(text[..<cut]), name, hash)
        }
        let plains = objects.map(plain)
        let counts = Dictionary(plains.map { ($0.folder + $0.name.lowercased(), 1) }, uniquingKeysWith: +)
        return plains.map { plain in
            let isTaken = counts[plain.folder + plain.name.lowercased()] != 1
            return "footage/\(plain.folder)\(isTaken ? plain.hash + "-" : "")\(plain.name)\(isSealed ? ".age" : "")"
        }
    }
}
