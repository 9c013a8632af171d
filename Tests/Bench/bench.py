#!/usr/bin/env python3
"""Verify, encrypt and deliver into a local folder: Bodydock against other tools, and against the floor of this machine.

    bench.py PROGRAM

Options, in the environment:
    BENCH_RUNS=3                        runs of each contender; the median counts (two or one of those over PATIENCE seconds)
    BENCH_SETS=8x256MiB,2000x1MiB       files on the camera
    BENCH_MEDIA=tmpfs,disk              where camera and vault are
    BENCH_DISK=/var/tmp                 a folder on the disk to use
    BENCH_SCALE=1000,100000             segments of 4 KiB on one camera, few and many; empty to leave it out
    BENCH_QUICK=1                       small files and one run: shows that it works, measures nothing
docs/benchmarks.md says what is measured and how."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import contenders
import machine
import measure
import tables
from contenders import BODYDOCK, FileSet, Job
from measure import Cost, Failed

QUICK = os.environ.get("BENCH_QUICK") == "1"
RUNS = int(os.environ.get("BENCH_RUNS", "1" if QUICK else "3"))
SETS = os.environ.get("BENCH_SETS", "4x8MiB,40x64KiB" if QUICK else "8x256MiB,2000x1MiB").split(",")
MEDIA = os.environ.get("BENCH_MEDIA", "tmpfs,disk").split(",")
SCALE = os.environ.get("BENCH_SCALE", "20,200" if QUICK else "1000,100000")
FOLDERS = {"tmpfs": "/dev/shm", "disk": os.environ.get("BENCH_DISK", "/var/tmp")}
PATIENCE = 15.0
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def note(text: str):
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def file_set(text: str) -> FileSet:
    """Reads `8x256MiB`."""
    match = re.fullmatch(r"(\d+)x(\d+)(KiB|MiB|GiB)", text)
    if not match:
        raise Failed(f"BENCH_SETS: {text}: write a set as 8x256MiB")
    return FileSet(int(match[1]), int(match[2]) * UNITS[match[3]], f"{int(match[1]):,} × {match[2]} {match[3]}")


def measured(contender, job: Job, log: Path, sync: bool = False) -> Cost:
    """One run with everything fresh: an empty folder to write to, the files in the page cache, nothing left to flush."""
    shutil.rmtree(job.out, ignore_errors=True)
    job.delivered.mkdir(parents=True)
    contender.prepare(job)
    command = contender.command(job)
    os.sync()
    machine.warm(job.camera)
    cost = measure.run(command, log)
    if sync:
        cost = replace(cost, sync=measure.seconds_to_sync(job.out))
    contenders.check_delivery(job)
    return cost


def new_job(program: Path, files: FileSet, folder: Path, keys: Path) -> Job:
    """A camera in `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    camera, sums = contenders.make_camera(program, files, folder)
    return Job(program, files, camera, sums, folder / "out", keys)


def compare(job: Job, log: Path, on_disk: bool) -> dict[str, list[Cost]]:
    """Runs everybody `RUNS` times in turns, each turn starting with the next, so that drift of the machine hits all alike.
    Who has taken `PATIENCE` seconds sits out the rest: their figures are far from the others', and time is short."""
    # Memory that a virtual machine touches for the first time is dear; whoever comes first would pay for it.
    measured(contenders.COPY, job, log)
    costs = {contender.name: [] for contender in contenders.ALL}
    for turn in range(RUNS):
        first = turn % len(contenders.ALL)
        for contender in contenders.ALL[first:] + contenders.ALL[:first]:
            runs = costs[contender.name]
            if sum(cost.wall for cost in runs) > PATIENCE:
                continue
            # Flushing what a peer left in memory takes long and hardly varies: once.
            runs.append(measured(contender, job, log, sync=on_disk and turn == 0))
            note(f"  {contender.name}: {runs[-1].wall:.2f} s, {runs[-1].cpu:.2f} CPU s")
    shutil.rmtree(job.out)
    return costs


def bench_medium(medium: str, program: Path) -> Iterator[tables.Result]:
    """All file sets on one medium, in one folder that goes away."""
    if medium not in FOLDERS:
        raise Failed(f"BENCH_MEDIA: {medium}: allowed are {', '.join(FOLDERS)}")
    sets = [file_set(text) for text in SETS]
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=FOLDERS[medium]) as name:
        scratch = Path(name)
        # Camera, what the largest contender writes, and some more for what it keeps besides.
        needed, free = 2.5e9 * max(files.gigabytes for files in sets), shutil.disk_usage(scratch).free
        if free < needed:
            raise Failed(f"{FOLDERS[medium]}: {free / 1e9:.1f} GB are free, {needed / 1e9:.1f} GB are needed")
        keys, log = scratch / "age.key", scratch / "log"
        measure.output_of("age-keygen", "-o", keys)
        note(f"{medium}: warm-up")
        job = new_job(program, FileSet(4, 1 << 20, "warm-up"), scratch / "set", keys)
        for contender in contenders.ALL:
            measured(contender, job, log)
            if contender.name.startswith("bodydock"):
                contenders.check_sealed(job)
        for files in sets:
            note(f"{medium}: {files.title}")
            job = new_job(program, files, scratch / "set", keys)
            rates = machine.measure_rates()
            costs = compare(job, log, on_disk=medium == "disk")
            where = f"{medium} ({FOLDERS[medium]}, {machine.file_system(scratch)})"
            yield tables.Result(medium, where, files, rates, costs)


def bench_scale(program: Path) -> list[tuple[FileSet, Cost]]:
    """Few and many tiny segments on one camera, in memory."""
    results = []
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=FOLDERS["tmpfs"]) as name:
        scratch = Path(name)
        keys = scratch / "age.key"
        measure.output_of("age-keygen", "-o", keys)
        for count in map(int, filter(None, SCALE.split(","))):
            files = FileSet(count, 4 << 10, f"{count:,} × 4 KiB")
            note(f"one camera: {files.title}")
            job = new_job(program, files, scratch / "set", keys)
            # Few segments take so little time that one run says little.
            runs = RUNS if count <= 10_000 else 1
            results.append((files, measure.median([measured(BODYDOCK, job, scratch / "log") for _ in range(runs)])))
    return results


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    program = Path(sys.argv[1]).resolve()
    # A default SIGTERM would leave gigabytes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin = time.monotonic()
    try:
        print(machine.facts())
        results = []
        for medium in MEDIA:
            for result in bench_medium(medium, program):
                print("\n" + tables.comparison(result), flush=True)
                results.append(result)
        scale = bench_scale(program)
        if scale:
            print("\n" + tables.scale(scale))
        print("\n" + tables.aims(results, scale))
    except KeyboardInterrupt:
        return 130
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        note(f"{time.monotonic() - begin:.0f} s")
    if QUICK:
        print("\nBENCH_QUICK: small files, so these figures say nothing about speed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
