"""Bodydock, installed in the virtual dock, takes in cameras by hand: the foundation for all that it does by itself."""

from stage import Stage, expect_equal, scenario
from vault import expect_in_vault

INSTALLED = True


@scenario()
def offload(stage: Stage):
    """A camera is sealed into the guest's vault, opens on the host, and is empty; the vault outlives a power cut"""
    dock = stage.dock
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
