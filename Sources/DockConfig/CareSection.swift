import DockCore

/// What a profile says of a kind of camera beyond its footage.
enum CareSection {
    /// Reads its keys, which stand side by side with the others of the profile. `places` are the profile's other places.
    static func read(_ reader: inout MappingReader, places: ProfilePlaces) -> CameraCare {
        var care = reader.section("erase") { reader in
            CameraCare(
                quickErase: reader.optional("quick", .choice(of: EraseMethod.self)),
                deepErase: reader.optional("deep", .nightly))
        }
        care.batteryFile = reader.section("battery") { reader in
            let file = reader.optional("file", .cameraPath)
            if let file, let objection = places.objection(toOwnFile: file) {
                reader.note("'battery.file' \(objection)", at: reader.place(of: "file"))
            }
            return file
        }
        var places = places
        places.batteryFile = care.batteryFile
        care.provision = ProvisionSection.read(&reader, places: places)
        care.charge = reader.section("charge") { ChargeSection.read(&$0) }
        return care
    }
}
