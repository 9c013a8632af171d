import COpenSSL
import DockCore
import DockSystem

/// Opens the payload of a sealed file chunk by chunk (C2SP age.md, "Payload"). It hands out plaintext only after
/// its chunk proved authentic, and in its place.
struct SealedPayload: ~Copyable {
    private let place: String
    private var input: SealedInput
    private var cipher: ChunkCipher
    private let plaintext: UnsafeMutableRawBufferPointer
    private var counter: UInt64 = 0
    /// Whether the last chunk was handed out.
    private(set) var isFinished = false

    /// Reads the header and the nonce, and takes the file key out with one of `identities`.
    /// - Parameter bytes: where the sealed file ends, if not with the file that it lies in.
    init(
        of file: borrowing Descriptor, bytes: Int64 = .max, place: String, with identities: [AgeIdentity]
    ) throws(DockError) {
        var input = SealedInput(place: place, bytes: bytes)
        let start = try input.peek(AgeHeader.limit, from: file)
        let header: AgeHeader
        do {
            header = try AgeHeader(parsing: UnsafeRawBufferPointer(rebasing: start.prefix(AgeHeader.limit)))
        } catch {
            throw error.error(at: place)
        }
        let fileKey = try header.fileKey(with: identities, place: place)
        input.skip(header.text.count)
        let nonce = Array(try input.peek(Sealer.nonceSize, from: file).prefix(Sealer.nonceSize))
        guard nonce.count == Sealer.nonceSize else { throw UnsealFault.nonceTruncated.error(at: place) }
        input.skip(nonce.count)
        cipher = try ChunkCipher(sealing: false, key: AgeHeader.payloadKey(fileKey, nonce: nonce))
        self.input = input
        self.place = place
        plaintext = .allocate(byteCount: Sealer.chunk, alignment: 16)
    }

    deinit {
        OPENSSL_cleanse(plaintext.baseAddress, plaintext.count)
        plaintext.deallocate()
    }

    /// The next chunk's plaintext, valid until the next call; nil after the last chunk.
    mutating func next(from file: borrowing Descriptor) throws(DockError) -> UnsafeRawBufferPointer? {
        if isFinished { return nil }
        // One byte more than a chunk tells whether it is the last.
        let ahead = try input.peek(Sealer.sealedChunk + 1, from: file)
        let isLast = ahead.count <= Sealer.sealedChunk
        let chunk = UnsafeRawBufferPointer(rebasing: ahead.prefix(Sealer.sealedChunk))
        guard chunk.count >= ChunkCipher.tagSize else { throw tooShort(chunk.count).error(at: place) }
        guard try cipher.open(chunk, counter: counter, isLast: isLast, into: plaintext) else {
            throw try reason(chunk, isLast: isLast).error(at: place)
        }
        let size = chunk.count - ChunkCipher.tagSize
        guard size > 0 || counter == 0 else { throw UnsealFault.lastChunkEmpty.error(at: place) }
        input.skip(chunk.count)
        counter += 1
        isFinished = isLast
        return UnsafeRawBufferPointer(rebasing: plaintext.prefix(size))
    }

    private func tooShort(_ rest: Int) -> UnsealFault {
        if rest > 0 { return .lastChunkDamaged(Int(counter) + 1) }
        return counter == 0 ? .payloadMissing : .lastChunkMissing(after: Int(counter))
    }

    /// Why a chunk is not authentic: with the other flag it may be, and then the file was cut or added to.
    private mutating func reason(_ chunk: UnsafeRawBufferPointer, isLast: Bool) throws(DockError) -> UnsealFault {
        let number = Int(counter) + 1
        let isWithOtherFlag = try cipher.open(chunk, counter: counter, isLast: !isLast, into: plaintext)
        switch (isLast, isWithOtherFlag) {
        case (true, true): return .lastChunkMissing(after: number)
        case (true, false): return .lastChunkDamaged(number)
        case (false, true): return .trailingData(after: number)
        case (false, false): return .chunkDamaged(number)
        }
    }
}
