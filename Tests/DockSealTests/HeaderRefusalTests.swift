import DockCore
import DockSystem
import Testing

@testable import DockSeal

/// Every rule about headers, hit by itself: keys and MAC are right for the wrong header. With one exception, which is named,
/// Debian's `age` refuses the same.
@Suite struct HeaderRefusalTests {
    private let fixture: SealedFixture
    private let valid: HandmadeFile
    private let x25519: AgeHeader.Stanza

    init() throws {
        fixture = try SealedFixture()
        valid = try HandmadeFile(for: fixture.identity.recipient)
        x25519 = try X25519Stanza(wrapping: valid.fileKey, for: fixture.identity.recipient).stanza
    }

    private func expect(_ fault: UnsealFault, _ file: HandmadeFile, _ place: SourceLocation = #_sourceLocation) throws {
        let bytes = try file.bytes()
        #expect(try fixture.refusal(of: bytes)?.why == fault.error(at: "").why, sourceLocation: place)
        #expect(try !fixture.ageOpens(bytes), "age opens it", sourceLocation: place)
    }

    private func with(head: String) -> HandmadeFile {
        var file = valid
        file.head = head
        return file
    }

    /// The valid header with its X25519 stanza replaced.
    private func with(_ stanzas: [AgeHeader.Stanza]) -> HandmadeFile { with(head: HandmadeFile.head(stanzas)) }

    private func with(arguments: [String], body: [UInt8]? = nil) -> HandmadeFile {
        with([.init(arguments: arguments, body: body ?? x25519.body)])
    }

    private func with(macLine: String) -> HandmadeFile {
        var file = valid
        file.macLine = macLine
        return file
    }

    @Test func theHandmadeFileItselfIsOpened() throws {
        #expect(try fixture.open(valid.bytes()) == Array("hello".utf8))
        #expect(try fixture.ageOpens(valid.bytes()))
    }

    @Test func stanzasOfOtherKindsAreSkippedWhateverTheyHold() throws {
        let others: [AgeHeader.Stanza] = [
            .init(arguments: ["!-grease", "~", "x/y+z"], body: []), .init(arguments: ["a"], body: [1]),
            .init(arguments: ["full"], body: .init(repeating: 0, count: 48)),
            .init(arguments: ["x25519", "lowercase"], body: .init(repeating: 0, count: 100)),
        ]
        let file = with(others + [x25519] + others)
        #expect(try fixture.open(file.bytes()) == Array("hello".utf8))
        #expect(try fixture.ageOpens(file.bytes()))
        try expect(
            .noIdentityMatches(kinds: ["1 × !-grease", "1 × a", "1 × full", "1 × x25519"]), with(others))
    }

    @Test func otherVersionsAndOtherFilesAreRefused() throws {
        let body = valid.head.dropFirst(AgeHeader.version.count)
        try expect(.unsupportedVersion, with(head: "age-encryption.org/v2" + body))
        try expect(.unsupportedVersion, with(head: "age-encryption.org/v1\r" + body))
        try expect(.unsupportedVersion, with(head: "age-encryption.org/v1 " + body))
        try expect(.notAge, with(head: " " + valid.head))
        try expect(.notAge, with(head: "Age-encryption.org/v1" + body))
        #expect(try fixture.refusal(of: [])?.why == UnsealFault.notAge.error(at: "").why)
    }

    @Test func aHeaderWithoutStanzasIsRefused() throws { try expect(.noStanza, with([])) }

