#!/usr/bin/env python3
"""An authority for time-stamps (RFC 3161), made of 'openssl ts': tsa.py FOLDER. Its certificate is FOLDER/ca.pem, that of somebody else
FOLDER/other.pem. It prints its port, and answers as FOLDER/mode says: good (if there is none); replay, the first answer again; stranger,
signed by somebody else; refused, a well-formed refusal; garbage; or an HTTP status. It ends with its input."""
import http.server
import os
import subprocess
import sys
import threading

folder = sys.argv[1]
os.chdir(folder)


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def authority(name):
    """An authority's own certificate, and one that it gave to its stamping machine."""
    openssl("req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "30")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}-tsa.key", "-out", f"{name}-tsa.csr", "-subj", f"/CN=TSA of {name}")
    with open("extensions", "w") as file:
        file.write("extendedKeyUsage=critical,timeStamping\n")
    openssl("x509", "-req", "-in", f"{name}-tsa.csr", "-CA", f"{name}.pem", "-CAkey", f"{name}.key", "-CAcreateserial", "-days", "30",
            "-extfile", "extensions", "-out", f"{name}-tsa.pem")
    with open(f"{name}.cnf", "w") as file:
        file.write(
            f"[tsa]\nserial=serial\nsigner_cert={name}-tsa.pem\nsigner_key={name}-tsa.key\nsigner_digest=sha256\n"
            "default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\n")


def stamp(query, name):
    with open("query", "wb") as file:
        file.write(query)
    return openssl("ts", "-reply", "-config", f"{name}.cnf", "-section", "tsa", "-queryfile", "query")


first = None
lock = threading.Lock()


def answer(query):
    """Status and body."""
    global first
    mode = "good"
    if os.path.exists("mode"):
        with open("mode") as file:
            mode = file.read()
    if mode.isdigit():
        return int(mode), b"busy"
    if mode == "garbage":
        return 200, b"<html>hello</html>"
    if mode == "replay" and first:
        return 200, first
    if mode == "refused":
        # Of a digest that it does not take.
        return 200, stamp(openssl("ts", "-query", "-sha512", "-data", "ca.pem"), "ca")
    reply = stamp(query, "other" if mode == "stranger" else "ca")
    first = first or reply
    return 200, reply


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers.get("content-length", 0)))
        with lock:
            status, body = answer(query)
        if self.headers.get("content-type") != "application/timestamp-query":
            status = 415
        self.send_response(status)
        self.send_header("content-type", "application/timestamp-reply")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


authority("ca")
authority("other")
with open("serial", "w") as file:
    file.write("01\n")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
