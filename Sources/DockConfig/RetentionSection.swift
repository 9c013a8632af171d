import DockCore

/// The `retention` of the configuration.
enum RetentionSection {
    /// Reads it. `teams` says whether any team is listed.
    static func read(_ reader: inout MappingReader, teams: Bool) -> RetentionSettings {
        let usual = RetentionSettings()
        let isSaid = reader.has("request_windows")
        let windows = reader.list(
            "request_windows", of: .duration(in: 86_400...3_153_600_000, written: "1d to 36500d"))
        let settings = RetentionSettings(
            apply: reader.optional("apply", .flag) ?? usual.apply,
            grace: reader.optional("grace", .duration(in: 0...31_536_000, written: "0s to 365d")) ?? usual.grace,
            requestWindows: isSaid ? windows : usual.requestWindows)
        if settings.apply, !teams {
            reader.note(
                "nobody says how long footage is kept; allowed: true only with teams in 'teams'",
                at: reader.place(of: "apply"))
        }
        return settings
    }
}
