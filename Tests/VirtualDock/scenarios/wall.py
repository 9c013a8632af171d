"""What a dock on a wall does besides: lights, power, what cameras are given on their way, the night, and what an administrator does."""

from agent import RELEASED, SECTIONS, SETTINGS, camera_of, configuration, configured, expect_all_safe, last_entry, ledger, wait_for, wait_for_state
from bays import PCI
from lights import Lights
from limits import wait_until
from stage import Stage, expect, expect_equal, scenario

INSTALLED = True
CONFIGURATION = configuration(SECTIONS)
# A camera that reads its wearer and its clock from files, and says in one how full its battery is.
FILES = {
    "etc/bodydock/profiles/bodydock-x1.yaml": """\
name: bodydock-x1
summary: reads wearer and clock
recognise:
  paths: [BODYDOCK/manifest.jsonl]
manifest:
  type: bodydock
  path: BODYDOCK/manifest.jsonl
footage:
  folders: [DCIM]
  extensions: [mp4]
preserve: [SETTINGS]
provision:
  - path: SETTINGS/wearer.txt
    text: "{wearer} {camera} {dock}"
  - path: SETTINGS/clock.txt
    text: "{unix}"
charge:
  full_after: 4h
"""
}


@scenario(seconds=180)
def lights(stage: Stage):
    """The lights of a bay say: do not take, take, a person must look, and are dark for an empty bay"""
    dock = stage.dock
    shown = Lights(dock).plug()
    names = [shown.name(0, colour) for colour in ("blue", "green", "red")]
    bays = f"- name: A1\n  port: {PCI}-usb-0:1\n  lights: {{busy: '{names[0]}', ready: '{names[1]}', attention: '{names[2]}'}}"
    with configured(stage, bays=bays):
        camera = camera_of(stage, "BWC0701", options=("--bytes", "4 MiB")).plug("1")
        expect_equal(wait_for_state(dock, "BWC0701", *RELEASED)["bay"], "A1", "the bay")
        dock.wait_for(f"cat /sys/class/leds/{names[1]}/brightness | grep -v '^0'", 10, "the green light")
        expect_equal(shown.shows(0)[0], 0, "red while ready")
        expect(any(moment.blue for moment in shown.history()), "it was blue while the camera was busy")
        camera.pull()
        broken = camera_of(stage, "BWC0702", options=("--break", "hash")).plug("1")
        wait_for_state(dock, "BWC0702", "held")
        dock.wait_for(f"cat /sys/class/leds/{names[2]}/trigger | grep -F '[timer]'", 10, "the red light to blink")
        expect_equal(shown.shows(0)[1], 0, "green while held")
        broken.pull()
        dock.wait_for(f"cat /sys/class/leds/{names[2]}/brightness | grep '^0'", 10, "a dark light")
    shown.pull()


@scenario(seconds=180)
def provisioned(stage: Stage):
    """On its way out a camera is given its wearer and its clock; the offset of its clock was recorded before"""
    dock = stage.dock
    with configured(
        stage, profiles="folders: [/etc/bodydock/profiles]", cameras='- serial: BWC0711\n  wearer: "004799"', docking="come_back: 5s"
    ):
        before = {kind: ledger(dock, kind) for kind in ("clock.measured", "camera.provisioned")}
        camera = camera_of(stage, "BWC0711").plug("2")
        bay = wait_for_state(dock, "BWC0711", *RELEASED)
        expect(bay["battery"]["source"] in ("manifest", "estimate"), f"the battery: {bay['battery']}")
        for kind, count in before.items():
            expect_equal(ledger(dock, kind), count + 1, f"entries {kind}")
        expect("offsetSeconds" in last_entry(dock, "clock.measured"), "the offset of its clock is on record")
        node = camera.wait_for_volume()["DEVNAME"]
        wearer, clock = dock.sh(f"mount -o ro {node} /mnt; cat /mnt/SETTINGS/wearer.txt; echo; cat /mnt/SETTINGS/clock.txt; umount /mnt").split("\n")
        expect_equal(wearer, "004799 BWC0711 virtual-dock", "what the camera was given")
        expect(0 <= int(dock.sh("date +%s")) - int(clock) < 120, f"the clock that the camera was given: {clock}")
        expect_all_safe(stage, camera)
        camera.pull()


