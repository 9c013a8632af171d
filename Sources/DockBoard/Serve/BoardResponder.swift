import DockCore
import HummingbirdCore
import NIOCore
import Synchronization

/// Answers requests. All are questions: nothing that comes in over HTTP changes anything.
struct BoardResponder: Sendable {
    let feed: BoardFeed
    let streams: EventStreams
    let duty: DutyPages
    let access: Access
    let language: HandoverSettings.Language?
    let requests = RequestCount()

    /// - Parameter channel: the connection that it came over.
    func respond(to request: Request, channel: any Channel) async -> Response {
        var response = await answer(request, channel)
        for field in SecurityHeaders.all where response.headers[field.name] == nil { response.headers.append(field) }
        response.headers[.date] = HTTPDate.now
        if request.method == .head { response.body = ResponseBody() }
        requests.add(response.status.code)
        return response
    }

    private func answer(_ request: Request, _ channel: any Channel) async -> Response {
        guard access.isForUs(request.head.authority) else {
            return .text(.misdirectedRequest, "this is not a name of this dock: see board.names")
        }
        guard let route = Route(rawValue: request.uri.path) else { return .text(.notFound, "there is nothing here") }
        guard request.method == .get || request.method == .head else {
            var response = Response.text(.methodNotAllowed, "only GET and HEAD are answered")
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        let length = request.headers[.contentLength]
        guard request.headers[.transferEncoding] == nil, length == nil || length == "0" else {
            var response = Response.text(.contentTooLarge, "requests have no content")
            response.headers[.connection] = "close"
            return response
        }
        let query = request.uri.queryParameters
        let language = HandoverSettings.Language.chosen(
            query: query["lang"].map { String($0) }, configured: language, accepted: request.headers[.acceptLanguage])
        if route.isForPeople, let cookie = access.cookie(for: query["token"], request) {
            return .redirect(cookie, to: route, language)
        }
        guard route.isOpen || access.isGranted(request) else { return .unauthorized(route, language) }
        return await answer(route, query, language, request.method == .head, channel)
    }

    private func answer(
        _ route: Route, _ query: FlatDictionary<Substring, Substring>, _ language: HandoverSettings.Language,
        _ isHead: Bool, _ channel: any Channel
    ) async -> Response {
        switch route {
        case .leader: return await duty.page(.leader, .overview, language)
        case .history: return await duty.page(.history, .history, language)
        case .report: return await duty.report(query, language)
        case .handovers: return await duty.handovers(query)
        case .page:
            let phrases = Phrases.of(language)
            let title = phrases["title", feed.moment.status?.dock ?? ""]
            let page = BoardPage.page(feed.edition(language).parts, title: title, phrases)
            return .html(.ok, page, language)
        case .style: return .asset(PackageResources.board_css, "text/css; charset=utf-8")
        case .script: return .asset(PackageResources.board_js, "text/javascript; charset=utf-8")
        case .icon: return .asset(PackageResources.icon_svg, "image/svg+xml")
        case .status: return .json(feed.report.line)
        case .metrics:
            let text = Metrics(feed.moment, streams: streams.count, requests: requests.byStatus).text
            return .content(.ok, text, "text/plain; version=0.0.4; charset=utf-8")
        case .health:
            return feed.moment.isCurrent
                ? .text(.ok, "ok") : .text(.serviceUnavailable, "nothing is heard of the dock's agent")
        case .pageEvents: return isHead ? .events(ResponseBody()) : .events(pageEvents(language, channel))
        case .events: return isHead ? .events(ResponseBody()) : .events(statusEvents(channel))
        }
    }

    /// The parts of the page as they change. The first event has all of them: the page may be older than the connection.
    private func pageEvents(_ language: HandoverSettings.Language, _ channel: any Channel) -> ResponseBody? {
        let sent = Mutex<BoardFeed.Edition?>(nil)
        let feed = feed
        return streams.open(channel) {
            sent.withLock { sent in
                guard let older = sent else {
                    let edition = feed.edition(language)
                    sent = edition
                    return ServerEvent.parts(edition.parts.frame + [edition.parts.list])
                }
                let (edition, event) = feed.frame(language, since: older)
                sent = edition
                return event
            }
        }
    }

    private func statusEvents(_ channel: any Channel) -> ResponseBody? {
        let feed = feed
        let sent = Mutex(0)
        return streams.open(channel) {
            let report = feed.report
            return sent.withLock { sent in
                guard sent != report.number else { return nil }
                sent = report.number
                return report.event
            }
        }
    }
}

/// `GET /api/v1/status`.
struct StatusReport: Codable, Equatable {
    /// Whether the agent is heard.
    var connected: Bool
    /// Since when it is not.
    var lostSince: Instant?
    /// What the dock showed last.
    var dock: DockStatus?

    init(_ moment: BoardMoment) {
        (connected, lostSince, dock) = (moment.isCurrent, moment.lostSince, moment.status)
    }
}

/// How often each status was answered.
final class RequestCount: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    /// So far.
    var byStatus: [Int: Int] { counts.withLock { $0 } }

    func add(_ status: Int) { counts.withLock { $0[status, default: 0] += 1 } }
}
