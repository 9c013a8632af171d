import DockCore
import DockDelivery
import DockLedger
import DockSeal
import DockSystem

/// Hands out footage with everything that proves where it comes from: one folder that anybody can verify with stock tools.
public struct EvidenceExport: Sendable {
    /// In which form footage is handed out.
    public enum Form: Sendable {
        /// Sealed, as it lies in the vault.
        case sealed
        /// Sealed anew for other recipients; opened in memory only.
        case resealed([AgeIdentity], [AgeRecipient])
        /// Opened.
        case opened([AgeIdentity])

        var disclosed: EvidenceDisclosed.Form {
            switch self {
            case .sealed: .sealed
            case .resealed: .resealed
            case .opened: .opened
            }
        }

        var recipients: [String] { if case .resealed(_, let recipients) = self { recipients.map(\.text) } else { [] } }
    }

    /// What is asked for.
    public struct Request: Sendable {
        /// Which footage.
        public var selection: EvidenceSelection
        /// In which form.
        public var form: Form
        /// Why it is handed out.
        public var reason: String
        /// Who asked for it.
        public var requestedBy: String
        /// The account that does it.
        public var account: String
        /// Fetch from this vault alone; nil for any.
        public var vault: String?

        /// Takes all values.
        public init(
            selection: EvidenceSelection, form: Form, reason: String, requestedBy: String, account: String,
            vault: String? = nil
        ) {
            self.selection = selection
            self.form = form
            self.reason = reason
            self.requestedBy = requestedBy
            self.account = account
            self.vault = vault
        }
    }

    /// What was handed out.
    public struct Summary: Sendable {
        /// Names of the files of footage in the folder.
        public var footage: [String]
        /// Dockings whose records are there.
        public var dockings: [String]
        /// The key to compare, `SHA256:…`.
        public var fingerprint: String
    }

    let resources: DockResources

    /// Takes what all dockings share.
    public init(_ resources: DockResources) { self.resources = resources }

    /// Writes the ledger's entries first, then fills a folder. An export that was cut off goes on in the same folder.
    /// - Parameter path: the folder; or with `.tar` at its end an archive, whose folder is filled beside it and then removed.
    public func run(
        _ request: Request, to path: String, progress: (_ file: String) -> Void = { _ in }
    ) throws(DockError) -> Summary {
        let isArchive = path.hasSuffix(".tar")
        if isArchive { try BundleArchive.refuseExisting(path) }
        let folder = isArchive ? String(path.dropLast(4)) : path
        let summary = try fill(folder, request, isArchive: isArchive, progress)
        if isArchive { try BundleArchive.make(of: folder) }
        return summary
    }

    private func fill(
        _ folder: String, _ request: Request, isArchive: Bool, _ progress: (_ file: String) -> Void
    ) throws(DockError) -> Summary {
        _ = try CustodyKeeper(resources: resources).catchUp()
        let found = try EvidenceSearch(ledger: resources.ledger, selection: request.selection).run()
        let vaults = try vaults(request)
        let manifest = EvidenceManifest(dock: resources.configuration.dock, request, found)
        let content = try EvidenceJSON.encode(manifest, of: folder)
        let bundle = try BundleFolder(making: folder, for: content, mayBeComplete: isArchive)
        try checkRoom(bundle, found, manifest, isArchive: isArchive)
        try disclose(found, request)
        var writer = try BundleWriter(bundle: bundle, signer: resources.signer, known: resources.ledger.keys())
        try writer.write(content, to: BundleName.manifest)
        let fetch = FootageFetch(vaults: vaults, folder: bundle, form: request.form)
        for (file, name) in zip(found.files, manifest.footage.map(\.name)) {
            progress(name)
            try fetch.bring(file, to: name)
            try writer.note(name)
        }
        let proofs = CustodyProofs(resources: resources)
        for docking in found.dockings { try writer.write(docking, proof: proofs.proof(of: docking.entry)) }
        let clocks = try manifest.clocks.map { camera throws(DockError) in
            try clock(of: camera, found.files, found.dockings)
        }
        for clock in clocks { try writer.write(clock) }
        let cover = EvidenceCover(
            manifest: manifest, fingerprint: try resources.signer.publicKey.fingerprint,
            records: found.dockings.map(\.document.record), clocks: clocks)
        try writer.write(Array(cover.html.utf8), to: BundleName.cover)
        try writer.finish(manifest)
        return Summary(
            footage: manifest.footage.map(\.name), dockings: manifest.dockings,
            fingerprint: try resources.signer.publicKey.fingerprint)
    }

    /// Footage lies there once; the largest file twice for a while, where it is given another form or goes into an archive.
    private func checkRoom(
        _ bundle: BundleFolder, _ found: EvidenceSearch.Found, _ manifest: EvidenceManifest, isArchive: Bool
    ) throws(DockError) {
        let sizes = found.files.map(\.file.sealed.bytes)
        let isCopied = isArchive || manifest.form != .sealed
        try bundle.checkRoom(
            for: manifest.footage.map(\.name), bytes: sizes.reduce(0, +) + (isCopied ? sizes.max() ?? 0 : 0))
    }

    private func vaults(_ request: Request) throws(DockError) -> [any Vault] {
        guard let name = request.vault else { return resources.vaults }
        let vaults = resources.vaults.filter { $0.name == name }
        guard !vaults.isEmpty else {
            throw DockError(
                .notFound, "cannot export", at: name, because: "no vault of the configuration has this name",
                next: "name one of: \(resources.vaults.map(\.name).joined(separator: ", "))")
        }
        return vaults
    }

    /// Before anything is shown: who gets what, and why.
    private func disclose(_ found: EvidenceSearch.Found, _ request: Request) throws(DockError) {
        let entries = found.dockings.map { docking in
            let record = docking.document.record
            let files = found.files.filter { $0.docking == record.docking }
            var recordings: [String] = []
            for file in files where !recordings.contains(file.recording) { recordings.append(file.recording) }
            return LedgerEvent.disclosed(
                EvidenceDisclosed(
                    docking: record.docking, camera: record.camera.serial, recordings: recordings,
                    files: files.count, form: request.form.disclosed, recipients: request.form.recipients,
                    reason: request.reason, requestedBy: request.requestedBy, account: request.account))
        }
        _ = try resources.ledger.append(entries, at: resources.clock())
    }

    /// What is known of the clock of a camera, and when the recordings that are handed out really began.
    private func clock(
        of camera: String, _ files: [EvidenceFile], _ dockings: [CustodyDocument.Made]
    ) throws(DockError) -> ClockCertificate {
        var questions: [ClockCertificate.Question] = []
        for record in dockings.map(\.document.record) where record.camera.serial == camera {
            let wanted = Set(files.filter { $0.docking == record.docking }.map(\.recording))
            for row in record.recordings where wanted.contains(row.recording) {
                guard let start = row.coverage?.start else { continue }
                questions.append(.init(docking: record.docking, recording: row.recording, recorded: start))
            }
        }
        return ClockCertificate(
            camera: camera, facts: try resources.ledger.clockFacts(camera: camera), questions: questions)
    }
}
