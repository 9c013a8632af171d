#!/usr/bin/env python3
"""Records what the guest's kernel and udev say of cameras, for tests that replay it without them (umockdev).

    record.py [CASE…]

Each case becomes a folder in recordings/: `devices.umockdev`, the devices from the disk up to the USB controller with the
ports of all hubs on the way, while it is plugged in; and `events.txt`, what udev's monitor saw from plugging in to pulling
out. Nothing needs this to be run again; it is here to show where the recordings come from, and to add cases."""

import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import disks
from bays import Camera
from dock import Dock
from gadgets import Gadget
from limits import Failed
from places import CACHE, HERE

RECORDINGS = HERE / "recordings"
MONITOR = "virtual-dock-monitor"
# Loaded before: what happens when the first camera of all is plugged in is another story.
DRIVERS = "usb-storage uas sd_mod sg vfat exfat nls_ascii usbhid hid-generic loop dm_mod libcomposite usb_f_mass_storage usb_f_hid"
# Counters, tracing, and what the scheduler may do: long, different each time, and nobody's business.
NOISE = re.compile(
    r"[AH]: (power/(?!control|level|autosuspend)|trace/|integrity/"
    r"|queue/(?!hw_sector_size|logical_block_size|max_sectors_kb|read_ahead_kb|rotational|scheduler|discard_|write_cache)"
    r"|stat=|inflight=|pools=|config=|resource|urbnum|io(requests|request|done|err|tmo)|vpd_"
    r"|irq=|msi_|dma_|consistent_dma|local_cpu)|L: (firmware_node|bdi)="
)


@dataclass(frozen=True)
class Case:
    """What is plugged in for a recording, and what a reader should know of it."""

    name: str
    about: str
    plug: Callable[[Dock, Path, Path], list]


def bot(dock: Dock, work: Path, content: Path, bay: str = "15.3", serial: str = "BWC0042", partitioned: bool = True) -> Camera:
    image = disks.make_disk(work / f"{bay}.img", content, partitioned=partitioned)
    return Camera(dock, image, serial=serial).plug(bay)


def uas(dock: Dock, work: Path, content: Path) -> Camera:
    return Camera(dock, disks.make_disk(work / "uas.img", content, "exfat"), "uas", "BWC0042").plug("3")


def keyboard(dock: Dock, work: Path, content: Path) -> Gadget:
    return Gadget(dock, disks.make_disk(work / "gadget.img", content), serial="B0DC0001", keyboard=True).plug(0)


CASES = [
    Case("bot-partition", "A USB Mass Storage (BOT) disk with FAT32 on its one partition, in port 3 of a USB 1.1 hub that switches "
         "power.", lambda *to: [bot(*to)]),
    Case("bot-bare", "A BOT disk with FAT32 and no partition table, in a USB 3 root port: ID_FS_TYPE is on the disk.",
         lambda *to: [bot(*to, bay="1", partitioned=False)]),
    Case("uas", "A UAS disk with exFAT on its one partition, in a USB 3 root port.", lambda *to: [uas(*to)]),
    Case("hub-two-disks", "Two BOT disks in ports 2 and 7 of one hub, both with the serial number SAME, plugged in one after the "
         "other and pulled in the same order. umockdev warns that both want the same links in /dev/disk, as they do.",
         lambda *to: [bot(*to, bay="15.2", serial="SAME"), bot(*to, bay="15.7", serial="SAME")]),
    Case("keyboard-and-disk", "A composite device: a BOT disk that is also a keyboard. A gadget of the kernel (dummy_hcd), so its "
         "controller is no PCI device.", lambda *to: [keyboard(*to)]),
]  # fmt: skip


@contextmanager
def monitor(dock: Dock):
    """Runs udev's monitor in the guest, from before the first event on; yields a function that gives what it said of
    the devices of a controller."""
    command = "exec stdbuf -oL udevadm monitor --kernel --udev --property >/run/events"
    dock.sh(f"systemd-run --quiet --unit={MONITOR} bash -c '{command}'")
    dock.wait_for("grep 'the kernel uevent' /run/events", 10, "udev's monitor")
    try:
        yield lambda controller: events_below(dock.sh("udevadm settle; sleep 1; cat /run/events"), controller)
    finally:
        dock.sh(f"systemctl stop {MONITOR}")


def events_below(said: str, controller: str) -> str:
    """The monitor's events of one USB controller: not those of work queues, nor of what a gadget is made of."""
    blocks = said.split("\n\n")
    return "\n\n".join([blocks[0], *(block for block in blocks[1:] if f"DEVPATH={controller}/usb" in block)]) + "\n"


