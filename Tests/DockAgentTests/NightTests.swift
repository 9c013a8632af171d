import DockCore
import DockTestSupport
import Foundation
import Testing

/// The nightly run, as a program.
@Suite struct NightTests {
    private var files: FileManager { FileManager.default }

    /// A dock with a camera that was taken in: five objects or more in its vault. Each night asks for all of them.
    private func delivered(share: String = "100 %", vaultYAML: String? = nil) throws -> TestDock {
        let dock = try TestDock(
            vaultYAML: vaultYAML, extra: "nightly: {check_share: \(share)}\nagent: {runtime: /nowhere/bodydock}")
        let camera = try dock.makeCamera("camera", ["--recordings", "1", "--segments", "3", "--bytes", "20 kB"])
        try #require(try dock.offload(camera).status == 0)
        return dock
    }

    private func report(_ dock: TestDock, _ name: String) throws -> NightReport {
        try JSONDecoder().decode(
            NightReport.self, from: Data(contentsOf: URL(fileURLWithPath: "\(dock.state)/nights/\(name)")))
    }

    private func nightly(_ dock: TestDock) throws -> (Tool.Result, NightReport) {
        let run = try dock.nightly(["--json"])
        return (run, try JSONDecoder().decode(NightReport.self, from: run.output))
    }

    /// Objects in the vault, checkpoints too.
    private func count(in dock: TestDock) throws -> Int {
        let names = try files.subpathsOfDirectory(atPath: dock.vault)
        return names.count { $0.hasSuffix(".age") || $0.hasSuffix(".checkpoint") }
    }

    private func outcomes(_ report: NightReport) -> [String] {
        report.steps.map { "\($0.kind.rawValue) \($0.outcome.rawValue)" }
    }

