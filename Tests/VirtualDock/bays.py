"""Bays of the virtual dock, and cameras that are USB disks in them.

A bay is a port of the dock's USB controller: "1" to "8" are USB 3, "9" to "13" USB 2 (both without power switching, as on
cheap docks), "14.1" to "14.8" and "15.1" to "15.8" are ports of hubs that switch power (USB 1.1: BOT only)."""

from dataclasses import dataclass, field
from pathlib import Path

from dock import Dock
from limits import Failed, wait_until

PCI = "pci-0000:00:05.0"
EIO, ENOSPC, ENODATA = 5, 28, 61
KINDS = ("bot", "uas")


@dataclass(frozen=True)
class Faults:
    """What is wrong with a disk. Numbers of sectors are those of `disks.sector_of`.

    bad_sectors       reading them fails with `errno`: ENODATA is a medium error, EIO a hardware error
    unwritable        writing them fails with `errno`; `every_write` all writes
    bytes_per_second  how slow it is, 0 for as fast as it can; `Camera.set_speed` changes it while it runs
    """

    bad_sectors: tuple[int, ...] = ()
    unwritable: tuple[int, ...] = ()
    every_write: bool = False
    errno: int = ENODATA
    bytes_per_second: int = 0

    def rules(self) -> list[dict]:
        """As rules of QEMU's blkdebug."""
        common = {"event": "none", "errno": self.errno, "once": False, "immediately": False}
        rules = [{**common, "iotype": "read", "sector": sector} for sector in self.bad_sectors]
        rules += [{**common, "iotype": "write", "sector": sector} for sector in self.unwritable]
        return rules + ([{**common, "iotype": "write"}] if self.every_write else [])


