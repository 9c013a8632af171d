import DockCore
import Foundation

extension Rule where Value == [UInt8] {
    /// An Ed25519 public key, 32 bytes: as OpenSSH writes it (RFC 8709 section 4), or its bytes in hexadecimal or Base64.
    static var publicKey: Rule {
        Rule("an Ed25519 public key: 'ssh-ed25519 AAAA…', 64 hexadecimal digits, or 32 bytes in Base64") { text in
            let words = text.split(separator: " ")
            let bytes: [UInt8]?
            if words.first == "ssh-ed25519" {
                guard words.count >= 2 else { return nil }
                bytes = Data(base64Encoded: String(words[1])).flatMap { keyBytes(inBlob: Array($0)) }
            } else {
                bytes = Hex.decode(text) ?? Data(base64Encoded: text).map(Array.init)
            }
            guard let bytes, bytes.count == 32, bytes.contains(where: { $0 != 0 }) else { return nil }
            return bytes
        }
    }

    /// The key in OpenSSH's form: the name of the algorithm and the key, each after its length in 4 bytes (RFC 4251 section 5).
    private static func keyBytes(inBlob blob: [UInt8]) -> [UInt8]? {
        let head = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32]
        return blob.starts(with: head) ? Array(blob.dropFirst(head.count)) : nil
    }
}
