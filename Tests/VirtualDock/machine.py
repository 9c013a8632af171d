"""One QEMU process: the computer of a dock. It never outlives this program."""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from channel import Channel
from image import Base
from limits import PATIENCE, Failed, tail, wait_until
from qmp import Qmp
from uplink import Uplink
from window import Window

QEMU = "qemu-system-x86_64"
HUBS = (14, 15)
DEVICES = [
    *("-device", "qemu-xhci,id=xhci,p2=15,p3=8,addr=5"),
    *("-device", "virtio-rng-pci"),
    *("-device", "virtio-serial-pci"),
    *("-device", "virtserialport,chardev=agent,name=virtual-dock.agent"),
]
COMMAND_LINE = "console=ttyS0 loglevel=5 panic=-1 mitigations=off random.trust_cpu=on net.ifnames=0 systemd.show_status=false"
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Machine:
    """`overlay`, `state` and `installation` are its disks, `uplink` its network, if it has one; sockets and the console's log lie in `folder`."""

    folder: Path
    base: Base
    overlay: Path
    state: Path
    installation: Path | None = None
    clock: str | None = None
    uplink: Uplink | Window | None = None
    memory: int = 1024
    process: subprocess.Popen | None = None
    qmp: Qmp | None = None
    guest: Channel | None = None
    boots: int = field(default=0)

    def start(self):
        """Switches on. Returns when the guest's agent answers, which is before the system is up."""
        if self.process:
            raise Failed("the virtual dock is on already")
        self.boots += 1
        for name in ("qmp", "agent"):
            (self.folder / name).unlink(missing_ok=True)
        parent = os.getpid()

        def die_with_parent():
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

        with (self.folder / f"qemu-{self.boots}.log").open("wb") as log:
            self.process = subprocess.Popen(
                [QEMU, *self.options()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
                pass_fds=[self.uplink.tap] if self.uplink and self.uplink.tap else [],
            )
        try:
            wait_until(lambda: self.process.poll() is not None or (self.folder / "qmp").exists(), 20, "QEMU to start", 0.02)
            self.runs()
            self.qmp = Qmp(self.folder / "qmp")
            self.guest = Channel(self.folder / "agent")
            self.guest.wait_for_guest(120, self.runs)
        except BaseException:
            self.kill()
            raise

    def runs(self) -> bool:
        """Fails if QEMU has ended by itself."""
        status = self.process.poll() if self.process else None
        if self.process and status is not None:
            said = tail((self.folder / f"qemu-{self.boots}.log").read_bytes())
            raise Failed(f"QEMU ended with {status}: {said}; console: {self.console()[-500:]}")
        return self.process is not None

    def kill(self):
        """Pulls the plug."""
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None
        for line in (self.qmp, self.guest):
            if line:
                line.close()
        self.qmp = self.guest = None

    def stop(self, seconds: float = 60):
        """Stops the system in good order, and fails if it does not."""
        self.guest.run("systemctl", "--no-block", "poweroff", seconds=10)
        process, end = self.process, time.monotonic() + seconds * PATIENCE
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        late = process.poll() is None
        self.kill()
        if late:
            raise Failed(f"the guest has not stopped after {seconds * PATIENCE:.0f} s; console: {self.console()[-1000:]}")

    def console(self) -> str:
        """What the serial console said since the machine was switched on."""
        path = self.folder / f"console-{self.boots}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def options(self) -> list[str]:
        """QEMU's command line."""

        def disk(name: str, path: Path, format: str, more: str = "") -> list[str]:
            return [
                *("-drive", f"if=none,id={name},format={format},file={path}{more}"),
                *("-device", f"virtio-blk-pci,drive={name},serial={name}"),
            ]

        def socket(name: str) -> list[str]:
            return ["-chardev", f"socket,id={name},path={self.folder / name},server=on,wait=off"]

        words = ["-accel", "tcg,thread=multi", "-cpu", "max", "-M", "q35", "-m", str(self.memory), "-smp", "2"]
        words += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        words += ["-serial", f"file:{self.folder}/console-{self.boots}.log"]
        words += [*socket("agent"), *socket("qmp"), "-mon", "chardev=qmp,mode=control", *DEVICES]
        # Written data is in the host's page cache, which outlives QEMU: syncing the host's disk would only cost time.
        words += disk("root", self.overlay, "qcow2", ",cache=writeback")
        words += disk("state", self.state, "raw", ",cache=unsafe")
        if self.installation:
            words += disk("install", self.installation, "raw", ",readonly=on")
        for hub in HUBS:
            words += ["-device", f"usb-hub,id=hub{hub},bus=xhci.0,port={hub},ports=8,port-power=on"]
        if self.uplink:
            words += self.uplink.machine_options
        if self.clock:
            words += ["-rtc", f"base={self.clock}"]
        unpack = " virtual-dock.install" if self.installation else ""
        return words + ["-kernel", str(self.base.kernel), "-initrd", str(self.base.initrd), "-append", COMMAND_LINE + unpack]
