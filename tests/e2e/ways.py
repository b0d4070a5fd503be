#!/usr/bin/env python3
"""Ways to the collector that are no straight cable, and who watches the daemon.

    ways.py --bin BUILD/bin [--seed S]

A proxy that connects, and one that refuses; a captive portal, in plain HTTP and
behind a certificate of its own; a name nobody knows; a port nobody listens on; a
connection that is opened and never answered; a link paid by volume; systemd's notify socket and
watchdog. Whatever is in the way, the state says so, nothing is lost, and on the
straight way every answer is counted once.
"""
import os
import random
import re
import select
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

from installation import FORM, Collector, Kiosk, counted, opposites, person
from rig import Failure, call, free_port, trial, wait_for

AT_LEAST = 5
BEATS = 3
WATCHDOG_US = 900000
METERED_S = 2


class Listener:
    """Somebody at a port of 127.0.0.1; serve() gets each connection."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.met = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.met += 1
            threading.Thread(target=self.guarded, args=(client,),
                             daemon=True).start()

    def guarded(self, client):
        try:
            self.serve(client)
        except OSError:
            pass
        finally:
            client.close()

    def serve(self, client):
        """A connection that is open and silent until the other side goes."""
        while client.recv(4096):
            pass

    def close(self):
        self.socket.close()


def head_of(client):
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(4096)
        if not more:
            break
        data += more
    return data


class Proxy(Listener):
    """CONNECT and nothing else (RFC 9110, section 9.3.6)."""

    def serve(self, client):
        asked = re.match(rb"CONNECT ([^ :]+):(\d+) ", head_of(client))
        if not asked:
            client.sendall(b"HTTP/1.1 405 No\r\n\r\n")
            return
        with socket.create_connection((asked[1].decode(),
                                       int(asked[2]))) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            ends = {client: server, server: client}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    ends[ready].sendall(data)


class Refusing(Listener):
    def serve(self, client):
        head_of(client)
        client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                       b"Content-Length: 0\r\n\r\n")


class Portal(Listener):
    """Everybody is shown the page to log in at."""

    PAGE = b"<html>Please log in</html>"

    def serve(self, client):
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                       b"Content-Length: %d\r\n\r\n%s"
                       % (len(self.PAGE), self.PAGE))


class TlsPortal(Portal):
    def __init__(self, folder):
        pem = folder / "portal.pem"
        call(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=portal",
              "-keyout", pem, "-out", folder / "portal.crt"])
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "portal.crt", pem)
        super().__init__()

    def serve(self, client):
        with self.context.wrap_socket(client, server_side=True) as secure:
            super().serve(secure)


class House:
    def __init__(self, bin_dir, folder, seed):
        self.chance = random.Random(seed)
        self.folder = folder
        self.port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", self.port)
        self.kiosk = Kiosk(bin_dir, folder / "kiosk",
                           f"https://127.0.0.1:{self.port}")
        self.confirmed = Counter()
        self.people = 0

    def install(self):
        self.collector.init()
        self.collector.form_add(FORM, "--live")
        self.collector.serve()
        self.way()
        self.kiosk.enrol(self.collector.enrol())
        self.once()
        self.kiosk.fill(FORM)

    def way(self, address=None, proxy=None, metered=0):
        """What sync.conf says of the way; none of it: the straight one."""
        text = "[kiosk]\nname = Холл\n[sync]\nmix_seconds = 0\n"
        if address:
            text += f"[collector]\naddress = {address}\n"
        text += f"[network]\nmetered_seconds = {metered}\n"
        if proxy:
            text += f"proxy = {proxy}\n"
        (self.kiosk.folder / "sync.conf").write_text(text, encoding="utf-8")

    def once(self, code=0):
        call(self.kiosk.sync_args("once"), code=code, seconds=90)

    def fill(self):
        for answers in [*opposites(), *(person(self.chance)
                                        for _ in range(AT_LEAST))]:
            self.kiosk.send(answers)
            self.confirmed.update(answers.items())
            self.people += 1

    def blocked(self, where, says, **way):
        """Nothing gets through, and the state says why."""
        before = self.collector.taken(FORM)
        self.way(**way)
        self.once(code=1)
        said = call(self.kiosk.sync_args("status"), code=1)
        if not re.search(says, said):
            raise Failure(f"{where}: the state says\n{said}")
        if self.collector.taken(FORM) != before:
            raise Failure(f"{where}: something got through")

    def home(self, where, **way):
        self.way(**way)
        self.once()
        if self.collector.taken(FORM) != self.people:
            raise Failure(f"{where}: {self.collector.taken(FORM)} of "
                          f"{self.people} taken in")
        for _ in range(4):  # figures already shown wait for company
            if wait_for(lambda: counted(self.collector) == self.confirmed, "",
                        1, fail=False):
                return
            self.fill()
            self.once()
        raise Failure(f"{where}: counted wrongly")


def proxies(house):
    proxy, refusing = Proxy(), Refusing()
    house.fill()
    house.blocked("a proxy that refuses", "broke off|no collector|not a coll",
                  proxy=f"http://127.0.0.1:{refusing.port}")
    house.home("a proxy", proxy=f"http://127.0.0.1:{proxy.port}")
    if proxy.met == 0 or refusing.met == 0:
        raise Failure("the proxy was gone round")


def obstacles(house):
    house.fill()
    plain, tls, silent = Portal(), TlsPortal(house.folder), Listener()
    for where, says, address in (
            ("a portal in plain HTTP", "No secure connection",
             f"https://127.0.0.1:{plain.port}"),
            ("a portal with a key of its own", "Somebody else answers",
             f"https://127.0.0.1:{tls.port}"),
            ("a name nobody knows", "name is not known",
             "https://anketa.invalid:8443"),
            ("a port nobody listens on", "does not answer",
             f"https://127.0.0.1:{free_port()}"),
            ("a connection never answered", "does not answer|broke off",
             f"https://127.0.0.1:{silent.port}")):
        house.blocked(where, says, address=address)
    house.home("after all obstacles")


def metered(house):
    """On a link paid by volume the daemon talks once, then not for each answer;
    on another it does."""
    for seconds in (3600, 0):
        house.way(metered=seconds)
        state = Path(house.kiosk.folder / "sync.state")
        state.unlink(missing_ok=True)  # what an earlier daemon said of itself
        house.kiosk.sync()
        wait_for(lambda: state.exists()
                 and "in step" in call(house.kiosk.sync_args("status")),
                 "the first talk")
        for _ in range(2):  # the first may still meet the daemon talking
            house.fill()
            went = wait_for(lambda: house.collector.taken(FORM) == house.people,
                            "", METERED_S if seconds else 30, fail=False)
        house.kiosk.process.stop()
        if went == bool(seconds):
            raise Failure(f"metered_seconds = {seconds}: "
                          f"{'gone' if went else 'kept'}")
    house.home("after a metered link")


def watched(house):
    """READY, a beat within every watchdog interval, STOPPING."""
    path = house.folder / "notify"
    house.fill()
    house.way()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(path))
        notify.settimeout(30)
        daemon = subprocess.Popen(
            [str(a) for a in house.kiosk.sync_args("run")],
            env={**os.environ, "NOTIFY_SOCKET": str(path),
                 "WATCHDOG_USEC": str(WATCHDOG_US)},
            stderr=subprocess.DEVNULL)
        try:
            said = []
            last = time.monotonic()
            while said.count("WATCHDOG=1") < BEATS:
                said += notify.recv(4096).decode().split("\n")
                late = time.monotonic() - last
                last = time.monotonic()
                if "READY=1" in said[:-1] and late > 20 * WATCHDOG_US / 1e6:
                    raise Failure(f"{late:.1f} s without a beat")
            if said[0] != "READY=1":
                raise Failure(f"first word to systemd: {said}")
            daemon.terminate()
            while "STOPPING=1" not in said:
                said += notify.recv(4096).decode().split("\n")
            if daemon.wait(30) != 0:
                raise Failure(f"the daemon ended with {daemon.returncode}")
        except TimeoutError:
            raise Failure(f"systemd heard only {said}") from None
        finally:
            daemon.kill()
            daemon.wait()
    house.home("after the watch")


def work(args, folder):
    house = House(args.bin, folder, args.seed)
    house.install()
    for part in (proxies, obstacles, metered, watched):
        part(house)
    house.kiosk.filler.kill()
    house.collector.process.stop()
    print(f"{house.people} answers, each counted once")


if __name__ == "__main__":
    trial(__doc__, "ways", work)
