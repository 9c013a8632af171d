#!/usr/bin/env python3
"""A thin, lossy and breakable link to a server, for tests. Needs root, iproute2 and nftables.

    link.py ADDRESS CERTIFICATE.pem PORT

Makes a network namespace of its own with one link to this machine. Behind it, at https://ADDRESS (an even one that nobody else
has; this side of the link is the one before it), stands a gate with CERTIFICATE, which passes everything on to PORT of this machine.
Prints the name of this side's interface, takes one command a line on its standard input, and answers each with one line. It ends when
its input is closed; the namespace goes with the process, however that ends, and with it the link and its rules.

    rate MBIT     no more than that passes, in each direction
    loss PERCENT  so many packets are lost at random, in each direction
    break BYTES   once so many more have passed, nothing passes any more in either direction, and nobody is told
    reset BYTES   once so many more have come from this machine, whatever it sends is answered with a reset
    heal          back to what it was before `break` or `reset`
    forget        the far end has no connection any more, as after a power cut there; nobody is told
    lost          how many packets were lost on the way so far, or answered with a reset
    count         how many bytes of packets this machine has put on the link so far
"""
import asyncio, ctypes, os, re, socket, ssl, struct, subprocess, sys, threading

address, certificate, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def checked(result):
    if result != 0: raise OSError(ctypes.get_errno(), "cannot change the network namespace: " + os.strerror(ctypes.get_errno()))


checked(libc.unshare(CLONE_NEWNET))
there = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
checked(libc.setns(here, CLONE_NEWNET))
near = "bd" + os.urandom(5).hex()


def beyond(act):
    """Does something in the namespace. Sockets and programs that are started stay there."""
    checked(libc.setns(there, CLONE_NEWNET))
    try: return act()
    finally: checked(libc.setns(here, CLONE_NEWNET))


def run(*words, text=None): return subprocess.run(words, input=text, check=True, text=True, stdout=subprocess.PIPE).stdout


def nft(text): return beyond(lambda: run("nft", "-f", "-", text=text))


def lay():
    """The link, its two ends and an empty set of rules."""
    run("ip", "link", "add", near, "type", "veth", "peer", "name", "far", "netns", f"/proc/{os.getpid()}/fd/{there}")
    front, _, last = address.rpartition(".")
    run("ip", "address", "add", f"{front}.{int(last) - 1}/30", "dev", near)
    # One packet is one packet: segments are not left to a network card that is not there.
    run("ip", "link", "set", near, "up", "gso_max_segs", "1")
    beyond(lambda: (run("ip", "address", "add", f"{address}/30", "dev", "far"),
                    run("ip", "link", "set", "far", "up", "gso_max_segs", "1")))
    nft("""table inet link {
        counter lost { }
        chain in { type filter hook input priority 0; jump fate; jump odds; }
        chain out { type filter hook output priority 0; jump fate; jump odds; }
        chain fate { }
        chain odds { }
    }""")


def shape(rate):
    limit = ("root", "tbf", "rate", f"{rate}mbit", "burst", "16kb", "latency", "100ms")
    run("tc", "qdisc", "replace", "dev", near, *limit)
    beyond(lambda: run("tc", "qdisc", "replace", "dev", "far", *limit))


def rule(chain, text): nft(f"flush chain inet link {chain}\n" + (f"add rule inet link {chain} {text}\n" if text else ""))


def forget():
    for end in list(ends):
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.transport.abort()


def obey(command, argument=None):
    if command == "rate": shape(float(argument))
    elif command == "loss": rule("odds", f"numgen random mod 10000 < {round(float(argument) * 100)} counter name lost drop")
    elif command == "break": rule("fate", f"quota over {argument} bytes counter name lost drop")
    elif command == "reset": rule("fate", f"iifname far meta l4proto tcp quota over {argument} bytes counter name lost reject with tcp reset")
    elif command == "heal": rule("fate", None)
    elif command == "forget": forget()
    elif command == "lost": return re.search(r"packets (\d+)", beyond(lambda: run("nft", "list", "counter", "inet", "link", "lost")))[1]
    elif command == "count":
        with open(f"/sys/class/net/{near}/statistics/tx_bytes") as file: return file.read().strip()
    return "ok"


ends = set()


async def pump(source, sink):
    try:
        while data := await source.read(1 << 16):
            sink.write(data)
            await sink.drain()
    except OSError: pass
    finally: sink.close()


async def pass_on(reader, writer):
    ends.add(writer)
    try:
        reader_up, writer_up = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, writer_up), pump(reader_up, writer))
    except OSError: writer.transport.abort()
    finally: ends.discard(writer)


def listen(loop):
    for line in sys.stdin:
        loop.call_soon_threadsafe(lambda: print(obey(*line.split()), flush=True))
    os._exit(0)


async def main():
    lay()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    gate = beyond(lambda: socket.create_server((address, 443), backlog=64))
    await asyncio.start_server(pass_on, sock=gate, ssl=context)
    threading.Thread(target=listen, args=(asyncio.get_running_loop(),), daemon=True).start()
    print(near, flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
