#!/usr/bin/env python3
"""A vote by slip, from the box to the result on the desk.

    votes.py --bin BUILD/bin [--seed N]

Eighteen slips of twenty-four are used; the desk counts after the wave is closed
and not before. Its figures are compared with `anketa-collector count` on the same
ballots, a tie is said to be one, and lots are drawn once, by a number shown.
"""
import html
import json
import random
import re

from desk import Browser, expect
from installation import Collector, Kiosk
from rig import call, free_port, trial
from slips import codes_of

FORM = "vote"
PEOPLE = ("a", "b", "c", "d", "e")
SHEET = """survey,,,,
,type,name,label::Русский (ru),label::English (en)
,select_multiple who,practices,Какие практики перенять?,Which practices?
,select_one pair,tied,Кто из двоих?,Which of the two?
,rank who,places,В каком порядке?,In which order?
,select_one pair,rare,Кто ещё?,Who else?
,select_one pair,agreed,О ком спора нет?,Who is beyond dispute?
choices,,,,
,list_name,name,label::Русский (ru),label::English (en)
,who,a,Анна,Anna
,who,b,Борис,Boris
,who,c,Вера,Vera
,who,d,Галина,Galina
,who,e,Дарья,Darya
,pair,one,Первый,The one
,pair,other,Другой,The other
settings,,,,
,form_title,form_id,version,anketa_kind
,Голосование,vote,1,slip
"""
MADE, USED = 24, 18
FEW = 3  # answer `rare`


