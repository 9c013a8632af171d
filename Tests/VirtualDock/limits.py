"""Everything ends: commands with a time limit, waiting with a time limit, and one kind of failure."""

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

# A busy machine may multiply all limits. They are there against hanging, not for measuring.
PATIENCE = float(os.environ.get("VIRTUAL_DOCK_PATIENCE", "1"))
Value = TypeVar("Value")


class Failed(Exception):
    """What did not work, where, and why."""


def run(*command, seconds: float = 60, input: bytes | None = None, env: dict | None = None, cwd=None) -> str:
    """What a host command that must succeed prints. Its whole process group is killed when its time is over."""
    words = [str(word) for word in command]
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC", **(env or {})},
            cwd=cwd,
        )
    except OSError as reason:
        raise Failed(f"{words[0]} cannot be run: {reason}") from None
    try:
        output, _ = process.communicate(input, timeout=seconds * PATIENCE)
    except BaseException as reason:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(reason, subprocess.TimeoutExpired):
            raise Failed(f"{shlex.join(words)}: not done after {seconds * PATIENCE:.0f} s: {tail(reason.output)}") from None
        raise
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise Failed(f"{shlex.join(words)}: ended with {process.returncode}: {tail(text)}")
    return text


def wait_until(condition: Callable[[], Value], seconds: float, what: str, pause: float = 0.1) -> Value:
    """The first value of `condition` that is true. `what` is what is waited for, for the message. What `condition` raises
    as `Failed` counts as «not yet», and is told if that stays so."""
    end = time.monotonic() + seconds * PATIENCE
    last = "it stayed false"
    while True:
        try:
            value = condition()
            if value:
                return value
            last = f"last answer: {value!r}"
        except Failed as reason:
            last = f"last: {reason}"
        if time.monotonic() > end:
            raise Failed(f"waited {seconds * PATIENCE:.0f} s in vain for {what} ({last})")
        time.sleep(pause)


def connect(path: Path, seconds: float = 20) -> socket.socket:
    """Connects to a local socket, which whoever was just started may not have made yet."""

    def connected() -> socket.socket | None:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            line.close()
            return None
        return line

    return wait_until(connected, seconds, f"somebody behind {path}", 0.02)


def tail(text: bytes | str | None, length: int = 1500) -> str:
    """The end of an output, for a message."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return (text or "no output").strip()[-length:] or "no output"
