import DockCore

extension HandoverSettings.Language {
    /// The language of an answer: what the address asks for (`?lang=nl`), else what the dock is set to, else the first of the
    /// board's languages that the browser is set to (RFC 9110, 12.5.4), else English.
    static func chosen(query: String?, configured: Self?, accepted: String?) -> Self {
        if let asked = query.flatMap(Self.init(rawValue:)) ?? configured { return asked }
        var best: (language: Self, weight: Double)?
        for range in (accepted ?? "").prefix(500).split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            guard weight > 0, let tag = parts.first?.split(separator: "-").first?.lowercased(),
                let language = Self(rawValue: tag), weight > best?.weight ?? 0
            else { continue }
            best = (language, weight)
        }
        return best?.language ?? .en
    }
}
