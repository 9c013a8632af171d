// What counts as a reason for an alarm.

extension AlarmReason {
    /// Seconds by which a camera's clock may be off.
    public static let clockTolerance = 120.0
    /// Free space of the spool's disk, in parts of what must stay free, below which it is nearly full.
    public static let spoolMargin = 1.5

    /// Cameras that should have come back.
    public static func overdue(_ cameras: [CameraReadiness], _ local: LocalClock) -> [AlarmReason] {
        cameras.filter { $0.state == .overdue }.map { camera in
            let due = camera.due.map { ": shift \($0.name) ended at \(local.time(at: $0.end))" } ?? ""
            let wearer = camera.wearer.map { ", worn by \($0)" } ?? ""
            return AlarmReason(
                camera.camera, what: "camera \(camera.title)\(wearer) did not come back\(due)",
                next: "ask who wore it, and have it put into the dock",
                matter: .overdue(
                    camera: camera.title, wearer: camera.wearer, shift: camera.due?.name, ended: camera.due?.end))
        }
    }

    /// Cameras in the dock that a person must look at.
    public static func held(_ bays: [BayStatus]) -> [AlarmReason] {
        bays.filter { [.held, .failed, .stalled].contains($0.state) }.map { bay in
            AlarmReason(
                bay.camera ?? "bay-\(bay.bay)",
                what:
                    "\(bay.camera.map { "camera \($0)" } ?? "what is plugged in") in bay \(bay.bay) is \(bay.state.rawValue): "
                    + (bay.reasons.first ?? "no reason is known"),
                next: "look at 'bodydock status'; the camera keeps its footage until then",
                matter: .held(camera: bay.camera, bay: bay.bay, cause: bay.causes?.first))
        }
    }

    /// Cameras that were held, and that somebody has taken out since.
    public static func heldAway(_ latest: [Handover], _ bays: [BayStatus]) -> [AlarmReason] {
        let there = Set(bays.compactMap(\.camera))
        return latest.filter { $0.isHeld && !there.contains($0.camera) }.map { handover in
            AlarmReason(
                handover.camera,
                what: "camera \(handover.number ?? handover.camera) was held, and is not in the dock any more: "
                    + (handover.reasons.first ?? "no reason is known"),
                next: "find it, and put it back into the dock: it may have the only copy of footage",
                matter: .heldAway(camera: handover.number ?? handover.camera, cause: handover.causes?.first))
        }
    }

    /// A roster that cannot be used.
    public static func roster(_ problems: [String]) -> [AlarmReason] {
        guard let first = problems.first else { return [] }
        let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
        return [
            AlarmReason(
                what: "the roster cannot be used, and the last one that could stays in force: \(first)\(more)",
                next: "correct the file that 'roster' names in the configuration",
                matter: .roster(mistake: first, more: problems.count - 1))
        ]
    }

    /// Vaults of which people are told.
    public static func vaults(_ vaults: [VaultStatus]) -> [AlarmReason] {
        vaults.filter(\.isAlarm).map { vault in
            AlarmReason(
                vault.vault, what: "vault \(vault.vault): \(vault.why ?? "it does not work")",
                next: vault.next ?? "look at 'bodydock status'", matter: .vault(why: vault.why))
        }
    }

    /// A spool that is nearly full.
    public static func spool(_ spool: SpoolStatus) -> [AlarmReason] {
        guard let free = spool.freeBytes, Double(free) < Double(spool.keepFree) * spoolMargin else { return [] }
        return [
            AlarmReason(
                what:
                    "the spool has \(ByteCount.text(max(0, free - spool.keepFree))) left before nothing more is sealed",
                next: "see why nothing is delivered (bodydock status), or free space on its disk",
                matter: .spool(left: max(0, free - spool.keepFree)))
        ]
    }

    /// Sealed files that the spool's disk has damaged, by the docking that sealed them.
    public static func damage(_ damaged: [SpoolStatus.Damage]) -> [AlarmReason] {
        damaged.map { damage in
            AlarmReason(
                damage.docking,
                what:
                    "the dock's disk has damaged \(damage.files) sealed files of camera \(damage.camera), which a vault lacks",
                next: "dock that camera again: what it still has is sealed anew; then replace the disk of the spool",
                matter: .damage(files: damage.files, camera: damage.camera))
        }
    }

    /// A night that failed, or did not come.
    public static func night(_ night: NightStanding) -> [AlarmReason] {
        if let last = night.runs.last, !last.isGood {
            return [
                AlarmReason(
                    last.night, what: last.summary, next: "read its report: bodydock status, docs/nightly.md",
                    matter: .night(failed: last.steps.filter { $0.outcome == .failed }.map(\.kind)))
            ]
        }
        guard night.isOverdue else { return [] }
        return [
            AlarmReason(
                "missed", what: "no night has ended for a day and a half",
                next: "see 'systemctl status bodydock-nightly.timer'", matter: .noNight)
        ]
    }

    /// A vault of which people are told.
    public init(_ vault: VaultAlarm) {
        let words =
            switch vault.cause {
            case .away: "cannot be reached"
            case .full: "is full"
            case .stopped: "refuses, and is not tried again by itself"
            }
        self.init(
            vault.vault, what: "vault \(vault.vault) \(words): \(vault.what): \(vault.place): \(vault.why)",
            next: vault.next, matter: .vault(why: "\(vault.what): \(vault.place): \(vault.why)"))
    }

    /// A camera whose clock was off, by its latest docking of which that is known.
    public static func clocks(_ latest: [Handover]) -> [AlarmReason] {
        latest.compactMap { handover in
            guard let offset = handover.clockOffset, abs(offset) > clockTolerance else { return nil }
            let seconds = Int(min(abs(offset), 1e12).rounded())
            return AlarmReason(
                handover.camera,
                what:
                    "the clock of camera \(handover.number ?? handover.camera) was \(seconds) s \(offset > 0 ? "ahead" : "behind")",
                next: "set it, or let its profile set it; times of its recordings are kept as they are",
                matter: .clock(camera: handover.number ?? handover.camera, offset: offset))
        }
    }
}
