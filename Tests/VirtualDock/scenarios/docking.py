"""A camera is plugged in, nobody touches anything, and the rest happens: what the agent does by itself."""

import json
import time

from bays import Faults, forget_all
from disks import sector_of
from install import CONFIGURATION as USUAL
from limits import PATIENCE
from stage import Stage, expect, expect_equal, scenario
from vault import vault_contents

INSTALLED = True
# The guest's clock starts anywhere: no deep erase may come in between.
CONFIGURATION = USUAL + """\
erase:
  deep: never
docking:
  come_back: 5s
  retry_after: 5s
"""
RELEASED = ("ready", "charging")


def bays(dock) -> list[dict]:
    """What the agent shows of its bays; nothing while it is not there."""
    done = dock.run("bodydock", "status", "--json")
    now = json.loads(done.text).get("now") if done.status == 0 else None
    return now["bays"] if now else []


def wait_for(dock, what: str, condition, seconds: float = 60) -> dict:
    """Waits until a bay fulfils a condition, and answers what it shows."""
    end = time.monotonic() + seconds * PATIENCE
    seen = []
    while time.monotonic() < end:
        seen = bays(dock)
        for bay in seen:
            if condition(bay):
                return bay
        time.sleep(0.3)
    expect(False, f"waited in vain for {what}: {[(bay['bay'], bay['state'], bay.get('camera'), bay['reasons'][:2]) for bay in seen]}")
    raise AssertionError


def wait_for_state(dock, camera: str, *states: str, seconds: float = 60) -> dict:
    """Waits until the agent shows a camera in one of these states."""
    return wait_for(dock, f"{camera} to be {states}", lambda bay: bay.get("camera") == camera and bay["state"] in states, seconds)


def camera_of(stage: Stage, serial: str, options=(), **how):
    """A camera whose footage is like no other's."""
    return stage.camera(serial, options=("--seed", serial[-4:].lstrip("0"), *options), **how)


def expect_all_safe(stage: Stage, *cameras):
    """The vault holds every file of these cameras' footage exactly once; the ledger is whole; nothing waits in the spool."""
    dock = stage.dock
    expect_equal(dock.sh("bodydock ledger verify >/dev/null && echo whole", seconds=60), "whole", "the ledger")
    dock.wait_for("test -z \"$(find /var/lib/bodydock/spool -type f)\" && echo empty", 30, "an empty spool")
    found = vault_contents(dock, stage.installation.identity)
    for camera in cameras:
        wrong = {digest: found[digest] for digest in camera.footage if found[digest] != 1}
        expect(not wrong, f"{camera.serial}: {len(wrong)} of {len(camera.footage)} files are in the vault {sorted(wrong.values())} times")


