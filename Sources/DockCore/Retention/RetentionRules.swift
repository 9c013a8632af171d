/// An object in a vault that the dock delivered, as the ledger knows it.
public struct StoredObject: Sendable, Equatable {
    /// What was sealed.
    public var sealed: SegmentSealed
    /// When it was read, by the dock's clock.
    public var read: Instant
    /// What the camera's clock showed in its docking; nil if nobody knows.
    public var cameraClock: Instant?
    /// The latest receipt of its vault.
    public var receipt: Receipt
    /// When its vault first had it.
    public var delivered: Instant
    /// Vaults that it still waits for in the spool.
    public var awaited: [String]

    /// Takes all values.
    public init(
        sealed: SegmentSealed, read: Instant, cameraClock: Instant?, receipt: Receipt, delivered: Instant,
        awaited: [String] = []
    ) {
        self.sealed = sealed
        self.read = read
        self.cameraClock = cameraClock
        self.receipt = receipt
        self.delivered = delivered
        self.awaited = awaited
    }
}

/// How a vault says that an object stands.
public enum ObjectStanding: Sendable, Equatable {
    /// It is there, exactly the one that was delivered, and is locked so; nil where the vault has no locks.
    case there(ObjectLock.State?)
    /// Nothing stands there.
    case gone
}

/// What is to become of an object.
public enum RetentionVerdict: Sendable, Equatable {
    /// Nobody says how long it is kept: it stays.
    case unlimited
    /// It is kept until then.
    case kept(until: Instant)
    /// It is kept because of holds, with these names.
    case held([String])
    /// It stays although its time is over, because of this.
    case stopped(String)
    /// Its time is over.
    case due
}

/// The only way to the destruction of an object. Only ``RetentionRules`` makes one.
public struct DestructionPermit: Sendable, Equatable {
    /// The object.
    public let object: StoredObject
    /// What the ledger is told before.
    public let entry: DestructionPermitted

    init(object: StoredObject, entry: DestructionPermitted) {
        self.object = object
        self.entry = entry
    }
}

/// Decides what is to become of stored footage. When in doubt it stays.
public struct RetentionRules: Sendable {
    private let configuration: Configuration
    private let holds: Holds
    private let now: Instant
    private let silenceEnd: Instant?

    /// - Parameters:
    ///   - holds: all of them, read after the last moment at which one could be added.
    ///   - now: by the dock's clock.
    ///   - silenceEnd: when the last long silence of the ledger ended, of which nobody has said that the clock is right all the same.
    public init(_ configuration: Configuration, holds: Holds, now: Instant, silenceEnd: Instant? = nil) {
        self.configuration = configuration
        self.silenceEnd = silenceEnd
        self.holds = holds
        self.now = now
    }

    /// How far a camera's clock may be off for the times that it gives to count, in seconds.
    static let clockTolerance = 86_400.0

    /// From when until when footage is kept. A recording's time counts only if the camera's clock was seen to be right: a clock
    /// that lost years would have footage destroyed on the day that it was made.
    public func time(of object: StoredObject) -> RetentionTime {
        let isRight = object.cameraClock.map { abs(object.read.seconds(since: $0)) <= RetentionRules.clockTolerance }
        var sealed = object.sealed
        if isRight != true { sealed.recorded = nil }
        return sealed.retention(readAt: object.read, configuration)
    }

    /// When an object may be destroyed; nil if nobody says. As long as its vault promised to lock it there is no point in asking.
    private func due(_ object: StoredObject) -> Instant? {
        time(of: object).deadline.map { deadline in
            max(
                deadline, object.delivered.adding(seconds: configuration.retention.grace),
                object.receipt.lock?.until ?? deadline)
        }
    }

    /// Whether the time of an object is over, whatever keeps it.
    public func isOver(_ object: StoredObject) -> Bool { due(object).map { $0 <= now } ?? false }

    /// What is to become of an object, as far as the ledger knows.
    public func verdict(_ object: StoredObject) -> RetentionVerdict {
        let holding = holds.active(over: object.sealed)
        if !holding.isEmpty { return .held(holding.map(\.added.hold)) }
        guard let due = due(object) else { return .unlimited }
        if now < due { return .kept(until: due) }
        if !object.awaited.isEmpty {
            return .stopped("it still waits in the spool for \(object.awaited.joined(separator: ", "))")
        }
        if let silenceEnd, object.read < silenceEnd {
            return .stopped(
                "the dock was off for days until \(silenceEnd), or its clock jumped then; check its clock, then: bodydock retention apply --clock-is-right"
            )
        }
        return .due
    }

    /// The permit to destroy an object, if its time is over and nothing speaks against it.
    /// - Parameter standing: what its vault says of it.
    public func permit(_ object: StoredObject, _ standing: ObjectStanding) -> Result<
        DestructionPermit, RetentionObjection
    > {
        switch verdict(object) {
        case .due: break
        case .unlimited, .kept: return .failure(RetentionObjection("its time is not over"))
        case .held(let names): return .failure(RetentionObjection("it is held: \(names.joined(separator: ", "))"))
        case .stopped(let why): return .failure(RetentionObjection(why))
        }
        let time = time(of: object)
        guard let deadline = time.deadline, let team = object.sealed.team(configuration) else {
            return .failure(RetentionObjection("nobody says how long it is kept"))
        }
        switch standing {
        case .gone: return .failure(RetentionObjection("it is not there, and nobody here removed it"))
        case .there(let lock):
            if lock?.legalHold ?? false {
                return .failure(
                    RetentionObjection("a legal hold is on it, by the vault's policy or by somebody else's will"))
            }
            if let until = lock?.until, until > now {
                return .failure(RetentionObjection("its vault keeps it locked until \(until)"))
            }
        }
        let sealed = object.sealed
        return .success(
            DestructionPermit(
                object: object,
                entry: DestructionPermitted(
                    docking: sealed.docking, camera: sealed.camera, recording: sealed.recording, path: sealed.path,
                    vault: object.receipt.vault, key: object.receipt.key, version: object.receipt.version,
                    sealing: sealed.sealed.id, sha256: sealed.sealed.plaintext, bytes: sealed.sealed.plaintextBytes,
                    team: team.name, regime: team.regime, begin: time.begin, deadline: deadline)))
    }
}

/// Why an object is not destroyed.
public struct RetentionObjection: Error, Sendable, Equatable {
    /// One clause for a person.
    public let why: String

    /// Takes the clause.
    public init(_ why: String) { self.why = why }
}
