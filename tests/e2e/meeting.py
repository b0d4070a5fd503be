#!/usr/bin/env python3
"""Thirty people after a group meeting: from a touch on the window to their pairs.

    meeting.py --bin BUILD/bin [--shots FOLDER] [--seed N]

The coordinator opens a meeting at her desk; eighteen mentees and twelve mentors
say at two kiosks, in real windows, with whom they would like to work. The second
kiosk is without a network while they do. Two people vote twice: the last ballot
counts. The proposal on the desk must hold the very pairs that
`anketa-collector match` makes of the same ballots; once they are fixed, no trace
of a ballot is left in the collector's folder.
"""
import argparse
import html
import json
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser as Chromium
from desk import Browser
from installation import Collector, Kiosk
from rig import Failure, Program, Tap, call, free_port, wait_for
from touching import SIZE, Window

MENTEES, MENTORS = 18, 12
FORM = "meeting_ballot"
TOPICS = ("лепка", "музыка", "речь", "прогулки", "родители", "среда", "группа")
NAMES = ("Анна", "Борис", "Вера", "Галина", "Дарья", "Елена", "Жанна", "Зоя",
         "Ирина", "Клара", "Лидия", "Мария", "Нина", "Ольга", "Полина",
         "Раиса", "Светлана", "Тамара", "Ульяна", "Фаина", "Христина", "Юлия",
         "Яна", "Алла", "Белла", "Валерия", "Глафира", "Диана", "Ева", "Инна")


class Person:
    def __init__(self, name, mentor, code):
        self.name, self.mentor, self.code = name, mentor, code
        self.id = 0
        self.topics = []
        self.places = 1
        self.ties = []      # groups of ids, best first
        self.unwanted = []

    def key(self):
        return f"p{self.id}"

    def ballot(self, chance, others):
        some = chance.sample(others, chance.randint(2, 5))
        self.unwanted = [some.pop().id] if chance.random() < 0.15 else []
        self.ties = []
        for other in some:
            if self.ties and chance.random() < 0.25:
                self.ties[-1].append(other.id)
            else:
                self.ties.append([other.id])

    def script(self):
        lines = [f"survey {FORM}", f"code {self.code}"]
        for group in self.ties:
            for i, other in enumerate(group):
                lines.append(f"tap ballot:order:p{other}")
                if i > 0:
                    lines.append(f"tap ballot:order:p{other}-equal")
        lines += [f"tap ballot:order:p{other}-not" for other in self.unwanted]
        return "\n".join(lines + ["send", "finish"]) + "\n"

    def row(self):
        out = {"id": self.key(),
               "prefs": [[f"p{o}" for o in group] for group in self.ties]}
        if self.mentor:
            out["capacity"] = self.places
        return out


