"""A hostile network in user space: hosts in network namespaces, one router.

Every host is a namespace whose only way out is a TUN device; this process holds
the other ends and passes IPv4 packets between them as badly as it is told to:
lost, late, twice, out of order, slowly, or cut off in the middle of a transfer.
Needs root and /dev/net/tun; the kernel needs no traffic shaping of its own.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from dataclasses import dataclass

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
PACKET_MAX = 65536
QUEUE_MAX = 4000  # packets under way; more are dropped, as a router does
TCP = 6
libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Weather:
    """How the network behaves. Shares are of packets, times in seconds."""

    name: str
    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0     # up to so much more delay, so packets overtake
    twice: float = 0.0
    bytes_a_second: float = 0.0   # of each direction of each host; 0 no limit
    cut_after: int = 0      # bytes of one TCP connection, then it is dead
    dark: bool = False      # nothing passes at all


CLEAR = Weather("clear")


class Host:
    def __init__(self, name, address):
        self.name = name
        self.address = address
        self.number = bytes(int(part) for part in address.split("."))
        self.free_at = [0.0, 0.0]  # when the line has room again: in, out
        self.tun = -1

    def command(self, args):
        """`args` as run on this host."""
        return ["ip", "netns", "exec", self.name, *map(str, args)]


def run(*args):
    subprocess.run(args, check=True, capture_output=True)


def open_tun(namespace):
    """A TUN device made inside a namespace, its file kept in this process."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF,
                    struct.pack("16sH22x", b"tun0", IFF_TUN | IFF_NO_PI))
        return tun
    finally:
        if libc.setns(home, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns back")
        os.close(home)
        os.close(there)


class Router:
    """Used with `with`: the namespaces are gone afterwards."""

    def __init__(self, names, seed):
        self.tag = f"anketa{os.getpid()}"
        self.hosts = {n: Host(f"{self.tag}-{n}", f"10.77.0.{i}")
                      for i, n in enumerate(names, 1)}
        self.by_number = {h.number: h for h in self.hosts.values()}
        self.random = random.Random(seed)
        self.weather = CLEAR
        self.flows = {}
        self.late = []  # heap of (time, serial, host, packet)
        self.serial = 0
        self.counts = {"passed": 0, "lost": 0, "twice": 0, "cut": 0}
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.loop, daemon=True)

    def __enter__(self):
        try:
            for host in self.hosts.values():
                run("ip", "netns", "add", host.name)
                host.tun = open_tun(host.name)
                run(*host.command(["ip", "link", "set", "lo", "up"]))
                run(*host.command(["ip", "addr", "add", f"{host.address}/24",
                                   "dev", "tun0"]))
                run(*host.command(["ip", "link", "set", "tun0", "up"]))
        except BaseException:
            self.remove()
            raise
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.remove()

    def remove(self):
        for host in self.hosts.values():
            if host.tun >= 0:
                os.close(host.tun)
            subprocess.run(["ip", "netns", "del", host.name], check=False,
                           capture_output=True)

    def set(self, weather):
        self.flows = {}
        self.weather = weather

    def loop(self):
        tuns = {h.tun: h for h in self.hosts.values()}
        while not self.over.is_set():
            now = time.monotonic()
            pause = min(0.1, max(0.0, self.late[0][0] - now)) \
                if self.late else 0.1
            ready, _, _ = select.select(list(tuns), [], [], pause)
            for tun in ready:
                self.drain(tuns[tun])
            self.deliver(time.monotonic())

    def drain(self, source):
        while True:
            try:
                packet = os.read(source.tun, PACKET_MAX)
            except BlockingIOError:
                return
            if len(packet) >= 20 and packet[0] >> 4 == 4:
                self.take(source, packet)

    def take(self, source, packet):
        target = self.by_number.get(packet[16:20])
        if target is None:
            return
        w = self.weather
        if w.dark or self.random.random() < w.loss or \
                len(self.late) >= QUEUE_MAX:
            self.counts["lost"] += 1
            return
        if w.cut_after and self.is_cut(packet):
            self.counts["cut"] += 1
            return
        self.hold(source, target, packet)
        if self.random.random() < w.twice:
            self.counts["twice"] += 1
            self.hold(source, target, packet)

    def is_cut(self, packet):
        """Has this connection had its share of bytes? Then it is dead."""
        if packet[9] != TCP:
            return False
        head = (packet[0] & 15) * 4
        ports = packet[head:head + 4]
        ends = sorted(((packet[12:16], ports[:2]), (packet[16:20], ports[2:])))
        key = tuple(ends)
        self.flows[key] = self.flows.get(key, 0) + len(packet)
        return self.flows[key] > self.weather.cut_after

    def hold(self, source, target, packet):
        w = self.weather
        at = time.monotonic()
        if w.bytes_a_second:
            for host, way in ((source, 1), (target, 0)):
                at = max(at, host.free_at[way]) + \
                    len(packet) / w.bytes_a_second
                host.free_at[way] = at
        at += w.delay + self.random.random() * w.jitter
        self.serial += 1
        heapq.heappush(self.late, (at, self.serial, target, packet))

    def deliver(self, now):
        while self.late and self.late[0][0] <= now:
            _, _, target, packet = heapq.heappop(self.late)
            try:
                os.write(target.tun, packet)
                self.counts["passed"] += 1
            except OSError:
                self.counts["lost"] += 1
