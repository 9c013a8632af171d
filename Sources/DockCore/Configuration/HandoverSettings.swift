/// How shifts are handed over.
public struct HandoverSettings: Sendable, Equatable {
    /// The languages of reports, and of the board.
    public enum Language: String, Sendable, Codable, CaseIterable {
        /// English.
        case en
        /// Dutch.
        case nl
    }

    /// Seconds after the end of a shift before its report is made, and before a camera is overdue.
    public var grace: Double
    /// The language of reports where nobody asks for another.
    public var language: Language
    /// Whether reports are sealed and brought into the vaults.
    public var toVaults: Bool
    /// Whom reports and alarms are told; nil for nobody.
    public var webhook: WebhookSettings?

    /// Takes all values.
    public init(
        grace: Double = 1800, language: Language = .en, toVaults: Bool = true, webhook: WebhookSettings? = nil
    ) {
        self.grace = grace
        self.language = language
        self.toVaults = toVaults
        self.webhook = webhook
    }
}

/// A service that is told of reports and alarms over HTTP.
public struct WebhookSettings: Sendable, Equatable {
    /// `https://host[:port]/path`; `http` only for loopback.
    public var url: String
    /// A file with the secret that each message is signed with, which only its owner can read: an absolute path, or the name of a
    /// credential that systemd hands to the service.
    public var secret: String
    /// A PEM file with the authorities to trust, instead of the system's.
    public var caFile: String?

    /// Takes all values.
    public init(url: String, secret: String, caFile: String? = nil) {
        self.url = url
        self.secret = secret
        self.caFile = caFile
    }
}
