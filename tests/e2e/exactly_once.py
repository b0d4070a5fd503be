#!/usr/bin/env python3
"""Confirmed = counted, each once, whatever is killed and whenever.

    exactly_once.py --bin BUILD/bin [--every N] [--rounds N] [--seed S]

The real programs on a folder of their own. A relay between kiosk and collector
sees the TLS records of a delivery go by. Three parts:

  steps   For the 1st, 2nd, 3rd ... record of a delivery (each Nth with --every):
          SIGKILL of the kiosk's daemon, of the collector, of both, or a pulled
          cable, exactly before that record is passed on.
  pens    SIGKILL of the program that fills, at any moment: what it did not
          confirm may be counted once or not at all.
  random  So many rounds of all this by chance.

After each stroke everything is started again, and the collector must come to
have counted every confirmed answer, and each once: the report is compared value
by value with what was handed in.
"""
import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from installation import FORM, ITEMS, Collector, Kiosk, counted, opposites, person
from rig import Failure, Program, Tap, free_port, wait_for

AT_LEAST = 5  # of an anonymous form leave together
VICTIMS = ("sync", "collector", "both", "cable")
PEN_MAX_S = 0.03
SETTLE_S = 120.0
COMPANIES = 6


class Trial:
    def __init__(self, bin_dir, folder, seed):
        self.chance = random.Random(seed)
        port = free_port()
        self.tap = Tap(port)
        self.collector = Collector(bin_dir, folder / "collector", port)
        self.kiosk = Kiosk(bin_dir, folder / "kiosk",
                           f"https://127.0.0.1:{self.tap.port}")
        self.confirmed = Counter()  # (item, value)
        self.unsure = Counter()     # of one who never heard "sent"
        self.strokes = Counter()

    def install(self):
        self.collector.init()
        self.collector.form_add(FORM, "--live")
        self.collector.serve()
        self.kiosk.settings("Учительская")
        self.kiosk.enrol(self.collector.enrol())
        self.kiosk.sync()
        self.kiosk.wait_for_library()
        self.kiosk.fill(FORM)
        for answers in opposites():
            self.kiosk.send(answers)
            self.confirm(answers)

    def confirm(self, answers):
        self.confirmed.update(answers.items())

    def send(self, count):
        for _ in range(count):
            answers = person(self.chance)
            self.kiosk.send(answers)
            self.confirm(answers)

    def company(self):
        """Enough, and not of one mind: what waited may leave and be shown."""
        for answers in opposites():
            self.kiosk.send(answers)
            self.confirm(answers)
        self.send(AT_LEAST)

    def check(self, where):
        """Deliver all; then every confirmed answer counts, and not one more.

        A few may rightly be waiting for company, at the kiosk or for figures
        already shown to move: they get it."""
        self.deliver_rest(where)
        counts = counted(self.collector)
        for _ in range(COMPANIES):
            if not self.confirmed - counts:
                break
            self.company()
            self.deliver_rest(where)
            counts = counted(self.collector)
        if counts - self.confirmed == self.unsure:
            self.confirmed += self.unsure
        self.unsure = Counter()
        missing, extra = self.confirmed - counts, counts - self.confirmed
        if missing or extra:
            raise Failure(f"{where}: missing {dict(missing)}, "
                          f"too many {dict(extra)}")

    def deliver_rest(self, where):
        """Whatever was struck is started anew, and left alone till it is done."""
        self.restart()
        wait_for(self.kiosk.in_step, f"the kiosk in step ({where})", SETTLE_S)

    def restart(self):
        if not self.collector.process.alive():
            self.collector.process.kill()
            self.collector.serve()
        self.kiosk.process.kill()
        self.kiosk.sync()

    def strike(self, victim):
        """In the relay's thread, while the record waits to be passed on."""
        self.strokes[victim] += 1
        killed = []
        if victim in ("sync", "both"):
            killed.append(self.kiosk.process.process)
        if victim in ("collector", "both"):
            killed.append(self.collector.process.process)
        for process in killed:
            process.kill()
        for process in killed:
            process.wait()

    def deliver(self, at, victim):
        """A delivery struck before record number `at`; False if it had fewer
        records than that."""
        struck = []

        def hook(_to_server, index, _size):
            if index != at:
                return True
            self.strike(victim)
            struck.append(index)
            return False

        if self.chance.random() < 0.2:  # somebody answers while sync sends
            self.send(2)
        self.kiosk.process.kill()
        self.send(AT_LEAST + self.chance.randrange(4))
        self.tap.arm(hook)
        self.kiosk.sync()
        wait_for(lambda: struck or self.kiosk.in_step(), "a delivery", SETTLE_S)
        self.tap.disarm()
        self.check(f"{victim} before record {at}")
        return bool(struck)

    def steps(self, every):
        records = 0
        for victim in VICTIMS:
            at = self.chance.randrange(every)
            while self.deliver(at, victim):
                records = max(records, at + 1)
                at += every
        return records

    def pen(self):
        """Kill who fills, at any moment of one answer."""
        answers = person(self.chance)
        filler = self.kiosk.filler
        before = filler.count
        filler.send("".join(f"{k}={v}\n" for k, v in answers.items()) + "\n")
        wait_for(lambda: filler.said("^sent$", before), "",
                 self.chance.random() * PEN_MAX_S, 0.001, fail=False)
        filler.kill()
        self.strokes["pen"] += 1
        if filler.said("^sent$", before):
            self.confirm(answers)
        else:
            self.unsure = Counter(answers.items())
        self.kiosk.fill(FORM)
        self.send(AT_LEAST)
        self.check("after a pen")

    def rounds(self, count, records):
        for i in range(count):
            if self.chance.random() < 0.3:
                self.pen()
            self.deliver(self.chance.randrange(max(records, 1)),
                         self.chance.choice(VICTIMS))
            if i % 100 == 99:
                print(f"  {i + 1} rounds", flush=True)


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--pens", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    args = parser.parse_args(argv)
    print(f"seed {args.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="anketa-once-"))
    trial = Trial(args.bin, folder, args.seed)
    began = time.monotonic()
    try:
        trial.install()
        records = trial.steps(args.every)
        for _ in range(args.pens):
            trial.pen()
        trial.rounds(args.rounds, records)
        trial.kiosk.process.stop()
        trial.collector.process.stop()
        trial.kiosk.filler.kill()
    except Failure as failure:
        print(f"FAILED: {failure}\nkept: {folder}")
        return 1
    finally:
        Program.kill_all()
        trial.tap.close()
    shutil.rmtree(folder)
    print(f"{sum(trial.confirmed.values()) // len(ITEMS)} confirmed, as many "
          f"counted; strokes {dict(trial.strokes)} at up to {records} records "
          f"in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
