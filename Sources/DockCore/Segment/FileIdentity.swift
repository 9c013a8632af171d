/// Which file, in which state: what `fstat` says of it. If any of it differs, it is not the file that was read.
public struct FileIdentity: Hashable, Sendable {
    /// Device number of the file system.
    public var device: UInt64
    /// Inode number.
    public var inode: UInt64
    /// Size in bytes.
    public var size: Int64
    /// Last change of content, nanoseconds since 1970.
    public var modified: Int64

    /// Takes the parts as `fstat` gives them.
    public init(device: UInt64, inode: UInt64, size: Int64, modified: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
    }
}

/// A file found on a camera's volume.
public struct CameraFile: Hashable, Sendable {
    /// Where it lies.
    public var path: CameraPath
    /// Which file it is, as listed.
    public var identity: FileIdentity

    /// Takes the parts as listed.
    public init(path: CameraPath, identity: FileIdentity) {
        self.path = path
        self.identity = identity
    }
}
