import DockCore
import DockLedger
import DockSeal
import DockSystem

/// Writes what lies beside the footage in a bundle, and closes it with a signed list of hashes.
struct BundleWriter {
    let bundle: BundleFolder
    let signer: DockSigner
    /// Keys that the dock had, and when each counted.
    let known: [KnownKey]
    private var hashes: [String: SHA256Digest] = [:]
    /// Keys by which records were signed before the present one.
    private var earlierKeys: [SSHPublicKey] = []

    init(bundle: BundleFolder, signer: DockSigner, known: [KnownKey]) {
        self.bundle = bundle
        self.signer = signer
        self.known = known
    }

    /// Writes a document.
    mutating func write(_ content: [UInt8], to name: String) throws(DockError) {
        try bundle.write(content, to: name)
        hashes[name] = try SHA256Digest(hashing: content)
    }

    /// Takes a file of footage into the list.
    mutating func note(_ name: String) throws(DockError) {
        hashes[name] = try bundle.digest(of: name)?.sha256
    }

    /// Writes the record of a docking as it was signed, and the proof that it is in the ledger.
    mutating func write(_ made: CustodyDocument.Made, proof: ProofFile) throws(DockError) {
        let docking = made.document.record.docking
        try write(made.document.content, signature: made.signature, to: BundleName.custody(docking))
        try write(Array(proof.text.utf8), to: BundleName.proof(docking))
        guard let coverage = made.document.coverage else { return }
        try write(coverage.content, signature: coverage.signature, to: BundleName.coverage(docking))
    }

    /// Signs and writes a clock certificate.
    mutating func write(_ certificate: ClockCertificate) throws(DockError) {
        let content = try EvidenceJSON.encode(certificate, of: certificate.camera)
        try write(content, signature: signer.sign(content, as: .clock), to: BundleName.clock(certificate.camera))
    }

    private mutating func write(_ content: [UInt8], signature: String, to name: String) throws(DockError) {
        try write(content, to: name)
        try write(Array(signature.utf8), to: name + ".sig")
        let key = try SSHSignature(armored: signature, at: name).key
        if key != signer.publicKey, !earlierKeys.contains(key) { earlierKeys.append(key) }
    }

    /// Writes the rest: keys, hashes, the guide, and last of all the signature without which it is no bundle.
    mutating func finish(_ manifest: EvidenceManifest) throws(DockError) {
        let own: [DockSigner.Purpose] = [.custody, .coverage, .clock, .evidence]
        let signers = [line(signer.publicKey, own)] + earlierKeys.compactMap { line(ofEarlier: $0) }
        try write(Array(signers.joined().utf8), to: BundleName.signers)
        try write(Array("\(signer.publicKey) \(signer.dock)\n".utf8), to: BundleName.key)
        if manifest.form != .opened {
            let lines = manifest.footage.map { ("\($0.name.dropLast(4))", $0.sha256) }
            try write(BundleWriter.list(lines), to: BundleName.opened)
        }
        let guide = EvidenceGuide(
            dock: signer.dock, fingerprint: try signer.publicKey.fingerprint, form: manifest.form)
        try write(Array(guide.text.utf8), to: BundleName.guide)
        let sums = BundleWriter.list(hashes.map { ($0.key, $0.value) })
        try bundle.write(Array(try signer.sign(sums, as: .evidence).utf8), to: BundleName.signature)
        try bundle.write(sums, to: BundleName.sums)
    }

    /// The present key counts for whatever it has signed: it signs this file too.
    private func line(_ key: SSHPublicKey, _ purposes: [DockSigner.Purpose]) -> String {
        "\(AllowedSigner(principal: signer.dock, namespaces: purposes.map(\.rawValue), key: key))\n"
    }

    /// An earlier key counts for records of its time; one that the ledger does not know, for none.
    private func line(ofEarlier key: SSHPublicKey) -> String? {
        guard let known = known.last(where: { $0.adopted.key == key.description }) else { return nil }
        let ends = [known.until, known.revoked?.at].compactMap(\.self)
        let purposes: [DockSigner.Purpose] = [.custody, .coverage]
        let line = AllowedSigner(
            principal: signer.dock, namespaces: purposes.map(\.rawValue), validAfter: known.since,
            validBefore: ends.min(), key: key)
        return "\(line)\n"
    }

    /// As `sha256sum` writes it, sorted by name.
    private static func list(_ files: [(name: String, sha256: SHA256Digest)]) -> [UInt8] {
        Array(files.sorted { $0.name < $1.name }.map { "\($0.sha256)  \($0.name)\n" }.joined().utf8)
    }
}
