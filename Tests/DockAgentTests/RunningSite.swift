import DockTestSupport
import Foundation

/// nginx with the site that the project ships, in front of a board. It is ended with this value.
final class RunningSite {
    private let port: Int
    private let certificate: String
    private let process = Process()

    init(for board: RunningBoard, in folder: TemporaryFolder) throws {
        port = try RunningBoard.freePort()
        certificate = folder.at("site.pem")
        let key = folder.at("site.key")
        let made = try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                "-out", certificate, "-subj", "/CN=dock", "-addext", "subjectAltName=DNS:dock.example.org", "-days",
                "2",
            ])
        guard made.status == 0 else { throw RigFailure("no certificate: \(made.errors)") }
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var site = try String(
            contentsOf: checkout.appendingPathComponent("config/nginx/bodydock-board.conf"), encoding: .utf8)
        for (shipped, here) in [
            ("    listen 443 ssl;", "    listen 127.0.0.1:\(port) ssl;"), ("    listen [::]:443 ssl;", ""),
            ("/etc/ssl/certs/bodydock-board.pem", certificate), ("/etc/ssl/private/bodydock-board.key", key),
            ("/var/log/nginx/error.log", "stderr"), ("127.0.0.1:8484", "127.0.0.1:\(board.port)"),
        ] {
            guard site.contains(shipped) else { throw RigFailure("the site does not say '\(shipped)'") }
            site = site.replacingOccurrences(of: shipped, with: here)
        }
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.at("nginx-\($0)"));"
        }
        let whole = """
            daemon off; worker_processes 1; pid \(folder.at("nginx.pid")); error_log stderr;
            events {}
            http { \(paths.joined(separator: " "))
            \(site)}
            """
        let file = try folder.write(Array(whole.utf8), to: "nginx.conf")
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
        process.arguments = ["-p", folder.path, "-c", file]
        try process.run()
        for _ in 0..<3000 {
            if try curl("/healthz").status == 0 { return }
            guard process.isRunning else { break }
            usleep(20_000)
        }
        throw RigFailure("nginx does not serve the site")
    }

    /// Asks for a path by the site's name, over TLS: headers and body.
    func curl(_ path: String, _ options: [String] = []) throws -> Tool.Result {
        let place = "dock.example.org:\(port)"
        return try Tool.run(
            "curl",
            ["-sS", "-i", "--max-time", "60", "--cacert", certificate, "--resolve", "\(place):127.0.0.1"] + options
                + ["https://\(place)\(path)"])
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
