"""How exactly Bodydock keeps to a limit, and when it lifts one: on a link of 40 Mbit/s, with a limit of 25 Mbit/s until a minute that
comes while it uploads, over four connections. Counted is what arrives at the service."""

import math
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import contenders
import machine
import measure
import options
import uploads
from contenders import FileSet
from links import Link
from measure import Failed
from sink import Seen
from upload_bench import scratch, sink_service

LIMIT, LINE = 25_000_000, 40_000_000
# Bytes that a full packet carries, and those of the line that it takes: a limit is one of the line.
LOAD, PACKET = 1448, 1500
# Seconds under the limit and after it.
UNDER, AFTER = (14, 4) if options.QUICK else (45, 12)
WINDOW = 10.0
STEP = 0.1


@dataclass(frozen=True)
class Limited:
    """What was seen: rates of the line in bit/s."""

    windows: list[float]
    """Over each window that lies wholly under the limit."""
    late: float
    """Seconds from the minute until the rate rose; not before this is known better than to the width of a bin."""
    width: float
    after: float
    """From then to a second before the end."""


def place_of_minute(moment: float) -> str:
    """A `TZ` where a minute begins at this moment: a local time some seconds ahead of UTC (tzset(3))."""
    ahead = -int(moment) % 60
    return f"<BENCH>-00:00:{ahead:02d}"


def measured(program: Path) -> Limited:
    """Uploads for UNDER + AFTER seconds, once."""
    with Link.rated(LINE) as link, scratch() as (folder, keys), sink_service(folder, link, "limit") as service:
        size = 1 << 20
        needed = (LIMIT * UNDER + LINE * AFTER) / 8 * LOAD / PACKET
        files = FileSet(math.ceil(needed / size), size, "limit")
        job = contenders.new_job(program, files, folder / "set", keys)
        shutil.rmtree(job.out, ignore_errors=True)
        job.out.mkdir()
        machine.warm(job.camera)
        lifted = float(math.ceil(time.time()) + UNDER)
        environment = uploads.ENVIRONMENT | {"TZ": place_of_minute(lifted)}
        os.environ["TZ"] = environment["TZ"]
        time.tzset()
        begin, end = (time.strftime("%H:%M", time.localtime(lifted - minutes * 60)) for minutes in (10, 0))
        del os.environ["TZ"]
        time.tzset()
        limits = f"delivery:\n  limits: [{{from: '{begin}', to: '{end}', rate: {LIMIT / 1e6:.0f} Mbit/s}}]\n"
        uploads.configure_bodydock(job, service, limits)
        print(f"limit: {UNDER + AFTER} s", file=sys.stderr, flush=True)
        service.renew()
        measure.run([*link.client, *uploads.bodydock_command(job, service)], folder / "log", environment)
        return judge(service.seen(files.count * files.size), lifted)


def judge(seen: Seen, lifted: float) -> Limited:
    """Reads the rates out of what arrived."""
    rates = [8 * count / seen.width * PACKET / LOAD for count in seen.bins]

    def mean(begin: float, end: float) -> float:
        """Over the bins between two moments."""
        first, last = (round((moment - seen.began) / seen.width) for moment in (begin, end))
        return sum(rates[first:last]) / (last - first)

    # What was saved up goes first, by design; a window may well begin with it.
    first = seen.began + next(index for index, count in enumerate(seen.bins) if count) * seen.width
    steps = int((lifted - WINDOW - first) / STEP) + 1
    if steps < 1:
        raise Failed(f"it began to upload {lifted - first:.1f} s before the limit ended: that is no window of {WINDOW:.0f} s")
    windows = [mean(first + step * STEP, first + step * STEP + WINDOW) for step in range(steps)]
    last = seen.began + len(rates) * seen.width
    risen, moment = (LIMIT + LINE) / 2, lifted
    # A burst of one bin is no rise: the quarter second that begins there counts.
    while mean(moment, moment + 0.25) < risen:
        moment += seen.width
        if moment > last - 1:
            raise Failed("the limit was not lifted")
    while mean(moment, moment + seen.width) < risen:
        moment += seen.width
    return Limited(windows, moment - lifted, seen.width, mean(moment, last - 1))


def report(limited: Limited) -> str:
    low, high = min(limited.windows) / LIMIT - 1, max(limited.windows) / LIMIT - 1
    return (
        f"limit of {LIMIT / 1e6:.0f} Mbit/s on a link of {LINE / 1e6:.0f} Mbit/s, {uploads.CONNECTIONS} connections, counted where it arrives\n"
        f"over any {WINDOW:.0f} s ({len(limited.windows)} windows, {STEP * 1000:.0f} ms apart): {low:+.1%} to {high:+.1%} of the limit (aim ±5%)\n"
        f"lifted {limited.late * 1000:.0f} ms after the minute (±{limited.width * 1000:.0f} ms); "
        f"{limited.after / 1e6:.1f} Mbit/s from then on"
    )
