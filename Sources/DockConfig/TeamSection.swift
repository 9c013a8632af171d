import DockCore

/// The `teams` of the configuration.
enum TeamSection {
    /// Reads all of them.
    /// - Returns: the teams, and every name, also of teams that have mistakes.
    static func read(_ reader: inout MappingReader) -> (teams: [TeamSettings], names: [String]) {
        var names: [String] = []
        let teams: [TeamSettings] = reader.sections("teams") { reader in
            let name = reader.required("name", .name)
            let regime = reader.required("regime", .choice(of: TeamSettings.Regime.self))
            let retention = reader.optional(
                "retention", .duration(in: 86_400...3_153_600_000, written: "1d to 36500d"))
            guard let name else { return nil }
            if names.contains(where: { $0.lowercased() == name.lowercased() }) {
                reader.note(
                    "a second team is named \(quoted(name)); allowed: a name of its own", at: reader.place(of: "name"))
            }
            names.append(name)
            return regime.map {
                TeamSettings(name: name, regime: $0, retention: retention ?? TeamSettings.usualRetention)
            }
        }
        return (teams, names)
    }
}
