"""QEMU's control socket."""

import json
import threading
import time
from pathlib import Path

from limits import PATIENCE, Failed, connect


class Qmp:
    """One connection. Commands are answered in turn; events that come between are kept for `wait_for_event`."""

    def __init__(self, path: Path, seconds: float = 20):
        self.events: list[dict] = []
        self.turn = threading.RLock()
        self.socket = connect(path, seconds)
        self.socket.settimeout(seconds * PATIENCE)
        self.lines = self.socket.makefile("rb")
        self._line("the greeting")
        self("qmp_capabilities")

    def __call__(self, command: str, **arguments):
        """What `command` returns. Python's names have `_` where QEMU's have `-`."""
        arguments = {name.replace("_", "-"): value for name, value in arguments.items()}
        with self.turn:
            try:
                self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
            except OSError as reason:
                raise Failed(f"QEMU cannot be asked for {command}: {reason}") from None
            while True:
                answer = self._line(command)
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise Failed(f"QEMU refuses {command} {arguments}: {answer['error']['desc']}")

    def wait_for_event(self, name: str, seconds: float = 20, **data):
        """Waits for an event that carries `data`."""
        end = time.monotonic() + seconds * PATIENCE
        with self.turn:
            while True:
                for event in self.events:
                    if event["event"] == name and data.items() <= event.get("data", {}).items():
                        self.events.remove(event)
                        return event
                if time.monotonic() > end:
                    raise Failed(f"QEMU has not said {name} {data} after {seconds * PATIENCE:.0f} s")
                self("query-status")
                time.sleep(0.02)

    def close(self):
        """Hangs up."""
        self.lines.close()
        self.socket.close()

    def _line(self, command: str) -> dict:
        try:
            line = self.lines.readline()
        except OSError as reason:
            raise Failed(f"QEMU does not answer {command}: {reason}") from None
        if not line:
            raise Failed(f"QEMU has ended while it was asked for {command}")
        answer = json.loads(line)
        if "event" in answer:
            self.events.append(answer)
            del self.events[:-1000]
        return answer
