#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/usbdevice_fs.h>
#include <malloc.h>
#include <scsi/sg.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <sys/timex.h>

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
/// malloc_trim(3): memory that was freed goes back to the kernel.
static inline void bodydock_return_memory(void) {
    malloc_trim(0);
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

// Mounts and block devices. <linux/fs.h> has these numbers too, but cannot be read beside <sys/mount.h> in Debian 12.

/// unshare(2) with CLONE_NEWNS: a mount namespace for the calling thread, and for those that it starts from now on.
static inline int bodydock_unshare_mounts(void) {
    return (int)syscall(SYS_unshare, 0x00020000);
}
/// BLKDISCARD: `count` bytes from `offset` are not needed any more.
static inline int bodydock_block_discard(int fd, uint64_t offset, uint64_t count) {
    uint64_t range[2] = {offset, count};
    return ioctl(fd, _IO(0x12, 119), range);
}
/// BLKGETSIZE64: size in bytes.
static inline int bodydock_block_size(int fd, uint64_t *bytes) {
    return ioctl(fd, _IOR(0x12, 114, size_t), bytes);
}
/// BLKSSZGET: bytes of a logical block.
static inline int bodydock_block_logical(int fd, int *bytes) {
    return ioctl(fd, _IO(0x12, 104), bytes);
}
/// BLKROGET: whether the kernel refuses writes.
static inline int bodydock_block_is_read_only(int fd, int *answer) {
    return ioctl(fd, _IO(0x12, 94), answer);
}
/// BLKROSET: the kernel refuses writes from now on (1), or no longer does (0).
static inline int bodydock_block_set_read_only(int fd, int wanted) {
    return ioctl(fd, _IO(0x12, 93), &wanted);
}
/// BLKFLSBUF: writes what the page cache has of the device, and forgets it.
static inline int bodydock_block_drop_cache(int fd) {
    return ioctl(fd, _IO(0x12, 97), 0);
}
/// BLKGETDISKSEQ (since Linux 5.15): the number of this appearance of the disk with this medium.
static inline int bodydock_block_sequence(int fd, uint64_t *sequence) {
    return ioctl(fd, _IOR(0x12, 128, uint64_t), sequence);
}
/// SG_IO with INQUIRY for a page of vital product data (SPC-4, 6.6): up to `count` bytes of it.
/// Returns how many came, or -1 with errno; EREMOTEIO if the device answers with an error.
static inline int bodydock_vital_product_data(int fd, uint8_t page, uint8_t *bytes, uint8_t count) {
    uint8_t command[6] = {0x12, 1, page, 0, count, 0};
    uint8_t sense[32] = {0};
    struct sg_io_hdr request = {
        .interface_id = 'S',
        .dxfer_direction = SG_DXFER_FROM_DEV,
        .cmd_len = sizeof command,
        .cmdp = command,
        .mx_sb_len = sizeof sense,
        .sbp = sense,
        .dxfer_len = count,
        .dxferp = bytes,
        .timeout = 10000,
    };
    if (ioctl(fd, SG_IO, &request) < 0) return -1;
    if (request.status != 0 || request.host_status != 0 || (request.driver_status & 0x0f) != 0) {
        errno = EREMOTEIO;
        return -1;
    }
    return request.resid < 0 || request.resid > count ? 0 : count - request.resid;
}
/// ioctl(2) with SG_IO: one SCSI command.
static inline int bodydock_scsi_command(int fd, struct sg_io_hdr *request) {
    return ioctl(fd, SG_IO, request);
}
/// eventfd(2) that never blocks and does not outlive exec.
static inline int bodydock_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}
/// accept4(2) with SOCK_CLOEXEC.
static inline int bodydock_accept(int fd) {
    return (int)syscall(SYS_accept4, fd, (void *)0, (void *)0, SOCK_CLOEXEC);
}
/// ioctl(2) with USBDEVFS_CONTROL: one request to a USB device. Returns how many bytes came.
static inline int bodydock_usb_request(int fd, struct usbdevfs_ctrltransfer *request) {
    return ioctl(fd, USBDEVFS_CONTROL, request);
}

// adjtimex(2): the largest error of the clock in microseconds, as the kernel reckons it; -1 if nothing disciplines the clock.
static inline long bodydock_clock_error(void) {
    struct timex state = {.modes = 0};
    int status = adjtimex(&state);
    return status < 0 || (state.status & STA_UNSYNC) ? -1 : state.maxerror;
}
