"""What many open boards cost the dock: python3 Tests/Board/load.py PROGRAM [RUNS].

200 browsers are sent the page's events while the status changes ten times a second; beside them a camera is taken in, again and again, in
turn with the same alone. The board runs as its unit has it run: it yields (nice 10). Judged are neighbours, so that a machine that
does other things too does them to both."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from dock import Board, bay, until

BROWSERS, CHANGES = 200, 10
BYTES = 4 << 30
TICKS = os.sysconf("SC_CLK_TCK")


class Browsers:
    """Readers of `/events`, in a process of their own, last in line for the processor: they stand for machines elsewhere."""

    CODE = """
import asyncio, os, sys
os.nice(19)
async def read(port, counts):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events?lang=nl HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
    while data := await reader.read(65536):
        counts[0] += data.count(b"event: parts")
async def main(port, browsers):
    counts = [0]
    readers = [asyncio.create_task(read(port, counts)) for _ in range(browsers)]
    parent = os.getppid()
    while os.getppid() == parent and not os.path.exists(sys.argv[3]):
        await asyncio.sleep(0.2)
    print(counts[0])
    os._exit(0)
asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
"""

    def __init__(self, board):
        self.board, self.end = board, board.at("browsers-end")
        self.process = subprocess.Popen(
            [sys.executable, "-c", Browsers.CODE, str(board.port), str(BROWSERS), self.end], stdout=subprocess.PIPE, text=True)
        wanted = f"bodydock_board_streams {BROWSERS}\n"
        until("all browsers are there", lambda: wanted in (board.get("/metrics") or ""))

    def close(self):
        open(self.end, "w").close()
        events = int(self.process.communicate(timeout=30)[0])
        os.unlink(self.end)
        # Who went is noticed when something is said to him.
        until("all browsers are gone", lambda: "bodydock_board_streams 0\n" in (self.board.get("/metrics") or ""))
        return events


def cpu(process):
    """Seconds of processor time that a process has used."""
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def offload(board, camera):
    """Seconds to take in a camera: wall, and processor."""
    for name in ("state", "vault"):
        shutil.rmtree(board.at(name), ignore_errors=True)
    os.mkdir(board.at("vault"))
    copy = board.at("camera-now")
    shutil.rmtree(copy, ignore_errors=True)
    # Links are files enough: what is erased is the copy's.
    shutil.copytree(camera, copy, copy_function=os.link)
    before, began = os.times(), time.monotonic()
    board.bodydock("offload", "--config", board.at("bodydock.yaml"), copy)
    wall, after = time.monotonic() - began, os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def change(agent, stop):
    """The status changes, on time."""
    step, due = 0, time.monotonic()
    while not stop.is_set():
        step += 1
        agent.show([bay(str(number), "reading", f"BWC{number:04}", percent=step % 100, left=600, battery=50) for number in range(8)])
        due += 1 / CHANGES
        time.sleep(max(0, due - time.monotonic()))


def offload_beside(board, camera):
    """The same beside browsers and changes; with the share of a processor that the board used, and how many events were read."""
    browsers, stop = Browsers(board), threading.Event()
    thread = threading.Thread(target=change, args=[board.agent, stop], daemon=True)
    thread.start()
    begin, before = time.monotonic(), cpu(board.process)
    cost = offload(board, camera)
    share = (cpu(board.process) - before) / (time.monotonic() - begin)
    stop.set()
    thread.join()
    return cost, share, browsers.close()


def main():
    program, runs = sys.argv[1], int((sys.argv[2:] or ["7"])[0])
    tempfile.tempdir = "/dev/shm"
    board = Board(program)
    camera = board.at("camera")
    board.bodydock("camera", "make", camera, "--recordings", "8", "--segments", "2", "--bytes", str(BYTES // 16))
    board.agent.show([])
    board.agent.start()
    board.start()
    os.setpriority(os.PRIO_PROCESS, board.process.pid, 10)
    for thread in os.listdir(f"/proc/{board.process.pid}/task"):
        os.setpriority(os.PRIO_PROCESS, int(thread), 10)
    alone, beside, used = [], [], []
    offload(board, camera)
    for run in range(runs):
        # One first, then the other first: what only grows, or only wears off, falls on both alike.
        for is_beside in (False, True) if run % 2 == 0 else (True, False):
            if is_beside:
                cost, share, events = offload_beside(board, camera)
                beside.append(cost)
                used.append(share)
            else:
                alone.append(offload(board, camera))
        print(f"alone {alone[-1][0]:.2f} s; beside {BROWSERS} boards {beside[-1][0]:.2f} s; the board used {100 * used[-1]:.1f} % of a processor; "
              f"{events} events were read", flush=True)
    with open(f"/proc/{board.process.pid}/statm") as file:
        memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    walls, cpus = ([statistics.median(cost[what] for cost in costs) for costs in (alone, beside)] for what in (0, 1))
    more = [100 * (statistics.median(with_[what] / without[what] for without, with_ in zip(alone, beside)) - 1) for what in (0, 1)]
    print(f"{BYTES / 2**30:.0f} GiB, medians of {runs}: alone {walls[0]:.2f} s (CPU {cpus[0]:.2f} s), beside {walls[1]:.2f} s (CPU {cpus[1]:.2f} s): "
          f"{more[0]:+.1f} % of time, {more[1]:+.1f} % of its processor time; "
          f"the board {100 * statistics.median(used):.1f} % of a processor, {memory >> 20} MiB")
    board.stop()


main()
