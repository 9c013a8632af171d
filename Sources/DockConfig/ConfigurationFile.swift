import DockCore

/// The administrator's file (`docs/configuration.md`, `config/bodydock.yaml`).
public enum ConfigurationFile {
    /// The recipient in `config/bodydock.yaml`. Its secret key was thrown away: what is sealed for it nobody can open.
    public static let exampleRecipient = "age1qy9ux9nggd5h6yeah3hd2awlpzghwgsq7hslxm4kqjsqctxlye4skw6tfc"

    /// Reads the file at `path` and fills in every default.
    ///
    /// - Parameter recipient: What is wrong with an age recipient, nil if nothing is. A recipient with a slip in it would seal
    ///   footage for nobody, so this must check all of it.
    /// - Throws: Every mistake of the file at once.
    public static func read(
        _ path: String, recipient: @escaping (String) -> String?
    ) throws(ConfigurationMistakes) -> Configuration {
        try parse(FileText.read(path), named: path, recipient: recipient)
    }

    /// As ``read(_:recipient:)``, of a file's content.
    static func parse(
        _ bytes: [UInt8], named file: String, recipient: @escaping (String) -> String?
    ) throws(ConfigurationMistakes) -> Configuration {
        try MappingFile.parse(bytes, named: file) { reader in
            configuration(&reader, recipient: .recipient(recipient))
        }
    }

    /// Nil if there is no `timestamp`.
    private static func timestamp(_ reader: inout MappingReader) -> TimestampSettings? {
        guard reader.has("timestamp") else { return reader.section("timestamp") { _ in nil } }
        return reader.section("timestamp") { reader in
            let url = reader.required("url", .timestampAuthority)
            let caFile = reader.required("ca_file", .absolutePath)
            guard let url, let caFile else { return nil }
            return TimestampSettings(url: url, caFile: caFile)
        }
    }

    /// Nil if a required key is missing or wrong; that is noted in the reader.
    private static func configuration(_ reader: inout MappingReader, recipient: Rule<String>) -> Configuration? {
        let (dock, origin, key, timestamp) = reader.section("dock") { reader in
            (
                reader.required("name", .name), reader.optional("origin", .origin),
                reader.optional("key", .secretFile), ConfigurationFile.timestamp(&reader)
            )
        }
        let state = reader.optional("state", .absolutePath) ?? "/var/lib/bodydock"
        let spool = reader.section("spool") { reader in
            Configuration.Spool(
                path: reader.optional("path", .absolutePath) ?? state + "/spool",
                keepFree: reader.optional("keep_free", .size(in: 0...1_000_000_000_000_000)) ?? 2_000_000_000)
        }
        let recipients = reader.section("sealing") { $0.list("recipients", of: recipient, atLeastOne: true) }
        let (teams, teamNames) = TeamSection.read(&reader)
        let listed = reader.count(of: "cameras")
        let docking = reader.section("docking") { DockingSection.read(&$0, listed: listed) }
        let cameras = CameraSection.read(&reader, models: Set(docking.usbModels), teams: teamNames)
        let lockDays = TeamLockDays(cameras: cameras, teams: teams)
        let (vaults, names) = VaultSection.read(&reader, state: state, spool: spool.path, lockDays: lockDays)
        let release = reader.section("release") { reader in
            ReleasePolicy(
                require: requirement(&reader, vaults: names),
                erase: reader.optional("erase", .choice(of: ReleasePolicy.Erase.self)) ?? .now,
                coolOff: reader.optional("cool_off", .duration(in: 0...2_592_000, written: "0s to 30d")) ?? 0)
        }
        let folders = reader.section("profiles") { $0.list("folders", of: .absolutePath) }
        let bays = BaySection.read(&reader)
        let erase = reader.section("erase") { EraseSection.read(&$0) }
        let charging = reader.section("charging") { ChargingSection.read(&$0) }
        let agent = reader.section("agent") { AgentSection.read(&$0, state: state, spool: spool.path) }
        let delivery = reader.section("delivery") { DeliverySection.read(&$0) }
        let nightly = reader.section("nightly") { NightlySection.read(&$0) }
        let shifts = ShiftSection.read(&reader, teams: teamNames)
        let roster = reader.optional("roster", .absolutePath)
        let handover = reader.section("handover") { HandoverSection.read(&$0) }
        let retention = reader.section("retention") { RetentionSection.read(&$0, teams: !teamNames.isEmpty) }
        let board = reader.section("board") { BoardSection.read(&$0) }
        let limits = reader.section("limits") { ConfigurationFile.limits(&$0) }
        guard let dock else { return nil }
        return Configuration(
            dock: dock, origin: origin, signingKey: key, timestamp: timestamp, state: state, spool: spool,
            recipients: recipients,
            vaults: vaults,
            release: release,
            profileFolders: folders, cameras: cameras, limits: limits, bays: bays, docking: docking, erase: erase,
            charging: charging, agent: agent, board: board, delivery: delivery, nightly: nightly, teams: teams,
            shifts: shifts, roster: roster, handover: handover, retention: retention)
    }

    private static func requirement(_ reader: inout MappingReader, vaults: [String]) -> ReleasePolicy.Requirement {
        guard reader.isList("require") else {
            let rule = Rule<ReleasePolicy.Requirement>("all, any, or a list of vault names such as [archive]") { text in
                ["all": .all, "any": .any][text]
            }
            return reader.optional("require", rule) ?? .all
        }
        let names = reader.list("require", of: .name, atLeastOne: true)
        for name in names where !vaults.isEmpty && !vaults.contains(name) {
            let suggestion = KeySuggestion.nearest(to: name, among: vaults).map { "did you mean '\($0)'? " } ?? ""
            reader.note(
                "\(reader.full("require")) names \(quoted(name)), which is no vault; \(suggestion)allowed: "
                    + vaults.joined(separator: ", "), at: reader.place(of: "require", item: name))
        }
        return .named(Set(names))
    }

    private static func limits(_ reader: inout MappingReader) -> IntakeLimits {
        let usual = IntakeLimits()
        return IntakeLimits(
            files: reader.optional("files", .integer(in: 1...10_000_000)) ?? usual.files,
            depth: reader.optional("depth", .integer(in: 1...64)) ?? usual.depth,
            manifestBytes: reader.optional("manifest", .size(in: 1000...10_000_000_000)) ?? usual.manifestBytes)
    }
}