class Meeting:
    def __init__(self, args, folder):
        self.bin = Path(args.bin).resolve()
        self.folder = folder
        self.shots = Path(args.shots).resolve() if args.shots else None
        self.chance = random.Random(args.seed)
        port = free_port()
        self.tap = Tap(port)
        self.collector = Collector(self.bin, folder / "collector", port)
        self.desk = Browser(port)
        self.address = f"https://127.0.0.1:{port}"
        self.kiosks = [
            Kiosk(self.bin, folder / "one" / "kiosk", self.address),
            Kiosk(self.bin, folder / "two" / "kiosk",
                  f"https://127.0.0.1:{self.tap.port}")]
        self.people = []

    # -- the coordinator -------------------------------------------------------

    def install(self):
        self.collector.init()
        for i, name in enumerate(NAMES[:MENTEES + MENTORS]):
            mentor = i >= MENTEES
            code = self.collector.command(
                "person", "add", self.collector.folder, f"{name} П.",
                "--mentor" if mentor else "--mentee").strip()
            self.people.append(Person(f"{name} П.", mentor, code))
        self.collector.serve()
        for i, kiosk in enumerate(self.kiosks):
            kiosk.settings(f"Kiosk {i + 1}")
            kiosk.enrol(self.collector.enrol())
        self.desk.sign_in(self.collector.login, self.collector.password)

    def open_meeting(self):
        self.must(self.desk.get("/meetings?lang=ru"), 200)
        page = self.desk.body.decode()
        for found in re.finditer(r'name="p(\d+)" value="1"><label [^>]*>([^<]+)',
                                 page):
            for p in self.people:
                if p.name == html.unescape(found[2]):
                    p.id = int(found[1])
        ticked = {p.key(): "1" for p in self.people}
        self.must(self.desk.post("/meetings", title="Ноябрьская встреча",
                                 **ticked), 303)
        self.path = self.desk.headers["Location"]
        fields = {"what": "people"}
        for p in self.people:
            p.topics = self.chance.sample(TOPICS, 3)
            fields[f"t{p.id}"] = ", ".join(p.topics)
            if p.mentor:
                p.places = self.chance.choice((1, 2, 2, 3))
                fields[f"n{p.id}"] = str(p.places)
        self.must(self.desk.get(self.path), 200)
        self.must(self.desk.post(self.path, **fields), 303)
        # A kiosk serves one meeting at a time.
        self.must(self.desk.get("/meetings"), 200)
        self.must(self.desk.post("/meetings", title="Ещё одна", **ticked), 422)

    @staticmethod
    def must(status, wanted):
        if status != wanted:
            raise Failure(f"the desk answered {status}, not {wanted}")

    def voted(self):
        self.must(self.desk.get(f"{self.path}/wall?lang=en"), 200)
        page = self.desk.body.decode()
        for p in self.people:
            if p.name in page:
                raise Failure("the wall names people")
        return int(re.search(r"(\d+) of \d+ have voted", page)[1])

    # -- the people ------------------------------------------------------------

    def queue(self, kiosk, people, name):
        """One after the other at one device."""
        with Window(self.bin, kiosk, self.folder, self.shots) as window:
            for number, p in enumerate(people):
                window.person(p.script(), name if number == 0 else None)

    def vote(self):
        mentors = [p for p in self.people if p.mentor]
        mentees = [p for p in self.people if not p.mentor]
        for kiosk in self.kiosks:
            kiosk.sync()
            kiosk.wait_for_library()
        for p in self.people:
            p.ballot(self.chance, mentees if p.mentor else mentors)
        order = self.chance.sample(self.people, len(self.people))
        half = len(order) // 2
        # Her first ballot; she comes back with another one.
        again = order[:2]
        self.queue(self.kiosks[0], again, "again")
        wait_for(lambda: self.voted() == len(again), "the first ballots")
        for p in again:
            p.ballot(self.chance, mentees if p.mentor else mentors)
        self.tap.arm(lambda *_: False)  # the cable of the second is out
        self.queue(self.kiosks[0], order[:half], "one")
        self.queue(self.kiosks[1], order[half:], "two")
        wait_for(lambda: self.voted() == half, "the first kiosk's ballots")
        self.tap.disarm()
        self.kiosks[1].process.stop()
        self.kiosks[1].sync()
        wait_for(lambda: self.voted() == len(order), "all ballots", 60)

    # -- the pairs -------------------------------------------------------------

    def instance(self, locks=None, before=None):
        mentees = [p for p in self.people if not p.mentor]
        mentors = [p for p in self.people if p.mentor]
        score = {m.key(): {e.key(): len(set(m.topics) & set(e.topics)) * 100
                           // len(e.topics) for e in mentees}
                 for m in mentors}
        forbidden = {(p.key(), f"p{o}") if not p.mentor else (f"p{o}", p.key())
                     for p in self.people for o in p.unwanted}
        return {"mentees": [p.row() for p in mentees],
                "mentors": [p.row() for p in mentors], "score": score,
                "locks": {"forced": [(p.key(), q.key()) for p, q, together
                                     in locks or () if together],
                          "forbidden": sorted(forbidden | {
                              (p.key(), q.key()) for p, q, together
                              in locks or () if not together})},
                **({"previous": {p.key(): before[p.name] and self.named(
                    before[p.name]).key() for p in mentees}} if before
                   else {})}

    def named(self, name):
        return next(p for p in self.people if p.name == name)

    def matched(self, seed, **more):
        path = self.folder / "instance.json"
        path.write_text(json.dumps(self.instance(**more)), encoding="utf-8")
        text = call([self.collector.program, "match", path, "--seed", seed])
        names = {p.key(): p.name for p in self.people}
        return {names[e]: names.get(m) for e, m in
                json.loads(text)["matching"].items()}

    def proposed(self):
        """Mentee to mentor by the first column of the page; and the lottery."""
        self.must(self.desk.get(f"{self.path}/proposals?lang=en"), 200)
        page = self.desk.body.decode()
        rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]+)<',
                          page)
        pairs = {}
        for mentee, mentor in rows:
            mentor = re.sub(r" \(choice \d+\) ?$", "",
                            html.unescape(mentor)).strip()
            pairs[html.unescape(mentee)] = None if mentor == "nobody" else mentor
        return pairs, re.search(r"Lottery number of this meeting: (\d+)",
                                page)[1]

    def pairs(self):
        self.must(self.desk.get(self.path), 200)
        self.must(self.desk.post(self.path, what="close"), 303)
        page, seed = self.proposed()
        want = self.matched(seed)
        if page != want:
            raise Failure("the proposal differs from match in " + str(
                {k: (page.get(k), want[k]) for k in want
                 if page.get(k) != want[k]}))
        self.together = sum(m is not None for m in want.values())
        self.decide(want, seed)
        self.look()
        self.fix(want)

    def lock(self, status=303, **fields):
        self.must(self.desk.get(f"{self.path}/locks?lang=en"), 200)
        self.must(self.desk.post(f"{self.path}/locks", **fields), status)

    def decide(self, want, seed):
        """A refusal after the vote changes as little as can be; a pair that is
        settled stays; both are taken back."""
        name = next(e for e, m in want.items() if m)
        mentee, mentor = self.named(name), self.named(want[name])
        pair = {"mentee": str(mentee.id), "mentor": str(mentor.id)}
        self.lock(422, mentee=str(mentor.id), mentor=str(mentee.id),
                  together="1")
        self.lock(**pair, together="0")
        page, _ = self.proposed()
        after = self.matched(seed, locks=[(mentee, mentor, False)], before=want)
        if page != after or page[name] == want[name]:
            raise Failure(f"after a refusal: {page}, not {after}")
        said = re.search(r"Of (\d+) earlier pairs (\d+) stay",
                         self.desk.body.decode())
        stay = sum(m is not None and after[e] == m for e, m in want.items())
        if [int(n) for n in said.groups()] != [self.together, stay]:
            raise Failure(f"{said[0]}, but {stay} stay")
        self.stay = stay
        self.left()
        if self.shots:
            self.look()
        self.lock(**pair, together="1")
        if self.proposed()[0][name] != want[name]:
            raise Failure("a settled pair is not together")
        self.lock(drop=f"{mentee.id}-{mentor.id}")
        self.lock(what="anew")
        if self.proposed()[0] != want:
            raise Failure("what was decided leaves a trace")

    def left(self):
        """The psychologist sees who would be left, and nothing else."""
        self.must(self.desk.get("/users"), 200)
        self.must(self.desk.post("/users", login="psy", name="psy", role="2"),
                  200)
        password = re.search(rb'class="code">([^<]+)<', self.desk.body)[1]
        browser = Browser(self.desk.port)
        browser.sign_in("psy", password.decode())
        self.must(browser.get("/pairs?lang=en"), 200)
        text = html.unescape(browser.body.decode())
        alone = [e for e, m in self.proposed()[0].items() if m is None]
        if "Not fixed yet: " not in text or any(e not in text for e in alone):
            raise Failure("the psychologist does not see who is left")
        self.must(browser.get(f"{self.path}/proposals"), 403)
        self.must(browser.get(f"{self.path}/locks"), 403)

    def fix(self, want):
        ids = {p.name: p.id for p in self.people}
        chosen = {f"e{ids[e]}": str(ids[m]) if m else "0"
                  for e, m in want.items()}
        # Two who are apart, put together by hand: the page names who suffers.
        self.must(self.desk.get(f"{self.path}/pairs?from=0&lang=en"), 200)
        nobody = dict.fromkeys(chosen, "0")
        self.must(self.desk.post(f"{self.path}/pairs", what="check",
                                 **nobody), 200)
        if b"They would both rather be together" not in self.desk.body:
            raise Failure("no blocking pair is named")
        self.must(self.desk.post(f"{self.path}/pairs", what="fix",
                                 **chosen), 303)
        self.must(self.desk.get("/pairs?lang=en"), 200)
        page = html.unescape(self.desk.body.decode())
        for mentee, mentor in want.items():
            if mentor and not re.search(f"{mentor}</td><th[^>]*><a [^>]*>"
                                        f"{mentee}<", page):
                raise Failure(f"{mentee} is not with {mentor}")

    def look(self):
        if not self.shots:
            return
        with Chromium(*SIZE) as browser:
            browser.sign_in(self.address, self.collector)
            for name, path in (("meeting", self.path),
                               ("meetings", "/meetings"),
                               ("wall", f"{self.path}/wall"),
                               ("proposals", f"{self.path}/proposals"),
                               ("locks", f"{self.path}/locks"),
                               ("left", "/pairs"),
                               ("hand", f"{self.path}/pairs?from=3")):
                browser.open(self.address + path)
                browser.shot(self.shots / f"desk-{name}.png")

    def no_trace(self):
        """No ballot anywhere in the collector's folder, and its pairs are."""
        for p in self.people:
            value = " ".join(f"p{o}" for group in p.ties for o in group)
            for path in self.collector.folder.rglob("*"):
                if path.is_file() and len(value) > 4 \
                        and f">{value}<".encode() in path.read_bytes():
                    raise Failure(f"a ballot is left in {path.name}")

    def pair_pages(self):
        """A pair's way: the order, its meetings, its plan."""
        self.must(self.desk.get("/pairs"), 200)
        path = re.search(rb'href="(/pairs/\d+)"', self.desk.body)[1].decode()
        self.must(self.desk.get(path), 200)
        self.must(self.desk.post(path, what="complete"), 422)
        self.must(self.desk.post(path, what="signed"), 303)
        for kind, day in ((0, "2026-12-01"), (1, "2026-12-08"),
                          (2, "2026-12-15")):
            self.must(self.desk.get(path), 200)
            self.must(self.desk.post(path, what="met", kind=str(kind), day=day,
                                     for_pair="<b>", for_desk="&"), 303)
        self.must(self.desk.get(path), 200)
        self.must(self.desk.post(path, what="met", kind="3",
                                 day="2026-12-02", for_pair="",
                                 for_desk=""), 422)
        self.must(self.desk.post(path, what="plan", goals="Г", steps="Ш",
                                 term="май"), 303)
        self.must(self.desk.get(path), 200)
        if b"&lt;b&gt;" not in self.desk.body:
            raise Failure("a note is not shown as it was written")

    def run(self):
        self.install()
        self.open_meeting()
        self.vote()
        self.pairs()
        self.no_trace()
        self.pair_pages()
        for kiosk in self.kiosks:
            kiosk.process.stop()
        self.collector.process.stop()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--shots")
    parser.add_argument("--seed", type=int, default=30)
    args = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="anketa-meeting-"))
    began = time.monotonic()
    if args.shots:
        Path(args.shots).mkdir(parents=True, exist_ok=True)
    try:
        meeting = Meeting(args, folder)
        meeting.run()
    except Failure as failure:
        print(f"FAILED (seed {args.seed}, kept in {folder}): {failure}")
        return 1
    finally:
        Program.kill_all()
    shutil.rmtree(folder)
    print(f"{MENTEES + MENTORS} people at two windows, {meeting.together} of "
          f"{MENTEES} mentees have a mentor, the same as match says, "
          f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
