#!/usr/bin/env python3
"""Named answers on to another OpenRosa server that loses connections, is busy,
refuses, and is away while the collector is killed: each arrives once, with its
files; anonymous answers never leave.

    forward.py --bin BUILD/bin
"""
import argparse
import base64
import email.parser
import email.policy
import http.server
import shutil
import ssl
import sys
import tempfile
import threading
import uuid
from pathlib import Path

from installation import Collector
from openrosa import VISIT, check, expect, interim, visit
from openrosa_client import Collect
from rig import Failure, free_port, wait_for

# For localhost, made for this test and trusted by nobody else.
CERTIFICATE = Path(__file__).resolve().parents[1] / "data" / "peer"
LIMIT = 4000
PEOPLE = ("anna", "boris", "vera", "gleb", "dina")


class Peer:
    """As ODK Central answers, and as networks break."""

    def __init__(self, port):
        self.taken = {}     # instanceID to XML
        self.files = {}     # (instanceID, name) to bytes
        self.requests = []  # (status or what was done to it, instanceID)
        self.moods = {}     # instanceID to what happens to its requests
        self.lock = threading.Lock()
        self.port, self.server = port, None

    def start(self):
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_HEAD(self):
                self.reply(204 if self.known() else 401)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not self.known():
                    self.reply(401)
                    return
                what = peer.take(self.headers, body)
                if what == "cut":
                    self.close_connection = True
                    self.connection.close()
                else:
                    self.reply(what)

            def known(self):
                want = "Basic " + base64.b64encode(b"us:secret").decode()
                return self.headers.get("Authorization") == want

            def reply(self, status):
                text = (b'<OpenRosaResponse xmlns="http://openrosa.org/http/'
                        b'response"><message>as you say</message>'
                        b'</OpenRosaResponse>') if status != 204 else b""
                self.send_response(status)
                if status == 401:
                    self.send_header("WWW-Authenticate", 'Basic realm="x"')
                self.send_header("X-OpenRosa-Version", "1.0")
                self.send_header("X-OpenRosa-Accept-Content-Length", LIMIT)
                self.send_header("Content-Length", len(text))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE / "cert.pem",
                                CERTIFICATE / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket,
                                                 server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, headers, body):
        check(headers["X-OpenRosa-Version"] == "1.0", "the version header")
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
            b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
            + body)
        parts = {p.get_param("name", header="content-disposition"):
                 p.get_payload(decode=True) for p in message.iter_parts()}
        xml = parts.pop("xml_submission_file")
        more = parts.pop("*isIncomplete*", None)
        instance = xml.split(b"instanceID>")[1].split(b"<")[0].decode()
        with self.lock:
            mood = self.moods.get(instance, [])
            what = mood.pop(0) if mood else None
            if what is None or what == "cut":
                status = 201 if instance not in self.taken else \
                    202 if self.taken[instance] == xml else 409
                if status != 409:
                    self.taken[instance] = xml
                    for name, data in parts.items():
                        self.files[(instance, name)] = data
                what = what or status
            self.requests.append((what, instance, bool(more)))
            return what

    def times(self, instance):
        with self.lock:
            return [w for w, i, _ in self.requests if i == instance]


class Scene:
    def __init__(self, bin_dir, folder):
        self.folder = folder
        self.port, self.peer_port = free_port(), free_port()
        self.collector = Collector(bin_dir, folder / "c", self.port)
        self.passwords = {}

    def prepare(self):
        c = self.collector
        c.init()
        self.peer = Peer(self.peer_port)
        (self.folder / "visit.csv").write_text(VISIT.format(version=1),
                                               encoding="utf-8")
        (self.folder / "groups.csv").write_text("name,label\nsun,S\n",
                                                encoding="utf-8")
        c.waves["visit"] = c.command("form", "add", c.folder,
                                     self.folder / "visit.csv").split()[-1]
        c.form_add("interim_mentee")
        for name in PEOPLE:
            code = c.command("person", "add", c.folder, name).split()[-1]
            self.passwords[name] = c.command("openrosa", "add", c.folder, name,
                                             "--person", code).strip()

    def forward(self, *args, stdin=None):
        import subprocess
        done = subprocess.run(
            [str(self.collector.program), "--lang", "en", "forward",
             *map(str, args)], input=stdin, capture_output=True, text=True,
            timeout=30, check=False)
        check(done.returncode == 0, f"forward {args}: {done.stderr}")
        return done.stdout

    def state(self):
        lines = self.forward("status", self.collector.folder).splitlines()
        return {k: int(v) for k, v in (x.split("\t") for x in lines[1:4])}

    def send(self, name, xml, files=()):
        client = Collect(self.port, "/openrosa", name, self.passwords[name])
        answers = client.submit(xml, files)
        check(answers[-1].status in (201, 202), f"{name}: {answers[-1].body}")
        client.wire.close()

    def arrives(self, instance, what):
        wait_for(lambda: self.peer.times(instance)[-1:] in ([201], [202]), what)


