import DockCore

/// Finds out what kind of camera a volume belongs to, by what lies on it; never by USB numbers alone, which makers share.
public enum ProfileRecognition {
    /// The matching profile of the highest priority (of several, the first by name); nil if none matches.
    ///
    /// - Parameter usb: The USB model of the device that the volume belongs to; nil if it is a plain folder, or nobody knows.
    ///   A profile that asks for USB models does not match then: what cannot be seen is not taken for granted.
    public static func recognise(
        _ listing: VolumeListing, profiles: [CameraProfile], usb: USBModel? = nil
    ) -> CameraProfile? {
        profiles
            .sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
            .first { matches(listing, usb, $0) }
    }

    private static func matches(_ listing: VolumeListing, _ usb: USBModel?, _ profile: CameraProfile) -> Bool {
        guard profile.usbModels.isEmpty || usb.map(profile.usbModels.contains) == true else { return false }
        guard profile.requiredPaths.allSatisfy(listing.contains) else { return false }
        guard
            profile.requiredExtensions.isEmpty
                || listing.files.contains(where: { profile.requiresExtension(of: $0.path) })
        else { return false }
        guard profile.requiresMatchingName else { return true }
        return listing.files.contains { namedFootage($0.path, in: profile) != nil }
    }

    /// What the name of a footage file says; nil for files that are no footage by place, or whose names do not fit.
    static func namedFootage(_ path: CameraPath, in profile: CameraProfile) -> FileNamePattern.Match? {
        guard let pattern = profile.fileName else { return nil }
        let isInPlace =
            profile.footageFolders.isEmpty
            || profile.footageFolders.contains { path.bytes.starts(with: $0.bytes + [UInt8(ascii: "/")]) }
        return isInPlace ? pattern.match(path.name) : nil
    }
}

extension CameraProfile {
    /// Whether a file has one of the extensions that this kind of camera is recognised by.
    fileprivate func requiresExtension(of path: CameraPath) -> Bool {
        guard let dot = path.name.lastIndex(of: UInt8(ascii: ".")) else { return false }
        let ending = String(decoding: path.name[(dot + 1)...], as: UTF8.self).lowercased()
        return requiredExtensions.contains(ending)
    }
}
