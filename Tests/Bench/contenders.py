"""What is measured: Bodydock and its peers, each doing the same job on the same files."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from measure import Failed, output_of

PEERS = Path(__file__).with_name("peers.sh")
FOOTAGE = "DCIM"
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


@dataclass(frozen=True)
class FileSet:
    """Files of one size on a camera."""

    count: int
    size: int
    title: str

    @property
    def gigabytes(self) -> float:
        return self.count * self.size / 1e9


def file_set(variable: str, text: str) -> FileSet:
    """Reads `8x256MiB`, which stands in an environment variable."""
    match = re.fullmatch(r"(\d+)x(\d+)(KiB|MiB|GiB)", text)
    if not match:
        raise SystemExit(f"bench: {variable}: {text}: write a set as 8x256MiB")
    return FileSet(int(match[1]), int(match[2]) * UNITS[match[3]], f"{int(match[1]):,} × {match[2]} {match[3]}")


@dataclass(frozen=True)
class Job:
    """The files, and an empty folder for whatever a contender writes."""

    program: Path
    files: FileSet
    camera: Path
    sums: Path
    out: Path
    keys: Path

    @property
    def recipient(self) -> str:
        return output_of("age-keygen", "-y", self.keys).strip()

    @property
    def delivered(self) -> Path:
        """Where sealed copies end up."""
        return self.out / "vault"


@dataclass(frozen=True)
class Contender:
    """A way to do the job: `prepare` is not measured, the command that `command` names is."""

    name: str
    prepare: Callable[[Job], None]
    command: Callable[[Job], list]


def bodydock(confirm: str) -> Contender:
    def prepare(job: Job):
        (job.out / "state").mkdir()
        (job.out / "bodydock.yaml").write_text(
            f"dock:\n  name: bench\nstate: {job.out}/state\nsealing:\n  recipients: [{job.recipient}]\n"
            f"vaults:\n  - name: archive\n    type: directory\n    path: {job.delivered}\n    confirm: {confirm}\n"
        )

    def command(job: Job):
        return [job.program, "offload", "--config", job.out / "bodydock.yaml", "--keep", job.camera]

    return Contender(f"bodydock, confirm: {confirm}", prepare, command)


def prepare_rclone(job: Job):
    (job.out / "rclone.conf").write_text(
        f"[vault]\ntype = crypt\nremote = {job.delivered}\npassword = {output_of('rclone', 'obscure', 'bench').strip()}\n"
    )


def prepare_restic(job: Job):
    (job.out / "password").write_text("bench\n")
    output_of("restic", "init", "--quiet", "--no-cache", "--repo", job.delivered, "--password-file", job.out / "password")


def nothing(job: Job):
    """The folder is enough."""


BODYDOCK = bodydock("head")
COPY = Contender("one copy (cp), for the floor", nothing, lambda job: [PEERS, "copy", job.camera, FOOTAGE, job.delivered])
SUMS_AGE = Contender(
    "(a) sha256sum -c, then age",
    nothing,
    lambda job: [PEERS, "sums-age", job.camera, job.sums, job.delivered, job.recipient],
)
SUMS_RCLONE = Contender(
    "(b) sha256sum -c, then rclone crypt",
    prepare_rclone,
    lambda job: [PEERS, "sums-rclone", job.camera, job.sums, FOOTAGE, job.out / "rclone.conf"],
)
RESTIC = Contender(
    "(c) restic backup",
    prepare_restic,
    lambda job: [PEERS, "restic", job.camera, FOOTAGE, job.delivered, job.out / "password"],
)
PIPELINE = Contender(
    "(d) openssl dgst and age, two at once",
    nothing,
    lambda job: [PEERS, "pipeline", job.camera, job.sums, job.delivered, job.recipient],
)
ALL = [BODYDOCK, bodydock("readback"), SUMS_AGE, SUMS_RCLONE, RESTIC, PIPELINE, COPY]


def make_camera(program: Path, files: FileSet, folder: Path) -> tuple[Path, Path]:
    """Makes a camera and returns it with the sums of its footage, as sha256sum writes them."""
    camera, sums = folder / "camera", folder / "SUMS"
    shape = ["--recordings", files.count, "--segments", 1, "--bytes", f"{files.size} B"]
    output_of(program, "camera", "make", camera, "--profile", "bodydock", *shape)
    footage = sorted(str(path.relative_to(camera)) for path in (camera / FOOTAGE).rglob("*") if path.is_file())
    sizes = {(camera / name).stat().st_size for name in footage}
    # Some peers write all copies into one folder.
    if len({Path(name).name for name in footage}) != files.count or sizes != {files.size}:
        raise Failed(f"the camera has {len(footage)} files of {sizes} bytes, not {files.count} of {files.size} by as many names")
    with sums.open("wb") as output:
        names = "\0".join(footage).encode()
        subprocess.run(["xargs", "-0", "sha256sum"], input=names, stdout=output, cwd=camera, check=True)
    return camera, sums


def new_job(program: Path, files: FileSet, folder: Path, keys: Path) -> Job:
    """A camera in `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    camera, sums = make_camera(program, files, folder)
    return Job(program, files, camera, sums, folder / "out", keys)


def check_delivery(job: Job):
    """Fails unless at least the bytes of the files are where they must be: a fast run that did nothing is not a result."""
    arrived = sum(path.stat().st_size for path in job.delivered.rglob("*") if path.is_file())
    if arrived < job.files.count * job.files.size:
        raise Failed(f"{arrived} bytes were delivered of {job.files.count * job.files.size}")


def check_sealed(job: Job):
    """Fails unless stock age opens, among what was delivered, every file that the sums name."""
    opened = set()
    for sealed in job.delivered.rglob("*.age"):
        plain = subprocess.run(["age", "-d", "-i", job.keys, sealed], check=True, stdout=subprocess.PIPE).stdout
        opened.add(subprocess.run(["sha256sum"], input=plain, check=True, stdout=subprocess.PIPE).stdout[:64].decode())
    lost = {line[:64] for line in job.sums.read_text().splitlines()} - opened
    if lost:
        raise Failed(f"{len(lost)} of the delivered files do not open as what the camera holds")
