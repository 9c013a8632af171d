import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockConfig

/// `config/bodydock.yaml` and `docs/configuration.md` say what the code does.
@Suite struct ExampleTests {
    /// The example with every optional key in force: a '#' that is followed by a word, not by a space, is taken away.
    static func uncommented(_ bytes: [UInt8]) -> [UInt8] {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let result = lines.map { line -> String in
            let content = line.drop { $0 == " " }
            guard content.hasPrefix("#"), let next = content.dropFirst().first, next != " " else { return String(line) }
            return String(line.prefix { $0 == " " }) + String(content.dropFirst())
        }
        return Array(result.joined(separator: "\n").utf8)
    }

    /// The keys of each part, as the code itself lists them when it meets an unknown one.
    private static func keys() throws -> [String: [String]] {
        let text = """
            '?': 1
            dock: {'?': 1, timestamp: {'?': 1}}
            spool: {'?': 1}
            sealing: {'?': 1}
            vaults: [{type: directory, '?': 1}, {type: s3, '?': 1, lock: {'?': 1}, limits: [{'?': 1}]}]
            release: {'?': 1}
            profiles: {'?': 1}
            cameras: [{'?': 1}]
            teams: [{'?': 1}]
            retention: {'?': 1}
            bays: [{'?': 1, lights: {'?': 1}}]
            docking: {'?': 1}
            erase: {'?': 1}
            charging: {'?': 1}
            agent: {'?': 1}
            nightly: {'?': 1}
            shifts: [{'?': 1}]
            handover: {'?': 1, webhook: {'?': 1}}
            board: {'?': 1}
            delivery: {'?': 1, limits: [{'?': 1}]}
            limits: {'?': 1}
            """
        var keys: [String: [String]] = [:]
        for mistake in Fixture.read(text.utf8).mistakes where mistake.text.hasPrefix("unknown key '?'") {
            let part = mistake.text.split(separator: "'").dropFirst(3).first ?? ""
            let allowed = try #require(mistake.text.components(separatedBy: "allowed: ").last).components(
                separatedBy: ", ")
            keys[mistake.text.contains(" in '") ? String(part) : "", default: []] += allowed
        }
        return keys
    }

    @Test func theExampleIsInOrderAsItIsShipped() throws {
        let configuration = try Fixture.read(Fixture.text("config/bodydock.yaml").utf8).get()
        let plain = try Fixture.read(
            Fixture.minimal.replacing(Fixture.recipient, with: ConfigurationFile.exampleRecipient).utf8
        ).get()
        #expect(configuration == plain)
    }

    @Test func eachOptionalKeyOfTheExampleShowsItsDefault() throws {
        let text = Self.uncommented(Array(try Fixture.text("config/bodydock.yaml").utf8))
        let full = try Fixture.read(text).get()
        let plain = try Fixture.read(Fixture.text("config/bodydock.yaml").utf8).get()
        #expect(full.state == plain.state)
        #expect(full.spool == plain.spool)
        #expect(full.release == plain.release)
        #expect(full.limits == plain.limits)
        #expect(full.vaults.first == plain.vaults.first)
        guard case .s3(let shown)? = full.vaults.last?.kind else {
            Issue.record("the example's second vault is no bucket")
            return
        }
        let least = """

              - {name: cloud, type: s3, endpoint: '\(shown.endpoint)', bucket: \(shown.bucket), credentials: \(shown.credentials)}
            """
        guard case .s3(var usual)? = try Fixture.read((Fixture.minimal + least).utf8).get().vaults.last?.kind else {
            Issue.record("no bucket")
            return
        }
        // These have no default: the example says that they are examples.
        (usual.prefix, usual.caFile) = (shown.prefix, shown.caFile)
        (usual.client, usual.pinnedPublicKey) = (shown.client, shown.pinnedPublicKey)
        usual.lock = shown.lock
        #expect(shown.lock == ObjectLock.Policy(retention: .init(mode: .governance, days: 28), legalHold: false))
        #expect(shown.client != nil && shown.pinnedPublicKey != nil)
        #expect(shown == usual)
        #expect(full.vaults.last?.confirm == .head)
        #expect(full.pinnedKeys.count == 1 && full.profileFolders.count == 1)
        #expect(full.erase == plain.erase && full.charging == plain.charging && full.agent == plain.agent)
        #expect(full.nightly == plain.nightly && full.retention == plain.retention)
        // The webhook has no default.
        var handover = full.handover
        handover.webhook = nil
        #expect(handover == plain.handover && full.handover.webhook?.caFile != nil)
        #expect(
            full.shifts.rules.count == 1 && full.shifts.rules[0].teams == ["handhaving"] && plain.shifts == ShiftPlan())
        #expect(full.roster != nil && plain.roster == nil)
        // Names and token have no default.
        #expect(full.board.listen == plain.board.listen && full.board.language == plain.board.language)
        #expect(full.board.names.count == 1 && full.board.token != nil)
        #expect(plain.board == BoardSettings())
        // The models have no default.
        var docking = full.docking
        docking.usbModels = plain.docking.usbModels
        #expect(docking == plain.docking && full.docking.usbModels.count == 1)
        // Bays and cameras are examples as a whole: nothing in them is left out.
        let lights = try #require(full.bays.first?.lights)
        #expect(lights.busy != nil && lights.ready != nil && lights.attention != nil && plain.bays.isEmpty)
        let camera = try #require(full.cameras.first)
        #expect(camera.usb != nil && camera.usbSerial != nil && camera.wearer == "004711" && camera.neededAt == 450)
        #expect(camera.number == "42" && full.team(ofCamera: camera.serial) == full.teams.first)
        #expect(full.teams == [TeamSettings(name: "handhaving", regime: .wpg)] && plain.teams.isEmpty)
    }

    @Test func theExampleAndTheDocumentationNameEveryKey() throws {
        let lines = String(
            decoding: Self.uncommented(Array(try Fixture.text("config/bodydock.yaml").utf8)), as: UTF8.self
        )
        .split(separator: "\n").map { $0.drop { " -".contains($0) } }
        let documentation = try Fixture.text("docs/configuration.md")
        let parts = try Self.keys()
        #expect(
            Set(parts.keys) == [
                "", "dock", "dock.timestamp", "spool", "sealing", "vaults", "release", "profiles", "cameras", "teams",
                "retention",
                "limits", "bays",
                "bays.lights", "vaults.lock",
                "docking", "erase", "charging", "agent", "nightly", "delivery", "delivery.limits", "vaults.limits",
                "shifts", "handover", "handover.webhook", "board",
            ])
        for (part, keys) in parts {
            for key in keys {
                #expect(lines.contains { $0.hasPrefix("\(key):") }, "\(part).\(key) is not in the example")
                let isPart = parts[part.isEmpty ? key : "\(part).\(key)"] != nil
                let name = part.isEmpty ? "`\(key)`" : "`\(part).\(key)`"
                #expect(isPart || documentation.contains("| \(name) |"), "\(name) is not in the documentation")
            }
        }
    }

    @Test func theUncommentedLinesAreYAMLAndNothingElse() throws {
        let example = try Fixture.text("config/bodydock.yaml")
        for line in example.split(separator: "\n") {
            let content = line.drop { $0 == " " }
            guard content.hasPrefix("#"), content.count > 1, !content.hasPrefix("# ") else { continue }
            #expect(content.contains(":"), "\(line)")
        }
    }
}
