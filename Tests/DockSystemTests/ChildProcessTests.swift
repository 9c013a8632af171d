import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockSystem

@Suite("Programs that are run")
struct ChildProcessTests {
    @Test func outputErrorsAndStatusComeBack() throws {
        let result = try ChildProcess.run("sh", ["-c", "echo out; echo err >&2; exit 3"], timeout: 10)
        #expect(result.status == 3 && result.output == "out\n" && result.errors == "err\n" && !result.isCut)
    }

    @Test func argumentsArePassedAsTheyAre() throws {
        let odd = ["", "a b", "$HOME `id` ;", "ä\u{301}\n\"'"]
        let result = try ChildProcess.run("printf", ["<%s>"] + odd, timeout: 10)
        #expect(result.output == odd.map { "<\($0)>" }.joined())
        #expect(throws: DockError.self) { try ChildProcess.run("echo", ["a\u{0}b"], timeout: 10) }
    }

    @Test func onlyThreeDescriptorsAndTwoVariablesAreThere() throws {
        // A descriptor that would be inherited, because nobody said otherwise.
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        let result = try ChildProcess.run("sh", ["-c", "ls -x /proc/self/fd; readlink /proc/self/fd/0"], timeout: 10)
        #expect(result.output == "0  1  2  3\n/dev/null\n")
        #expect(
            try ChildProcess.run("env", [], timeout: 10).output == "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n")
    }

    @Test func whatDoesNotEndIsKilledWithItsChildren() throws {
        let mark = "4242.\(getpid())"
        let start = ContinuousClock.now
        let error = #expect(throws: DockError.self) {
            try ChildProcess.run("sh", ["-c", "trap '' TERM INT; sleep \(mark) & sleep \(mark)"], timeout: 0.3)
        }
        #expect(error?.code == .limit && error?.isPassing == true)
        #expect(ContinuousClock.now - start < .seconds(60))
        // The kernel takes its time to bury them; if they live, this does not end.
        while try !Tool.run("pgrep", ["-f", "sleep \(mark)"]).text.isEmpty { usleep(10_000) }
    }

    @Test func aGrandchildThatKeepsTheOutputOpenIsNotWaitedFor() throws {
        let start = ContinuousClock.now
        let result = try ChildProcess.run("sh", ["-c", "sleep 60 & echo done"], timeout: 30)
        #expect(result.status == 0 && result.output == "done\n")
        #expect(ContinuousClock.now - start < .seconds(25))
    }

    @Test func muchOutputIsCutButNotWaitedFor() throws {
        let result = try ChildProcess.run(
            "sh", ["-c", "head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2"], timeout: 30, outputLimit: 1000)
        #expect(result.status == 0 && result.output.utf8.count == 1000 && result.isCut && result.errors == "end\n")
        #expect(try ChildProcess.run("echo", ["a"], timeout: 10, outputLimit: 2).isCut == false)
        let endless = #expect(throws: DockError.self) { try ChildProcess.run("yes", [], timeout: 0.2) }
        #expect(endless?.code == .limit)
    }

    @Test func aSignalIsAnError() {
        let error = #expect(throws: DockError.self) { try ChildProcess.run("sh", ["-c", "kill -9 $$"], timeout: 10) }
        #expect(error?.code == .io && error?.why.contains("signal 9") == true)
    }

    @Test(arguments: ["no-such-program", "", "../bin/sh", "./sh", "/etc/passwd", "/nowhere/sh"])
    func whatIsNoProgramIsNotFound(_ name: String) {
        let error = #expect(throws: DockError.self) { try ChildProcess.run(name, [], timeout: 10) }
        #expect(error?.code == .notFound)
    }

    @Test func outputThatIsNotTextIsRepaired() throws {
        let result = try ChildProcess.run("printf", [#"a\377\000b"#], timeout: 10)
        #expect(result.output == "a\u{fffd}\u{0}b")
    }

    @Test func manyAtOnceDoNotMixAndLeaveNothing() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask { try ChildProcess.run("echo", ["\(number)"], timeout: 20).output == "\(number)\n" }
            }
            for try await isRight in group { #expect(isRight) }
        }
        // Only these programs are waited for by a descriptor; other tests run a few at the same time.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            var target = [CChar](repeating: 0, count: 64)
            return readlink("/proc/self/fd/" + name, &target, 63) > 0
                ? String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
        }
        #expect(open.filter { $0.contains("pidfd") }.count < 20)
    }
}
