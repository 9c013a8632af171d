import DockCore
import Foundation

/// The `handover` of the configuration.
enum HandoverSection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> HandoverSettings {
        let usual = HandoverSettings()
        let isCalled = reader.has("webhook")
        return HandoverSettings(
            grace: reader.optional("grace", .duration(in: 0...43_200, written: "0s to 12h")) ?? usual.grace,
            language: reader.optional("language", .choice(of: HandoverSettings.Language.self)) ?? usual.language,
            toVaults: reader.optional("vaults", .flag) ?? usual.toVaults,
            webhook: reader.section("webhook") { isCalled ? webhook(&$0) : nil })
    }

    private static func webhook(_ reader: inout MappingReader) -> WebhookSettings? {
        let url = reader.required("url", .webhook)
        let secret = reader.required("secret", .secretFile)
        let caFile = reader.optional("ca_file", .absolutePath)
        guard let url, let secret else { return nil }
        return WebhookSettings(url: url, secret: secret, caFile: caFile)
    }
}

extension Rule where Value == String {
    /// Where a service takes messages: an endpoint and a path of printable characters.
    static var webhook: Rule {
        let endpoint = Rule.endpoint
        return Rule(
            explaining: "https://host[:port]/path, or http for this machine, at most 1000 characters"
        ) { text in
            guard let start = text.range(of: "://")?.upperBound, text.utf8.count <= 1000,
                text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") })
            else { return .failure(Objection(why: nil)) }
            let end = text[start...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
            return endpoint.read(String(text[..<end])).map { _ in text }
        }
    }
}
