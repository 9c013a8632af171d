"""A camera is plugged in, nobody touches anything, and the rest happens: what the agent does by itself."""

import json

from stage import Stage, expect, expect_equal, scenario
from vault import expect_in_vault

from install import CONFIGURATION as USUAL

INSTALLED = True
# The guest's clock starts anywhere: no deep erase may come in between.
CONFIGURATION = USUAL + """\
erase:
  deep: never
docking:
  come_back: 5s
  retry_after: 5s
"""


def bay_of(dock, camera) -> dict:
    """What the agent shows of the bay that a camera was last seen in; empty if it shows none."""
    status = json.loads(dock.sh("bodydock status --json"))
    return next((bay for bay in status["now"]["bays"] if bay.get("camera") == camera), {})


def wait_for_state(dock, camera: str, *states: str, seconds: float = 60) -> dict:
    """Waits until the agent shows a camera in one of these states."""
    wanted = "|".join(states)
    dock.wait_for(
        "bodydock status --json | python3 -c 'import json,sys; "
        "bays = (json.load(sys.stdin).get(\"now\") or {}).get(\"bays\", []); "
        f"sys.exit(0 if any(b.get(\"camera\") == \"{camera}\" and b[\"state\"] in \"{wanted}\".split(\"|\") for b in bays) else 1)'",
        seconds,
        f"camera {camera} to be {wanted}",
    )
    return bay_of(dock, camera)


@scenario(seconds=180)
def by_itself(stage: Stage):
    """A camera is plugged in: verified, delivered, erased, ejected, ready, and a new file system with the same name"""
    dock = stage.dock
    camera = stage.camera("BWC0042").plug("1")
    before = camera.wait_for_volume()
    bay = wait_for_state(dock, "BWC0042", "ready", "charging")
    expect(all(step["worked"] for step in bay["steps"]), f"a step of the release failed: {bay['steps']}")
    expect_in_vault(dock, stage.installation.identity, camera.footage, camera.files)
    expect_equal(dock.sh("bodydock ledger verify >/dev/null && echo whole"), "whole", "the ledger")
    camera.pull()
    camera.plug("2")
    again = wait_for_state(dock, "BWC0042", "ready", "charging")
    expect(again["docking"] != bay["docking"], "the second visit is a docking of its own")
    _ = before
