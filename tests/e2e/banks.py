#!/usr/bin/env python3
"""Banks out of named questionnaires at a kiosk, consent, and its withdrawal.

A mentor and two mentees give their consent and fill in their questionnaires at a
kiosk; they stand in their banks, are shortlisted, edited and taken out as files.
What they offer and ask for goes into a group meeting.

    banks.py --bin BUILD/bin
"""
import argparse
import re
import shutil
import sys
import tempfile
import urllib.parse
from pathlib import Path

from desk import Browser, check, expect
from installation import Collector, Kiosk
from rig import Failure, free_port, wait_for

MENTOR = {"full_name": "Борисова Агриппина", "contact": "agri@example.org",
          "position": "educator", "competences": "speech parents",
          "main_competence": "speech", "achievements": "Кукольный театр",
          "capacity": "3", "way": "group", "times": "nap online",
          "hours": "12"}
MENTEE = {"full_name": "Вера", "contact": "v@example.org",
          "position": "educator", "requests": "speech play",
          "main_request": "speech", "request": "Как учить стихи",
          "way": "any", "times": "nap", "hours": "6"}


class House:
    """A collector with people, and a kiosk beside it."""

    def __init__(self, bin_dir, forms):
        self.folder = Path(tempfile.mkdtemp(prefix="anketa-banks-"))
        self.port = free_port()
        self.collector = Collector(bin_dir, self.folder / "c", self.port)
        self.kiosk = Kiosk(bin_dir, self.folder / "k",
                           f"https://127.0.0.1:{self.port}")
        self.forms = forms
        self.codes = {}

    def __enter__(self):
        c = self.collector
        c.init()
        for form in self.forms:
            c.form_add(form)
        c.serve()
        self.sign_in()
        self.kiosk.settings("Кабинет")
        self.kiosk.enrol(c.enrol())
        return self

    def __exit__(self, *_):
        for program in (self.kiosk.filler, self.kiosk.process,
                        self.collector.process):
            if program:
                program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sign_in(self):
        self.admin = Browser(self.port)
        self.admin.get("/sign-in?lang=ru")
        expect(self.admin.sign_in(self.collector.login,
                                  self.collector.password), 303, "signing in")

    def person(self, name, role=""):
        args = ["person", "add", self.collector.folder, name]
        if role:
            args.append(f"--{role}")
        self.codes[name] = self.collector.command(*args).split()[-1]

    def fill(self, form, name, answers):
        """One person at the kiosk, by her personal code."""
        self.kiosk.fill(form)
        before = self.kiosk.filler.count
        self.kiosk.filler.send(
            "".join(f"{k}={v}\n" for k, v in answers.items())
            + f"@{self.codes[name]}\n\n")
        self.kiosk.filler.line("^sent$", after=before)
        self.kiosk.filler.kill()
        self.kiosk.filler = None

    def taken(self, form, count):
        wait_for(lambda: self.collector.taken(form) == count,
                 f"{count} answers of {form}")

    def page(self, path, want=200):
        expect(self.admin.get(path), want, path)
        return self.admin.body.decode()

    def person_path(self, name):
        page = self.page("/people?q=" + urllib.parse.quote(name))
        return re.search(r'href="(/people/\d+)"', page).group(1)


def filled(house):
    house.kiosk.sync()
    house.kiosk.wait_for_library()
    for name in ("Агриппина", "Вера"):
        house.fill("consent", name, {"full_name": name, "agree": "yes"})
    house.fill("bank_mentors", "Агриппина", MENTOR)
    house.fill("bank_mentees", "Вера", MENTEE)
    house.fill("bank_mentees", "Галина", MENTEE | {
        "requests": "parents", "main_request": "parents", "times": "morning"})
    house.taken("bank_mentees", 2)
    house.taken("bank_mentors", 1)
    house.taken("consent", 2)


def banks(house):
    page = house.page("/bank/mentors")
    check("Агриппина" in page and "Развитие речи" in page, "the mentor")
    check("есть" in page, "her consent")
    page = house.page("/bank/mentees")
    check("Вера" in page and "Галина" in page, "two mentees")
    check("<strong>нет</strong>" in page, "one without consent")
    wanted = urllib.parse.urlencode({"topic": "развитие речи",
                                     "time": "Во время тихого часа"})
    page = house.page(f"/bank/mentees?{wanted}")
    check("Вера" in page and "Галина" not in page, "the shortlist")
    expect(house.admin.get("/bank/mentors.csv"), 200, "the .csv")
    check("Кукольный театр".encode() in house.admin.body, "her merits")
    expect(house.admin.get("/bank/mentors.xlsx"), 200, "the workbook")
    check(house.admin.body.startswith(b"PK"), "is one")
    expect(house.admin.get("/bank/nobody"), 404, "no such bank")


def entry(house):
    page = house.page("/bank/mentors")
    path = re.search(r'href="(/bank/entry/\d+)"', page).group(1)
    house.page(path)
    expect(house.admin.post(path, what="save", topics="Лепка; Развитие речи",
                            main="Лепка", results="Открытое занятие",
                            places="2", hours="5"), 303, "a change")
    page = house.page(path)
    check("Открытое занятие" in page and "анкета на терминале" in page,
          "the change and the history")
    check("Кукольный театр" in page, "what was not sent stays")
    # She fills the questionnaire in once more: what the desk noted stays.
    house.fill("bank_mentors", "Агриппина",
               MENTOR | {"competences": "play", "main_competence": "play"})
    wait_for(lambda: "Организация игры" in house.page(path),
             "the later answer")
    check("Открытое занятие" in house.page(path), "her results")


def consent(house):
    page = house.page(house.person_path("Агриппина"))
    check("на терминале" in page and "Кто обрабатывает данные" in page,
          "the consent with its text")
    path = house.person_path("Галина")
    house.page(path)
    expect(house.admin.post(path, what="consent", bank="0", day="x"), 422,
           "no day")
    house.page(path)
    expect(house.admin.post(path, what="consent", bank="0", day="2026-09-01"),
           303, "a paper")
    page = house.page(path)
    check("на бумаге" in page and "1 сентября 2026" in page, "when and how")


def meeting(house):
    page = house.page("/meetings")
    people = re.findall(r'name="(p\d+)"', page)
    expect(house.admin.post("/meetings", title="Осень",
                            **{p: "1" for p in people}), 303, "a meeting")
    page = house.page(house.admin.headers["Location"])
    check("Развитие речи" in page and "Организация игры" in page,
          "what they ask for and offer")
    check('value="3"' in page, "her places")


def withdrawal(house):
    path = house.person_path("Вера")
    house.fill("withdrawal", "Вера", {"withdraw": "yes"})
    wait_for(lambda: house.admin.request("GET", path) == 404,
             "her page is gone")
    check("Вера" not in house.page("/bank/mentees"), "she is in no bank")
    check("Вера" not in house.page("/audit"), "nor in the journal")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    forms = ("consent", "bank_mentors", "bank_mentees", "withdrawal")
    with House(parser.parse_args().bin, forms) as house:
        house.person("Агриппина", "mentor")
        house.person("Вера", "mentee")
        house.person("Галина", "mentee")
        filled(house)
        banks(house)
        entry(house)
        consent(house)
        meeting(house)
        withdrawal(house)
    print("banks: filled at a kiosk, shortlisted, changed, withdrawn")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"banks: {failure}")
