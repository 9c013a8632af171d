import DockCore

/// The `cameras` of the configuration.
enum CameraSection {
    /// Reads all of them.
    /// - Parameters:
    ///   - models: USB models that the dock lets in; empty for any.
    ///   - teams: names of all teams.
    static func read(_ reader: inout MappingReader, models: Set<USBModel>, teams: [String]) -> [RegisteredCamera] {
        var numbers: [String: String] = [:]
        var serials: [String: String] = [:]
        var owners: [[UInt8]: String] = [:]
        return reader.sections("cameras") { reader in
            let serial = reader.required("serial", .name)
            let camera = RegisteredCamera(
                serial: serial ?? "", publicKey: reader.optional("public_key", .publicKey),
                usb: reader.optional("usb", .usbModel), usbSerial: reader.optional("usb_serial", .usbSerial),
                wearer: reader.optional("wearer", .name), neededAt: reader.optional("needed_at", .timeOfDay),
                team: reader.optional("team", .name), number: reader.optional("number", .name))
            if let team = camera.team, !teams.contains(team) {
                let known = teams.isEmpty ? "a team that is listed in 'teams'" : teams.joined(separator: ", ")
                let nearest = KeySuggestion.nearest(to: team, among: teams).map { "did you mean '\($0)'? " } ?? ""
                reader.note(
                    "\(reader.full("team")) names \(quoted(team)), which is no team; \(nearest)allowed: \(known)",
                    at: reader.place(of: "team"))
            }
            if let usb = camera.usb, !models.isEmpty, !models.contains(usb) {
                reader.note(
                    "'docking.usb_models' does not let \(quoted(usb.description)) in; allowed: one of its models",
                    at: reader.place(of: "usb"))
            }
            guard let serial else { return nil }
            if let number = camera.number, let other = numbers.updateValue(serial, forKey: number.lowercased()) {
                reader.note(
                    "this is also the number of the camera \(quoted(other)); allowed: a number of its own",
                    at: reader.place(of: "number"))
            }
            if let other = serials.updateValue(serial, forKey: serial.lowercased()) {
                reader.note(
                    "the camera \(quoted(other)) stands here twice; allowed: once", at: reader.place(of: "serial"))
            }
            if let key = camera.publicKey, let other = owners.updateValue(serial, forKey: key) {
                reader.note(
                    "this is also the key of the camera \(quoted(other)); allowed: a key of its own for each camera",
                    at: reader.place(of: "public_key"))
            }
            return camera
        }
    }
}
