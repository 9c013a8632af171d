import DockCore

/// A range of an object on its way back. Begins anew with every attempt; used by one thread.
final class FetchedRange {
    /// Where the range begins in the object.
    let start: Int64
    /// Its length in bytes.
    let size: Int64
    /// Size of the whole object in bytes.
    let total: Int64
    private let write: (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    private var count: Int64 = 0
    /// Why it could not be written, if that is what ended the transfer.
    private(set) var failure: DockError?

    init(
        start: Int64, size: Int64, of total: Int64,
        write: @escaping (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) {
        self.start = start
        self.size = size
        self.total = total
        self.write = write
    }

    /// Whether all of it came.
    var isComplete: Bool { count == size }

    /// The header that asks for it (RFC 9110 section 14.2).
    var header: (name: String, value: String) { ("range", "bytes=\(start)-\(start + size - 1)") }

    /// Whether an answer says that it is this very range of an object of this size (RFC 9110 section 14.4).
    func isAnswered(by response: HTTPResponse) -> Bool {
        response.headers["content-range"] == "bytes \(start)-\(start + size - 1)/\(total)"
    }

    /// Forgets what came in.
    func begin() { (count, failure) = (0, nil) }

    /// Takes bytes in order. False if there are more than were asked for, or they cannot be written.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard count + Int64(bytes.count) <= size else { return false }
        do throws(DockError) { try write(bytes, start + count) } catch {
            failure = error
            return false
        }
        count += Int64(bytes.count)
        return true
    }
}
