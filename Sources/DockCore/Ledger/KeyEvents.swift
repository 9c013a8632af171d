/// A signing key came into force on the dock.
public struct KeyAdopted: Sendable, Equatable, Codable {
    /// The key that was in force before, and that it handed over to this one.
    public struct Handover: Sendable, Equatable, Codable {
        /// `ssh-ed25519 …` of the key before.
        public var from: String
        /// Until when both count.
        public var until: Instant
        /// What the key before signed.
        public var statement: String
        /// Its signature, in OpenSSH's format.
        public var signature: String

        /// Takes all values.
        public init(from: String, until: Instant, statement: String, signature: String) {
            self.from = from
            self.until = until
            self.statement = statement
            self.signature = signature
        }
    }

    /// `ssh-ed25519 …`
    public var key: String
    /// Its origin for checkpoints.
    public var origin: String
    /// Nil for the first key, and for one that came without.
    public var handover: Handover?

    /// Takes all values.
    public init(key: String, origin: String, handover: Handover? = nil) {
        self.key = key
        self.origin = origin
        self.handover = handover
    }
}

/// A key must not be believed from now on.
public struct KeyRevoked: Sendable, Equatable, Codable {
    /// `ssh-ed25519 …`
    public var key: String
    /// Why, by the person who did it.
    public var reason: String

    /// Takes both.
    public init(key: String, reason: String) {
        self.key = key
        self.reason = reason
    }
}

/// Footage is sealed for these from now on.
public struct RecipientsChanged: Sendable, Equatable, Codable {
    /// age recipients, in the order of the configuration.
    public var recipients: [String]

    /// Takes them.
    public init(recipients: [String]) { self.recipients = recipients }
}
