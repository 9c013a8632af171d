import Dispatch
import DockCore
import Glibc
import Synchronization

/// What the board asks the agent for, beyond what it is told anyway.
public enum DutyQuestion: Sendable, Hashable {
    /// What a team leader must know now.
    case overview
    /// The report of a shift; without an edition the last one.
    case report(shift: String, date: CivilDate, edition: Int?)
    /// What the last days brought.
    case history
}

/// What the agent answers.
public enum DutyAnswer: Sendable, Equatable {
    /// To ``DutyQuestion/overview``.
    case overview(DutyOverview)
    /// To ``DutyQuestion/report(shift:date:edition:)``.
    case report(ShiftReport)
    /// To ``DutyQuestion/history``, oldest day first.
    case history([HistoryDay])
}

/// Asks for what takes the agent work: one thing at a time, ten times a second at most, on a thread of its own. An answer serves everybody who
/// asks the same for a while, so that many readers cost the dock no more than one.
final class DutyClerk: Sendable {
    /// Asks the agent, and waits for the answer.
    typealias Ask = @Sendable (DutyQuestion) throws(DockError) -> DutyAnswer

    /// Microseconds of rest for the agent after each question, whoever has how many.
    private static let pause: useconds_t = 100_000
    /// How long it counts that there was none.
    private static let failureServes = Duration.seconds(5)
    /// Answers that are kept at the same time.
    private static let most = 8

    private struct Kept {
        let answer: Result<DutyAnswer, DockError>
        let until: ContinuousClock.Instant
    }

    private let kept = Mutex<[DutyQuestion: Kept]>([:])
    private let thread = DispatchQueue(label: "duty")
    private let ask: Ask

    init(_ ask: @escaping Ask) { self.ask = ask }

    /// The answer, which may be as old as the question allows (``DutyQuestion/serves``).
    func answer(_ question: DutyQuestion) async -> Result<DutyAnswer, DockError> {
        if let known = known(question) { return known }
        return await withCheckedContinuation { continuation in
            thread.async { [self] in
                // Who waited before may have had the same question.
                if let known = known(question) { return continuation.resume(returning: known) }
                let answer = Result { () throws(DockError) in try ask(question) }
                keep(answer, of: question)
                continuation.resume(returning: answer)
                usleep(DutyClerk.pause)
            }
        }
    }

    private func known(_ question: DutyQuestion) -> Result<DutyAnswer, DockError>? {
        kept.withLock { $0[question].flatMap { $0.until > .now ? $0.answer : nil } }
    }

    private func keep(_ answer: Result<DutyAnswer, DockError>, of question: DutyQuestion) {
        kept.withLock { kept in
            kept = kept.filter { $0.value.until > .now }
            guard kept[question] == nil, kept.count < DutyClerk.most else { return }
            var serves = question.serves
            if case .failure = answer { serves = DutyClerk.failureServes }
            kept[question] = Kept(answer: answer, until: .now + serves)
        }
    }
}

extension DutyQuestion {
    /// How long an answer serves.
    fileprivate var serves: Duration {
        switch self {
        case .overview, .report: .seconds(5)
        case .history: .seconds(60)
        }
    }
}
