/// The authority that stamps the checkpoints of nights (`dock.timestamp`, RFC 3161).
public struct TimestampSettings: Sendable, Equatable {
    /// Where it is asked, `http` or `https`.
    public var url: String
    /// PEM file of the certificates that its signature must lead to.
    public var caFile: String

    /// Takes both.
    public init(url: String, caFile: String) {
        self.url = url
        self.caFile = caFile
    }
}
