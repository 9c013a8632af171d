"""What the ledger costs: bytes for each segment, and how long a long history takes to verify and to prove something from."""

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import contenders
import machine
import measure
import options
from contenders import BODYDOCK, FileSet
from measure import Cost, Failed

# Proofs of entries spread over the history; a program that starts anew for each takes a few milliseconds by itself.
PROOFS = 3 if options.QUICK else 25


@dataclass(frozen=True)
class Seen:
    """What was seen of one history."""

    segments: int
    entries: int
    size: int
    """Bytes of the ledger."""
    verify: Cost
    prove: Cost
    check: Cost


def measured(program: Path) -> Seen:
    """One camera with many small segments, taken in once, makes the history."""
    with tempfile.TemporaryDirectory(prefix="bodydock-bench-", dir=options.FOLDERS["tmpfs"]) as name:
        folder = Path(name)
        keys, log = folder / "age.key", folder / "log"
        measure.output_of("age-keygen", "-o", keys)
        files = FileSet(options.LEDGER_SEGMENTS, 4 << 10, "ledger")
        print(f"ledger: {files.count:,} segments", file=sys.stderr, flush=True)
        job = contenders.new_job(program, files, folder / "set", keys)
        shutil.rmtree(job.out, ignore_errors=True)
        job.delivered.mkdir(parents=True)
        BODYDOCK.prepare(job)
        machine.warm(job.camera)
        measure.run(BODYDOCK.command(job), log)
        return judge(program, job.out, log, files.count)


def judge(program: Path, out: Path, log: Path, segments: int) -> Seen:
    def ledger(*arguments) -> list:
        return [program, "ledger", *arguments, "--config", out / "bodydock.yaml"]

    verify = measure.median([measure.run(ledger("verify"), log) for _ in range(options.RUNS)])
    entries = int(re.match(r"(\d+) entries", log.read_text().splitlines()[-1])[1])
    size = sum(file.stat().st_size for file in (out / "state").glob("ledger.sqlite*"))
    checkpoint, proof, signers = out / "checkpoint", out / "proof", out / "allowed_signers"
    checkpoint.write_text(measure.output_of(*ledger("checkpoint")))
    signers.write_text(measure.output_of(program, "keys", "list", "--config", out / "bodydock.yaml"))
    prove, check = [], []
    for number in range(PROOFS):
        entry = entries * (2 * number + 1) // (2 * PROOFS)
        prove.append(measure.run(ledger("prove", entry, "--checkpoint", checkpoint), log))
        shutil.copyfile(log, proof)
        check.append(measure.run([program, "ledger", "check-proof", proof, "--signers", signers], log))
        if f'"sequence":{entry},' not in log.read_text():
            raise Failed(f"the proof of entry {entry} shows another: {log.read_text()[:500]}")
    return Seen(segments, entries, size, verify, measure.median(prove), measure.median(check))


def report(seen: Seen) -> str:
    return "\n".join([
        f"{seen.entries:,} entries of {seen.segments:,} segments: {seen.size / 1e6:.1f} MB,"
        f" {seen.size / seen.segments:,.0f} bytes for each segment",
        f"ledger verify       {seen.verify.wall:.2f} s, {seen.verify.memory / (1 << 20):.1f} MiB (aim < 5 s)",
        f"ledger prove        {1000 * seen.prove.wall:.0f} ms with the start of the program (aim < 50 ms)",
        f"ledger check-proof  {1000 * seen.check.wall:.0f} ms",
    ])
