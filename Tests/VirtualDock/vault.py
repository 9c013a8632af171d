"""What the guest's vault holds, opened with the identity that the guest does not have."""

import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from collections.abc import Iterator
from pathlib import Path

from dock import Dock
from hashing import sha256_of
from limits import Failed, run
from places import PROGRAM
from records import is_record

VAULT = "/srv/evidence"


def vault_contents(dock: Dock, identity: Path, of: str = VAULT) -> Counter:
    """SHA-256 of the plaintext of each sealed object, as often as it is there. Each must open.

    Works while the dock is on, and after a power cut, when it looks into the dead machine's disk."""
    contents = Counter()
    with tempfile.TemporaryDirectory() as name:
        for sealed in fetch_objects(dock, Path(name), of):
            opened = sealed.with_suffix(".opened")
            run(PROGRAM, "unseal", "--identity", identity, "-o", opened, sealed, seconds=120)
            contents[sha256_of(opened)] += 1
            opened.unlink()
            sealed.unlink()
    return contents


def expect_in_vault(dock: Dock, identity: Path, footage: Counter, others: Counter = Counter()):
    """Fails unless the vault holds each file of `footage` once, and besides at most `others`, such as manifests."""
    found = vault_contents(dock, identity)
    missing, extra = footage - found, found - (footage | others)
    wrong = [f"{sum(missing.values())} of {sum(footage.values())} files are missing"] if missing else []
    wrong += [f"{sum(extra.values())} files are too many or unknown"] if extra else []
    if wrong:
        raise Failed(f"the vault of {dock.name}: {'; '.join(wrong)}")


def fetch_objects(dock: Dock, folder: Path, of: str) -> Iterator[Path]:
    """Copies of the sealed objects, one after the other, without custody records."""
    if dock.is_on:
        listing = dock.sh(f"find {of} -type f -name '*.age'").splitlines()
        for number, path in enumerate(path for path in listing if not is_record(path)):
            target = folder / f"{number}.age"
            target.write_bytes(dock.pull(path))
            yield target
        return
    with state_of_the_dead(dock) as state:
        below = state / {VAULT: "evidence", "/var/lib/bodydock": "bodydock"}.get(of, of.removeprefix("/state/"))
        for number, path in enumerate(path for path in sorted(below.rglob("*.age")) if not is_record(str(path))):
            target = folder / f"{number}.age"
            shutil.copy(path, target)
            yield target


@contextmanager
def state_of_the_dead(dock: Dock) -> Iterator[Path]:
    """The state disk of a dock that is off, mounted from a copy: mounting replays its journal, and that must not help the
    dock itself."""
    if dock.is_on:
        raise Failed(f"{dock.name} is on: its disk cannot be mounted here")
    with tempfile.TemporaryDirectory(dir=dock.folder) as name:
        copy, mount = Path(name) / "state.img", Path(name) / "state"
        run("cp", "--sparse=always", dock.machine.state, copy, seconds=120)
        mount.mkdir()
        run("mount", "-o", "loop", copy, mount)
        try:
            yield mount
        finally:
            run("umount", mount)
