"""Debian's kernel for the guest: fetched as a package, unpacked and not installed."""

import lzma
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from limits import Failed, run

META_PACKAGE = "linux-image-amd64"
# Of 370 MB of drivers a dock without a screen, radio or network card needs a tenth. What is not there is not probed at boot.
LEFT_OUT = """
    kernel/sound kernel/drivers/gpu kernel/drivers/media kernel/drivers/infiniband kernel/drivers/iio kernel/drivers/staging
    kernel/drivers/net/ethernet kernel/drivers/net/wireless kernel/drivers/hwmon kernel/drivers/platform kernel/drivers/mtd
    kernel/drivers/isdn kernel/drivers/crypto kernel/drivers/video kernel/drivers/edac kernel/drivers/comedi kernel/drivers/ata
    kernel/drivers/watchdog kernel/drivers/i2c kernel/drivers/cpufreq kernel/drivers/input/mouse kernel/drivers/input/misc
    kernel/drivers/mfd kernel/drivers/acpi kernel/drivers/firmware kernel/arch/x86/kvm kernel/arch/x86/crypto kernel/net/wireless
""".split()
# In this order, each with what it needs.
FIRST_MODULES = ["virtio_pci", "virtio_blk", "virtio_console", "ext4", "crc32c_generic", "crc32c_intel"]


@dataclass(frozen=True)
class Unpacked:
    """A kernel package, unpacked."""

    folder: Path
    version: str

    @property
    def modules(self) -> Path:
        return self.folder / "lib/modules" / self.version


def fetch(work: Path) -> Unpacked:
    """Downloads the newest kernel package that apt knows and unpacks it below `work`."""
    downloads, folder = work / "downloads", work / "kernel"
    downloads.mkdir()
    try:
        download(downloads)
    except Failed:
        # Package lists that are missing, or name what the mirror has no more.
        run("apt-get", "-q", "update", seconds=300)
        download(downloads)
    run("dpkg-deb", "--extract", next(downloads.glob("*.deb")), folder, seconds=120)
    shutil.rmtree(downloads)
    for name in LEFT_OUT:
        for modules in (folder / "lib/modules").iterdir():
            shutil.rmtree(modules / name, ignore_errors=True)
    version = next((folder / "lib/modules").iterdir()).name
    run("depmod", "--basedir", folder, version)
    return Unpacked(folder, version)


def download(folder: Path):
    """Downloads the package that the meta package needs."""
    shown = run("apt-cache", "show", META_PACKAGE)
    match = re.search(r"^Depends:.*?\b(linux-image-[^ ,]+-amd64)\b", shown, re.MULTILINE)
    if not match:
        raise Failed(f"apt-cache show {META_PACKAGE} names no kernel package: {shown[:500]}")
    # As root without a sandbox user: the folder is not theirs to write to.
    run("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", match[1], seconds=300, cwd=folder)


def make_image(unpacked: Unpacked, image: Path):
    """The kernel without its wrapping: QEMU starts it as it is (PVH), where unwrapping it would take the guest three seconds."""
    packed = (unpacked.folder / "boot" / f"vmlinuz-{unpacked.version}").read_bytes()
    begin = packed.find(b"\xfd7zXZ\0")
    if begin < 0:
        raise Failed(f"the kernel {unpacked.version} is not packed by xz: kernel.py must learn how it is")
    image.write_bytes(lzma.LZMADecompressor().decompress(packed[begin:]))


def install_modules(unpacked: Unpacked, root: Path):
    """Gives the guest its drivers."""
    target = root / "lib/modules" / unpacked.version
    shutil.copytree(unpacked.modules, target, symlinks=True)


def make_initrd(unpacked: Unpacked, init: Path, image: Path):
    """Busybox, the first drivers, and the script that uses both."""
    folder = image.with_suffix(".d")
    for name in ("bin", "dev", "proc", "sys", "root"):
        (folder / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", folder / "bin/busybox")
    shutil.copy(init, folder / "init")
    depends = dict(line.split(":", 1) for line in (unpacked.modules / "modules.dep").read_text().splitlines())
    paths = {Path(path).stem.replace("-", "_"): path for path in depends}
    target = folder / "lib/modules" / unpacked.version
    for name in FIRST_MODULES:
        if name not in paths:
            continue  # built in
        for path in [paths[name], *depends[paths[name]].split()]:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(unpacked.modules / path, target / path)
    for name in ("modules.builtin", "modules.order", "modules.builtin.modinfo"):
        shutil.copy(unpacked.modules / name, target / name)
    run("depmod", "--basedir", folder, unpacked.version)
    names = "\n".join(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    archive = image.with_suffix(".cpio")
    run("cpio", "--quiet", "--create", "--format=newc", "--owner=0:0", "--file", archive, input=names.encode(), cwd=folder)
    shutil.rmtree(folder)
    # Not compressed: unpacking takes the guest longer than reading.
    archive.rename(image)
