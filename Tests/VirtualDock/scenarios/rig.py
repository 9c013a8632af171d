"""Proves the virtual dock itself: what the other scenarios build on."""

import time
from collections import Counter

from bays import EIO, ENODATA, ENOSPC, Faults, forget_all, swap
from disks import sector_of
from lights import Lights
from limits import wait_until
from stage import Stage, expect, expect_equal, scenario


def hashes_on(dock, volume: dict[str, str]) -> Counter:
    """Mounts a volume in the guest and hashes its footage there."""
    device = volume["DEVNAME"]
    said = dock.sh(f"mkdir -p /mnt; mount -o ro {device} /mnt; find /mnt/DCIM -type f -exec sha256sum {{}} +; umount /mnt")
    return Counter(line.split()[0] for line in said.splitlines())


def check_plug(stage: Stage, bay: str, **camera):
    """A camera is seen with all that was asked for, read, pulled, and gone."""
    camera = stage.camera(serial="BWC0042", **camera).plug(bay)
    volume = camera.wait_for_volume()
    for name, value in {
        "ID_BUS": "usb",
        "ID_SERIAL_SHORT": "BWC0042",
        "ID_PATH": camera.id_path,
        "ID_USB_DRIVER": "uas" if camera.kind == "uas" else "usb-storage",
        "ID_FS_LABEL": "BODYCAM",
    }.items():
        expect_equal(volume.get(name), value, f"udev's {name}")
    expect_equal(hashes_on(stage.dock, volume), camera.footage, "the footage as the guest reads it")
    device = camera.device
    camera.pull()
    stage.dock.wait_for(f"test -e /sys/bus/usb/devices/{device} || echo gone", 5, f"{device} to go")
    return volume


@scenario()
def plug_bot_vfat(stage: Stage):
    """BOT, FAT32 on a partition, in a USB 3 port"""
    volume = check_plug(stage, "1")
    expect_equal((volume["ID_FS_TYPE"], volume["DEVTYPE"]), ("vfat", "partition"), "the volume")


@scenario()
def plug_bot_vfat_bare(stage: Stage):
    """BOT, FAT32 without a partition table, in a port of a hub"""
    volume = check_plug(stage, "15.3", partitioned=False)
    expect_equal((volume["ID_FS_TYPE"], volume["DEVTYPE"]), ("vfat", "disk"), "the volume")


@scenario()
def plug_exfat_and_ext4(stage: Stage):
    """exFAT on a partition and ext4 on the bare disk"""
    expect_equal(check_plug(stage, "9", fs="exfat")["ID_FS_TYPE"], "exfat", "the volume")
    expect_equal(check_plug(stage, "2", fs="ext4", partitioned=False)["ID_FS_TYPE"], "ext4", "the volume")


@scenario()
def plug_uas(stage: Stage):
    """UAS, exFAT, in a USB 3 port"""
    check_plug(stage, "3", kind="uas", fs="exfat")


@scenario()
def dirty_vfat(stage: Stage):
    """FAT32 with the dirty bit set: the kernel says so, the footage is there"""
    camera = stage.camera("DIRTY", dirty=True).plug("4")
    volume = camera.wait_for_volume()
    expect_equal(hashes_on(stage.dock, volume), camera.footage, "the footage")
    # A mount that cannot write does not look at the bit.
    stage.dock.sh(f"mount {volume['DEVNAME']} /mnt; umount /mnt")
    stage.dock.wait_for("dmesg | grep 'Volume was not properly unmounted'", 5, "the kernel's complaint about the dirty bit")


@scenario()
def read_only(stage: Stage):
    """A write-protected disk"""
    camera = stage.camera("LOCKED", read_only=True).plug("4")
    device = camera.wait_for_volume()["DEVNAME"]
    expect_equal(stage.dock.sh(f"blockdev --getro {device}"), "1", "the read-only flag")


@scenario()
def eight_at_once(stage: Stage):
    """Eight disks within two seconds, all seen, all different"""
    cameras = [stage.camera(f"CAM{number}", options=("--bytes", "64 KiB")) for number in range(8)]
    bays = ("1", "2", "5", "9", "14.1", "14.2", "15.1", "15.8")
    begin = time.monotonic()
    for camera, bay in zip(cameras, bays):
        camera.plug(bay)
    took = time.monotonic() - begin
    expect(took < 2, f"plugging in eight disks took {took:.1f} s")
    serials = [camera.wait_for_volume()["ID_SERIAL_SHORT"] for camera in cameras]
    expect_equal(serials, [f"CAM{number}" for number in range(8)], "the serials by bay")