    @Test func stanzaLinesMustFollowTheGrammar() throws {
        let lines = valid.head.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func with(line1: String) -> HandmadeFile {
            self.with(head: [lines[0], line1, lines[2], ""].joined(separator: "\n"))
        }
        try expect(.stanzaStart(line: 2), with(line1: String(lines[1].dropFirst(3))))
        try expect(.stanzaStart(line: 2), with(line1: "->" + lines[1].dropFirst(3)))
        try expect(.stanzaStart(line: 2), with(line1: "->"))
        try expect(.stanzaStart(line: 2), with(line1: " " + lines[1]))
        try expect(.stanzaArguments(line: 2), with(line1: "-> "))
        try expect(.stanzaArguments(line: 2), with(line1: lines[1] + " "))
        try expect(.stanzaArguments(line: 2), with(line1: lines[1].replacing("X25519 ", with: "X25519  ")))
        try expect(.stanzaArguments(line: 2), with(line1: lines[1] + "\r"))
        try expect(.stanzaArguments(line: 2), with(line1: lines[1] + " \u{e9}"))
        try expect(.stanzaArguments(line: 2), with(line1: lines[1] + "\u{7f}"))
        try expect(.stanzaStart(line: 2), with(line1: ""))
    }

    @Test func bodiesMustBeWrappedAt64AndEndWithAShorterLine() throws {
        let version = AgeHeader.version + "\n"
        let long = String(repeating: "A", count: 64)
        let ours = String(valid.head.dropFirst(version.count))
        try expect(.bodyLineTooLong(line: 3), with(head: version + "-> other\n" + long + "AAAA\n\n" + ours))
        try expect(.bodyUnfinished(line: 4), with(head: version + "-> other\n" + long + "\n" + ours))
        try expect(.bodyUnfinished(line: 5), with(head: version + ours + "-> other\n"))
        try expect(.bodyUnfinished(line: 6), with(head: version + ours + "-> other\n" + long + "\n"))
        try expect(.stanzaStart(line: 4), with(head: version + "-> other\nAAAA\nAAAA\n" + ours))
        let fine = with(head: version + "-> other\n" + long + "\n" + long + "\n\n" + ours)
        #expect(try fixture.open(fine.bytes()) == Array("hello".utf8))
    }

    @Test(arguments: ["AAB", "AAAAA", "AA==", "AAA=", "A A", "AA\r", "AA_", "AB", "\u{e9}"])
    func bodiesMustBeCanonicalBase64(line: String) throws {
        try expect(.bodyEncoding(line: 5), with(head: valid.head + "-> other\n\(line)\n"))
    }

    @Test func theMACLineMustFollowTheGrammar() throws {
        let mac = try valid.mac()
        for line in [
            "---\n", "--- \n", "---\(mac)\n", "---  \(mac)\n", "--- \(mac) \n", "--- \(mac)\r\n", "--- \(mac)=\n",
            "----\(mac)\n",
            "--- \(mac.dropLast())\n", "--- \(mac)A\n", "--- \(mac.dropLast())\u{e9}\n",
        ] { try expect(.macLine(line: 4), with(macLine: line)) }
        // The last of 43 characters has two bits that must be zero: the next in the alphabet has one of them set.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let last = try #require(alphabet.firstIndex { $0 == mac.last })
        try expect(.macLine(line: 4), with(macLine: "--- \(mac.dropLast())\(alphabet[last + 1])\n"))
    }

    @Test func anotherMACIsRefused() throws {
        let mac = try valid.mac()
        try expect(.headerMAC, with(macLine: "--- \(mac.first == "A" ? "B" : "A")\(mac.dropFirst())\n"))
    }

    @Test func aHeaderThatIsChangedAfterSealingIsRefusedByItsMAC() throws {
        var file = valid
        file.macLine = "--- \(try valid.mac())\n"
        file.head += "-> other\n\n"
        try expect(.headerMAC, file)
    }

