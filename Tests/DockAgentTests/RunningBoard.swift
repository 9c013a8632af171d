import DockTestSupport
import Foundation

/// `bodydock board`, as a process, for the agent in the folder `run` of a dock. It is ended with this value.
final class RunningBoard {
    let port: Int
    private let process = Process()
    private let journal: String

    /// - Parameter board: what stands in `board` of the configuration, beside `listen`.
    init(_ dock: TestDock, _ board: String = "") throws {
        port = try RunningBoard.freePort()
        try dock.configure(
            vaults: "  - {name: archive, type: directory, path: \(dock.vault)}",
            extra: "agent: {runtime: \(dock.folder.at("run"))}\nboard: {listen: '127.0.0.1:\(port)'\(board)}")
        journal = try dock.folder.write([], to: "board-journal")
        process.executableURL = URL(fileURLWithPath: TestDock.program)
        process.arguments = ["board", "--config", dock.configuration]
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: journal))
        process.standardOutput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        for name in ["JOURNAL_STREAM", "NOTIFY_SOCKET"] { environment[name] = nil }
        process.environment = environment
        try process.run()
        try wait("it listens") { try said.contains("the board is at") }
    }

    /// What it logged so far.
    var said: String { get throws { try String(contentsOfFile: journal, encoding: .utf8) } }

    /// Bytes of memory that it has in use.
    var memory: Int {
        get throws {
            let pages = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
                .split(separator: " ")
            return (Int(pages[1]) ?? 0) * 4096
        }
    }

    /// Waits until something is so; fails the test if it never is.
    func wait(_ what: String, until isSo: () throws -> Bool) throws {
        for _ in 0..<3000 {
            if try isSo() { return }
            guard process.isRunning else { break }
            usleep(20_000)
        }
        throw RigFailure("it never came to this: \(what); the board said: \(try said)")
    }

    /// Ends it, and answers its exit status.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func get(_ path: String, _ headers: [String] = [], method: String = "GET", host: String? = nil) throws -> WebAnswer
    {
        let lines =
            ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"] + headers
        return WebAnswer(try WebClient(port: port, Data((lines + ["", ""]).joined(separator: "\r\n").utf8)).all())
    }

    /// An open event stream.
    /// - Parameter buffer: bytes that wait for a reader on its side, as far as the kernel agrees.
    func events(_ path: String, buffer: Int32? = nil) throws -> WebClient {
        try WebClient(port: port, Data("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), buffer: buffer)
    }

    deinit { if process.isRunning { _ = stop() } }

    static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = WebClient.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard bound else { throw RigFailure("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// A connection to the board that speaks bytes.
final class WebClient {
    private let socket: Int32
    private var heard: [UInt8] = []

    init(port: Int, _ request: Data, buffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = WebClient.loopback(UInt16(port))
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var buffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
        }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { throw RigFailure("cannot connect to port \(port): \(errno)") }
        try send(request)
    }

    func send(_ bytes: Data) throws {
        let sent = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == bytes.count else { throw RigFailure("the board took \(sent) of \(bytes.count) bytes") }
    }

    /// Everything until the board ends the connection.
    func all() -> Data {
        while hear() {}
        return Data(heard)
    }

    /// Reads on until this has come since the last one; fails if the connection ends before.
    @discardableResult
    func until(_ text: String) throws -> String {
        while true {
            let soFar = String(decoding: heard, as: UTF8.self)
            if let range = soFar.range(of: text) {
                heard = Array(soFar[range.upperBound...].utf8)
                return String(soFar[..<range.upperBound])
            }
            guard hear() else { throw RigFailure("'\(text)' never came, but: \(soFar.suffix(2000))") }
        }
    }

    /// Whether the board has ended the connection, after everything that it sent.
    var isOver: Bool { !hear() && errno != EAGAIN }

    private func hear() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(socket, &piece, piece.count)
        if count > 0 { heard += piece.prefix(count) }
        return count > 0
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    deinit { close(socket) }
}

/// An answer of the board.
struct WebAnswer {
    let status: Int
    let headers: [String: String]
    let body: String

    init(_ bytes: Data) {
        let text = String(decoding: bytes, as: UTF8.self)
        let halves = text.components(separatedBy: "\r\n\r\n")
        let lines = halves[0].components(separatedBy: "\r\n")
        status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = Dictionary(
            lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map {
                    (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
                }
            }, uniquingKeysWith: { "\($0), \($1)" })
        body = halves.dropFirst().joined(separator: "\r\n\r\n")
    }
}