    @Test func aGoodNightIsSilentAndReported() throws {
        let dock = try delivered()
        let (objects, count) = (try TestDock.contents(of: dock.vault), try self.count(in: dock))
        let (run, report) = try nightly(dock)
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(
            outcomes(report) == [
                "spool nothing", "check done", "retention nothing", "stale nothing", "ledger done",
                "checkpoint done",
            ])
        #expect(report.steps[1].count == count && report.faults.isEmpty)
        #expect(try dock.nights() == ["\(report.night).json"])
        #expect(try self.report(dock, "\(report.night).json") == report)
        #expect(try TestDock.contents(of: dock.vault) == objects)
        // Its checkpoint can be held against the ledger later.
        let (entries, root) = (try #require(report.entries), try #require(report.root))
        let verified = try TestDock.run([
            "ledger", "verify", "--config", dock.configuration, "--earlier", "\(entries):\(root)",
        ])
        #expect(verified.status == 0, "\(verified.text)")
        let status = try TestDock.run(["status", "--config", dock.configuration])
        #expect(status.text.contains(report.summary), "\(status.text)")
    }

    /// Each night adds an object: its checkpoint, which has its turn as well.
    @Test func eachObjectHasItsTurnBeforeAnyHasASecondOne() throws {
        let dock = try delivered(share: "30 %")
        var (checked, last) = (0, -1)
        while true {
            let objects = try Int(dock.ledger("SELECT count(*) FROM entry WHERE kind = 'receipt'")) ?? 0
            let (run, report) = try nightly(dock)
            try #require(run.status == 0, "\(run.errors)")
            #expect(report.steps[1].count == Int((Double(objects) * 0.3).rounded(.up)))
            let through = try Int(
                dock.ledger(
                    "SELECT json_extract(body, '$.event.through') FROM entry WHERE kind = 'night.checked' ORDER BY sequence DESC LIMIT 1"
                ))
            let next = try #require(through)
            // From the beginning again, once every receipt was gone through.
            if next <= last { break }
            (checked, last) = (checked + report.steps[1].count, next)
            let seen = try dock.ledger("SELECT count(*) FROM entry WHERE kind = 'receipt' AND sequence <= \(last)")
            #expect(Int(seen) == checked)
        }
        #expect(checked >= 5)
    }

    @Test func anObjectThatIsGoneIsAnAlarmThatNamesItAndIsNotRepaired() throws {
        let dock = try delivered()
        let name = try #require(try TestDock.contents(of: dock.vault).keys.filter { $0.contains(".MP4") }.min())
        try files.removeItem(atPath: dock.vault + "/" + name)
        let before = try TestDock.contents(of: dock.vault)
        let (run, report) = try nightly(dock)
        #expect(run.status == 1)
        #expect(run.errors.contains(name), "\(run.errors)")
        #expect(
            outcomes(report) == [
                "spool nothing", "check failed", "retention nothing", "stale nothing", "ledger done",
                "checkpoint done",
            ])
        #expect(report.faults.map(\.key) == [name] && report.faults.map(\.code) == [.notFound])
        #expect(try TestDock.contents(of: dock.vault) == before)
        #expect(
            try dock.ledger("SELECT count(*) FROM entry WHERE kind = 'night.checked' AND body LIKE '%\(name)%'") == "1")
        #expect(try dock.verifyLedger().status == 0)
        let status = try TestDock.run(["status", "--config", dock.configuration])
        #expect(status.text.contains("FAILED: check") && status.text.contains(name), "\(status.text)")
        let json = try TestDock.run(["status", "--config", dock.configuration, "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
        let runs = try #require((object["night"] as? [String: Any])?["runs"] as? [[String: Any]])
        #expect(runs.count == 1 && (object["night"] as? [String: Any])?["isOverdue"] as? Bool == false)
    }

    @Test func anotherObjectUnderItsNameIsAnAlarm() throws {
        let dock = try delivered(
            vaultYAML: nil)
        let names = try TestDock.contents(of: dock.vault).keys.sorted()
        let place = dock.vault + "/" + names[0]
        try files.removeItem(atPath: place)
        try Data("not what was sealed".utf8).write(to: URL(fileURLWithPath: place))
        let (run, report) = try nightly(dock)
        #expect(run.status == 1 && report.faults.map(\.code) == [.mismatch], "\(run.errors)")
        #expect(try String(contentsOfFile: place, encoding: .utf8) == "not what was sealed")
    }

    /// In the place of an object stands what cannot be read as one: that is told of it, and the others have their turn.
    @Test func whatIsNoObjectIsAnAlarmAndTheTurnMovesOn() throws {
        let dock = try delivered()
        let name = try dock.ledger(
            "SELECT json_extract(body, '$.event.receipt.key') FROM entry WHERE kind = 'receipt' ORDER BY sequence LIMIT 1"
        )
        try files.removeItem(atPath: dock.vault + "/" + name)
        try files.createDirectory(atPath: dock.vault + "/" + name, withIntermediateDirectories: false)
        let (run, report) = try nightly(dock)
        #expect(run.status == 1 && report.faults.map(\.key) == [name], "\(run.errors)")
        #expect(report.faults.map(\.code) == [.conflict])
        // The folder counts as one; the checkpoint of this night came later.
        #expect(report.steps[1].count == (try count(in: dock)) - 1)
    }

    @Test func whatCannotBeReadBackIsCountedAndNoAlarm() throws {
        let dock = try delivered()
        let records = try dock.checkpoints().count
        let objects = try count(in: dock) - records
        try dock.configure(
            vaults: "  - {name: archive, type: directory, path: \(dock.vault), confirm: readback}\n",
            extra: "nightly: {check_share: 100 %}\nagent: {runtime: /nowhere/bodydock}")
        let (old, first) = try nightly(dock)
        #expect(old.status == 0 && first.steps[1].count == records, "\(old.errors)")
        #expect(first.steps[1].note.contains("; \(objects) were sealed when nobody asked"))
        let camera = try dock.makeCamera("other", ["--bytes", "20 kB", "--serial", "OTHER7", "--seed", "7"])
        try #require(try dock.offload(camera).status == 0)
        let all = try count(in: dock)
        let (new, second) = try nightly(dock)
        #expect(new.status == 0 && second.steps[1].count == all - objects, "\(new.errors)")
        // Bytes that changed where nobody looks with a question for the size alone.
        let name = try #require(
            try TestDock.contents(of: dock.vault).keys.first { $0.contains("OTHER7") && $0.contains(".MP4") })
        var bytes = try Data(contentsOf: URL(fileURLWithPath: dock.vault + "/" + name))
        bytes[bytes.count / 2] ^= 1
        try files.removeItem(atPath: dock.vault + "/" + name)
        try bytes.write(to: URL(fileURLWithPath: dock.vault + "/" + name))
        let (changed, third) = try nightly(dock)
        #expect(changed.status == 1 && third.faults.map(\.key) == [name] && third.faults.map(\.code) == [.mismatch])
    }

