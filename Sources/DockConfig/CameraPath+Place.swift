import DockCore

/// Case does not count here, as on FAT volumes.
extension CameraPath {
    /// Whether this is `folder` or lies in it.
    func lies(atOrBelow folder: CameraPath) -> Bool {
        let path = description.lowercased()
        let other = folder.description.lowercased()
        return path == other || path.hasPrefix(other + "/")
    }

    /// Whether this and `other` are one place, or one of them lies in the other: then they cannot both be files.
    func collides(with other: CameraPath) -> Bool { lies(atOrBelow: other) || other.lies(atOrBelow: self) }

    /// What its name ends in, in lower case and without the dot; nil if there is no dot.
    var ending: String? {
        let name = String(decoding: self.name, as: UTF8.self)
        return name.lastIndex(of: ".").map { name[$0...].dropFirst().lowercased() }
    }
}
