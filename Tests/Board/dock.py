"""A dock that shows what a test says: the agent's status socket, the real board beside it, and shifts that really were."""

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
        self.bays, self.vaults, self.alarms, self.cameras, self.next = [], [], [], [], None
        self.overview, self.report, self.history = None, None, []
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
            asked = json.loads(client.recv(4096))["ask"]
            if asked != "watch":
                answer = {"overview": self._overview, "report": lambda: self.report, "history": lambda: self.history}[asked]()
                client.sendall(json.dumps({asked: answer}).encode() + b"\n")
                self.clients.remove(client)
                return client.close()
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
        return json.dumps({"status": self._status()}).encode() + b"\n"

    def _status(self):
        now = moment(0)
        status = {
            "dock": self.dock, "agent": "1", "since": now, "now": now, "bays": self.bays, "vaults": self.vaults,
            "spool": {"undelivered": 0, "freeBytes": 10**11, "keepFree": 2 * 10**9}, "alarms": self.alarms, "cameras": self.cameras,
            "isStopping": False,
        }
        return status | ({"next": self.next} if self.next else {})

    def _overview(self):
        return self.overview | {"status": self._status()}


def moment(hours):
    """A moment so many hours from now, as the agent tells it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + hours * 3600))


def a_day(agent, shift):
    """Fills an agent with a day after the shift that this report is of: who is late, what was raised, nights, four weeks."""
    def readiness(camera, state, **more):
        return {
            "camera": camera, "number": camera[-2:], "state": state, "reasons": [], "uses": 3, "isBatteryEstimated": False, **more}

    agent.report = shift
    agent.cameras = [
        readiness("BWC0042", "ready", battery=100, left={"upload": 0, "cooling": 0, "erase": 0, "charge": 0}),
        readiness("BWC0011", "ready", battery=98, left={"upload": 0, "cooling": 0, "erase": 0, "charge": 0}),
        readiness("BWC0055", "overdue", wearer="4733", due=shift["shift"], lastSeen=moment(-11)),
    ]
    agent.next = {
        "shift": shift["shift"] | {"name": "nacht", "start": moment(2), "end": moment(10)},
        "ready": ["BWC0042", "BWC0011", "BWC0031"],
        "missed": [
            {"camera": "BWC0008", "title": "08", "cause": "upload", "seconds": 2400, "reasons": []},
            {"camera": "BWC0055", "title": "55", "cause": "overdue", "reasons": []},
        ],
        "order": ["BWC0042", "BWC0011", "BWC0031"],
    }
    agent.alarms = [
        {"key": {"kind": "overdueCamera", "subject": "BWC0055"}, "what": "camera 55, worn by 4733 did not come back: shift late ended at 23:00",
         "next": "ask who wore it, and have it put into the dock", "raised": moment(-0.5),
         "matter": {"overdue": {"camera": "55", "wearer": "4733", "shift": "late", "ended": moment(-1.5)}}},
        {"key": {"kind": "batteryWorn", "subject": "BWC0017"}, "what": "the battery of camera 17 lasts 6.1 hours, 9.4 when it was new",
         "next": "have it exchanged", "raised": moment(-50), "acknowledged": moment(-26), "by": "4711",
         "matter": {"battery": {"camera": "17", "hours": 6.1, "atFirst": 9.4}}},
        {"key": {"kind": "heldCamera", "subject": "BWC0023"}, "what": "camera BWC0023 in bay 3 is held: DCIM/4719_0001.mp4: its SHA-256 is not the listed one",
         "next": "look at 'bodydock status'", "raised": moment(-2),
         "matter": {"held": {"camera": "BWC0023", "bay": "3", "cause": {"code": "hashWrong", "recording": "4719_0001", "path": "DCIM/4719_0001.mp4"}}}},
        {"key": {"kind": "vaultDown", "subject": "cloud"}, "what": "vault cloud: cannot store", "next": "see its log", "raised": moment(-1),
         "matter": {"vault": {"why": "cannot store a segment: https://s3.example.org/footage: no answer for 30 s"}}},
    ]
    standing = {"shift": shift["shift"], "all": shift["all"], "open": shift["open"]}
    coming = {"shift": agent.next["shift"], "all": shift["all"] | {"dockings": 0, "recordings": 0}, "open": []}
    before = {"edition": 1, "made": shift["made"], "all": shift["all"]}
    reports = [
        before | {"open": [], "shift": shift["shift"] | {"date": (time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * 86400)))}}
        for days in range(1, 6)
    ]
    nights = [
        {"night": moment(-24 * days)[:10], "began": moment(-24 * days), "ended": moment(-24 * days + 0.2), "failed": [], "faults": 0}
        for days in range(1, 8)
    ]
    nights[3]["failed"] = [{"kind": "check", "outcome": "failed", "count": 1, "note": "1 of 400 objects is not what the ledger says", "seconds": 3}]
    agent.overview = {"shifts": [standing, coming], "reports": reports, "nights": nights}
    agent.history = [
        {"date": moment(-24 * day)[:10], "dockings": 8 + day * 5 % 7, "bytes": (30 + day * 37 % 23) * 10**9,
         "usualSeconds": 900 + day * 331 % 700, "longestSeconds": 2400 + day * 997 % 3100,
         "held": int(day % 9 == 4), "unfinished": int(day % 6 == 2) * 2}
        for day in reversed(range(28))
    ]


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
                f"agent: {{runtime: {self.at('run')}}}\nboard: {{listen: '127.0.0.1:{self.port}'{extra}}}\n"
                "teams: [{name: handhaving, regime: avg}]\n"
                "cameras: [{serial: BWC0042, number: '42', team: handhaving}, {serial: BWC0023, number: '23', team: handhaving}]\n"
                "shifts: [{name: dag, from: '00:00', to: '00:00'}]\n")
        self.agent = Agent(self.at("run/status.socket"))
        self.process = None
        atexit.register(lambda: self.process and self.process.kill())

    def at(self, name):
        return os.path.join(self.folder.name, name)

    def shift(self):
        """A report: two cameras with their recordings really came back, and one of them is held."""
        for serial, badge, more in [("BWC0042", "4711", []), ("BWC0023", "4719", ["--break", "hash"])]:
            camera = self.at(serial)
            self.bodydock("camera", "make", camera, "--serial", serial, "--wearer", badge, "--recordings", "3", *more)
            self.bodydock("offload", "--config", self.at("bodydock.yaml"), camera, may=(0, 2))
        report = self.bodydock("handover", "--config", self.at("bodydock.yaml"), "--now", "--format", "json", may=(0, 2))
        return json.loads(report) | {"edition": 1}

    def bodydock(self, *words, may=(0,)):
        done = subprocess.run([self.program, *words], capture_output=True, text=True)
        if done.returncode not in may:
            raise AssertionError(f"bodydock {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout

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
