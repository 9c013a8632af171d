import DockCore
import DockSeal
import Glibc

/// Whose signatures are believed: a file as `ssh-keygen -Y verify -f` reads it (ssh-keygen(1), ALLOWED SIGNERS), as far as docks need it.
struct AllowedSigners {
    /// What is known of when something was signed.
    enum SignedTime {
        case at(Instant)
        case notBefore(Instant)

        var moment: Instant {
            switch self {
            case .at(let moment), .notBefore(let moment): moment
            }
        }
    }

    private struct Signer {
        let name: String
        /// Nil for any.
        let namespaces: [String]?
        let key: SSHPublicKey
        let validAfter: Instant?
        let validBefore: Instant?

        /// To the second, as `ssh-keygen -Y verify -O verify-time=` judges it.
        func counts(_ time: SignedTime) -> Bool {
            let second = Instant(seconds: time.moment.milliseconds / 1000)
            if case .at = time, let validAfter, second < validAfter { return false }
            return validBefore.map { second <= $0 } ?? true
        }

        var period: String {
            [validAfter.map { "from \($0)" }, validBefore.map { "until \($0)" }].compactMap(\.self).joined(
                separator: " ")
        }
    }

    private let signers: [Signer]

    /// Reads it. Lines that are none of a dock, or have an option that may forbid what is asked, are left out.
    init(_ text: String) {
        signers = text.split(whereSeparator: \.isNewline).compactMap { line in
            guard !line.hasPrefix("#"), let kind = line.range(of: "\(SSHPublicKey.kind) "),
                let key = SSHPublicKey(String(line[kind.lowerBound...]))
            else { return nil }
            let words = line[..<kind.lowerBound].split(separator: " ", maxSplits: 1)
            guard let name = words.first else { return nil }
            var namespaces: [String]?
            var (validAfter, validBefore): (Instant?, Instant?)
            for option in words.count > 1 ? words[1].matches(of: /([a-z-]+)(?:="([^"]*)")?/) : [] {
                switch option.1 {
                case "namespaces": namespaces = (option.2 ?? "").split(separator: ",").map(String.init)
                case "valid-after", "valid-before":
                    guard let moment = Instant(signers: option.2 ?? "") else { return nil }
                    if option.1 == "valid-after" { validAfter = moment } else { validBefore = moment }
                default: return nil
                }
            }
            if let validAfter, let validBefore, validAfter >= validBefore { return nil }
            return Signer(
                name: String(name), namespaces: namespaces, key: key, validAfter: validAfter, validBefore: validBefore)
        }
    }

    /// The keys.
    var keys: [SSHPublicKey] { signers.map(\.key) }

    /// Fingerprints of the keys, each once.
    var fingerprints: [String] {
        get throws(DockError) {
            var all: [String] = []
            for signer in signers {
                let fingerprint = try signer.key.fingerprint
                if !all.contains(fingerprint) { all.append(fingerprint) }
            }
            return all
        }
    }

    /// Why a signature is not one of `content` by somebody of this name for this purpose; nil if it is.
    /// - Parameter time: when it was made; nil if nothing is known of that: then it is not looked at when a key counts.
    func objection(
        to signature: [UInt8], of content: [UInt8], by name: String, for namespace: String, at time: SignedTime?
    ) throws(DockError) -> String? {
        guard let text = String(validating: signature, as: UTF8.self) else { return "it is no signature" }
        let read: SSHSignature
        do throws(DockError) { read = try SSHSignature(armored: text, at: "the signature") } catch {
            return "it is no signature: \(error.why)"
        }
        guard read.namespace == namespace else { return "it is a signature for '\(read.namespace)'" }
        let candidates = signers.filter {
            $0.key == read.key && $0.name == name && $0.namespaces?.contains(namespace) ?? true
        }
        guard let candidate = candidates.first else { return "it is by another key: \(try read.key.fingerprint)" }
        if let time, !candidates.contains(where: { $0.counts(time) }) {
            let when = if case .at = time { "at" } else { "not before" }
            return
                "it was made \(when) \(time.moment), and its key \(try read.key.fingerprint) counts \(candidate.period)"
        }
        return try read.covers(content) ? nil : "it is not a signature of this content"
    }
}

extension Instant {
    /// A time as in a file of allowed signers: `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, with `Z` in UTC, without in the local time of this
    /// computer; nil if it is none.
    fileprivate init?(signers text: Substring) {
        let digits = text.last == "Z" ? text.dropLast() : text
        guard [8, 12, 14].contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let padded = Array((digits + String(repeating: "0", count: 14 - digits.utf8.count)).utf8)
        func number(_ range: Range<Int>) -> Int { padded[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard
            let moment = Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        if text.last == "Z" {
            self = moment
            return
        }
        var local = tm()
        (local.tm_year, local.tm_mon, local.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (local.tm_hour, local.tm_min, local.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        local.tm_isdst = -1
        self.init(seconds: Int64(mktime(&local)))
    }
}
