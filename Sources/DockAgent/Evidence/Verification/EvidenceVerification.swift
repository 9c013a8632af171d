import DockCore
import DockLedger
import DockSeal
import DockSystem
import Foundation

/// Checks a bundle as its `VERIFY.md` does by hand, and more: names every file that is not as it was handed out, and why.
public struct EvidenceVerification: Sendable {
    /// Something that does not hold.
    public struct Fault: Sendable, Equatable, CustomStringConvertible {
        /// The file in the bundle.
        public let file: String
        /// What is wrong with it.
        public let why: String
        /// `file: why`.
        public var description: String { "\(file): \(why)" }
    }

    /// Everything that does not hold; empty if the bundle is whole.
    public private(set) var faults: [Fault] = []
    /// Files that were checked.
    public private(set) var files = 0
    /// The dock that handed it out, by its own word.
    public private(set) var dock = ""
    /// Fingerprints of the keys that are believed.
    public private(set) var fingerprints: [String] = []

    private let source: BundleSource
    private var signers = AllowedSigners("")
    /// The one key that may have signed the list; nil for any that is believed.
    private var listSigner: SSHPublicKey?
    /// Hashes that the signed list gives.
    private var listed: [String: SHA256Digest] = [:]
    /// The latest moment that a record tells of: what has no date was signed then or later.
    private var latest: Instant?

    /// Documents are read whole; none of ours is longer.
    private static let documentLimit = 256 << 20

    /// Checks the bundle at `path`: a folder, or the `.tar` file that an export made, which is read where it lies.
    /// - Parameters:
    ///   - signers: a file of allowed signers from another source; nil for the bundle's own, which proves only that everything belongs
    ///     together.
    ///   - identities: open the footage too, and compare it; empty to leave it sealed.
    /// - Throws: if the bundle cannot be read at all.
    public init(
        of path: String, signers: String? = nil, identities: [AgeIdentity] = []
    ) throws(DockError) {
        source = try BundleSource(at: path)
        faults = source.faults
        var allowed = try signers.map(EvidenceVerification.read)
        if allowed == nil { allowed = try document(BundleName.signers) }
        guard let allowed,
            let key = try document(BundleName.key).flatMap({ SSHPublicKey(String(decoding: $0, as: UTF8.self)) })
        else {
            report(BundleName.key, "there is no key to check anything with")
            return
        }
        self.signers = AllowedSigners(String(decoding: allowed, as: UTF8.self))
        fingerprints = signers == nil ? [try key.fingerprint] : try self.signers.fingerprints
        listSigner = signers == nil ? key : nil
        guard let sums = try document(BundleName.sums) else { return }
        let manifest: EvidenceManifest? = try decode(BundleName.manifest)
        dock = manifest?.dock ?? ""
        try checkList(sums)
        if let manifest {
            for docking in manifest.dockings { try checkDocking(docking) }
            for camera in manifest.clocks { try checkClock(of: camera) }
        }
        try checkSignature(of: sums, at: BundleName.sums, for: "evidence@bodydock", at: undated, by: listSigner)
        if let manifest { try checkFootage(manifest, identities) }
    }

    private mutating func report(_ file: String, _ why: String) { faults.append(Fault(file: file, why: why)) }

    // MARK: The list

