import CCurl
import DockCore
import Glibc

/// Owns a libcurl easy handle with the connections that it keeps alive.
///
/// Sendable without the compiler's word for it: libcurl allows a handle on any thread as long as one at a time uses it, and
/// ``HTTPConnectionPool`` lends each connection to one caller at a time.
final class HTTPConnection: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// curl_global_init(3) is not thread-safe everywhere, and must run once before anything else.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() throws(DockError) {
        guard HTTPConnection.isReady, let handle = curl_easy_init() else {
            message.deallocate()
            throw DockError(
                .library, "cannot prepare a connection", at: "libcurl", because: "it does not start",
                next: "check the installed libcurl4 and the free memory")
        }
        self.handle = handle
    }

    deinit {
        curl_easy_cleanup(handle)
        message.deallocate()
    }

    /// Bounds and trust of a transfer.
    struct Conditions: Sendable {
        var scheme: String
        var trust: TLSTrust
        /// Seconds without a byte after which a transfer is given up.
        var stallTimeout: Double

        /// Seconds that a transfer of `size` bytes may take on the whole.
        func longest(size: Int64) -> Double { min(max(stallTimeout, 1), 3600) * 10 + Double(size) / 16_384 }
    }

    /// Sends a request and waits for its answer. `headers` are the lines to send, signature included.
    func perform(
        _ request: HTTPRequest, url: String, headers: [String], under conditions: Conditions
    ) throws(DockError) -> HTTPResponse {
        let transfer = HTTPTransfer(request)
        curl_easy_reset(handle)
        message[0] = 0
        set(CURLOPT_ERRORBUFFER, pointer: message)
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(lines) }
        for line in headers + expectation(transfer) {
            guard let longer = curl_slist_append(lines, line) else { throw outOfMemory(url) }
            lines = longer
        }
        _ = bodydock_curl_setopt_list(handle, CURLOPT_HTTPHEADER, lines)
        set(CURLOPT_URL, url)
        describe(request, transfer)
        limit(conditions, size: transfer.bodySize ?? request.readbackBytes)
        if transfer.isPaced { pace(transfer, conditions) }
        connectCallbacks(transfer)
        let code = withExtendedLifetime(transfer) { WithoutBrokenPipe.call { curl_easy_perform(handle) } }
        // The callbacks' data must not outlive this call.
        curl_easy_reset(handle)
        guard code == CURLE_OK else { throw failure(code, transfer, url) }
        // libcurl takes a head that was cut off for a head.
        guard transfer.isHeadComplete else { throw failure(CURLE_PARTIAL_FILE, transfer, url) }
        return transfer.response
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = bodydock_curl_setopt_long(handle, option, value) }
    private func set(_ option: CURLoption, _ value: String) { _ = bodydock_curl_setopt_string(handle, option, value) }
    private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        _ = bodydock_curl_setopt_pointer(handle, option, pointer)
    }

    /// From 1 MiB on the service is asked before the body is sent, so that a refusal costs no upload.
    private func expectation(_ transfer: HTTPTransfer) -> [String] {
        guard let size = transfer.bodySize else { return [] }
        return [size >= 1 << 20 ? "Expect: 100-continue" : "Expect:"]
    }

    private func describe(_ request: HTTPRequest, _ transfer: HTTPTransfer) {
        if let size = transfer.bodySize {
            set(CURLOPT_UPLOAD, 1)
            _ = bodydock_curl_setopt_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(size))
            set(CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10)
        } else if case .headersOnly = request.answer {
            set(CURLOPT_NOBODY, 1)
        } else {
            set(CURLOPT_HTTPGET, 1)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        set(CURLOPT_PATH_AS_IS, 1)
        // libcurl 7.88 has upload bugs with HTTP/2.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    }

    private func limit(_ conditions: Conditions, size: Int64) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, conditions.scheme)
        set(CURLOPT_FOLLOWLOCATION, 0)
        // What the configuration does not name is not used: no proxy from the environment, no .netrc.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        identify(conditions.trust)
        let stall = min(max(conditions.stallTimeout, 1), 3600)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(stall * 1000))
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, Int(stall.rounded(.up)))
        // A service that sends a byte now and then is not silent; on the whole a transfer must reach 16 KiB/s.
        let most = conditions.longest(size: size) * 1000
        set(CURLOPT_TIMEOUT_MS, Int(min(most, 2_000_000_000)))
        set(CURLOPT_TCP_KEEPALIVE, 1)
    }

    /// The time that a transfer waits for its turn to send does not count.
    private func pace(_ transfer: HTTPTransfer, _ conditions: Conditions) {
        transfer.begin(longest: conditions.longest(size: transfer.bodySize ?? 0))
        set(CURLOPT_TIMEOUT_MS, 0)
        set(CURLOPT_NOPROGRESS, 0)
        set(CURLOPT_XFERINFODATA, pointer: Unmanaged.passUnretained(transfer).toOpaque())
        _ = bodydock_curl_setopt_progress(handle, CURLOPT_XFERINFOFUNCTION) { data, _, _, _, _ in
            HTTPTransfer.of(data)?.isOverdue == true ? 1 : 0
        }
    }

    private func identify(_ trust: TLSTrust) {
        if let caFile = trust.caFile {
            set(CURLOPT_CAINFO, caFile)
            _ = bodydock_curl_setopt_string(handle, CURLOPT_CAPATH, nil)
        }
        if let pinned = trust.pinnedPublicKey { set(CURLOPT_PINNEDPUBLICKEY, pinned) }
        if let client = trust.client {
            set(CURLOPT_SSLCERT, client.certificate)
            set(CURLOPT_SSLKEY, client.key)
            // OpenSSL would ask for a passphrase at the terminal.
            set(CURLOPT_KEYPASSWD, "")
        }
    }

    private func connectCallbacks(_ transfer: HTTPTransfer) {
        let data = Unmanaged.passUnretained(transfer).toOpaque()
        for option in [CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_SEEKDATA] {
            set(option, pointer: data)
        }
        _ = bodydock_curl_setopt_transfer(handle, CURLOPT_READFUNCTION) { buffer, size, count, data in
            HTTPTransfer.of(data)?.produce(UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
        }
        _ = bodydock_curl_setopt_transfer(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
            HTTPTransfer.of(data)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        _ = bodydock_curl_setopt_transfer(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, data in
            HTTPTransfer.of(data)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        _ = bodydock_curl_setopt_seek(handle, CURLOPT_SEEKFUNCTION) { data, offset, origin in
            guard origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
            return HTTPTransfer.of(data)?.seek(to: Int64(offset)) ?? Int32(CURL_SEEKFUNC_FAIL)
        }
    }

    private func outOfMemory(_ url: String) -> DockError {
        DockError(.library, "cannot send a request", at: url, because: "no memory", next: "run again", isPassing: true)
    }

    private func failure(_ code: CURLcode, _ transfer: HTTPTransfer, _ url: String) -> DockError {
        let text = message[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: message)
        let why = transfer.failure ?? (code == CURLE_ABORTED_BY_CALLBACK ? "it took too long" : text)
        let place = String(url.prefix { $0 != "?" })
        func error(_ kind: DockError.Code, _ next: String, isPassing: Bool = false) -> DockError {
            DockError(kind, "cannot reach an S3 vault", at: place, because: why, next: next, isPassing: isPassing)
        }
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION where TLSTrust.isOutOfTime(why):
            return error(.refused, "have the server's certificate renewed; if it is not old, set the dock's clock")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return error(
                .refused,
                "the server's certificate is not trusted: check the endpoint, and set ca_file if it has an own authority"
            )
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return error(
                .refused,
                "find out who answers there: the server's public key is not pinned_public_key; nothing was sent")
        case CURLE_SSL_CACERT_BADFILE:
            return error(.configuration, "ca_file must be a readable PEM file")
        case CURLE_SSL_CERTPROBLEM:
            return error(
                .configuration,
                "client_certificate and client_key must be PEM files that belong together, without passphrase")
        case CURLE_URL_MALFORMAT:
            return error(.configuration, "check the endpoint")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return error(.malformed, "this is not how an S3 service answers: check the endpoint")
        case CURLE_WRITE_ERROR:
            return error(.limit, "this is not how an S3 service answers: check the endpoint")
        case CURLE_ABORTED_BY_CALLBACK where transfer.failure == nil:
            return error(.unreachable, "check the network and the service; run again", isPassing: true)
        case CURLE_ABORTED_BY_CALLBACK:
            return error(.io, "check the dock's disk")
        case _
        where [CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR].contains(code) && TLSTrust.isRefusal(why):
            return error(
                .refused,
                "the two sides cannot agree on TLS: the service must offer TLS 1.2 or later, and accept client_certificate if it asks for one"
            )
        default:
            return error(.unreachable, "check the network and the service; run again", isPassing: true)
        }
    }
}

extension HTTPRequest {
    /// Bytes that are expected back; 0 where only a document is.
    fileprivate var readbackBytes: Int64 {
        switch answer {
        case .readback(let readback): readback.bytes
        case .fetch(let range): range.size
        case .document, .headersOnly: 0
        }
    }
}
