import DockCore

/// The `cameras` of the configuration.
enum CameraSection {
    /// Reads all of them. `models` are the USB models that the dock lets in; empty for any.
    static func read(_ reader: inout MappingReader, models: Set<USBModel>) -> [RegisteredCamera] {
        var serials: [String: String] = [:]
        var owners: [[UInt8]: String] = [:]
        return reader.sections("cameras") { reader in
            let serial = reader.required("serial", .name)
            let camera = RegisteredCamera(
                serial: serial ?? "", publicKey: reader.optional("public_key", .publicKey),
                usb: reader.optional("usb", .usbModel), usbSerial: reader.optional("usb_serial", .usbSerial),
                wearer: reader.optional("wearer", .name), neededAt: reader.optional("needed_at", .timeOfDay))
            if let usb = camera.usb, !models.isEmpty, !models.contains(usb) {
                reader.note(
                    "'docking.usb_models' does not let \(quoted(usb.description)) in; allowed: one of its models",
                    at: reader.place(of: "usb"))
            }
            guard let serial else { return nil }
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
