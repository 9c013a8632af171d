#!/usr/bin/python3
"""Serves a folder as a camera with faults, through a real FUSE file system (Debian: python3-fusepy, libfuse2).

usage: faulty_camera.py FOLDER MOUNTPOINT [--unreadable FIRST:BEHIND] [--pulled-once FILE]

--unreadable    reads that touch these bytes of any file fail with EIO, as over a bad sector
--pulled-once   as soon as FILE exists, the mount behaves like a vfat whose plug was pulled: reads fail with EIO, folders
                list as empty without an error, known names still answer stat, statvfs fails with EIO

The mount ends with umount; killing the process leaves it dead (ENOTCONN).
"""
import argparse
import errno
import os

from fusepy import FUSE, FuseOSError, Operations


class FaultyCamera(Operations):
    def __init__(self, folder, unreadable, pulled):
        self.folder = folder
        self.unreadable = unreadable
        self.pulled = pulled

    def is_pulled(self):
        return self.pulled is not None and os.path.exists(self.pulled)

    def getattr(self, path, handle=None):
        try:
            status = os.lstat(self.folder + path)
        except OSError as error:
            raise FuseOSError(error.errno)
        keys = ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_mtime", "st_atime", "st_ctime")
        return {key: getattr(status, key) for key in keys}

    def readdir(self, path, handle):
        return [".", ".."] + ([] if self.is_pulled() else os.listdir(self.folder + path))

    def open(self, path, flags):
        return os.open(self.folder + path, os.O_RDONLY)

    def release(self, path, handle):
        os.close(handle)

    def read(self, path, size, offset, handle):
        first, behind = self.unreadable
        if self.is_pulled() or (offset < behind and offset + size > first):
            raise FuseOSError(errno.EIO)
        return os.pread(handle, size, offset)

    def statfs(self, path):
        if self.is_pulled():
            raise FuseOSError(errno.EIO)
        status = os.statvfs(self.folder)
        keys = ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_namemax")
        return {key: getattr(status, key) for key in keys}


def span(text):
    first, behind = text.split(":")
    return int(first), int(behind)


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("mountpoint")
parser.add_argument("--unreadable", type=span, default=(0, 0))
parser.add_argument("--pulled-once")
options = parser.parse_args()
FUSE(
    FaultyCamera(options.folder, options.unreadable, options.pulled_once), options.mountpoint,
    foreground=True, nothreads=True, fsname="faulty-camera",
)
