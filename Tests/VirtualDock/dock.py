"""A virtual dock: a computer with Debian, a state disk that survives power cuts, and bays for cameras."""

import itertools
import os
import shutil
import tempfile
from pathlib import Path

import image
from channel import Done, checked
from limits import Failed, run, wait_until
from machine import Machine
from places import CACHE, LOGS
from uplink import Uplink
from window import Window

STATE_FOLDERS = ("bodydock", "evidence")


class Dock:
    """Use it as a context: at its end the machine is gone, and after a failure its logs are kept in `LOGS`."""

    def __init__(self, name: str, installation: Path | None = None, state_bytes: int = 2 << 30, clock: str | None = None, uplink: Uplink | Window | None = None):
        (CACHE / "run").mkdir(parents=True, exist_ok=True)
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=CACHE / "run"))
        self.installation = installation
        base = image.base()
        overlay, state = self.folder / "root.qcow2", self.folder / "state.img"
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base.root, overlay)
        make_state_disk(state, state_bytes)
        self.machine = Machine(self.folder, base, overlay, state, installation, clock, uplink)
        self.numbers = itertools.count(1)

    def __enter__(self) -> "Dock":
        return self

    def __exit__(self, kind, reason, _):
        if kind:
            self.keep_logs(self.name)
        self.close()

    def close(self):
        """Away with the machine and its disks."""
        self.machine.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Power

    def boot(self, seconds: float = 90) -> "Dock":
        """Switches on and waits until systemd says that it is done."""
        machine = self.machine
        machine.start()
        # The root keeps what was unpacked into it: once is enough.
        machine.installation = None
        state = machine.guest.run("systemctl", "is-system-running", "--wait", seconds=seconds)
        word = state.text.strip()
        if word not in ("running", "degraded"):
            raise Failed(f"{self.name}: the system is {word or 'silent'} after {seconds:.0f} s: {machine.console()[-800:]}")
        return self

    def power_cut(self):
        """SIGKILL of QEMU. What the guest had written to its disks is there, what it only had in memory is not."""
        self.machine.kill()

    def stop(self, seconds: float = 60):
        """An orderly stop."""
        self.machine.stop(seconds)

    @property
    def is_on(self) -> bool:
        return self.machine.process is not None

    # Commands and files

    def run(self, *command, seconds: float = 30, input: bytes = b"", env: dict | None = None) -> Done:
        """Runs a command in the guest, whatever its status."""
        if not self.machine.guest:
            raise Failed(f"{self.name} is off: {command[0]} cannot run")
        self.machine.runs()
        return self.machine.guest.run(*command, seconds=seconds, input=input, env=env)

    def sh(self, script: str, seconds: float = 30) -> str:
        """What a shell script prints; it must succeed."""
        return checked(self.run("bash", "-euc", script, seconds=seconds)).text.strip()

    def check(self, script: str, seconds: float = 30) -> bool:
        """Whether a shell script succeeds."""
        return self.run("bash", "-c", script, seconds=seconds).status == 0

    def python(self, program: str, *arguments, seconds: float = 60) -> str:
        """What a Python program prints in the guest; it must succeed."""
        return checked(self.run("python3", "-c", program, *arguments, seconds=seconds)).text.strip()

    def push(self, source: Path | bytes | str, target: str, mode: int = 0o644):
        """Writes a file in the guest: a host's file, bytes, or a text."""
        data = source.read_bytes() if isinstance(source, Path) else source
        self.machine.guest.write(target, data.encode() if isinstance(data, str) else data, mode)

    def pull(self, source: str) -> bytes:
        """A file of the guest."""
        return self.machine.guest.read(source)

    def wait_for(self, script: str, seconds: float, what: str, pause: float = 0.1) -> str:
        """Waits until a shell script in the guest succeeds with an output, and gives that."""

        def output() -> str:
            done = self.run("bash", "-euc", script)
            return done.text.strip() if done.status == 0 else ""

        return wait_until(output, seconds, what, pause)

    def journal(self, *options) -> str:
        """The guest's journal since boot."""
        return checked(self.run("journalctl", "--boot", "--no-pager", "--output=short-monotonic", *options)).text

    def keep_logs(self, title: str) -> Path:
        """Copies what helps to understand a failure to `LOGS/title`."""
        target = LOGS / title
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for path in self.folder.glob("*.log"):
            shutil.copy(path, target)
        if self.is_on:
            for name, command in {
                "journal.log": "journalctl --boot --no-pager --output=short-monotonic",
                "system.log": "systemctl --failed --no-pager; lsusb -t; lsblk --output-all; cat /proc/mounts; ps auxww",
            }.items():
                try:
                    (target / name).write_bytes(self.run("bash", "-c", command, seconds=10).out)
                except Failed as reason:
                    (target / name).write_text(f"{reason}\n")
        return target


def make_state_disk(path: Path, size: int):
    """An empty disk with the folders that are mounted from it."""
    with tempfile.TemporaryDirectory() as name:
        for folder in STATE_FOLDERS:
            (Path(name) / folder).mkdir()
        os.chmod(name, 0o755)
        with path.open("wb") as file:
            file.truncate(size)
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", "-L", "state", "-d", name, path)
