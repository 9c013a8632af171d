"""What the agent in the guest says of itself, and waiting for it."""

import json
import re
import sys
import time
from contextlib import contextmanager

from install import CONFIGURATION as USUAL
from limits import PATIENCE, wait_until
from stage import Stage, expect, expect_equal
from vault import vault_contents

RELEASED = ("ready", "charging")
SETTINGS = "/etc/bodydock/bodydock.yaml"
# The guest's clock starts anywhere: no deep erase may come in between.
SECTIONS = {"erase": "deep: never", "docking": "come_back: 5s\nretry_after: 5s"}


def configuration(sections: dict[str, str]) -> str:
    """A dock's configuration with these sections, each the lines below its name, instead of those that it has."""
    text = USUAL
    for name, lines in sections.items():
        text = re.sub(rf"^{name}:\n(  .*\n)+", "", text, flags=re.MULTILINE)
        text += f"{name}:\n" + "".join(f"  {line}\n" for line in lines.splitlines())
    return text


@contextmanager
def configured(stage: Stage, apply: str = "reload", **sections: str):
    """The agent works with these sections, besides and instead of its module's, for a while. `apply` is what systemctl does to it."""
    dock = stage.dock
    try:
        _configure(stage, {**sections_of(stage), **sections}, apply)
        yield
    finally:
        if dock.is_on:
            _configure(stage, sections_of(stage), apply)


def sections_of(stage: Stage) -> dict[str, str]:
    """What the configuration of a module's dock has, besides and instead of the usual: its `SECTIONS`."""
    return getattr(sys.modules[stage.module], "SECTIONS", SECTIONS)


def _configure(stage: Stage, sections: dict[str, str], apply: str):
    text = configuration(sections).replace("{recipient}", stage.installation.recipient)
    stage.dock.push(text, SETTINGS)
    since = stage.dock.sh("date +%s.%N")
    stage.dock.sh(f"systemctl {apply} bodydock")
    said = f"journalctl --unit=bodydock --since=@{since} --quiet --no-pager --output=cat | grep configuration || true"
    if apply == "reload":
        stage.dock.wait_for(said, 20, "the new configuration")


def shown(dock) -> dict:
    """What the agent shows now; nothing while it is not there."""
    done = dock.run("bodydock", "status", "--json")
    return (json.loads(done.text).get("now") if done.status == 0 else None) or {}


def bays(dock) -> list[dict]:
    """What the agent shows of its bays."""
    return shown(dock).get("bays", [])


def wait_for(dock, what: str, condition, seconds: float = 60) -> dict:
    """Waits until a bay fulfils a condition, and answers what it shows."""
    end = time.monotonic() + seconds * PATIENCE
    seen = []
    while time.monotonic() < end:
        seen = bays(dock)
        for bay in seen:
            if condition(bay):
                return bay
        time.sleep(0.3)
    expect(False, f"waited in vain for {what}: {[(bay['bay'], bay['state'], bay.get('camera'), bay['reasons'][:2]) for bay in seen]}")
    raise AssertionError


def wait_for_vault(dock, *states: str) -> dict:
    """Waits until the agent shows its first vault in one of these states."""

    def vault() -> dict | None:
        return next((vault for vault in shown(dock).get("vaults", [])[:1] if vault["state"] in states), None)

    return wait_until(vault, 60, f"the vault to be {' or '.join(states)}", 0.3)


def wait_for_state(dock, camera: str, *states: str, seconds: float = 60) -> dict:
    """Waits until the agent shows a camera in one of these states."""
    return wait_for(dock, f"{camera} to be {states}", lambda bay: bay.get("camera") == camera and bay["state"] in states, seconds)


def camera_of(stage: Stage, serial: str, options=(), **how):
    """A camera whose footage is like no other's."""
    return stage.camera(serial, options=("--seed", serial[-4:].lstrip("0"), *options), **how)


def expect_all_safe(stage: Stage, *cameras):
    """The vault (that of the uplink, where there is one) holds every file of these cameras' footage exactly once; the ledger is whole; nothing waits in the spool."""
    dock = stage.dock
    expect_equal(dock.sh("bodydock ledger verify >/dev/null && echo whole", seconds=60), "whole", "the ledger")
    dock.wait_for("test -z \"$(find /var/lib/bodydock/spool -type f)\" && echo empty", 30, "an empty spool")
    identity = stage.installation.identity
    found = stage.uplink.store.contents(identity) if stage.wire else vault_contents(dock, identity)
    for camera in cameras:
        wrong = {digest: found[digest] for digest in camera.footage if found[digest] != 1}
        expect(not wrong, f"{camera.serial}: {len(wrong)} of {len(camera.footage)} files are in the vault {sorted(wrong.values())} times")


def ledger(dock, kind: str) -> int:
    """How many entries of a kind the ledger has."""
    script = (
        "import sqlite3; print(sqlite3.connect('file:/var/lib/bodydock/ledger.sqlite?mode=ro', uri=True)"
        f".execute(\"SELECT count(*) FROM entry WHERE kind = '{kind}'\").fetchone()[0])"
    )
    return int(dock.run("python3", "-c", script).text)


def last_entry(dock, kind: str) -> dict:
    """What the ledger's last entry of a kind says."""
    script = (
        "import sqlite3; print(sqlite3.connect('file:/var/lib/bodydock/ledger.sqlite?mode=ro', uri=True)"
        f".execute(\"SELECT body FROM entry WHERE kind = '{kind}' ORDER BY sequence DESC LIMIT 1\").fetchone()[0])"
    )
    return json.loads(dock.run("python3", "-c", script).text)["event"]