def bad_days(s):
    """Away, then busy, cut off after it took an answer, and refusing."""
    ids = {name: f"uuid:{uuid.uuid4()}" for name in PEOPLE}
    s.peer.moods = {ids["anna"]: [None, "cut"], ids["boris"]: [503, "cut"],
                    ids["vera"]: [409]}
    files = [("1.jpg", b"a" * 3000), ("2.jpg", b"b" * 3000)]
    anna = visit("Анна", board="1.jpg", corner="2.jpg", instance=ids["anna"])
    s.send("anna", anna, files)
    s.send("boris", visit("Борис", instance=ids["boris"]))
    wait_for(lambda: s.state()["waiting"] == 2, "two answers wait")
    s.peer.start()
    s.send("vera", visit("Вера", instance=ids["vera"]))
    client = Collect(s.port, s.collector.command(
        "openrosa", s.collector.folder).strip())
    anonymous = f"uuid:{uuid.uuid4()}"
    expect(client.submit(interim(instance=anonymous))[-1].status, 201, "anonymous")
    s.arrives(ids["anna"], "the answer with files")
    s.arrives(ids["boris"], "the answer that met a busy server")
    wait_for(lambda: s.state() == {"waiting": 0, "sent": 2, "refused": 1},
             "the one that was refused")
    check("as you say" in s.forward("status", s.collector.folder),
          "the reason is shown")
    expect(s.peer.taken[ids["anna"]], anna, "byte for byte")
    for name, data in files:
        expect(s.peer.files[(ids["anna"], name)], data, name)
    tries = s.peer.times(ids["anna"])
    check(tries[:2] == [201, "cut"] and set(tries[2:]) == {202},
          f"in two requests, then as often as needed: {tries}")
    return ids, anonymous


def killed(s, ids):
    """The outbox outlives the collector; refused ones go when told to."""
    s.peer.stop()
    s.send("gleb", visit("Глеб", instance=ids["gleb"]))
    s.collector.process.kill()
    s.forward("retry", s.collector.folder)
    s.peer.start()
    s.collector.serve()
    s.arrives(ids["gleb"], "the answer of before the kill")
    s.arrives(ids["vera"], "the one that had been refused")
    wait_for(lambda: s.state()["sent"] == 4, "all noted as sent")
    s.forward("stop", s.collector.folder)
    s.send("dina", visit("Дина", instance=ids["dina"]))
    expect(s.state(), {"waiting": 0, "sent": 4, "refused": 0}, "after stopping")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    folder = Path(tempfile.mkdtemp(prefix="anketa-forward-"))
    bin_dir = parser.parse_args().bin
    s = Scene(bin_dir, folder)
    try:
        s.prepare()
        s.forward("set", s.collector.folder, f"https://localhost:{s.peer_port}",
                  "--login", "us", "--ca", CERTIFICATE / "cert.pem",
                  stdin="secret\n")
        s.collector.serve()
        ids, anonymous = bad_days(s)
        killed(s, ids)
        expect(sorted(s.peer.taken), sorted(ids[n] for n in PEOPLE[:4]),
               "what the other server has")
        check(anonymous not in s.peer.taken, "an anonymous answer left")
        log = (folder / "collector.log").read_text(encoding="utf-8")
        for secret in ("secret", *ids.values()):
            check(secret not in log, f"the log tells {secret}")
    finally:
        if s.collector.process:
            s.collector.process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("forward: each named answer once, with its files")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"forward: {failure}")
