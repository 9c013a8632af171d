import DockCore

/// Finds out what a file of footage is, while its bytes pass by: an ISO base media file (MP4, QuickTime; ISO/IEC 14496-12). It sees each byte
/// once, from start to end, and keeps only the few small boxes that matter; footage itself is counted over. It never fails: a file that is
/// broken or something else gives the reason, and costs nothing from there on.
public struct MediaReader: Sendable {
    /// Boxes that are looked at: a fragmented file of a day has fewer.
    private static let boxLimit = 200_000

    private enum State {
        /// Collecting the header of a box: 8 bytes, or 16.
        case header
        /// Collecting the first bytes of a box that matters.
        case content(of: FourCC, bytes: Int, end: UInt64)
        /// Nothing matters up to there.
        case skip(to: UInt64)
        /// Nothing matters up to the end of the file.
        case rest
        /// It is no such file: nothing matters any more.
        case foreign
        /// It is damaged: nothing matters any more.
        case failed(String)
    }

    /// A box that is descended into.
    private struct Level {
        let type: FourCC
        let end: UInt64
    }

    private var state = State.header
    private var kept: [UInt8] = []
    private var position: UInt64 = 0
    private var levels: [Level] = []
    private var boxes = 0
    /// Type of the last box that began, for reasons.
    private var last: FourCC?
    private var movie = Movie()
    private var start: [UInt8] = []

    /// Nothing was read yet.
    public init() { kept.reserveCapacity(64) }

    /// Takes the next bytes of the file.
    public mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if start.count < MediaKind.window { start += bytes.prefix(MediaKind.window - start.count) }
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .header: takeHeader(&rest)
            case .content(let type, let wanted, let end):
                keep(&rest, upTo: wanted)
                if kept.count == wanted { leave(type, end: end) }
            case .skip(let end):
                let count = Int(min(UInt64(rest.count), end - position))
                advance(&rest, count)
                if position == end { state = .header }
            case .rest, .foreign, .failed:
                position += UInt64(rest.count)
                return
            }
        }
    }

    /// What it is, after its last byte.
    public var facts: MediaFacts {
        if case .failed(let why) = state { return MediaFacts(unreadable: why) }
        if case .foreign = state {
            return MediaFacts(unreadable: MediaKind(start)?.reason ?? "it does not begin as an MP4 file does")
        }
        if position == 0 { return MediaFacts(unreadable: "it is empty") }
        switch state {
        case .skip(let end) where end > position:
            return cutOff("\(end - position) bytes of box '\(name)' are missing")
        case .content(_, _, let end):
            return cutOff("\(end - position) bytes of box '\(name)' are missing")
        case .header where !kept.isEmpty: return cutOff("it ends within the head of a box")
        default: break
        }
        if let level = levels.first, level.end > position {
            return cutOff("\(level.end - position) bytes of box '\(level.type)' are missing")
        }
        return movie.facts
    }

    private var name: String { last.map { "\($0)" } ?? "" }

    private func cutOff(_ what: String) -> MediaFacts { MediaFacts(unreadable: "it was cut off: \(what)") }

    // MARK: Boxes

    private mutating func advance(_ rest: inout Slice<UnsafeRawBufferPointer>, _ count: Int) {
        rest = rest.dropFirst(count)
        position += UInt64(count)
    }

    private mutating func keep(_ rest: inout Slice<UnsafeRawBufferPointer>, upTo wanted: Int) {
        let piece = rest.prefix(wanted - kept.count)
        kept += piece
        advance(&rest, piece.count)
    }

    private mutating func takeHeader(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        while let level = levels.last, level.end == position, kept.isEmpty { levels.removeLast() }
        let isLong = kept.count >= 8 && kept.number(at: 0, bytes: 4) == 1
        keep(&rest, upTo: isLong ? 16 : 8)
        if kept.count == 16 || kept.count == 8 && kept.number(at: 0, bytes: 4) != 1 { begin() }
    }

    /// A box begins, whose header was kept.
    private mutating func begin() {
        let type = FourCC(kept[4..<8])
        let header = UInt64(kept.count)
        let short = kept.number(at: 0, bytes: 4)
        let size = header == 16 ? kept.number(at: 8, bytes: 8) : short
        kept.removeAll(keepingCapacity: true)
        boxes += 1
        if last == nil, !MediaKind.beginsMovie(type) { return state = .foreign }
        last = type
        guard boxes <= MediaReader.boxLimit else { return fail("it has more than \(MediaReader.boxLimit) boxes") }
        if size == 0, header == 8 {
            guard levels.isEmpty, !type.isContainer(in: nil), Movie.wanted(type, in: nil) == nil else {
                return fail("box '\(type)' has no size")
            }
            return state = .rest
        }
        guard size >= header else { return fail("box '\(type)' is smaller than its head") }
        let (end, overflow) = (position - header).addingReportingOverflow(size)
        guard !overflow, end <= levels.last?.end ?? .max else {
            return fail("box '\(type)' is larger than the one that it lies in")
        }
        enter(type, end: end)
    }

    private mutating func enter(_ type: FourCC, end: UInt64) {
        let parent = levels.last?.type
        if type.isContainer(in: parent) {
            guard movie.enter(type) else {
                return fail("it has several indexes, or more than \(Movie.trackLimit) tracks")
            }
            levels.append(Level(type: type, end: end))
            state = .header
        } else if let wanted = Movie.wanted(type, in: parent), end > position {
            state = .content(of: type, bytes: Int(min(UInt64(wanted), end - position)), end: end)
        } else {
            pass(to: end)
        }
    }

    /// Takes in what was kept of a box, and goes on behind it.
    private mutating func leave(_ type: FourCC, end: UInt64) {
        let isGood = movie.take(type, kept)
        kept.removeAll(keepingCapacity: true)
        guard isGood else { return fail("box '\(type)' makes no sense") }
        pass(to: end)
    }

    private mutating func pass(to end: UInt64) { state = end > position ? .skip(to: end) : .header }

    private mutating func fail(_ why: String) { state = .failed("it is damaged: \(why) (before byte \(position))") }
}
