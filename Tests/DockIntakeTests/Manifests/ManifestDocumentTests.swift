import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// The example in `docs/manifest.md` and the commands that check it by hand are true.
@Suite struct ManifestDocumentTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
        text = try String(contentsOf: root.appending(path: "docs/manifest.md"), encoding: .utf8)
    }

    private func blocks(_ language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    @Test func theExampleIsReadWithoutFindings() throws {
        let example = try #require(blocks("json").first)
        let key = Array(try #require(Data(base64Encoded: "PsVCrh+gFX2fzU4cuYBo4pGxYkW4VsZnUgEKKtqdHcY=")))
        #expect(text.contains("PsVCrh+gFX2fzU4cuYBo4pGxYkW4VsZnUgEKKtqdHcY="))
        let read = try readOwn(example.utf8, keys: ["BWC0042": key], verify: verifyWithOpenSSL)
        #expect(read.findings.isEmpty)
        #expect(read.manifest.signature == .valid)
        #expect(read.paths.count == 3)
    }

    @Test func theCommandsCheckTheExample() throws {
        let folder = try TemporaryFolder()
        let example = try #require(blocks("json").first)
        try folder.write(example.utf8, to: "manifest.jsonl")
        let contents = ["first minute\n", "and a bit\n", "third file\n"]
        for (name, content) in zip(try readOwn(example.utf8).paths, contents) {
            try folder.write(content.utf8, to: name)
        }
        let commands = blocks("sh")
        #expect(commands.count == 3)
        for command in commands {
            let result = try Tool.run("bash", ["-c", #"cd "$0" && eval "$1""#, folder.path, command])
            #expect(result.status == 0, "\(command)\(result.text)\(result.errors)")
        }
        let broken = example.replacing(#""duration":60.0"#, with: #""duration":61.0"#)
        try folder.write(broken.utf8, to: "manifest.jsonl")
        #expect(try Tool.run("bash", ["-c", #"cd "$0" && eval "$1""#, folder.path, commands[0]]).status != 0)
    }
}
