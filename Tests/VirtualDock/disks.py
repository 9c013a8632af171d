"""Images of camera disks: a file system with the content of a folder, on a partition or on the bare disk."""

import mmap
import shutil
import struct
import tempfile
from collections import Counter
from pathlib import Path

from hashing import sha256_of
from limits import Failed, run
from places import PROGRAM

MEBIBYTE = 1 << 20
PARTITION_START = MEBIBYTE
SECTOR = 512
PARTITION_TYPES = {"vfat": 0x0C, "exfat": 0x07, "ext4": 0x83}
# FAT32 and exFAT have sizes below which they are something else or waste space.
LEAST = 64 * MEBIBYTE


def make_camera(folder: Path, *options) -> Path:
    """The content of a camera's disk, made by `bodydock camera make`."""
    run(PROGRAM, "camera", "make", folder, *options, seconds=120)
    return folder


def hashes_of(folder: Path, below: str = ".") -> Counter:
    """SHA-256 of all files below `folder/below`, as often as they are there."""
    return Counter(sha256_of(path) for path in (folder / below).rglob("*") if path.is_file())


def make_disk(
    image: Path,
    content: Path | None,
    kind: str = "vfat",
    partitioned: bool = True,
    size: int | None = None,
    label: str = "BODYCAM",
    volume_id: str = "B0D1-D0C0",
    dirty: bool = False,
) -> Path:
    """Makes `image` with `content` in it; times of files are kept as exactly as the file system can.

    `size` is that of the file system, by default twice the content. `dirty` leaves a vfat as after a pulled plug."""
    if kind not in PARTITION_TYPES:
        raise Failed(f"no camera has {kind}: one of {', '.join(PARTITION_TYPES)}")
    if dirty and kind != "vfat":
        raise Failed(f"only a vfat can be made dirty here, not {kind}")
    size = -(-(size or max(LEAST, 2 * bytes_in(content))) // MEBIBYTE) * MEBIBYTE
    with tempfile.TemporaryDirectory(dir=image.parent) as name:
        volume = Path(name) / "volume"
        with volume.open("wb") as file:
            file.truncate(size)
        {"vfat": fill_vfat, "exfat": fill_exfat, "ext4": fill_ext4}[kind](volume, content, label, volume_id)
        if dirty:
            make_dirty(volume)
        if not partitioned:
            shutil.move(volume, image)
            return image
        with image.open("wb") as file:
            file.truncate(PARTITION_START + size)
            file.write(partition_table(PARTITION_TYPES[kind], size, int(volume_id.replace("-", ""), 16)))
        # dd keeps the holes.
        run("dd", f"if={volume}", f"of={image}", "bs=1M", f"seek={PARTITION_START // MEBIBYTE}", "conv=notrunc,sparse", seconds=120)
    return image


def partition_table(kind: int, size: int, disk_id: int) -> bytes:
    """A master boot record with one partition. Cylinders and heads are marked as out of range: only sectors count."""
    outside = b"\xfe\xff\xff"
    entry = b"\0" + outside + bytes([kind]) + outside + struct.pack("<II", PARTITION_START // SECTOR, size // SECTOR)
    return bytes(440) + struct.pack("<IH", disk_id, 0) + entry + bytes(48) + b"\x55\xaa"


def fill_vfat(volume: Path, content: Path | None, label: str, volume_id: str):
    """FAT32, written by mtools. Times are in UTC, in steps of two seconds, as far as FAT can."""
    run("mkfs.vfat", "-F", "32", "-n", label, "-i", volume_id.replace("-", ""), volume)
    if content and any(content.iterdir()):
        entries = sorted(content.iterdir())
        run("mcopy", "-i", volume, "-s", "-m", "-Q", *entries, "::/", env={"MTOOLS_SKIP_CHECK": "1"}, seconds=300)


def fill_exfat(volume: Path, content: Path | None, label: str, volume_id: str):
    """exFAT, written through FUSE: this kernel may have no driver of its own."""
    run("mkfs.exfat", "-L", label, volume)
    run("tune.exfat", "-I", f"0x{volume_id.replace('-', '')}", volume)
    if not content:
        return
    # It takes block devices only. Its umount waits until all is written.
    device = run("losetup", "--find", "--show", volume).strip()
    try:
        with tempfile.TemporaryDirectory() as name:
            run("mount.exfat-fuse", device, name)
            try:
                run("cp", "-r", "--preserve=timestamps", f"{content}/.", name, seconds=300)
            finally:
                run("umount", name)
    finally:
        run("losetup", "--detach", device)


def fill_ext4(volume: Path, content: Path | None, label: str, volume_id: str):
    """ext4, as some recorders have inside."""
    folder = ["-d", content] if content else []
    run("mkfs.ext4", "-q", "-F", "-L", label, "-E", "lazy_itable_init=1,root_owner=0:0", *folder, volume, seconds=120)


def make_dirty(volume: Path):
    """Sets the marks of a FAT32 that was not unmounted: the bit in its boot sector (and its copy) and the one in its FATs."""
    with volume.open("r+b") as file:
        boot = file.read(SECTOR)
        reserved, fats, fat_sectors = int.from_bytes(boot[14:16], "little"), boot[16], int.from_bytes(boot[36:40], "little")
        for sector in (0, int.from_bytes(boot[50:52], "little")):
            file.seek(sector * SECTOR + 0x41)
            file.write(bytes([boot[0x41] | 1]))
        for number in range(fats):
            entry = (reserved + number * fat_sectors) * SECTOR + 4
            file.seek(entry)
            value = int.from_bytes(file.read(4), "little") & ~0x0800_0000
            file.seek(entry)
            file.write(value.to_bytes(4, "little"))


def sector_of(image: Path, file: Path, offset: int = 0) -> int:
    """The sector of `image` that holds the bytes of `file` at `offset`: for faults in the middle of footage.

    Found by content, which works for every file system; the bytes must not occur elsewhere."""
    with file.open("rb") as stream:
        stream.seek(offset - offset % SECTOR)
        needle = stream.read(SECTOR)
    with image.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as bytes_:
        place = bytes_.find(needle)
        if place < 0 or place % SECTOR or bytes_.find(needle, place + 1) >= 0:
            raise Failed(f"{file.name}: its bytes at {offset} are not in exactly one sector of {image.name}")
    return place // SECTOR


def bytes_in(content: Path | None) -> int:
    """What the files of a folder need, roughly."""
    if not content:
        return 0
    return sum(path.lstat().st_size + 4096 for path in content.rglob("*"))
