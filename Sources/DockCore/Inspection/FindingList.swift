/// Findings in the order in which they were made, of which each code names ``namedPerCode`` at most. The rest are counted
/// and summed up in one finding, so that a camera with 100,000 faults fills neither memory nor the ledger.
public struct FindingList: Sendable {
    /// How many findings of one code are kept one by one.
    public static let namedPerCode = 100

    private struct Rest {
        var count = 0
        var holds = false
        var seconds = 0.0
        var bytes: Int64 = 0
        var items = 0

        var missing: Finding.Loss? {
            if bytes > 0 { return .bytes(bytes) }
            if seconds > 0 { return .seconds(seconds) }
            return items > 0 ? .items(items) : nil
        }
    }

    private var named: [Finding] = []
    private var counts: [Finding.Code: Int] = [:]
    private var rests: [Finding.Code: Rest] = [:]

    /// An empty list.
    public init() {}

    /// Adds a finding.
    public mutating func add(_ finding: Finding) {
        let count = counts[finding.code, default: 0]
        counts[finding.code] = count + 1
        guard count >= FindingList.namedPerCode else {
            named.append(finding)
            return
        }
        var rest = rests[finding.code] ?? Rest()
        rest.count += 1
        rest.holds = rest.holds || finding.holds
        switch finding.missing {
        case .seconds(let seconds): rest.seconds += seconds
        case .bytes(let bytes): rest.bytes = rest.bytes.addingReportingOverflow(bytes).partialValue
        case .items(let items): rest.items = rest.items.addingReportingOverflow(items).partialValue
        case nil: break
        }
        rests[finding.code] = rest
    }

    /// Adds findings in their order.
    public mutating func add(_ findings: some Sequence<Finding>) {
        for finding in findings { add(finding) }
    }

    /// How many findings of a code were added.
    public func count(of code: Finding.Code) -> Int { counts[code, default: 0] }

    /// The findings that are named, then one for each code that has more.
    public var findings: [Finding] {
        let summaries = Finding.Code.allCases.compactMap { code -> Finding? in
            guard let rest = rests[code] else { return nil }
            return Finding(
                code, missing: rest.missing, holds: rest.holds,
                "\(rest.count) more findings of this kind; the first \(FindingList.namedPerCode) are named")
        }
        return named + summaries
    }
}
