/// What a profile says of a kind of camera beyond its footage: how it is emptied, prepared and charged.
public struct CameraCare: Sendable, Equatable {
    /// How its medium is emptied at the end of a docking; nil leaves it to the configuration.
    public var quickErase: EraseMethod?
    /// How its medium is emptied at night; nil leaves it to the configuration.
    public var deepErase: EraseMethod?
    /// Files that are written when the camera is released.
    public var provision: [ProvisionedFile]
    /// A text file whose first number is the battery's charge in percent; nil if there is none.
    public var batteryFile: CameraPath?
    /// How it charges; nil if nobody knows.
    public var charge: ChargeCurve?

    /// Takes all values.
    public init(
        quickErase: EraseMethod? = nil, deepErase: EraseMethod? = nil, provision: [ProvisionedFile] = [],
        batteryFile: CameraPath? = nil, charge: ChargeCurve? = nil
    ) {
        self.quickErase = quickErase
        self.deepErase = deepErase
        self.provision = provision
        self.batteryFile = batteryFile
        self.charge = charge
    }
}

/// A file that is written to a camera when it is released.
public struct ProvisionedFile: Sendable, Equatable {
    /// Where it lies on the camera.
    public var path: CameraPath
    /// What it says.
    public var text: ProvisionText

    /// Takes both.
    public init(path: CameraPath, text: ProvisionText) {
        self.path = path
        self.text = text
    }
}

/// Text with fields in braces that are filled in when a camera is released.
public struct ProvisionText: Sendable, Equatable {
    /// What a field stands for.
    public enum Field: String, Sendable, CaseIterable {
        /// Serial number of the camera.
        case camera
        /// Badge of the wearer: the registered one, else the one who wore it last. Empty if nobody is known.
        case wearer
        /// Name of the dock.
        case dock
        /// The moment, UTC, RFC 3339 to the second.
        case utc
        /// The dock's local date, `2026-10-01`.
        case date
        /// The dock's local time, `08:30:00`.
        case time
        /// Seconds since 1970.
        case unix
    }

    /// A stretch of a text.
    public enum Piece: Sendable, Equatable {
        /// As it stands.
        case text(String)
        /// To be filled in.
        case field(Field)
    }

    /// The stretches, in order.
    public let pieces: [Piece]

    /// Parses `text`; nil if ``parse(_:)`` refuses it.
    public init?(_ text: some StringProtocol) {
        guard case .success(let parsed) = ProvisionText.parse(text) else { return nil }
        self = parsed
    }

    private init(pieces: [Piece]) { self.pieces = pieces }

    /// Parses `text`; the error says what is wrong: a field that there is not, or a brace by itself. `{{` and `}}` are braces.
    public static func parse(_ text: some StringProtocol) -> Result<ProvisionText, TextError> {
        var pieces: [Piece] = []
        var plain = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch (character, rest.first) {
            case ("{", "{"), ("}", "}"):
                plain.append(character)
                rest.removeFirst()
            case ("{", _):
                guard let end = rest.firstIndex(of: "}") else { return .failure(TextError("a '{' is not closed")) }
                guard let field = Field(rawValue: String(rest[..<end])) else {
                    return .failure(TextError(noField: rest[..<end]))
                }
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                pieces.append(.field(field))
                rest = rest[rest.index(after: end)...]
            case ("}", _): return .failure(TextError("a '}' closes nothing"))
            default: plain.append(character)
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return .success(ProvisionText(pieces: pieces))
    }

    /// What is wrong with a text.
    public struct TextError: Error, Sendable, Equatable {
        /// One clause for a person. It repeats nothing of the text but what looks like the name of a field, because the text may
        /// hold a password.
        public let reason: String

        fileprivate init(_ reason: String) { self.reason = reason }

        fileprivate init(noField name: Substring) {
            let isWord = (1...20).contains(name.utf8.count) && name.utf8.allSatisfy { (97...122).contains($0 | 0x20) }
            self.init(isWord ? "'{\(name)}' is no field" : "a '{' begins no field")
        }
    }

    /// The text with its fields filled in; `value` answers for each.
    public func filled(_ value: (Field) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .field(let field): value(field)
            }
        }.joined()
    }

    /// Whether it says what time it is: then it sets the camera's clock.
    public var tellsTime: Bool {
        pieces.contains { piece in
            if case .field(let field) = piece { [.utc, .date, .time, .unix].contains(field) } else { false }
        }
    }
}

/// How a battery fills: charge in percent over time. Between its points it is a straight line.
public struct ChargeCurve: Sendable, Equatable {
    /// A point of the curve.
    public struct Point: Sendable, Equatable {
        /// Charge in percent, 0 to 100.
        public var percent: Int
        /// Seconds from an empty battery.
        public var seconds: Double

        /// Takes both.
        public init(percent: Int, seconds: Double) {
            self.percent = percent
            self.seconds = seconds
        }
    }

    /// Its points: the first at 0 percent and 0 seconds, the last at 100 percent; both rise from point to point.
    public let points: [Point]

    /// Takes points between empty (0 percent, 0 seconds: added if it is not given) and full; nil if they do not rise, or do
    /// not end at 100 percent after a finite time.
    public init?(_ points: [Point]) {
        var points = points
        if points.first?.percent != 0 { points.insert(Point(percent: 0, seconds: 0), at: 0) }
        guard points.count >= 2, points[0].seconds == 0, let full = points.last, full.percent == 100,
            full.seconds.isFinite,
            zip(points, points.dropFirst()).allSatisfy({ $0.percent < $1.percent && $0.seconds < $1.seconds })
        else { return nil }
        self.points = points
    }

    /// Estimates the charge in percent after `seconds` of charging from `percent`.
    public func charge(from percent: Int, after seconds: Double) -> Int {
        let end = self.seconds(to: percent) + max(0, seconds)
        for (low, high) in zip(points, points.dropFirst()) where end < high.seconds {
            let share = (end - low.seconds) / (high.seconds - low.seconds)
            // The way there and back is not exact: without the grain, charging for no time at all would lose a percent.
            let grain = 1e-9
            return low.percent + Int((share * Double(high.percent - low.percent) + grain).rounded(.down))
        }
        return 100
    }

    /// Estimates the seconds of charging from `percent` until full.
    public func secondsToFull(from percent: Int) -> Double { seconds(to: 100) - seconds(to: percent) }

    /// Seconds from empty to `percent`.
    private func seconds(to percent: Int) -> Double {
        let percent = min(max(percent, 0), 100)
        for (low, high) in zip(points, points.dropFirst()) where percent <= high.percent {
            let share = Double(percent - low.percent) / Double(high.percent - low.percent)
            return low.seconds + share * (high.seconds - low.seconds)
        }
        return points.last?.seconds ?? 0
    }
}
