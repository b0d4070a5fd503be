#!/usr/bin/env python3
"""Twelve people at the kiosk: from a touch on the window to a bar in the summary.

    journey.py --bin BUILD/bin --dir FOLDER --shots FOLDER/shots

Makes an installation in FOLDER (what an earlier journey left there is replaced),
starts collector, sync and kiosk, the kiosk in a window of its own display, and
fills twelve responses by touches at that window, in Russian and in English.
Where to touch is told by touch_plan, which runs the kiosk's own core. Then waits
until the collector has counted them, compares the report and the summary page
with what was touched, value by value, and leaves pictures of every page.
"""
import argparse
import html
import html.parser
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from browser import Browser
from display import Display
from installation import Collector, Kiosk
from rig import Failure, Program, call, free_port, wait_for

FORM = "interim_mentee"
OTHERS = ("interim_mentor", "satisfaction", "training_session")
SIZE = (1280, 800)
PEOPLE = 12
SEED = 2026
SLOWLY = (1, 3, 4)  # in Russian, in English, and along the branch
AT_LEAST = 5  # answers, or a question is not shown
LATER_S = 60.0

# Each person: language, then answers in the order of the questionnaire. What is
# not named is passed over. The values are a plausible autumn, not a flat noise.
COMMENTS = (
    "Чаще смотреть занятия друг друга", "Больше примеров",
    "Встречаться в тихий час", "More time for questions",
    "Не хватает времени", "Share lesson plans before we meet",
    "Всё хорошо, спасибо", "", "Fewer papers",
    "Разбирать трудные случаи", "", "A calmer place to talk",
)


def people():
    """The twelve, the same on every run."""
    chance = random.Random(SEED)
    for number in range(PEOPLE):
        lang = "en" if number in (3, 5, 8, 11) else "ru"
        absent = number in (4, 10)
        answers = [("met", "none" if absent else
                    chance.choice(("several", "several", "once")))]
        if absent:
            answers.append(("obstacles", *chance.sample(
                ("my_time", "mentor_time", "shifts"), 2)))
        else:
            for item in ("usefulness", "comfort", "theory", "practice"):
                answers.append((item, str(chance.choice(
                    (6, 7, 7, 8, 8, 9, 9, 10)))))
            answers.append(("activities", *chance.sample(
                ("talk", "watched_mentor", "prepared", "papers"), 2)))
        answers.append(("support", str(chance.choice((5, 7, 8, 9, 10)))))
        answers.append(("progress", chance.choice(
            ("much", "some", "some", "none"))))
        if not absent:
            answers.append(("pace", chance.choice(
                ("right", "right", "too_rarely"))))
        answers.append(("meetings_wanted", str(chance.choice((2, 3, 4, 6)))))
        if number != 7:  # one person passes the last scale over
            answers.append(("satisfaction", str(chance.choice(
                (6, 7, 8, 9, 10)))))
        if COMMENTS[number]:
            answers.append(("change", COMMENTS[number]))
        yield lang, answers


def script(lang, answers):
    lines = [f"survey {FORM}", f"lang {lang}"]
    lines += ["answer " + " ".join(answer) for answer in answers]
    return "\n".join(lines + ["send", "finish"]) + "\n"


def expected(all_people):
    counts = Counter()
    for _, answers in all_people:
        for item, *values in answers:
            counts.update((item, value) for value in values
                          if item != "change")
    return counts


def shown(counts):
    """Less the questions that too few answered to be shown."""
    answered = Counter()
    for _, answers in people():
        answered.update(item for item, *_ in answers)
    return Counter({(item, value): n for (item, value), n in counts.items()
                    if answered[item] >= AT_LEAST})


def counted(collector):
    return Counter({(row["item"], row["value"]): int(row["n"])
                    for row in collector.report(FORM)
                    if row["value"] and int(row["n"]) > 0})


