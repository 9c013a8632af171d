"""Delivery to a real S3 service over a network that delays, loses and fails."""

import random
import tempfile
from pathlib import Path

from agent import RELEASED, camera_of, configuration, expect_all_safe, ledger, wait_for_state, wait_for_vault
from limits import run
from stage import Stage, expect, expect_equal, scenario
from uplink import STAMPED, VAULTS, shape

INSTALLED = True
UPLINK = True
SECTIONS = {"erase": "deep: never", "docking": "come_back: 5s\nretry_after: 5s", "vaults": VAULTS, "dock": STAMPED}
CONFIGURATION = configuration(SECTIONS)


@scenario(seconds=180)
def netem(stage: Stage):
    """100 ms of delay and 1 % loss: a camera is delivered whole, over TLS, into a bucket that locks, and then erased"""
    dock, uplink = stage.dock, stage.uplink
    shape(dock, "netem delay 100ms loss 1% limit 10000")
    camera = camera_of(stage, "BWC0901", options=("--bytes", "512 KiB")).plug("1")
    wait_for_state(dock, "BWC0901", *RELEASED, seconds=90)
    expect_all_safe(stage, camera)
    for version in uplink.store.versions():
        expect_equal(uplink.store.lock(version).mode, "GOVERNANCE", f"the lock of {version.key}")
    dropped = dock.sh("tc -s qdisc show dev eth0 | grep -o 'dropped [0-9]*'")
    expect(dropped != "dropped 0", "the network lost packets")
    camera.pull()
    shape(dock, "pfifo_fast")


@scenario(seconds=240)
def night_after_outage(stage: Stage):
    """The network is away all day, the agent is stopped: the night delivers what is left, killed at any moment; a missed one is caught up"""
    dock, uplink = stage.dock, stage.uplink
    uplink.relay.cut()
    camera = camera_of(stage, "BWC0911").plug("2")
    wait_for_state(dock, "BWC0911", "delivering", "incomplete")
    dock.sh("systemctl stop bodydock")
    receipts = ledger(dock, "receipt")
    spooled = int(dock.sh("find /var/lib/bodydock/spool -name '*.age' | wc -l"))
    expect_equal(spooled, len(list(camera.footage.elements())) + 1, "segments and a manifest in the spool")

    uplink.relay.open()
    shape(dock, "tbf rate 25mbit burst 32kb latency 300ms")
    dock.sh("systemctl start --no-block bodydock-nightly")
    moment = random.uniform(0, 2)
    dock.sh(f"sleep {moment:.2f}; systemctl kill --signal=KILL bodydock-nightly || true; systemctl reset-failed bodydock-nightly || true")
    # As after a night without power. systemd makes up for it since the boot, but for the delay that keeps docks apart.
    dock.push("[Timer]\nRandomizedDelaySec=0\n", "/run/systemd/system/bodydock-nightly.timer.d/at-once.conf")
    stamp = "/var/lib/systemd/timers/stamp-bodydock-nightly.timer"
    expect_equal(dock.sh("systemctl is-enabled bodydock-nightly.timer"), "enabled", "the timer")
    dock.sh(f"systemctl stop bodydock-nightly.timer; touch -d '3 days ago' {stamp}; systemctl daemon-reload; systemctl start bodydock-nightly.timer")
    said = "journalctl --unit=bodydock-nightly --output=cat | grep 'the spool was delivered'"
    dock.wait_for(f"test \"$(systemctl is-active bodydock-nightly)\" = inactive && {said}", 90, f"the night (killed after {moment:.2f} s)")
    expect_all_safe(stage, camera)
    expect(ledger(dock, "receipt") >= receipts + spooled and ledger(dock, "night.ended") >= 1, "the ledger tells of receipts and the night")

    sent = uplink.relay.count
    dock.sh("systemctl start bodydock")
    wait_for_state(dock, "BWC0911", *RELEASED, seconds=90)
    # Only the certificate of its erase is new.
    expect(uplink.relay.count - sent < 200_000, f"{uplink.relay.count - sent} bytes were sent for what the bucket had")
    dock.sh("systemctl start bodydock-nightly", seconds=60)
    expect_all_safe(stage, camera)
    expect_stamped(uplink)
    camera.pull()


def expect_stamped(uplink):
    """Time-stamps lie in the bucket, and openssl says that each is of the checkpoint beside it, by the authority."""
    versions = {version.key: version for version in uplink.store.versions()}
    stamps = [key for key in versions if key.endswith(".tsr")]
    expect(stamps, "the night brought a time-stamp into the bucket")
    with tempfile.TemporaryDirectory() as name:
        checkpoint, stamp = Path(name) / "checkpoint", Path(name) / "stamp"
        for key in stamps:
            uplink.store.save(versions[key.removesuffix(".tsr") + ".checkpoint"], checkpoint)
            uplink.store.save(versions[key], stamp)
            run("openssl", "ts", "-verify", "-data", checkpoint, "-in", stamp, "-CAfile", uplink.stamper)


@scenario(seconds=180)
def untrusted(stage: Stage):
    """A service that no trusted authority vouches for gets nothing; one alarm says what to do, and once that is done all goes on"""
    dock, uplink = stage.dock, stage.uplink
    authority = "/etc/bodydock/s3-ca.pem"
    # What came over the line before is not asked again.
    dock.sh(f"mv {authority} {authority}.good; sed '/END CERT/q' /etc/ssl/certs/ca-certificates.crt >{authority}; systemctl restart bodydock")
    sent = uplink.relay.count
    camera = camera_of(stage, "BWC0921").plug("3")
    bay = wait_for_state(dock, "BWC0921", "incomplete")
    expect("cloud" in " ".join(bay["reasons"]), f"incomplete for {bay['reasons']}")
    vault = wait_for_vault(dock, "stopped")
    expect(vault["isAlarm"] and "certificate" in vault["why"] and "ca_file" in vault["next"], f"what is said of the vault: {vault}")
    expect(uplink.relay.count - sent < 50_000, "nothing but greetings was sent")
    dock.sh(f"mv {authority}.good {authority}; systemctl reload bodydock")
    wait_for_state(dock, "BWC0921", *RELEASED)
    expect_all_safe(stage, camera)
    journal = dock.sh("journalctl --unit=bodydock --output=cat").splitlines()
    for words in ("vault cloud refuses, and is not tried again by itself", "it is over: vault cloud refuses"):
        expect_equal(sum(line.startswith(words) for line in journal), 1, f"messages «{words}»")
    camera.pull()
