import ArgumentParser
import DockCore
import DockSeal
import DockSystem
import Glibc

/// `bodydock keys`: the dock's own keys.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Show, make, rotate and revoke the dock's keys.",
        subcommands: [
            KeysListCommand.self, KeysRotateCommand.self, KeysRevokeCommand.self, New.self,
        ])

    /// `bodydock keys new`: a signing key, and an age pair if asked.
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the dock's signing key, and an age pair if asked.",
            discussion: """
                Makes in DIR (mode 0700 if it is new): dock.key, the Ed25519 signing key (PKCS#8, mode 0600); dock.pub and \
                dock.pem.pub, its public half for OpenSSH and OpenSSL; with --age also age.key, an age identity (mode 0600), \
                and prints its recipient. Whoever has age.key can open the footage: keep it away from the dock. Nothing is \
                ever overwritten.

                Exit status: 0 made, 1 not made, 64 wrong usage.
                """)

        @Flag(help: "Also make an age pair, and print its recipient.")
        var age = false

        @Option(help: "The name at the end of the OpenSSH public key.")
        var name = "bodydock"

        @Argument(help: "The folder for the keys.")
        var dir: String

        func run() throws {
            do throws(DockError) {
                try make()
            } catch {
                Console.complain(error)
                throw ExitCode.failure
            }
        }

        private func make() throws(DockError) {
            do throws(Errno) {
                try Folder.create(dir, mode: 0o700)
            } catch {
                throw error.error(
                    "cannot make the folder for the keys", at: dir, next: "name a folder that can be made")
            }
            try refuseTaken(["dock.key", "dock.pub", "dock.pem.pub"] + (age ? ["age.key"] : []))
            let key = try SigningKey.generate()
            // The public halves come first: without the private key they do no harm, and show what a run that broke off left.
            try key.savePublicKey(openSSH: path("dock.pub"), name: name)
            try key.savePublicKey(pem: path("dock.pem.pub"))
            try key.save(to: path("dock.key"))
            Console.warn("made \(path("dock.key")), dock.pub and dock.pem.pub")
            guard age else { return }
            let identity = try AgeIdentity.generate()
            try identity.save(to: path("age.key"), created: WallClock.now())
            Console.warn("made \(path("age.key")): keep it away from the dock; whoever has it can open the footage")
            Console.say(identity.recipient.text)
        }

        /// Looks at all names before the first file is made, so that a refusal leaves nothing behind.
        private func refuseTaken(_ names: [String]) throws(DockError) {
            for name in names {
                do throws(Errno) {
                    _ = try FileStatus.of(path(name))
                } catch {
                    if error.code == ENOENT { continue }
                    throw error.error("cannot make keys", at: path(name), next: "check the folder")
                }
                throw DockError(
                    .conflict, "cannot make keys", at: path(name), because: "it is there already; it is left as it is",
                    next: "use the key that is there, or name another folder")
            }
        }

        private func path(_ name: String) -> String { dir.hasSuffix("/") ? dir + name : dir + "/" + name }
    }
}
