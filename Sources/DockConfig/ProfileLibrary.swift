import DockCore
import DockSystem
import Glibc

/// The profiles that a dock knows: the administrator's own, and those that are shipped with the program.
public enum ProfileLibrary {
    /// Files in one folder that are looked at.
    private static let mostFiles = 1000

    /// Every profile of `folders`. Of two with one name the one in the earlier folder counts. Files that do not end in `.yaml`
    /// are no profiles.
    ///
    /// - Returns: The profiles in the order in which they are tried: the highest priority first, then by name.
    /// - Throws: Every mistake of all files at once.
    public static func load(folders: [String]) throws(ConfigurationMistakes) -> [CameraProfile] {
        var profiles: [String: CameraProfile] = [:]
        var mistakes: [ConfigurationMistake] = []
        for folder in folders {
            do throws(ConfigurationMistakes) {
                for file in try files(in: folder) {
                    do throws(ConfigurationMistakes) {
                        let profile = try ProfileFile.read(file)
                        if profiles[profile.name] == nil { profiles[profile.name] = profile }
                    } catch {
                        mistakes += error.all
                    }
                }
            } catch {
                mistakes += error.all
            }
        }
        guard mistakes.isEmpty else { throw ConfigurationMistakes(mistakes) }
        return profiles.values.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
    }

    private static func files(in folder: String) throws(ConfigurationMistakes) -> [String] {
        do throws(Errno) {
            let opened = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
            let names = try Folder.names(in: opened.number, limit: mostFiles).map {
                String(decoding: $0, as: UTF8.self)
            }
            return names.filter { $0.hasSuffix(ProfileFile.ending) && !$0.hasPrefix(".") }.sorted().map {
                "\(folder)/\($0)"
            }
        } catch {
            let text = "cannot list it: \(error); allowed: a folder of profiles that may be read"
            throw ConfigurationMistakes([Mistake(place: nil, text: text)], in: folder)
        }
    }

    // MARK: Shipped profiles

    /// The folder of the shipped profiles: `../share/bodydock/profiles` of the running program's folder where it is installed,
    /// otherwise `config/profiles` of the checkout that the program, or else the current folder, lies in.
    ///
    /// - Throws: ``DockError/Code/notFound`` if there is none.
    public static func shippedFolder() throws(DockError) -> String {
        let program = realPath("/proc/self/exe")
        let current = realPath(".")
        if let folder = shippedFolder(program: program, current: current) { return folder }
        throw DockError(
            .notFound, "cannot find the shipped camera profiles", at: program ?? "the program's folder",
            because: "there is neither ../share/bodydock/profiles nor a checkout with config/profiles above it",
            next: "install the program together with its profiles")
    }

    static func shippedFolder(program: String?, current: String?) -> String? {
        var candidates: [String] = []
        if let program {
            candidates.append(parent(parent(program)) + "/share/bodydock/profiles")
            candidates += above(parent(program)).map { $0 + "/config/profiles" }
        }
        if let current { candidates += above(current).map { $0 + "/config/profiles" } }
        return candidates.first { isFile($0 + "/bodydock.yaml") }
    }

    /// `folder` and all folders above it but the root, innermost first.
    private static func above(_ folder: String) -> [String] {
        folder.isEmpty ? [] : [folder] + above(parent(folder))
    }

    private static func parent(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    private static func isFile(_ path: String) -> Bool {
        var raw = stat()
        return stat(path, &raw) == 0 && raw.st_mode & S_IFMT == S_IFREG
    }

    /// The path without links; nil if it cannot be told.
    private static func realPath(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }
}
