"""The guest's base: a Debian 12 root image, its kernel and a small initrd. Built once, and again when the recipe changes."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import kernel
from limits import Failed, run
from places import CACHE, HERE

GUEST = HERE / "guest"
MIRROR = os.environ.get("VIRTUAL_DOCK_MIRROR", "http://deb.debian.org/debian")
SUITE = "bookworm"
PACKAGES = {
    "the system": "systemd-sysv udev kmod util-linux mount iproute2 procps",
    "file systems": "dosfstools exfatprogs e2fsprogs dmsetup",
    "what the program links with": "libssl3 libcurl4 libudev1 libsqlite3-0 libstdc++6 ca-certificates",
    "looking and meddling": "usbutils uhubctl sg3-utils strace age umockdev",
    "agent.py and other helpers": "python3",
}
# Nobody looks at these, and each costs time at boot.
MASKED = """
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
    getty.target getty@tty1.service serial-getty@ttyS0.service systemd-ask-password-wall.path systemd-ask-password-console.path
    systemd-firstboot.service systemd-hwdb-update.service systemd-journal-catalog-update.service systemd-machine-id-commit.service
    systemd-network-generator.service systemd-pstore.service systemd-random-seed.service systemd-update-done.service
    systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-boot-system-token.service ldconfig.service
    systemd-logind.service systemd-user-sessions.service dev-hugepages.mount dev-mqueue.mount sys-kernel-tracing.mount
    systemd-journal-flush.service systemd-rfkill.socket systemd-initctl.socket
    systemd-binfmt.service proc-sys-fs-binfmt_misc.automount
""".split()
UNWANTED = "usr/share/doc usr/share/man usr/share/locale usr/share/info var/lib/apt/lists var/cache/apt var/cache/debconf".split()


@dataclass(frozen=True)
class Base:
    """What QEMU boots."""

    root: Path
    kernel: Path
    initrd: Path


def base() -> Base:
    """The cached base; builds it if this recipe has not been built yet."""
    folder = CACHE / f"base-{recipe()}"
    with only_one("base"):
        if not folder.exists():
            if os.geteuid() != 0:
                raise Failed("the virtual dock's image can only be built by root (debootstrap)")
            for old in CACHE.glob("base-*"):
                shutil.rmtree(old)
            build(folder)
    return Base(folder / "root.img", folder / "vmlinux", folder / "initrd.img")


def recipe() -> str:
    """A hash of everything that decides what the base holds."""
    digest = hashlib.sha256(f"{MIRROR} {SUITE}".encode())
    for path in [Path(__file__), Path(kernel.__file__), *sorted(GUEST.iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def only_one(what: str) -> Iterator[None]:
    """Two runs at a time build once: the second waits."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(folder: Path):
    """Makes the base beside its place and moves it there when all of it is done."""
    for stale in CACHE.glob("building-*"):
        shutil.rmtree(stale)
    work = Path(tempfile.mkdtemp(prefix="building-", dir=CACHE))
    root = work / "root"
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(kernel.fetch, work)
        bootstrap(root)
        unpacked = fetched.result()
    kernel.install_modules(unpacked, root)
    kernel.make_initrd(unpacked, GUEST / "init", work / "initrd.img")
    kernel.make_image(unpacked, work / "vmlinux")
    shutil.rmtree(unpacked.folder)
    furnish(root)
    make_file_system(root, work / "root.img")
    shutil.rmtree(root)
    work.chmod(0o755)
    work.rename(folder)


def bootstrap(root: Path):
    """Debian's minimal system and the packages above."""
    debs = CACHE / "debs"
    debs.mkdir(exist_ok=True)
    wanted = ",".join(" ".join(PACKAGES.values()).split())
    run(
        *("debootstrap", "--variant=minbase", f"--cache-dir={debs}", f"--include={wanted}", SUITE, root, MIRROR),
        seconds=600,
    )


def furnish(root: Path):
    """What makes Debian a dock: mounts, the agent, no waiting for anything."""
    for name in UNWANTED:
        shutil.rmtree(root / name, ignore_errors=True)
    files = {
        "etc/hostname": "virtual-dock\n",
        "etc/hosts": "127.0.0.1 localhost virtual-dock\n",
        # A fixed id: an empty one makes systemd take each boot for the first.
        "etc/machine-id": "b0d1d0c0b0d1d0c0b0d1d0c0b0d1d0c0\n",
        "etc/fstab": (GUEST / "fstab").read_text(),
        "etc/systemd/system/virtual-dock-agent.service": (GUEST / "agent.service").read_text(),
        "etc/systemd/journald.conf.d/virtual-dock.conf": "[Journal]\nStorage=volatile\nForwardToConsole=yes\n"
        "MaxLevelConsole=warning\n",
        # An installation is unpacked before boot, by nothing that would mark /usr as changed.
        "etc/systemd/system/systemd-sysusers.service.d/virtual-dock.conf": "[Unit]\nConditionNeedsUpdate=\n",
        # What hangs on purpose must not hold up an orderly stop.
        "etc/systemd/system.conf.d/virtual-dock.conf": "[Manager]\nDefaultTimeoutStopSec=20s\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(GUEST / "agent.py", root / "usr/local/lib/virtual-dock-agent.py")
    units = root / "etc/systemd/system"
    wants = units / "sysinit.target.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (wants / "virtual-dock-agent.service").symlink_to("../virtual-dock-agent.service")
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    for folder in ("state", "srv/evidence", "var/lib/bodydock"):
        (root / folder).mkdir(parents=True, exist_ok=True)


def make_file_system(root: Path, image: Path):
    """The folder as an ext4 image with room for what a test adds. It is sparse: room costs nothing."""
    for path in (root / "dev").iterdir():
        # What debootstrap made; the kernel makes its own.
        if not path.is_dir() and not stat.S_ISLNK(path.lstat().st_mode):
            path.unlink()
    with image.open("wb") as file:
        file.truncate(3 << 30)
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", "-L", "root", "-d", root, image, seconds=120)
