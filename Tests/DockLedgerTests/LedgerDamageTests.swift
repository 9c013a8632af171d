import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Opening what is no good ledger")
struct LedgerDamageTests {
    static func code(_ body: () throws -> Void) -> DockError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? DockError)?.code }
    }

    @Test("a ledger that is not there is not found when only reading, and nothing is made")
    func missing() throws {
        let bench = try Bench()
        #expect(Self.code { _ = try bench.openForReading() } == .notFound)
        #expect(!FileManager.default.fileExists(atPath: bench.folder))
    }

    @Test("a file that is empty, random, text, or another database is refused and stays as it is")
    func foreign() throws {
        let other = try Bench()
        try other.temporary.write([], to: "state/x")
        try other.sql("CREATE TABLE entry(sequence INTEGER PRIMARY KEY, body TEXT)")
        var generator = SystemRandomNumberGenerator()
        let contents: [Data] = [
            Data(), Data("SQLite format 3\0".utf8),
            Data((0..<9000).map { _ in UInt8.random(in: 0...255, using: &generator) }),
            Data("kept elsewhere\n".utf8), try Data(contentsOf: URL(fileURLWithPath: other.file)),
        ]
        for content in contents {
            let bench = try Bench()
            try bench.temporary.write(content, to: "state/ledger.sqlite")
            #expect(Self.code { _ = try bench.open() } == .corrupt)
            #expect(Self.code { _ = try bench.openForReading() } == .corrupt)
            #expect(try Data(contentsOf: URL(fileURLWithPath: bench.file)) == content)
        }
    }

    @Test("a folder or link in its place is refused")
    func notAFile() throws {
        let bench = try Bench()
        try bench.temporary.write([], to: "state/ledger.sqlite/x")
        #expect(Self.code { _ = try bench.open() } == .corrupt)
        let linked = try Bench()
        try linked.temporary.write([], to: "state/x")
        try FileManager.default.createSymbolicLink(atPath: linked.file, withDestinationPath: "/dev/null")
        #expect(Self.code { _ = try linked.open() } == .corrupt)
    }

    @Test("a ledger of a newer program is refused with the reason, and not touched")
    func newer() throws {
        let bench = try Bench(try Story().whole())
        try bench.sql("PRAGMA user_version = 2")
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.file))
        #expect { try bench.open() } throws: {
            ($0 as? DockError)?.code == .malformed && "\($0)".contains("format 2") && "\($0)".contains("newer bodydock")
        }
        #expect(Self.code { _ = try bench.openForReading() } == .malformed)
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.file)) == before)
    }

    @Test("nothing is appended to a ledger whose end was changed")
    func changedEnd() throws {
        let original = try Bench(try Story().whole())
        for change in [
            "SET body = replace(body, 'emptied', 'kept')", "SET leaf = zeroblob(32)", "SET node = zeroblob(32)",
            "SET sequence = 15",
        ] {
            let bench = try original.copy()
            try bench.tamper("UPDATE entry \(change) WHERE sequence = 9")
            #expect(Self.code { _ = try bench.open() } == .corrupt, "\(change)")
            #expect(Self.code { _ = try bench.openForReading() } == nil, "\(change)")
        }
    }

    @Test("numbers at the ends of their range and missing values are damage, not a crash")
    func extremes() throws {
        let original = try Bench(try Story().whole())
        for change in [
            "sequence = 9223372036854775807", "sequence = -9223372036854775808", "sequence = -1", "sequence = 1 << 62",
            "vault = NULL", "bytes = 9223372036854775807", "bytes = NULL", "content = zeroblob(3)", "kind = ''",
            "body = ''",
            "body = '['", "body = CAST(x'ff00' AS TEXT)", "body = replace(hex(zeroblob(50000)), '00', '[')",
        ] {
            for sequence in 0..<10 {
                let bench = try original.copy()
                try bench.tamper("UPDATE entry SET \(change) WHERE sequence = \(sequence)")
                expectDamageIsSaid(bench, "\(change) of \(sequence)", mustBeFound: false)
            }
        }
    }

    @Test("a file cut off anywhere is damage, not a crash")
    func truncated() throws {
        let original = try Bench(try (0..<40).flatMap { try Story(docking: "D\($0)").whole() })
        let size = try Data(contentsOf: URL(fileURLWithPath: original.file)).count
        for cut in stride(from: 0, to: size, by: size / 23) {
            let bench = try original.copy()
            let handle = try #require(FileHandle(forWritingAtPath: bench.file))
            try handle.truncate(atOffset: UInt64(cut))
            try handle.close()
            expectDamageIsSaid(bench, "cut at \(cut)", mustBeFound: true)
        }
    }

    @Test("random damage to the file never ends in a crash, and what an entry says never changes unnoticed")
    func flipped() throws {
        let events = try (0..<40).flatMap { try Story(docking: "D\($0)").whole() }
        let original = try Bench(events)
        let whole = try original.verify()
        let content = try Data(contentsOf: URL(fileURLWithPath: original.file))
        var random = SplitMix(state: 42)
        for round in 0..<150 {
            let bench = try original.copy()
            var damaged = content
            for _ in 0...round % 4 {
                damaged[Int(random.next() % UInt64(damaged.count))] ^= UInt8(truncatingIfNeeded: random.next() | 1)
            }
            try damaged.write(to: URL(fileURLWithPath: bench.file))
            if let result = expectDamageIsSaid(bench, "round \(round)", mustBeFound: false), result.isWhole {
                // The damage was in unused space.
                #expect(result.root == whole.root && result.entries == whole.entries)
            }
        }
    }

    /// Opens, reads and verifies a damaged ledger: each step works or says `corrupt`.
    @discardableResult
    func expectDamageIsSaid(_ bench: Bench, _ place: String, mustBeFound: Bool) -> LedgerVerification? {
        let allowed: [DockError.Code?] = [nil, .corrupt, .malformed, .io, .library]
        #expect(allowed.contains(Self.code { _ = try bench.open().status(limit: 5, vaults: ["archive"]) }), "\(place)")
        do {
            let result = try bench.verify()
            if mustBeFound { #expect(!result.isWhole, "\(place)") }
            return result
        } catch {
            #expect(allowed.contains(error.code), "\(place): \(error)")
            return nil
        }
    }
}

/// A small generator with a fixed start, so that a failure can be repeated (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
