// One run of the agent on the camera in a bay, as a process, so that tests can kill it and trace it.
// Usage: CameraRunner CONFIG NODE PURPOSE BOOT [SERIAL]
// PURPOSE is offload, release, deep, or drain (then the spool is delivered and NODE is nothing). BOOT names the boot of the
// machine: another one means that the plug was pulled. Prints what it progresses to, and at the end a line with the result.
// Or: CameraRunner journal, CameraRunner notify SOCKET: prints what is said there.
#if DEBUG
    import DockConfig
    import DockDevices
    import Foundation
    import Synchronization

    @testable import DockAgent
    @testable import DockCore

    func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    func number(_ path: String) throws -> UInt64 {
        UInt64(try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// The order that the bays would give for a camera whose only disk is this block device.
    func order(_ node: String, _ purpose: RunOrder.Purpose, serial: String) throws -> RunOrder {
        let name = String(node.dropFirst("/dev/".count))
        var raw = stat()
        guard stat(node, &raw) == 0 else { throw CocoaError(.fileNoSuchFile) }
        let volume = VolumeFacts(
            node: node, number: UInt64(raw.st_rdev), bytes: Int64(try number("/sys/block/\(name)/size")) * 512)
        let disk = DiskFacts(
            name: name, sequence: try number("/sys/block/\(name)/diskseq"), bytes: volume.bytes, isReadOnly: false,
            whole: volume, partitions: [], isSettled: true)
        guard let port = PortPath("pci-0000:00:05.0-usb-0:1") else { throw CocoaError(.fileNoSuchFile) }
        let device = DeviceFacts(
            path: "/devices/none/\(name)", port: port,
            usb: USBIdentity(model: USBModel(vendor: 0x46f4, product: 1), serial: serial), interfaces: [],
            disks: [disk])
        return RunOrder(
            bay: "1", token: 1, purpose: purpose, device: device, disk: disk, volume: volume, continues: nil, hold: nil)
    }

    let arguments = CommandLine.arguments
    if arguments.dropFirst().first == "journal" {
        try tellJournal()
        exit(0)
    }
    if arguments.count == 3, arguments[1] == "notify" {
        tellManager(arguments[2])
        exit(0)
    }
    guard arguments.count >= 5 else { exit(64) }
    _ = try MountNamespace.enter()
    let configuration = try ConfigurationFile.read(arguments[1]) { _ in nil }
    let resources = try DockResources(
        configuration: configuration,
        profiles: try ProfileLibrary.load(
            folders: configuration.profileFolders + [try ProfileLibrary.shippedFolder()]))
    if arguments[3] == "drain" {
        say("left \(try SpoolDrain(resources: resources, stop: StopFlag()).run().left)")
        exit(0)
    }
    try CameraMount.sweep(below: configuration.agent.mounts)
    let purposes: [String: RunOrder.Purpose] = ["offload": .offload, "release": .release, "deep": .deepErase]
    let stages = Mutex<[String]>([])
    let run = CameraRun(
        order: try order(
            arguments[2], purposes[arguments[3]] ?? .offload, serial: arguments.dropFirst(5).first ?? "USB-1"),
        resources: resources, boot: arguments[4], seen: resources.clock()
    ) { event in
        guard case .progress(_, _, let stage, _) = event else { return }
        if stages.withLock({ stages in
            defer { stages.append("\(stage)") }
            return stages.last != "\(stage)"
        }) {
            say("stage \(stage)")
        }
    }
    switch run.run() {
    case .docked(let outcome, let needsDeepErase, let steps, _):
        let done = steps.map { "\($0.kind.rawValue)=\($0.worked)" }.joined(separator: " ")
        say("docked \(outcome) deep=\(needsDeepErase) \(done)")
    case .refused(let why, let camera): say("refused \(camera ?? "-") \(why)")
    case .cooling(let until, _): say("cooling \(until)")
    case .failed(let error): say("failed \(error.code.rawValue) \(error)")
    }
#else
    print("this program is built for tests only")
#endif
