"""The S3 service that uploads are measured against (sink.c), and what it saw of them."""

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from measure import Failed, output_of

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "labkey", "labsecretlabsecret", "us-east-1", "bench"
SOURCE = Path(__file__).with_name("sink.c")


@dataclass(frozen=True)
class Seen:
    """What arrived since the last reset."""

    requests: dict[str, int]
    connections: int
    bytes: int
    began: float
    """Seconds since 1970, on this machine's clock."""
    width: float
    """Seconds of one of the `bins`."""
    bins: list[int]

    @property
    def request_count(self) -> int:
        return sum(self.requests.values())


class Sink:
    """A running sink. `inside` is what a command begins with that runs where the sink is (a network namespace)."""

    def __init__(self, folder: Path, port: int = 9371, address: str = "127.0.0.1", inside: tuple[str, ...] = ()):
        compiler = next(filter(None, map(shutil.which, ["clang", "cc", "gcc"])), None)
        if not compiler:
            raise Failed("there is no C compiler for the sink; clang comes with Swift")
        program = folder / "sink"
        output_of(compiler, "-O2", "-pthread", "-o", program, SOURCE)
        self.inside = inside
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen([*inside, str(program), address, str(port)], stdin=subprocess.DEVNULL)
        for _ in range(200):
            try:
                return self.reset()
            except Failed:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        self.stop()
        raise Failed(f"the sink does not answer on port {port}")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def reset(self):
        self._ask("-X", "POST", f"{self.url}/-/reset")

    def seen(self) -> Seen:
        said = json.loads(self._ask(f"{self.url}/-/stats"))
        return Seen(said["requests"], said["connections"], said["bytes"], said["began"], said["bin_ms"] / 1000, said["bins"])

    def _ask(self, *words: str) -> str:
        return output_of(*self.inside, "curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10", *words)
