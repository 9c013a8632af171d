import DockCore
import Testing

@testable import DockConfig

@Suite struct HostileYAMLTests {
    /// Ten levels of eight: a billion nodes if it were written out.
    private static let laughs: String =
        "l0: &l0 [x, x]\n"
        + (1...10).map { "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 8).joined(separator: ", "))]\n" }
        .joined()

    /// A text that means harm, or is no configuration at all, and a part of what is said about it.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let says: String

        init(_ name: String, _ text: String, _ says: String) {
            testDescription = name
            self.text = text
            self.says = says
        }
    }

    private static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }
    private static let stairs: String = (0..<900).map { times($0, " ") + "a:\n" }.joined()
    private static let wideKey: String = times(900, "? ") + "[" + times(400_000, "a,") + "a]"
    private static let keys: String = (0..<20_000).map { "k\($0): 1\n" }.joined()

    @Test(arguments: [
        Attempt("aliases", laughs, "the alias '*l0'"),
        Attempt("aliases as keys", laughs + "? *l10\n: 1\n", "the alias '*l10'"),
        Attempt("an alias before all else", "? &a x\n: 1\n*a : 2\n", "the alias '*a'"),
        Attempt("open brackets", times(1500, "["), "nesting level"),
        Attempt("more open brackets", times(10_000, "["), "too many '{'"),
        Attempt("open braces", times(10_000, "{a: "), "too many '{'"),
        Attempt("lists in lists", times(10_000, "- "), "nesting level"),
        Attempt("keys in keys", times(10_000, "? "), "too many '{'"),
        Attempt("closed brackets", times(900, "[") + times(900, "]"), "too many levels"),
        Attempt("lines ever deeper", stairs, "too many levels"),
        Attempt("a large key at many levels", wideKey, "too many '{'"),
        Attempt("two mebibytes", times(2 << 20, "#"), "at most 1 MiB"),
        Attempt("NUL", "dock: a\0b", "the control character U+0"),
        Attempt("escape", "dock: \u{1b}[31m", "the control character U+1B"),
        Attempt(
            "code", "dock: !!python/object/apply:os.system [x]",
            "the tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
        Attempt("binary", "dock: {name: !!binary aGk=}", "the tag 'tag:yaml.org,2002:binary'"),
        Attempt("own tag", "dock: !x {name: a}", "the tag '!x'"),
        Attempt("two documents", "dock: {name: a}\n---\nstate: /x\n", "another document"),
        Attempt("merge keys", "<<: {dock: {name: a}}", "unknown key '<<'"),
        Attempt("trees as keys", "? {a: b}\n: c\n", "a key that is a mapping"),
        Attempt(
            "repeated keys in braces", "dock: {name: a, name: b}", "'name' stands here more than once; allowed: once"),
        Attempt(
            "an endless quote", "dock: 'x\n\n\n", "unexpected end of stream while scanning a quoted scalar of line 1"),
        Attempt("half a character", #"dock: "\uD800""#, "invalid Unicode character"),
        Attempt("an unknown alias", "dock: *nothing", "undefined alias"),
        Attempt("nothing", "", "'dock.name' is missing"),
        Attempt("only text", "hello", "the file is 'hello'"),
        Attempt("a long key", times(500, "k") + ": 1", "unknown key 'kkkk"),
        Attempt("many keys", keys, "mistakes more"),
        Attempt("many repetitions", times(2000, "dock: 1\n"), "'dock' stands here more than once (first in line 1)"),
    ])
    func hostileTextEndsInMistakes(attempt: Attempt) {
        let lines = Fixture.read(attempt.text.utf8).lines
        #expect(lines.contains { $0.contains(attempt.says) }, "\(lines.prefix(5))")
        #expect(lines.count <= ConfigurationMistakes.most + 1)
        #expect(
            lines.allSatisfy { $0.utf8.count < 1000 && !$0.utf8.contains { $0 < 0x20 } },
            "messages stay short and printable")
    }

    @Test func bytesThatAreNoTextAreRefusedWithTheirPlace() {
        #expect(
            Fixture.read(Array("dock:\n  é: ".utf8) + [0xff]).lines == [
                "2:6: these bytes are not text; allowed: YAML in UTF-8"
            ])
        #expect(
            Fixture.read([0xff, 0xfe, 0x64, 0x00]).lines == ["1:1: these bytes are not text; allowed: YAML in UTF-8"])
        #expect(Fixture.read([0xed, 0xa0, 0x80]).lines.count == 1, "an encoded surrogate")
        #expect(Fixture.read([0xc0, 0x80]).lines.count == 1, "an overlong NUL")
    }

    @Test func aByteOrderMarkAndCarriageReturnsAreNoMistakes() {
        let text = "\u{feff}" + Fixture.minimal.split(separator: "\n").joined(separator: "\r\n")
        #expect(Fixture.read(text.utf8).lines == [])
    }

    @Test func repetitionsAreFoundWithTheirWholeValues() {
        let text =
            Fixture.minimal + """

                release:
                  require: all
                vaults:
                - name: b
                  type: tape
                sealing:
                  recipients: [
                  age1wrong
                ]
                "release": {erase: never}
                """
        #expect(
            Fixture.read(text.utf8).lines == [
                "12:1: 'vaults' stands here more than once (first in line 6); allowed: once",
                "15:1: 'sealing' stands here more than once (first in line 4); allowed: once",
                "19:1: 'release' stands here more than once (first in line 10); allowed: once",
            ])
    }

    @Test func anAliasIsNotMissedWhateverStandsBeforeIt() {
        for text in [
            "&a x\n*a", "[&a x,*a]", "{&a x: 1,\"k\":*a}", "k: &a x\n? *a", "- &a x\n- *a",
            "&a x : \"\n  # \" \n*a : 1",
        ] {
            #expect(YAMLBounds.faults(in: text).count == 1, "\(text)")
        }
        for text in ["k: R&D *D", "# 2*3 &b", "glob: '*.mp4'", "a*b: &c", "*a &a"] {
            #expect(YAMLBounds.faults(in: text).isEmpty || text == "k: R&D *D", "\(text)")
        }
    }

    /// Random damage to the example: whatever comes out, it comes out as a value or as mistakes.
    @Test func damagedFilesNeverCrashTheReader() throws {
        let example = Array(try Fixture.text("config/bodydock.yaml").utf8).filter { $0 < 0x80 }
        let pieces = [
            "&a ", "*a", "!!x ", "? ", ": ", "- ", "[", "]", "{", "}", "'", "\"", "|\n", ">-\n", "\t", "#", "---\n",
            "%YAML 9.9\n", "\\u0000", "\0", "\r", "~", ", ",
        ]
        var random = SplitMix(state: 20_261_001)
        for round in 0..<400 {
            var bytes = round.isMultiple(of: 2) ? example : ExampleTests.uncommented(example)
            for _ in 0...Int.random(in: 0..<8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let length = min(bytes.count - place, Int.random(in: 0..<12, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    bytes.replaceSubrange(
                        place..<place + length, with: (pieces.randomElement(using: &random) ?? "").utf8)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 2:
                    bytes.insert(
                        contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &random))
                default: bytes.removeSubrange(place..<place + length)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            switch Fixture.read(bytes) {
            case .success: break
            case .failure(let mistakes): #expect(!mistakes.all.isEmpty)
            }
        }
    }
}

/// Numbers that are the same in every run (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
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
