"""A window into the dock: its board in a browser of this machine."""

import socket

DOCK, PORT = "10.0.2.15", 8484


class Window:
    """A network of the dock's own that leads nowhere; but a port of this machine leads to its board."""

    tap = None

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def machine_options(self) -> list[str]:
        """For QEMU."""
        lead = f"hostfwd=tcp:127.0.0.1:{self.port}-{DOCK}:{PORT}"
        return ["-netdev", f"user,id=window,restrict=on,{lead}", "-device", "virtio-net-pci,netdev=window,romfile="]

    def open(self, dock):
        """Passes on what comes through it: the board listens to its own machine alone."""
        dock.sh(f"ip link set eth0 up; ip address add {DOCK}/24 dev eth0")
        listen = f"--socket-property=ListenStream={DOCK}:{PORT}"
        dock.sh(f"systemd-run --quiet --unit=window {listen} /lib/systemd/systemd-socket-proxyd 127.0.0.1:{PORT}")