def devices_of(dock: Dock, cameras: list) -> str:
    """The cameras' disks with all their parents, and the hubs that they pass, in the format of umockdev-record."""
    paths = []
    for camera in cameras:
        found = dock.sh(
            f"cd $(readlink -f /sys/bus/usb/devices/{camera.device}); pwd; find . -name block -type d -path '*/target*' | "
            "while read -r block; do for disk in $PWD/${block#./}/*; do echo $disk; ls -d $disk/sd* || true; done; done; "
            "find $PWD -maxdepth 1 -name '*:*' -type d; find $PWD -path '*/input/input*' -name uevent -printf '%h\\n'"
        )
        paths += found.splitlines()
    device = dock.sh(f"readlink -f /sys/bus/usb/devices/{cameras[0].device}")
    root = re.match(r".*?/usb\d+", device)[0]
    # Hub interfaces of this controller: they are no parents of the cameras, but their ports are what a bay is.
    hubs = dock.sh(f"ls -d {root.rpartition('/')[0]}/usb*; find {root.rpartition('/')[0]}/usb*/ -name maxchild -printf '%h\\n'")
    wanted = [hub for hub in set(hubs.split()) if device.startswith(f"{hub}/") or re.search(r"/usb\d+$", hub)]
    ports = {}
    for hub in sorted(wanted):
        name = hub.rpartition("/")[2]
        interface = f"{hub}/{name}:1.0" if not name.startswith("usb") else f"{hub}/{name.removeprefix('usb')}-0:1.0"
        paths.append(interface)
        ports[interface.removeprefix("/sys")] = ports_of(dock, interface)
    text = dock.sh("umockdev-record " + " ".join(dict.fromkeys(paths)), seconds=60)
    blocks = [clean(block, ports) for block in text.split("\n\n") if block.strip()]
    return "\n\n".join(blocks) + "\n"


def ports_of(dock: Dock, interface: str) -> list[str]:
    """The ports of a hub. They belong to no subsystem, so that umockdev-record passes over them; as attributes in folders of
    the hub's interface they come back where they were."""
    found = dock.sh(
        f"cd {interface}; for port in *-port*; do cd $port; "
        "for name in connect_type disable location over_current_count quirks usb3_lpm_permit; do "
        'test ! -e $name || echo "A: $port/$name=$(cat $name)\\n"; done; '
        'for name in peer device; do test ! -e $name || echo "L: $port/$name=$(readlink $name)"; done; cd ..; done'
    )
    # Attributes make the folders that links need.
    return sorted(found.splitlines(), key=lambda line: (line[0] != "A", natural(line)))


def natural(text: str) -> list:
    """For sorting port 2 before port 15."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def clean(block: str, ports: dict[str, list[str]]) -> str:
    """One device without the noise, and with its ports if it is a hub."""
    lines = [line for line in block.splitlines() if not NOISE.match(line)]
    return "\n".join(lines + ports.get(lines[0].removeprefix("P: "), []))


def check(dock: Dock, devices: str, cameras: list):
    """Loads the recording in umockdev and looks for what tests will look for."""
    dock.push(devices, "/run/devices.umockdev")
    for camera in cameras:
        disk = dock.sh(f"readlink -f /sys/bus/usb/devices/{camera.device}/{camera.device}:1.0/host*/target*/*/block/*")
        device = dock.sh(f"readlink -f /sys/bus/usb/devices/{camera.device}")
        said = dock.sh(
            "umockdev-run --device /run/devices.umockdev -- bash -c "
            f"'udevadm info --query=property --path={disk}; cat {device}/port/disable; ls -l {device}/port/'"
        )
        wanted = [f"ID_PATH={camera.id_path}", "connect_type", "device -> "]
        if isinstance(camera, Camera) and "." not in camera.bay:
            wanted.append("peer -> ")
        if missing := [text for text in wanted if text not in said]:
            raise Failed(f"umockdev does not give back {missing} of {camera.device}: {said}")


def record(dock: Dock, case: Case, work: Path, content: Path):
    """Plugs in, records, pulls out."""
    with monitor(dock) as events:
        cameras = case.plug(dock, work, content)
        for camera in cameras:
            camera.wait_for_volume()
        dock.sh("udevadm settle")
        controller = dock.sh(f"readlink -f /sys/bus/usb/devices/{cameras[0].device}").removeprefix("/sys").partition("/usb")[0]
        devices = devices_of(dock, cameras)
        check(dock, devices, cameras)
        for camera in cameras:
            camera.pull() if isinstance(camera, Camera) else camera.disconnect()
        said = events(controller)
        for camera in cameras:
            if isinstance(camera, Gadget):
                camera.pull()
    folder = RECORDINGS / case.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "devices.umockdev").write_text(devices)
    # Its first lines explain themselves; times are since the guest's boot.
    (folder / "events.txt").write_text(said)
    (folder / "README.md").write_text(f"{case.about} Recorded by `record.py` from Linux {dock.sh('uname -r')}, udev "
                                      f"{dock.sh('udevadm --version')}.\n")  # fmt: skip
    print(f"{case.name}: {len(devices) // 1024} KiB of devices, {said.count('ACTION=')} events")


def main(names: list[str]) -> int:
    (CACHE / "run").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE / "run") as name, Dock("record") as dock:
        work = Path(name)
        content = disks.make_camera(work / "content", "--bytes", "4 KiB")
        dock.boot().sh(f"udevadm settle; modprobe -a {DRIVERS}; modprobe dummy_hcd num=8; udevadm settle")
        for case in CASES:
            if not names or case.name in names:
                record(dock, case, work, content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