class Trial:
    def __init__(self, bin_dir, folder, chance):
        self.folder, self.chance = folder, chance
        port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", port)
        self.kiosk = Kiosk(bin_dir, folder / "one" / "kiosk",
                           f"https://127.0.0.1:{port}")
        self.desk = Browser(port)
        self.approvals, self.orders = [], []

    def vote(self):
        self.collector.init()
        sheet = self.folder / "vote.csv"
        sheet.write_text(SHEET, encoding="utf-8")
        self.wave = self.collector.command(
            "form", "add", self.collector.folder, sheet).split()[-1]
        self.collector.waves[FORM] = self.wave
        pdf = self.folder / "slips.pdf"
        self.collector.command("slips", self.collector.folder, self.wave, MADE,
                               pdf)
        *codes, late = self.chance.sample(codes_of(pdf), USED + 1)
        self.collector.serve()
        self.kiosk.settings("Kiosk")
        self.kiosk.enrol(self.collector.enrol())
        call(self.kiosk.sync_args("once"))
        self.kiosk.fill(FORM)
        for number, code in enumerate(codes):
            liked = self.chance.sample(PEOPLE, self.chance.randint(0, 3))
            order = self.chance.sample(PEOPLE, len(PEOPLE))
            self.approvals.append(liked)
            self.orders.append(order)
            # Half for the one, half for the other.
            before = self.kiosk.filler.count
            self.kiosk.filler.send(
                f"@{code}\npractices={' '.join(liked)}\n"
                f"tied={'one' if number % 2 else 'other'}\n"
                f"places={' '.join(order)}\n"
                f"rare={'one' if number < FEW else ''}\n"
                f"agreed={'other' if number == 0 else 'one'}\n\n")
            self.kiosk.filler.line(r"^sent$", after=before)
        call(self.kiosk.sync_args("once"))
        # Lies at the kiosk until the result has been looked at.
        before = self.kiosk.filler.count
        self.kiosk.filler.send(f"@{late}\npractices=a\nplaces=e d c b a\n"
                               "agreed=one\n\n")
        self.kiosk.filler.line(r"^sent$", after=before)
        self.kiosk.filler.kill()

    def counted(self, kind, ballots, **more):
        path = self.folder / f"{kind}.json"
        path.write_text(json.dumps({"kind": kind, "candidates": list(PEOPLE),
                                    "ballots": ballots, **more}),
                        encoding="utf-8")
        return json.loads(self.collector_count(path))

    def collector_count(self, path, *more):
        return call([self.collector.program, "count", path, *more])

    def page(self, query=""):
        expect(self.desk.get(f"/votes/{self.wave}{query}"), 200, "the result")
        return html.unescape(self.desk.body.decode())

    def sections(self, query=""):
        return re.split(r"<section", self.page(query))[1:]

    def compare(self):
        names = dict(zip(PEOPLE, ("Anna", "Boris", "Vera", "Galina", "Darya")))
        liked, tied, places, rare, agreed = self.sections("?lang=en")
        expect("Fewer ballots" in rare and "<table" not in rare, True,
               "what few voted on stays closed")
        expect(re.findall(r'<td class="number">([^<]*)</td>', agreed),
               ["all or all but one", "—"], "a band")
        want = self.counted("approval", self.approvals)
        got = dict(re.findall(r'<th scope="row">([^<]+)</th>'
                              r'<td class="number">(\d+)</td>', liked))
        expect(got, {names[c]: str(n) for c, n in
                     zip(PEOPLE, want["approvals"])}, "approvals")
        expect("Equal: " in tied and "Only lots may part them" in tied, True,
               "the tie is said")
        want = self.counted("ranked", [[[c] for c in o] for o in self.orders])
        winners = re.search(r'<p class="lead">(.*?)</p>', places)[1]
        expect(set(re.findall(r"<strong>([^<]+)</strong>", winners)),
               {names[c] for c in want["schulze"]}, "Schulze")
        rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th>"
                          r"((?:<td class=\"number\">[^<]*</td>){5})</tr>",
                          places)
        for (name, cells), row in zip(rows, want["pairwise"]):
            figures = re.findall(r">([^<]*)</td>", cells)
            expect([f for f in figures if f != "—"],
                   [str(n) for i, n in enumerate(row)
                    if PEOPLE[i] != next(c for c in PEOPLE
                                         if names[c] == name)],
                   f"{name} against each")

    def seats(self):
        names = dict(zip(PEOPLE, ("Anna", "Boris", "Vera", "Galina", "Darya")))
        places = self.sections("?lang=en&seats=2")[2]
        want = self.counted("stv", [[[c] for c in o] for o in self.orders],
                            seats=2)
        if not want["by_lottery"]:
            elected = re.search(r'<p class="lead">(.*?)</p>', places)[1]
            expect(set(re.findall(r"<strong>([^<]+)</strong>", elected)),
                   {names[c] for c in want["stv_scottish"]}, "STV")

    def late(self):
        """A ballot that comes after the first look cannot be told by a second
        one."""
        first = self.sections("?lang=en")
        call(self.kiosk.sync_args("once"))
        second = self.page("?lang=en")
        expect(re.split(r"<section", second)[1:], first, "figures stand")
        expect("Ballots came in after the result" in second, True,
               "and the page says so")

    def lots(self):
        self.page("?lang=en")
        expect(self.desk.post(f"/votes/{self.wave}"), 303, "lots")
        drawn = re.search(r"Drawn by lot number (\d+): ([^.]+)\.",
                          self.page("?lang=en"))
        expect(self.desk.post(f"/votes/{self.wave}"), 303, "lots again")
        again = re.search(r"Drawn by lot number (\d+): ([^.]+)\.",
                          self.page("?lang=en"))
        expect(again.groups(), drawn.groups(), "lots are drawn once")

    def run(self):
        self.vote()
        self.desk.sign_in(self.collector.login, self.collector.password)
        expect(self.desk.get(f"/votes/{self.wave}"), 409, "before closing")
        self.collector.close(FORM)
        expect(self.collector.taken(FORM), USED, "ballots")
        account = re.search(r"Slips made: (\d+) = used: (\d+) \+ unused: (\d+)",
                            self.page("?lang=en"))
        expect([int(n) for n in account.groups()], [MADE, USED, MADE - USED],
               "slips")
        self.compare()
        self.seats()
        self.late()
        self.lots()


def work(args, folder):
    Trial(args.bin, folder, random.Random(args.seed)).run()
    print(f"{USED} ballots of {MADE} slips, counted as `count` does")


if __name__ == "__main__":
    trial(__doc__, "votes", work)