@scenario(seconds=240)
def power(stage: Stage):
    """Not all can charge at once: the port of one camera is off until the other one is taken"""
    dock = stage.dock
    with configured(stage, charging="power: port\nat_once: 1"):
        cameras = [camera_of(stage, f"BWC072{number}").plug(f"14.{number}") for number in (1, 2)]
        off = wait_for(dock, "a port that is off", lambda bay: "its port is off" in " ".join(bay["reasons"]), 120)
        disabled = "cat /sys/bus/usb/devices/1-14:1.0/1-14-port{}/disable"
        states = [dock.sh(disabled.format(number)) for number in (1, 2)]
        expect_equal(sorted(states), ["0", "1"], "ports that are off")
        waiting = states.index("1")
        expect_equal(off["camera"], cameras[waiting].serial, "the camera whose port is off")
        cameras[1 - waiting].pull()
        dock.wait_for(f"{disabled.format(waiting + 1)} | grep 0", 60, "the other port to be on")
        wait_for_state(dock, cameras[waiting].serial, *RELEASED)
        expect_all_safe(stage, *cameras)
        cameras[waiting].pull()


@scenario(seconds=240)
def night(stage: Stage):
    """In the window a released camera is erased deeply, once: overwritten, or discarded where the device takes that"""
    dock = stage.dock
    for number, (method, level) in enumerate({"overwrite": "Clear", "discard": "none"}.items(), 1):
        with configured(stage, erase=f"deep: {method}\nwindow: '00:00-00:00'"):
            before = ledger(dock, "erase.certified")
            camera = camera_of(stage, f"BWC073{number}").plug(str(number))
            wait_for_state(dock, camera.serial, *RELEASED)
            wait_until(lambda: ledger(dock, "erase.certified") == before + 2, 90, "the deep erase")
            wait_for_state(dock, camera.serial, *RELEASED)
            certificate = last_entry(dock, "erase.certified")
            expect_equal((certificate["method"], certificate["level"]), (method, level), "method and level in the certificate")
            expect_all_safe(stage, camera)
            camera.pull()


@scenario(seconds=180)
def administrator(stage: Stage):
    """Ports are listed, a wrong configuration is not taken, a restart remembers who is ready, others may not steer"""
    dock = stage.dock
    camera = camera_of(stage, "BWC0741").plug("3")
    wait_for_state(dock, "BWC0741", *RELEASED)
    listed = dock.sh("bodydock bays --once")
    expect(f"{PCI}-usb-0:3" in listed and "46f4:0001" in listed, f"bodydock bays says {listed}")
    good = dock.pull(SETTINGS)
    dock.push(good + b"vault: {}\n", SETTINGS)
    dock.sh("systemctl reload bodydock")
    said = "journalctl --unit=bodydock --output=cat | grep -A1 \"unknown key 'vault'\" | grep 'the one before stays'"
    dock.wait_for(said, 20, "a message about the mistake")
    dock.push(good, SETTINGS)
    wait_for_state(dock, "BWC0741", *RELEASED)
    dock.sh("systemctl restart bodydock")
    wait_for_state(dock, "BWC0741", *RELEASED)
    expect_equal(dock.sh("stat --format='%U %G %a' /run/bodydock/control.socket"), "bodydock bodydock 660", "the control socket")
    expect_equal(dock.sh("ps --no-headers -o user:20 -C bodydock"), "bodydock", "the agent's user")
    expect(not dock.check("setpriv --reuid=nobody --regid=nogroup --clear-groups bodydock release A1"), "nobody may release a camera")
    camera.pull()
