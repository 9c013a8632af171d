import CLinux
import DockCore
import DockSystem
import Glibc

/// Makes a new, empty file system like one that was there, with the system's own programs (mkfs.fat(8), mkfs.exfat(8),
/// tune.exfat(8), mke2fs(8)), so that the camera finds its card as it knew it.
///
/// They do not touch the place of an ``EraseMarker``, and never discard: blocks that were discarded would take the marker along.
public enum FileSystemMaker {
    /// What was made.
    public struct Made: Sendable, Equatable {
        /// The new file system, as it reads from the medium.
        public let facts: FileSystemFacts
        /// Why it has no label though one was asked for, for people; nil if nothing was left out.
        public let omission: String?
    }

    /// Makes it, forces it to the medium, and reads it back from there.
    /// - Parameters:
    ///   - facts: kind, label, UUID or serial number, width of the FAT and cluster size of the new one; ext2 and ext3 become
    ///     ext4, which ends 1 MiB before the volume does. Whether the old one was dirty does not matter.
    ///   - node: where; if another device has taken the name, nothing is made.
    ///   - bytes: the device's size, as one more sign that it is the right one.
    ///   - timeout: seconds for each program; nil for what the size needs on a slow card.
    /// - Throws: ``DockError/Code/conflict`` if the device is in use; ``DockError/Code/refused`` if the program refuses, with its
    ///   words; ``DockError/Code/mismatch`` if something else is read back; what a program, write, sync or read answered. What is
    ///   on the device after an error is undefined.
    public static func make(
        _ facts: FileSystemFacts, on node: BlockNode, bytes: Int64, timeout: Double? = nil
    ) throws(DockError) -> Made {
        let what = "cannot make a file system"
        _ = try node.open(O_RDONLY | O_EXCL, what)
        // Held until all is done: so no other device gets the name, and a write that fails after its program has ended is told
        // to this descriptor's sync.
        let device = try node.open(O_RDONLY, what)
        try check(device, node, bytes)
        let seconds = timeout ?? 120 + Double(bytes) / 100e6
        var recipe = try FileSystemRecipe(
            facts, node: node.path, blockBytes: try blockBytes(device, node), volumeBytes: bytes)
        var omission: String?
        do {
            try run(recipe.programs, seconds, device, node)
        } catch {
            guard let label = facts.label, error.code == .refused, !FileSystemRecipe.isPlain(label) else { throw error }
            omission = "the label «\(label)» was left out: \(error.why)"
            recipe.facts.label = nil
            try run(recipe.programs, seconds, device, node)
        }
        do throws(Errno) {
            try device.descriptor.synchronize()
            try device.descriptor.call { bodydock_block_drop_cache($0) }
        } catch {
            throw node.failure(error, "cannot force a new file system to the medium")
        }
        return Made(facts: try readBack(recipe.facts, node), omission: omission)
    }

    private static func run(
        _ programs: [FileSystemRecipe.Program], _ seconds: Double, _ device: borrowing OpenNode, _ node: BlockNode
    ) throws(DockError) {
        for program in programs {
            // Labels are UTF-8 here, and the programs read them by the locale.
            let result = try ChildProcess.run(
                "env", ["LC_ALL=C.UTF-8", program.name] + program.arguments, timeout: seconds, outputLimit: 4096)
            guard result.status != 0 else { continue }
            let lines = (result.errors + "\n" + result.output).split(whereSeparator: \.isNewline).prefix(3)
            let words = "\(program.name) answered \(result.status): \(lines.joined(separator: "; "))"
            guard result.status != 127 else {
                throw DockError(
                    .notFound, "cannot make a file system", at: node.path, because: words,
                    next: "install dosfstools, exfatprogs and e2fsprogs")
            }
            do {
                // Was it the program's wish, or could something not be written?
                try device.descriptor.synchronize()
            } catch {
                var failure = node.failure(error, "cannot make a file system")
                failure.why += "; " + words
                throw failure
            }
            throw DockError(
                .refused, "cannot make a file system", at: node.path, because: words,
                next: "format the card in the camera")
        }
    }

    private static func readBack(_ wanted: FileSystemFacts, _ node: BlockNode) throws(DockError) -> FileSystemFacts {
        let found = try Superblock.read(node)
        var wanted = wanted
        wanted.isDirty = false
        guard let found, found == wanted else {
            throw DockError(
                .mismatch, "cannot make a file system", at: node.path,
                because: "\(found.map(describe) ?? "nothing") was read back, not \(describe(wanted))",
                next: "format the card in the camera; if that fails, do not use it again")
        }
        return found
    }

    private static func describe(_ facts: FileSystemFacts) -> String {
        let width = facts.fatBits.map { " \($0)" } ?? ""
        return "\(facts.kind.rawValue)\(width) «\(facts.label ?? "")» \(facts.uuid ?? "without a number")"
            + " in clusters of \(facts.clusterBytes)\(facts.isDirty ? ", dirty" : "")"
    }

    private static func check(_ device: borrowing OpenNode, _ node: BlockNode, _ bytes: Int64) throws(DockError) {
        var size: UInt64 = 0
        do throws(Errno) {
            try device.descriptor.call { bodydock_block_size($0, &size) }
        } catch {
            throw node.failure(error, "cannot make a file system")
        }
        guard UInt64(exactly: bytes) == size else {
            throw DockError(
                .mismatch, "cannot make a file system", at: node.path,
                because: "the device has \(size) bytes, not \(bytes): it is another one",
                next: "dock the camera again; nothing was done to the other device")
        }
    }

    private static func blockBytes(_ device: borrowing OpenNode, _ node: BlockNode) throws(DockError) -> Int {
        var block: Int32 = 0
        do throws(Errno) {
            try device.descriptor.call { bodydock_block_logical($0, &block) }
        } catch {
            throw node.failure(error, "cannot make a file system")
        }
        return Int(max(block, 512))
    }
}
