"""A real S3 service on this machine, Ceph's gateway, and what it says of what it holds: asked by curl, not by Bodydock."""

import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as xml
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hashing import sha256_of
from limits import PATIENCE, Failed, run, tail
from places import PROGRAM, RIGS
from records import is_record

ACCESS_KEY, SECRET_KEY = "labkey", "labsecretlabsecret"
# Where Bodydock tries out what a bucket does.
SCRATCH = "/.bodydock-probe/"


@dataclass(frozen=True)
class Version:
    """One version of an object."""

    key: str
    id: str
    size: int


@dataclass(frozen=True)
class Lock:
    """The retention of a version; `until` as the service writes it."""

    mode: str
    until: str


class Store:
    """Ceph's gateway with one bucket. It starts while the caller goes on; `wait` until it is there."""

    def __init__(self, folder: Path, certificate: Path, bucket: str):
        self.folder, self.bucket = folder, bucket
        self.address, self.tls_port = "", 0
        self.starting = subprocess.Popen(
            [RIGS / "ceph-up.sh", folder, str(os.getpid()), certificate],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> "Store":
        """Waits until it answers, and makes its bucket, with Object Lock."""
        try:
            said, _ = self.starting.communicate(timeout=90 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.starting.kill()
            raise Failed("Ceph's gateway has not started in time") from None
        found = re.search(rb"^https://127\.0\.0\.1:(\d+)\n(http://\S+)\s*\Z", said, re.MULTILINE)
        if self.starting.returncode != 0 or not found:
            raise Failed(f"Ceph's gateway did not start: {tail(said)}")
        self.tls_port, self.address = int(found[1]), found[2].decode()
        self._ask("-X", "PUT", "-H", "x-amz-bucket-object-lock-enabled: true")
        return self

    def close(self):
        """Stops it, and throws away what it holds."""
        if self.starting.poll() is None:
            # What it started already goes with it.
            self.starting.terminate()
            self.starting.wait()
        if self.folder.exists():
            run(RIGS / "ceph-down", self.folder)

    def versions(self) -> list[Version]:
        """Every version of every object, without Bodydock's scratch objects."""
        said = self._elements(self._ask(query="?versions="))
        if said.findtext("IsTruncated") == "true":
            raise Failed("the bucket holds more versions than one answer lists")
        found = [Version(item.findtext("Key"), item.findtext("VersionId"), int(item.findtext("Size"))) for item in said.iter("Version")]
        return [version for version in found if SCRATCH not in f"/{version.key}"]

    def lock(self, version: Version) -> Lock:
        """The retention of exactly this version; fails if it has none."""
        said = self._elements(self._ask(key=version.key, query=f"?retention=&versionId={version.id}"))
        return Lock(said.findtext("Mode"), said.findtext("RetainUntilDate"))

    def can_remove(self, version: Version) -> bool:
        """Whether its owner can remove this version without bypassing its retention. If so, it is gone."""
        try:
            self._ask("-X", "DELETE", key=version.key, query=f"?versionId={version.id}")
        except Failed as reason:
            if "AccessDenied" in str(reason):
                return False
            raise
        return True

    def contents(self, identity: Path) -> Counter:
        """SHA-256 of the plaintext of every sealed version, as often as it is there, without custody records. Each must open."""
        contents = Counter()
        with tempfile.TemporaryDirectory() as name:
            sealed, opened = Path(name) / "sealed", Path(name) / "opened"
            footage = (version for version in self.versions() if version.key.endswith(".age") and not is_record(version.key))
            for version in footage:
                self.save(version, sealed)
                run(PROGRAM, "unseal", "--identity", identity, "-o", opened, sealed, seconds=120)
                contents[sha256_of(opened)] += 1
                opened.unlink()
        return contents

    def save(self, version: Version, path: Path):
        """The bytes of exactly this version, in a file."""
        self._ask("-o", path, key=version.key, query=f"?versionId={version.id}")

    def _ask(self, *options, key: str = "", query: str = "") -> str:
        """What the service answers; fails unless it is a success. Parameters stand in their order, each with `=`: curl 7.88
        signs them as they are."""
        signed = ("--aws-sigv4", "aws:amz:us-east-1:s3", "--user", f"{ACCESS_KEY}:{SECRET_KEY}")
        unsigned = ("-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD")
        path = f"{self.bucket}/{key}" if key else self.bucket
        return run("curl", "-sS", "--fail-with-body", "--path-as-is", *signed, *unsigned, *options, f"{self.address}/{path}{query}")

    @staticmethod
    def _elements(text: str) -> xml.Element:
        return xml.fromstring(re.sub(r' xmlns="[^"]*"', "", text))
