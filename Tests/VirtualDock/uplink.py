"""A dock's uplink: a wire of its own to a real S3 service on this machine, over real TCP and TLS, which counts what is sent,
and can be cut.

The wire is a tap device in a network namespace that nothing but these sockets keeps alive: there is nothing to clean up, and
nothing of this machine's network is touched."""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

from limits import Failed, run
from places import RIGS
from store import ACCESS_KEY, SECRET_KEY, Store

sys.path.insert(0, str(RIGS))
from relay import Relay  # noqa: E402

# TEST-NET-2 (RFC 5737).
SERVICE, DOCK = "198.51.100.1", "198.51.100.2"
BUCKET = "evidence"
# `vaults` in the configuration of a dock with an uplink.
VAULTS = f"""\
- name: cloud
  type: s3
  endpoint: https://{SERVICE}
  bucket: {BUCKET}
  credentials: s3
  ca_file: /etc/bodydock/s3-ca.pem
  lock:
    mode: governance
    days: 28
  stall_timeout: 5s
"""
# `dock` in the configuration of one whose nights an authority stamps.
STAMPED = f"""\
name: virtual-dock
timestamp:
  url: http://{SERVICE}:318/
  ca_file: /etc/bodydock/tsa-ca.pem
"""
CREDENTIAL = "[Service]\nLoadCredential=s3:/etc/bodydock/s3.credentials\n"
UNIT = f"""\
[Unit]
Description=The dock's uplink
BindsTo=sys-subsystem-net-devices-eth0.device
After=sys-subsystem-net-devices-eth0.device
Before=bodydock.service

[Service]
Type=oneshot
RemainAfterExit=yes
# No bundles of packages: what is lost or delayed is one packet, as on a wire.
ExecStart=ip link set eth0 gso_max_segs 1 up
ExecStart=ip address add {DOCK}/24 dev eth0

[Install]
WantedBy=multi-user.target
"""
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


class Uplink:
    """Use `wait` before the first connection. `relay` counts, cuts and goes silent; `store` says what arrived. Beside it an authority
    for time-stamps answers, whose certificate is `stamper`."""

    def __init__(self, folder: Path):
        folder.mkdir()
        make_certificates(folder)
        self.authority = (folder / "authority.pem").read_text()
        self.store = Store(folder / "ceph", folder / "server.pem", BUCKET)
        self.stamper = folder / "tsa/ca.pem"
        self.stamper.parent.mkdir()
        self.stamping = subprocess.Popen([sys.executable, RIGS / "tsa.py", self.stamper.parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        port = self.stamping.stdout.readline().strip()
        self.tap, listener, stamps = make_wire()
        self.relay, self.stamps = Relay(listener), Relay(stamps, int(port))

    def wait(self) -> "Uplink":
        """Waits until the service is there, and lets everything pass."""
        self.relay.port = self.relay.port or self.store.wait().tls_port
        self.relay.open()
        return self

    def close(self):
        """Everything of it goes."""
        self.relay.close()
        self.stamps.close()
        self.stamping.communicate()
        os.close(self.tap)
        self.store.close()

    @property
    def files(self) -> dict[str, str]:
        """What the dock needs to use it."""
        return {
            "usr/lib/systemd/system/uplink.service": UNIT,
            "etc/systemd/system/bodydock.service.d/credential.conf": CREDENTIAL,
            "etc/systemd/system/bodydock-nightly.service.d/credential.conf": CREDENTIAL,
            "etc/bodydock/s3.credentials": f"access_key_id = {ACCESS_KEY}\nsecret_access_key = {SECRET_KEY}\n",
            "etc/bodydock/s3-ca.pem": self.authority,
            "etc/bodydock/tsa-ca.pem": self.stamper.read_text(),
        }

    @property
    def machine_options(self) -> list[str]:
        """For QEMU, which inherits `tap`."""
        return ["-netdev", f"tap,id=uplink,fd={self.tap}", "-device", "virtio-net-pci,netdev=uplink,romfile="]


def shape(dock, discipline: str):
    """How the dock's packets leave it: a queueing discipline in the words of tc(8), such as «netem delay 100ms loss 1%»."""
    dock.sh(f"tc qdisc replace dev eth0 root {discipline}")


def make_certificates(folder: Path):
    """An authority, and the service's certificate and key in one file."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30")
    run("openssl", "req", "-x509", *key, "-subj", "/CN=Virtual authority", "-keyout", "authority.key", "-out", "authority.pem", cwd=folder)
    signed = ("-CA", "authority.pem", "-CAkey", "authority.key", "-addext", f"subjectAltName=IP:{SERVICE}")
    run("openssl", "req", "-x509", *key, *signed, "-subj", f"/CN={SERVICE}", "-keyout", "server.key", "-out", "server.crt", cwd=folder)
    (folder / "server.pem").write_text((folder / "server.crt").read_text() + (folder / "server.key").read_text())


def make_wire() -> tuple[int, socket.socket, socket.socket]:
    """A tap device for QEMU, and listening sockets at its other end: for the service, and for time-stamps."""
    made, wrong = [], []

    def make():
        try:
            if libc.unshare(CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            tap = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
            fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"uplink", IFF_TAP | IFF_NO_PI))
            run("ip", "address", "add", f"{SERVICE}/24", "dev", "uplink")
            run("ip", "link", "set", "uplink", "up")
            made.extend([tap, *(socket.create_server((SERVICE, port), backlog=64) for port in (443, 318))])
        except (OSError, Failed) as reason:
            wrong.append(reason)

    # A namespace is entered by a thread alone, for good; what it opens there stays there.
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if wrong:
        raise Failed(f"no wire to the dock (it needs root and /dev/net/tun): {wrong[0]}")
    return made[0], made[1], made[2]
