"""The hand of the virtual dock inside the guest: runs what the host asks for over a virtio-serial port.

A frame is two big-endian 32-bit lengths, that many bytes of JSON, and that many bytes of data. Each request has an id, which
its answer carries; each is done by a thread of its own, so that one that hangs in the kernel holds up no other."""

import json
import os
import signal
import struct
import subprocess
import threading
import time

PORT = "/dev/virtio-ports/virtual-dock.agent"
LENGTHS = struct.Struct(">II")
MOST_OUTPUT = 64 << 20


class Line:
    """The port. Reading it without a host behind it gives nothing; that is no end."""

    def __init__(self):
        self.port = os.open(PORT, os.O_RDWR | os.O_CLOEXEC)
        self.turn = threading.Lock()

    def read(self, count):
        data = bytearray()
        while len(data) < count:
            part = os.read(self.port, min(count - len(data), 1 << 18))
            if not part:
                time.sleep(0.05)
            data += part
        return bytes(data)

    def request(self):
        head, blob = LENGTHS.unpack(self.read(LENGTHS.size))
        return json.loads(self.read(head)), self.read(blob)

    def answer(self, head, blob=b""):
        text = json.dumps(head).encode()
        frame = memoryview(LENGTHS.pack(len(text), len(blob)) + text + blob)
        with self.turn:
            while frame:
                frame = frame[os.write(self.port, frame[: 1 << 18]) :]


def run(head, blob):
    """Runs a command in a session of its own. After its time it is killed; what still hangs in the kernel is left alone."""
    process = subprocess.Popen(
        head["command"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
        env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": "/root", **head.get("env", {})},
    )
    late = False
    try:
        out, err = process.communicate(blob, timeout=head["seconds"])
    except subprocess.TimeoutExpired:
        late = True
        os.killpg(process.pid, signal.SIGKILL)
        try:
            out, err = process.communicate(timeout=2)
        except subprocess.TimeoutExpired as reason:
            out, err = reason.stdout or b"", (reason.stderr or b"") + b"\n(not even SIGKILL ends it)"
    out, err = out[:MOST_OUTPUT], err[-(1 << 20) :]
    return {"status": process.returncode, "late": late, "out": len(out)}, out + err


def write(head, blob):
    """A piece of a file. With a size it makes the file, as one hole, and its folder."""
    path, flags = head["path"], os.O_WRONLY
    if "size" in head:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        flags |= os.O_CREAT | os.O_TRUNC
    file = os.open(path, flags, 0o600)
    try:
        if "size" in head:
            os.fchmod(file, head["mode"])
            os.ftruncate(file, head["size"])
        done = 0
        while done < len(blob):
            done += os.pwrite(file, blob[done:], head["offset"] + done)
    finally:
        os.close(file)
    return {}, b""


def read(head, _):
    """A piece of a file."""
    file = os.open(head["path"], os.O_RDONLY)
    try:
        return {}, os.pread(file, head["count"], head["offset"])
    finally:
        os.close(file)


def serve(line, head, blob):
    """One request, whatever it does."""
    try:
        answer, data = {"run": run, "write": write, "read": read, "ping": lambda *_: ({}, b"")}[head["do"]](head, blob)
    except Exception as reason:
        answer, data = {"error": f"{type(reason).__name__}: {reason}"}, b""
    line.answer({"id": head["id"], **answer}, data)


def main():
    line = Line()
    while True:
        head, blob = line.request()
        threading.Thread(target=serve, args=(line, head, blob), daemon=True).start()


main()
