import DockCore

/// Numbers, times and states in a language, by the dock's local time.
public struct Wording: Sendable {
    /// The language.
    public let language: HandoverSettings.Language
    /// The dock's local time.
    public let local: LocalClock

    /// Takes both.
    public init(language: HandoverSettings.Language, local: LocalClock) {
        self.language = language
        self.local = local
    }

    func callAsFunction(_ phrase: Phrase) -> String { phrase.text(language) }

    /// `2026-10-25 07:05`, in Dutch `25-10-2026 07:05`.
    public func moment(_ moment: Instant) -> String { "\(date(local.day(at: moment))) \(local.time(at: moment))" }

    /// `2026-10-25`, in Dutch `25-10-2026`.
    public func date(_ date: CivilDate) -> String {
        let parts = date.description.split(separator: "-")
        return language == .nl ? parts.reversed().joined(separator: "-") : date.description
    }

    /// `10-25`, in Dutch `25-10`.
    public func dayAndMonth(_ date: CivilDate) -> String {
        let parts = date.description.split(separator: "-").suffix(2)
        return (language == .nl ? parts.reversed() : Array(parts)).joined(separator: "-")
    }

    /// `1.5 GB`, in Dutch `1,5 GB`.
    public func bytes(_ count: Int64) -> String {
        let text = ByteCount.text(count)
        return language == .nl ? text.replacing(".", with: ",") : text
    }

    /// `1 file`, `3 files`.
    func files(_ count: Int) -> String { (count == 1 ? Phrase.oneFile : .files).text(language, "\(count)") }

    /// `40 min`, `1 h 5 min`; what is over 1000 hours is said to be.
    public func duration(_ seconds: Double) -> String {
        let hour = language == .nl ? "u" : "h"
        guard seconds.isFinite, seconds < 3_600_000 else { return "> 1000 \(hour)" }
        let minutes = Int((max(0, seconds) / 60).rounded(.up))
        guard minutes >= 60 else { return seconds < 60 ? "\(Int(max(0, seconds).rounded(.up))) s" : "\(minutes) min" }
        return "\(minutes / 60) \(hour)" + (minutes % 60 == 0 ? "" : " \(minutes % 60) min")
    }

    func percent(_ share: Double?) -> String { share.map { "\(Int(($0 * 100).rounded())) %" } ?? self(.noneKnown) }

    func clock(_ seconds: Double) -> String {
        let amount = "\(Int(min(abs(seconds), 1e15).rounded()))"
        return (seconds < 0 ? Phrase.behind : .ahead).text(language, amount)
    }

    /// What is open.
    public func kind(_ kind: ShiftReport.OpenPoint.Kind) -> String {
        switch kind {
        case .notReturned: self(.notReturned)
        case .notSafe: self(.notSafe)
        case .held: self(.held)
        }
    }

    func warning(_ warning: Recording.SpokenWarning) -> String {
        switch warning {
        case .before: self(.warningBefore)
        case .after: self(.warningAfter)
        case .none: self(.warningNone)
        case .unknown: self(.warningUnknown)
        }
    }

    func preRecord(_ preRecord: Handover.PreRecord) -> String {
        switch preRecord.state {
        case .present: self(.present)
        case .short:
            preRecord.missing.map { Phrase.short.text(language, "\(Int(min($0, 1e9).rounded(.up)))") } ?? self(.missing)
        case .missing: self(.missing)
        case .unknown: self(.unknown)
        }
    }

    func outcome(_ handover: Handover) -> String {
        switch handover.outcome {
        case .emptied: self(.emptied)
        case .kept: self(.kept)
        case .cooling: self(.cooling)
        case .held: self(.held)
        case .incomplete: self(.incomplete)
        case .interrupted: self(.interrupted)
        case nil: self(.running)
        }
    }

    func attestation(_ attestation: Handover.Attestation) -> String {
        switch attestation {
        case .signedManifest: self(.attestationSigned)
        case .manifest: self(.attestationManifest)
        case .nothingFound: self(.attestationFound)
        }
    }

    /// Why a camera will not be ready.
    public func miss(_ miss: ReadinessForecast.Miss) -> String {
        let left = miss.seconds.map(duration) ?? self(.unknown)
        return switch miss.cause {
        case .away: Phrase.missAway.text(language, miss.title)
        case .overdue: Phrase.missOverdue.text(language, miss.title)
        case .upload: Phrase.missUpload.text(language, miss.title, left)
        case .cooling: Phrase.missCooling.text(language, miss.title, left)
        case .erase: Phrase.missErase.text(language, miss.title, left)
        case .charge: Phrase.missCharge.text(language, miss.title, left)
        case .attention:
            Phrase.missAttention.text(language, miss.title, reasons(miss.reasons, miss.causes).first ?? self(.unknown))
        case .unknown: Phrase.missUnknown.text(language, miss.title)
        }
    }

    /// Who and why, of an open point.
    public func details(_ point: ShiftReport.OpenPoint) -> [String] {
        var details: [String] = []
        if let wearer = point.wearer { details.append(Phrase.wornBy.text(language, wearer)) }
        if point.kind == .notReturned {
            if let since = point.since { details.append(Phrase.lastSeen.text(language, moment(since))) }
        } else if point.files > 0 {
            details.append("\(files(point.files)), \(bytes(point.bytes))")
        }
        return details + reasons(point.reasons, point.causes)
    }
}
