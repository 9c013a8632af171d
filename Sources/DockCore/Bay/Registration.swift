extension Configuration {
    /// What speaks against taking in a camera, by what the administrator has listed; nil if nothing does.
    /// - Parameters:
    ///   - camera: who it says it is.
    ///   - usb: what its USB device says of itself.
    public func objection(to camera: CameraIdentity, usb: USBIdentity) -> String? {
        let listed = cameras.first { $0.serial.lowercased() == camera.serial.lowercased() }
        guard let listed else {
            if docking.onlyRegistered { return "camera \(camera.serial) is not among the listed cameras" }
            let owner = cameras.first { $0.usbSerial != nil && $0.usbSerial == usb.serial && $0.usb == usb.model }
            return owner.map { "it says it is camera \(camera.serial), but its USB device is that of \($0.serial)" }
        }
        if let model = listed.usb, model != usb.model {
            return "camera \(listed.serial) is listed with USB model \(model), and this one shows \(usb.model)"
        }
        if let serial = listed.usbSerial, serial != usb.serial {
            let shown = usb.serial.map { "'\($0.prefix(64))'" } ?? "none"
            return "camera \(listed.serial) is listed with USB serial number '\(serial)', and this one shows \(shown)"
        }
        return nil
    }

    /// How a camera's medium is emptied: what its profile says, else what the administrator says.
    public func quickErase(_ profile: CameraProfile) -> EraseMethod { profile.care.quickErase ?? erase.quick }

    /// How a camera's medium is emptied at night; nil for never.
    public func deepErase(_ profile: CameraProfile) -> EraseMethod? { profile.care.deepErase ?? erase.deep }
}
