import DockCore
import DockTestSupport
import Testing

@testable import DockConfig

@Suite struct ProfileLibraryTests {
    private func profile(_ name: String, _ summary: String, priority: Int = 500) -> String.UTF8View {
        """
        name: \(name)
        summary: \(summary)
        priority: \(priority)
        recognise: {paths: [DCIM]}
        manifest: {type: none}
        footage: {extensions: [mp4]}
        """.utf8
    }

    @Test func anOwnProfileReplacesTheShippedOneOfItsName() throws {
        let own = try TemporaryFolder()
        let shipped = try TemporaryFolder()
        try own.write(profile("b", "own", priority: 1), to: "b.yaml")
        try shipped.write(profile("b", "shipped", priority: 900), to: "b.yaml")
        try shipped.write(profile("c", "shipped", priority: 10), to: "c.yaml")
        try shipped.write(profile("a", "shipped", priority: 10), to: "a.yaml")
        let profiles = try ProfileLibrary.load(folders: [own.path, shipped.path])
        #expect(profiles.map(\.name) == ["a", "c", "b"])
        #expect(profiles.map(\.summary) == ["shipped", "shipped", "own"])
    }

    @Test func filesOfEditorsAndPeopleAreNoProfiles() throws {
        let folder = try TemporaryFolder()
        try folder.write(profile("a", "x"), to: "a.yaml")
        for name in ["a.yaml~", ".a.yaml", "README.md", "a.yaml.bak"] { try folder.write("?".utf8, to: name) }
        #expect(try ProfileLibrary.load(folders: [folder.path]).count == 1)
    }

    @Test func theMistakesOfAllFilesComeAtOnce() throws {
        let folder = try TemporaryFolder()
        try folder.write("name: a\n".utf8, to: "a.yaml")
        try folder.write([0xff], to: "b.yaml")
        let missing = folder.at("none")
        let result = Result { () throws(ConfigurationMistakes) in
            try ProfileLibrary.load(folders: [missing, folder.path])
        }
        #expect(Set(result.mistakes.map(\.file)) == [missing, folder.at("a.yaml"), folder.at("b.yaml")])
    }

    @Test func shippedProfilesAreFoundWhereTheProgramIsInstalled() throws {
        let prefix = try TemporaryFolder()
        try prefix.write(profile("bodydock", "x"), to: "share/bodydock/profiles/bodydock.yaml")
        let found = ProfileLibrary.shippedFolder(program: prefix.at("bin/bodydock"), current: Fixture.checkout)
        #expect(found == prefix.at("share/bodydock/profiles"))
    }

    @Test func shippedProfilesAreFoundInTheCheckoutThatTheProgramWasBuiltIn() throws {
        let checkout = try TemporaryFolder()
        try checkout.write(profile("bodydock", "x"), to: "config/profiles/bodydock.yaml")
        let program = checkout.at(".build/x86_64-unknown-linux-gnu/release/bodydock")
        #expect(ProfileLibrary.shippedFolder(program: program, current: "/") == checkout.at("config/profiles"))
        #expect(
            ProfileLibrary.shippedFolder(program: "/usr/bin/x", current: checkout.at("a/b"))
                == checkout.at("config/profiles"))
        #expect(ProfileLibrary.shippedFolder(program: "/nowhere/bin/x", current: "/nowhere") == nil)
        #expect(ProfileLibrary.shippedFolder(program: nil, current: nil) == nil)
    }
}
