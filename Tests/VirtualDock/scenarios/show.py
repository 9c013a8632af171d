"""A whole dock to look at, with its board in a browser of this machine: make demo, and make demo STAY=1."""

import itertools
import os
import signal
import sys
import time
from datetime import datetime, timedelta

from agent import RELEASED, SETTINGS, configuration
from bays import PCI, Camera, Faults
from disks import make_disk
from limits import wait_until
from stage import Stage, expect, scenario
from tiles import Tiles
from window import Window

INSTALLED = True
STAY = os.environ.get("STAY", "") not in ("", "0")
WEEK = 7 * 86_400
WINDOW = Window()
# Camera and bay have the same number; bay 8 stays free.
CAMERAS, STICK = range(1, 7), 7
HELD, HASTY, OVERDUE = 3, 4, 6
# A card that is read in some ten seconds, and a vault that takes as long: each state can be seen.
CARD, VAULT = 512 << 10, "600K"
FOOTAGE = ("--bytes", "1 MiB")
ROSTER = "/etc/bodydock/roster.csv"
FILES = {
    # A camera whose battery says how full it is, and fills within a minute.
    "etc/bodydock/profiles/show.yaml": """\
name: show
summary: the demo's camera
recognise:
  paths: [BODYDOCK/manifest.jsonl]
manifest:
  type: bodydock
  path: BODYDOCK/manifest.jsonl
footage:
  folders: [DCIM]
  extensions: [mp4]
preserve: [SETTINGS]
charge:
  full_after: 1min
""",
    "etc/systemd/system/bodydock.service.d/vault.conf": f"[Service]\nIOWriteBandwidthMax=/srv {VAULT}\n",
}


@scenario(seconds=WEEK if STAY else 300)
def a_shift(stage: Stage):
    """Cameras come back from a shift: the board shows how each becomes ready, is held or overdue, and the report says so in Dutch"""
    dock, tiles = stage.dock, Tiles(WINDOW.address)
    begin(stage)
    WINDOW.open(dock)
    wait_until(lambda: tiles.page("healthz"), 60, "the board, from outside")
    wait_until(lambda: f"Camera {serial(OVERDUE)} is niet teruggebracht" in tiles.page("?lang=nl"), 60, "the camera that is overdue")
    say("", f"The board: {WINDOW.address}   the team leader's page: {WINDOW.address}leader   history: {WINDOW.address}history", "")
    tiles.follow()
    if STAY:
        say("Open it in a browser: one camera is overdue, the others come back in ten seconds.")
        time.sleep(10)
    crew = Crew(stage, tiles)
    come_back(crew, tiles)
    look(tiles)
    report = dock.run("bodydock", "handover", "--now").text
    expect("Dienstrapport:" in report and "Vastgehouden" in report and f"camera {OVERDUE} is te laat" in report, report)
    say("", report)
    if STAY:
        attend(crew)
    else:
        say("`make demo STAY=1` keeps the dock, to plug and pull its cameras yourself.")


