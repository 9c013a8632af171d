import CLinux
import Glibc

extension RunningChild {
    /// posix_spawn(3) with empty input, our pipes as output, nothing else of this process, and a process group of its own.
    static func spawn(
        _ path: String, _ arguments: [String], output: borrowing Descriptor, errors: borrowing Descriptor
    ) throws(Errno) -> pid_t {
        guard !([path] + arguments).contains(where: { $0.utf8.contains(0) }) else { throw Errno(EINVAL) }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        try check(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try check(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }

        try check(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0))
        try check(posix_spawn_file_actions_adddup2(&actions, output.number, 1))
        try check(posix_spawn_file_actions_adddup2(&actions, errors.number, 2))
        try check(bodydock_spawn_close_from(&actions, 3))
        // Signals as a new process expects them, whatever this one blocks or ignores.
        var signals = sigset_t()
        sigemptyset(&signals)
        try check(posix_spawnattr_setsigmask(&attributes, &signals))
        sigfillset(&signals)
        try check(posix_spawnattr_setsigdefault(&attributes, &signals))
        try check(
            posix_spawnattr_setflags(
                &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)))

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        let search = "PATH=" + ChildProcess.folders.joined(separator: ":")
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup(search), strdup("LC_ALL=C"), nil]
        defer { (words + environment).forEach { free($0) } }
        var process: pid_t = 0
        try check(posix_spawn(&process, path, &actions, &attributes, &words, &environment))
        return process
    }

    private static func check(_ code: Int32) throws(Errno) {
        if code != 0 { throw Errno(code) }
    }
}

/// Both ends of a pipe (pipe(2)).
struct Pipe: ~Copyable {
    let read: Descriptor
    let write: Descriptor

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        try retrying { bodydock_pipe(&ends, O_CLOEXEC) }
        read = Descriptor(owning: ends[0])
        write = Descriptor(owning: ends[1])
    }

    consuming func intoRead() -> Descriptor { read }
}
