import DockCore
import DockSeal

/// Whose signatures are believed: a file as `ssh-keygen -Y verify -f` reads it (ssh-keygen(1), ALLOWED SIGNERS), as far as docks need it. When a
/// key counted is not looked at: nothing that it signed says reliably when that was.
struct AllowedSigners {
    private struct Signer {
        let name: String
        /// Nil for any.
        let namespaces: [String]?
        let key: SSHPublicKey
    }

    private let signers: [Signer]

    /// Reads it. Lines that are none of a dock, or have an option that may forbid what is asked, are left out.
    init(_ text: String) {
        signers = text.split(whereSeparator: \.isNewline).compactMap { line in
            guard !line.hasPrefix("#"), let kind = line.range(of: "\(SSHPublicKey.kind) "),
                let key = SSHPublicKey(String(line[kind.lowerBound...]))
            else { return nil }
            let words = line[..<kind.lowerBound].split(separator: " ", maxSplits: 1)
            guard let name = words.first else { return nil }
            var namespaces: [String]?
            for option in words.count > 1 ? words[1].matches(of: /([a-z-]+)(?:="([^"]*)")?/) : [] {
                switch option.1 {
                case "namespaces": namespaces = (option.2 ?? "").split(separator: ",").map(String.init)
                case "valid-after", "valid-before": break
                default: return nil
                }
            }
            return Signer(name: String(name), namespaces: namespaces, key: key)
        }
    }

    /// The keys.
    var keys: [SSHPublicKey] { signers.map(\.key) }

    /// Fingerprints of the keys, each once.
    var fingerprints: [String] {
        get throws(DockError) {
            var all: [String] = []
            for signer in signers {
                let fingerprint = try signer.key.fingerprint
                if !all.contains(fingerprint) { all.append(fingerprint) }
            }
            return all
        }
    }

    /// Why a signature is not one of `content` by somebody of this name for this purpose; nil if it is.
    func objection(
        to signature: [UInt8], of content: [UInt8], by name: String, for namespace: String
    ) throws(DockError) -> String? {
        guard let text = String(validating: signature, as: UTF8.self) else { return "it is no signature" }
        let read: SSHSignature
        do throws(DockError) { read = try SSHSignature(armored: text, at: "the signature") } catch {
            return "it is no signature: \(error.why)"
        }
        guard read.namespace == namespace else { return "it is a signature for '\(read.namespace)'" }
        guard
            signers.contains(where: {
                $0.key == read.key && $0.name == name && $0.namespaces?.contains(namespace) ?? true
            })
        else { return "it is by another key: \(try read.key.fingerprint)" }
        return try read.covers(content) ? nil : "it is not a signature of this content"
    }
}
