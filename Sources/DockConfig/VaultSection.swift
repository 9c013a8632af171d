import DockCore

/// The `vaults` of the configuration.
enum VaultSection {
    private enum Kind: String, CaseIterable {
        case directory
        case s3
    }

    /// Reads all of them. Two vaults in one place would be one copy that counts as two; a vault in the spool would be emptied.
    ///
    /// - Parameter lockDays: for how long the teams keep their footage; nil if there is no team.
    /// - Returns: The vaults, and every name, also of vaults that have mistakes.
    static func read(
        _ reader: inout MappingReader, state: String, spool: String, lockDays: TeamLockDays?
    ) -> (vaults: [VaultSettings], names: [String]) {
        var names: [String] = []
        var known: [VaultSettings] = []
        let vaults: [VaultSettings] = reader.sections("vaults", atLeastOne: true) { reader in
            let (name, vault) = VaultSection.vault(&reader, lockDays)
            if let name, names.contains(name) {
                reader.note(
                    "a second vault is named \(quoted(name)); allowed: a name of its own", at: reader.place(of: "name"))
            } else if let name {
                names.append(name)
            }
            guard let vault else { return nil }
            if let other = known.first(where: { $0.kind.isSamePlace(as: vault.kind) }) {
                reader.note(
                    "this is the place of the vault \(quoted(other.name)); allowed: a place of its own, or one copy would count "
                        + "as two", at: reader.place(of: vault.kind.placeKey))
            }
            if case .directory(let path, _) = vault.kind, path == state || path == spool || path.hasPrefix(spool + "/")
            {
                reader.note(
                    "this is the dock's own state or spool; allowed: a folder of its own", at: reader.place(of: "path"))
            }
            known.append(vault)
            return vault
        }
        return (vaults, names)
    }

    /// The settings, and the name even where they are wrong.
    private static func vault(
        _ reader: inout MappingReader, _ lockDays: TeamLockDays?
    ) -> (name: String?, settings: VaultSettings?) {
        let name = reader.required("name", .name)
        let confirm = reader.optional("confirm", .choice(of: Receipt.Confirmation.self)) ?? .head
        let stale = reader.optional("stale_uploads", .duration(in: 3600...31_536_000, written: "1h to 365d"))
        var kind: VaultSettings.Kind?
        var limits = RateSchedule()
        switch reader.required("type", .choice(of: Kind.self)) {
        case .directory:
            let mounted = reader.optional("mounted", .flag) ?? false
            kind = reader.required("path", .absolutePath).map { .directory(path: $0, mounted: mounted) }
        case .s3:
            kind = bucket(&reader, lockDays).map { .s3($0) }
            limits = DeliverySection.limits(&reader)
        case nil: reader.ignoreUnknownKeys()
        }
        guard let name, let kind else { return (name, nil) }
        return (
            name,
            VaultSettings(
                name: name, confirm: confirm, kind: kind, limits: limits, staleUploads: stale ?? 7 * 86_400)
        )
    }

    private static func bucket(_ reader: inout MappingReader, _ lockDays: TeamLockDays?) -> S3Settings? {
        let endpoint = reader.required("endpoint", .endpoint)
        let region = reader.optional("region", .region) ?? "us-east-1"
        let bucket = reader.required("bucket", .bucket)
        let prefix = reader.optional("prefix", .keyPrefix) ?? ""
        let credentials = reader.required("credentials", .secretFile)
        let authorities = reader.optional("ca_file", .absolutePath)
        let client = clientCertificate(&reader)
        let pinned = reader.optional("pinned_public_key", .pinnedKeys)
        if endpoint?.hasPrefix("http:") ?? false {
            for key in ["ca_file", "client_certificate", "pinned_public_key"] where reader.has(key) {
                reader.note(
                    "\(reader.full(key)) has no effect without TLS; allowed: only with an endpoint of https",
                    at: reader.place(of: key))
            }
        }
        let lock = lockPolicy(&reader, lockDays)
        let connections = reader.optional("connections", .integer(in: 1...64)) ?? 4
        let stall = reader.optional("stall_timeout", .duration(in: 1...3600, written: "1s to 1h")) ?? 30
        guard let endpoint, let bucket, let credentials else { return nil }
        return S3Settings(
            endpoint: endpoint, region: region, bucket: bucket, prefix: prefix, credentials: credentials,
            caFile: authorities, client: client, pinnedPublicKey: pinned, lock: lock, connections: connections,
            stallTimeout: stall)
    }

    /// Nil if there is none, or none that says what to do.
    private static func lockPolicy(_ reader: inout MappingReader, _ lockDays: TeamLockDays?) -> ObjectLock.Policy? {
        let isWritten = reader.has("lock")
        return reader.section("lock") { reader in
            let mode = reader.optional("mode", .choice(of: ObjectLock.Mode.self))
            let days = reader.optional("days", .lockDays)
            if days == .ofTeam, lockDays == nil {
                reader.note(
                    "\(reader.full("days")) needs a team in 'teams'; allowed: a number of days, or team with teams",
                    at: reader.place(of: "days"))
            }
            let hold = reader.optional("legal_hold", .flag) ?? false
            for (here, other) in [("mode", "days"), ("days", "mode")] where reader.has(here) && !reader.has(other) {
                reader.note(
                    "\(reader.full(here)) is nothing without \(reader.full(other)); allowed: both or none",
                    at: reader.place(of: here))
            }
            if isWritten, !hold, !reader.has("mode"), !reader.has("days") {
                reader.note(
                    "a lock that locks nothing; allowed: mode with days, legal_hold: true, or all three",
                    at: reader.place)
            }
            let retention = mode.flatMap { mode in days.map { $0.retention(mode, lockDays) } }
            return retention != nil || hold ? ObjectLock.Policy(retention: retention, legalHold: hold) : nil
        }
    }

    private static func clientCertificate(_ reader: inout MappingReader) -> ClientCertificate? {
        let certificate = reader.optional("client_certificate", .absolutePath)
        let key = reader.optional("client_key", .secretFile)
        for (here, other) in [("client_certificate", "client_key"), ("client_key", "client_certificate")]
        where reader.has(here) && !reader.has(other) {
            reader.note(
                "\(reader.full(here)) is nothing without \(reader.full(other)); allowed: both or none",
                at: reader.place(of: here))
        }
        guard let certificate, let key else { return nil }
        return ClientCertificate(certificate: certificate, key: key)
    }
}

extension VaultSettings.Kind {
    fileprivate func isSamePlace(as other: VaultSettings.Kind) -> Bool {
        switch (self, other) {
        case (.directory(let left, _), .directory(let right, _)): left == right
        case (.s3(let left), .s3(let right)):
            left.service == right.service && left.bucket == right.bucket && left.prefix == right.prefix
        default: false
        }
    }

    fileprivate var placeKey: String {
        switch self {
        case .directory: "path"
        case .s3: "bucket"
        }
    }
}

extension S3Settings {
    /// The endpoint in one form: host names have no case, and the usual port goes without saying.
    fileprivate var service: Substring {
        let text = endpoint.lowercased()
        let usual = text.hasPrefix("https:") ? ":443" : ":80"
        return text.hasSuffix(usual) ? text.dropLast(usual.count) : text[...]
    }
}
