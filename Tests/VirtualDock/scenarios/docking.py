"""A camera is plugged in, nobody touches anything, and the rest happens: what the agent does by itself."""

import time
from collections import Counter

from agent import RELEASED, SECTIONS, camera_of, configuration, expect_all_safe, ledger, wait_for, wait_for_state
from bays import Faults, forget_all
from disks import sector_of
from hashing import sha256_of
from limits import PATIENCE
from stage import Stage, expect, expect_equal, scenario
from vault import vault_contents

INSTALLED = True
CONFIGURATION = configuration(SECTIONS)


@scenario(seconds=180)
def by_itself(stage: Stage):
    """Plugged in, touched by nobody: verified, delivered, erased, a new file system of the same name, ejected, ready"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0042").plug("1")
    before = camera.wait_for_volume()
    bay = wait_for_state(dock, "BWC0042", *RELEASED)
    expect(all(step["worked"] for step in bay["steps"]), f"a step of the release failed: {bay['steps']}")
    expect_all_safe(stage, camera)
    after = camera.wait_for_volume()
    for key in ("ID_FS_TYPE", "ID_FS_LABEL", "ID_FS_UUID"):
        expect_equal(after.get(key), before.get(key), f"{key} of the new file system")
    node = after["DEVNAME"]
    left = dock.sh(f"mount -o ro {node} /mnt; find /mnt -type f; umount /mnt")
    expect_equal(left, "/mnt/SETTINGS/camera.cfg", "what is left on the camera")
    expect_equal(ledger(dock, "erase.certified"), 1, "certificates")
    camera.pull()
    # A pool of libdispatch's would wake the idle agent every second: this agent made its ledger, which once started one.
    threads = dock.sh("cat /proc/$(pidof bodydock)/task/*/comm").split()
    expect(not [name for name in threads if "qos" in name], f"the idle agent has threads that wake it: {threads}")


@scenario(seconds=180)
def file_systems(stage: Stage):
    """exFAT over UAS, ext4, and FAT32 without a partition table, at once"""
    dock = stage.dock
    cameras = [
        camera_of(stage, "BWC0101", kind="uas", fs="exfat").plug("2"),
        camera_of(stage, "BWC0102", fs="ext4", partitioned=False).plug("3"),
        camera_of(stage, "BWC0103", partitioned=False).plug("14.1"),
    ]
    for camera in cameras:
        wait_for_state(dock, camera.serial, *RELEASED, seconds=90)
    expect_all_safe(stage, *cameras)
    for camera in cameras:
        camera.pull()


@scenario(seconds=240)
def held(stage: Stage):
    """A dirty file system, a bad sector and a write-protected card hold their cameras; what can be read is delivered"""
    dock = stage.dock
    dirty = camera_of(stage, "BWC0401", dirty=True).plug("1")
    locked = camera_of(stage, "BWC0402", read_only=True).plug("2")
    broken = camera_of(stage, "BWC0403")
    victim = min((broken.folder / "DCIM").rglob("*.MP4"))
    broken.faults = Faults(bad_sectors=(sector_of(broken.image, victim, 512 * 1024),))
    broken.plug("3")
    for camera, words in ((dirty, "not unmounted"), (locked, ""), (broken, "cannot be read")):
        bay = wait_for_state(dock, camera.serial, "held", seconds=90)
        expect(words in " ".join(bay["reasons"]), f"{camera.serial} is held for {bay['reasons']}")
    expect_all_safe(stage, dirty)
    for camera in (dirty, locked, broken):
        camera.pull()


@scenario(seconds=240)
def refused(stage: Stage):
    """A disk that is also a keyboard is never mounted; a stick with somebody's holiday is no camera"""
    dock = stage.dock
    gadget = stage.gadget(vendor_id=0x1D6B, product_id=0x0104, keyboard=True).plug(0)
    bay = wait_for(dock, "the keyboard to be refused", lambda bay: bay["state"] == "refused", 90)
    expect("keyboard" in " ".join(bay["reasons"]), f"refused for {bay['reasons']}")
    expect_equal(ledger(dock, "device.refused"), 1, "refusals in the ledger")
    gadget.pull()


@scenario(seconds=240)
def by_hand(stage: Stage):
    """Held by a person until released; a stop ends within seconds, and the docking goes on afterwards"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0701", options=("--bytes", "8 MiB"), faults=Faults(bytes_per_second=4 << 20)).plug("1")
    bay = wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0701" and bay["state"] == "reading")
    dock.sh(f"bodydock hold {bay['bay']} --reason 'wanted by the prosecutor'")
    begun = time.monotonic()
    dock.sh("systemctl stop bodydock")
    expect(time.monotonic() - begun < 12 * PATIENCE, "the agent stops within seconds")
    camera.set_speed(100 << 20)
    dock.sh("systemctl start bodydock")
    bay = wait_for_state(dock, "BWC0701", "held", seconds=90)
    expect("prosecutor" in " ".join(bay["reasons"]), f"held for {bay['reasons']}")
    dock.sh(f"bodydock release {bay['bay']}")
    wait_for_state(dock, "BWC0701", *RELEASED)
    expect_all_safe(stage, camera)
    camera.pull()


@scenario(seconds=400)
def eight_at_once(stage: Stage):
    """Eight cameras at once, one pulled, one with a bad sector, a keyboard beside them, the power cut: each bay shows the truth"""
    dock = stage.dock
    slow = Faults(bytes_per_second=1 << 20)
    cameras = [camera_of(stage, f"BWC08{number:02}", faults=slow) for number in range(1, 9)]
    broken, pulled = cameras[2], cameras[5]
    victim = min((broken.folder / "DCIM").rglob("*.MP4"))
    broken.faults = Faults(bad_sectors=(sector_of(broken.image, victim, 512 * 1024),), bytes_per_second=1 << 20)
    pulled.faults = Faults(bytes_per_second=256 << 10)
    keyboard = stage.gadget(vendor_id=0x1D6B, product_id=0x0104, keyboard=True)
    keyboard.plug(1)
    for number, camera in enumerate(cameras, 1):
        camera.plug(str(number))
    wait_for_state(dock, pulled.serial, "reading", seconds=90)
    pulled.pull()
    wait_for_state(dock, pulled.serial, "away")
    dock.power_cut()
    forget_all([*(camera for camera in cameras if camera is not pulled), keyboard])
    dock.boot()
    for number, camera in enumerate(cameras, 1):
        if camera is not broken:
            camera.faults = Faults()
        camera.plug(str(number))
    keyboard.plug(1)
    for camera in cameras:
        bay = wait_for_state(dock, camera.serial, *(("held",) if camera is broken else RELEASED), seconds=150)
        expect(camera is not broken or "cannot be read" in " ".join(bay["reasons"]), f"{camera.serial} is held for {bay['reasons']}")
    wait_for(dock, "the keyboard to be refused", lambda bay: bay["state"] == "refused", 90)
    safe = Counter(digest for camera in cameras for digest in camera.footage)
    safe.subtract([sha256_of(victim)])
    expect_all_safe(stage, *(camera for camera in cameras if camera is not broken))
    found = vault_contents(dock, stage.installation.identity)
    expect_equal(Counter({digest: found[digest] for digest in +safe}), +safe, "good segments in the vault, also of the broken card")
