"""Verify, encrypt and upload: into a service that is not the limit, into a real one, and over links."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import contenders
import machine
import measure
import options
import uploads
from contenders import FileSet, Job
from links import Link
from measure import Cost, Failed
from sink import Seen, Sink
from tables import MEBIBYTE, lines
from uploads import ALL, BODYDOCK, FLOOR, Service, Uploader

CEPH = Path(__file__).parent.parent / "Rigs"
# Seconds that a packet takes each way, and the share that is lost, each way too.
DELAY, LOSS = 0.05, 0.01
UPLINK = 1_000_000_000


@dataclass(frozen=True)
class Upload:
    """One run."""

    cost: Cost
    seen: Seen | None
    share: float


@dataclass(frozen=True)
class Result:
    """Everybody on one set of files into one service."""

    section: str
    where: str
    files: FileSet
    runs: dict[str, list[Upload]]

    @cached_property
    def costs(self) -> dict[str, Cost]:
        return {name: measure.median([run.cost for run in runs]) for name, runs in self.runs.items()}

    def times(self, name: str, other: str) -> float:
        return self.costs[name].wall / self.costs[other].wall


def measured(uploader: Uploader, job: Job, service: Service, log: Path) -> Upload:
    """One run with everything fresh: an empty bucket, no state, the files in the page cache."""
    shutil.rmtree(job.out, ignore_errors=True)
    job.out.mkdir()
    service.renew()
    uploader.prepare(job, service)
    machine.warm(uploads.ready(job) if uploader is FLOOR else job.camera)
    if service.sink:
        before = service.sink.seen()
    cost = measure.run([*service.inside, *uploader.command(job, service)], log, uploads.ENVIRONMENT)
    share = uploader.share(job.files)
    seen = service.seen(int(share * job.files.count) * job.files.size)
    if seen:
        # Without what was asked beforehand, and by us.
        requests = {name: count - before.requests[name] for name, count in seen.requests.items()}
        seen = replace(seen, requests=requests, connections=seen.connections - before.connections - 1)
    return Upload(replace(cost, wall=cost.wall / share, cpu=cost.cpu / share), seen, share)


def compare(job: Job, service: Service, log: Path, runs: int, patience: float) -> dict[str, list[Upload]]:
    """Everybody in turns, each turn beginning with the next. Who has taken `patience` seconds sits out the rest."""
    found: dict[str, list[Upload]] = {uploader.name: [] for uploader in ALL}
    for turn in range(runs):
        for uploader in ALL[turn % len(ALL):] + ALL[:turn % len(ALL)]:
            mine = found[uploader.name]
            if sum(run.cost.wall * run.share for run in mine) > patience:
                continue
            mine.append(measured(uploader, job, service, log))
            print(f"  {uploader.name}: {mine[-1].cost.wall:.2f} s, {mine[-1].cost.cpu:.2f} CPU s", file=sys.stderr, flush=True)
    return found


def new_job(program: Path, files: FileSet, folder: Path, keys: Path) -> Job:
    job = contenders.new_job(program, files, folder, keys)
    uploads.make_ready(job)
    return job


@contextmanager
def scratch() -> Iterator[tuple[Path, Path]]:
    """A folder in memory that goes away, and an age key in it."""
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=options.FOLDERS["tmpfs"]) as name:
        keys = Path(name) / "age.key"
        measure.output_of("age-keygen", "-o", keys)
        yield Path(name), keys


@contextmanager
def sink_service(folder: Path, link: Link | None, title: str) -> Iterator[Service]:
    sink = Sink(folder, address="0.0.0.0", inside=link.server) if link else Sink(folder)
    try:
        yield Service(sink.url, title, sink, link.client if link else ())
    finally:
        sink.stop()


@contextmanager
def ceph_service(folder: Path) -> Iterator[Service]:
    """A Ceph gateway with its objects in memory, on loopback."""
    words = [CEPH / "ceph-up.sh", folder / "ceph", str(os.getpid())]
    said = subprocess.run(words, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True).stdout
    try:
        yield Service(said.split()[-1], "Ceph's gateway on loopback, objects in memory")
    finally:
        subprocess.run([CEPH / "ceph-down", folder / "ceph"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def bench_sink(program: Path, section: str, sets: list[FileSet], title: str, link: Link | None, runs: int) -> Iterator[Result]:
    with scratch() as (folder, keys), sink_service(folder, link, title) as service:
        if not link:
            warm_up(program, service, folder, keys)
        for files in sets:
            print(f"{section}: {files.title}", file=sys.stderr, flush=True)
            job = new_job(program, files, folder / "set", keys)
            yield Result(section, title, files, compare(job, service, folder / "log", runs, patience=15))


def warm_up(program: Path, service: Service, folder: Path, keys: Path):
    """Programs and libraries come into memory; with a service that keeps objects, what Bodydock uploads is opened."""
    job = new_job(program, FileSet(4, 1 << 20, "warm-up"), folder / "set", keys)
    for uploader in [BODYDOCK] if options.QUICK else ALL:
        measured(uploader, job, service, folder / "log")
        if uploader is BODYDOCK and not service.sink:
            uploads.check_uploaded(job, service, contenders.check_sealed)


def bench_ceph(program: Path) -> Iterator[Result]:
    for files in options.CEPH_SETS:
        # A new one for each set, and one run: its memory is bounded, and when that is full it hangs without a word.
        with scratch() as (folder, keys), ceph_service(folder) as service:
            warm_up(program, service, folder, keys)
            print(f"ceph: {files.title}", file=sys.stderr, flush=True)
            job = new_job(program, files, folder / "set", keys)
            yield Result("ceph", service.title, files, compare(job, service, folder / "log", 1, patience=15))


def bench(program: Path) -> Iterator[Result]:
    """All sections with uploads that are asked for."""
    if "upload" in options.WANTED:
        yield from bench_sink(program, "sink", options.UPLOAD_SETS, "a sink on loopback", None, options.RUNS)
    if "ceph" in options.WANTED:
        yield from bench_ceph(program)
    if "uplink" in options.WANTED and may_link("uplink"):
        with Link.rated(UPLINK) as link:
            title = "a sink behind a link of 1 Gbit/s"
            yield from bench_sink(program, "1 Gbit/s", options.UPLINK_SETS, title, link, 1)
    if "slow" in options.WANTED and may_link("slow"):
        with Link.slow(DELAY, LOSS) as link:
            title = f"a sink behind a link with {2000 * DELAY:.0f} ms there and back, {LOSS:.0%} loss each way"
            yield from bench_sink(program, "slow", options.SLOW_SETS, title, link, 1)


def may_link(section: str) -> bool:
    if os.geteuid() != 0:
        print(f"\n{section}: left out, network namespaces need root", flush=True)
    return os.geteuid() == 0


def comparison(result: Result) -> str:
    """One set into one service."""
    rows = [["", "wall s", "× floor", "CPU s/GB", "requests/segment", "connections", "peak MiB", "runs"]]
    for uploader in ALL:
        runs, cost = result.runs[uploader.name], result.costs[uploader.name]
        segments = result.files.count * runs[0].share
        seen = [run.seen for run in runs if run.seen]
        rows.append([
            uploader.name + (" ≈" if runs[0].share < 1 else ""),
            f"{cost.wall:.2f}",
            f"{result.times(uploader.name, FLOOR.name):.2f}",
            f"{cost.cpu / result.files.gigabytes:.2f}",
            f"{statistics.median(one.request_count for one in seen) / segments:.2f}" if seen else "",
            str(max(one.connections for one in seen)) if seen else "",
            f"{cost.memory / MEBIBYTE:.1f}",
            str(len(runs)),
        ])
    text = f"{result.files.title} ({result.files.gigabytes:.2f} GB) into {result.where}, medians\n{lines(rows)}"
    sampled = [uploader for uploader in ALL if result.runs[uploader.name][0].share < 1]
    return text + "".join(f"\n≈ reckoned from {uploader.sample} of the files" for uploader in sampled)


def aims(results: list[Result]) -> str:
    """What was aimed at, and what was reached."""
    rows = [["uploads", "aim", *(f"{result.section} {result.files.title}" for result in results)]]
    for peer in ALL[1:-1]:
        rows.append([f"times faster than {peer.name}", "> 1.00", *(f"{r.times(peer.name, BODYDOCK.name):.2f}" for r in results)])
    rows.append(["wall, times the floor", "≤ 1.15", *(f"{r.times(BODYDOCK.name, FLOOR.name):.2f}" for r in results)])
    rows.append(["peak memory, MiB", "< 64", *(f"{r.costs[BODYDOCK.name].memory / MEBIBYTE:.1f}" for r in results)])
    return lines(rows)
