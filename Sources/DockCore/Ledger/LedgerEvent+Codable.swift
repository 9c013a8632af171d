extension LedgerEvent {
    /// The kind of the event.
    public var kind: Kind {
        switch self {
        case .dockingStarted: .dockingStarted
        case .finding: .finding
        case .sealed: .sealed
        case .verified: .verified
        case .receipt: .receipt
        case .erasePermitted: .erasePermitted
        case .erased: .erased
        case .dockingEnded: .dockingEnded
        case .dockingPaused: .dockingPaused
        case .dockingResumed: .dockingResumed
        case .deviceRefused: .deviceRefused
        case .clockMeasured: .clockMeasured
        case .formatBegan: .formatBegan
        case .certificate: .certificate
        case .provisioned: .provisioned
        case .released: .released
        case .nightChecked: .nightChecked
        case .nightEnded: .nightEnded
        case .recordings: .recordings
        case .taken: .taken
        case .shiftReported: .shiftReported
        case .alarm: .alarm
        case .holdAdded: .holdAdded
        case .holdRemoved: .holdRemoved
        case .holdPlaced: .holdPlaced
        case .destructionPermitted: .destructionPermitted
        case .objectDestroyed: .objectDestroyed
        case .destructionRecorded: .destructionRecorded
        case .checkpointSigned: .checkpointSigned
        case .checkpointStamped: .checkpointStamped
        case .keyAdopted: .keyAdopted
        case .keyRevoked: .keyRevoked
        case .recipientsChanged: .recipientsChanged
        case .coverage: .coverage
        case .custody: .custody
        case .disclosed: .disclosed
        }
    }
}

extension LedgerEvent: Codable {
    private enum Key: String, CodingKey { case kind }

    /// Reads `kind`, then the fields of that kind.
    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .kind) {
        case .dockingStarted: self = .dockingStarted(try DockingStarted(from: decoder))
        case .finding: self = .finding(try FindingNoted(from: decoder))
        case .sealed: self = .sealed(try SegmentSealed(from: decoder))
        case .verified: self = .verified(try SegmentVerified(from: decoder))
        case .receipt: self = .receipt(try SegmentReceipt(from: decoder))
        case .erasePermitted: self = .erasePermitted(try ErasePermitted(from: decoder))
        case .erased: self = .erased(try ErasureEnded(from: decoder))
        case .dockingEnded: self = .dockingEnded(try DockingEnded(from: decoder))
        case .dockingPaused: self = .dockingPaused(try DockingPaused(from: decoder))
        case .dockingResumed: self = .dockingResumed(try DockingResumed(from: decoder))
        case .deviceRefused: self = .deviceRefused(try DeviceRefused(from: decoder))
        case .clockMeasured: self = .clockMeasured(try ClockMeasured(from: decoder))
        case .formatBegan: self = .formatBegan(try FormatBegan(from: decoder))
        case .certificate: self = .certificate(try ErasureCertificate(from: decoder))
        case .provisioned: self = .provisioned(try CameraProvisioned(from: decoder))
        case .released: self = .released(try CameraReleased(from: decoder))
        case .nightChecked: self = .nightChecked(try NightChecked(from: decoder))
        case .nightEnded: self = .nightEnded(try NightReport(from: decoder))
        case .recordings: self = .recordings(try RecordingsListed(from: decoder))
        case .taken: self = .taken(try CameraTaken(from: decoder))
        case .shiftReported: self = .shiftReported(try ShiftReported(from: decoder))
        case .alarm: self = .alarm(try AlarmChange(from: decoder))
        case .holdAdded: self = .holdAdded(try HoldDecision(from: decoder))
        case .holdRemoved: self = .holdRemoved(try HoldDecision(from: decoder))
        case .holdPlaced: self = .holdPlaced(try HoldPlaced(from: decoder))
        case .destructionPermitted: self = .destructionPermitted(try DestructionPermitted(from: decoder))
        case .objectDestroyed: self = .objectDestroyed(try ObjectDestroyed(from: decoder))
        case .destructionRecorded: self = .destructionRecorded(try DestructionRecorded(from: decoder))
        case .checkpointSigned: self = .checkpointSigned(try CheckpointSigned(from: decoder))
        case .checkpointStamped: self = .checkpointStamped(try CheckpointStamped(from: decoder))
        case .keyAdopted: self = .keyAdopted(try KeyAdopted(from: decoder))
        case .keyRevoked: self = .keyRevoked(try KeyRevoked(from: decoder))
        case .recipientsChanged: self = .recipientsChanged(try RecipientsChanged(from: decoder))
        case .coverage: self = .coverage(try CoverageSigned(from: decoder))
        case .custody: self = .custody(try CustodyRecorded(from: decoder))
        case .disclosed: self = .disclosed(try EvidenceDisclosed(from: decoder))
        }
    }

    /// Writes `kind` beside the fields of that kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .dockingStarted(let value): try value.encode(to: encoder)
        case .finding(let value): try value.encode(to: encoder)
        case .sealed(let value): try value.encode(to: encoder)
        case .verified(let value): try value.encode(to: encoder)
        case .receipt(let value): try value.encode(to: encoder)
        case .erasePermitted(let value): try value.encode(to: encoder)
        case .erased(let value): try value.encode(to: encoder)
        case .dockingEnded(let value): try value.encode(to: encoder)
        case .dockingPaused(let value): try value.encode(to: encoder)
        case .dockingResumed(let value): try value.encode(to: encoder)
        case .deviceRefused(let value): try value.encode(to: encoder)
        case .clockMeasured(let value): try value.encode(to: encoder)
        case .formatBegan(let value): try value.encode(to: encoder)
        case .certificate(let value): try value.encode(to: encoder)
        case .provisioned(let value): try value.encode(to: encoder)
        case .released(let value): try value.encode(to: encoder)
        case .nightChecked(let value): try value.encode(to: encoder)
        case .nightEnded(let value): try value.encode(to: encoder)
        case .recordings(let value): try value.encode(to: encoder)
        case .taken(let value): try value.encode(to: encoder)
        case .shiftReported(let value): try value.encode(to: encoder)
        case .alarm(let value): try value.encode(to: encoder)
        case .holdAdded(let value): try value.encode(to: encoder)
        case .holdRemoved(let value): try value.encode(to: encoder)
        case .holdPlaced(let value): try value.encode(to: encoder)
        case .destructionPermitted(let value): try value.encode(to: encoder)
        case .objectDestroyed(let value): try value.encode(to: encoder)
        case .destructionRecorded(let value): try value.encode(to: encoder)
        case .checkpointSigned(let value): try value.encode(to: encoder)
        case .checkpointStamped(let value): try value.encode(to: encoder)
        case .keyAdopted(let value): try value.encode(to: encoder)
        case .keyRevoked(let value): try value.encode(to: encoder)
        case .recipientsChanged(let value): try value.encode(to: encoder)
        case .coverage(let value): try value.encode(to: encoder)
        case .custody(let value): try value.encode(to: encoder)
        case .disclosed(let value): try value.encode(to: encoder)
        }
    }
}
