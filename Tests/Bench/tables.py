"""Prints what was measured."""

from dataclasses import dataclass
from functools import cached_property

from contenders import ALL, BODYDOCK, COPY, PIPELINE, RESTIC, SUMS_AGE, SUMS_RCLONE, FileSet
from machine import Rates
from measure import Cost, median

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Result:
    """Everybody on one set of files on one medium."""

    medium: str
    where: str
    files: FileSet
    rates: Rates
    runs: dict[str, list[Cost]]

    @cached_property
    def costs(self) -> dict[str, Cost]:
        return {name: median(runs) for name, runs in self.runs.items()}

    @property
    def floor(self) -> float:
        """CPU seconds per GB below which nobody gets who hashes, seals and writes each byte once."""
        return self.rates.seconds_per_gigabyte + self.costs[COPY.name].cpu / self.files.gigabytes

    @property
    def cpu_over_floor(self) -> float:
        return self.costs[BODYDOCK.name].cpu / self.files.gigabytes / self.floor

    @property
    def cores(self) -> float:
        cost = self.costs[BODYDOCK.name]
        return cost.cpu / cost.wall

    def times_faster(self, peer: str) -> float:
        """How many times longer `peer` takes than Bodydock until its output is on the medium."""
        return self.costs[peer].durable / self.costs[BODYDOCK.name].durable


def lines(rows: list[list[str]]) -> str:
    """Rows as aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths)))
        for row in rows
    )


def comparison(result: Result) -> str:
    """One set on one medium. «× bodydock» is how many times Bodydock's figure a contender needs."""
    on_disk = result.medium == "disk"
    reference = result.costs[BODYDOCK.name]
    rows = [["", "wall s", *(["to sync s"] if on_disk else []), "× bodydock", "CPU s/GB", "× bodydock", "CPU/wall", "peak MiB", "runs"]]
    for contender in ALL:
        cost = result.costs[contender.name]
        rows.append([
            contender.name,
            f"{cost.wall:.2f}",
            *([f"{cost.sync:.2f}"] if on_disk else []),
            f"{cost.durable / reference.durable:.2f}",
            f"{cost.cpu / result.files.gigabytes:.2f}",
            f"{cost.cpu / reference.cpu:.2f}",
            f"{cost.cpu / cost.wall:.2f}",
            f"{cost.memory / MEBIBYTE:.1f}",
            str(len(result.runs[contender.name])),
        ])
    copy = result.costs[COPY.name].cpu / result.files.gigabytes
    return (
        f"{result.files.title} ({result.files.gigabytes:.2f} GB) on {result.where}, medians\n{lines(rows)}\n"
        f"floor, CPU s/GB: SHA-256 {1e9 / result.rates.sha256:.2f} + ChaCha20-Poly1305 {1e9 / result.rates.chacha20_poly1305:.2f}"
        f" + one copy {copy:.2f} = {result.floor:.2f}; bodydock uses {result.cpu_over_floor:.2f} times that"
    )


def scale(results: list[tuple[FileSet, Cost]]) -> str:
    """Cost per segment of few and many segments."""
    rows = [["one camera on tmpfs", "wall s", "wall µs/segment", "CPU µs/segment", "peak MiB"]]
    for files, cost in results:
        rows.append([
            files.title,
            f"{cost.wall:.2f}",
            f"{cost.wall / files.count * 1e6:.0f}",
            f"{cost.cpu / files.count * 1e6:.0f}",
            f"{cost.memory / MEBIBYTE:.1f}",
        ])
    return lines(rows)


def aims(results: list[Result], scale: list[tuple[FileSet, Cost]]) -> str:
    """What was aimed at, and what was reached in each case."""
    faster = [(SUMS_AGE, 4.0), (SUMS_RCLONE, 4.0), (RESTIC, 4.0), (PIPELINE, 1.5)]
    rows = [["", "aim", *(f"{result.medium} {result.files.title}" for result in results)]]
    for peer, aim in faster:
        rows.append([f"times faster than {peer.name}", f"≥ {aim:.2f}", *(f"{r.times_faster(peer.name):.2f}" for r in results)])
    rows.append(["CPU per GB, times the floor", "≤ 1.25", *(f"{result.cpu_over_floor:.2f}" for result in results)])
    rows.append(["cores busy (CPU/wall)", "→ 2.00", *(f"{result.cores:.2f}" for result in results)])
    rows.append(["peak memory, MiB", "< 64", *(f"{r.costs[BODYDOCK.name].memory / MEBIBYTE:.1f}" for r in results)])
    text = lines(rows)
    if len(scale) == 2:
        (few, cheap), (many, dear) = scale
        wall = (dear.wall / many.count) / (cheap.wall / few.count)
        cpu = (dear.cpu / many.count) / (cheap.cpu / few.count)
        text += (
            f"\ncost per segment of {many.count:,} segments, times that of {few.count:,}: wall {wall:.2f}, CPU {cpu:.2f} (aim ≤ 1)"
            f"; peak {dear.memory / MEBIBYTE:.1f} MiB (aim < 64)"
        )
    return text
