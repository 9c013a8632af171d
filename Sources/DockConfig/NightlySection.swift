import DockCore

/// The `nightly` of the configuration.
enum NightlySection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> NightSettings {
        let usual = NightSettings()
        return NightSettings(
            checkShare: reader.optional("check_share", .share) ?? usual.checkShare,
            checkMost: reader.optional("check_most", .integer(in: 1...1_000_000)) ?? usual.checkMost,
            checkWithin: reader.optional("check_within", .dayOrAlways) ?? usual.checkWithin)
    }
}

extension Rule where Value == Double? {
    /// A number of seconds; nil for always.
    static var dayOrAlways: Rule {
        let bounds = Rule<Double>.duration(in: 86_400...3_153_600_000, written: "1d to 36500d")
        return Rule(explaining: "always, or \(bounds.allowed)") { text in
            if text == "always" { return .success(nil) }
            return bounds.read(text).map { .some($0) }.mapError { Objection(why: $0.why) }
        }
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
