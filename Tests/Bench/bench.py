#!/usr/bin/env python3
"""Verify, encrypt and deliver, into a local folder and into a bucket: Bodydock against other tools, and against what remains when
everything is perfect.

    bench.py PROGRAM

Options, in the environment:
    BENCH_SECTIONS=local,scale,upload,ceph,uplink,slow,limit,ledger    what is measured
    BENCH_RUNS=3                        runs of each contender; the median counts (two or one of those over PATIENCE seconds)
    BENCH_SETS=8x256MiB,2000x1MiB       local: files on the camera
    BENCH_MEDIA=tmpfs,disk              local: where camera and vault are
    BENCH_DISK=/var/tmp                 local: a folder on the disk to use
    BENCH_SCALE=1000,100000             scale: segments of 4 KiB on one camera, few and many
    BENCH_UPLOAD_SETS=8x256MiB,2000x1MiB    upload: into a sink on loopback that is not the limit
    BENCH_CEPH_SETS=2x256MiB,200x1MiB   ceph: into a real S3 service
    BENCH_UPLINK_SETS=4x256MiB,500x1MiB uplink: over 1 Gbit/s (needs root, as the next two)
    BENCH_SLOW_SETS=4x4MiB,16x1MiB      slow: over 100 ms and 1% loss
    BENCH_LEDGER_SEGMENTS=100000        ledger: segments of 4 KiB that the history tells of, with two entries each
    BENCH_QUICK=1                       small files and one run: shows that it works, measures nothing
docs/benchmarks.md says what is measured and how."""

import os
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
import ledger_bench
import limit_bench
import machine
import measure
import options
import tables
import upload_bench
from contenders import BODYDOCK, FileSet, Job
from measure import Cost, Failed

PATIENCE = 15.0


def note(text: str):
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)


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


def compare(job: Job, log: Path, on_disk: bool) -> dict[str, list[Cost]]:
    """Runs everybody `RUNS` times in turns, each turn starting with the next, so that drift of the machine hits all alike.
    Who has taken `PATIENCE` seconds sits out the rest: their figures are far from the others', and time is short."""
    # Memory that a virtual machine touches for the first time is dear; whoever comes first would pay for it.
    measured(contenders.COPY, job, log)
    costs = {contender.name: [] for contender in contenders.ALL}
    for turn in range(options.RUNS):
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
    if medium not in options.FOLDERS:
        raise Failed(f"BENCH_MEDIA: {medium}: allowed are {', '.join(options.FOLDERS)}")
    sets = options.SETS
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=options.FOLDERS[medium]) as name:
        scratch = Path(name)
        # Camera, what the largest contender writes, and some more for what it keeps besides.
        needed, free = 2.5e9 * max(files.gigabytes for files in sets), shutil.disk_usage(scratch).free
        if free < needed:
            raise Failed(f"{options.FOLDERS[medium]}: {free / 1e9:.1f} GB are free, {needed / 1e9:.1f} GB are needed")
        keys, log = scratch / "age.key", scratch / "log"
        measure.output_of("age-keygen", "-o", keys)
        note(f"{medium}: warm-up")
        job = contenders.new_job(program, FileSet(4, 1 << 20, "warm-up"), scratch / "set", keys)
        for contender in contenders.ALL:
            measured(contender, job, log)
            if contender.name.startswith("bodydock"):
                contenders.check_sealed(job)
        for files in sets:
            note(f"{medium}: {files.title}")
            job = contenders.new_job(program, files, scratch / "set", keys)
            rates = machine.measure_rates()
            costs = compare(job, log, on_disk=medium == "disk")
            where = f"{medium} ({options.FOLDERS[medium]}, {machine.file_system(scratch)})"
            yield tables.Result(medium, where, files, rates, costs)


def bench_scale(program: Path) -> list[tuple[FileSet, Cost]]:
    """Few and many tiny segments on one camera, in memory."""
    results = []
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=options.FOLDERS["tmpfs"]) as name:
        scratch = Path(name)
        keys = scratch / "age.key"
        measure.output_of("age-keygen", "-o", keys)
        for count in options.SCALE:
            files = FileSet(count, 4 << 10, f"{count:,} × 4 KiB")
            note(f"one camera: {files.title}")
            job = contenders.new_job(program, files, scratch / "set", keys)
            # Few segments take so little time that one run says little.
            runs = options.RUNS if count <= 10_000 else 1
            results.append((files, measure.median([measured(BODYDOCK, job, scratch / "log") for _ in range(runs)])))
    return results


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    program = Path(sys.argv[1]).resolve()
    unknown = set(options.WANTED) - set(options.SECTIONS)
    if unknown:
        print(f"bench: BENCH_SECTIONS: {', '.join(unknown)}: allowed are {', '.join(options.SECTIONS)}", file=sys.stderr)
        return 64
    # A default SIGTERM would leave gigabytes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin = time.monotonic()
    try:
        print(machine.facts())
        results = []
        for medium in options.MEDIA if "local" in options.WANTED else []:
            for result in bench_medium(medium, program):
                print("\n" + tables.comparison(result), flush=True)
                results.append(result)
        scale = bench_scale(program) if "scale" in options.WANTED else []
        if scale:
            print("\n" + tables.scale(scale))
        if results:
            print("\n" + tables.aims(results, scale), flush=True)
        sent = []
        for result in upload_bench.bench(program):
            print("\n" + upload_bench.comparison(result), flush=True)
            sent.append(result)
        if sent:
            print("\n" + upload_bench.aims(sent), flush=True)
        if "limit" in options.WANTED and upload_bench.may_link("limit"):
            print("\n" + limit_bench.report(limit_bench.measured(program)))
        if "ledger" in options.WANTED:
            print("\n" + ledger_bench.report(ledger_bench.measured(program)))
    except KeyboardInterrupt:
        return 130
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        note(f"{time.monotonic() - begin:.0f} s")
    if options.QUICK:
        print("\nBENCH_QUICK: small files, so these figures say nothing about speed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
