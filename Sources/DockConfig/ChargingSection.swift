import DockCore

/// The `charging` of the configuration.
enum ChargingSection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> ChargingSettings {
        let usual = ChargingSettings()
        let power = reader.optional("power", .choice(of: ChargingSettings.Power.self))
        let settings = ChargingSettings(
            power: power ?? usual.power, atOnce: reader.optional("at_once", .charging) ?? usual.atOnce,
            powerCycles: reader.optional("power_cycles", .integer(in: 0...5)) ?? usual.powerCycles)
        // A value of 'power' that is wrong says nothing of what was meant.
        let isKnown = power != nil || !reader.has("power")
        if isKnown, settings.power == ChargingSettings.Power.none, settings.atOnce != nil {
            reader.note(
                "'charging.at_once' needs ports whose power can be switched; allowed: all, or another 'charging.power' than none",
                at: reader.place(of: "at_once"))
        }
        return settings
    }
}

extension Rule where Value == Int? {
    /// Cameras that may charge at the same time; nil for all.
    fileprivate static var charging: Rule {
        let number = Rule<Int>.integer(in: 1...256)
        return Rule(explaining: "all, or \(number.allowed)") { text in
            text == "all" ? .success(nil) : number.read(text).map { $0 }.mapError { Objection(why: $0.why) }
        }
    }
}