@dataclass
class Camera:
    """A camera: an image, and how it shows itself. It keeps its image while it is out of the dock."""

    dock: Dock
    image: Path
    kind: str = "bot"
    serial: str | None = None
    read_only: bool = False
    faults: Faults = field(default_factory=Faults)
    bay: str | None = None
    name: str = ""
    nodes: list[str] = field(default_factory=list)

    def plug(self, bay: str) -> "Camera":
        """Puts it into a bay."""
        if self.bay:
            raise Failed(f"{self.image.name} is in bay {self.bay} already")
        if self.kind not in KINDS:
            raise Failed(f"no camera is {self.kind}: one of {', '.join(KINDS)}")
        if self.kind == "uas" and "." in bay:
            raise Failed(f"bay {bay} is on a USB 1.1 hub, where UAS does not work")
        # The slow part, opening the image, comes before the device: its arrival is one moment.
        self.name = f"camera{next(self.dock.numbers)}"
        self._open_image()
        usb = {"bus": "xhci.0", "port": bay, "id": self.name}
        disk = {"drive": f"{self.name}-disk", "rerror": "report", "werror": "report"}
        known = {"serial": self.serial} if self.serial else {}
        qmp = self.dock.machine.qmp
        if self.kind == "bot":
            qmp("device_add", driver="usb-storage", **usb, **disk, **known)
        else:
            qmp("device_add", driver="usb-uas", **usb, **known)
            qmp("device_add", driver="scsi-hd", id=f"{self.name}-lun", bus=f"{self.name}.0", lun=0, **disk, **known)
            # It is not on the bus before this: a device whose disk comes late would be a device without disks.
            qmp("qom-set", path=f"/machine/peripheral/{self.name}", property="attached", value=True)
        self.bay = bay
        return self

    def pull(self) -> "Camera":
        """Takes it out, whatever is going on."""
        if not self.bay:
            raise Failed(f"{self.image.name} is in no bay")
        qmp = self.dock.machine.qmp
        if self.kind == "uas":
            # QEMU 7.2 ends in an assertion when the disk of a busy UAS device goes before the device has left the bus.
            qmp("qom-set", path=f"/machine/peripheral/{self.name}", property="attached", value=False)
        self._remove(self.name)
        self.bay = None
        self._close_image()
        return self

    def forget(self):
        """The machine that had it plugged in is gone."""
        self.bay = None

    def move(self, bay: str) -> "Camera":
        """Out, and into another bay."""
        return self.pull().plug(bay)

    def set_speed(self, bytes_per_second: int):
        """Makes a camera with a speed limit faster or slower while it runs; 0 lifts the limit.

        A request that takes longer than 30 s hangs QEMU itself: to stall a camera, use a gadget."""
        if not self.faults.bytes_per_second:
            raise Failed(f"{self.image.name} was plugged in without a speed limit")
        self.dock.machine.qmp(
            "qom-set", path=f"/objects/{self.name}-speed", property="limits", value={"bps-total": bytes_per_second}
        )

    @property
    def is_plugged(self) -> bool:
        return self.bay is not None

    @property
    def device(self) -> str:
        """The kernel's name of its USB device, such as 1-15.3."""
        if not self.bay:
            raise Failed(f"{self.image.name} is in no bay")
        return f"{usb_bus(self.bay)}-{self.bay}"

    @property
    def id_path(self) -> str:
        """What udev calls ID_PATH of its disk."""
        return f"{PCI}-usb-0:{self.bay}:1.0-scsi-0:0:0:0"

    def disk(self) -> str:
        """The kernel's name of its disk now, such as sda; empty if there is none."""
        return disk_of(self.dock, self.device)

    def wait_for_volume(self, seconds: float = 30) -> dict[str, str]:
        """Waits until udev knows its file system, and gives udev's properties of the volume (partition or disk)."""
        return wait_for_volume(self.dock, self.device, f"{self.image.name} in bay {self.bay}", seconds)

    def _remove(self, device: str):
        """`device_del` answers before the device is gone."""
        self.dock.machine.qmp("device_del", id=device)
        self.dock.machine.qmp.wait_for_event("DEVICE_DELETED", device=device)

    def _open_image(self):
        """File, faults, speed: each a node on top of the one before; the last is `NAME-disk`."""
        qmp, faults = self.dock.machine.qmp, self.faults
        layers = [{"driver": "file", "filename": str(self.image), "cache": {"direct": False, "no-flush": True}}]
        if faults.rules():
            layers.append({"driver": "blkdebug", "inject-error": faults.rules()})
        layers.append({"driver": "raw"})
        if faults.bytes_per_second:
            limits = {"bps-total": faults.bytes_per_second}
            qmp("object-add", **{"qom-type": "throttle-group", "id": f"{self.name}-speed", "limits": limits})
            layers.append({"driver": "throttle", "throttle-group": f"{self.name}-speed"})
        below = None
        for number, layer in enumerate(layers):
            name = f"{self.name}-disk" if layer is layers[-1] else f"{self.name}-{number}"
            if below:
                layer["image" if layer["driver"] == "blkdebug" else "file"] = below
            qmp("blockdev-add", **layer, **{"node-name": name, "read-only": self.read_only})
            below = name
        self.nodes = [f"{self.name}-disk", *(f"{self.name}-{number}" for number in reversed(range(len(layers) - 1)))]

    def _close_image(self):
        qmp = self.dock.machine.qmp
        for node in self.nodes:
            qmp("blockdev-del", **{"node-name": node})
        if self.faults.bytes_per_second:
            qmp("object-del", id=f"{self.name}-speed")


def disk_of(dock: Dock, device: str) -> str:
    """The kernel's name of the disk of a USB device such as 1-15.3."""
    done = dock.run("sh", "-c", f"ls -d /sys/bus/usb/devices/{device}/{device}:*/host*/target*/*/block/*")
    return done.text.strip().rpartition("/")[2]


def wait_for_volume(dock: Dock, device: str, what: str, seconds: float) -> dict[str, str]:
    """Udev's properties of the first volume of a USB device, as soon as udev knows its file system."""

    def volume() -> dict[str, str]:
        disk = disk_of(dock, device)
        for node in (f"{disk}1", disk) if disk else ():
            done = dock.run("udevadm", "info", "--query=property", f"--name=/dev/{node}")
            found = dict(line.split("=", 1) for line in done.text.splitlines() if "=" in line)
            if done.status == 0 and "ID_FS_TYPE" in found:
                return found
        return {}

    return wait_until(volume, seconds, f"a file system of {what}")


def usb_bus(bay: str) -> int:
    """USB 2 devices are on bus 1 of the guest, USB 3 devices on bus 2."""
    return 2 if "." not in bay and int(bay) <= 8 else 1


def swap(out: Camera, into: Camera):
    """One camera out and another into the same bay, as fast as QEMU can."""
    bay = out.bay
    out.pull()
    into.plug(bay)


def forget_all(cameras):
    """After a power cut: the machine that had these cameras (or gadgets) plugged in is gone."""
    for camera in cameras:
        camera.forget()
