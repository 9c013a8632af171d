/// Sizes of the hot path. Memory of one docking is `clearBuffers × clearSize + sealedBuffers × sealedSize`, whatever the
/// camera holds.
enum PipelineShape {
    /// Plaintext is handed on in stretches of 8 chunks of the sealed format (512 KiB): large enough that a USB disk streams,
    /// small enough that two of them stay in a core's cache.
    static let chunksPerBuffer = 8
    static let clearSize = chunksPerBuffer * 65_536
    static let sealedSize = chunksPerBuffer * 65_552
    static let clearBuffers = 8
    static let sealedBuffers = 8
    /// Reports that may wait for the one that decides.
    static let reports = 1024
    /// Most segments whose ledger entries and syncs are made in one go.
    static let commitBatch = 256
}
