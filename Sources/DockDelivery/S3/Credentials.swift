import DockCore

/// An S3 access key and its secret. They are never part of an error, a log or a description.
struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let accessKey: String
    let secretKey: String

    var description: String { "(credentials)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }

    init(accessKey: String, secretKey: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    /// Reads a file (``SecretFile``) of `access_key_id = …` and `secret_access_key = …`; `#` begins a comment line.
    static func read(_ path: String) throws(DockError) -> (credentials: Credentials, identity: FileIdentity) {
        let (text, identity) = try SecretFile.read(path, most: 4096)
        return (try Credentials(text, from: path), identity)
    }

    private init(_ text: String, from path: String) throws(DockError) {
        var values: [String: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let line = Credentials.trim(line)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Credentials.trim)
            guard parts.count == 2, ["access_key_id", "secret_access_key"].contains(parts[0]), !parts[1].isEmpty,
                parts[1].utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                values.updateValue(parts[1], forKey: parts[0]) == nil
            else {
                throw Credentials.unusable(
                    "\(path):\(index + 1)",
                    "the line is neither 'access_key_id = …' nor 'secret_access_key = …', or is there twice")
            }
        }
        guard let access = values["access_key_id"], let secret = values["secret_access_key"] else {
            throw Credentials.unusable(path, "'access_key_id = …' or 'secret_access_key = …' is missing")
        }
        self.init(accessKey: access, secretKey: secret)
    }

    private static func trim(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        let front = text.drop(while: isBlank)
        return String(front.prefix(front.count - front.reversed().prefix(while: isBlank).count))
    }

    private static func unusable(_ place: String, _ why: String) -> DockError {
        DockError(
            .configuration, "cannot use S3 credentials", at: place, because: why,
            next: "write two lines, 'access_key_id = …' and 'secret_access_key = …', and chmod 600 the file")
    }
}
