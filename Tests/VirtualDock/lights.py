"""A status light on the dock: LED class devices of the guest, and what was shown on them."""

from dataclasses import dataclass

from dock import Dock
from places import HERE

COLOURS = ("red", "green", "blue")


@dataclass(frozen=True)
class Shown:
    """What one of the six lights showed from a moment on (seconds since the guest's boot)."""

    when: float
    light: int
    red: int
    green: int
    blue: int


class Lights:
    """A USB light with six lamps, in the names of the kernel's driver. A dock can have several; `number` counts them.

    Debian's kernel has no driver for LEDs with free names (uleds)."""

    def __init__(self, dock: Dock, number: int = 0):
        self.dock, self.number = dock, number
        self.unit, self.log = f"virtual-dock-lights{number}", f"/run/virtual-dock-lights{number}"

    def plug(self) -> "Lights":
        """Puts it in and waits for its LEDs."""
        dock = self.dock
        program = "/usr/local/lib/virtual-dock-lights.py"
        dock.push(HERE / "helpers/lights.py", program)
        dock.sh(f"modprobe -a uhid hid-led; systemd-run --quiet --unit={self.unit} python3 {program} {self.log} LIGHT{self.number}")
        dock.wait_for(f"ls -d /sys/class/leds/{self.name(5, 'blue')}", 20, "the LEDs of the status light")
        return self

    def pull(self):
        """Takes it away; its LEDs go with it."""
        self.dock.sh(f"systemctl stop {self.unit}; rm -f {self.log}")

    def name(self, light: int, colour: str) -> str:
        """The name of an LED below /sys/class/leds."""
        return f"luxafor{self.number}:{colour}:led{light}"

    def history(self) -> list[Shown]:
        """All that was shown, in order."""
        rows = [line.split() for line in self.dock.sh(f"cat {self.log} || true").splitlines()]
        return [Shown(float(row[0]), *map(int, row[1:])) for row in rows]

    def shows(self, light: int) -> tuple[int, int, int]:
        """Red, green and blue of a lamp now, 0 to 255 each; dark if it was never lit."""
        rows = [row for row in self.history() if row.light == light]
        return (rows[-1].red, rows[-1].green, rows[-1].blue) if rows else (0, 0, 0)