class Tables(html.parser.HTMLParser):
    """The tables of a page: caption to {first cell of a row: second cell}."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.caption = ""
        self.cells = []
        self.text = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.cells = []
        elif tag in ("caption", "th", "td"):
            self.text = ""

    def handle_endtag(self, tag):
        if self.text is not None and tag in ("caption", "th", "td"):
            words = " ".join(self.text.split())
            self.text = None
            if tag == "caption":
                self.caption = words
            else:
                self.cells.append(words)
        elif tag == "tr" and len(self.cells) == 2:
            self.found.setdefault(self.caption, {})[self.cells[0]] = \
                self.cells[1]

    def handle_data(self, data):
        if self.text is not None:
            self.text += data


def compare_page(page, report):
    """Every figure of the report stands in a table of the page."""
    tables = Tables(page).found
    shown_figures = 0
    for row in report:
        if not row["value"] or int(row["n"]) == 0:
            continue
        table = tables.get(row["question"], {})
        cell = table.get(row["answer"] or row["value"], "")
        if not cell or cell.split()[0] != row["n"]:
            raise Failure(f"the page says “{cell}” for {row['item']} = "
                          f"{row['value']}, the report {row['n']}")
        shown_figures += 1
    for comment in filter(None, COMMENTS):
        if html.escape(comment) not in page:
            raise Failure(f"the page does not quote “{comment}”")
    return shown_figures


class Journey:
    def __init__(self, args):
        self.bin = Path(args.bin).resolve()
        self.folder = Path(args.dir).resolve()
        self.shots = Path(args.shots).resolve()
        self.people = list(people())
        port = free_port()
        self.address = f"https://127.0.0.1:{port}"
        for name in ("collector", "kiosk", "shots"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.shots, ignore_errors=True)
        self.shots.mkdir(parents=True)
        self.collector = Collector(self.bin, self.folder / "collector", port)
        self.kiosk = Kiosk(self.bin, self.folder / "kiosk", self.address)
        self.pictures = 0

    def install(self):
        self.collector.init()
        for form in (FORM, *OTHERS):
            self.collector.form_add(form, "--live")
        self.collector.serve()
        self.kiosk.settings("Методический кабинет")
        self.kiosk.enrol(self.collector.enrol())
        self.kiosk.sync()
        self.kiosk.wait_for_library()

    def plan(self, number):
        lang, answers = self.people[number]
        path = self.folder / f"person-{number + 1}.script"
        path.write_text(script(lang, answers), encoding="utf-8")
        text = call([self.bin / "touch_plan", self.kiosk.folder,
                     f"{SIZE[0]}x{SIZE[1]}", "ru", path])
        path.unlink()
        return [tuple(map(int, line.split()[1:3]))
                for line in text.splitlines() if line.startswith("click ")]

    def picture(self, display, name, pixels):
        self.pictures += 1
        display.shot(self.shots / f"{name}.png", pixels)

    def touch_slowly(self, display, clicks, name):
        """One touch after the other; a picture of each page as it was left,
        by a button of the bottom line."""
        pages = 0
        before = display.steady()
        for x, y in clicks:
            if y > 0.8 * SIZE[1] or pages < 2:
                pages += 1
                self.picture(display, f"{name}-{pages:02d}", before)
            display.touch(x, y)
            before = display.steady(since=before)
        self.picture(display, f"{name}-{pages + 1:02d}", before)

    def fill(self):
        with Display(*SIZE) as display:
            empty = display.pixels()
            kiosk = Program(
                [self.bin / "anketa-kiosk", "--dir", self.kiosk.folder,
                 "--window", f"{SIZE[0]}x{SIZE[1]}", "--lang", "ru"],
                self.folder / "kiosk.log", env=display.env)
            home = display.steady(since=empty)
            for number in range(PEOPLE):
                clicks = self.plan(number)
                if number in SLOWLY:
                    self.touch_slowly(display, clicks, "kiosk-" + (
                        f"{self.people[number][0]}-{number + 1}"))
                else:
                    display.touches(clicks[:1])
                    display.steady(since=home, quiet=1)
                    display.touches(clicks[1:])
                wait_for(lambda: display.pixels() == home,
                         f"the first page after person {number + 1}")
            kiosk.stop()

    def compare(self):
        """Fewer than k wait at the kiosk for company, until the wave ends."""
        self.collector.close(FORM)
        self.kiosk.process.stop()
        self.kiosk.sync()
        want = shown(expected(self.people))
        # The summary is first looked at when all have come: from then on it
        # moves by k answers at least.
        wait_for(lambda: self.collector.taken(FORM) >= PEOPLE,
                 "twelve responses taken in", LATER_S)
        got = counted(self.collector)
        if got != want:
            raise Failure(f"the report differs: missing {dict(want - got)}, "
                          f"too many {dict(got - want)}")

    def shoot(self, browser, name, address):
        browser.open(address)
        self.pictures += 1
        browser.shot(self.shots / f"{name}.png")
        return browser.run("document.documentElement.outerHTML")

    def look(self):
        """The summary as a browser shows it, and the desk behind it."""
        address = self.collector.link(FORM)
        with Browser(*SIZE) as browser:
            for lang in ("ru", "en"):
                page = self.shoot(browser, f"summary-{lang}",
                                  f"{address}&lang={lang}")
                self.figures = compare_page(
                    page, self.collector.report(FORM, lang))
            browser.media(dark=True)
            self.shoot(browser, "summary-dark", f"{address}&lang=ru")
            browser.media("print")
            self.shoot(browser, "summary-print", f"{address}&lang=ru")
            browser.media()
            browser.resize(390, 844, 2)
            self.shoot(browser, "summary-phone", f"{address}&lang=ru")
            browser.resize(*SIZE)
            browser.open(f"{self.address}/sign-in?lang=ru")
            browser.submit({"login": self.collector.login,
                            "password": self.collector.password})
            for name in ("", "questionnaires", "kiosks", "users", "audit"):
                self.shoot(browser, f"desk-{name or 'summaries'}",
                           f"{self.address}/{name}")

    def finish(self):
        self.kiosk.process.stop()
        self.collector.process.stop()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--shots", required=True)
    args = parser.parse_args(argv)
    began = time.monotonic()
    try:
        journey = Journey(args)
        journey.install()
        journey.fill()
        journey.compare()
        journey.look()
        journey.finish()
    except Failure as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        Program.kill_all()
    print(f"{PEOPLE} people touched, {PEOPLE} counted, "
          f"{journey.figures} figures on the page agree, {journey.pictures} pictures in {journey.shots}, "
          f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
