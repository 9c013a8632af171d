import COpenSSL
import DockCore
import DockSystem
import Glibc

/// Asks an authority to say that something exists now (RFC 3161). It is told the SHA-256 only.
public struct TimeStampRequest: Sendable {
    /// DER, `application/timestamp-query`: with a nonce, and asking for the authority's certificate.
    public let bytes: [UInt8]

    private static let what = "cannot use a time-stamp"

    /// Takes what is to be stamped.
    public init(of content: [UInt8]) throws(DockError) {
        var digest = Array(try SHA256Digest(hashing: content).bytes)
        let random = try Randomness.bytes(8)
        guard let request = TS_REQ_new(), let imprint = TS_MSG_IMPRINT_new(), let algorithm = X509_ALGOR_new(),
            let nonce = ASN1_INTEGER_new()
        else { throw .openSSL("begin a time-stamp") }
        defer {
            TS_REQ_free(request)
            TS_MSG_IMPRINT_free(imprint)
            X509_ALGOR_free(algorithm)
            ASN1_INTEGER_free(nonce)
        }
        // Each of these copies what it is given.
        guard TS_REQ_set_version(request, 1) == 1, TS_REQ_set_cert_req(request, 1) == 1,
            ASN1_INTEGER_set_uint64(nonce, random.reduce(0) { $0 << 8 | UInt64($1) }) == 1,
            TS_REQ_set_nonce(request, nonce) == 1,
            X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1,
            TS_MSG_IMPRINT_set_msg(imprint, &digest, Int32(digest.count)) == 1,
            TS_REQ_set_msg_imprint(request, imprint) == 1
        else { throw .openSSL("make a time-stamp's request") }
        let count = i2d_TS_REQ(request, nil)
        guard count > 0 else { throw .openSSL("write a time-stamp's request") }
        bytes = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, size in
            var end = buffer.baseAddress
            size = Int(i2d_TS_REQ(request, &end))
        }
    }

    /// When the content existed, as the authority answers (`application/timestamp-reply`), if it answers this very request and its
    /// signature leads to one of those who are believed.
    /// - Parameters:
    ///   - answer: DER, nothing behind it.
    ///   - authorities: PEM file of those who are believed.
    ///   - place: where the answer comes from, for errors.
    public func time(of answer: [UInt8], authorities: String, at place: String) throws(DockError) -> Instant {
        guard let response = TimeStampRequest.response(answer) else {
            throw DockError(
                .malformed, TimeStampRequest.what, at: place, because: "the answer is no time-stamp",
                next: "check 'dock.timestamp.url'")
        }
        defer { TS_RESP_free(response) }
        let request = bytes.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            return d2i_TS_REQ(nil, &next, buffer.count)
        }
        guard let request, let context = TS_REQ_to_TS_VERIFY_CTX(request, nil), let store = X509_STORE_new() else {
            throw .openSSL("check a time-stamp")
        }
        // The context frees the store.
        _ = TS_VERIFY_CTX_set_store(context, store)
        defer {
            TS_VERIFY_CTX_free(context)
            TS_REQ_free(request)
        }
        guard X509_STORE_load_file(store, authorities) == 1 else {
            throw TimeStampRequest.failure(
                .configuration, authorities, "'dock.timestamp.ca_file' must be a readable PEM file with certificates")
        }
        _ = TS_VERIFY_CTX_add_flags(context, Int32(TS_VFY_SIGNATURE))
        guard TS_RESP_verify_response(context, response) == 1 else {
            throw TimeStampRequest.failure(
                .unauthenticated, place,
                "find out who answers there, and whether 'dock.timestamp.ca_file' is the authority's")
        }
        var moment = tm()
        guard let info = TS_RESP_get_tst_info(response), ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &moment) == 1
        else { throw TimeStampRequest.failure(.malformed, place, "ask the authority why its time cannot be read") }
        return Instant(seconds: Int64(timegm(&moment)))
    }

    private static func response(_ answer: [UInt8]) -> OpaquePointer? {
        answer.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            let response = d2i_TS_RESP(nil, &next, buffer.count)
            if let response, next != buffer.baseAddress.map({ $0 + buffer.count }) {
                TS_RESP_free(response)
                return nil
            }
            if response == nil { ERR_clear_error() }
            return response
        }
    }

    /// What OpenSSL says.
    private static func failure(_ code: DockError.Code, _ place: String, _ next: String) -> DockError {
        DockError(code, what, at: place, because: DockError.openSSL("").why, next: next)
    }
}