    @Test func x25519StanzasMustBeWellFormedEvenIfTheyAreForOthers() throws {
        let share = x25519.arguments[1]
        let faults: [(UnsealFault, [String], [UInt8]?)] = [
            (.shareCount(stanza: 1), ["X25519"], nil), (.shareCount(stanza: 1), ["X25519", share, share], nil),
            (.shareEncoding(stanza: 1), ["X25519", share + "="], nil),
            (.shareEncoding(stanza: 1), ["X25519", String(share.dropLast())], nil),
            (.shareEncoding(stanza: 1), ["X25519", Base64.encode(.init(repeating: 9, count: 31))], nil),
            (.shareEncoding(stanza: 1), ["X25519", Base64.encode(.init(repeating: 9, count: 33))], nil),
            (.shareEncoding(stanza: 1), ["X25519", String(repeating: "A", count: 42) + "B"], nil),
            (.bodySize(stanza: 1), ["X25519", share], []),
            (.bodySize(stanza: 1), ["X25519", share], Array(x25519.body.dropLast())),
            (.bodySize(stanza: 1), ["X25519", share], x25519.body + [0]),
        ]
        for (fault, arguments, body) in faults {
            try expect(fault, with(arguments: arguments, body: body))
            let broken = AgeHeader.Stanza(arguments: arguments, body: body ?? x25519.body)
            #expect(try fixture.refusal(of: with([broken, x25519]).bytes())?.why == fault.error(at: "").why)
            #expect(try fixture.refusal(of: with([x25519, broken]).bytes())?.code == .malformed)
        }
    }

    @Test func aFileKeyOfAnotherSizeIsRefused() throws {
        let longKey = try Secret.random(32)
        try expect(
            .bodySize(stanza: 1), with([X25519Stanza(wrapping: longKey, for: fixture.identity.recipient).stanza]))
    }

    @Test(arguments: LowOrder.points)
    func sharesOfLowOrderAreRefused(point: String) throws {
        let share = Base64.encode(try #require(Hex.decode(point)))
        let broken = AgeHeader.Stanza(arguments: ["X25519", share], body: x25519.body)
        try expect(.lowOrderShare(stanza: 1), with([broken]))
        try expect(.lowOrderShare(stanza: 1), with([broken, x25519]))
    }

    @Test func aBodyThatIsDamagedIsTakenForSomebodyElses() throws {
        var body = x25519.body
        body[0] ^= 1
        try expect(.noIdentityMatches(kinds: ["1 × X25519"]), with(arguments: x25519.arguments, body: body))
    }

    @Test func aPassphraseBesideOthersIsRefused() throws {
        let scrypt = AgeHeader.Stanza(arguments: ["scrypt", "AAAAAAAAAAAAAAAAAAAAAA", "10"], body: x25519.body)
        // Debian's age 1.1 minds only when it is given a passphrase; the specification forbids such a header altogether.
        for stanzas in [[scrypt, x25519], [x25519, scrypt], [scrypt, scrypt]] {
            #expect(
                try fixture.refusal(of: with(stanzas).bytes())?.why
                    == UnsealFault.passphraseAmongOthers.error(at: "").why)
        }
        #expect(
            try fixture.refusal(of: with([scrypt]).bytes())?.why
                == UnsealFault.noIdentityMatches(kinds: ["1 × scrypt"]).error(at: "").why)
    }

    @Test func headersAreReadUpTo64KiB() throws {
        let line = "-> other \(String(repeating: "x", count: 989))\n\n"
        func padded(_ size: Int) -> HandmadeFile {
            let rest = size - valid.head.utf8.count - 48 - 65 * 1000
            return with(
                head: valid.head + String(repeating: line, count: 65) + "-> " + String(repeating: "y", count: rest - 5)
                    + "\n\n")
        }
        let fitting = padded(AgeHeader.limit)
        #expect(try fixture.open(fitting.bytes()) == Array("hello".utf8))
        let long = try padded(AgeHeader.limit + 1).bytes()
        #expect(try fixture.refusal(of: long)?.why == UnsealFault.headerTooLong.error(at: "").why)
        let endless = Array((AgeHeader.version + "\n-> ").utf8) + [UInt8](repeating: 0x78, count: 200_000)
        #expect(try fixture.refusal(of: endless)?.why == UnsealFault.headerTooLong.error(at: "").why)
    }
}
