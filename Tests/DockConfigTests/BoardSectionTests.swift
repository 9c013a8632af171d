import DockCore
import Testing

@testable import DockConfig

/// Where the board may be shown.
@Suite struct BoardSectionTests {
    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\nboard: " + text).utf8)
    }

    @Test func itMayBeLeftOut() throws {
        #expect(try Self.read("{}").get().board == BoardSettings())
        #expect(BoardSettings().listen.description == "127.0.0.1:8484" && BoardSettings().listen.isLoopback)
    }

    @Test(
        arguments: [
            ("127.0.0.1:80", "127.0.0.1"), ("127.8.8.8:65535", "127.8.8.8"), ("[::1]:8484", "::1"),
        ])
    func thisMachineAloneNeedsNothing(text: String, address: String) throws {
        let listen = try Self.read("{listen: '\(text)'}").get().board.listen
        #expect(listen.address == address && listen.description == text)
    }

    @Test(arguments: ["0.0.0.0:8484", "192.168.1.5:443", "[::]:8484", "[fe80::1]:80", "[::ffff:127.0.0.1]:80"])
    func othersDoNotReachIt(text: String) {
        let lines = Self.read("{listen: '\(text)', token: /t}").lines
        #expect(lines.count == 1 && lines[0].contains("other machines reach \(text)"), "\(lines)")
        #expect(lines[0].hasPrefix("10:17: ") && lines[0].contains("docs/board.md"), "\(lines)")
    }

    @Test func namesNeedAToken() throws {
        let lines = Self.read("{names: [dock.example.org]}").lines
        #expect(lines.count == 1 && lines[0].hasPrefix("10:16: other machines ask by"), "\(lines)")
        let board = try Self.read("{names: [dock.example.org], token: /t, language: nl}").get().board
        #expect(board == BoardSettings(names: ["dock.example.org"], token: "/t", language: .nl))
    }

    @Test(
        arguments: [
            "listen: localhost:80", "listen: '8484'", "listen: '127.0.0.1'", "listen: '127.0.0.1:0'",
            "listen: '::1:80'",
            "listen: '127.0.0.1:65536'", "listen: '127.1:80'", "listen: '[127.0.0.1]:80'", "listen: '[::1%lo]:80'",
            "listen: ':80'", "listen: '127.0.0.1:+80'", "names: [Dock]", "names: [-a]", "names: [a..b]",
            "names: ['a:80']",
            "names: ['*']", "certificate: /a", "token: ../a", "language: de", "tokens: /a",
        ])
    func mistakesAreToldWithTheirPlace(text: String) {
        let lines = Self.read("{\(text)}").lines
        #expect(lines.count == 1 && lines[0].hasPrefix("10:"), "\(lines)")
    }

    @Test func whatABrowserIsSetToCounts() throws {
        #expect(try Self.read("{language: browser}").get().board.language == nil)
    }
}
