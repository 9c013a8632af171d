"""The host's end of the line to `guest/agent.py`."""

import json
import shlex
import socket
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from limits import PATIENCE, Failed, connect, tail

LENGTHS = struct.Struct(">II")
PIECE = 1 << 20
# What the way there and back may take on top of the time that a command has.
GRACE = 30


@dataclass(frozen=True)
class Done:
    """How a command in the guest ended."""

    command: str
    status: int | None
    out: bytes
    err: bytes
    late: bool

    @property
    def text(self) -> str:
        return self.out.decode(errors="replace")


class Channel:
    """Requests from any thread; a thread of its own hands out the answers."""

    def __init__(self, path: Path):
        self.socket = connect(path)
        # Python's own time limit would hold for the listening thread too, which must wait as long as nobody asks.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", GRACE, 0))
        self.turn = threading.Condition()
        self.next = 0
        self.answers: dict[int, tuple[dict, bytes] | None] = {}
        self.gone = False
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for_guest(self, seconds: float, still_runs=lambda: None):
        """Asks until the guest answers. `still_runs` raises when there is no guest to wait for."""
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            still_runs()
            try:
                return self._ask({"do": "ping"}, b"", 1)
            except Failed:
                if self.gone:
                    time.sleep(0.1)
        raise Failed(f"the guest has not booted after {seconds * PATIENCE:.0f} s")

    def run(self, *command, seconds: float = 30, input: bytes = b"", env: dict | None = None) -> Done:
        """Runs a command in the guest, whatever its status. After `seconds` it is killed and marked as late."""
        words = [str(word) for word in command]
        limit = seconds * PATIENCE
        head, blob = self._ask({"do": "run", "command": words, "seconds": limit, "env": env or {}}, input, limit + GRACE)
        split = head["out"]
        return Done(shlex.join(words), head["status"], blob[:split], blob[split:], head["late"])

    def write(self, path: str, data: bytes, mode: int = 0o644):
        """Makes or replaces a file in the guest. Zeros are not sent: they become holes."""
        self._ask({"do": "write", "path": path, "offset": 0, "size": len(data), "mode": mode}, b"", 60)
        for offset in range(0, len(data), PIECE):
            piece = data[offset : offset + PIECE]
            if piece.count(0) < len(piece):
                self._ask({"do": "write", "path": path, "offset": offset}, piece, 60)

    def read(self, path: str) -> bytes:
        """A file of the guest."""
        data = bytearray()
        while True:
            _, piece = self._ask({"do": "read", "path": path, "offset": len(data), "count": PIECE}, b"", 60)
            data += piece
            if len(piece) < PIECE:
                return bytes(data)

    def close(self):
        """Hangs up; whoever waits fails."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster
        self.socket.close()

    def _ask(self, head: dict, blob: bytes, seconds: float) -> tuple[dict, bytes]:
        what = head.get("command") or head.get("path") or head["do"]
        with self.turn:
            number = self.next = self.next + 1
            self.answers[number] = None
            text = json.dumps({"id": number, **head}).encode()
            try:
                self.socket.sendall(LENGTHS.pack(len(text), len(blob)) + text + blob)
            except OSError as reason:
                raise Failed(f"the guest cannot be asked for {what}: {reason}") from None
            self.turn.wait_for(lambda: self.gone or self.answers[number], seconds)
            answer = self.answers.pop(number)
        if not answer:
            state = "is gone" if self.gone else f"has not answered after {seconds:.0f} s"
            raise Failed(f"asked for {what}, the guest {state}")
        if "error" in answer[0]:
            raise Failed(f"guest: {what}: {answer[0]['error']}")
        return answer

    def _listen(self):
        try:
            with self.socket.makefile("rb", buffering=1 << 20) as stream:
                while lengths := stream.read(LENGTHS.size):
                    head_length, blob_length = LENGTHS.unpack(lengths)
                    head, blob = json.loads(stream.read(head_length)), stream.read(blob_length)
                    with self.turn:
                        if head.get("id") in self.answers:
                            self.answers[head["id"]] = head, blob
                            self.turn.notify_all()
        except (OSError, ValueError, struct.error):
            pass  # cut off in the middle: a power cut
        with self.turn:
            self.gone = True
            self.turn.notify_all()


def checked(done: Done) -> Done:
    """`done`, if it ended well and in time."""
    if done.late:
        raise Failed(f"guest: {done.command}: not done in time: {tail(done.out + done.err)}")
    if done.status != 0:
        raise Failed(f"guest: {done.command}: ended with {done.status}: {tail(done.out + done.err)}")
    return done
