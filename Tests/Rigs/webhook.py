#!/usr/bin/env python3
"""A service that is told of things: webhook.py FOLDER [CERTIFICATE]. It prints its port, keeps each request as FOLDER/N.body with
FOLDER/N.head (one 'name: value' a line), and answers with the status in FOLDER/status (204 if there is none). It ends with its input."""
import http.server
import os
import ssl
import sys
import threading

folder = sys.argv[1]
count = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        count += 1
        with open(f"{folder}/{count}.body", "wb") as file:
            file.write(body)
        with open(f"{folder}/{count}.head", "w") as file:
            file.write(f"path: {self.path}\n" + "".join(f"{k.lower()}: {v}\n" for k, v in self.headers.items()))
        status = 204
        if os.path.exists(folder + "/status"):
            with open(folder + "/status") as file:
                status = int(file.read())
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
