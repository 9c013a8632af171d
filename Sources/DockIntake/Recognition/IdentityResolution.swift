import DockCore

/// What a docked camera shows of itself, gathered before it is decided who it is.
public struct IdentityEvidence: Sendable {
    /// Its manifest, if it has one.
    public var manifest: Manifest?
    /// Its profile.
    public var profile: CameraProfile
    /// Its files.
    public var listing: VolumeListing
    /// Content of the profile's serial file, if it is there.
    public var serialFile: [UInt8]?
    /// Label of its file system, if known.
    public var volumeLabel: String?
    /// UUID (or serial number) of its file system, if known.
    public var volumeUUID: String?
    /// Name of the folder where it is mounted.
    public var folderName: String

    /// Takes the parts as gathered.
    public init(
        manifest: Manifest?, profile: CameraProfile, listing: VolumeListing, serialFile: [UInt8]? = nil,
        volumeLabel: String? = nil, volumeUUID: String? = nil, folderName: String
    ) {
        self.manifest = manifest
        self.profile = profile
        self.listing = listing
        self.serialFile = serialFile
        self.volumeLabel = volumeLabel
        self.volumeUUID = volumeUUID
        self.folderName = folderName
    }
}

/// Who a camera is and who wore it, how that is known, and what speaks against it.
public struct IdentityResolution: Sendable, Equatable {
    /// The camera.
    public let camera: CameraIdentity
    /// Badge of the wearer, if known.
    public let wearer: String?
    /// Contradictions (which hold the camera) and weaknesses (which do not).
    public let findings: [Finding]

    /// Decides. What the camera says of itself counts first: manifest, then serial file, then file names; all of them that
    /// speak must agree. If none does, it is known by its volume, else by its folder, and that is said.
    public init(_ evidence: IdentityEvidence) {
        let names = NamedFootage(evidence)
        var findings: [Finding] = []
        camera = IdentityResolution.camera(evidence, names, &findings)
        wearer = IdentityResolution.wearer(evidence, names, &findings)
        self.findings = findings
    }

    private static func camera(
        _ evidence: IdentityEvidence, _ names: NamedFootage, _ findings: inout [Finding]
    ) -> CameraIdentity {
        var claims: [CameraIdentity] = []
        if let own = evidence.manifest?.camera { claims.append(own) }
        if let serial = evidence.serialFile.flatMap(firstLine) {
            claims.append(CameraIdentity(serial: serial, source: .statusFile))
        }
        claims += names.devices.map { CameraIdentity(serial: $0, source: .fileNames) }
        guard let first = claims.first else { return stranger(evidence, &findings) }
        if claims.contains(where: { !isSame($0.serial, first.serial) }) {
            let list = claims.map { "\($0.source.phrase) \($0.serial)" }.joined(separator: ", ")
            findings.append(
                Finding(
                    .identityConflict, holds: true,
                    "the camera contradicts itself about who it is: \(list); its footage is filed under \(first.serial)"
                ))
        }
        return first
    }

    /// A camera that names itself nowhere. Makers give all their cards one label, so the UUID stands beside it.
    private static func stranger(_ evidence: IdentityEvidence, _ findings: inout [Finding]) -> CameraIdentity {
        let label = evidence.volumeLabel.flatMap { SerialName.sanitised($0, longest: 24) }
        let uuid = evidence.volumeUUID.flatMap { SerialName.sanitised($0, longest: 39) }
        let parts = [label, uuid].compactMap { $0 }
        if !parts.isEmpty {
            let serial = parts.joined(separator: "-")
            findings.append(
                Finding(
                    .identityWeak, holds: false,
                    "the camera names itself nowhere; it is known by its volume, \(serial), which moves with the card"))
            return CameraIdentity(serial: serial, source: .volume)
        }
        guard let folder = SerialName.sanitised(evidence.folderName) else {
            findings.append(
                Finding(
                    .identityWeak, holds: true,
                    "the camera names itself nowhere, and neither its volume nor its folder has a name to know it by"))
            return CameraIdentity(serial: "unnamed", source: .folder)
        }
        findings.append(
            Finding(
                .identityWeak, holds: false,
                "the camera and its volume have no name; it is known by its folder, \(folder), which anybody can rename"
            ))
        return CameraIdentity(serial: folder, source: .folder)
    }

    private static func wearer(
        _ evidence: IdentityEvidence, _ names: NamedFootage, _ findings: inout [Finding]
    ) -> String? {
        if let own = evidence.manifest?.wearer {
            if let other = names.wearers.first(where: { !isSame($0, own) }) {
                findings.append(
                    Finding(
                        .contradiction, holds: false,
                        "the manifest says that \(own) wears the camera, but file names carry \(other); \(own) is recorded"
                    ))
            }
            return own
        }
        if names.wearers.count == 1 { return names.wearers.first }
        let why =
            names.wearers.isEmpty
            ? "nothing on the camera names its wearer"
            : "file names carry more than one wearer (\(names.wearers.joined(separator: ", ")))"
        findings.append(Finding(.wearerUnknown, holds: false, "\(why); look it up where cameras are handed out"))
        return nil
    }

    private static func firstLine(_ content: [UInt8]) -> String? {
        let text = String(decoding: content.prefix(1024), as: UTF8.self)
        let line = text.drop { $0 == "\u{feff}" || $0.isWhitespace }.prefix { !$0.isNewline }
        return SerialName.sanitised(line)
    }

    /// FAT does not keep case, so case tells no two cameras apart.
    private static func isSame(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
}

/// Whom the file names name: the first few of each, since contradictions need no more.
private struct NamedFootage {
    private static let most = 4

    private(set) var devices: [String] = []
    private(set) var wearers: [String] = []

    init(_ evidence: IdentityEvidence) {
        for file in evidence.listing.files {
            guard let match = ProfileRecognition.namedFootage(file.path, in: evidence.profile) else { continue }
            NamedFootage.add(match.device, to: &devices)
            NamedFootage.add(match.wearer, to: &wearers)
        }
    }

    private static func add(_ name: String?, to list: inout [String]) {
        guard list.count < most, let name, list.last != name, let name = SerialName.sanitised(name) else { return }
        if !list.contains(where: { $0.lowercased() == name.lowercased() }) { list.append(name) }
    }
}

/// Text that was not made to be a name, made into one.
enum SerialName {
    /// `text` as ``CameraIdentity/isName(_:)`` allows: what does not fit becomes `-`, blanks around it and what is too long
    /// go. Nil if it has no letter or digit.
    static func sanitised(_ text: some StringProtocol, longest: Int = 64) -> String? {
        var name = ""
        for scalar in text.unicodeScalars.drop(while: \.properties.isWhitespace) {
            guard name.utf8.count < longest else { break }
            let one = String(scalar)
            name +=
                CameraIdentity.isName(one) || (scalar == "." && !name.isEmpty)
                ? one : scalar.properties.isWhitespace ? " " : "-"
        }
        while name.last == " " { name.removeLast() }
        let isNameable = name.utf8.contains {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        }
        return isNameable ? String(name.map { $0 == " " ? "-" : $0 }) : nil
    }
}

extension CameraIdentity.Source {
    fileprivate var phrase: String {
        switch self {
        case .manifest: "its manifest says"
        case .statusFile: "its serial file says"
        case .fileNames: "its file names say"
        case .volume: "its volume says"
        case .knownMedium: "its medium says"
        case .folder: "its folder says"
        }
    }
}
