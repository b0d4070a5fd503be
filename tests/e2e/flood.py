#!/usr/bin/env python3
"""A crowd of attackers at the collector, from ten addresses: half-open TLS
handshakes, headers and bodies that drip, headers without end, uploads that fill
the memory; whoever is thrown out comes back at once. A kiosk enrols, fetches
its questionnaires and delivers meanwhile, and OpenRosa and the desk answer.

    flood.py --bin BUILD/bin [--seconds 180]
"""
import argparse
import random
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time
from pathlib import Path

from installation import FORM, Collector, Kiosk, person
from openrosa_client import Collect
from rig import Failure, free_port, wait_for

ADDRESSES = 10
PER_ADDRESS = 60  # the server takes 64
ANSWERS = 20
# A real ClientHello's first bytes: the record says there are 512 more.
HALF_OPEN = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


def check(condition, what):
    if not condition:
        raise Failure(what)


class Attacker:
    """One connection; step() drips, comes back when thrown out."""

    def __init__(self, port, address, kind):
        self.port, self.address, self.kind = port, address, kind
        self.socket, self.thrown_out = None, 0

    def come(self):
        plain = socket.socket()
        plain.settimeout(1.0)
        plain.bind((self.address, 0))
        plain.connect(("127.0.0.1", self.port))
        if self.kind == "half-open":
            plain.sendall(HALF_OPEN)
            plain.setblocking(False)
            self.socket = plain
            return
        context = ssl._create_unverified_context()
        self.socket = context.wrap_socket(plain)
        host = b"Host: x\r\n"
        self.socket.sendall({
            "headers": b"GET / HTTP/1.1\r\n" + host,
            "body": b"POST /sync/v1/batch HTTP/1.1\r\n" + host
                    + b"Content-Length: 4000000\r\n\r\n",
            "fat": b"POST /openrosa/submission HTTP/1.1\r\n" + host
                   + b"Content-Type: multipart/form-data; boundary=edge\r\n"
                   + b"Content-Length: 9999999\r\n\r\n" + b"x" * 200000,
            "endless": b"GET / HTTP/1.1\r\nX: " + b"y" * 15000,
        }[self.kind])
        self.socket.setblocking(False)

    def step(self):
        try:
            if not self.socket:
                self.come()
            try:
                if self.socket.recv(4096) == b"":
                    raise ConnectionResetError
            except (BlockingIOError, ssl.SSLWantReadError):
                pass
            drip = {"headers": b"a", "body": b"b", "fat": b"c" * 4096,
                    "endless": b"y" * 4096, "half-open": b""}[self.kind]
            if drip:
                self.socket.send(drip)
        except (BlockingIOError, ssl.SSLWantWriteError):
            pass
        except OSError:
            self.thrown_out += 1
            self.go()

    def go(self):
        if self.socket:
            self.socket.close()
        self.socket = None


class Crowd:
    KINDS = ("half-open", "half-open", "half-open", "headers", "body", "fat",
             "endless")

    def __init__(self, port):
        self.attackers = [
            Attacker(port, f"127.0.1.{a + 1}", self.KINDS[i % len(self.KINDS)])
            for i in range(PER_ADDRESS) for a in range(ADDRESSES)]
        self.over = threading.Event()
        # Two, so that one that waits for a handshake does not stop the rest.
        self.threads = [threading.Thread(target=self.run, args=(i,))
                        for i in range(2)]

    def run(self, part):
        mine = self.attackers[part::2]
        while not self.over.is_set():
            for attacker in mine:
                if self.over.is_set():
                    return
                attacker.step()
            self.over.wait(0.05)

    def start(self):
        for thread in self.threads:
            thread.start()

    def here(self):
        return sum(a.socket is not None for a in self.attackers)

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        for attacker in self.attackers:
            attacker.go()


def honest(folder, bin_dir, collector, crowd):
    """Everything a kiosk does, while they are there."""
    wait_for(lambda: crowd.here() > 200, "the crowd to gather", 60)
    chance = random.Random(5)
    kiosk = Kiosk(bin_dir, folder / "k", f"https://127.0.0.1:{collector.port}")
    kiosk.settings("staff room")
    kiosk.enrol(collector.enrol())
    kiosk.sync()
    kiosk.wait_for_library()
    kiosk.fill(FORM)
    for _ in range(ANSWERS):
        kiosk.send(person(chance))
    collector.close(FORM)  # the last few need not wait for company
    kiosk.process.stop()
    kiosk.sync()           # it hears of that when it starts, not after minutes
    # Under the sanitizers a connection costs ten times what it does otherwise.
    if not wait_for(lambda: collector.taken(FORM) == ANSWERS, "",
                    seconds=120, step=0.2, fail=False):
        raise Failure("not all answers came; the daemon said:\n"
                      + kiosk.process.tail())
    phone = Collect(collector.port, collector.command(
        "openrosa", collector.folder).strip())
    check(phone.form_list().status == 200, "another client is served")
    check(crowd.here() > 200, "the crowd went away by itself")
    kiosk.filler.send("")
    kiosk.filler.kill()
    kiosk.process.stop()


def memory_kib(process):
    text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    return int(next(x for x in text.splitlines() if x.startswith("Pss:"))
               .split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=float, default=180,
                        help="how long the kiosk may take")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="anketa-flood-"))
    collector = Collector(options.bin, folder / "c", free_port())
    crowd = Crowd(collector.port)
    try:
        collector.init()
        collector.form_add(FORM, "--live")
        collector.serve()
        crowd.start()
        begin = time.monotonic()
        honest(folder, options.bin, collector, crowd)
        took = time.monotonic() - begin
        memory = memory_kib(collector.process.process)
        thrown = sum(a.thrown_out for a in crowd.attackers)
        check(took <= options.seconds, f"it took {took:.0f} s")
        check(thrown > 0, "nobody was thrown out")
        check(collector.process.alive(), "the collector is gone")
    finally:
        crowd.stop()
        if collector.process:
            collector.process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"flood: {len(crowd.attackers)} attackers, {thrown} times thrown out; "
          f"the kiosk was done in {took:.1f} s; collector {memory} KiB")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"flood: {failure}")
