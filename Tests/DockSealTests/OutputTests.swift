import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@testable import DockSeal

@Suite struct OutputTests {
    private let fixture: SealedFixture
    private let folder: TemporaryFolder

    init() throws {
        fixture = try SealedFixture()
        folder = fixture.folder
    }

    private func unseal(_ sealed: [UInt8], to out: String) throws {
        let input = try folder.write(sealed, to: "sealed/file")
        try Unsealing.open(path: input, with: [fixture.identity], to: .file(out))
    }

    private func code(_ body: () throws -> Void) throws -> DockError.Code? {
        do {
            try body()
            return nil
        } catch let error as DockError {
            return error.code
        }
    }

    @Test func theOpenedFileIsForItsOwnerOnly() throws {
        try unseal(fixture.seal([1, 2, 3]), to: folder.at("out"))
        let status = try FileStatus.of(folder.at("out"))
        #expect(status.permissions == 0o600)
        #expect(status.links == 1)
    }

    @Test func whatIsThereAlreadyIsNotTouched() throws {
        try folder.write([9], to: "file")
        try folder.write([9], to: "folder/inner")
        #expect(symlink("nowhere", folder.at("dangling")) == 0)
        #expect(symlink("file", folder.at("link")) == 0)
        for name in ["file", "folder", "dangling", "link"] {
            #expect(try code { try unseal(fixture.seal([1]), to: folder.at(name)) } == .conflict)
        }
        #expect(FileManager.default.contents(atPath: folder.at("file")) == Data([9]))
        #expect(!FileManager.default.fileExists(atPath: folder.at("nowhere")))
    }

    @Test func aFolderThatIsMissingOrNoFolderIsNamed() throws {
        try folder.write([9], to: "file")
        #expect(try code { try unseal(fixture.seal([1]), to: folder.at("missing/out")) } == .notFound)
        #expect(try code { try unseal(fixture.seal([1]), to: folder.at("file/out")) } == .notFound)
        for name in ["", "/", folder.at("")] { #expect(try code { try unseal(fixture.seal([1]), to: name) } != nil) }
    }

    @Test func aFullDiskLeavesNothing() throws {
        let small = folder.at("small")
        try Folder.create(small)
        #expect(try Tool.run("mount", ["-t", "tmpfs", "-o", "size=256k", "bodydock-test", small]).status == 0)
        defer { #expect(umount(small) == 0) }
        let sealed = try fixture.seal(Randomness.bytes(1_000_000))
        #expect(try code { try unseal(sealed, to: small + "/out") } == .noSpace)
        #expect(try FileManager.default.contentsOfDirectory(atPath: small).isEmpty)
    }

    @Test(arguments: [true, false])
    func aNewFileHasNoNameUntilItIsWhole(unnamed: Bool) throws {
        let box = folder.at("box")
        try Folder.create(box)
        let names = { try FileManager.default.contentsOfDirectory(atPath: box) }
        var file = try NewFile(at: box + "/out", mode: 0o600, what: "cannot test", unnamed: unnamed)
        let hidden = try names()
        #expect(hidden.count == (unnamed ? 0 : 1))
        #expect(hidden.allSatisfy { $0.hasPrefix(".bodydock-") })
        for name in hidden { #expect(try FileStatus.of(box + "/" + name).permissions == 0o600) }
        let written = [UInt8]("hello".utf8).withUnsafeBytes { bytes in
            Result { () throws(DockError) in try file.write(bytes) }
        }
        try written.get()
        #expect(try names() == hidden)
        try file.appear()
        #expect(try names() == ["out"])
        #expect(FileManager.default.contents(atPath: box + "/out") == Data("hello".utf8))
    }

    @Test(arguments: [true, false])
    func aNewFileThatIsGivenUpLeavesNothing(unnamed: Bool) throws {
        let box = folder.at("box")
        try Folder.create(box)
        do {
            let file = try NewFile(at: box + "/out", mode: 0o600, what: "cannot test", unnamed: unnamed)
            _ = consume file
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: box).isEmpty)
    }

    @Test(arguments: [true, false])
    func aNameThatIsTakenMeanwhileIsNotReplaced(unnamed: Bool) throws {
        let box = folder.at("box")
        try Folder.create(box)
        do {
            var file = try NewFile(at: box + "/out", mode: 0o600, what: "cannot test", unnamed: unnamed)
            try folder.write([9], to: "box/out")
            #expect(throws: DockError.self) { try file.appear() }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: box) == ["out"])
        #expect(FileManager.default.contents(atPath: box + "/out") == Data([9]))
    }

    @Test func aPipeIsOpenedAsItComes() throws {
        let plaintext = try Randomness.bytes(2_000_000)
        let sealed = try fixture.seal(plaintext)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let reading = Descriptor(owning: ends[0])
        let writing = ends[1]
        let writer = Thread {
            let end = Descriptor(owning: writing)
            // In pieces that end nowhere in particular.
            for start in stride(from: 0, to: sealed.count, by: 999) {
                let result = sealed[start..<min(start + 999, sealed.count)].withUnsafeBytes { bytes in
                    Result { () throws(Errno) in try end.writeAll(bytes) }
                }
                if case .failure = result { return }
            }
        }
        writer.start()
        try Unsealing.open(reading, named: "pipe", with: [fixture.identity], to: .file(folder.at("out")))
        #expect(FileManager.default.contents(atPath: folder.at("out")) == Data(plaintext))
    }
}
