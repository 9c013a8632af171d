import DockCore

/// How often a step is tried again, and how long to wait before: each pause is up to a quarter longer than planned, so that
/// docks that lost the same service do not come back at the same moment.
struct Backoff: Sendable, Equatable {
    /// Seconds before the second try, before the third, …
    var pauses: [Double]

    /// Quick tries within one delivery; the next run is the long-term retry.
    static let quick = Backoff(pauses: [0.25, 1, 3])

    /// Seconds to wait before try number `attempt` (the first is 1); nil if there is none.
    /// - Parameter jitter: 0 up to 1, from a source of randomness.
    func pause(before attempt: Int, jitter: Double) -> Double? {
        guard attempt >= 2, attempt - 2 < pauses.count else { return nil }
        return pauses[attempt - 2] * (1 + 0.25 * jitter)
    }
}

/// Sends again what found no answer, or an answer that says «later».
struct RetryingRequester: Requester {
    let base: any Requester
    let backoff: Backoff
    /// Waits some seconds.
    let sleep: @Sendable (Double) -> Void
    /// 0 up to 1.
    let jitter: @Sendable () -> Double

    func send(_ request: HTTPRequest) throws(DockError) -> HTTPResponse {
        var attempt = 1
        while true {
            let result = Result { () throws(DockError) in try base.send(request) }
            let isFinal =
                switch result {
                case .success(let response): !S3Failure.isPassing(status: response.status)
                case .failure(let error): !error.isPassing
                }
            attempt += 1
            guard !isFinal, let pause = backoff.pause(before: attempt, jitter: jitter()) else {
                return try result.get()
            }
            sleep(pause)
            if let outcome = try request.outcome?() { return outcome }
        }
    }
}
