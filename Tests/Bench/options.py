"""What the environment says (the docstring of bench.py lists it)."""

import os

from contenders import FileSet, file_set

QUICK = os.environ.get("BENCH_QUICK") == "1"
SECTIONS = ("local", "scale", "upload", "ceph", "uplink", "slow", "limit", "ledger")


def _list(name: str, default: str) -> list[str]:
    return [word for word in os.environ.get(name, default).split(",") if word]


def _sets(name: str, default: str) -> list[FileSet]:
    return [file_set(name, text) for text in _list(name, default)]


WANTED = _list("BENCH_SECTIONS", ",".join(SECTIONS))
RUNS = int(os.environ.get("BENCH_RUNS", "1" if QUICK else "3"))
SETS = _sets("BENCH_SETS", "4x8MiB,40x64KiB" if QUICK else "8x256MiB,2000x1MiB")
MEDIA = _list("BENCH_MEDIA", "tmpfs,disk")
SCALE = [int(word) for word in _list("BENCH_SCALE", "20,200" if QUICK else "1000,100000")]
UPLOAD_SETS = _sets("BENCH_UPLOAD_SETS", "4x8MiB,40x64KiB" if QUICK else "8x256MiB,2000x1MiB")
CEPH_SETS = _sets("BENCH_CEPH_SETS", "10x64KiB" if QUICK else "2x256MiB,200x1MiB")
UPLINK_SETS = _sets("BENCH_UPLINK_SETS", "4x1MiB" if QUICK else "4x256MiB,500x1MiB")
SLOW_SETS = _sets("BENCH_SLOW_SETS", "4x64KiB" if QUICK else "4x4MiB,16x1MiB")
LEDGER_SEGMENTS = int(os.environ.get("BENCH_LEDGER_SEGMENTS", "200" if QUICK else "100000"))
FOLDERS = {"tmpfs": "/dev/shm", "disk": os.environ.get("BENCH_DISK", "/var/tmp")}
