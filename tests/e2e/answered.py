"""A collector with closed waves that 23 people answered, 16 of them in words
too, and one open wave: what the desk's tests begin with."""
import random
import re
import shutil
import tempfile
from pathlib import Path

from desk import Browser
from installation import Collector
from rig import Failure, free_port

PEOPLE = 23
TEXTS = 16
WAVE = "interim_mentee"
AFTER = "interim_mentee-2"  # the second wave of the same questionnaire
NAME = "Иванова Мария"  # stands in one text, to be taken out
FIELD = 12              # of the question answered in words
ANSWER = """<?xml version='1.0' ?><data id="interim_mentee" version="1">\
<met>{met}</met><usefulness>{usefulness}</usefulness><comfort>8</comfort>\
<theory>{theory}</theory><practice>9</practice>\
<activities>{activities}</activities><support>9</support>\
<progress>{progress}</progress><pace>right</pace>\
<meetings_wanted>{meetings}</meetings_wanted>\
<satisfaction>{satisfaction}</satisfaction><change>{change}</change>\
<meta><instanceID>uuid:0c4bd7e0-0000-4000-8000-{number:012d}</instanceID>\
</meta></data>"""


def answer(number, chance, wave):
    text = f"текст {number} <b>&amp;"
    if number == 3:
        text = f"{NAME} занята"
    return ANSWER.format(
        number=wave * PEOPLE + number, met=chance.choice(["several", "once"]),
        usefulness=chance.randint(3, 10), theory=chance.randint(1, 10),
        activities=chance.choice(["talk", "talk prepared"]),
        progress=chance.choice(["much", "some", "none"]),
        meetings=chance.randint(2, 6), satisfaction=chance.randint(5, 10),
        change=text.replace("<", "&lt;") if number < TEXTS else "")


class Answered:
    """Used with `with`; `admin` is signed in as the coordinator."""

    def __init__(self, bin_dir, waves=1):
        self.waves = waves
        self.folder = Path(tempfile.mkdtemp(prefix="anketa-answered-"))
        self.port = free_port()
        self.collector = Collector(bin_dir, self.folder / "c", self.port)

    def __enter__(self):
        c = self.collector
        text = c.command("init", c.folder, "--name", "Детский сад «Ромашка»")
        self.password = re.search(r"password: (\S+)", text)[1]
        c.form_add(WAVE)
        c.form_add("satisfaction")
        c.serve()
        for wave in range(self.waves):
            if wave > 0:
                c.waves[WAVE] = c.command("wave", "open", c.folder, WAVE,
                                          "--title", "потом").strip()
            self.answers(wave)
            c.close(WAVE)
        self.admin = Browser(self.port)
        if self.admin.sign_in("coordinator", self.password) != 303:
            raise Failure("cannot sign in")
        return self

    def __exit__(self, *_):
        if self.collector.process:
            self.collector.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self, wave):
        base = self.collector.command("openrosa", self.collector.folder)
        client = Browser(self.port)
        head = {"X-OpenRosa-Version": "1.0"}
        chance = random.Random(7 + wave)
        for number in range(PEOPLE):
            body = answer(number, chance, wave).encode()
            status = client.upload(
                base.strip() + "/submission?deviceID=c", {},
                {"xml_submission_file": ("x.xml", "text/xml", body)}, head)
            if status != 201:
                raise Failure(f"an answer: {status} {client.body!r}")

    def account(self, role, number):
        """A new account of that role, signed in."""
        self.admin.get("/users")
        self.admin.post("/users", login=role, name=role, role=number)
        password = re.search(rb'class="code">([^<]+)<', self.admin.body)[1]
        browser = Browser(self.port)
        if browser.sign_in(role, password.decode()) != 303:
            raise Failure(f"{role} cannot sign in")
        return browser
