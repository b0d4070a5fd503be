#!/usr/bin/env python3
"""Answers carried by hand, over whatever can happen to a USB stick.

    stick.py --bin BUILD/bin [--seed S]

A kiosk without network after its enrolment, a collector and a folder that plays
the stick. It is pulled out half-way (files cut short on either side), the kiosk is
killed while it writes, the stick holds files of others under our names, is full, or
is write-protected. After each, the way is gone once more, and every confirmed answer has been counted once.

Full and write-protected need to mount (root); elsewhere those two are left out.
"""
import os
import random
import subprocess
from collections import Counter

from installation import FORM, Collector, Kiosk, counted, opposites, person
from rig import (Failure, call, free_port, killed_writing, parts, trial,
                 wait_for)

AT_LEAST = 5
BATCH_BEGUN = 2048  # bytes: more than any file the kiosk writes before it
WAITING = "answers waiting to leave"
HELD = "answers delivered, kept until a backup"


class House:
    def __init__(self, bin_dir, folder, seed):
        self.chance = random.Random(seed)
        self.stick = folder / "stick"
        self.stick.mkdir()
        port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", port)
        self.kiosk = Kiosk(bin_dir, folder / "kiosk",
                           f"https://127.0.0.1:{port}")
        self.confirmed = Counter()
        self.people = 0

    def install(self):
        self.collector.init()
        self.collector.form_add(FORM, "--live")
        self.collector.serve()
        self.kiosk.settings("Вахта")
        self.kiosk.enrol(self.collector.enrol())
        call(self.kiosk.sync_args("once"))
        self.collector.process.stop()  # from here on there is no network
        self.kiosk.fill(FORM)

    def fill(self):
        for answers in [*opposites(), *(person(self.chance)
                                        for _ in range(AT_LEAST))]:
            self.kiosk.send(answers)
            self.confirmed.update(answers.items())
            self.people += 1

    def usb(self, code=0):
        """At the kiosk; what it says to its user."""
        done = subprocess.run([str(a) for a in
                               self.kiosk.sync_args("usb", self.stick)],
                              capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        if done.returncode != code:
            raise Failure(f"usb ended with {done.returncode}: {said}")
        return said

    def take(self):
        """At the collector."""
        return self.collector.command("import", self.collector.folder,
                                      self.stick)

    def files(self, kind):
        return sorted((self.stick / "anketa").glob(f"*.{kind}"))

    def status(self):
        done = subprocess.run([str(a) for a in self.kiosk.sync_args("status")],
                              capture_output=True, text=True, check=False)
        return dict(line.split(": ", 1) for line in done.stdout.splitlines()
                    if ": " in line)

    def there_and_back(self):
        self.usb()
        self.take()
        self.usb()

    def home(self, where):
        """Nothing waits after one more way; and all is counted, once."""
        self.there_and_back()
        status = self.status()
        if status[WAITING] != "0" or int(status[HELD]) != self.people:
            raise Failure(f"{where}: the kiosk says {status}")
        for _ in range(4):  # figures already shown wait for company
            if wait_for(lambda: counted(self.collector) == self.confirmed, "",
                        1, fail=False):
                return
            self.fill()
            self.there_and_back()
        counts = counted(self.collector)
        raise Failure(f"{where}: missing {self.confirmed - counts}, too many "
                      f"{counts - self.confirmed}")


def cut(paths):
    for path in paths:
        data = path.read_bytes()
        path.write_bytes(data[:len(data) // 2])


def pulled_out(house):
    house.fill()
    house.usb()
    cut(house.files("batch"))
    said = house.take()
    if "not ours" not in said or house.files("receipt"):
        raise Failure(f"half a batch: {said}")
    house.home("half a batch")

    house.fill()
    house.usb()
    house.take()
    cut(house.files("receipt"))
    said = house.usb()
    if "not ours" not in said:
        raise Failure(f"half a receipt: {said}")
    if house.status()[WAITING] == "0":
        raise Failure("half a receipt was believed")
    house.home("half a receipt")

    house.fill()
    house.usb()
    house.take()
    cut(house.files("library"))
    house.home("half a library")


def killed(house):
    """The power goes while the batch is written."""
    house.fill()
    killed_writing(house.kiosk.sync_args("usb", house.stick), BATCH_BEGUN)
    if len(parts(house.stick)) != 1:
        raise Failure(f"left on the stick: {list(house.stick.rglob('*'))}")
    house.home("killed while it wrote")
    left = parts(house.stick, house.kiosk.folder)
    if left:
        raise Failure(f"never cleaned up: {left}")


def foreign(house):
    folder = house.stick / "anketa"
    house.fill()
    house.usb()
    # Named exactly like ours, and not ours.
    name = house.files("batch")[0].name
    kiosk, rest = name.split("-", 1) if "-" in name else (name[:8], name[8:])
    strangers = {folder / "readme.txt": b"of somebody else",
                 folder / (kiosk[::-1] + "-" + rest): os.urandom(3000)}
    for path, data in strangers.items():
        path.write_bytes(data)
    house.home("files of others")
    for path, data in strangers.items():
        if path.read_bytes() != data:
            raise Failure(f"{path.name} was written over")
        path.unlink()

    away = house.stick / "away"
    folder.rename(away)
    folder.write_bytes(b"a file where our folder should be")
    said = house.usb(code=1)
    if not said.strip() or not folder.read_bytes().startswith(b"a file"):
        raise Failure(f"a file named anketa: {said}")
    folder.unlink()
    away.rename(folder)
    house.home("a file named anketa")


def mounted(house, options):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs",
                           str(house.stick)], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def no_room(house):
    """A stick without room, and one that cannot be written."""
    for name, options, load in (("full", "size=16k", 16384),
                                ("write-protected", "size=1m,ro", 0)):
        house.fill()
        if not mounted(house, options):
            print("full and write-protected sticks left out: no right to mount")
            return
        try:
            if load:
                (house.stick / "others.bin").write_bytes(b"x" * load)
            said = house.usb(code=1)
            whole = [f.name for f in house.stick.rglob("*.batch")]
        finally:
            subprocess.run(["umount", str(house.stick)], check=True)
        if not said.strip() or whole:
            raise Failure(f"{name}: {said}, {whole}")
        house.home(name)


def work(args, folder):
    house = House(args.bin, folder, args.seed)
    house.install()
    house.fill()
    house.home("the plain way")
    for part in (pulled_out, killed, foreign, no_room):
        part(house)
    house.kiosk.filler.kill()
    print(f"{house.people} answers came home, each once")


if __name__ == "__main__":
    trial(__doc__, "stick", work)
