"""Who is measured on the way into a bucket: Bodydock, its peers, and curl with files that are ready."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import options
from contenders import FOOTAGE, PEERS, FileSet, Job
from measure import Failed, output_of
from sink import ACCESS_KEY, REGION, SECRET_KEY, Seen, Sink

CONNECTIONS = 4
# What somebody has set for another service must not get in the way: no proxy, no own authority.
ENVIRONMENT = {
    "HOME": os.environ.get("HOME", "/root"),
    "PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "AWS_ACCESS_KEY_ID": ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class Service:
    """An S3 service, and from where it is reached."""

    url: str
    title: str
    sink: Sink | None = None
    inside: tuple[str, ...] = ()
    """What a client's command begins with (a network namespace)."""
    bucket: str = "bench"
    number: int = 0

    def renew(self):
        """An empty bucket, and nothing counted."""
        if self.sink:
            return self.sink.reset()
        self.number += 1
        self.bucket = f"bench-{self.number}"
        self.aws("s3", "mb", f"s3://{self.bucket}")

    def aws(self, *words) -> str:
        return output_of("aws", "--endpoint-url", self.url, *words, environment=ENVIRONMENT)

    def seen(self, least: int) -> Seen | None:
        """What arrived; fails unless that are at least so many bytes: a fast run that did nothing is not a result."""
        seen = self.sink.seen() if self.sink else None
        arrived = seen.bytes if seen else self._stored()
        if arrived < least:
            raise Failed(f"{arrived} bytes were uploaded of {least}")
        return seen

    def _stored(self) -> int:
        listing = self.aws("s3", "ls", "--recursive", f"s3://{self.bucket}")
        return sum(int(line.split()[2]) for line in listing.splitlines() if line)


@dataclass(frozen=True)
class Uploader:
    """A way to do the job: `prepare` is not measured, the command that `command` names is. Where every file costs the tool as much
    as the one before and very long, `sample` files are measured and the rest is reckoned."""

    name: str
    prepare: Callable[[Job, Service], None]
    command: Callable[[Job, Service], list]
    sample: int | None = None

    def share(self, files: FileSet) -> float:
        """Which part of the files is measured."""
        return min(1.0, self.sample / files.count) if self.sample else 1.0


def ready(job: Job) -> Path:
    """Where the floor's files are."""
    return job.camera.with_name("ready")


def configure_bodydock(job: Job, service: Service, extra: str = ""):
    """A configuration, and a state without past, in `job.out`."""
    (job.out / "state").mkdir()
    credentials = job.out / "credentials"
    credentials.touch(0o600)
    credentials.write_text(f"access_key_id = {ACCESS_KEY}\nsecret_access_key = {SECRET_KEY}\n")
    (job.out / "bodydock.yaml").write_text(
        f"dock:\n  name: bench\nstate: {job.out}/state\nsealing:\n  recipients: [{job.recipient}]\nvaults:\n"
        f"  - name: cloud\n    type: s3\n    endpoint: {service.url}\n    bucket: {service.bucket}\n"
        f"    credentials: {credentials}\n    connections: {CONNECTIONS}\n{extra}"
    )


def bodydock_command(job: Job, _: Service) -> list:
    return [job.program, "offload", "--config", job.out / "bodydock.yaml", "--keep", job.camera]


def prepare_rclone(job: Job, service: Service):
    (job.out / "rclone.conf").write_text(
        f"[s3]\ntype = s3\nprovider = Other\nendpoint = {service.url}\nregion = {REGION}\n"
        f"access_key_id = {ACCESS_KEY}\nsecret_access_key = {SECRET_KEY}\n"
        f"[vault]\ntype = crypt\nremote = s3:{service.bucket}\npassword = {output_of('rclone', 'obscure', 'bench').strip()}\n"
    )


def repository(service: Service) -> str:
    return f"s3:{service.url}/{service.bucket}"


def prepare_restic(job: Job, service: Service):
    (job.out / "password").write_text("bench\n")
    words = ["init", "--quiet", "--no-cache", "--repo", repository(service), "--password-file", job.out / "password"]
    output_of(*service.inside, "restic", *words, environment=ENVIRONMENT)


def prepare_aws(job: Job, _: Service):
    lines = job.sums.read_text().splitlines(keepends=True)
    (job.out / "SUMS").write_text("".join(lines[:AGE_AWS.sample]))


def prepare_floor(job: Job, service: Service):
    """One list for each connection, with the files in turn."""
    options = ""
    if not service.sink:
        options = f'aws-sigv4 = "aws:amz:{REGION}:s3"\nuser = "{ACCESS_KEY}:{SECRET_KEY}"\nheader = "x-amz-content-sha256: UNSIGNED-PAYLOAD"\n'
    files = sorted(ready(job).iterdir())
    for number in range(min(CONNECTIONS, len(files))):
        pairs = "".join(f'upload-file = "{file}"\nurl = "{service.url}/{service.bucket}/{file.name}"\n' for file in files[number::CONNECTIONS])
        (job.out / f"{number}.curl").write_text(options + pairs)


BODYDOCK = Uploader("bodydock", configure_bodydock, bodydock_command)
RCLONE = Uploader(
    "(a) openssl dgst, then rclone crypt",
    prepare_rclone,
    lambda job, _: [PEERS, "s3-rclone", job.camera, job.sums, FOOTAGE, job.out / "rclone.conf"],
)
RESTIC = Uploader(
    "(b) restic backup",
    prepare_restic,
    lambda job, service: [PEERS, "s3-restic", job.camera, FOOTAGE, repository(service), job.out / "password"],
)
AGE_AWS = Uploader(
    "(c) openssl dgst, age | aws s3 cp",
    prepare_aws,
    lambda job, service: [PEERS, "s3-age-aws", job.camera, job.out / "SUMS", job.recipient, service.url, service.bucket],
    sample=2 if options.QUICK else 8,
)
FLOOR = Uploader("ready files (curl), the floor", prepare_floor, lambda job, _: [PEERS, "s3-floor", job.out])
ALL = [BODYDOCK, RCLONE, RESTIC, AGE_AWS, FLOOR]


def make_ready(job: Job):
    """Seals the files for the floor, not measured."""
    ready(job).mkdir()
    output_of(PEERS, "pipeline", job.camera, job.sums, ready(job), job.recipient)


def check_uploaded(job: Job, service: Service, check_sealed: Callable[[Job], None]):
    """Fails unless stock age opens what Bodydock uploaded as what the camera holds. For a service that keeps objects."""
    service.aws("s3", "cp", "--only-show-errors", "--recursive", f"s3://{service.bucket}", str(job.delivered))
    check_sealed(job)
    subprocess.run(["rm", "-rf", job.delivered], check=True)