@scenario()
def same_serial(stage: Stage):
    """Two cameras with one serial number: told apart by their ports"""
    first = stage.camera("SAME").plug("14.3").wait_for_volume()
    second = stage.camera("SAME").plug("14.4").wait_for_volume()
    expect_equal((first["ID_SERIAL_SHORT"], second["ID_SERIAL_SHORT"]), ("SAME", "SAME"), "the serials")
    expect(first["ID_PATH"] != second["ID_PATH"], "both have one ID_PATH")


@scenario()
def swap_within_a_second(stage: Stage):
    """Another camera in the same bay at once"""
    first, second = stage.camera("FIRST").plug("15.2"), stage.camera("SECOND", fs="exfat")
    first.wait_for_volume()
    begin = time.monotonic()
    swap(first, second)
    expect(time.monotonic() - begin < 1, "the swap took longer than a second")
    volume = second.wait_for_volume()
    expect_equal((volume["ID_SERIAL_SHORT"], volume["ID_FS_TYPE"]), ("SECOND", "exfat"), "what is in the bay")


@scenario()
def move(stage: Stage):
    """The same camera in another bay"""
    camera = stage.camera("MOVED").plug("15.4")
    camera.wait_for_volume()
    camera.move("6")
    expect_equal(camera.wait_for_volume()["ID_PATH"], camera.id_path, "the bay of the moved camera")


@scenario()
def pull_while_reading(stage: Stage):
    """The plug is pulled in the middle of reading, BOT and UAS: the reader gets an error, QEMU and the kernel live on"""
    dock = stage.dock
    for kind in ("bot", "uas"):
        camera = stage.camera(f"BUSY-{kind}", kind=kind, options=("--bytes", "8 MiB")).plug("7")
        device = camera.wait_for_volume()["DEVNAME"]
        dock.sh(
            f"systemd-run --unit=reader-{kind} --property=RemainAfterExit=yes "
            f"bash -c 'while dd if={device} of=/dev/null bs=256k iflag=direct; do :; done; exit 3'"
        )
        time.sleep(1)
        camera.pull()
        status = f"systemctl show --value --property=ExecMainStatus reader-{kind} | grep 3"
        dock.wait_for(status, 20, f"the reader of a pulled {kind} disk to end")
        dock.sh(f"systemctl reset-failed reader-{kind}; systemctl stop reader-{kind} || true")


@scenario()
def port_power(stage: Stage):
    """Switching a hub's port off in sysfs takes the camera away, switching it on brings it back"""
    dock = stage.dock
    camera = stage.camera("POWER").plug("15.5")
    camera.wait_for_volume()
    switch = "/sys/bus/usb/devices/1-15:1.0/1-15-port5/disable"
    dock.sh(f"echo 1 >{switch}")
    dock.wait_for(f"test -e /sys/bus/usb/devices/{camera.device} || echo gone", 5, "the camera to lose power")
    dock.sh(f"echo 0 >{switch}")
    camera.wait_for_volume()
    dock.sh("uhubctl --location 1-15 --ports 5 --action off")
    dock.wait_for(f"test -e /sys/bus/usb/devices/{camera.device} || echo gone", 5, "the camera to lose power by uhubctl")
    dock.sh("uhubctl --location 1-15 --ports 5 --action on")
    camera.wait_for_volume()


@scenario()
def bad_sector(stage: Stage):
    """A sector that cannot be read: bytes before it arrive, those behind it too"""
    dock = stage.dock
    for errno in (ENODATA, EIO):
        camera = stage.camera("SCRATCH")
        file = min((camera.folder / "DCIM").rglob("*.MP4"))
        camera.faults = Faults(bad_sectors=(sector_of(camera.image, file, 512 * 1024),), errno=errno)
        device = camera.plug("8").wait_for_volume()["DEVNAME"]
        path = f"/mnt/{file.relative_to(camera.folder)}"
        done = dock.run("bash", "-c", f"mount -o ro {device} /mnt; cat {path} | wc -c; tail -c 65536 {path} | wc -c; umount /mnt")
        expect_equal(done.text.split(), [str(512 * 1024), "65536"], "bytes up to the bad sector, and behind it")
        expect("Input/output error" in done.err.decode(), f"no error was reported: {done.err}")
        camera.pull()


@scenario()
def failing_writes(stage: Stage):
    """Writes that fail: full and broken cards report at fsync"""
    for errno, words in ((ENOSPC, "No space left on device"), (EIO, "Input/output error")):
        camera = stage.camera("WORN", faults=Faults(every_write=True, errno=errno)).plug("8")
        device = camera.wait_for_volume()["DEVNAME"]
        done = stage.dock.run("bash", "-c", f"mount {device} /mnt; echo x >/mnt/x; sync /mnt/x; umount /mnt")
        expect(words in done.err.decode(), f"fsync on errno {errno} says {done.err}")
        camera.pull()


