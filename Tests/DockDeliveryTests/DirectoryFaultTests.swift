import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// What becomes of a delivery into a folder when the folder is missing, full, read-only or prepared by somebody else.
@Suite struct DirectoryFaultTests {
    private func vault(_ path: String, _ confirm: Receipt.Confirmation = .head) -> DirectoryVault {
        DirectoryVault(
            name: "archive", root: path, mustBeMounted: false, confirmation: confirm, clock: WallClock.now)
    }

    @Test func aMissingRootIsNeverMade() throws {
        let folder = try TemporaryFolder()
        let error = try Answers(vault(folder.at("mount")), [SealedSample.make(in: folder.path)]).error()
        #expect(error.code == .unreachable)
        #expect(error.isPassing)
        #expect(!FileManager.default.fileExists(atPath: folder.at("mount")))
    }

    @Test func aFileInPlaceOfTheRootIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "mount")
        #expect(
            try Answers(vault(folder.at("mount")), [SealedSample.make(in: folder.path)]).error().place
                == folder.at("mount"))
    }

    /// A small file system in memory, unmounted in the end.
    private final class Mount {
        let folder: TemporaryFolder
        let path: String

        init(_ options: String) throws {
            folder = try TemporaryFolder()
            path = folder.at("mount")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            let result = try Tool.run("mount", ["-t", "tmpfs", "-o", options, "none", path])
            guard result.status == 0 else { throw RigFailure("mount: \(result.errors)") }
        }

        func remount(_ options: String) throws {
            let result = try Tool.run("mount", ["-o", "remount," + options, path])
            guard result.status == 0 else { throw RigFailure("mount: \(result.errors)") }
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }
    }

    @Test func aFullDiskIsSaidAndLeavesNothingBehind() throws {
        let mount = try Mount("size=1m")
        let spool = try TemporaryFolder()
        let large = try SealedSample.make(in: spool.path, bytes: 4 << 20, name: "large.MP4")
        let small = try SealedSample.make(in: spool.path, bytes: 100_000, name: "small.MP4")
        let answers = Answers(vault(mount.path), [large, small])
        let error = try answers.error(0)
        #expect(error.code == .noSpace)
        #expect(error.isPassing)
        _ = try answers.receipt(1)
        #expect(try Tool.run("find", [mount.path, "-type", "f"]).text.split(separator: "\n").count == 1)
        // With room, the same delivery succeeds.
        try mount.remount("size=16m")
        _ = try Answers(vault(mount.path), [large]).receipt()
    }

    @Test func aReadOnlyVaultRefuses() throws {
        let mount = try Mount("size=1m")
        try mount.remount("ro")
        let spool = try TemporaryFolder()
        let error = try Answers(vault(mount.path), [SealedSample.make(in: spool.path)]).error()
        #expect(error.code == .refused)
    }

    @Test(arguments: [0, 1, 4])
    func symbolicLinksInTheVaultAreNotFollowed(_ depth: Int) throws {
        let folder = try TemporaryFolder()
        let consignment = try SealedSample.make(in: folder.path)
        let names = consignment.sealed.object.text.split(separator: "/")
        let above = folder.at("vault/" + names[..<depth].joined(separator: "/"))
        try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.at("elsewhere"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: above + "/" + names[depth], withDestinationPath: folder.at("elsewhere"))
        let error = try Answers(vault(folder.at("vault")), [consignment]).error()
        #expect(error.code == .conflict)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.at("elsewhere")).isEmpty)
    }

    @Test(arguments: ["-s", "-p", "-d"])
    func aLinkPipeOrFolderUnderTheNameIsSomethingElse(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let consignment = try SealedSample.make(in: folder.path)
        let path = folder.at("vault/" + consignment.sealed.object.text)
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        switch kind {
        case "-s": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: consignment.file)
        case "-p": try #require(mkfifo(path, 0o600) == 0)
        default: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        let receipt = try Answers(vault(folder.at("vault")), [consignment]).receipt()
        #expect(receipt.key == consignment.sealed.object.besideOther(sealing: consignment.sealed.id).text)
    }

    @Test func aPartialFileOfARunThatWasCutOffIsReplaced() throws {
        let bench = try VaultBench(.copied)
        let consignment = try SealedSample.make(in: bench.spool)
        let place = URL(fileURLWithPath: consignment.sealed.object.text).deletingLastPathComponent().relativePath
        let partial = place + "/.bodydock-\(consignment.sealed.id).partial"
        try bench.plant(Data("half of it".utf8), at: partial)
        _ = try Answers(bench.vault(.readback), [consignment]).receipt()
        #expect(!FileManager.default.fileExists(atPath: bench.folder.disk.at("vault/" + partial)))
    }

    @Test func aPartialNameThatIsTheFinishedObjectDoesNotHarmIt() throws {
        // Cut off between linkat(2) and unlink(2): two names of one file.
        let bench = try VaultBench(.copied)
        let consignment = try SealedSample.make(in: bench.spool)
        let receipt = try Answers(bench.vault(), [consignment]).receipt()
        let object = bench.folder.disk.at("vault/" + receipt.key)
        let partial =
            URL(fileURLWithPath: object).deletingLastPathComponent().path
            + "/.bodydock-\(consignment.sealed.id).partial"
        try #require(link(object, partial) == 0)
        #expect(try Answers(bench.vault(.readback), [consignment]).receipt().key == receipt.key)
        let other = consignment.sealed.object.besideOther(sealing: consignment.sealed.id)
        try bench.damage(receipt.key)
        #expect(try Answers(bench.vault(.readback), [consignment]).receipt().key == other.text)
        #expect(try bench.bytes(receipt.key).count == Int(consignment.sealed.bytes))
    }

    @Test func aCopyThatIsDoneReplacesNothing() throws {
        let bench = try VaultBench(.copied)
        let consignment = try SealedSample.make(in: bench.spool)
        let folder = try VaultFolder.root(bench.folder.disk.at("vault"), mustBeMounted: false)
        let partial = try PartialFile(of: consignment.sealed.id, in: folder)
        try partial.fill(from: SpoolFile(consignment), path: consignment.file) { _ in }
        // Somebody was quicker while it was copied.
        try bench.plant(Data("other".utf8), at: "1.age")
        #expect(try !partial.appear(as: "1.age"))
        #expect(try bench.bytes("1.age") == Data("other".utf8))
        #expect(try partial.appear(as: "2.age"))
        #expect(try bench.bytes("2.age") == Data(contentsOf: URL(fileURLWithPath: consignment.file)))
    }

    @Test func aPlantedPartialLinkIsNotFollowed() throws {
        let bench = try VaultBench(.copied)
        let consignment = try SealedSample.make(in: bench.spool)
        let victim = try bench.folder.disk.write("precious".utf8, to: "victim")
        let place = bench.folder.disk.at(
            "vault/" + URL(fileURLWithPath: consignment.sealed.object.text).deletingLastPathComponent().relativePath)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: place + "/.bodydock-\(consignment.sealed.id).partial", withDestinationPath: victim)
        #expect(try Answers(bench.vault(), [consignment]).error().code != .corrupt)
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    }

    @Test(arguments: [VaultKind.linked, .copied])
    func objectsCannotBeWrittenToByAccident(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let receipt = try Answers(bench.vault(), [consignment]).receipt()
        let status = try FileStatus.of(bench.folder.disk.at("vault/" + receipt.key))
        #expect(status.permissions == 0o440)
        #expect(status.links == (kind == .linked ? 2 : 1))
    }

    @Test func manyFoldersInOneBatchAllArrive() throws {
        let bench = try VaultBench(.linked)
        let batch = try (0..<400).map {
            try SealedSample.make(in: bench.spool, bytes: 300, name: "1.MP4", recording: "R\($0)")
        }
        let answers = try Answers(bench.vault(), batch)
        for index in batch.indices { _ = try answers.receipt(index) }
        #expect(try bench.keys().count == 400)
    }

    @Test func keysThatLeaveTheVaultAreRefused() throws {
        let bench = try VaultBench(.linked)
        let consignment = try SealedSample.make(in: bench.spool)
        for key in ["../secret.age", "/etc/passwd", "a//b.age", ""] {
            #expect(try bench.vault().confirm(consignment.sealed, key: key).error?.code == .corrupt)
        }
    }
}
