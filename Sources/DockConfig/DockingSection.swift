import DockCore

/// The `docking` of the configuration.
enum DockingSection {
    /// Reads it; `listed` is the number of cameras that the file lists.
    static func read(_ reader: inout MappingReader, listed: Int) -> DockingSettings {
        let usual = DockingSettings()
        let settings = DockingSettings(
            atOnce: reader.optional("at_once", .integer(in: 1...64)) ?? usual.atOnce,
            comeBack: reader.optional("come_back", .duration(in: 1...600, written: "1s to 10min")) ?? usual.comeBack,
            stallAfter: reader.optional("stall_after", .duration(in: 5...3600, written: "5s to 1h"))
                ?? usual.stallAfter,
            retryAfter: reader.optional("retry_after", .duration(in: 1...3600, written: "1s to 1h"))
                ?? usual.retryAfter,
            usbModels: reader.list("usb_models", of: .usbModel),
            onlyRegistered: reader.optional("only_registered", .flag) ?? usual.onlyRegistered)
        if settings.onlyRegistered, listed == 0 {
            reader.note(
                "'docking.only_registered' lets no camera in, because none is listed; allowed: false, or the cameras in "
                    + "'cameras'", at: reader.place(of: "only_registered"))
        }
        return settings
    }
}