    /// Each file's hash, and that nothing lies beside.
    private mutating func checkList(_ sums: [UInt8]) throws(DockError) {
        for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
            guard line.utf8.count > 66, let digest = SHA256Digest(hex: line.prefix(64)),
                line.dropFirst(64).hasPrefix("  ")
            else {
                report(BundleName.sums, "a line is not as sha256sum writes it")
                continue
            }
            listed[String(line.dropFirst(66))] = digest
        }
        for (name, digest) in listed.sorted(by: { $0.key < $1.key }) {
            files += 1
            guard source.names.contains(name), let seen = try source.sha256(of: name) else {
                report(name, "it is missing")
                continue
            }
            if seen != digest { report(name, "its content was changed") }
        }
        for name in source.names.subtracting(listed.keys).sorted()
        where name != BundleName.sums && name != BundleName.signature {
            report(name, "it is not part of what was handed out")
        }
    }

    // MARK: The records

    /// When that was signed that has no date: after all that it is about.
    private var undated: AllowedSigners.SignedTime? { latest.map { .notBefore($0) } }

    /// The record of a docking, and the statement that it names, judged by the keys that counted when they were written.
    private mutating func checkDocking(_ docking: String) throws(DockError) {
        let name = BundleName.custody(docking)
        guard let content = try document(name) else { return }
        let written = try checkProof(of: content, docking)
        try checkSignature(of: content, at: name, for: "custody@bodydock", at: written.map { .at($0) })
        guard let record: CustodyRecord = try decode(name) else { return }
        if record.schema != CustodyRecord.schema { report(name, "its form '\(record.schema)' is not known") }
        if record.docking != docking { report(name, "it tells of another docking: \(record.docking)") }
        if record.dock != dock { report(name, "it is of another dock: \(record.dock)") }
        guard let coverage = record.coverage else { return }
        let statement = BundleName.coverage(docking)
        guard let stated = try document(statement) else { return }
        try checkSignature(of: stated, at: statement, for: "coverage@bodydock", at: .at(coverage.stated))
        if try SHA256Digest(hashing: stated) != coverage.sha256 {
            report(statement, "it is not the statement that the custody record names")
        }
    }

    private mutating func checkClock(of camera: String) throws(DockError) {
        let name = BundleName.clock(camera)
        guard let content = try document(name) else { return }
        try checkSignature(of: content, at: name, for: "clock@bodydock", at: undated)
        let certificate: ClockCertificate? = try decode(name)
        if let certificate, certificate.camera != camera {
            report(name, "it is of another camera: \(certificate.camera)")
        }
    }

    /// The ledger that the dock has signed for holds the entry that tells of a custody record.
    /// - Returns: when that was written; nil if it is not proved.
    private mutating func checkProof(of custody: [UInt8], _ docking: String) throws(DockError) -> Instant? {
        let name = BundleName.proof(docking)
        guard let content = try document(name) else { return nil }
        guard let proof = ProofFile(text: String(decoding: content, as: UTF8.self)),
            case .inclusion(let body, _, _, _) = proof
        else {
            report(name, "it is no proof of an entry")
            return nil
        }
        do throws(DockError) {
            _ = try LedgerProver.check(proof, keys: listSigner.map { [$0] } ?? signers.keys, earlier: nil, at: name)
        } catch {
            report(name, error.why)
            return nil
        }
        let entry: LedgerEntry? = decode(Data(body))
        guard let entry, case .custody(let told) = entry.event, told.docking == docking,
            try told.sha256 == SHA256Digest(hashing: custody)
        else {
            report(name, "the entry that it proves does not tell of this custody record")
            return nil
        }
        latest = max(latest ?? entry.at, entry.at)
        return entry.at
    }

    /// - Parameters:
    ///   - time: when it was signed; nil if nothing is known of that.
    ///   - key: the only one that may have signed it; nil for any that is believed.
    private mutating func checkSignature(
        of content: [UInt8], at name: String, for namespace: String, at time: AllowedSigners.SignedTime?,
        by key: SSHPublicKey? = nil
    ) throws(DockError) {
        guard let signature = try document(name + ".sig") else { return }
        let believed = key.map { AllowedSigners("\(dock) \($0)") } ?? signers
        if let objection = try believed.objection(to: signature, of: content, by: dock, for: namespace, at: time) {
            report(name + ".sig", "\(name) is not signed by the dock: \(objection)")
        }
    }

    // MARK: The footage

    private mutating func checkFootage(
        _ manifest: EvidenceManifest, _ identities: [AgeIdentity]
    ) throws(DockError) {
        var records: [String: CustodyRecord] = [:]
        for docking in manifest.dockings {
            let record: CustodyRecord? = try decode(BundleName.custody(docking), isTold: true)
            records[docking] = record
        }
        for item in manifest.footage {
            guard let record = records[item.docking] else {
                report(item.name, "there is no custody record of docking \(item.docking)")
                continue
            }
            guard record.camera.serial == item.camera else {
                report(item.name, "its record is of another camera: \(record.camera.serial)")
                continue
            }
            let rows = record.recordings.filter { $0.recording == item.recording }.flatMap(\.files)
            guard let file = rows.first(where: { $0.path == item.path && $0.sha256 == item.sha256 }) else {
                report(item.name, "no signed record tells of this file with this content")
                continue
            }
            guard let seen = listed[item.name] else {
                report(item.name, "it is missing in \(BundleName.sums)")
                continue
            }
            switch manifest.form {
            case .opened where seen != file.sha256: report(item.name, "it is not what was read from the camera")
            case .sealed:
                if let sealed = file.sealed.sha256, sealed != seen { report(item.name, "it is not what was sealed") }
            default: break
            }
            if manifest.form != .opened, !identities.isEmpty { try open(item, identities) }
        }
    }

    /// Opens a sealed file in memory and compares its content.
    private mutating func open(_ item: EvidenceManifest.Footage, _ identities: [AgeIdentity]) throws(DockError) {
        do throws(DockError) {
            guard let (file, bytes) = try source.reader(of: item.name) else { return }  // It is missing: that was said.
            let found = try Unsealing.digest(
                of: file.descriptor, size: bytes, named: item.name, with: identities)
            if found.sha256 != item.sha256 || found.bytes != item.bytes {
                report(item.name, "opened, it is not what was read from the camera")
            }
        } catch {
            report(item.name, "it does not open: \(error.why)")
        }
    }

    // MARK: Reading

    /// A document of the bundle; nil if it cannot be read, which is reported.
    private mutating func document(_ name: String) throws(DockError) -> [UInt8]? {
        if let content = try quietly(name) { return content }
        if !faults.contains(where: { $0.file == name }) { report(name, "it is missing") }
        return nil
    }

    private func quietly(_ name: String) throws(DockError) -> [UInt8]? {
        try source.document(name, most: EvidenceVerification.documentLimit)
    }

    private mutating func decode<Value: Decodable>(_ name: String, isTold: Bool = false) throws(DockError) -> Value? {
        guard let content = isTold ? try quietly(name) : try document(name) else {
            return nil
        }
        let value: Value? = decode(Data(content))
        if value == nil, !isTold { report(name, "it is not as Bodydock writes it") }
        return value
    }

    private func decode<Value: Decodable>(_ content: Data) -> Value? {
        do { return try JSONDecoder().decode(Value.self, from: content) } catch { return nil }
    }

    /// A file of allowed signers.
    private static func read(_ path: String) throws(DockError) -> [UInt8] {
        do throws(Errno) { return try DurableFile.read(path, most: documentLimit) } catch {
            throw error.error(
                "cannot verify an export", at: path, next: "name a file as 'bodydock keys list' prints it")
        }
    }
}
