import CLinux
import DockCore
import DockSystem
import Glibc
import Synchronization

/// A view of the mounts that only this process has (mount_namespaces(7)): no other program finds its way onto a camera through
/// what is mounted here, none can keep it busy, and when the process dies the kernel takes its mounts away.
public enum MountNamespace {
    /// What ``enter()`` did.
    public enum Answer: Sendable, Equatable {
        /// The process has a namespace of its own now.
        case entered
        /// It had made one before, and is still in it.
        case alreadyInside
    }

    /// What the kernel calls the namespace that was made.
    private static let made = Mutex<[UInt8]?>(nil)

    /// Gives the process a mount namespace of its own (unshare(2)). What others mount is still seen, what is mounted here is not
    /// seen by others (`MS_SLAVE`).
    ///
    /// A namespace belongs to a thread and those that it starts, so this must run while there is only one.
    /// - Throws: ``DockError/Code/conflict`` if the process already has several threads; ``DockError/Code/refused`` without the
    ///   right to do so (`CAP_SYS_ADMIN`).
    public static func enter() throws(DockError) -> Answer {
        try made.withLock { made throws(DockError) in
            if let made, try attempt("look at the mount namespace", current) == made { return .alreadyInside }
            guard try attempt("count the threads", threadCount) == 1 else {
                throw DockError(
                    .conflict, "cannot make a mount namespace", at: "this process",
                    because: "it already runs several threads, and all but one would stay outside",
                    next: "enter the namespace before anything else is started")
            }
            try attempt("make a mount namespace", isolateThread)
            made = try attempt("look at the mount namespace", current)
            return .entered
        }
    }

    /// Gives the calling thread alone, and those that it starts from now on, a mount namespace of its own.
    static func isolateThread() throws(Errno) {
        try retrying { bodydock_unshare_mounts() }
        try retrying { mount("none", "/", nil, UInt(MS_REC | MS_SLAVE), nil) }
    }

    private static func threadCount() throws(Errno) -> Int {
        try KernelFile.names(in: "/proc/self/task").count
    }

    private static func current() throws(Errno) -> [UInt8] {
        var name = [UInt8](repeating: 0, count: 64)
        let count = try retrying {
            name.withUnsafeMutableBytes { readlink("/proc/self/ns/mnt", $0.baseAddress!, $0.count) }
        }
        return Array(name.prefix(count))
    }

    private static func attempt<Value>(_ step: String, _ body: () throws(Errno) -> Value) throws(DockError) -> Value {
        do {
            return try body()
        } catch {
            throw error.error(
                "cannot \(step)", at: "this process",
                next: "give the service CAP_SYS_ADMIN, and do not keep unshare(2) or mount(2) from it")
        }
    }
}
