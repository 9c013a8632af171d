import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc

@testable import DockSeal

/// A folder, an identity in it as `age` reads it, and what the tests do with sealed files there.
struct SealedFixture {
    let folder: TemporaryFolder
    let identity: AgeIdentity
    /// The identity's file.
    let identityFile: String

    init() throws {
        folder = try TemporaryFolder()
        identity = try AgeIdentity.generate()
        identityFile = folder.at("age.key")
        try identity.save(to: identityFile, created: Instant(seconds: 1_790_000_000))
    }

    /// The whole sealed file of `plaintext`, sealed `step` bytes at a time.
    static func seal(
        _ plaintext: [UInt8], for recipients: [AgeRecipient], step: Int = 4 * Sealer.chunk
    ) throws -> [UInt8] {
        var sealer = try Sealer(recipients: recipients)
        var sealed = sealer.header
        var output = [UInt8](repeating: 0, count: step / Sealer.chunk * Sealer.sealedChunk)
        var start = 0
        repeat {
            let end = min(start + step, plaintext.count)
            let piece = Array(plaintext[start..<end])
            sealed += try sealer.seal(piece, isLast: end == plaintext.count, into: &output)
            start = end
        } while start < plaintext.count
        return sealed
    }

    /// Seals for this identity.
    func seal(_ plaintext: [UInt8]) throws -> [UInt8] { try SealedFixture.seal(plaintext, for: [identity.recipient]) }

    /// The plaintext of a sealed file, opened into a new file; after a failure, nothing may be left beside the sealed file.
    func open(_ sealed: [UInt8]) throws -> [UInt8] {
        let box = try TemporaryFolder()
        let input = try box.write(sealed, to: "sealed")
        do {
            try Unsealing.open(path: input, with: [identity], to: .file(box.at("out")))
        } catch {
            let left = try FileManager.default.contentsOfDirectory(atPath: box.path)
            guard left == ["sealed"] else { throw LeftBehind(names: left) }
            throw error
        }
        return Array(try Data(contentsOf: URL(fileURLWithPath: box.at("out"))))
    }

    /// Why the sealed file is not opened; nil if it is.
    func refusal(of sealed: [UInt8]) throws -> DockError? {
        do {
            _ = try open(sealed)
            return nil
        } catch let error as DockError {
            return error
        }
    }

    /// Whether Debian's `age` opens it.
    func ageOpens(_ sealed: [UInt8]) throws -> Bool {
        let input = try folder.write(sealed, to: "for-age")
        return try Tool.run("age", ["-d", "-i", identityFile, input]).status == 0
    }

    /// Files were left where a failed opening must leave none.
    struct LeftBehind: Error { var names: [String] }
}

extension Sealer {
    /// Seals `plaintext` by way of `output` and returns what was written there.
    mutating func seal(_ plaintext: [UInt8], isLast: Bool, into output: inout [UInt8]) throws -> [UInt8] {
        let result = output.withUnsafeMutableBytes { room in
            plaintext.withUnsafeBytes { bytes in
                Result { () throws(DockError) in try seal(bytes, isLast: isLast, into: room) }
            }
        }
        return Array(output.prefix(try result.get()))
    }
}
