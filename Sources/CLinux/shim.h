#pragma once
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// System calls with variable arguments, and those that the C library only declares for GNU sources, which Swift's import of it is not.

/// renameat2(2); flags: 1 = RENAME_NOREPLACE.
static inline int bodydock_renameat2(int from, const char *old_name, int to, const char *new_name, unsigned int flags) {
    return (int)syscall(SYS_renameat2, from, old_name, to, new_name, flags);
}
/// sync_file_range(2).
static inline int bodydock_sync_file_range(int fd, int64_t offset, int64_t count, unsigned int flags) {
    return (int)syscall(SYS_sync_file_range, fd, offset, count, flags);
}
/// syncfs(2).
static inline int bodydock_syncfs(int fd) {
    return (int)syscall(SYS_syncfs, fd);
}
/// prctl(2) with PR_SET_DUMPABLE, 0.
static inline int bodydock_set_not_dumpable(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
