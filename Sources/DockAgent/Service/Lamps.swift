import DockCore
import DockDevices
import Logging

/// Shows the state of the bays on their lights. A light that fails is complained of once.
struct Lamps {
    let log: Logger
    private var shown: [String: LightPattern] = [:]
    private var broken: Set<String> = []

    init(log: Logger) { self.log = log }

    /// Sets every light whose pattern changed; a bay that is not among `status` is dark.
    mutating func show(_ status: [BayStatus], of bays: [BaySettings]) {
        let states = Dictionary(status.map { ($0.bay, $0) }) { first, _ in first }
        for bay in bays {
            let names = Set([bay.lights.busy, bay.lights.ready, bay.lights.attention].compactMap { $0 })
            let patterns = states[bay.name]?.patterns(bay.lights) ?? [:]
            for name in names { set(name, patterns[name] ?? .off) }
        }
    }

    private mutating func set(_ name: String, _ pattern: LightPattern) {
        guard shown[name] != pattern else { return }
        shown[name] = pattern
        do throws(DockError) {
            try Light(name).set(Light.State(pattern))
            broken.remove(name)
        } catch {
            if broken.insert(name).inserted { log.warning("\(error)") }
        }
    }
}

extension Light.State {
    fileprivate init(_ pattern: LightPattern) {
        switch pattern {
        case .off: self = .off
        case .on: self = .on
        case .blink(let on, let off): self = .blink(on: on, off: off)
        }
    }
}
