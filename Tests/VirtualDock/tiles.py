"""What the dock's board tells through its window: pages, and every change of a tile."""

import contextlib
import http.client
import json
import threading
import time
import urllib.request
from collections import defaultdict
from queue import Empty, SimpleQueue

from limits import PATIENCE, Failed


class Tiles:
    """Follows the board's events on a thread of its own, and prints each change. None is missed between two waits for a bay."""

    def __init__(self, address: str):
        self.address = address
        self.shown: dict[str, tuple[str, str]] = {}
        self.changes: defaultdict[str, SimpleQueue] = defaultdict(SimpleQueue)

    def page(self, path: str) -> str:
        """A page; empty if there is none."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                return answer.read().decode()
        except (OSError, http.client.HTTPException):
            return ""

    def follow(self):
        """From now on."""
        threading.Thread(target=self._follow, daemon=True).start()

    def wait(self, bay: int, state: str, camera: str | None = None, seconds: float = 120):
        """Waits for the next time that a bay's tile shows this state, and this camera if it is named."""
        end, last = time.monotonic() + seconds * PATIENCE, ("nothing", "")
        while last[0] != state or (camera or last[1]) != last[1]:
            try:
                last = self.changes[str(bay)].get(timeout=max(0, end - time.monotonic()))
            except Empty:
                wanted = f"{state} {camera or ''}".strip()
                raise Failed(f"bay {bay} shows {' '.join(last).strip()}; waited {seconds * PATIENCE:.0f} s in vain for {wanted}") from None

    def _follow(self):
        while True:
            # The board may be restarted under our eyes, or the dock.
            with contextlib.suppress(OSError, http.client.HTTPException):
                with urllib.request.urlopen(self.address + "api/v1/events", timeout=60) as stream:
                    for line in stream:
                        if line.startswith(b"data: "):
                            self._look(json.loads(line[6:]).get("dock") or {})
            time.sleep(0.5)

    def _look(self, dock: dict):
        for tile in dock.get("bays", []):
            bay, shows = tile["bay"], (tile["state"], tile.get("camera", ""))
            if self.shown.get(bay) != shows:
                if bay in self.shown:
                    print(f"  {time.strftime('%H:%M:%S')}  bay {bay}: {shows[0]:10} {shows[1]}".rstrip(), flush=True)
                self.shown[bay] = shows
                self.changes[bay].put(shows)
