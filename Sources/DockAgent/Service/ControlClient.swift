import DockSystem
import Foundation
import Glibc
import Synchronization

/// One end of a connection that speaks in lines.
final class ControlClient: Sendable {
    private let socket: Descriptor
    private let rest = Mutex<[UInt8]>([])

    init(_ socket: consuming Descriptor) { self.socket = socket }

    /// Gives up reads and writes that take longer.
    func limit(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = setsockopt(socket.number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Whether the other end says something, or goes, before `descriptor` becomes readable or the time is over.
    func speaks(before descriptor: Int32, milliseconds: Int) -> Bool {
        var polls = [
            pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&polls, 2, Int32(milliseconds))
        return polls[0].revents != 0
    }

    /// The next line without its end; nil if there is none, or it is too long.
    func line(longest: Int) -> [UInt8]? {
        rest.withLock { rest in
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    guard end <= longest else { return nil }
                    let line = Array(rest[..<end])
                    rest.removeFirst(end + 1)
                    return line
                }
                guard rest.count < longest else { return nil }
                var piece = [UInt8](repeating: 0, count: 16_384)
                let count = read(socket.number, &piece, piece.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
                rest += piece.prefix(count)
            }
        }
    }

    /// Sends a line; false if the other end is gone.
    func send(_ line: Data) -> Bool {
        let bytes = Array(line) + [UInt8(ascii: "\n")]
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    socket.number, buffer.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
