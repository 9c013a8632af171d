"""A whole dock to look at, with its board in a browser of this machine: make demo STAY=1."""

import contextlib
import os
import time
import urllib.request

from agent import RELEASED, SECTIONS, camera_of, configuration, wait_for_state
from bays import PCI, Faults
from limits import wait_until
from stage import Stage, expect, scenario
from window import Window

INSTALLED = True
STAY = os.environ.get("STAY", "") not in ("", "0")
WEEK = 7 * 86_400
WINDOW = Window()
CONFIGURATION = configuration({
    **SECTIONS,
    "bays": "\n".join(f"- {{name: '{bay}', port: '{PCI}-usb-0:{bay}'}}" for bay in range(1, 7)),
    "teams": "- {name: handhaving, regime: avg}",
    "cameras": "\n".join(f"- {{serial: BWC070{number}, number: '{number}', team: handhaving}}" for number in range(1, 7)),
    "shifts": "- {name: dag, from: '00:00', to: '00:00'}",
    "handover": "language: nl",
    "board": "language: nl",
})


@scenario(seconds=WEEK if STAY else 300)
def a_shift(stage: Stage):
    """Cameras come back from a shift: the board shows how each becomes ready or is held, and the report says so in Dutch"""
    dock = stage.dock
    dock.sh("systemctl start bodydock bodydock-board")
    WINDOW.open(dock)

    def page(path: str) -> str:
        try:
            with urllib.request.urlopen(WINDOW.address + path, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    wait_until(lambda: page("healthz"), 60, "the board, from outside")
    say(f"the board: {WINDOW.address}   the team leader's page: {WINDOW.address}leader")
    if STAY:
        say("cameras come back in ten seconds")
        time.sleep(10)
    slow = Faults(bytes_per_second=1 << 20)
    cameras = {}
    for number, how in {
        1: {}, 2: {"faults": slow}, 3: {"options": ("--break", "gap")}, 4: {"faults": slow}, 5: {"options": ("--recordings", "5")},
    }.items():
        options = ("--wearer", f"471{number}", "--bytes", "2 MiB", *how.pop("options", ()))
        cameras[number] = camera_of(stage, f"BWC070{number}", options=options, **how).plug(str(number))
        if number == 4:
            # Somebody is in a hurry, and then is not.
            wait_for_state(dock, "BWC0704", "reading")
            cameras[4].pull()
    wait_for_state(dock, "BWC0703", "held", seconds=120)
    cameras[4].plug("4")
    for number in (1, 2, 4, 5):
        wait_for_state(dock, f"BWC070{number}", *RELEASED, seconds=120)
        say(f"camera {number} is emptied: everything on it is safe")
    tiles = page("?lang=nl")
    for word in ("BWC0703", "Vastgehouden", "BWC0701"):
        expect(word in tiles, f"{word} does not stand on the board")
    leader = page("leader?lang=nl")
    expect("4713" in leader and "Vastgehouden: iemand moet kijken" in leader, f"the held camera is no open point: {leader[:3000]}")
    report = dock.run("bodydock", "handover", "--now").text
    expect("Dienstrapport: dag" in report and "Vastgehouden" in report, report)
    say("", report)
    if STAY:
        say(f"the dock stays: {WINDOW.address}   end it with Ctrl-C")
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(WEEK)


def say(*lines: str):
    """To whoever looks on."""
    print(*lines, sep="\n", flush=True)
