#!/usr/bin/env python3
"""A relay in front of a server, which counts bytes and fails on demand, for tests.

    relay.py PORT

Listens on a free port of 127.0.0.1, prints it, and passes everything on to PORT there. Takes one command a line on its
standard input, answers each with one line, and ends when its input is closed:

    count       how many bytes clients have sent so far
    connections how many are open
    cut N       when N more bytes have come from clients, every connection is reset and none is taken any more; `ok`
    hush N      when N more bytes have come from clients, connections stay and nothing passes any more in either way; `ok`
    open        back to passing everything on, with new connections; `ok`

Tests in Python use `Relay` itself, which also says when what was sent, and what of it was lost.
"""
import socket, struct, sys, threading, time


def reset(end):
    try: end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError: pass
    close(end)
    end.close()


def close(end):
    try: end.shutdown(socket.SHUT_RDWR)
    except OSError: pass


class Pair:
    """One connection: its client's end and its server's, and how much the client sent since the server last said anything."""

    def __init__(self, client, upstream):
        self.client, self.upstream, self.unanswered = client, upstream, 0


class Relay:
    """Passes on what comes to the socket `server`, to `port` of 127.0.0.1; while that is None, it refuses. For any thread.

    count   bytes that clients have sent and that were passed on
    marks   the same one by one: (time.time(), bytes)
    """

    def __init__(self, server, port=None):
        self.server, self.port = server, port
        self.lock = threading.Lock()
        self.count, self.marks = 0, []
        self.lost = 0
        self.limit, self.kind, self.failed = None, "", False
        self.pairs = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def unanswered(self):
        """Bytes of connections that ended, since the server's last word on each: what was in flight when they were cut.

        A server that says «100 Continue», and answers one request after the other, leaves the body that it did not get to
        the end, or did not confirm."""
        with self.lock: return self.lost

    def cut(self, after=0): self._fail_after("cut", after)

    def hush(self, after=0): self._fail_after("hush", after)

    def open(self):
        with self.lock:
            self._end_all()
            self.limit, self.kind, self.failed = None, "", False

    def close(self):
        """No connection any more, for good."""
        with self.lock:
            self.limit, self.kind, self.failed = 0, "cut", True
            self._end_all()
        close(self.server)
        self.server.close()

    def _fail_after(self, kind, count):
        with self.lock:
            self.limit, self.kind, self.failed = count, kind, False
            if count == 0: self._fail()

    def _fail(self):
        self.failed = True
        if self.kind == "cut": self._end_all()

    def _end_all(self):
        for pair in self.pairs:
            self.lost += pair.unanswered
            for end in (pair.client, pair.upstream): reset(end)
        self.pairs.clear()

    def _account(self, pair, count):
        """How many of `count` bytes from a client still pass."""
        with self.lock:
            if self.failed: return 0
            reached = self.limit is not None and self.limit <= count
            if reached: count = self.limit
            if self.limit is not None: self.limit -= count
            self.count += count
            pair.unanswered += count
            self.marks.append((time.time(), count))
            if reached: self._fail()
            return count

    def _pump(self, pair, source, sink):
        try:
            while data := source.recv(1 << 18):
                if source is pair.client: data = data[:self._account(pair, len(data))]
                elif self.failed: data = b""
                else:
                    with self.lock: pair.unanswered = 0
                if not data:
                    if self.kind == "hush" and self.failed: return
                    break
                sink.sendall(data)
        except OSError: pass
        with self.lock:
            if pair in self.pairs:
                self.pairs.remove(pair)
                self.lost += pair.unanswered
            for end in (source, sink): close(end)

    def _accept(self):
        while True:
            try: client, _ = self.server.accept()
            except OSError: return
            try: upstream = socket.create_connection(("127.0.0.1", self.port)) if self.port else None
            except OSError: upstream = None
            with self.lock:
                if not upstream or self.failed and self.kind == "cut":
                    reset(client)
                    continue
                pair = Pair(client, upstream)
                self.pairs.add(pair)
            for ends in ((client, upstream), (upstream, client)):
                threading.Thread(target=self._pump, args=(pair, *ends), daemon=True).start()


def main():
    server = socket.create_server(("127.0.0.1", 0), backlog=64)
    relay = Relay(server, int(sys.argv[1]))
    print(server.getsockname()[1], flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        answer = "ok"
        if command == "count": answer = relay.count
        elif command == "connections": answer = len(relay.pairs)
        elif command == "open": relay.open()
        else: relay._fail_after(command, int(arguments[0]))
        print(answer, flush=True)


if __name__ == "__main__": main()
