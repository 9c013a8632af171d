/// How fast cameras were dealt with lately, as the ledger shows it.
public struct OffloadPace: Sendable, Equatable, Codable {
    /// One docking, as far as its pace goes.
    public struct Sample: Sendable, Equatable {
        /// Bytes that became safe in it.
        public var bytes: Int64
        /// Seconds from its beginning to its last receipt.
        public var seconds: Double
        /// Seconds from the permit to erase until the camera was released; nil if it was not.
        public var erase: Double?

        /// Takes all values.
        public init(bytes: Int64, seconds: Double, erase: Double? = nil) {
            self.bytes = bytes
            self.seconds = seconds
            self.erase = erase
        }
    }

    /// Bytes a second that became safe, in the middle of the dockings looked at; nil if there were none.
    public var bytesPerSecond: Double?
    /// Seconds to empty and prepare a camera.
    public var erase: Double
    /// Seconds that receipts must be old before a camera is emptied.
    public var coolOff: Double

    /// Seconds that a docking takes to show how fast it is.
    public static let settles = 10.0
    /// Bytes below which a docking says nothing of how fast footage is sent.
    public static let telling: Int64 = 16 << 20
    /// Seconds to empty a camera as long as none was.
    public static let usualErase = 30.0

    /// Takes all values.
    public init(bytesPerSecond: Double? = nil, erase: Double = usualErase, coolOff: Double = 0) {
        self.bytesPerSecond = bytesPerSecond
        self.erase = erase
        self.coolOff = coolOff
    }

    /// The middle of what dockings show.
    public init(_ samples: [Sample], coolOff: Double = 0) {
        let rates = samples.filter { $0.bytes >= OffloadPace.telling && $0.seconds > 0 }
            .map { Double($0.bytes) / $0.seconds }
        self.init(
            bytesPerSecond: OffloadPace.middle(rates),
            erase: OffloadPace.middle(samples.compactMap(\.erase)) ?? OffloadPace.usualErase, coolOff: coolOff)
    }

    private static func middle(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
    }
}
