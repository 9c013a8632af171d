import DockCore

/// The `shifts` of the configuration.
enum ShiftSection {
    /// Reads all of them. A name may come again for other days.
    /// - Parameter teams: names of all teams.
    static func read(_ reader: inout MappingReader, teams: [String]) -> ShiftPlan {
        var known: [(rule: ShiftPlan.Rule, line: Int)] = []
        let rules: [ShiftPlan.Rule] = reader.sections("shifts") { reader in
            let name = reader.required("name", .name)
            let days = DeliverySection.days(&reader)
            let from = reader.required("from", .timeOfDay)
            let to = reader.required("to", .timeOfDay)
            let members = reader.list("teams", of: .name)
            for team in members where !teams.contains(team) {
                let nearest = KeySuggestion.nearest(to: team, among: teams).map { "did you mean '\($0)'? " } ?? ""
                let allowed = teams.isEmpty ? "teams that are listed in 'teams'" : teams.joined(separator: ", ")
                reader.note(
                    "\(reader.full("teams")) names \(quoted(team)), which is no team; \(nearest)allowed: \(allowed)",
                    at: reader.place(of: "teams", item: team))
            }
            guard let name, let from, let to else { return nil }
            let rule = ShiftPlan.Rule(
                name: name, days: days, time: DailyWindow(from: from, until: to), teams: members)
            if let other = known.first(where: { $0.rule.name == name && !$0.rule.days.isDisjoint(with: days) }) {
                reader.note(
                    "the shift \(quoted(name)) of line \(other.line) begins on the same day; allowed: other days, or a name of its own",
                    at: reader.place(of: "name"))
            }
            known.append((rule, reader.place.line))
            return rule
        }
        return ShiftPlan(rules)
    }
}
