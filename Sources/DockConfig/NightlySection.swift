import DockCore

/// The `nightly` of the configuration.
enum NightlySection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> NightSettings {
        let usual = NightSettings()
        return NightSettings(
            checkShare: reader.optional("check_share", .share) ?? usual.checkShare,
            checkMost: reader.optional("check_most", .integer(in: 1...1_000_000)) ?? usual.checkMost)
    }
}

extension Rule where Value == Double {
    /// A part of a whole, 0 to 1, written in percent.
    static var share: Rule {
        Rule(explaining: "a share in percent such as '5 %' or 0.5%, 0 % to 100 %") { text in
            guard let number = text.wholeMatch(of: /(\d{1,3}(?:\.\d{1,6})?) ?%/)?.1, let percent = Double(number) else {
                return .failure(Objection(why: Double(text) == nil ? nil : "it has no unit"))
            }
            return percent <= 100 ? .success(percent / 100) : .failure(Objection(why: nil))
        }
    }
}
