import DockCore
import DockHandover
import HTTPTypes
import HummingbirdCore

/// The pages that are read rather than glanced at, and the handovers for programs: what the agent answers when it is asked.
struct DutyPages: Sendable {
    let feed: BoardFeed
    let clerk: DutyClerk

    /// The team leader's page, or the history.
    func page(_ route: Route, _ question: DutyQuestion, _ language: HandoverSettings.Language) async -> Response {
        let phrases = Phrases.of(language)
        let title = phrases["\(route == .leader ? "leader" : "history").title", feed.moment.status?.dock ?? ""]
        let content: Markup
        switch await clerk.answer(question) {
        case .success(.overview(let overview)):
            content = LeaderPage(overview, phrases, clock: feed.clock).content
        case .success(.history(let days)): content = HistoryPage(days, phrases, clock: feed.clock).content
        case .success(.report): return .text(.badGateway, "the agent answered something else")
        case .failure(let error): return failure(route, title, error, phrases)
        }
        return .html(.ok, SheetPage.page(route, title: title, phrases, content), language)
    }

    /// The page of the report, as it is printed.
    func report(_ query: FlatDictionary<Substring, Substring>, _ language: HandoverSettings.Language) async
        -> Response
    {
        guard let question = DutyPages.report(query) else { return DutyPages.unclear }
        let phrases = Phrases.of(language)
        switch await clerk.answer(question) {
        case .success(.report(let report)):
            do throws(DockError) {
                let page = try report.shown(as: .html, language, feed.clock)
                var response = Response.content(.ok, page, "text/html; charset=utf-8")
                response.headers[.contentLanguage] = language.rawValue
                // It brings its own style, and nothing else.
                if let name = HTTPField.Name("Content-Security-Policy") {
                    response.headers[name] =
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                }
                return response
            } catch { return failure(.report, phrases["page.report"], error, phrases) }
        case .success: return .text(.badGateway, "the agent answered something else")
        case .failure(let error): return failure(.report, phrases["page.report"], error, phrases)
        }
    }

    /// What is told of the shifts, or the report of one.
    func handovers(_ query: FlatDictionary<Substring, Substring>) async -> Response {
        let isOne = query["shift"] != nil || query["date"] != nil || query["edition"] != nil
        guard let question = isOne ? DutyPages.report(query) : .overview else { return DutyPages.unclear }
        switch await clerk.answer(question) {
        case .success(.overview(let overview)): return .json(ServerEvent.json(HandoverList(overview)))
        case .success(.report(let report)): return .json(ServerEvent.json(report))
        case .success(.history): return .text(.badGateway, "the agent answered something else")
        case .failure(let error):
            return .text(DutyPages.status(error, isOne), "\(error)")
        }
    }

    private static func report(_ query: FlatDictionary<Substring, Substring>) -> DutyQuestion? {
        guard let shift = query["shift"], CameraIdentity.isName(shift),
            let date = query["date"].flatMap({ CivilDate($0) })
        else { return nil }
        guard let text = query["edition"] else { return .report(shift: String(shift), date: date, edition: nil) }
        guard let edition = Int(text), (1...9999).contains(edition) else { return nil }
        return .report(shift: String(shift), date: date, edition: edition)
    }

    private static let unclear = Response.text(
        .badRequest, "name a report: date=2026-10-24&shift=late, and edition=1 if not the last one")

    /// Where one report was asked for, the agent refuses because there is none.
    private static func status(_ error: DockError, _ isOne: Bool) -> HTTPResponse.Status {
        error.code == .refused && isOne ? .notFound : .serviceUnavailable
    }

    private func failure(_ route: Route, _ title: String, _ error: DockError, _ phrases: Phrases) -> Response {
        .html(
            DutyPages.status(error, route == .report),
            SheetPage.failure(route, title: title, phrases, why: "\(error)"), phrases.language)
    }
}

/// `GET /api/v1/handovers`.
private struct HandoverList: Encodable {
    /// When it was so.
    var now: Instant
    /// The shifts of today and those under way, as they stand.
    var shifts: [DutyOverview.Standing]
    /// The last report of each of the last shifts, newest first.
    var reports: [DutyOverview.Report]
    /// How the next shift will find the cameras.
    var next: ReadinessForecast?

    init(_ overview: DutyOverview) {
        (now, next) = (overview.status.now, overview.status.next)
        (shifts, reports) = (overview.shifts, overview.reports)
    }
}
