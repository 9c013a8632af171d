import DockCore

/// The `erase` of the configuration.
enum EraseSection {
    /// Reads it.
    static func read(_ reader: inout MappingReader) -> ErasePolicy {
        let usual = ErasePolicy()
        return ErasePolicy(
            quick: reader.optional("quick", .choice(of: EraseMethod.self)) ?? usual.quick,
            deep: reader.optional("deep", .nightlyOrNever) ?? usual.deep,
            window: reader.optional("window", .window) ?? usual.window)
    }
}
