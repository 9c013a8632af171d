import DockCore

/// An authority for time-stamps, asked over HTTP (RFC 3161 section 3.4). Its answers are signed, and tell nothing: they may travel in
/// the open.
public struct TimeStampAuthority: Sendable {
    private let url: String
    private let conditions: HTTPConnection.Conditions

    /// - Parameter url: `http://…` or `https://…`.
    public init(url: String) throws(DockError) {
        self.url = url
        conditions = HTTPConnection.Conditions(
            scheme: url.hasPrefix("https:") ? "https" : "http", trust: try TLSTrust(caFile: nil), stallTimeout: 30)
    }

    /// Sends a request, and waits for its answer, which is not checked here.
    /// - Parameter query: DER, `application/timestamp-query`.
    /// - Returns: DER, `application/timestamp-reply`.
    public func answer(to query: [UInt8]) throws(DockError) -> [UInt8] {
        let request = HTTPRequest(method: "POST", path: "", body: .document(query))
        let headers = ["content-type: application/timestamp-query", "user-agent: bodydock"]
        let response: HTTPResponse
        do throws(DockError) {
            response = try HTTPConnection().perform(request, url: url, headers: headers, under: conditions)
        } catch {
            throw failure(error.code, error.why, isPassing: error.isPassing)
        }
        guard response.status == 200 else {
            throw failure(.refused, "it answers with status \(response.status)", isPassing: response.status >= 500)
        }
        return response.body
    }

    private func failure(_ code: DockError.Code, _ why: String, isPassing: Bool) -> DockError {
        DockError(
            code, "cannot get a time-stamp", at: url, because: why,
            next: "check 'dock.timestamp' in the configuration, and the authority; the next night asks again",
            isPassing: isPassing)
    }
}
