"""What goes wrong on a busy wall: plugs are pulled, cameras swapped, cards fail, the agent dies, the power is cut."""

from agent import RELEASED, SECTIONS, camera_of, configuration, configured, expect_all_safe, ledger, wait_for, wait_for_state
from bays import Faults, forget_all, swap
from stage import Stage, expect, expect_equal, scenario

INSTALLED = True
CONFIGURATION = configuration(SECTIONS)


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
    with configured(stage, erase="quick: overwrite\ndeep: never"):
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


@scenario(seconds=240)
def pulled_early_and_late(stage: Stage):
    """Pulled while it is listed, while it is emptied, and while it charges: each time it goes on, or there is nothing to do"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0602", options=("--segments", "100", "--bytes", "16 KiB"), faults=Faults(bytes_per_second=1 << 20))
    camera.plug("1")
    wait_for(dock, "the camera to be seen", lambda bay: bay["state"] in ("seen", "waiting", "reading"))
    camera.pull().plug("1")
    wait_for_state(dock, "BWC0602", "erasing", seconds=120)
    camera.pull()
    camera.faults = Faults()
    camera.plug("1")
    wait_for_state(dock, "BWC0602", *RELEASED, seconds=90)
    expect_all_safe(stage, camera)
    expect_equal(ledger(dock, "erase.certified"), ledger(dock, "format.began"), "certificates")
    camera.pull()
    wait_for(dock, "an empty bay", lambda bay: not bay.get("camera") and bay["state"] == "empty")
    camera.plug("1")
    wait_for_state(dock, "BWC0602", *RELEASED)
    camera.pull()


@scenario(seconds=240)
def swapped(stage: Stage):
    """Another camera in the same bay within a second, with the same USB serial number: both are whole, neither takes the other's place"""
    dock = stage.dock
    slow = Faults(bytes_per_second=4 << 20)
    first, second = (
        camera_of(stage, "000000000001", options=("--serial", serial, "--seed", serial[-3:], "--bytes", "4 MiB"), faults=slow)
        for serial in ("BWC0611", "BWC0612")
    )
    first.plug("2")
    wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0611" and (bay.get("progress") or {}).get("bytes", 0) > 5 << 20)
    swap(first, second)
    wait_for_state(dock, "BWC0612", "reading")
    first.plug("3")
    for serial in ("BWC0611", "BWC0612"):
        wait_for_state(dock, serial, *RELEASED, seconds=90)
    expect_all_safe(stage, first, second)
    first.pull()
    second.pull()


@scenario(seconds=300)
def stalled(stage: Stage):
    """A card that hangs until the kernel resets it: said so, and it delays nobody; when it works again, nothing is lost"""
    dock = stage.dock
    with configured(stage, docking="come_back: 5s\nretry_after: 5s\nat_once: 1\nstall_after: 5s"):
        hanging = stage.gadget(options=("--serial", "BWC0621", "--seed", "621", "--bytes", "48 MiB")).plug(0)
        wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0621" and (bay.get("progress") or {}).get("bytes", 0) > 1 << 20)
        hanging.stall()
        other = camera_of(stage, "BWC0622").plug("5")
        wait_for_state(dock, "BWC0621", "stalled")
        wait_for_state(dock, "BWC0622", *RELEASED, seconds=30)
        wait_for(dock, "the reset", lambda bay: bay.get("camera") == "BWC0621" and bay["state"] not in ("stalled", "reading"), 150)
        hanging.resume()
        wait_for_state(dock, "BWC0621", *RELEASED, seconds=150)
        expect_all_safe(stage, hanging, other)
        hanging.pull()
        other.pull()


@scenario(seconds=240)
def glitch(stage: Stage):
    """The plug has no contact for a moment, and the disk comes back under another name: it stays one docking"""
    dock = stage.dock
    camera = stage.gadget(options=("--serial", "BWC0631", "--seed", "631", "--bytes", "16 MiB")).plug(2)
    bay = wait_for(dock, "reading", lambda bay: bay.get("camera") == "BWC0631" and (bay.get("progress") or {}).get("bytes", 0) > 1 << 20)
    started = ledger(dock, "docking.started")
    camera.disconnect()
    camera.connect()
    after = wait_for_state(dock, "BWC0631", *RELEASED, seconds=90)
    expect_equal(after["docking"], bay["docking"], "the docking that went on")
    expect_equal(ledger(dock, "docking.started"), started, "dockings that began")
    expect_all_safe(stage, camera)
    camera.pull()


@scenario(seconds=240)
def vault_away(stage: Stage):
    """The vault is away and the spool fills: reading goes on until the spool is full, and that is shown; then all is delivered"""
    dock = stage.dock
    free = int(dock.sh("df --output=avail --block-size=1M /var/lib/bodydock | tail -1"))
    with configured(stage, "restart", spool=f"keep_free: {free - 40} MiB"):
        dock.sh("umount /srv/evidence")
        small = camera_of(stage, "BWC0641").plug("6")
        bay = wait_for_state(dock, "BWC0641", "incomplete", seconds=90)
        expect("archive" in " ".join(bay["reasons"]), f"incomplete for {bay['reasons']}")
        large = camera_of(stage, "BWC0642", options=("--bytes", "16 MiB")).plug("7")
        wait_for(dock, "a full spool", lambda bay: bay.get("camera") == "BWC0642" and "spool is full" in " ".join(bay["reasons"]), 90)
        # Not on the disk of the spool: what is delivered must make room there.
        dock.sh("mount -t tmpfs -o size=300m evidence /srv/evidence")
        for camera in (small, large):
            wait_for_state(dock, camera.serial, *RELEASED, seconds=120)
        expect_all_safe(stage, small, large)
        small.pull()
        large.pull()
    dock.sh("umount /srv/evidence; mount /srv/evidence")
