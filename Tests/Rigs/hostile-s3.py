#!/usr/bin/env python3
"""An S3 service that lies, breaks and stalls, for tests.

    hostile-s3.py [CERTIFICATE.pem [CLIENT-AUTHORITY.pem | --old]]

Listens on a free port of 127.0.0.1 (with TLS if a file with certificate and key is given; then clients must have a certificate of
CLIENT-AUTHORITY, or with --old there is nothing newer than TLS 1.1), prints the port, and ends when
its standard input is closed. It is honest, if forgetful (everything is in memory), unless the bucket's name asks for a fault:
every bucket is one fault, described in `FAULTS`. Signatures are not checked; that is the business of the tests with Ceph.
`GET /-requests/BUCKET` answers with how many requests a bucket has seen, `GET /-bytes/BUCKET` with how many bytes of bodies, and
`GET /-uploads/BUCKET` with how many uploads in parts are unfinished there.
"""
import base64, hashlib, os, re, ssl, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

FAULTS = {
    "honest": "nothing is wrong",
    "access-denied": "403 AccessDenied to everything", "invalid-key": "403 InvalidAccessKeyId to everything",
    "bad-signature": "403 SignatureDoesNotMatch to everything", "expired-key": "400 ExpiredToken to everything",
    "other-region": "400 AuthorizationHeaderMalformed to everything", "skewed": "403 RequestTimeTooSkewed to everything",
    "no-bucket": "404 NoSuchBucket to everything", "always-500": "500 to everything", "full": "507 to every PUT",
    "twice-503": "503 to the first two PUTs of a key, then honest", "bad-digest": "400 XAmzContentSHA256Mismatch to every PUT",
    "cut-upload": "closes the connection in the middle of a request's body",
    "cut-answer": "closes the connection in the middle of an answer to a PUT",
    "lost-answer": "stores what is PUT and then closes the connection without an answer, the first time",
    "short-head": "HEAD gives a size that is one byte short", "wrong-tag": "HEAD gives another ETag than PUT did",
    "odd-tag": "the ETag carries markup", "no-metadata": "HEAD gives no metadata",
    "vanish": "PUT is granted and nothing is stored", "ghost": "HEAD shows what was PUT, GET finds nothing",
    "rot": "GET answers with one wrong bit", "long": "GET answers with more than was stored",
    "redirect": "301 to another bucket, for everything", "silent": "takes requests and never answers",
    "drip": "answers one byte of a head now and then, for ever", "drip-put": "the same with the body of the answer to a PUT",
    "drip-get": "the same with the body of the answer to a GET", "temporary-redirect": "307 to another bucket, for every PUT",
    "proxy-login": "407 to everything", "sudden-500": "500 in the middle of a request's body, then closes",
    "flood": "an error document without end", "endless-head": "answers whose head has no end",
    "not-http": "answers that are not HTTP", "unconditional": "501 to If-None-Match",
    "late-error": "completing an upload answers 200 and then an error", "wrong-parts-tag": "the ETag of a completed upload is wrong",
    "no-upload-id": "beginning an upload answers without naming it", "dead-part": "the second part of an upload is refused for good",
    "late-part": "503 to the second part of an upload, the first time", "opaque-tags": "the tags of parts are no MD5s; part 3 as in late-part",
    "no-listing": "403 to every listing; part 2 as in late-part", "endless-parts": "the listing of parts never ends; part 2 as in late-part",
    "locks": "Object Lock, retention and holds as they should be", "lock-headers": "as locks, and headers of a lock are honoured too",
    "lock-forgets": "200 to every retention, and it is not kept", "lock-replaces": "a retention or hold replaces the object's body",
    "default-lock": "the bucket locks every object, and takes none without a checksum", "any-body": "the signed SHA-256 of a body is not looked at", "sums": "x-amz-checksum-sha256 is checked",
    "sudden-other": "just after a HEAD found nothing, somebody else has stored something under the key",
}
objects, uploads, locks, counts, lock = {}, {}, {}, {}, threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments): pass

    def answer(self, status, body=b"", headers=()):
        self.send_response_only(status)
        for name, value in headers: self.send_header(name, value)
        if not any(name == "Content-Length" for name, _ in headers): self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD": self.wfile.write(body)

    def error(self, status, code, headers=()):
        body = f"<Error><Code>{code}</Code><Message>because the test says so</Message></Error>".encode()
        self.answer(status, body, headers)

    def hang_up(self):
        self.close_connection = True
        try: self.connection.shutdown(2)
        except OSError: pass

    def drip(self, text):
        for byte in text:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(.2)

    def handle_expect_100(self):
        # A service that refuses does so before the body comes.
        return self.refuse() is None and super().handle_expect_100()

    def refuse(self):
        """Faults that need no look at the body; None if there is none."""
        split = urlsplit(self.path)
        bucket = split.path.split("/")[1]
        codes = {"access-denied": (403, "AccessDenied"), "invalid-key": (403, "InvalidAccessKeyId"),
                 "bad-signature": (403, "SignatureDoesNotMatch"), "skewed": (403, "RequestTimeTooSkewed"), "expired-key": (400, "ExpiredToken"),
                 "other-region": (400, "AuthorizationHeaderMalformed"), "proxy-login": (407, "ProxyAuthenticationRequired"),
                 "no-bucket": (404, "NoSuchBucket"), "always-500": (500, "InternalError")}
        if bucket in codes:
            # The body is not read: who does not know that the connection ends would put the next request on it.
            self.error(*codes[bucket], [("Connection", "close")])
        elif bucket == "redirect":
            self.error(301, "PermanentRedirect", [("Location", "/honest" + split.path[len("/redirect"):])])
        elif bucket == "silent": time.sleep(3600)
        elif bucket == "temporary-redirect" and self.command == "PUT":
            self.error(307, "TemporaryRedirect", [("Location", "/honest" + split.path[len("/temporary-redirect"):])])
        elif bucket == "drip": self.drip(b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 100000)
        elif bucket in ("drip-put", "drip-get") and self.command == bucket[-3:].upper():
            self.answer(200, headers=[("Content-Length", "100000"), ("ETag", '"0"')])
            self.drip(b"x" * 100000)
        elif bucket == "flood":
            self.answer(403, headers=[("Content-Length", str(1 << 40))])
            if self.command != "HEAD":
                while True: self.wfile.write(b"<x>" * 10000)
        elif bucket == "endless-head":
            self.send_response_only(200)
            while True:
                self.send_header("X-Filler", "x" * 1000)
                self.flush_headers()
        elif bucket == "not-http":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2p1\r\n" * 4)
            self.hang_up()
        else: return None
        return True

    def handle_one_request(self):
        try: super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError): self.close_connection = True

    def serve(self):
        split = urlsplit(self.path)
        bucket, _, key = split.path[1:].partition("/")
        key, query = unquote(key), parse_qs(split.query, keep_blank_values=True)
        if bucket == "-requests": return self.answer(200, str(counts.get(key, 0)).encode())
        if bucket == "-bytes": return self.answer(200, str(counts.get(("bytes", key), 0)).encode())
        if bucket == "-uploads":
            with lock: return self.answer(200, str(sum(1 for b, *_ in uploads.values() if b == key)).encode())
        with lock: counts[bucket] = counts.get(bucket, 0) + 1
        if bucket not in FAULTS: return self.error(404, "NoSuchBucket")
        if self.refuse(): return
        size = int(self.headers.get("Content-Length", 0))
        if bucket == "sudden-500" and self.command == "PUT":
            self.rfile.read(size // 2)
            self.close_connection = True
            return self.error(500, "InternalError")
        if bucket == "cut-upload" and self.command == "PUT":
            self.rfile.read(size // 2)
            return self.hang_up()
        body = self.rfile.read(size)
        with lock: counts["bytes", bucket] = counts.get(("bytes", bucket), 0) + len(body)
        if bucket != "any-body" and self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return self.error(400, "XAmzContentSHA256Mismatch")
        getattr(self, self.command.lower())(bucket, key, query, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = serve

    def head(self, bucket, key, query, body):
        with lock: found = objects.get((bucket, key))
        if bucket == "sudden-other" and not found:
            with lock: objects[bucket, key] = (b"other", '"abc"', "")
        if not found: return self.error(404, "NoSuchKey")
        data, tag, sealing = found
        if bucket == "wrong-tag": tag = '"00000000000000000000000000000000"'
        if bucket == "wrong-parts-tag": tag = '"00000000000000000000000000000000-2"'
        if bucket.startswith("lock"): more = [("x-amz-version-id", "v1")]
        else: more = []
        headers = more + [("Content-Length", str(len(data) - (bucket == "short-head"))), ("ETag", tag)]
        if sealing and bucket != "no-metadata": headers.append(("x-amz-meta-bodydock-sealing", sealing))
        self.answer(200, headers=headers)

    def lock(self, bucket, key, query, body):
        """Object Lock; None if the request is about something else."""
        if "versioning" in query:
            self.answer(200, b"<Versioning>" + (b"<Status>Enabled</Status>" if bucket.startswith("lock") else b"") + b"</Versioning>")
        elif "object-lock" in query:
            if not bucket.startswith("lock"): self.error(404, "ObjectLockConfigurationNotFoundError")
            else: self.answer(200, b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
                              [("Date", self.date_time_string())])
        elif "retention" in query or "legal-hold" in query:
            what = "retention" if "retention" in query else "legal-hold"
            with lock:
                if self.command == "GET":
                    text = locks.get((bucket, key, what))
                    return self.answer(200, text) or True if text else self.error(404, "NoSuchObjectLockConfiguration") or True
                if bucket != "lock-forgets": locks[bucket, key, what] = body
                if bucket == "lock-replaces": objects[bucket, key] = (body,) + objects[bucket, key][1:]
            self.answer(200)
        else: return None
        return True

    def get(self, bucket, key, query, body):
        if self.lock(bucket, key, query, body): return
        if "uploads" in query or "uploadId" in query:
            return self.error(403, "AccessDenied") if bucket == "no-listing" else self.list(bucket, key, query)
        with lock: found = objects.get((bucket, key))
        if not found or bucket == "ghost": return self.error(404, "NoSuchKey")
        data, tag, _ = found
        if bucket == "rot": data = data[:-1] + bytes([data[-1] ^ 1])
        if bucket == "long": data += b"more" * 100000
        self.answer(200, data, [("ETag", tag)])

    def list(self, bucket, key, query):
        """Unfinished uploads, or the parts of one: two on a page."""
        with lock: own = {u: (k, dict(parts)) for u, (b, k, _, parts) in sorted(uploads.items()) if b == bucket}
        escape = lambda text: text.replace("&", "&amp;")
        if "uploads" in query:
            prefix = query.get("prefix", [""])[0]
            own = sorted((k, u) for u, (k, _) in own.items() if k.startswith(prefix))
            marker = (query.get("key-marker", [""])[0], query.get("upload-id-marker", [""])[0])
            own = [entry for entry in own if entry > marker]
            body = "".join(f"<Upload><Key>{escape(k)}</Key><UploadId>{escape(u)}</UploadId></Upload>" for k, u in own[:2])
            if len(own) > 2:
                body += f"<NextKeyMarker>{escape(own[1][0])}</NextKeyMarker><NextUploadIdMarker>{escape(own[1][1])}</NextUploadIdMarker>"
            body += f"<IsTruncated>{'true' if len(own) > 2 else 'false'}</IsTruncated>"
            return self.answer(200, f"<ListMultipartUploadsResult>{body}</ListMultipartUploadsResult>".encode())
        name = query["uploadId"][0]
        if name not in own or own[name][0] != key: return self.error(404, "NoSuchUpload")
        marker = int(query.get("part-number-marker", ["0"])[0])
        parts = [(n, data) for n, data in sorted(own[name][1].items()) if n > marker]
        more = len(parts) > 2 or bucket == "endless-parts"
        body = "".join(f"<Part><PartNumber>{n}</PartNumber><Size>{len(d)}</Size><ETag>{self.tag(bucket, d).replace(chr(34), '&quot;')}</ETag></Part>"
                       for n, d in parts[:2])
        last = marker if bucket == "endless-parts" else ([n for n, _ in parts[:2]] or [marker])[-1]
        body += f"<NextPartNumberMarker>{last}</NextPartNumberMarker><IsTruncated>{'true' if more else 'false'}</IsTruncated>"
        self.answer(200, f"<ListPartsResult>{body}</ListPartsResult>".encode())

    def tag(self, bucket, body):
        digest = hashlib.md5(body).hexdigest()
        return f'"{digest[::-1]}"' if bucket == "opaque-tags" else f'"{digest}"'

    def put(self, bucket, key, query, body):
        if self.lock(bucket, key, query, body): return
        claimed = self.headers["x-amz-checksum-sha256"]
        if bucket == "sums" and claimed and base64.b64decode(claimed) != hashlib.sha256(body).digest():
            return self.error(400, "BadDigest")
        if bucket == "default-lock" and not claimed and base64.b64decode(self.headers["Content-MD5"] or "") != hashlib.md5(body).digest():
            return self.error(400, "InvalidRequest")
        tag = self.tag(bucket, body)
        if bucket == "odd-tag": tag = '"<Part>"'
        if bucket == "full": return self.error(507, "InsufficientStorage")
        if bucket == "bad-digest": return self.error(400, "XAmzContentSHA256Mismatch")
        with lock:
            tries = counts[bucket, key] = counts.get((bucket, key), 0) + 1
        if bucket == "twice-503" and tries <= 2: return self.error(503, "SlowDown")
        if "uploadId" in query:
            number = int(query["partNumber"][0])
            if bucket == "dead-part" and number == 2: return self.error(403, "AccessDenied")
            late = {"late-part": 2, "opaque-tags": 3, "no-listing": 2, "endless-parts": 2}.get(bucket)
            with lock: tries = counts[bucket, key, number] = counts.get((bucket, key, number), 0) + 1
            if number == late and tries == 1: return self.error(503, "SlowDown")
            with lock:
                if query["uploadId"][0] not in uploads: return self.error(404, "NoSuchUpload")
                uploads[query["uploadId"][0]][3][number] = body
            return self.answer(200, headers=[("ETag", tag)])
        if bucket == "unconditional" and self.headers["If-None-Match"]: return self.error(501, "NotImplemented")
        with lock:
            if self.headers["If-None-Match"] and (bucket, key) in objects: return self.error(412, "PreconditionFailed")
            until = self.headers["x-amz-object-lock-retain-until-date"]
            if until and bucket == "lock-headers":
                mode = self.headers["x-amz-object-lock-mode"]
                locks[bucket, key, "retention"] = f"<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>".encode()
            if bucket != "vanish": objects[bucket, key] = (body, tag, self.headers["x-amz-meta-bodydock-sealing"])
        if bucket == "lost-answer" and tries == 1: return self.hang_up()
        if bucket == "cut-answer":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nETag: \"12")
            return self.hang_up()
        self.answer(200, headers=[("ETag", tag)])

    def post(self, bucket, key, query, body):
        if "uploads" in query:
            name = f"upload {os.urandom(4).hex()}/+=&"
            with lock: uploads[name] = (bucket, key, self.headers["x-amz-meta-bodydock-sealing"], {})
            element = "" if bucket == "no-upload-id" else f"<UploadId>{name.replace('&', '&amp;')}</UploadId>"
            return self.answer(200, f"<InitiateMultipartUploadResult>{element}</InitiateMultipartUploadResult>".encode())
        name = query["uploadId"][0]
        with lock:
            if name not in uploads: return self.error(404, "NoSuchUpload")
            _, _, sealing, parts = uploads[name]
        if bucket == "late-error": return self.error(200, "InternalError")
        numbers = [int(number) for number in re.findall(rb"<PartNumber>(\d+)</PartNumber>", body)]
        whole = b"".join(parts[number] for number in numbers)
        digests = b"".join(hashlib.md5(parts[number]).digest() for number in numbers)
        if bucket == "opaque-tags": digests += b"other"
        tag = f'"{hashlib.md5(digests).hexdigest()}-{len(numbers)}"'
        with lock:
            if self.headers["If-None-Match"] and (bucket, key) in objects: return self.error(412, "PreconditionFailed")
            objects[bucket, key] = (whole, tag, sealing)
            del uploads[name]
        # The repeated request of some services is answered without a tag.
        self.answer(200, b"<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>")

    def delete(self, bucket, key, query, body):
        with lock:
            if "uploadId" in query: uploads.pop(query["uploadId"][0], None)
            else: objects.pop((bucket, key), None)
        self.answer(204)


class Server(ThreadingHTTPServer):
    def handle_error(self, request, address): pass  # who hangs up, or cannot agree on TLS, is part of the test


server = Server(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    if "--old" in sys.argv:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    elif len(sys.argv) > 2:
        context.load_verify_locations(sys.argv[2])
        context.verify_mode = ssl.CERT_REQUIRED
        # In TLS 1.3 a client may send before it is refused, and the alert can be lost with the connection.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
