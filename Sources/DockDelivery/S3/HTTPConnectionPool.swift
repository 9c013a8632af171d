import CCurl
import DockCore
import Synchronization

/// Lends connections, each to one caller at a time, and keeps them open in between.
final class HTTPConnectionPool: Sendable {
    private let idle = Mutex<[HTTPConnection]>([])
    private let most: Int

    /// At most `most` idle connections are kept.
    init(keeping most: Int) { self.most = most }

    func withConnection<Value>(_ body: (HTTPConnection) throws(DockError) -> Value) throws(DockError) -> Value {
        let connection: HTTPConnection
        if let old = idle.withLock({ $0.popLast() }) { connection = old } else { connection = try HTTPConnection() }
        defer {
            idle.withLock { idle in
                if idle.count < most { idle.append(connection) }
            }
        }
        return try body(connection)
    }
}
