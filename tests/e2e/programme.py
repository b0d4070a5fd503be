#!/usr/bin/env python3
"""The work of the pairs: meetings at the desk, opinions at the kiosk.

    programme.py --bin BUILD/bin [--shots FOLDER]

A meeting entered in a journal opens its anonymous questionnaire at the kiosks
for both sides. The opinions of one pair stay at the kiosk, and nothing at the
collector ties an answer to a pair; with those of a whole group they come in, and
the questionnaire shows figures once it is closed. The next pair opens it anew.
"""
import html
import io
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from browser import Browser as Chromium
from desk import Browser, check, expect
from installation import Collector, Kiosk
from rig import call, free_port, trial, wait_for
from touching import SIZE, Window

FIRST = "meeting_first"
MENTEES = ("Анна П.", "Вера С.", "Галина Т.", "Дарья К.")
MENTORS = ("Ольга Р.", "Полина Д.")


class House:
    def __init__(self, args, folder):
        self.bin = Path(args.bin).resolve()
        self.folder = folder
        self.shots = Path(args.shots).resolve() if args.shots else None
        port = free_port()
        self.address = f"https://127.0.0.1:{port}"
        self.collector = Collector(self.bin, folder / "collector", port)
        self.kiosk = Kiosk(self.bin, folder / "one" / "kiosk", self.address)
        self.desk = Browser(port)
        self.codes, self.pairs = {}, {}

    def install(self):
        self.collector.init()
        for role, names in (("--mentee", MENTEES), ("--mentor", MENTORS)):
            for name in names:
                self.codes[name] = self.collector.command(
                    "person", "add", self.collector.folder, name, role).strip()
        self.collector.serve()
        self.kiosk.settings("Холл")
        self.kiosk.enrol(self.collector.enrol())
        self.kiosk.sync()
        self.desk.sign_in(self.collector.login, self.collector.password)

    def page(self, path, status=200):
        expect(self.desk.get(f"{path}?lang=en"), status, path)
        return html.unescape(self.desk.body.decode())

    def post(self, path, status=303, **fields):
        self.page(path)
        expect(self.desk.post(path, **fields), status, f"{path} {fields}")

    def library(self):
        """The kiosk has what the desk has now."""
        self.kiosk.process.stop()
        self.kiosk.sync()
        self.kiosk.wait_for_library()

    def look(self, name, path):
        if not self.shots:
            return
        with Chromium(*SIZE) as browser:
            browser.sign_in(self.address, self.collector)
            for size, dark, media, kind in (
                    (SIZE, False, "", ""), (SIZE, True, "", "-dark"),
                    ((390, 844), False, "", "-phone"),
                    (SIZE, False, "print", "-print")):
                browser.resize(*size)
                browser.media(media, dark)
                browser.open(self.address + path)
                browser.shot(self.shots / f"{name}{kind}.png")

    # -- pairs -----------------------------------------------------------------

    def join(self):
        page = self.page("/pairs")
        ids = {name: number for number, name in re.findall(
            r'<option value="(\d+)">([^<]+)', page)}
        for mentee, mentor in zip(MENTEES, MENTORS[:1] + MENTORS[1:] * 3):
            fields = {"mentee": ids[mentee], "mentor": ids[mentor]}
            self.post("/pairs", **fields)
            self.post("/pairs", 422, **fields)
        self.post("/pairs", 422, mentee=ids[MENTORS[0]], mentor=ids[MENTEES[0]])
        for path, name in re.findall(r'href="(/pairs/\d+)">([^<]+)',
                                     self.page("/pairs")):
            self.pairs[name] = path
            self.post(path, what="signed")

    def meet(self, mentee, kind, day, status=303, **more):
        self.post(self.pairs[mentee], status, what="met", kind=str(kind),
                  day=day, for_pair="Договорились о времени", for_desk="",
                  **more)

    def asked(self):
        """People asked and answers, by questionnaire, on the page of pairs."""
        return {title: (int(people), int(answers)) for title, people, answers in
                re.findall(r'<th scope="row">([^<]+)</th><td>[^<]*</td>'
                           r"<td>(\d+)</td><td>(\d+);", self.page("/pairs"))}

    # -- opinions --------------------------------------------------------------

    def opinion(self, role, comfort):
        self.kiosk.send({"role": role, "comfort": comfort, "agreed": "goal"})

    def first_meetings(self):
        self.meet(MENTEES[0], 1, "2026-12-01", 422)
        expect(self.asked(), {}, "no questionnaire for a refused entry")
        self.meet(MENTEES[0], 0, "2026-12-01")
        expect(self.asked(), {"После первой встречи": (2, 0)}, "one pair")
        self.library()
        with Window(self.bin, self.kiosk, self.folder, self.shots) as window:
            window.person(f"survey {FIRST}\nanswer role mentee\n"
                          "answer comfort 9\nanswer openness 7\n"
                          "answer agreed goal times\nanswer continue yes\n"
                          "send\nfinish\n", "opinion")
        self.kiosk.fill(FIRST)
        self.opinion("mentor", 5)
        call(self.kiosk.sync_args("once"))
        expect(self.asked()["После первой встречи"], (2, 0),
               "the opinions of one pair stay where they are")
        self.meet(MENTEES[1], 0, "2026-12-02", group="1")
        expect(self.asked()["После первой встречи"], (6, 0), "and a group")
        for role, comfort in (("mentee", 8), ("mentee", 6), ("mentor", 10)):
            self.opinion(role, comfort)
        wait_for(lambda: self.asked()["После первой встречи"] == (6, 5),
                 "five opinions", 60)
        # The whole group met: each of its journals has it.
        for name in MENTEES:
            check("first meeting" in re.search(
                r"Journal of meetings.*?</table>", self.page(self.pairs[name]),
                re.S)[0], f"the journal of {name}")
        self.look("pairs", "/pairs")
        self.look("pair", self.pairs[MENTEES[1]])

    def figures(self):
        self.collector.waves[FIRST] = FIRST
        self.collector.close(FIRST)
        counts = {(r["item"], r["value"]): int(r["n"])
                  for r in self.collector.report(FIRST)}
        expect(counts[("comfort", "9")], 1, "the one by touch is counted")
        expect(self.asked(), {}, "nothing is asked any more")

    def nothing_ties(self):
        """The journal knows nothing of waves, and waves nothing of pairs."""
        tables = {}
        for file in ("collector.db", "people.db"):
            with sqlite3.connect(self.collector.folder / file) as db:
                tables.update(db.execute("SELECT name, sql FROM sqlite_schema "
                                         "WHERE type = 'table'"))
        check("wave" not in tables["pair_meeting"], "a journal names a wave")
        for name, sql in tables.items():
            check(name in ("pair", "pair_meeting")
                  or not re.search(r"\bpair\b", sql),
                  f"{name} refers to pairs")

    def trial(self):
        self.meet(MENTEES[0], 1, "2026-12-08")
        expect(self.asked(), {"После пробной встречи": (2, 0)}, "the next one")

    # -- papers ----------------------------------------------------------------

    def papers(self):
        """Filled with what is known; marked where something is missing."""
        pages = sorted(set(re.findall(r'href="(/documents/\w+)"',
                                      self.page("/documents"))))
        expect(len(pages), 9, "documents")
        self.post(self.pairs[MENTEES[0]], what="plan", goals="Вести кружок",
                  steps="Посмотреть занятие\n\nПровести своё", term="май 2027")
        order = "/documents/order_pairs"
        check("<mark>City</mark>" in self.page(order), "no city is marked")
        self.post("/documents", city="Санкт-Петербург", head="Орлова А. Н.",
                  coordinator="Белова И. П.", year="2026/27",
                  term="31 мая 2027", place="музыкальный зал", fee="по договору")
        for page in pages:
            left = re.findall("<mark>([^<]+)</mark>", self.page(page))
            check(set(left) <= {"Date", "Number of the order", "Position",
                                "Request", "Goals", "Step"}, f"{page}: {left}")
        self.post(order, date="2026-11-24", number="17-н")
        page = self.page(order)
        check("<mark>" not in page and "24 ноября 2026" in page, "the order")
        row = f"<td>{MENTORS[1]}</td><td>{', '.join(MENTEES[1:])}</td>"
        check(row in page, "a group stands in a row")
        page = self.page("/documents/personal_programme")
        for want in ("Вести кружок", "<td>4</td><td>Посмотреть занятие</td>",
                     "<td>5</td><td>Провести своё</td>", "май 2027"):
            check(want in page, f"the programme has no {want}")
        expect(page.count('<article class="paper">'), len(MENTEES), "copies")
        expect(self.page("/documents/mentor_consent").count("<article"), 2,
               "consents")
        for page in pages:
            expect(self.desk.get(f"{page}.pdf?lang=en"), 200, page)
            path = self.folder / "paper.pdf"
            path.write_bytes(self.desk.body)
            text = call(["pdftotext", "-layout", path, "-"])
            check(len(text) > 300, f"{page}.pdf is empty")
            if page == order:
                for name in MENTORS + MENTEES + ("17-н", "Орлова А. Н."):
                    check(name in text, f"{name} is not in the PDF")
                if self.shots:
                    call(["pdftoppm", "-r", 60, "-png", path,
                          self.shots / "order"])
        for page, people in ((order, MENTORS + MENTEES),
                             ("/documents/mentor_consent", MENTORS)):
            expect(self.desk.get(f"{page}.docx"), 200, page)
            with zipfile.ZipFile(io.BytesIO(self.desk.body)) as docx:
                text = "".join(ElementTree.fromstring(
                    docx.read("word/document.xml")).itertext())
            for name in people:
                check(name in text, f"{name} is not in {page}.docx")
        expect(self.desk.get("/documents/passwd"), 404, "no such document")
        expect(self.desk.get("/documents/order_pairs.odt"), 404, "nor type")
        self.look("documents", "/documents")
        self.look("order", order)
        self.look("personal", "/documents/personal_programme")

    def run(self):
        self.install()
        self.join()
        self.first_meetings()
        self.figures()
        self.nothing_ties()
        self.trial()
        self.papers()
        self.kiosk.filler.kill()
        self.kiosk.process.stop()
        self.collector.process.stop()


def work(args, folder):
    House(args, folder).run()
    print("meetings are in their journals, five opinions are counted")


if __name__ == "__main__":
    trial(__doc__, "programme", work, shots=True)
