"""Bodydock as a package would install it, ready to be unpacked into the guest before it boots."""

import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from limits import Failed, run
from places import PROGRAM, SOURCES

# Debian's merged /usr: these are links in the guest, and must stay so.
MERGED = ("bin", "sbin", "lib", "lib64")
CONFIGURATION = """\
dock:
  name: virtual-dock
state: /var/lib/bodydock
spool:
  keep_free: 16 MiB
sealing:
  recipients: [{recipient}]
vaults:
  - name: archive
    type: directory
    path: /srv/evidence
    mounted: true
"""


@dataclass(frozen=True)
class Installation:
    """What the guest gets, and the identity that opens what it seals, which it does not get."""

    archive: Path
    tree: Path
    identity: Path
    recipient: str


def make_installation(
    folder: Path, configuration: str = CONFIGURATION, files: dict[str, str] | None = None, enable: bool = True
) -> Installation:
    """Stages Bodydock below `folder` and packs it.

    `configuration` may name `{recipient}`. `files` are further files by path. `enable` lets the units that ask for it
    start at boot."""
    tree, keys = folder / "tree", folder / "keys"
    stage_program(tree)
    said = run(PROGRAM, "keys", "new", "--age", keys)
    recipient = re.search(r"\bage1[0-9a-z]+", said)
    if not recipient:
        raise Failed(f"bodydock keys new --age names no recipient: {said}")
    add = {"etc/bodydock/bodydock.yaml": configuration.replace("{recipient}", recipient[0]), **(files or {})}
    for name, text in add.items():
        path = tree / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(keys / "dock.key", tree / "etc/bodydock/dock.key")
    (tree / "etc/bodydock/dock.key").chmod(0o600)
    if enable:
        enable_units(tree)
    archive = folder / "installation.tar"
    pack(tree, archive)
    return Installation(archive, tree, keys / "age.key", recipient[0])


def stage_program(tree: Path):
    """`make install` into `tree`. Debug information, nine tenths of the program, stays outside."""
    tree.mkdir(parents=True)
    if "install" in targets():
        run("make", "--no-print-directory", "install", f"DESTDIR={tree}", "PREFIX=/usr", cwd=SOURCES, seconds=900)
    else:
        run("install", "-D", "-t", tree / "usr/bin", PROGRAM)
        profiles = sorted((SOURCES / "config/profiles").glob("*.yaml"))
        run("install", "-D", "-m", "644", "-t", tree / "usr/share/bodydock/profiles", *profiles)
    run("strip", "--strip-debug", tree / "usr/bin/bodydock")


def targets() -> set[str]:
    """The targets of the Makefile."""
    done = subprocess.run(["make", "-C", SOURCES, "-npRrq", ":"], capture_output=True, text=True, timeout=60)
    return set(re.findall(r"^([a-z-]+):", done.stdout, re.MULTILINE))


def enable_units(tree: Path):
    """What `systemctl enable` does, for units that are there and want it."""
    for folder in ("usr/lib/systemd/system", "lib/systemd/system"):
        for unit in sorted((tree / folder).glob("*")):
            # The board is started where it is looked at.
            if not unit.is_file() or "@" in unit.name or unit.name == "bodydock-board.service":
                continue
            for target in " ".join(re.findall(r"^WantedBy=(.*)$", unit.read_text(), re.MULTILINE)).split():
                link = tree / "etc/systemd/system" / f"{target}.wants" / unit.name
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(f"/usr/lib/systemd/system/{unit.name}")


def pack(tree: Path, archive: Path):
    """Packs a staged tree as root's, padded to whole sectors as a disk needs it."""

    def in_guest(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        first = member.name.split("/")[0]
        if first in MERGED:
            if member.name == first:
                return None
            member.name = f"usr/{member.name}"
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    with tarfile.open(archive, "w") as file:
        for path in sorted(tree.iterdir()):
            for item in [path, *sorted(path.rglob("*"))]:
                member = in_guest(file.gettarinfo(item, str(item.relative_to(tree))))
                if member and member.isreg():
                    with item.open("rb") as content:
                        file.addfile(member, content)
                elif member:
                    file.addfile(member)
