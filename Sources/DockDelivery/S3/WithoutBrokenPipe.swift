import Glibc

/// Keeps a SIGPIPE of a closed connection from ending the process: OpenSSL writes with write(2), and libcurl does not
/// shield it where signals are turned off. Only the calling thread is touched, so that pipes elsewhere behave as ever.
enum WithoutBrokenPipe {
    static func call<Value>(_ body: () -> Value) -> Value {
        var pipe = sigset_t()
        var before = sigset_t()
        var pending = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        let value = body()
        if !wasPending {
            var now = timespec()
            while sigtimedwait(&pipe, nil, &now) == -1, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return value
    }
}
