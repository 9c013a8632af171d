import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockConfig

@Suite struct ConfigurationFileTests {
    @Test func theSmallestFileIsCompleteAndEverythingElseHasADefault() throws {
        let configuration = try Fixture.read(Fixture.minimal.utf8).get()
        #expect(
            configuration
                == Configuration(
                    dock: "stadhuis-1", state: "/var/lib/bodydock",
                    spool: .init(path: "/var/lib/bodydock/spool", keepFree: 2_000_000_000),
                    recipients: [Fixture.recipient],
                    vaults: [
                        VaultSettings(
                            name: "archive", confirm: .head, kind: .directory(path: "/srv/evidence", mounted: false))
                    ],
                    release: ReleasePolicy(require: .all, erase: .now)))
    }

    @Test func theSpoolFollowsTheState() throws {
        let moved = Fixture.minimal.replacing("/var/lib/bodydock", with: "/data/dock//")
        #expect(try Fixture.read(moved.utf8).get().spool.path == "/data/dock/spool")
    }

    @Test func everyKeyIsRead() throws {
        let text = """
            dock: {name: d}
            state: /state
            spool: {path: /fast/spool, keep_free: 512 MiB}
            sealing: {recipients: [\(Fixture.recipient)]}
            vaults:
              - {name: a, type: directory, path: /a/, confirm: readback, stale_uploads: 36h}
              - name: b
                type: s3
                endpoint: https://127.0.0.1:7480/
                region: default
                bucket: evidence
                prefix: docks/d
                credentials: /keys/s3
                ca_file: /keys/ca.pem
                client_certificate: /keys/dock.pem
                client_key: dock-key
                pinned_public_key: sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                connections: 8
                stall_timeout: 1min 30s
                confirm: readback
            release: {require: [b], erase: later}
            profiles: {folders: [/own, /other]}
            cameras:
              - {serial: A, public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG/u/G9KV0QERk3dWTPm8qBwqsN+N4DdfRAKL4GXQroo dock}
              - {serial: B, public_key: \(String(repeating: "0a", count: 32))}
              - {serial: "0042", public_key: CwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCws=}
            limits: {files: 10, depth: 2, manifest: 4 kB}
            """
        let configuration = try Fixture.read(text.utf8).get()
        let bucket = S3Settings(
            endpoint: "https://127.0.0.1:7480", region: "default", bucket: "evidence", prefix: "docks/d",
            credentials: "/keys/s3", caFile: "/keys/ca.pem",
            client: ClientCertificate(certificate: "/keys/dock.pem", key: "dock-key"),
            pinnedPublicKey: "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", connections: 8, stallTimeout: 90)
        #expect(
            configuration.vaults == [
                VaultSettings(
                    name: "a", confirm: .readback, kind: .directory(path: "/a", mounted: false), staleUploads: 36 * 3600
                ),
                VaultSettings(name: "b", confirm: .readback, kind: .s3(bucket)),
            ])
        #expect(configuration.spool == .init(path: "/fast/spool", keepFree: 512 << 20))
        #expect(configuration.release == ReleasePolicy(require: .named(["b"]), erase: .later))
        #expect(configuration.profileFolders == ["/own", "/other"])
        #expect(configuration.limits == IntakeLimits(files: 10, depth: 2, manifestBytes: 4000))
        let key = try #require(Hex.decode("6feefc6f4a574404464ddd5933e6f2a070aac37e3780dd7d100a2f819742ba28"))
        #expect(
            configuration.pinnedKeys == [
                "A": key, "B": [UInt8](repeating: 10, count: 32), "0042": [UInt8](repeating: 11, count: 32),
            ], "a serial number keeps its zeros")
    }

    /// A change of the smallest file, and exactly what is said about it.
    struct Slip: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let says: [String]
        var testDescription: String { "\(from) -> \(to.prefix(60))" }

        init(_ from: String, _ to: String, _ says: String...) {
            self.from = from
            self.to = to
            self.says = says
        }
    }

    static let path = "an absolute path such as /srv/evidence, without '.' and '..' parts"
    static let name = "1 to 64 of A-Z a-z 0-9 . _ -, not beginning with '.'"
    static let age = "an age X25519 recipient as age-keygen prints it: age1 and 58 lower-case characters"

    @Test(arguments: [
        Slip(
            "state:", "stat:",
            "3:1: unknown key 'stat'; did you mean 'state'? allowed: "
                + "dock, state, spool, sealing, teams, docking, cameras, vaults, release, profiles, bays, erase, charging, agent, delivery, nightly, shifts, roster, handover, retention, board, limits"
        ),
        Slip(
            "name: stadhuis-1", "nam: x", "2:3: 'dock.name' is missing; allowed: \(name)",
            "2:3: unknown key 'nam' in 'dock'; did you mean 'name'? allowed: name, origin, key, timestamp"),
        Slip(
            "name: stadhuis-1", "name: stadhuis-1\n  timestamp: {url: 'ftp://x'}",
            "3:14: 'dock.timestamp.ca_file' is missing; allowed: \(path)",
            "3:20: 'dock.timestamp.url' is 'ftp://x'; allowed: http://host/path or https://host/path, with or without a port; "
                + "at most 1000 characters, no '?' and '#'"),
        Slip("name: stadhuis-1", "name: stad huis", "2:9: 'dock.name' is 'stad huis'; allowed: \(name)"),
        Slip("name: stadhuis-1", "name:", "2:8: 'dock.name' has no value; allowed: \(name)"),
        Slip("name: stadhuis-1", "name: [a]", "2:9: 'dock.name' is a list; allowed: \(name)"),
        Slip("dock:\n  name: stadhuis-1", "dock: x", "1:7: 'dock' is 'x'; allowed: keys with values"),
        Slip("dock:\n  name: stadhuis-1\n", "", "1:1: 'dock.name' is missing; allowed: \(name)"),
        Slip("/var/lib/bodydock ", "var/lib/bodydock ", "3:8: 'state' is 'var/lib/bodydock'; allowed: \(path)"),
        Slip("/var/lib/bodydock ", "/var/../lib ", "3:8: 'state' is '/var/../lib'; allowed: \(path)"),
        Slip(
            "[\(Fixture.recipient)]", "[]",
            "5:15: 'sealing.recipients' is an empty list; allowed: a list such as [a, b] of: \(age)"),
        Slip(
            "  recipients: [\(Fixture.recipient)]", "",
            "4:9: 'sealing.recipients' is missing; allowed: a list such as [a, b] of: \(age)"),
        Slip(
            "[\(Fixture.recipient)]", "\(Fixture.recipient)",
            "5:15: 'sealing.recipients' is '\(Fixture.recipient)'; allowed: a list such as [a, b] of: \(age)"),
        Slip(
            "[\(Fixture.recipient)]", "[age1x]",
            "5:16: 'sealing.recipients' is 'age1x': its checksum is wrong; allowed: \(age)"),
        Slip(
            "[\(Fixture.recipient)]", "[\(Fixture.recipient), \(Fixture.recipient)]",
            "5:80: 'sealing.recipients' has '\(Fixture.recipient)' twice; allowed: once"),
        Slip("type: directory", "type: tape", "8:11: 'vaults.type' is 'tape'; allowed: directory, s3"),
        Slip("    path: /srv/evidence", "", "7:5: 'vaults.path' is missing; allowed: \(path)"),
        Slip(
            "path: /srv/evidence", "path: /srv/evidence\n    confirm: heda",
            "10:14: 'vaults.confirm' is 'heda'; allowed: head, readback"),
        Slip(
            "path: /srv/evidence", "path: /var/lib/bodydock/spool/x",
            "9:11: this is the dock's own state or spool; allowed: a folder of its own"),
        Slip(
            "path: /srv/evidence", "path: /a\n  - {name: archive, type: directory, path: /a/}",
            "10:12: a second vault is named 'archive'; allowed: a name of its own",
            "10:44: this is the place of the vault 'archive'; allowed: a place of its own, or one copy would count as two"
        ),
        Slip(
            "path: /srv/evidence", "path: /srv/evidence\n    path: /srv/other",
            "10:5: 'path' stands here more than once (first in line 9); allowed: once"),
        Slip(
            "vaults:\n", "release: {require: [archif]}\nvaults:\n",
            "6:21: 'release.require' names 'archif', which is no vault; did you mean 'archive'? allowed: archive"),
        Slip(
            "vaults:\n", "release: {require: archive}\nvaults:\n",
            "6:20: 'release.require' is 'archive'; allowed: all, any, or a list of vault names such as [archive]"),
        Slip(
            "vaults:\n", "release: {erase: never}\nvaults:\n", "6:18: 'release.erase' is 'never'; allowed: now, later"),
        Slip(
            "vaults:\n", "spool: {keep_free: 2}\nvaults:\n",
            "6:20: 'spool.keep_free' is '2'; allowed: a size with its unit, such as '10 GB' or '16 MiB', 0 B to 1000 TB"
        ),
        Slip(
            "vaults:\n", "spool: {keep_free: 2 GiBi}\nvaults:\n",
            "6:20: 'spool.keep_free' is '2 GiBi'; allowed: a size with its unit, such as '10 GB' or '16 MiB', 0 B to 1000 TB"
        ),
        Slip(
            "vaults:\n", "limits: {files: 0, depth: 1e1}\nvaults:\n",
            "6:17: 'limits.files' is '0'; allowed: a whole number, 1 to 10000000",
            "6:27: 'limits.depth' is '1e1'; allowed: a whole number, 1 to 64"),
        Slip(
            "vaults:\n", "cameras: [{serial: a, public_key: AAAA}]\nvaults:\n",
            "6:35: 'cameras.public_key' is 'AAAA'; allowed: an Ed25519 public key: 'ssh-ed25519 AAAA…', 64 hexadecimal digits, "
                + "or 32 bytes in Base64"),
        Slip(
            "vaults:\n", "profiles: {folders: [own]}\nvaults:\n", "6:22: 'profiles.folders' is 'own'; allowed: \(path)"),
        Slip(
            "name: stadhuis-1", "name: a: b",
            "2:10: this is not YAML: mapping values are not allowed in this context; allowed: quotes around text with ': ' in it; "
                + "keys of one mapping in the same column"),
        Slip(
            "  name: stadhuis-1", "\tname: a",
            "2:1: this is not YAML: found character that cannot start any token; allowed: spaces "
                + "to indent, never tabs; quotes around text that begins with a special character"),
    ])
    func eachMistakeIsNamedWithItsPlace(slip: Slip) {
        let text = Fixture.minimal.replacing(slip.from, with: slip.to, maxReplacements: 1)
        #expect(text != Fixture.minimal)
        #expect(Fixture.read(text.utf8).lines == slip.says)
    }

    /// A line of a bucket's settings, and where the mistake in it is; nil if there is none.
    @Test(
        arguments: [
            ("endpoint: https://s3.example.org", nil), ("endpoint: https://[2001:db8::1]:443", nil),
            ("endpoint: http://localhost:80", nil),
            ("endpoint: http://[::1]:7480", nil), ("endpoint: http://127.1.2.3", nil),
            ("endpoint: http://s3.example.org", 15),
            ("endpoint: http://127.0.0.1.example.org", 15), ("endpoint: http://localhost.example.org", 15),
            ("endpoint: http://127.0.0.01", 15), ("endpoint: https://", 15), ("endpoint: https://a/b", 15),
            ("endpoint: https://u@h", 15),
            ("endpoint: 'https://h:'", 15), ("endpoint: https://h:0", 15), ("endpoint: https://h:65536", 15),
            ("endpoint: https://h:+1", 15),
            ("endpoint: https://h?x", 15), ("endpoint: s3.example.org", 15), ("endpoint: ftp://h", 15),
            ("endpoint: 'https://h '", 15),
            ("bucket: evidence", nil), ("bucket: Evidence", 13), ("bucket: ab", 13), ("bucket: a..b", 13),
            ("bucket: -ab", 13),
            ("prefix: a/b.c/d-e", nil), ("prefix: /a", 13), ("prefix: a/", 13), ("prefix: a/../b", 13),
            ("prefix: a b", 13),
            ("region: eu-west-1", nil), ("region: eu/west", 13), ("connections: 1", nil), ("connections: 64", nil),
            ("connections: 65", 18),
            ("connections: +4", 18), ("connections: 0x4", 18), ("stall_timeout: 1h", nil), ("stall_timeout: 30", 20),
            ("stall_timeout: 999ms", 20), ("stall_timeout: 2h", 20), ("credentials: ./keys", 18),
            ("ca_file: ./ca.pem", 14), ("credentials: s3-keys", nil), ("credentials: a/b", 18),
            ("client_certificate: /c.pem", 25), ("client_key: /c.key", 17),
            ("pinned_public_key: sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", nil),
            (
                "pinned_public_key: sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                nil
            ),
            ("lock: {mode: compliance, days: 28, legal_hold: true}", nil), ("lock: {legal_hold: true}", nil),
            ("lock: {}", 11), ("lock: {legal_hold: false}", 11), ("lock: {mode: governance}", 18),
            ("lock: {days: 5}", 18),
            ("lock: {mode: none, days: 5}", 18), ("lock: {mode: governance, days: 0}", 36),
            ("pinned_public_key: sha256//47DEQpj8HBSa", 24), ("pinned_public_key: /key.pem", 24),
            ("pinned_public_key: sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;", 24),
        ] as [(String, Int?)])
    func bucketsAreChecked(line: String, column: Int?) throws {
        let key = try #require(line.split(separator: ":").first)
        let usual = ["endpoint: https://s3.example.org", "bucket: evidence", "credentials: /keys"].filter {
            !$0.hasPrefix(key)
        }
        let vault = ["- name: cloud", "  type: s3", "  \(line)"] + usual.map { "  \($0)" }
        let text = Fixture.minimal + "\n" + vault.map { "  \($0)\n" }.joined()
        let places = Fixture.read(text.utf8).mistakes.map { $0.place?.column }
        #expect(places == (column == nil ? [] : [column]))
    }

    @Test func trustWithoutTLSIsAMistake() {
        let vaults = """

              - {name: a, type: s3, endpoint: 'http://localhost', bucket: evidence, credentials: /k, ca_file: /ca.pem}
            """
        let says = "'vaults.ca_file' has no effect without TLS; allowed: only with an endpoint of https"
        #expect(Fixture.read((Fixture.minimal + vaults).utf8).lines == ["10:99: \(says)"])
    }

    @Test func twoVaultsInOneBucketAreOnePlace() {
        let vaults = """

              - {name: a, type: s3, endpoint: 'https://h', bucket: evidence, credentials: /k}
              - {name: b, type: s3, endpoint: 'https://H:443/', bucket: evidence, credentials: /k}
              - {name: c, type: s3, endpoint: 'https://h:444', bucket: evidence, credentials: /k}
              - {name: d, type: s3, endpoint: 'https://h', bucket: evidence, prefix: d, credentials: /k}
            """
        let says = "this is the place of the vault 'a'; allowed: a place of its own, or one copy would count as two"
        #expect(Fixture.read((Fixture.minimal + vaults).utf8).lines == ["11:61: \(says)"])
    }

    @Test func eachCameraStandsOnceWithAKeyOfItsOwn() {
        let key = String(repeating: "0a", count: 32)
        let cameras = """

            cameras:
              - {serial: BWC1, public_key: \(key)}
              - {serial: bwc1, public_key: \(String(repeating: "0b", count: 32))}
              - {serial: BWC2, public_key: \(key)}
            """
        #expect(
            Fixture.read((Fixture.minimal + cameras).utf8).lines == [
                "12:14: the camera 'BWC1' stands here twice; allowed: once",
                "13:32: this is also the key of the camera 'BWC1'; allowed: a key of its own for each camera",
            ])
    }

    @Test func allMistakesComeAtOnceInTheOrderOfTheFile() {
        let text = """
            dock: {nam: x}
            state: relative
            sealing: {recipients: [age1bad]}
            vaults:
              - {name: a, type: directory}
              - {name: a, type: s3, endpoint: x}
              - {type: tape, bla: 1}
            stat: 1
            state: again
            release: {require: [b], erase: never}
            cameras: [{wearer: A}]
            """
        let lines = Fixture.read(text.utf8).lines
        let places = lines.map { $0.split(separator: ":").prefix(2).joined(separator: ":") }
        #expect(
            places == [
                "1:7", "1:8", "2:8", "3:24", "5:5", "6:5", "6:5", "6:12", "6:35", "7:5", "7:12", "8:1", "9:1", "10:21",
                "10:32", "11:11",
            ], "\(lines)")
    }

    @Test func aSecretKeyInTheWrongPlaceIsNeverRepeated() {
        let secret = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQ"
        for text in [
            Fixture.minimal.replacing(Fixture.recipient, with: secret), Fixture.minimal + "\nlimits: \(secret)",
            Fixture.minimal + "\n\(secret.lowercased()): 1", Fixture.minimal + "\n\(secret): 1\n\(secret): 2",
        ] {
            let lines = Fixture.read(text.utf8).lines
            #expect(!lines.isEmpty)
            #expect(!lines.contains { $0.uppercased().contains("QQQQ") }, "\(lines)")
        }
    }

    @Test func moreMistakesThanOneReadsAreCounted() {
        let text = Fixture.minimal + "\n" + (0..<1000).map { "k\($0): 1\n" }.joined()
        let lines = Fixture.read(text.utf8).lines
        #expect(lines.count == 201 && lines.last == "and 800 mistakes more")
    }

    @Test func filesThatAreNoFilesAreRefusedWithoutWaiting() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.at("pipe.yaml")
        #expect(try Tool.run("mkfifo", [pipe]).status == 0)
        for path in [folder.path, pipe, "/dev/zero", folder.at("absent.yaml"), "with\0nul"] {
            let result = Result { () throws(ConfigurationMistakes) in try ConfigurationFile.read(path) { _ in nil } }
            #expect(result.mistakes.count == 1 && result.mistakes.first?.place == nil)
        }
    }

    @Test func aLinkToAFileIsFollowed() throws {
        let folder = try TemporaryFolder()
        try folder.write(Fixture.minimal.utf8, to: "real.yaml")
        let link = folder.at("link.yaml")
        #expect(try Tool.run("ln", ["-s", "real.yaml", link]).status == 0)
        #expect(try ConfigurationFile.read(link) { Fixture.objection(to: $0) }.dock == "stadhuis-1")
    }
}
