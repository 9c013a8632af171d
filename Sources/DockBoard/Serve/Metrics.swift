import DockCore

/// The dock's state for Prometheus (text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/).
struct Metrics {
    private(set) var text = ""

    /// - Parameters:
    ///   - moment: what is known of the dock.
    ///   - streams: browsers and programs that are told of changes.
    ///   - requests: requests that were answered, by status.
    init(_ moment: BoardMoment, streams: Int, requests: [Int: Int]) {
        gauge("bodydock_up", "Whether the board hears of the dock's agent.", [([], moment.isCurrent ? 1 : 0)])
        gauge("bodydock_board_streams", "Open event streams.", [([], Double(streams))])
        counter(
            "bodydock_board_requests_total", "Requests that the board has answered, by status.",
            requests.sorted { $0.key < $1.key }.map { ([("code", String($0.key))], Double($0.value)) })
        guard moment.isCurrent, let status = moment.status else { return }
        gauge(
            "bodydock_agent_info", "The dock's agent.", [([("dock", status.dock), ("version", status.agent)], 1)])
        gauge("bodydock_agent_start_time_seconds", "When the agent was started.", [([], seconds(status.since))])
        add(status.bays, at: status.now)
        add(status.spool)
        add(status.vaults)
        add(status.alarms)
        add(status.cameras, status.next)
    }

    private mutating func add(_ bays: [BayStatus], at now: Instant) {
        gauge(
            "bodydock_bay_state", "Whether a bay is in a state.",
            bays.flatMap { bay in
                BayStatus.State.allCases.map {
                    ([("bay", bay.bay), ("state", $0.rawValue)], bay.state == $0 ? 1 : 0)
                }
            })
        gauge(
            "bodydock_bay_state_start_time_seconds", "When a bay came into its state.",
            bays.map { ([("bay", $0.bay)], seconds(now) - $0.seconds) })
        gauge(
            "bodydock_bay_done_bytes", "Bytes of a camera that were read or delivered in the step at hand.",
            bays.compactMap { bay in bay.progress.map { ([("bay", bay.bay)], Double($0.bytes)) } })
        gauge(
            "bodydock_bay_expected_bytes", "Bytes of a camera in the step at hand.",
            bays.compactMap { bay in bay.progress.map { ([("bay", bay.bay)], Double($0.total)) } })
        gauge(
            "bodydock_bay_remaining_seconds", "Time until the step at hand ends, by the rate so far.",
            bays.compactMap { bay in bay.secondsLeft.map { ([("bay", bay.bay)], $0) } })
        gauge(
            "bodydock_bay_battery_ratio", "Charge of a camera's battery, 0 to 1.",
            bays.compactMap { bay in
                bay.battery.map { ([("bay", bay.bay), ("source", $0.source.rawValue)], Double($0.percent) / 100) }
            })
    }

    private mutating func add(_ spool: SpoolStatus) {
        gauge(
            "bodydock_spool_free_bytes", "Free space on the spool's disk.",
            spool.freeBytes.map { [([], Double($0))] } ?? [])
        gauge("bodydock_spool_reserved_bytes", "Space that stays free on it.", [([], Double(spool.keepFree))])
        gauge(
            "bodydock_spool_undelivered_segments", "Sealed segments that still lack a vault.",
            spool.undelivered.map { [([], Double($0))] } ?? [])
    }

    private mutating func add(_ vaults: [VaultStatus]) {
        gauge(
            "bodydock_vault_state", "Whether a vault is in a state.",
            vaults.flatMap { vault in
                VaultStatus.State.allCases.map {
                    ([("vault", vault.vault), ("state", $0.rawValue)], vault.state == $0 ? 1 : 0)
                }
            })
        gauge(
            "bodydock_vault_alarm", "Whether people were told of a vault.",
            vaults.map { ([("vault", $0.vault)], $0.isAlarm ? 1 : 0) })
    }

    private mutating func add(_ alarms: [Alarm]) {
        func samples(_ isCounted: (Alarm) -> Bool) -> [Sample] {
            Alarm.Kind.allCases.map { kind in
                ([("kind", kind.rawValue)], Double(alarms.count { $0.key.kind == kind && isCounted($0) }))
            }
        }
        gauge("bodydock_alarms", "Alarms that are open.", samples { _ in true })
        gauge("bodydock_alarms_unnoted", "Alarms that nobody took note of.", samples { $0.acknowledged == nil })
    }

    private mutating func add(_ cameras: [CameraReadiness], _ next: ReadinessForecast?) {
        gauge(
            "bodydock_cameras", "Cameras of the dock, by how far they are.",
            CameraReadiness.State.allCases.map { state in
                ([("state", state.rawValue)], Double(cameras.count { $0.state == state }))
            })
        guard let next else { return }
        gauge(
            "bodydock_next_shift_start_time_seconds", "When the next shift begins.",
            [([("shift", next.shift.name)], seconds(next.shift.start))])
        gauge(
            "bodydock_next_shift_cameras", "Cameras of the next shift, by whether they will be ready when it begins.",
            [([("ready", "yes")], Double(next.ready.count)), ([("ready", "no")], Double(next.missed.count))])
    }

    // MARK: Format

    private typealias Sample = (labels: [(String, String)], value: Double)

    private mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
        family(name, "gauge", help, samples)
    }

    private mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) {
        family(name, "counter", help, samples)
    }

    /// A family without samples is left out.
    private mutating func family(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0)=\"\(Metrics.escaped($1))\"" }.joined(separator: ",")
            text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Metrics.number(sample.value))\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Whole numbers without a fraction, so that sizes stay exact.
    private static func number(_ value: Double) -> String { Int64(exactly: value).map { String($0) } ?? "\(value)" }

    private func seconds(_ moment: Instant) -> Double { Double(moment.milliseconds) / 1000 }
}
