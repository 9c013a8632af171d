import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockSeal

@Suite struct TimeStampRequestTests {
    private let authority: TimestampService
    private let content = Array("a checkpoint".utf8)

    init() throws { authority = try TimestampService() }

    private func ask(_ request: TimeStampRequest) throws -> [UInt8] {
        let answer = try Tool.run(
            "curl",
            [
                "-sS", "-H", "content-type: application/timestamp-query", "--data-binary", "@-",
                "http://127.0.0.1:\(authority.port)/",
            ], input: Data(request.bytes))
        try #require(answer.status == 0, "\(answer.errors)")
        return Array(answer.output)
    }

    private func time(_ request: TimeStampRequest, _ answer: [UInt8]) throws(DockError) -> Instant {
        try request.time(of: answer, authorities: authority.folder.at("ca.pem"), at: "here")
    }

    @Test func anAnswerIsForItsOwnRequestOnly() throws {
        let request = try TimeStampRequest(of: content)
        let answer = try ask(request)
        let said = try time(request, answer)
        #expect(abs(Date().timeIntervalSince1970 - Double(said.milliseconds) / 1000) < 600)
        // The same content, asked for once more: an answer of before says nothing about now.
        let again = try TimeStampRequest(of: content)
        #expect(throws: DockError.self) { try time(again, answer) }
        #expect(throws: DockError.self) { try time(TimeStampRequest(of: content + [0]), answer) }
        #expect(throws: DockError.self) {
            try request.time(of: answer, authorities: authority.folder.at("other.pem"), at: "here")
        }
        #expect(throws: DockError.self) {
            try request.time(of: answer, authorities: authority.folder.at("nothing.pem"), at: "here")
        }
    }

    @Test func noChangedAnswerSaysAnotherTime() throws {
        let request = try TimeStampRequest(of: content)
        let answer = try ask(request)
        let said = try time(request, answer)
        var refused = 0
        for index in answer.indices {
            var changed = answer
            changed[index] ^= 0x01
            do throws(DockError) {
                let other = try time(request, changed)
                #expect(other == said, "byte \(index)")
            } catch {
                refused += 1
            }
        }
        #expect(refused > answer.count * 9 / 10, "\(refused) of \(answer.count)")
        for wrong in [[], [0x30], Array(answer.dropLast()), answer + [0], Array("<html>".utf8)] {
            #expect(throws: DockError.self) { try time(request, wrong) }
        }
    }
}
