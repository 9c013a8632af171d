import CLinux
import DockCore
import Glibc

/// The memory of this process: private, and no more than is needed.
public enum ProcessGuard {
    /// No core dumps, and no other process may look in (prctl(2) PR_SET_DUMPABLE, setrlimit(2)). Call before footage is read.
    public static func keepMemoryPrivate() throws(DockError) {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0, bodydock_set_not_dumpable() == 0 else {
            throw Errno.current.error(
                "cannot keep footage out of core dumps", at: "this process",
                next: "look at the limits that the service sets")
        }
    }

    /// Gives memory that was freed back to the kernel (malloc_trim(3)), which the allocator would keep for later.
    public static func returnFreedMemory() { bodydock_return_memory() }
}
