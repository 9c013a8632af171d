import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

/// What a real machine said of devices is told again, event by event, and each time the agent looks as it does: through the
/// monitor, the scanner and the bays.
@Suite("Recorded events")
struct RecordingTests {
    /// What came of a recording.
    struct Outcome {
        var runs: [RunOrder] = []
        var refusals: [DeviceRefused] = []
        var interrupted: [Int] = []
        /// What the bays showed in turn.
        var states: [String: [BayStatus.State]] = [:]
        /// Messages of the monitor; each was the one that was expected.
        var messages = 0
    }

    private func replay(_ name: String) throws -> Outcome {
        let recording = try Recording(name)
        let hubs = recording.base.count {
            if case .add(let text) = $0 { text.contains("DEVTYPE=usb_device") } else { false }
        }
        // Everything is heard at once: nobody's buffer is large enough for all.
        var commands = recording.base + [.receive(hubs)]
        let before = commands.count
        for step in recording.steps {
            commands += step.commands
            if step.message != nil { commands.append(.receive(1)) }
            if let heard = step.heard { commands.append(.device(heard)) }
        }
        let answers = try MockMachine.run(commands)
        var outcome = Outcome()
        var bays = Bays(
            Configuration(
                dock: "test", state: "/state", spool: Configuration.Spool(path: "/spool", keepFree: 0), recipients: [],
                vaults: [], release: ReleasePolicy()), at: Instant(seconds: 1000))
        var known: [String: DeviceFacts] = [:]
        var place = before
        tell(.devices([]), &bays, 0, &outcome)
        for (number, step) in recording.steps.enumerated() {
            place += step.commands.count
            for answer in answers[(place - step.commands.count)..<place] where answer != .done {
                throw RigFailure("\(step.commands): \(answer)")
            }
            if let message = step.message {
                #expect(answers[place] == .messages([message]))
                place += 1
                outcome.messages += 1
            }
            guard let heard = step.heard else { continue }
            let answer = answers[place]
            place += 1
            // As the agent's loop does with what the monitor says.
            if case .devices(let seen) = answer, let device = seen.first?.facts {
                known[device.path] = device
                tell(.device(device), &bays, number, &outcome)
            } else {
                let path = known.keys.first { heard == $0 || heard.hasPrefix($0 + "/") } ?? heard
                if known.removeValue(forKey: path) != nil { tell(.gone(path), &bays, number, &outcome) }
            }
        }
        return outcome
    }

    private func tell(_ event: BayEvent, _ bays: inout Bays, _ second: Int, _ outcome: inout Outcome) {
        let now = Instant(seconds: 1000 + Int64(second) / 100)
        for action in bays.handle(event, at: now, minute: 720) {
            switch action {
            case .run(let order): outcome.runs.append(order)
            case .refuse(let refused): outcome.refusals.append(refused)
            case .interrupt(let token): outcome.interrupted.append(token)
            default: break
            }
        }
        for bay in bays.status(at: now) where outcome.states[bay.bay]?.last != bay.state {
            outcome.states[bay.bay, default: []].append(bay.state)
        }
    }

    @Test(arguments: ["bot-bare", "bot-partition", "uas"]) func oneDockingComesOut(name: String) throws {
        let outcome = try replay(name)
        #expect(outcome.runs.count == 1 && outcome.refusals.isEmpty, "\(outcome)")
        let order = try #require(outcome.runs.first)
        let node = name == "bot-bare" ? "/dev/sda" : "/dev/sda1"
        #expect(order.volume.node == node && order.volume.type == (name == "uas" ? "exfat" : "vfat"))
        #expect(order.volume.label == "BODYCAM" && order.disk.isSettled && order.disk.sequence > 0)
        #expect(order.device.usb.serial == "BWC0042")
        #expect(outcome.messages >= 6)
        #expect(outcome.interrupted == [order.token], "and when it is pulled, its run is told")
        #expect(
            outcome.states.count == 1 && outcome.states.values.first?.contains(.reading) == true, "\(outcome.states)")
    }

    @Test func camerasWithOneSerialNumberInOneHubAreTwo() throws {
        let outcome = try replay("hub-two-disks")
        #expect(outcome.runs.count == 2 && outcome.refusals.isEmpty, "\(outcome)")
        #expect(Set(outcome.runs.map(\.bay)).count == 2 && Set(outcome.runs.map(\.disk.sequence)).count == 2)
        #expect(outcome.runs.allSatisfy { $0.device.usb.serial == "SAME" })
        #expect(outcome.interrupted == outcome.runs.map(\.token))
    }

    @Test func aDiskThatIsAlsoAKeyboardIsRefusedBeforeItsDiskIsThere() throws {
        let outcome = try replay("keyboard-and-disk")
        #expect(outcome.runs.isEmpty, "\(outcome.runs)")
        #expect(
            outcome.refusals.count == 1 && outcome.refusals.first?.reason.contains("keyboard") == true, "\(outcome)")
        #expect(outcome.states.values.allSatisfy { $0.contains(.refused) && !$0.contains(.reading) })
    }
}
