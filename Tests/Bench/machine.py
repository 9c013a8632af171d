"""The machine: what it is, and how fast its OpenSSL is on one core."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from measure import output_of


def facts() -> str:
    """A few lines about what the figures were measured on."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024
    system = os.uname()
    debian = Path("/etc/debian_version")
    versions = [
        ("age", output_of("age", "--version")),
        ("rclone", output_of("rclone", "version")),
        ("restic", output_of("restic", "version")),
        ("aws", output_of("/usr/bin/aws", "--version").removeprefix("aws-cli/")),
        ("curl", output_of("curl", "--version")),
        ("openssl", output_of("openssl", "version")),
        ("coreutils", output_of("sha256sum", "--version")),
    ]
    numbers = [f"{name} {re.search(r'[0-9]+[.][0-9.]+', text)[0]}" for name, text in versions]
    return "\n".join([
        f"machine  {cpu[1] if cpu else system.machine}, {os.cpu_count()} cores, {memory / 1e9:.0f} GB, load {os.getloadavg()[0]:.2f}",
        f"system   Linux {system.release}, Debian {debian.read_text().strip() if debian.exists() else '?'}",
        f"peers    {', '.join(numbers)}",
    ])


def file_system(folder: Path) -> str:
    """The kind of file system that `folder` is on."""
    return output_of("stat", "--file-system", "--format", "%T", folder).strip()


def warm(folder: Path):
    """Brings the files of `folder` into the page cache."""
    buffer = bytearray(1 << 20)
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.readinto(buffer):
                    pass


@dataclass(frozen=True)
class Rates:
    """Bytes per second of CPU time, on one core, in blocks of 64 KiB: an age chunk."""

    sha256: float
    chacha20_poly1305: float

    @property
    def seconds_per_gigabyte(self) -> float:
        """CPU seconds to hash and seal a gigabyte once, and nothing else."""
        return 1e9 / self.sha256 + 1e9 / self.chacha20_poly1305


def measure_rates() -> Rates:
    """What OpenSSL itself says that it reaches."""

    def rate(*arguments: str) -> float:
        said = output_of("openssl", "speed", "-mr", "-bytes", "65536", "-seconds", "1", *arguments)
        return float(re.search(r"^\+F:\d+:[^:]+:([0-9.]+)$", said, re.MULTILINE)[1])

    return Rates(rate("-evp", "sha256"), rate("-aead", "-evp", "chacha20-poly1305"))
