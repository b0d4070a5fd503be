"""One collector and one kiosk in a folder, by the programs' command lines.

The only place that knows how the programs are called.
"""
import csv
import io
import re
from collections import Counter
from pathlib import Path

from rig import Program, call

SURVEYS = Path(__file__).resolve().parents[2] / "assets" / "surveys"
FORM = "interim_mentee"
IN_STEP = "^STATUS=in step with"
# Items that everybody answers in these tests, and what may be said.
ITEMS = {
    "met": ("several", "once"),
    "usefulness": tuple(str(i) for i in range(1, 11)),
    "pace": ("too_often", "right", "too_rarely"),
    "meetings_wanted": tuple(str(i) for i in range(0, 21)),
}


class Collector:
    def __init__(self, bin_dir, folder, port, host="127.0.0.1", wrap=None):
        self.program = Path(bin_dir) / "anketa-collector"
        self.folder = Path(folder)
        self.port = port
        self.host = host
        self.wrap = wrap or (lambda args: args)
        self.process = None
        self.login = self.password = None
        self.waves = {}  # form id to the name of its wave

    def command(self, *args):
        return call([self.program, "--lang", "en", *args])

    def init(self):
        text = self.command("init", self.folder, "--name",
                            "Детский сад «Ромашка»")
        self.login = re.search(r"sign in as: (\S+)", text)[1]
        self.password = re.search(r"password: (\S+)", text)[1]

    def form_add(self, form_id, *options):
        text = self.command("form", "add", self.folder,
                            SURVEYS / f"{form_id}.csv", *options)
        self.waves[form_id] = text.split()[-1]

    def enrol(self, name=""):
        """A fresh enrolment code."""
        return self.command("enrol", self.folder, "--name", name).split()[-1]

    def serve(self):
        self.process = Program(
            self.wrap([self.program, "--lang", "en", "serve", self.folder,
                       "--listen", f"{self.host}:{self.port}"]),
            self.folder.parent / "collector.log")
        self.process.line("listening on")

    def close(self, form_id):
        """No more answers; what waits may leave."""
        self.command("wave", "close", self.folder, self.waves[form_id])

    def taken(self, form_id):
        """How many answers came in, those that wait for company too."""
        for line in self.command("wave", "list", self.folder).splitlines():
            name, _, _, count = line.split("\t")
            if name == self.waves[form_id]:
                return int(count)
        return 0

    def link(self, form_id):
        """Address of a summary that needs no signing in."""
        path = self.command("link", self.folder, self.waves[form_id]).split()[-1]
        return f"https://{self.host}:{self.port}{path}"

    def report(self, form_id, lang="en"):
        text = call([self.program, "--lang", lang, "report", self.folder,
                     self.waves[form_id], "--csv"])
        return list(csv.DictReader(io.StringIO(text)))


class Kiosk:
    def __init__(self, bin_dir, folder, address, wrap=None):
        self.sync_program = Path(bin_dir) / "anketa-sync"
        self.fill_program = Path(bin_dir) / "fill"
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.address = address
        self.wrap = wrap or (lambda args: args)
        self.process = None
        self.filler = None

    def settings(self, name, mix_seconds=0, library_seconds=900):
        (self.folder / "sync.conf").write_text(
            f"[kiosk]\nname = {name}\n[sync]\nmix_seconds = {mix_seconds}\n"
            f"library_seconds = {library_seconds}\n", encoding="utf-8")

    def sync_args(self, *args):
        return self.wrap([self.sync_program, "--dir", self.folder,
                          "--lang", "en", *args])

    def enrol(self, code):
        call(self.sync_args("enrol", code, "--address", self.address))

    def sync(self):
        self.process = Program(self.sync_args("run"),
                               self.folder.parent / "sync.log",
                               notices=self.folder.parent
                               / f"{self.folder.name}.notify")

    def in_step(self):
        """Has it delivered what may leave since it was started?"""
        return self.process.said(IN_STEP)

    def wait_for_library(self):
        self.process.line("library [0-9]+ installed")

    def fill(self, form_id):
        self.filler = Program([self.fill_program, self.folder, form_id],
                              self.folder.parent / "fill.log", stdin=True)
        self.filler.line(r"^ready$")

    def send(self, answers):
        """One person; returns after the commit."""
        before = self.filler.count
        self.filler.send("".join(f"{k}={v}\n" for k, v in answers.items())
                         + "\n")
        self.filler.line(r"^sent$", after=before)


def person(chance):
    """Answers of one more respondent."""
    return {item: chance.choice(values) for item, values in ITEMS.items()}


def opposites():
    """Two who agree in nothing: no summary is closed for unanimity then."""
    return [{item: values[end] for item, values in ITEMS.items()}
            for end in (0, -1)]


def counted(collector):
    """(item, value) to how often the collector counted it."""
    counts = Counter()
    for row in collector.report(FORM):
        if row["value"] in ITEMS.get(row["item"], ()):
            counts[(row["item"], row["value"])] += int(row["n"])
    return counts
