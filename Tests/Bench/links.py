#!/usr/bin/env python3
"""A network between two namespaces of this machine: the client in one, the service in the other. Needs root.

    links.py relay NEAR FAR DELAY LOSS SEED     moves packets between two TUN devices (`Link.slow` starts it)

The client reaches the service as 127.0.0.1, because Bodydock takes plain http for this machine only: its own loopback address is
taken away, and the route leads over the link."""

import errno
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections.abc import Sequence

from measure import Failed, output_of

CLIENT, SERVER = "bodydock-bench-client", "bodydock-bench-server"
NEAR, FAR = "10.99.0.1", "10.99.0.2"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


class Link:
    """Two namespaces and what is between them. To be used with `with`."""

    client = ("ip", "netns", "exec", CLIENT)
    server = ("ip", "netns", "exec", SERVER)

    def __init__(self):
        self.relay = None
        self._remove()
        for name in (CLIENT, SERVER):
            output_of("ip", "netns", "add", name)
            output_of("ip", "-n", name, "link", "set", "lo", "up")
            # No run learns from the one before.
            self._set(name, "net.ipv4.tcp_no_metrics_save=1")

    @classmethod
    def rated(cls, rate: int) -> "Link":
        """A veth pair whose client's end sends at most so many bit/s (tc-tbf(8))."""
        link = cls()
        output_of("ip", "link", "add", "bdbench1", "netns", CLIENT, "type", "veth", "peer", "name", "bdbench2", "netns", SERVER)
        link._connect("bdbench1", "bdbench2")
        # A bucket that is smaller than what is sent between two ticks of a slow timer (100 Hz) does not reach the rate.
        shape = ["tbf", "rate", f"{rate}bit", "burst", str(max(64 << 10, rate // 800)), "latency", "50ms"]
        output_of(*cls.client, "tc", "qdisc", "add", "dev", "bdbench1", "root", *shape)
        return link

    @classmethod
    def slow(cls, delay: float, loss: float, seed: int = 1) -> "Link":
        """Packets take `delay` seconds each way, and each is lost with probability `loss`. Both ends of each TCP connection see
        both: nothing in between speaks TCP."""
        link = cls()
        words = [sys.executable, "-B", __file__, "relay", "bdbench1", "bdbench2", str(delay), str(loss), str(seed)]
        link.relay = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if not link.relay.stdout.readline():
            link._remove()
            raise Failed("there are no TUN devices")
        output_of("ip", "link", "set", "bdbench1", "netns", CLIENT)
        output_of("ip", "link", "set", "bdbench2", "netns", SERVER)
        for name, device in ((CLIENT, "bdbench1"), (SERVER, "bdbench2")):
            # The link loses what it is told to lose, and nothing else.
            output_of("ip", "-n", name, "link", "set", device, "txqueuelen", "20000")
        link._connect("bdbench1", "bdbench2")
        return link

    def _connect(self, near: str, far: str):
        for name, device, own, other in ((CLIENT, near, NEAR, FAR), (SERVER, far, FAR, NEAR)):
            output_of("ip", "-n", name, "addr", "add", own, "peer", other, "dev", device)
            output_of("ip", "-n", name, "link", "set", device, "up")
            self._set(name, f"net.ipv4.conf.{device}.route_localnet=1", f"net.ipv4.conf.{device}.arp_announce=2")
        output_of("ip", "-n", CLIENT, "addr", "del", "127.0.0.1/8", "dev", "lo")
        # CUBIC is what Debian sends with, whatever this machine is set to.
        way = ["via", FAR, "dev", near, "src", NEAR, "congctl", "cubic"]
        output_of("ip", "-n", CLIENT, "route", "add", "127.0.0.1/32", *way)

    def _set(self, name: str, *values: str):
        output_of("ip", "netns", "exec", name, "sysctl", "-qw", *values)

    def _remove(self):
        if self.relay:
            self.relay.kill()
            self.relay.wait()
        there = output_of("ip", "netns", "list").split()
        for name in (CLIENT, SERVER):
            if name in there:
                output_of("ip", "netns", "del", name)

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_):
        self._remove()


def open_tun(name: str) -> int:
    """A TUN device of whole IP packets (Linux, networking/tuntap.rst)."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def relay(near: str, far: str, delay: float, loss: float, seed: int):
    """Moves packets until it is killed."""
    ends = open_tun(near), open_tun(far)
    print("ready", flush=True)
    chance, waiting, number = random.Random(seed), [], 0
    while True:
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for end in select.select(ends, [], [], pause)[0]:
            # All that is there, but not for so long that what is due waits.
            for packet in packets(end, most=64):
                if chance.random() >= loss:
                    number += 1
                    heapq.heappush(waiting, (time.monotonic() + delay, number, ends[1 - ends.index(end)], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(waiting)
            try:
                os.write(end, packet)
            except OSError as error:
                # A device that is not up yet takes nothing.
                if error.errno != errno.EIO:
                    raise


def packets(end: int, most: int):
    for _ in range(most):
        try:
            yield os.read(end, 65536)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return


def main(words: Sequence[str]) -> int:
    if len(words) != 6 or words[0] != "relay":
        print(__doc__, file=sys.stderr)
        return 64
    relay(words[1], words[2], float(words[3]), float(words[4]), int(words[5]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
