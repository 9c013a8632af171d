import DockCore
import DockTestSupport
import Foundation
import Testing

/// A program or a service that is killed in the middle of a part: what had arrived is not sent again, counted on the wire.
@Suite struct DeliveryKillTests {
    /// A camera with one segment of more than two parts, and its way into a bucket, one part at a time.
    private struct Bench {
        let dock: TestDock
        let bucket: S3Bench
        let relay: Relay
        let camera: String

        init(to endpoint: String) throws {
            dock = try TestDock()
            bucket = try CephGateway.shared().makeBucket()
            relay = try Relay(to: endpoint)
            let file = try dock.folder.write(
                Array("access_key_id = \(CephGateway.accessKey)\nsecret_access_key = \(CephGateway.secretKey)\n".utf8),
                to: "credentials")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            try dock.configure(
                vaults: """
                      - name: cloud
                        type: s3
                        endpoint: \(relay.endpoint)
                        bucket: \(bucket.bucket)
                        credentials: \(file)
                        connections: 1

                    """)
            let shape = ["--recordings", "1", "--segments", "1", "--bytes", "\(footage) B", "--profile", "dcim-plain"]
            camera = try dock.makeCamera("camera", shape)
        }

        /// Starts the program, lets it send `bytes` more, which are waited for, and then does `act` before the connection ends.
        /// The program is not waited for.
        func interrupt(after bytes: Int64, _ act: (Process) throws -> Void) throws -> Process {
            let goal = try relay.count() + bytes
            try relay.hush(after: bytes)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: TestDock.program)
            process.arguments = ["offload", "--config", dock.configuration, camera]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            while try relay.count() < goal, process.isRunning { usleep(1000) }
            try #require(process.isRunning, "it ended before it had sent \(bytes) bytes")
            try act(process)
            try relay.open()
            return process
        }

        /// What the bucket has of the unfinished upload.
        func arrived() throws -> Int64 {
            let uploads = try bucket.uploads()
            #expect(uploads.count == 1)
            return try bucket.partSizes(of: #require(try bucket.uploadedKey()), upload: #require(uploads.first))
                .reduce(0, +)
        }

        /// Lets the program finish, and looks at all that it did.
        func finish(of digest: [String: SHA256Digest]) throws {
            let run = try dock.offload(camera)
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            let copy = try TemporaryFolder()
            for key in try bucket.keys() { try copy.write(try bucket.bytes(key), to: key) }
            #expect(try multiset(dock.opened(copy.path)) == multiset(digest))
            #expect(try bucket.uploads().isEmpty)
            #expect(try dock.verifyLedger().status == 0)
            #expect(try TestDock.contents(of: camera, except: ["SETTINGS"]).isEmpty)
        }
    }

    private static let part = Int64(SealedSegment.chunksPerPart) * 65_552
    private static let footage = 2 * part + part / 4
    /// What is sent besides footage: requests, and the camera's other files.
    private static let requests: Int64 = 500_000

    @Test func aProgramThatIsKilledTwiceSendsWhatIsMissing() throws {
        let bench = try Bench(to: CephGateway.shared().endpoint)
        let footage = try TestDock.contents(of: bench.camera, except: ["SETTINGS"])
        var inFlight: Int64 = 0
        var before: (sent: Int64, arrived: Int64) = (0, 0)
        for bytes in [Self.part + Self.part / 4, Self.part / 2] {
            let killed = try bench.interrupt(after: bytes) { process in
                let second = try bench.dock.offload(bench.camera)
                #expect(second.status == 3, "one camera is taken in by one process at a time: \(second.text)")
                #expect(second.errors.contains("another bodydock"))
                kill(process.processIdentifier, SIGKILL)
            }
            killed.waitUntilExit()
            // What the kernel had taken from it is still on its way.
            while try bench.relay.connections() > 0 { usleep(1000) }
            let now = (sent: try bench.relay.count(), arrived: try bench.arrived())
            #expect(now.arrived >= Self.part && now.arrived >= before.arrived)
            let lost = (now.sent - before.sent) - (now.arrived - before.arrived)
            #expect(lost < Self.part + Self.requests, "one part at most was in flight: \(lost) bytes")
            inFlight += lost
            before = now
        }
        try bench.finish(of: footage)
        let sent = try bench.relay.count()
        #expect(sent - inFlight < Self.footage + Self.footage / 100, "\(sent) bytes, of them \(inFlight) in flight")
    }

    @Test func aServiceThatIsKilledInMidPartGetsWhatItDoesNotHave() throws {
        let gateway = try SecondGateway()
        let bench = try Bench(to: gateway.endpoint)
        let footage = try TestDock.contents(of: bench.camera, except: ["SETTINGS"])
        let run = try bench.interrupt(after: Self.part + Self.part / 4) { _ in gateway.kill() }
        run.waitUntilExit()
        #expect(run.terminationStatus == 3, "the camera keeps its footage")
        let sent = try bench.relay.count()
        try gateway.start()
        let arrived = try bench.arrived()
        #expect(arrived >= Self.part)
        try bench.finish(of: footage)
        let more = try bench.relay.count() - sent
        #expect(more < Self.footage - arrived + Self.footage / 100, "\(more) bytes, after \(arrived) had arrived")
    }
}
