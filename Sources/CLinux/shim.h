#pragma once
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/usbdevice_fs.h>
#include <scsi/sg.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
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
/// openat2(2) that stays below `folder`: no `..` out of it, no symbolic or magic link anywhere on the way, no other mount.
static inline int bodydock_open_beneath(int folder, const char *path, int flags) {
    struct open_how how = {
        .flags = (uint64_t)(uint32_t)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}
/// The `f_type` of fstatfs(2), or -1 with errno.
static inline int64_t bodydock_file_system_type(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) == 0 ? (int64_t)(uint32_t)status.f_type : -1;
}
/// open(2) flags whose values differ between processors.
static const int bodydock_O_DIRECT = __O_DIRECT;
static const int bodydock_O_PATH = __O_PATH;
/// pipe2(2).
static inline int bodydock_pipe(int ends[2], int flags) {
    return (int)syscall(SYS_pipe2, ends, flags);
}
/// pidfd_open(2): a descriptor that becomes readable when the process has ended.
static inline int bodydock_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
/// posix_spawn_file_actions_addclosefrom_np(3): the child closes `from` and everything above.
static inline int bodydock_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
/// ioctl(2) with SG_IO: one SCSI command.
static inline int bodydock_scsi_command(int fd, struct sg_io_hdr *request) {
    return ioctl(fd, SG_IO, request);
}
/// ioctl(2) with USBDEVFS_CONTROL: one request to a USB device. Returns how many bytes came.
static inline int bodydock_usb_request(int fd, struct usbdevfs_ctrltransfer *request) {
    return ioctl(fd, USBDEVFS_CONTROL, request);
}
