#!/usr/bin/env python3
"""A relay in front of a server, which counts bytes and fails on demand, for tests.

    relay.py PORT

Listens on a free port of 127.0.0.1, prints it, and passes everything on to PORT there. Takes one command a line on its
standard input, answers each with one line, and ends when its input is closed:

    count       how many bytes clients have sent so far
    cut N       when N more bytes have come from clients, every connection is reset and none is taken any more; `ok`
    hush N      when N more bytes have come from clients, connections stay and nothing passes any more in either way; `ok`
    open        back to passing everything on, with new connections; `ok`
"""
import socket, struct, sys, threading

target = ("127.0.0.1", int(sys.argv[1]))
lock = threading.Lock()
state = {"count": 0, "limit": None, "kind": "", "failed": False}
sockets = set()


def reset(end):
    try: end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError: pass
    try: end.shutdown(socket.SHUT_RDWR)
    except OSError: pass
    end.close()


def fail():
    """With the lock: the limit is reached."""
    state["failed"] = True
    if state["kind"] == "cut":
        for end in sockets: reset(end)
        sockets.clear()


def account(count):
    """How many of `count` bytes from a client still pass."""
    with lock:
        if state["failed"]: return 0
        if state["limit"] is not None and state["limit"] <= count:
            count = state["limit"]
            state["count"] += count
            fail()
            return count
        if state["limit"] is not None: state["limit"] -= count
        state["count"] += count
        return count


def pump(source, sink, counted):
    try:
        while data := source.recv(1 << 18):
            if counted: data = data[:account(len(data))]
            elif state["failed"]: data = b""
            if not data:
                if state["kind"] == "hush" and state["failed"]: return
                break
            sink.sendall(data)
    except OSError: pass
    with lock:
        for end in (source, sink):
            sockets.discard(end)
            try: end.shutdown(socket.SHUT_RDWR)
            except OSError: pass


def accept(server):
    while True:
        client, _ = server.accept()
        if state["failed"] and state["kind"] == "cut":
            reset(client)
            continue
        upstream = socket.create_connection(target)
        with lock: sockets.update((client, upstream))
        threading.Thread(target=pump, args=(client, upstream, True), daemon=True).start()
        threading.Thread(target=pump, args=(upstream, client, False), daemon=True).start()


server = socket.create_server(("127.0.0.1", 0), backlog=64)
threading.Thread(target=accept, args=(server,), daemon=True).start()
print(server.getsockname()[1], flush=True)
for line in sys.stdin:
    command, *arguments = line.split()
    with lock:
        if command == "count": answer = state["count"]
        elif command == "open":
            for end in sockets: reset(end)
            sockets.clear()
            state.update(limit=None, kind="", failed=False)
            answer = "ok"
        else:
            state.update(limit=int(arguments[0]), kind=command, failed=False)
            answer = "ok"
    print(answer, flush=True)
