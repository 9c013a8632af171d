import DockSystem
import DockTestSupport
import Glibc
import Testing

@Suite struct DescriptorTests {
    @Test func aLockIsHeldAgainstAnotherDescriptorUntilItCloses() throws {
        let folder = try TemporaryFolder()
        do {
            let first = try Descriptor.open(folder.path, flags: O_RDONLY | O_DIRECTORY)
            #expect(try first.lock(waiting: false))
            let second = try Descriptor.open(folder.path, flags: O_RDONLY | O_DIRECTORY)
            #expect(try !second.lock(waiting: false))
        }
        #expect(try Descriptor.open(folder.path, flags: O_RDONLY | O_DIRECTORY).lock(waiting: false))
    }

    @Test func aPathWithANulIsRefusedInsteadOfCutShort() throws {
        #expect(throws: Errno(EINVAL)) { _ = try FileStatus.of("/etc\0/shadow") }
    }

    @Test func namesBeyondTheLimitAreRefused() throws {
        let folder = try TemporaryFolder()
        for number in 0..<5 { try folder.write([1], to: "\(number)") }
        let root = try Descriptor.open(folder.path, flags: O_RDONLY | O_DIRECTORY)
        #expect(try Folder.names(in: root.number, limit: 5).count == 5)
        #expect(throws: Errno(EOVERFLOW)) { _ = try Folder.names(in: root.number, limit: 4) }
    }

    @Test func missingFoldersAboveAreMade() throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder.at("a/b/c"))
        #expect(try FileStatus.of(folder.at("a/b/c")).kind == .folder)
        try Folder.create(folder.at("a/b/c"))
        try folder.write([1], to: "file")
        #expect(throws: Errno.self) { try Folder.create(folder.at("file")) }
    }
}
