import DockCore
import DockSystem

/// The hashes of RFC 6962 section 2.1: a leaf is SHA-256(0x00 ‖ bytes), a node is SHA-256(0x01 ‖ left ‖ right). The prefixes
/// keep a leaf from being taken for a node.
public struct MerkleHasher: ~Copyable {
    private var digester: Digester
    /// Where a node is put together.
    private var node: [UInt8] = []

    /// Fails only if OpenSSL refuses SHA-256.
    public init() throws(DockError) {
        digester = try Digester(.sha256)
        node.reserveCapacity(65)
    }

    /// The hash of a leaf with this content.
    public mutating func leaf(_ bytes: [UInt8]) throws(DockError) -> SHA256Digest {
        try digester.update([0])
        try digester.update(bytes)
        return try digester.finishSHA256()
    }

    /// The hash of a node with these two children.
    public mutating func node(_ left: SHA256Digest, _ right: SHA256Digest) throws(DockError) -> SHA256Digest {
        node.removeAll(keepingCapacity: true)
        node.append(1)
        node += left.bytes
        node += right.bytes
        try digester.update(node)
        return try digester.finishSHA256()
    }

    /// The root of a tree without leaves: SHA-256 of nothing.
    public mutating func empty() throws(DockError) -> SHA256Digest { try digester.finishSHA256() }
}
