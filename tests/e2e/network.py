#!/usr/bin/env python3
"""Several kiosks, one collector, and a network that does its worst.

    network.py --bin BUILD/bin [--kiosks N] [--records N] [--seed S]

Real programs in network namespaces behind the router of router.py: packets
lost, late, twice, out of order, a line of a kilobyte a second, connections cut
in the middle of a body, and no network at all. Meanwhile every kiosk takes
answers. When the weather clears, the collector must have counted each confirmed
answer exactly once. Needs root (exits 77 without).
"""
import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from installation import FORM, ITEMS, Collector, Kiosk, counted, opposites, person
from rig import Failure, Program, wait_for
from router import CLEAR, Router, Weather

PORT = 8443
WEATHERS = (
    Weather("loss of 30 %", loss=0.3),
    Weather("late by 2 s, doubled, out of order", delay=1.0, jitter=1.0,
            twice=0.2),
    Weather("no network", dark=True),
    Weather("cut in mid-body", cut_after=6000),
    Weather("1 KB a second", bytes_a_second=1024),
    Weather("loss, delay and doubles together", loss=0.1, delay=0.2,
            jitter=0.5, twice=0.1),
)
WEATHER_S = 20.0  # how long each lasts
COMPANY_S = 10.0
COMPANIES = 6
CLEAR_S = 600.0   # back-off may have grown; everybody must be in by then


def install(args, router, folder):
    home = router.hosts["collector"]
    collector = Collector(args.bin, folder / "collector", PORT, home.address,
                          home.command)
    collector.init()
    collector.form_add(FORM, "--live")
    collector.serve()
    kiosks = []
    for name, host in list(router.hosts.items())[1:]:
        kiosk = Kiosk(args.bin, folder / name,
                      f"https://{home.address}:{PORT}", host.command)
        kiosk.settings(f"Киоск {name}")
        kiosk.enrol(collector.enrol())
        kiosk.sync()
        kiosk.wait_for_library()
        kiosk.fill(FORM)
        kiosks.append(kiosk)
    return collector, kiosks


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--kiosks", type=int, default=5)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    args = parser.parse_args(argv)
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        print("network namespaces need root and /dev/net/tun")
        return 77
    print(f"seed {args.seed}")
    chance = random.Random(args.seed)
    folder = Path(tempfile.mkdtemp(prefix="anketa-network-"))
    names = ["collector"] + [f"k{i}" for i in range(1, args.kiosks + 1)]
    confirmed = Counter()
    try:
        with Router(names, args.seed) as router:
            collector, kiosks = install(args, router, folder)
            for answers in opposites():
                kiosks[0].send(answers)
                confirmed.update(answers.items())
            share = args.records // args.kiosks // len(WEATHERS)
            for weather in WEATHERS:
                router.set(weather)
                for kiosk in kiosks:
                    for _ in range(share):
                        answers = person(chance)
                        kiosk.send(answers)
                        confirmed.update(answers.items())
                wait_for(lambda: False, weather.name, WEATHER_S, fail=False)
                print(f"{weather.name}: "
                      f"{sum(counted(collector).values()) // len(ITEMS)} in")
            router.set(CLEAR)
            people = sum(confirmed.values()) // len(ITEMS)
            wait_for(lambda: collector.taken(FORM) >= people, "all answers",
                     CLEAR_S, 0.5)
            for _ in range(COMPANIES):
                # What came last may wait for company before figures move.
                if wait_for(lambda: counted(collector) == confirmed, "",
                            COMPANY_S, fail=False):
                    break
                for answers in [*opposites(), *(person(chance)
                                                for _ in range(5))]:
                    kiosks[0].send(answers)
                    confirmed.update(answers.items())
            if counted(collector) != confirmed:
                raise Failure(f"missing {confirmed - counted(collector)}, "
                              f"too many {counted(collector) - confirmed}")
            print(f"{sum(confirmed.values()) // len(ITEMS)} confirmed, as many "
                  f"counted; packets {router.counts}")
            for kiosk in kiosks:
                kiosk.process.stop()
            collector.process.stop()
        shutil.rmtree(folder)
        return 0
    except Failure as failure:
        print(f"FAILED: {failure}\nkept: {folder}")
        return 1
    finally:
        Program.kill_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
