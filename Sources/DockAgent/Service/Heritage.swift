import DockCore
import DockLedger

/// What the ledger says of the time before the agent was started.
enum Heritage {
    /// Dockings before now that are looked at.
    private static let most = 200

    static func read(_ resources: DockResources, now: Instant) throws(DockError) -> BayHeritage {
        var heritage = BayHeritage(until: now.adding(seconds: resources.configuration.docking.comeBack + 30))
        heritage.open = try resources.ledger.openDockings(limit: most).map {
            BayHeritage.OpenDocking(docking: $0.docking, camera: $0.camera.serial)
        }
        if heritage.open.isEmpty { heritage.until = nil }
        let moment = resources.clock()
        for release in try resources.ledger.recentReleases(limit: most) {
            guard let visit = release.start.visit, heritage.released[release.released.bay] == nil else { continue }
            let profile = resources.profiles.first { $0.name == release.start.profile }
            let deep = profile.flatMap { resources.configuration.deepErase($0) }
            heritage.released[release.released.bay] = BayHeritage.Released(
                usb: visit.medium.usb,
                camera: IdentifiedCamera(
                    camera: release.start.camera.serial, docking: release.start.docking, wearer: release.start.wearer,
                    battery: release.start.battery.map { BatteryReading(percent: $0, source: .manifest) },
                    curve: profile?.care.charge),
                seconds: max(0, moment.seconds(since: release.at)), steps: release.released.steps,
                needsDeepErase: deep != nil && release.start.segments > 0 && release.method != deep)
        }
        return heritage
    }
}