    @Test func aVaultThatIsAwayIsNoMissingObjectAndKeepsItsTurn() throws {
        let dock = try delivered()
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        let (run, report) = try nightly(dock)
        #expect(run.status == 1 && report.faults.isEmpty, "\(run.errors)")
        #expect(
            outcomes(report) == [
                "spool nothing", "check failed", "retention nothing", "stale failed", "ledger done",
                "checkpoint done",
            ])
        #expect(try dock.ledger("SELECT count(*) FROM entry WHERE kind = 'night.checked'") == "0")
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        #expect(try nightly(dock).0.status == 0)
        #expect(try dock.nights() == ["\(report.night).02.json", "\(report.night).json"])
        let status = try TestDock.run(["status", "--config", dock.configuration])
        #expect(status.text.contains("FAILED: check, stale"), "the later run hides nothing: \(status.text)")
    }

    @Test func withoutAnAgentTheSpoolIsDrained() throws {
        let dock = try TestDock(extra: "agent: {runtime: /nowhere/bodydock}")
        let camera = try dock.makeCamera("camera", ["--bytes", "20 kB"])
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        try #require(try dock.offload(camera).status == 3)
        let spooled = try dock.spooled()
        let (away, first) = try nightly(dock)
        #expect(away.status == 1 && first.steps[0].outcome == .failed, "\(away.errors)")
        #expect(try dock.spooled() == spooled)
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        let (run, report) = try nightly(dock)
        #expect(run.status == 0 && report.steps[0].count > spooled.count, "with the records: \(run.errors)")
        #expect(multiset(try TestDock.contents(of: dock.vault)) == multiset(spooled), "as it was sealed")
        #expect(try TestDock.contents(of: dock.state + "/spool").isEmpty)
    }

    @Test func staleCopiesGoAndWhatIsNotOursStays() throws {
        let dock = try delivered()
        let folder = dock.vault + "/" + (try #require(try files.contentsOfDirectory(atPath: dock.vault).first))
        let id = String(repeating: "0f", count: 16)
        let stale = "\(folder)/.bodydock-\(id).partial"
        let fresh = "\(folder)/.bodydock-\(String(repeating: "0e", count: 16)).partial"
        let foreign = ["\(folder)/holiday.partial", "\(folder)/.bodydock-note.partial"]
        for path in [stale, fresh] + foreign { try Data("cut off".utf8).write(to: URL(fileURLWithPath: path)) }
        let old = Date(timeIntervalSinceNow: -8 * 86_400)
        for path in [stale] + foreign { try files.setAttributes([.modificationDate: old], ofItemAtPath: path) }
        let (run, report) = try nightly(dock)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            report.steps[3]
                == NightStep(.stale, .done, count: 1, report.steps[3].note, seconds: report.steps[3].seconds))
        #expect(!files.fileExists(atPath: stale))
        for path in [fresh] + foreign { #expect(files.fileExists(atPath: path), "\(path)") }
    }

    @Test func aLedgerThatIsNotTheOneOfTheNightBeforeIsAnAlarm() throws {
        let dock = try delivered()
        let (_, first) = try nightly(dock)
        var other = first
        other.root = try SHA256Digest(hashing: [1, 2, 3])
        let file = URL(fileURLWithPath: "\(dock.state)/nights/\(first.night).json")
        try JSONEncoder().encode(other).write(to: file)
        let (run, report) = try nightly(dock)
        #expect(run.status == 1 && report.steps[4].outcome == .failed && report.root == nil, "\(run.errors)")
        try Data("{".utf8).write(to: file)
        try files.moveItem(atPath: file.path, toPath: "\(dock.state)/nights/\(first.night).03.json")
        let (damaged, _) = try nightly(dock)
        #expect(damaged.status == 1 && damaged.errors.contains("report of the night before"), "\(damaged.errors)")
    }

    @Test func oneNightAtATime() throws {
        let dock = try delivered()
        try files.createDirectory(atPath: dock.state + "/nights", withIntermediateDirectories: true)
        // flock(1) holds the lock while the second run is made.
        let run = try Tool.run(
            "flock",
            [dock.state + "/nights/lock", TestDock.program, "nightly", "--config", dock.configuration])
        #expect(run.status == 0 && run.text.isEmpty, "\(run.text)\(run.errors)")
        #expect(run.errors.contains("another nightly run is at work"))
        #expect(try dock.nights() == [] && dock.ledger("SELECT count(*) FROM entry WHERE kind LIKE 'night.%'") == "0")
    }

    @Test func theNewestReportCountsHoweverManyRunsANightHad() throws {
        let dock = try delivered()
        for number in 1...12 { #expect(try nightly(dock).0.status == 0, "\(number)") }
        let night = try nightly(dock).1.night
        var changed = try report(dock, "\(night).13.json")
        changed.root = try SHA256Digest(hashing: [1])
        try JSONEncoder().encode(changed).write(to: URL(fileURLWithPath: "\(dock.state)/nights/\(night).13.json"))
        #expect(try nightly(dock).0.status == 1)
        #expect(try nightly(dock).0.status == 1, "a ledger that was changed does not go quiet by itself")
    }

    @Test func itRunsWhileCamerasAreTakenIn() throws {
        let dock = try delivered()
        let camera = try dock.makeCamera("large", ["--bytes", "8 MB", "--serial", "LARGE1", "--seed", "3"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let before = try TestDock.contents(of: dock.vault)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TestDock.program)
        process.arguments = ["offload", "--config", dock.configuration, camera]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var runs = 0
        repeat {
            let run = try dock.nightly()
            // What waits in the spool belongs to the docking that works on it.
            #expect(run.status == 0, "\(run.errors)")
            runs += 1
        } while process.isRunning
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && runs > 0)
        let after = try dock.opened()
        #expect(after.count == before.count + footage.count)
        #expect(Set(multiset(footage)).isSubset(of: Set(multiset(after))))
        #expect(try dock.verifyLedger().status == 0)
        #expect(try dock.nightly().status == 0)
    }

    @Test func onlyTheNewestReportsAreKept() throws {
        let dock = try delivered()
        try files.createDirectory(atPath: dock.state + "/nights", withIntermediateDirectories: true)
        let (_, report) = try nightly(dock)
        let whole = try Data(contentsOf: URL(fileURLWithPath: "\(dock.state)/nights/\(report.night).json"))
        for number in 1...420 {
            let name = "\(dock.state)/nights/1\(number < 100 ? (number < 10 ? "00" : "0") : "")\(number)-01-01.json"
            try whole.write(to: URL(fileURLWithPath: name))
        }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: dock.state + "/nights/0000-note.txt"))
        #expect(try nightly(dock).0.status == 0)
        let nights = try dock.nights()
        #expect(nights.count == 401 && nights.contains("0000-note.txt"))
        #expect(nights.contains("\(report.night).json") && nights.contains("\(report.night).02.json"))
        #expect(!nights.contains("1001-01-01.json"))
    }

    @Test func aWrongConfigurationIsExitStatus78() throws {
        let dock = try TestDock(extra: "nightly: {check_share: 5}")
        let run = try dock.nightly()
        #expect(run.status == 78 && run.errors.contains("nightly.check_share"), "\(run.errors)")
    }

    /// The date is that on the wall of the place that TZ names.
    @Test(arguments: ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) func theDateIsLocal(zone: String) throws {
        let dock = try TestDock(extra: "agent: {runtime: /nowhere/bodydock}")
        let run = try Tool.run(
            TestDock.program, ["nightly", "--json", "--config", dock.configuration], environment: ["TZ": zone])
        let report = try JSONDecoder().decode(NightReport.self, from: run.output)
        let east = zone == "Pacific/Kiritimati" ? 14.0 : -11.0
        #expect(report.night == String(report.began.adding(seconds: east * 3600).description.prefix(10)))
    }
}

extension TestDock {
    func nightly(_ options: [String] = []) throws -> Tool.Result {
        try TestDock.run(["nightly", "--config", configuration] + options)
    }

    /// Names of the reports, and of whatever else lies there but the lock.
    func nights() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state + "/nights").filter { $0 != "lock" }.sorted()
    }

    /// Asks the ledger.
    func ledger(_ question: String) throws -> String {
        try Tool.run("sqlite3", ["-cmd", ".timeout 5000", state + "/ledger.sqlite", question]).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
