#!/usr/bin/env python3
"""Runs scenarios in the virtual dock: a Debian computer under QEMU with cameras in USB ports, unplugged cables and power cuts.

    run.py [--list] [NAME…]

NAME picks scenarios by their names or the beginnings of them; without one, all run. One line for each, exit status 1 if one
failed. What helps to understand a failure is in .build/virtual-dock/logs.

In the environment:
    VIRTUAL_DOCK_PROGRAM   the program to install and to try with (.build/release/bodydock)
    VIRTUAL_DOCK_MIRROR    where Debian comes from (http://deb.debian.org/debian)
    VIRTUAL_DOCK_PATIENCE  a factor for all time limits, for a busy machine (1)
    VIRTUAL_DOCK_LANES     docks at once; each plays the scenarios of one module (1)
    VIRTUAL_DOCK_CACHE     where images and logs are kept (.build/virtual-dock)"""

import contextlib
import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path

import image
from limits import PATIENCE, Failed
from places import CACHE, LOGS, PROGRAM
from stage import Scenario, Stage, all_scenarios

BOOT_SECONDS = 120
LANES = int(os.environ.get("VIRTUAL_DOCK_LANES", "1"))
LEFT_BEHIND = 6 * 3600


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if not argument.startswith("-")]
    chosen = [scenario for scenario in all_scenarios() if not names or any(scenario.name.startswith(name) for name in names)]
    if "--list" in arguments:
        print(*(f"{scenario.name:44} {scenario.function.__doc__.splitlines()[0]}" for scenario in chosen), sep="\n")
        return 0
    if not chosen:
        print(f"no scenario is called {' or '.join(names)}; see --list", file=sys.stderr)
        return 64
    if os.geteuid() != 0:
        print("the virtual dock needs root: debootstrap, loop devices", file=sys.stderr)
        return 77
    if not PROGRAM.exists():
        print(f"{PROGRAM} is missing: make build", file=sys.stderr)
        return 66
    # A CI's kill or a closed terminal must not leave anything behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        # nohup(1) has it ignored.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    shutil.rmtree(LOGS, ignore_errors=True)
    sweep()
    begin = time.monotonic()
    image.base()
    if time.monotonic() - begin > 5:
        line("the base image", "made", time.monotonic() - begin)
    failed = play_all(chosen)
    print(f"{len(chosen)} scenarios, {failed} failed, {time.monotonic() - begin:.0f} s", flush=True)
    return 1 if failed else 0


def sweep():
    """Removes what a run that was killed left behind long ago; a younger folder may be that of another run."""
    for folder in (CACHE / "run").glob("*"):
        if time.time() - folder.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)


def play_all(chosen: list[Scenario]) -> int:
    """Runs all modules, the longest first, as many at once as there are lanes, and says how many scenarios failed."""
    modules = [(module, list(group)) for module, group in groupby(chosen, lambda scenario: scenario.module)]
    modules.sort(key=lambda module: -sum(scenario.seconds for scenario in module[1]))
    if LANES == 1:
        return sum(play(*module) for module in modules)
    # Forked: each lane needs a main thread of its own, for its time limits.
    with ProcessPoolExecutor(LANES, multiprocessing.get_context("fork"), initializer=end_with_parent) as lanes:
        return sum(lanes.map(play, *zip(*modules)))


def end_with_parent():
    """A lane whose parent is killed ends, and with it its QEMU."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def play(module: str, scenarios: list[Scenario]) -> int:
    """Runs the scenarios of one module on one dock, and says how many failed."""
    failed = 0
    (CACHE / "run").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"stage-{module}-", dir=CACHE / "run") as name:
        stage = Stage(module, Path(name))
        try:
            for scenario in scenarios:
                begin, boots = time.monotonic(), stage.current is None
                try:
                    with time_limit(scenario.seconds + (BOOT_SECONDS if boots else 0)):
                        scenario.function(stage)
                        stage.clear()
                    line(scenario.name, "ok", time.monotonic() - begin)
                except Exception as reason:
                    failed += 1
                    line(scenario.name, "FAILED", time.monotonic() - begin, tell(stage, scenario, reason))
        finally:
            stage.close()
    return failed


def tell(stage: Stage, scenario: Scenario, reason: Exception) -> str:
    """Keeps the logs of a failure, makes sure that the next scenario gets a healthy dock, and says what was wrong."""
    folder = LOGS / scenario.name
    folder.mkdir(parents=True, exist_ok=True)
    if stage.current:
        with time_limit(60), contextlib.suppress(Exception):
            stage.current.keep_logs(scenario.name)
    (folder / "failure.log").write_text("".join(traceback.format_exception(reason)))
    stage.drop()
    with contextlib.suppress(Exception):
        stage.clear()
    words = str(reason) if isinstance(reason, Failed) else f"{type(reason).__name__}: {reason}"
    return f"{words} (see {folder})"


@contextlib.contextmanager
def time_limit(seconds: float):
    """Fails when its time is over, whatever this thread is waiting for."""

    def over(*_):
        raise Failed(f"not done after {seconds * PATIENCE:.0f} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def line(name: str, result: str, seconds: float, reason: str = ""):
    """One scenario, one line."""
    print(f"{name:44} {result:7}{seconds:6.1f} s  {' '.join(reason.split())}".rstrip(), flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