def begin(stage: Stage):
    """The dock has the time of this machine, a shift that ends soon, a roster for it, and for the one before, and a slow vault."""
    dock = stage.dock
    zone = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    dock.sh(f"test ! -f '/usr/share/zoneinfo/{zone}' || ln -sf '/usr/share/zoneinfo/{zone}' /etc/localtime")
    dock.sh("install -d -o bodydock -g bodydock /srv/archive")
    now = datetime.fromisoformat(dock.sh("date +%Y-%m-%dT%H:%M"))
    end = now - timedelta(minutes=now.minute % 5) + timedelta(minutes=20)
    starts = [end - timedelta(hours=8 * back) for back in (2, 1, 0)]
    names = [("nacht", "vroeg", "laat")[(start.hour + 2) // 8 % 3] for start in starts]
    shifts = [
        f"- {{name: {name}, from: '{start:%H:%M}', to: '{start + timedelta(hours=8):%H:%M}'}}" for name, start in zip(names, starts)
    ]
    text = configuration({
        "erase": "deep: never",
        "docking": "come_back: 1min\nat_once: 3",
        "profiles": "folders: [/etc/bodydock/profiles]",
        "vaults": "- {name: archief, type: directory, path: /srv/archive}",
        "bays": "\n".join(f"- {{name: '{bay}', port: '{PCI}-usb-0:{bay}'}}" for bay in range(1, 9)),
        "teams": "- {name: handhaving, regime: avg}",
        "cameras": "\n".join(f"- {{serial: {serial(number)}, number: '{number}', team: handhaving}}" for number in CAMERAS),
        "shifts": "\n".join(shifts),
        "roster": ROSTER,
        "handover": "language: nl\ngrace: 0s",
        "board": "language: nl",
    })
    dock.push(text.replace("{recipient}", stage.installation.recipient), SETTINGS)
    # One camera went out a shift before the others, and should have been back when they left.
    turns = [(number, 0 if number == OVERDUE else 1) for number in CAMERAS]
    lines = [f"{starts[turn]:%Y-%m-%d},{names[turn]},{badge(number)},{serial(number)}" for number, turn in turns]
    dock.push("\n".join(["date,shift,badge,camera", *lines, ""]), ROSTER)
    dock.sh("systemctl restart bodydock bodydock-board")


def come_back(crew: "Crew", tiles: Tiles):
    """What happens at the end of a shift. Tiles go through all states that are no fault of the dock."""
    first = (1, 2, HELD)
    for number in first:
        crew.plug(number)
    for number in first:
        tiles.wait(number, "reading", serial(number))
    # No place is free until one of them is done.
    crew.plug(HASTY)
    tiles.wait(HASTY, "waiting")
    tiles.wait(HELD, "held")
    # Somebody is in a hurry, and then is not.
    tiles.wait(HASTY, "reading", serial(HASTY))
    crew.pull(HASTY)
    tiles.wait(HASTY, "away")
    crew.plug(STICK)
    tiles.wait(STICK, "refused")
    crew.plug(5)
    crew.plug(HASTY)
    for number in (1, 2, HASTY, 5):
        for state in ("delivering", "erasing", "charging"):
            tiles.wait(number, state, serial(number))
        say(f"Camera {number} is emptied: everything that was on it is safe.")
    tiles.wait(1, "ready")


def look(tiles: Tiles):
    """The pages tell what was seen."""
    wall = tiles.page("?lang=nl")
    for word in (serial(1), serial(HELD), "Vastgehouden"):
        expect(word in wall, f"{word} does not stand on the board: {wall[:3000]}")
    leader = tiles.page("leader?lang=nl")
    for word in (badge(HELD), "Vastgehouden", badge(OVERDUE)):
        expect(word in leader, f"{word} does not stand on the team leader's page: {leader[:3000]}")


def attend(crew: "Crew"):
    """Cameras are plugged and pulled by whoever looks on, until `q`; without anybody at the keyboard until a signal comes."""
    say(f"The dock stays: {WINDOW.address}", f"Type {CAMERAS[0]} to {STICK} and Enter to pull what is in that bay or to plug it in; q ends, as Ctrl-C does.")
    try:
        for line in sys.stdin or ():
            word = line.strip().lower()
            if word == "q":
                return
            if word.isdecimal() and int(word) in (*CAMERAS, STICK):
                crew.press(int(word))
            elif word:
                say(f"{CAMERAS[0]} to {STICK}, or q")
        while True:
            signal.pause()
    except KeyboardInterrupt:
        say("")


class Crew:
    """Who comes and goes with cameras: number N to and from bay N; and somebody with a stick that is no camera."""

    def __init__(self, stage: Stage, tiles: Tiles):
        self.stage, self.tiles = stage, tiles
        self.cameras: dict[int, Camera] = {}
        self.seeds = dict(zip(CAMERAS, (10, 4, 3, 16, 19, 39)))
        self.more = itertools.count(100)

    def plug(self, number: int):
        """Into its bay: with new footage, unless what it came with last may still be on it."""
        if number not in self.cameras:
            self.cameras[number] = self._stick() if number == STICK else self._camera(number)
        self.cameras[number].plug(str(number))

    def pull(self, number: int):
        """Out of its bay. If it was ready to be taken, it is on its way to a shift."""
        self.cameras[number].pull()
        if self.tiles.shown.get(str(number), ("",))[0] in RELEASED:
            del self.cameras[number]

    def press(self, number: int):
        """The one or the other."""
        plugged = number in self.cameras and self.cameras[number].is_plugged
        (self.pull if plugged else self.plug)(number)

    def _camera(self, number: int) -> Camera:
        # The first ones' seeds come with batteries that tell apart: 94, 50, 29, 87, 80 and 64 %.
        seed = self.seeds.pop(number, None) or next(self.more)
        how = ("--break", "gap") if number == HELD else ()
        # It was out in the last hour, and its clock is right.
        start, clock = self.stage.dock.sh("date +%FT%TZ --utc --date='1 hour ago'; date +%FT%TZ --utc").split()
        options = ("--wearer", badge(number), "--seed", seed, "--start", start, "--clock", clock, *FOOTAGE, *how)
        return self.stage.camera(serial(number), options=options, faults=Faults(bytes_per_second=CARD))

    def _stick(self) -> Camera:
        folder = self.stage.folder / "stick"
        folder.mkdir()
        (folder / "LETTER.TXT").write_text("no camera\n")
        return Camera(self.stage.dock, make_disk(folder.with_suffix(".img"), folder))


def serial(number: int) -> str:
    """Of a camera."""
    return f"BWC070{number}"


def badge(number: int) -> str:
    """Of who wears it."""
    return f"471{number}"


def say(*lines: str):
    """To whoever looks on."""
    print(*lines, sep="\n", flush=True)
