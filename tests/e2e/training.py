#!/usr/bin/env python3
"""A training session: invited at the desk, signed at the kiosk, spoken of after.

    training.py --bin BUILD/bin [--shots FOLDER]

One person reads a material to its end and signs by touches at a real window; others
sign, too; somebody who is nobody's code is refused. When the session is over the
anonymous questionnaire opens, and who signed stands in the list for certificates,
on the page and in the file.
"""
import csv
import io
import re

from desk import check, expect
from programme import MENTEES, MENTORS, House
from rig import call, trial, wait_for
from touching import Window

TITLE = "Как давать «обратную связь», не обижая: ${практика}"
TEXT = """# Обратная связь

Сначала о том, что удалось.

- Говорите о поступке, а не о человеке.
- Спрашивайте, что думает коллега.
"""
FORM = "training_1"


class Training(House):
    def prepare(self):
        self.post("/training", 422, kind="0", title="", day="2026-11-25")
        self.post("/training", 422, kind="9", title="x", day="2026-11-25")
        self.post("/training", 422, kind="0", title="x", day="2026-02-30")
        self.post("/training", kind="0", title=TITLE, day="2026-11-25",
                  clock="13:15", place="методический кабинет", minutes="90")
        self.path = self.desk.headers["Location"]
        self.post(self.path, what="material", material="Памятка", text=TEXT)
        self.post(self.path, what="material", material="Лишнее", text="нет")
        self.post(self.path, drop="2")
        self.post(self.path, 422, what="material", material="", text="x")
        ids = {name: number for name, number in re.findall(
            r'<th scope="row">([^<]+)</th><td>[^<]*</td><td><input '
            r'type="checkbox" name="g(\d+)"', self.page(self.path))}
        self.post(self.path, what="guests",
                  **{f"g{ids[name]}": "1" for name in MENTORS + MENTEES[:1]})
        expect(self.counts(), (3, 0), "invited")
        for name in MENTORS:
            check(name in self.page(f"{self.path}/invitations"), name)
        self.post(self.path, 422, what="end")
        self.post(self.path, what="open")
        self.post(self.path, 422, what="open")
        self.post(self.path, 422, what="material", material="x", text="x")

    def counts(self):
        return tuple(map(int, re.search(r"Invited: (\d+), signed: (\d+)",
                                        self.page(self.path)).groups()))

    def sign(self):
        self.library()
        with Window(self.bin, self.kiosk, self.folder, self.shots) as window:
            window.person(f"survey {FORM}\ncode {self.codes[MENTORS[0]]}\n"
                          "tap choice:m1:OK\nnext\ntap choice:present:OK\n"
                          "send\nfinish\n", "sign")
        self.kiosk.fill(FORM)
        for name in (*MENTORS[1:], *MENTEES[:3]):
            before = self.kiosk.filler.count
            self.kiosk.filler.send(f"@{self.codes[name]}\npresent=OK\n\n")
            self.kiosk.filler.line(r"^sent$", after=before)
        before = self.kiosk.filler.count
        self.kiosk.filler.send("@000000\npresent=OK\n\n")
        self.kiosk.filler.line(r"^refused$", after=before)
        call(self.kiosk.sync_args("once"))
        wait_for(lambda: self.counts() == (3, 5), "five signatures", 60)
        row = re.search(rf"{MENTORS[0]}</th>(.*?)</tr>", self.page(self.path))
        check("1 of 1" in row[1] and "signed" in row[1], f"who read: {row[1]}")
        self.look("session", self.path)
        self.look("invitations", f"{self.path}/invitations")

    def certificates(self):
        check("Nobody yet" in self.page("/training/certificates"),
              "a session that is not over counts")
        self.post(self.path, what="end")
        self.post(self.path, 422, what="end")
        page = self.page("/training/certificates")
        for name in (*MENTORS, *MENTEES[:3]):
            check(name in page, f"{name} has no certificate")
        check(MENTEES[3] not in page, "who was not there has a certificate")
        expect(self.desk.get("/training/certificates.csv?lang=en"), 200, "csv")
        rows = list(csv.DictReader(io.StringIO(
            self.desk.body.decode("utf-8-sig"))))
        expect(len(rows), 5, "rows of the file")
        expect(rows[0]["Minutes"], "90", "minutes")
        self.look("certificates", "/training/certificates")
        self.look("training", "/training")

    def feedback(self):
        text = self.collector.command("wave", "list", self.collector.folder)
        check(re.search(r"^training_session\t", text, re.M),
              f"no feedback is asked:\n{text}")
        self.kiosk.filler.kill()
        self.library()
        self.kiosk.fill("training_session")
        for usefulness in range(6, 11):
            self.kiosk.send({"usefulness": usefulness, "practice": "right"})
        self.collector.waves["training_session"] = "training_session"
        call(self.kiosk.sync_args("once"))
        wait_for(lambda: self.collector.taken("training_session") == 5,
                 "five opinions", 60)

    def roadmap(self):
        check("Sessions held: 1 of 1, opinions after them: 5."
              in self.page("/roadmap"), "the roadmap knows of no session")
        self.look("roadmap", "/roadmap")

    def run(self):
        self.install()
        self.prepare()
        self.sign()
        self.certificates()
        self.feedback()
        self.roadmap()
        self.kiosk.filler.kill()
        self.kiosk.process.stop()
        self.collector.process.stop()


def work(args, folder):
    Training(args, folder).run()
    print("five people signed, five opinions came")


if __name__ == "__main__":
    trial(__doc__, "training", work, shots=True)
