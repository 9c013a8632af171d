/// The only way to destroy a volume block by block and to give it a new file system. It comes out of an ``ErasePermit`` when
/// nothing is left on the volume that the permit does not cover, or out of the record of a format that broke off.
public struct FormatPermit: Sendable {
    /// What is written down before the first block is touched.
    public let began: FormatBegan

    /// Takes up a format that broke off: what the ledger says of it, and what the marker on the medium says. Nil unless they
    /// are the same, on a volume of the same size.
    public init?(resuming began: FormatBegan, docking: String, marker: String, volumeBytes: Int64) {
        guard began.docking == docking, began.marker == marker, began.medium.bytes == volumeBytes else { return nil }
        self.began = began
    }

    fileprivate init(_ began: FormatBegan) { self.began = began }
}

extension ErasePermit {
    /// Permits a new file system on the volume, if every file that lies on it now is covered by this permit, in exactly the
    /// state in which it was read, or was saved to be put back.
    /// - Parameters:
    ///   - listing: every file on the volume, listed just now.
    ///   - saved: files whose content was saved.
    ///   - medium: the medium.
    ///   - method: how its blocks are emptied.
    ///   - marker: 32 hexadecimal digits that nobody can guess.
    ///   - now: by the dock's clock.
    /// - Returns: the permit, or a sentence that says what speaks against it.
    public func format(
        listing: [CameraFile], saved: Set<CameraPath>, medium: Medium, method: EraseMethod, marker: String,
        at now: Instant
    ) -> Result<FormatPermit, FormatObjection> {
        let covered = Dictionary(files.map { ($0.path, $0.identity) }) { first, _ in first }
        for file in listing where !saved.contains(file.path) {
            guard let identity = covered[file.path] else {
                return .failure(FormatObjection(reason: "\(file.path) lies on the volume, and no receipt covers it"))
            }
            guard identity == file.identity else {
                return .failure(FormatObjection(reason: "\(file.path) is not the file that was read"))
            }
        }
        return .success(
            FormatPermit(
                FormatBegan(
                    docking: docking, camera: camera, marker: marker, method: method, medium: medium,
                    files: files.count, began: now)))
    }
}

/// What speaks against a new file system.
public struct FormatObjection: Error, Sendable, Equatable {
    /// A sentence for people.
    public let reason: String
}
