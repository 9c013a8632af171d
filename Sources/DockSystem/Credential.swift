import DockCore
import Glibc

/// Secrets in files: readable by their owner alone, who is this process's user or root; or handed over by systemd
/// (systemd.exec(5), "Credentials"). Root, who works with the files of the agent's user, takes them whosever they are.
public enum Credential {
    /// The path of a secret. What begins with `/` is one already; anything else is the name of a credential that systemd hands
    /// to the service, in the folder `$CREDENTIALS_DIRECTORY`.
    public static func path(_ name: String) throws(DockError) -> String {
        if name.hasPrefix("/") { return name }
        guard let folder else {
            throw DockError(
                .configuration, "cannot find a credential", at: name,
                because: "systemd has handed none to this process ($CREDENTIALS_DIRECTORY is not set)",
                next: "add 'LoadCredential=\(name):/path' to the service, or give an absolute path")
        }
        return folder + "/" + name
    }

    /// Why others than its owner may have the secret in this file; nil if they may not. systemd lets a service read its
    /// credentials by an access list, which shows as rights of the group.
    public static func exposure(of status: FileStatus, at path: String) -> String? {
        let isHandedOver = folder.map { path.hasPrefix($0 + "/") } ?? false
        let others: mode_t = isHandedOver ? 0o037 : 0o077
        guard status.permissions & others == 0 else {
            return "others than its owner have access to it (mode 0\(String(status.permissions & 0o777, radix: 8)))"
        }
        let isOurs = [geteuid(), 0].contains(status.owner) || geteuid() == 0
        return isOurs ? nil : "it belongs to somebody else"
    }

    private static var folder: String? {
        getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
