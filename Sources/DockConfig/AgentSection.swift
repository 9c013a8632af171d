import DockCore

/// The `agent` of the configuration.
enum AgentSection {
    /// Reads it. What lives only while the agent runs does not stand among what must survive it.
    static func read(_ reader: inout MappingReader, state: String, spool: String) -> AgentSettings {
        guard let runtime = reader.optional("runtime", .runtimeFolder) else { return AgentSettings() }
        if runtime == state || runtime == spool || runtime.hasPrefix(spool + "/") {
            reader.note(
                "this is the dock's own state or spool; allowed: a folder of its own", at: reader.place(of: "runtime"))
        }
        return AgentSettings(runtime: runtime)
    }
}
