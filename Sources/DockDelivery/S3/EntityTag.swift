import DockCore
import DockSystem

/// S3's `ETag`: MD5 of the bytes of an object that was put at once, and for one of N parts the MD5 of their MD5s, `-N`.
/// Services that encrypt answer with other tags; those are only compared with what the service said before.
enum EntityTag {
    /// Whether a tag from outside may be kept and repeated: short, printable ASCII, no markup.
    static func isPlain(_ tag: String) -> Bool {
        (1...130).contains(tag.utf8.count)
            && tag.utf8.allSatisfy { (0x21...0x7e).contains($0) && !Array("<>&'".utf8).contains($0) }
    }

    /// The tag without its quotes.
    static func bare(_ tag: String) -> Substring {
        tag.count >= 2 && tag.hasPrefix("\"") && tag.hasSuffix("\"") ? tag.dropFirst().dropLast() : tag[...]
    }

    /// The tag of an object made of parts with `tags`; nil if one of them does not look like an MD5.
    static func ofParts(_ tags: [String]) throws(DockError) -> String? {
        var digester = try Digester(.md5)
        for tag in tags {
            guard let bytes = Hex.decode(bare(tag)), bytes.count == 16 else { return nil }
            try digester.update(bytes)
        }
        return "\(Hex.encode(try digester.finish()))-\(tags.count)"
    }

    /// Whether a tag has the form of ``ofParts(_:)``.
    static func looksLikeParts(_ tag: Substring) -> Bool {
        let pieces = tag.split(separator: "-", omittingEmptySubsequences: false)
        return pieces.count == 2 && Hex.decode(pieces[0])?.count == 16 && Int(pieces[1]) != nil
    }
}