def ledger(dock, kind: str) -> int:
    """How many entries of a kind the ledger has."""
    script = (
        "import sqlite3; print(sqlite3.connect('file:/var/lib/bodydock/ledger.sqlite?mode=ro', uri=True)"
        f".execute(\"SELECT count(*) FROM entry WHERE kind = '{kind}'\").fetchone()[0])"
    )
    return int(dock.run("python3", "-c", script).text)


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
def pulled_and_back(stage: Stage):
    """Pulled while it is read, plugged into another bay: nothing lost, nothing read, sealed or sent twice"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0201", options=("--bytes", "8 MiB"), faults=Faults(bytes_per_second=4 << 20)).plug("1")
    wait_for(dock, "a sealed segment", lambda bay: bay.get("camera") == "BWC0201" and (bay.get("progress") or {}).get("bytes", 0) > 10 << 20)
    camera.pull()
    sealed = ledger(dock, "segment.sealed")
    expect(sealed > 0, "something was sealed before the plug was pulled")
    camera.faults = Faults()
    camera.plug("4")
    wait_for_state(dock, "BWC0201", *RELEASED, seconds=90)
    expect_all_safe(stage, camera)
    camera.pull()


@scenario(seconds=240)
def agent_killed(stage: Stage):
    """The agent is killed while a camera is read, and starts again: the docking goes on, what was read is not read again"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0301", options=("--bytes", "8 MiB"), faults=Faults(bytes_per_second=4 << 20)).plug("5")
    first = wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0301" and (bay.get("progress") or {}).get("bytes", 0) > 10 << 20)
    started = ledger(dock, "docking.started")
    dock.sh("systemctl kill --signal=KILL bodydock")
    camera.set_speed(100 << 20)
    again = wait_for_state(dock, "BWC0301", *RELEASED, seconds=90)
    expect_equal(again["docking"], first["docking"], "the docking that went on")
    expect_equal(ledger(dock, "docking.started"), started, "dockings that began")
    expect_all_safe(stage, camera)
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
def power_cut(stage: Stage):
    """The dock's power is cut while a camera is read, and comes back: nothing lost, nothing twice"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0501", options=("--bytes", "8 MiB"), faults=Faults(bytes_per_second=4 << 20)).plug("6")
    wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0501" and (bay.get("progress") or {}).get("bytes", 0) > 10 << 20)
    dock.power_cut()
    forget_all([camera])
    camera.faults = Faults()
    dock.boot()
    camera.plug("6")
    wait_for_state(dock, "BWC0501", *RELEASED, seconds=120)
    expect_all_safe(stage, camera)
    camera.pull()


@scenario(seconds=300)
def pulled_while_formatted(stage: Stage):
    """Pulled while its medium is overwritten: the marker says what happened, the erase is taken up again in another bay"""
    dock = stage.dock
    dock.sh("sed -i 's/^erase:/erase:\\n  quick: overwrite/' /etc/bodydock/bodydock.yaml; systemctl reload bodydock; sleep 2")
    camera = camera_of(stage, "BWC0601", faults=Faults(bytes_per_second=8 << 20)).plug("7")
    wait_for(
        dock,
        "the overwrite to begin",
        lambda bay: bay.get("camera") == "BWC0601" and bay["state"] == "erasing" and (bay.get("progress") or {}).get("bytes", 0) > 4 << 20,
        90,
    )
    camera.pull()
    expect_equal(ledger(dock, "erase.certified"), ledger(dock, "format.began") - 1, "certificates, one less than formats")
    camera.faults = Faults()
    camera.plug("8")
    wait_for_state(dock, "BWC0601", *RELEASED, seconds=120)
    expect_all_safe(stage, camera)
    expect_equal(ledger(dock, "erase.certified"), ledger(dock, "format.began"), "certificates")
    camera.pull()
    dock.sh("sed -i '/quick: overwrite/d' /etc/bodydock/bodydock.yaml; systemctl reload bodydock; sleep 2")


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
    slow = Faults(bytes_per_second=3 << 20)
    cameras = [camera_of(stage, f"BWC08{number:02}", faults=slow) for number in range(1, 9)]
    broken, pulled = cameras[2], cameras[5]
    broken.faults = Faults(
        bad_sectors=(sector_of(broken.image, min((broken.folder / "DCIM").rglob("*.MP4")), 512 * 1024),), bytes_per_second=3 << 20
    )
    for number, camera in enumerate(cameras, 1):
        camera.plug(str(number))
    stage.gadget(vendor_id=0x1D6B, product_id=0x0104, keyboard=True).plug(1)
    wait_for_state(dock, pulled.serial, "reading", seconds=90)
    pulled.pull()
    time.sleep(1)
    dock.power_cut()
    forget_all([camera for camera in cameras if camera is not pulled])
    dock.boot()
    for number, camera in enumerate(cameras, 1):
        camera.plug(str(number))
    for camera in cameras:
        wait_for_state(dock, camera.serial, *(("held",) if camera is broken else RELEASED), seconds=150)
    expect_all_safe(stage, *(camera for camera in cameras if camera is not broken))
