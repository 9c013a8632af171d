"""Bodydock as it is installed in the virtual dock, and what it does by hand."""

from dock import Dock
from stage import Stage, expect_equal, scenario
from vault import expect_in_vault

INSTALLED = True
# What a package may bring along is in force from the first boot on.
FILES = {
    "usr/lib/sysusers.d/rig.conf": "u rig-user - - /\n",
    "usr/lib/tmpfiles.d/rig.conf": "d /var/lib/bodydock/rig 0750 rig-user - -\n",
    "usr/lib/udev/rules.d/90-rig.rules": 'SUBSYSTEM=="block", ACTION=="add", ENV{ID_BUS}=="usb", ENV{DEVTYPE}=="partition", '
    'TAG+="systemd", ENV{SYSTEMD_WANTS}+="rig@%k.service"\n',
    "usr/lib/systemd/system/rig@.service": "[Service]\nExecStart=sleep inf\n",
    "usr/lib/systemd/system/rig.service": "[Service]\nExecStart=sleep inf\nUser=rig-user\n[Install]\nWantedBy=multi-user.target\n",
}


def without_the_agent(stage: Stage) -> Dock:
    """A dock on which no agent takes in the cameras that these scenarios plug in."""
    stage.dock.sh("systemctl mask --runtime --now bodydock")
    return stage.dock


@scenario()
def packaging(stage: Stage):
    """Users, folders, units and udev rules of a package work from the first boot on"""
    dock = without_the_agent(stage)
    expect_equal(dock.sh("stat --format='%U %a' /var/lib/bodydock/rig"), "rig-user 750", "the folder of tmpfiles.d")
    expect_equal(dock.sh("ps --no-headers -o user:20 -C sleep"), "rig-user", "the user of the unit")
    camera = stage.camera("BWC0042").plug("15.1")
    disk = camera.wait_for_volume()["DEVNAME"].removeprefix("/dev/")
    dock.wait_for(f"systemctl is-active rig@{disk}", 10, "the unit that the udev rule wants")


@scenario()
def offload(stage: Stage):
    """By hand, without the agent: a camera is sealed into the guest's vault, opens on the host, and is empty; the vault outlives a power cut"""
    dock = without_the_agent(stage)
    expect_equal(dock.sh("bodydock config check /etc/bodydock/bodydock.yaml >/dev/null && echo fine"), "fine", "the configuration")
    camera = stage.camera("BWC0042").plug("1")
    device = camera.wait_for_volume()["DEVNAME"]
    dock.sh(
        f"mount {device} /mnt; bodydock offload --config /etc/bodydock/bodydock.yaml /mnt; ls /mnt/DCIM/*; umount /mnt",
        seconds=60,
    )
    identity = stage.installation.identity
    expect_in_vault(dock, identity, camera.footage, camera.files)
    dock.sh("sync")
    dock.power_cut()
    expect_in_vault(dock, identity, camera.footage, camera.files)


@scenario()
def board(stage: Stage):
    """The board shows the dock, as a user that can neither steer the agent nor read what it has, and outlives the agent"""
    dock = stage.dock
    dock.sh("systemctl start bodydock bodydock-board")
    page = "python3 -c 'import urllib.request as w; print(w.urlopen(\"http://127.0.0.1:8484/{}\").read().decode())'"
    dock.wait_for(page.format("healthz"), 30, "the board hears the agent")
    stage.camera("BWC0042").plug("1")
    dock.wait_for(page.format("?lang=en") + " | grep BWC0042", 60, "the camera on the board")
    dock.wait_for(page.format("leader?lang=en") + " | grep \"No camera is overdue\"", 30, "the team leader's page")
    dock.wait_for(page.format("history?lang=en") + " | grep \"<svg class=chart\"", 30, "the history")
    owner = "stat --format='%U %G %a' /run/bodydock/"
    expect_equal(dock.sh(owner + "status.socket"), "bodydock bodydock-board 660", "the board's socket")
    expect_equal(dock.sh(owner + "control.socket"), "bodydock bodydock 660", "the control socket")
    process = "systemctl show --property=MainPID --value bodydock-board"
    expect_equal(dock.sh(f"ps --no-headers -o user:20 -p $({process})"), "bodydock-board", "its user")
    as_board = "setpriv --reuid=bodydock-board --regid=bodydock-board --init-groups"
    for path in ["/run/bodydock/control.socket", "/var/lib/bodydock/ledger.sqlite", "/etc/bodydock/dock.key"]:
        expect_equal(dock.sh(f"{as_board} test -r {path} || echo no"), "no", f"{path} for the board")
    dock.sh("systemctl restart bodydock")
    dock.wait_for(page.format("healthz"), 30, "the board hears the new agent")
    expect_equal(dock.sh("systemctl show --property=NRestarts --value bodydock-board"), "0", "restarts of the board")
