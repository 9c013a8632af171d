"""Runs one command and says what it cost."""

import os
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A command did not do what it is measured for."""


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds, seconds of both kinds of CPU time, bytes, and seconds until the disk had it all."""

    wall: float
    cpu: float
    memory: int
    sync: float = 0.0

    @property
    def durable(self):
        """Seconds until the command was done and its output was on the disk."""
        return self.wall + self.sync


def run(command, log: Path, environment: dict[str, str] | None = None) -> Cost:
    """Runs `command` to its end, in this environment (ours if it is None). CPU time is that of all its processes (those that were waited for, as every peer does);
    memory is the peak of the largest of them.

    Memory is taken by GNU time, a small program: measured from here, the peak would begin with Python's own, which the
    kernel carries over the exec."""
    peak = log.with_suffix(".peak")
    with log.open("wb") as output:
        begin = time.monotonic()
        process = subprocess.Popen(
            ["/usr/bin/time", "--format", "%M", "--output", str(peak), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.monotonic() - begin
    # Popen must not wait for what is gone.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = log.read_text(errors="replace").strip()[-2000:]
        raise Failed(f"{' '.join(map(str, command))}\n  ended with {process.returncode}: {said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, 1024 * int(peak.read_text().split()[-1]))


def median(costs: list[Cost]) -> Cost:
    """The middle of each figure; of memory and of flushing, the highest."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
        max(cost.sync for cost in costs),
    )


def seconds_to_sync(folder: Path) -> float:
    """Flushes the file system of `folder` and says how long that took."""
    begin = time.monotonic()
    subprocess.run(["sync", "--file-system", folder], check=True)
    return time.monotonic() - begin


def output_of(*command, environment: dict[str, str] | None = None) -> str:
    """What a command that must succeed prints, on both streams."""
    done = subprocess.run(
        list(map(str, command)),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(done.args)}\n  ended with {done.returncode}: {done.stdout.strip()[-2000:]}")
    return done.stdout
