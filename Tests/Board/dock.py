"""A dock that shows what a test says: the agent's status socket, and the real board beside it."""

import atexit
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

RECIPIENT = "age1m4na6p89m7uv4q6zr0qvqpfhshgvyetzftalmwmjz893c3pe0vmqgwyupg"


def bay(name, state, camera=None, percent=None, left=None, battery=None, reasons=()):
    """A bay as the agent tells it."""
    told = {"bay": name, "state": state, "seconds": 60, "reasons": list(reasons), "ports": [], "steps": []}
    if camera:
        told["camera"] = camera
    if percent is not None:
        told["progress"] = {"bytes": percent * 10**8, "total": 10**10, "bytesPerSecond": 3e7}
    if left is not None:
        told["secondsLeft"] = left
    if battery is not None:
        told["battery"] = {"percent": battery, "source": "statusFile"}
    return told


class Agent:
    """The side of the agent: a Unix socket that answers every line with the status, and tells of changes."""

    def __init__(self, path):
        self.path = path
        self.dock = "stadhuis-1"
        self.bays, self.vaults = [], []
        self.changed = threading.Condition()
        self.version = 0
        self.listener = None
        self.clients = []

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def stop(self):
        os.unlink(self.path)
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for client in self.clients:
            client.shutdown(socket.SHUT_RDWR)
        self.clients = []

    def show(self, bays, vaults=()):
        with self.changed:
            self.bays, self.vaults = list(bays), list(vaults)
            self.version += 1
            self.changed.notify_all()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.clients.append(client)
            threading.Thread(target=self._tell, args=[client], daemon=True).start()

    def _tell(self, client):
        try:
            client.recv(4096)
            told = -1
            while True:
                with self.changed:
                    self.changed.wait_for(lambda: self.version != told, timeout=20)
                    told = self.version
                    line = self._line()
                client.sendall(line)
        except OSError:
            pass

    def _line(self):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        status = {
            "dock": self.dock, "agent": "1", "since": now, "now": now, "bays": self.bays, "vaults": self.vaults,
            "spool": {"undelivered": 0, "freeBytes": 10**11, "keepFree": 2 * 10**9}, "alarms": [], "cameras": [], "isStopping": False,
        }
        return json.dumps({"status": status}).encode() + b"\n"


class Board:
    """`bodydock board`."""

    def __init__(self, program, extra=""):
        self.folder = tempfile.TemporaryDirectory(prefix="bodydock-board-")
        self.program = os.path.abspath(program)
        os.mkdir(self.at("run"))
        os.mkdir(self.at("vault"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        with open(self.at("bodydock.yaml"), "w") as file:
            file.write(
                f"dock: {{name: stadhuis-1}}\nstate: {self.at('state')}\nsealing: {{recipients: [{RECIPIENT}]}}\n"
                f"vaults: [{{name: archive, type: directory, path: {self.at('vault')}}}]\n"
                f"agent: {{runtime: {self.at('run')}}}\nboard: {{listen: '127.0.0.1:{self.port}'{extra}}}\n")
        self.agent = Agent(self.at("run/status.socket"))
        self.process = None
        atexit.register(lambda: self.process and self.process.kill())

    def at(self, name):
        return os.path.join(self.folder.name, name)

    def start(self):
        log = open(self.at("log"), "ab")
        self.process = subprocess.Popen([self.program, "board", "--config", self.at("bodydock.yaml")], stderr=log)
        until("the board answers", lambda: self.get("/board.css"))

    def get(self, path):
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=20) != 0:
            raise AssertionError("the board did not end well: " + open(self.at("log")).read())


def until(what, is_so, seconds=60):
    """Waits until something is so, and answers it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = is_so()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"it never came to this: {what}")
