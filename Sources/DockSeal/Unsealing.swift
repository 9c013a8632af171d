import DockCore
import DockSystem
import Glibc

/// Opens sealed files: any age v1 file that is sealed for an X25519 recipient (C2SP age.md).
public enum Unsealing {
    /// Where the plaintext goes.
    public enum Output: Sendable {
        /// A new file (0600). It appears under this path only when all of the sealed file proved authentic and lies on the
        /// disk; an existing file is never touched.
        case file(String)
        /// Standard output. Every chunk is authentic when it is written, but that the file is whole is known at its end
        /// only: an error after some output means that the output must be thrown away.
        case standardOutput
    }

    /// Opens the sealed file at `path` with the first of `identities` that can. Reads it once, from start to end, so that it
    /// may also be a pipe.
    public static func open(path: String, with identities: [AgeIdentity], to output: Output) throws(DockError) {
        let input = try attempt("cannot read the sealed file", at: path, next: "check its name and permissions") {
            () throws(Errno) in try Descriptor.open(path, flags: O_RDONLY | O_NOCTTY)
        }
        try open(input, named: path, with: identities, to: output)
    }

    /// Opens the sealed file that `input` stands at the start of.
    /// - Parameter name: what it is called in errors.
    public static func open(
        _ input: borrowing Descriptor, named name: String, with identities: [AgeIdentity], to output: Output
    ) throws(DockError) {
        switch output {
        case .standardOutput:
            // Given back below, so that it is not closed here.
            let standard = Descriptor(owning: STDOUT_FILENO)
            let result = Result { () throws(DockError) in
                try open(input, named: name, with: identities) { plaintext throws(DockError) in
                    try attempt("cannot write the plaintext", at: "standard output", next: "run again with -o FILE") {
                        () throws(Errno) in try standard.writeAll(plaintext)
                    }
                }
            }
            _ = standard.release()
            try result.get()
        case .file(let path):
            var file = try NewFile(at: path, mode: 0o600, what: "cannot write the opened file")
            try open(input, named: name, with: identities) { plaintext throws(DockError) in try file.write(plaintext) }
            try file.appear()
        }
    }

    /// Opens a sealed file in memory only, and answers SHA-256 and size of what is in it.
    /// - Parameters:
    ///   - input: stands at the start of the sealed file.
    ///   - size: where that ends, if not with the file that it lies in.
    ///   - name: what it is called in errors.
    public static func digest(
        of input: borrowing Descriptor, size: Int64 = .max, named name: String, with identities: [AgeIdentity]
    ) throws(DockError) -> (sha256: SHA256Digest, bytes: Int64) {
        var digester = try Digester(.sha256)
        var bytes: Int64 = 0
        try open(input, size: size, named: name, with: identities) { plaintext throws(DockError) in
            try digester.update(plaintext)
            bytes += Int64(plaintext.count)
        }
        return (try digester.finishSHA256(), bytes)
    }

    /// Opens a sealed file and seals what is in it for other recipients, chunk by chunk: the plaintext is nowhere but in memory that is
    /// wiped.
    /// - Parameters:
    ///   - input: stands at the start of the sealed file.
    ///   - name: what it is called in errors.
    ///   - write: takes the new sealed file, in order. After an error what came so far must be thrown away.
    /// - Returns: SHA-256 and size of the plaintext.
    public static func reseal(
        _ input: borrowing Descriptor, named name: String, with identities: [AgeIdentity],
        for recipients: [AgeRecipient], write: (UnsafeRawBufferPointer) throws(DockError) -> Void
    ) throws(DockError) -> (sha256: SHA256Digest, bytes: Int64) {
        input.willReadSequentially()
        var payload = try SealedPayload(of: input, place: name, with: identities)
        var sealer = try Sealer(recipients: recipients)
        var digester = try Digester(.sha256)
        let header: Result<Void, DockError> = sealer.header.withUnsafeBytes { bytes in
            Result { () throws(DockError) in try write(bytes) }
        }
        try header.get()
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Sealer.sealedChunk, alignment: 16)
        defer { room.deallocate() }
        var bytes: Int64 = 0
        while let plaintext = try payload.next(from: input) {
            try digester.update(plaintext)
            bytes += Int64(plaintext.count)
            let count = try sealer.seal(plaintext, isLast: payload.isFinished, into: room)
            try write(UnsafeRawBufferPointer(rebasing: room[..<count]))
        }
        return (try digester.finishSHA256(), bytes)
    }

    private static func open(
        _ input: borrowing Descriptor, size: Int64 = .max, named name: String, with identities: [AgeIdentity],
        _ write: (UnsafeRawBufferPointer) throws(DockError) -> Void
    ) throws(DockError) {
        input.willReadSequentially()
        var payload = try SealedPayload(of: input, bytes: size, place: name, with: identities)
        while let plaintext = try payload.next(from: input) { try write(plaintext) }
    }
}