@scenario()
def slow(stage: Stage):
    """A slow camera, made fast while it runs"""
    camera = stage.camera("SLOW", faults=Faults(bytes_per_second=1 << 20)).plug("8")
    device = camera.wait_for_volume()["DEVNAME"]
    read = f"dd if={device} of=/dev/null bs=256k count=12 iflag=direct"
    begin = time.monotonic()
    stage.dock.sh(read)
    slow = time.monotonic() - begin
    camera.set_speed(0)
    begin = time.monotonic()
    stage.dock.sh(read)
    fast = time.monotonic() - begin
    expect(slow > 2 and fast < 1, f"3 MiB took {slow:.1f} s at 1 MiB/s, then {fast:.1f} s without limit")


@scenario()
def gadget(stage: Stage):
    """A camera with its own ids and strings, one without a serial number, and a keyboard that is also a disk"""
    made = [
        stage.gadget(vendor_id=0x2CA3, product_id=0x0042, product="Cam", serial="G1", inquiry=("ACME", "CAM 3", "1.0")),
        stage.gadget(serial=None),
        stage.gadget(keyboard=True, serial="EVIL"),
    ]
    for slot, one in enumerate(made):
        one.plug(slot)
    first, second, third = (one.wait_for_volume() for one in made)
    found = [first[f"ID_{name}"] for name in ("VENDOR_ID", "MODEL_ID", "VENDOR", "MODEL", "SERIAL_SHORT", "PATH")]
    expect_equal(found, ["2ca3", "0042", "ACME", "CAM_3", "G1", made[0].id_path], "the identity of the first")
    expect_equal(second.get("ID_SERIAL_SHORT"), None, "the serial of the second")
    expect_equal(third["ID_USB_INTERFACES"], ":080650:030101:", "the interfaces of the third")
    for one, volume in zip(made, (first, second, third)):
        expect_equal(hashes_on(stage.dock, volume), one.footage, "the footage")
    keys = "head -c 24 /dev/input/by-id/usb-*_EVIL-*event-kbd >/run/keys"
    stage.dock.sh(f"systemd-run --quiet --unit=keys bash -c '{keys}'")
    stage.dock.wait_for("pgrep head", 5, "the reader of keys")
    made[2].press(4)
    stage.dock.wait_for("test -s /run/keys && echo pressed", 10, "a key of the keyboard")


@scenario()
def gadget_stalls(stage: Stage):
    """A camera that hangs for a while: reading takes as long, and then is right"""
    dock, gadget = stage.dock, stage.gadget()
    device = gadget.plug(3).wait_for_volume()["DEVNAME"]
    gadget.stall()
    dock.sh(f"systemd-run --unit=stalled --property=RemainAfterExit=yes bash -c 'mount -o ro {device} /mnt; cat /mnt/DCIM/*/*'")
    time.sleep(6)
    expect(not dock.check("systemctl show --value --property=SubState stalled | grep exited"), "the stalled camera was read")
    gadget.resume()
    dock.wait_for("systemctl show --value --property=SubState stalled | grep exited", 20, "the end of the stall")
    expect_equal(dock.sh("systemctl show --value --property=ExecMainStatus stalled"), "0", "how reading ended")
    dock.sh("systemctl stop stalled; umount /mnt")


@scenario()
def lights(stage: Stage):
    """A status light with LED class devices: what is written there is shown"""
    lights = Lights(stage.dock).plug()
    stage.dock.sh(f"echo 255 >/sys/class/leds/{lights.name(2, 'green')}/brightness")
    stage.dock.sh(f"echo 7 >/sys/class/leds/{lights.name(2, 'red')}/brightness")
    wait_until(lambda: lights.shows(2) == (7, 255, 0), 5, "the light to show what was written")
    expect_equal(lights.shows(1), (0, 0, 0), "a lamp that nobody lit")
    stage.dock.sh(f"modprobe ledtrig-timer; echo timer >/sys/class/leds/{lights.name(0, 'blue')}/trigger")
    wait_until(lambda: len({row.blue for row in lights.history() if row.light == 0}) == 2, 10, "a lamp to blink")
    lights.pull()


@scenario(seconds=180)
def power_cut(stage: Stage):
    """What was synced survives a power cut; the same camera is found again after it"""
    dock = stage.dock
    camera = stage.camera("CUT").plug("15.6")
    camera.wait_for_volume()
    dock.sh("echo kept >/var/lib/bodydock/kept; sync /var/lib/bodydock/kept; echo >/root-is-kept; sync")
    begin = time.monotonic()
    dock.power_cut()
    expect(time.monotonic() - begin < 2, "the power cut was no sudden one")
    forget_all([camera])
    dock.boot()
    expect_equal(dock.sh("cat /var/lib/bodydock/kept; ls /root-is-kept").split(), ["kept", "/root-is-kept"], "what survives")
    camera.plug("15.6").wait_for_volume()
    dock.stop()
