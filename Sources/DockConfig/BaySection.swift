import DockCore

/// The `bays` of the configuration.
enum BaySection {
    /// More sockets than any dock has.
    static let most = 256

    /// Reads all of them. A port or a light in two bays would show the camera of one at the other.
    static func read(_ reader: inout MappingReader) -> [BaySettings] {
        let count = reader.count(of: "bays")
        if count > most {
            reader.note("'bays' has \(count) bays; allowed: at most \(most)", at: reader.place(of: "bays"))
        }
        var names: [String: String] = [:]
        var ports: [PortPath: String] = [:]
        var lights: [String: String] = [:]
        return reader.sections("bays") { reader in
            let name = reader.required("name", .name)
            if let name, let other = names.updateValue(name, forKey: name.lowercased()) {
                reader.note(
                    "a second bay is named \(quoted(other)); allowed: a name of its own, whatever its case",
                    at: reader.place(of: "name"))
            }
            let title = name.map { quoted($0) } ?? "in line \(reader.place.line)"
            let own = BaySection.ports(&reader)
            for port in own {
                if let other = ports.updateValue(title, forKey: port) {
                    reader.note(
                        "the port \(quoted(port.text)) belongs to the bay \(other) already; allowed: one bay for each port",
                        at: reader.place(of: "port", item: port.text))
                }
            }
            let shown = reader.section("lights") { BaySection.lights(&$0, of: title, among: &lights) }
            guard let name, !own.isEmpty else { return nil }
            return BaySettings(name: name, ports: own, lights: shown)
        }
    }

    /// One port, or a list of them; empty if that is missing or wrong.
    private static func ports(_ reader: inout MappingReader) -> [PortPath] {
        reader.isList("port")
            ? reader.list("port", of: .port, atLeastOne: true)
            : [reader.required("port", .port)].compactMap { $0 }
    }

    /// The lights of the bay `title`; `owners` says to which bay each light belongs.
    private static func lights(
        _ reader: inout MappingReader, of title: String, among owners: inout [String: String]
    ) -> BayLights {
        let lights = BayLights(
            busy: reader.optional("busy", .led), ready: reader.optional("ready", .led),
            attention: reader.optional("attention", .led))
        var seen: Set<String> = []
        for (key, light) in [("busy", lights.busy), ("ready", lights.ready), ("attention", lights.attention)] {
            guard let light, seen.insert(light).inserted, let other = owners.updateValue(title, forKey: light) else {
                continue
            }
            reader.note(
                "the light \(quoted(light)) belongs to the bay \(other) already; allowed: a light shows one bay",
                at: reader.place(of: key))
        }
        return lights
    }
}
