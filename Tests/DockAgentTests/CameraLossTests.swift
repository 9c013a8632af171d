import DockCore
import DockTestSupport
import Foundation
import Testing

/// Cameras that fail while they are docked, over a real FUSE file system.
@Suite struct CameraLossTests {
    private func source(_ options: [String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let made = try TestDock.run(["camera", "make", folder.path] + options)
        try #require(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test func badSectorsHoldTheCameraAndWhatCanBeReadIsDelivered() throws {
        let dock = try TestDock()
        let source = try source(["--bytes", "300 kB"])
        let original = try TestDock.contents(of: source.path)
        let camera = try FaultyCamera(serving: source, unreadable: 150_000..<150_001)
        let run = try dock.offload(camera.path)
        #expect(run.status == 2, "\(run.text)\(run.errors)")
        #expect(run.text.contains("147456–151551"), "the sector that cannot be read is named: \(run.text)")
        let delivered = try dock.opened()
        #expect(delivered.count == original.count - 1, "every segment, with zeros where nothing could be read")
        let manifest = try #require(original["BODYDOCK/manifest.jsonl"])
        #expect(delivered.values.contains(manifest), "a file without the bad sector is whole")
        #expect(try TestDock.contents(of: source.path) == original)
    }

    @Test(arguments: [0.02, 0.05, 0.1, 0.2, 0.4]) func aCameraThatIsPulledLosesNothing(seconds: Double) throws {
        let dock = try TestDock()
        let source = try source(["--bytes", "2 MB", "--recordings", "5"])
        let original = try TestDock.contents(of: source.path)
        let camera = try FaultyCamera(serving: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TestDock.program)
        process.arguments = ["offload", "--config", dock.configuration, camera.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        usleep(UInt32(seconds * 1_000_000))
        try camera.pull()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        // Whatever the moment: what is not in the vault is still on the card.
        let delivered = Set(multiset(try dock.opened()))
        let left = Set(multiset(try TestDock.contents(of: source.path)))
        #expect(delivered.union(left).isSuperset(of: multiset(original)))
        if process.terminationStatus == 0 {
            #expect(left.isDisjoint(with: delivered), "released means emptied")
        } else {
            #expect([2, 3].contains(process.terminationStatus))
        }
        #expect(try dock.verifyLedger().status == 0)
        let again = try dock.offload(source.path)
        #expect(again.status == 0, "docked again: \(again.text)\(again.errors)")
        #expect(
            Set(multiset(try dock.opened())).isSuperset(
                of: original.filter { !$0.key.hasPrefix("SETTINGS") }.values.map(\.description)))
    }
}
