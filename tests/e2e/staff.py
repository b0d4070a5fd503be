#!/usr/bin/env python3
"""Who looks after a kiosk, from the first PIN to the restart.

    staff.py --bin BUILD/bin [--shots FOLDER] [--dark]

A new kiosk in a real window, its collector and its sync daemon; everything is
done by touches at that window, and each deed is looked for on both sides: the
PIN, enrolment by a typed code, what waits, why the last talk failed, answers
carried by a stick and their receipt carried back, test mode, the coordinator's
PIN and her voting session, hours of service, the log and the restart. What the pages tell is compared with the window pixel
by pixel. Where to touch is told by touch_plan.
"""
import datetime
import re
import shutil
import subprocess
from pathlib import Path

from desk import Browser
from display import Display
from installation import FORM, Collector, Kiosk
from rig import Failure, Program, call, free_port, trial, wait_for

SIZE = (1280, 800)
INCHES = "10.1"
PIN = "271828"
COORDINATORS_PIN = "836194"
NAME = "Холл у входа"
PERSON = (f"survey {FORM}", "answer met none", "answer obstacles shifts",
          "send", "finish")
TOGETHER = 5  # so many leave together
TALK_S = 90.0
RESTART = 75
DARK_S = 180.0


def check(true, why):
    if not true:
        raise Failure(why)


class Walk:
    """A script cut at its marks: what to touch up to each, and, where it says
    `see`, what the window has to show then."""

    def __init__(self, scene, lines):
        self.scene = scene
        self.parts = {}
        self.seen = {}
        touches = []
        for line in scene.tool("touch_plan", [
                re.sub("^see ", "mark ", line) for line in lines]).splitlines():
            kind, *rest = line.split(" ", 1)
            if kind == "mark":
                self.parts[rest[0]] = touches
                touches = []
            elif kind in ("click", "hold"):
                x, y = map(int, rest[0].split()[:2])
                touches.append((kind, x, y))
        if touches:
            raise Failure(f"touches after the last mark of {lines}")
        pages = [line[4:] for line in lines if line.startswith("see ")]
        if pages:
            self.paint(lines, pages)

    def paint(self, lines, pages):
        out = self.scene.folder / "pages"
        shutil.rmtree(out, ignore_errors=True)
        self.scene.tool("snapshot", [re.sub("^see ", "dump ", line)
                                     for line in lines], INCHES, out)
        for name, picture in zip(pages, sorted(out.glob("*.bmp"))):
            self.seen[name] = (Display.read_bmp(picture), picture.with_suffix(
                ".txt").read_text(encoding="utf-8"))

    def to_all(self):
        for name in list(self.parts)[1:]:  # the first is how it came here
            self.to(name)

    def to(self, name, shot=None):
        """Touch up to the mark; the words of the page, if it is compared."""
        words = ""
        display = self.scene.display
        for kind, x, y in self.parts[name]:
            if kind == "hold":
                before = display.steady()
                display.press(x, y)
                display.steady(since=before)
                display.release()
            else:
                display.touch(x, y)
        if name in self.seen:
            page, words = self.seen[name]
            wait_for(lambda: display.same(page), f"the page “{name}”")
        if shot:
            self.scene.shot(shot)
        return words


class Scene:
    def __init__(self, bin_dir, folder, shots):
        self.bin, self.folder, self.shots = Path(bin_dir), folder, shots
        self.sticks = folder / "sticks"
        self.stick = self.sticks / "USB-STICK"
        self.stick.mkdir(parents=True)
        port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", port)
        self.kiosk = Kiosk(bin_dir, folder / "kiosk",
                           f"https://127.0.0.1:{port}")
        self.pin = PIN
        self.mode = []  # what brings a planned kiosk where the real one is
        self.pictures = 0
        self.people = 0

    # -- programs ---------------------------------------------------------

    def install(self):
        self.collector.init()
        self.collector.form_add(FORM, "--live")
        self.collector.serve()
        self.kiosk.settings(NAME, library_seconds=2)
        self.kiosk.sync()

    def open_window(self):
        blank = self.display.pixels()
        self.window = Program(
            [self.bin / "anketa-kiosk", "--dir", self.kiosk.folder,
             "--window", f"{SIZE[0]}x{SIZE[1]}", "--lang", "ru",
             "--sticks", self.sticks],
            self.folder / "kiosk.log", env=self.display.env)
        self.display.steady(since=blank)

    def status(self):
        """What the daemon says: by name, all of its words, its exit code."""
        done = subprocess.run([str(a) for a in self.kiosk.sync_args("status")],
                              capture_output=True, text=True, check=False)
        return dict(line.split(": ", 1) for line in done.stdout.splitlines()
                    if ": " in line), done.stdout, done.returncode

    def waiting(self):
        return int(self.status()[0].get("answers waiting to leave", -1))

    def held(self):
        return int(self.status()[0].get(
            "answers delivered, kept until a backup", -1))

    def fault_told(self):
        return self.status()[2] != 0

    # -- the finger -------------------------------------------------------

    def tool(self, name, lines, *rest):
        """A planner at this installation, with a script of these lines."""
        path = self.folder / "staff.script"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        inches, out = ([rest[0]], [rest[1]]) if rest else ([], [])
        return call([self.bin / name, self.kiosk.folder,
                     f"{SIZE[0]}x{SIZE[1]}", *inches, "ru", path, *out])

    def walk(self, *lines):
        return Walk(self, [*self.mode, "mark begin", *lines])

    def visit(self, *lines):
        """Into the menu; the walk from there on."""
        walk = self.walk("corner 2", f"pin {self.pin}", "see menu", *lines)
        walk.to("menu")
        return walk

    def told(self, page, name):
        """The words of a report, when the window shows exactly them. What it
        tells may come a moment later: then once more."""
        words = []

        def same():
            walk = Walk(self, [*self.mode, "key staff", f"pin {self.pin}",
                               f"tap staff:{page}", "see page"])
            picture, text = walk.seen["page"]
            words[:] = [text]
            return self.display.same(picture)
        wait_for(same, f"“{page}” as the kiosk's desk tells it", step=0.1)
        self.shot(name)
        return words[0]

    def person(self):
        self.walk("see first", *PERSON[:-1], "mark sent", PERSON[-1],
                  "see home").to_all()
        self.people += 1

    def shot(self, name):
        self.pictures += 1
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            self.display.shot(self.shots / f"{self.pictures:02d}-{name}.png",
                              self.display.pixels())


# -- what is done, in this order ----------------------------------------------

def first_pin(s):
    """A new kiosk asks for a PIN; a weak one is refused, nothing is kept."""
    kept = s.kiosk.folder / "kiosk.settings"
    walk = s.walk("see home", "desk pin unset", "corner 2", "see choose",
                  "pin 123456", "see weak", f"pin {PIN}", "see again",
                  f"pin {PIN}", "see menu", "desk pin ready", "tap back",
                  "see closed")
    walk.to("home", "new kiosk")
    walk.to("choose", "choose a PIN")
    walk.to("weak", "weak PIN")
    walk.to("again")
    check(not kept.exists(), "a weak PIN or one given once was kept")
    walk.to("menu", "menu")
    check(kept.stat().st_mode & 0o777 == 0o600, "others may read the settings")
    check(PIN.encode() not in kept.read_bytes(), "the PIN itself is on the disk")
    walk.to("closed")


def wrong_pin(s):
    """Counted on the disk, told, and no way in."""
    walk = s.walk("corner 2", "desk pin wrong", "pin 141421", "see wrong",
                  "tap back", "see home")
    walk.to("wrong", "wrong PIN")
    s.window.line("warning staff: wrong PIN, 1 in a row")
    walk.to("home")


def enrol(s):
    """Address and code typed on the screen's keyboard."""
    code = s.collector.enrol()
    walk = s.visit("tap staff:enrol", "see form",
                   f"write address {s.kiosk.address}", f"write code {code}",
                   "see typed", "tap next", "desk done good",
                   "desk told Терминал зарегистрирован у куратора.", "see done",
                   "tap back", "tap back", "mark out")
    walk.to("form", "enrol")
    walk.to("typed", "enrol, typed")
    walk.to("done", "enrolled")
    listed = s.collector.command("kiosk", "list", s.collector.folder)
    check(NAME in listed and "enrolled" in listed,
          f"the collector does not know the kiosk: {listed}")
    s.kiosk.wait_for_library()
    walk.to("out")
    s.window.line("info library: serial")
    s.walk("see home").to("home", "first page with questionnaires")


def too_few(s):
    """Fewer than leave together wait, and the menu says so."""
    for _ in range(TOGETHER - 2):
        s.person()
    walk = s.visit("tap staff:waiting", "mark in", "tap back", "tap back",
                   "see home")
    walk.to("in")
    words = s.told("waiting", "what waits")
    check(re.search(rf"\b{TOGETHER - 2} ждут", words),
          f"{TOGETHER - 2} wait, and it says: {words}")
    check(s.collector.taken(FORM) == 0, "too few have left")
    walk.to("home")


def why_not(s):
    """The collector is gone: the page says what failed and what to do."""
    s.collector.process.stop()
    for _ in range(2):
        s.person()
    walk = s.visit("tap staff:sync", "mark in", "tap back", "tap back",
                   "see home")
    walk.to("in")
    wait_for(lambda: s.fault_told(), "the daemon's complaint", TALK_S)
    words = s.told("sync", "why the talk failed")
    check("Почему" in words and s.kiosk.address in words,
          f"the reason is not told: {words}")
    walk.to("home")


def carry(s, told, name):
    walk = s.visit("tap staff:stick", "mark stick", "tap stick:1",
                   "desk done good", f"desk told {told}", "see done",
                   "tap back", "tap back", "see home")
    walk.to("stick")
    walk.to("done", name)
    walk.to("home")


def there_and_back(s):
    """Answers onto a stick, in at the collector, the receipt back."""
    carry(s, f"{s.people} ответов записаны на флешку под замком. Отнесите её к "
          "компьютеру куратора и верните сюда: на ней придёт квитанция."
          "|Флешку можно вынуть.", "answers on the stick")
    check(sorted((s.stick / "anketa").glob("*.batch")),
          "no batch is on the stick")
    s.collector.command("import", s.collector.folder, s.stick)
    check(s.collector.taken(FORM) == s.people,
          "the collector has not taken in what the stick carried")
    check(s.waiting() == s.people, "gone without a receipt")
    carry(s, "Квитанция за отнесённые раньше ответы получена.|Новых ответов для "
          "отправки сейчас нет.|Флешку можно вынуть.", "the receipt")
    check(s.waiting() == 0, f"{s.waiting()} wait after the receipt")
    walk = s.visit("tap staff:waiting", "mark in", "tap back", "tap back",
                   "see home")
    walk.to("in")
    words = s.told("waiting", "nothing waits")
    check(f"{s.people} доставлен" in words, f"not told as delivered: {words}")
    walk.to("home")


def rehearsal(s):
    """Test mode is seen on every page, and nothing of it is kept."""
    before = s.waiting(), s.held(), s.collector.taken(FORM)
    box = s.kiosk.folder / "outbox.db"
    kept = box.read_bytes()
    walk = s.visit("tap staff:rehearsal", "see on", "tap back", "see home")
    walk.to("on", "test mode in the menu")
    walk.to("home", "test mode")
    s.mode = ["key staff", f"pin {s.pin}", "tap staff:rehearsal", "tap back"]
    edge = s.display.pixels()[:4 * SIZE[0]]
    check(len({edge[i:i + 4] for i in range(0, len(edge), 4)}) == 1,
          "no frame along the edge says test mode")
    for _ in range(TOGETHER):
        s.person()
        s.people -= 1
    check(box.read_bytes() == kept, "test mode wrote to the store of answers")
    s.visit("tap staff:rehearsal", "tap back", "see home").to("home")
    s.mode = []
    after = s.waiting(), s.held(), s.collector.taken(FORM)
    check(after == before, f"test mode changed {before} into {after}")


def together_again(s):
    """The collector is back: what is sent now leaves by itself, and the page
    that stands open learns of it."""
    for _ in range(TOGETHER):
        s.person()
    walk = s.visit("tap staff:sync", "mark in", "tap back", "tap back",
                   "see home")
    walk.to("in")
    s.collector.serve()
    wait_for(lambda: s.collector.taken(FORM) == s.people,
             f"{s.people} answers at the collector", TALK_S)
    wait_for(lambda: not s.fault_told(), "the daemon in step again", TALK_S)
    words = s.told("sync", "in step again")
    check("Почему" not in words, f"still a reason: {words}")
    walk.to("home")


def coordinators_pin(s):
    """Set at the collector, which does not keep it; a weak one is refused."""
    def set_pin(pin):
        return subprocess.run(
            [s.collector.program, "--lang", "en", "--passphrase-fd", "0",
             "kiosk", "set", s.collector.folder, "staff.pin"], text=True,
            input=pin + "\n", capture_output=True, check=False)

    refused = set_pin("120385")
    check(refused.returncode == 1 and "day" in refused.stderr,
          f"a birthday as PIN: {refused.stderr}")
    before = s.window.count
    taken = set_pin(COORDINATORS_PIN)
    check(taken.returncode == 0, f"a good PIN: {taken.stderr}")
    for path in s.collector.folder.rglob("*"):
        check(not path.is_file()
              or COORDINATORS_PIN.encode() not in path.read_bytes(),
              f"the PIN itself is in {path.name}")
    s.window.line("info library: serial", after=before)
    walk = s.walk("corner 2", "desk pin wrong", f"pin {PIN}", "see wrong",
                  "tap back", "see home")
    walk.to("wrong", "the old PIN")
    s.window.line("info staff: the PIN was set by the collector")
    walk.to("home")
    s.pin = COORDINATORS_PIN
    s.visit("tap back", "see home").to("home")


def room(s):
    """The coordinator opens a voting session at the desk; the kiosk follows,
    says how many have sent, and ends it when she does or the wave closes."""
    desk = Browser(s.collector.port)
    desk.sign_in(s.collector.login, s.collector.password)

    def tell(**fields):
        before = s.window.count
        desk.get("/kiosks/settings")
        status = desk.post("/kiosks/settings", **fields)
        check(status == 200, f"the desk answers {status} to {fields}")
        s.window.line("info library: serial", after=before)

    desk.get("/kiosks/settings")
    status = desk.post("/kiosks/settings", what="open", form="nonsense")
    check(status == 422, f"a session without questionnaire: {status}")
    tell(what="open", form=FORM, count="1", invited="3")
    s.walk("see room").to("room", "voting session")
    for number in (1, 2):
        answers = ["tap start", *PERSON[1:-1]]
        walk = s.walk("see room", *answers, "see next")
        walk.to("room")
        words = walk.to("next", "voting session, next person")
        check(f"Ответили: {number} из 3" in words, f"not told: {words}")
        s.mode += answers
        s.people += 1
    s.mode = []
    tell(what="close")
    s.walk("see home").to("home")
    tell(what="open", form=FORM)
    s.walk("see room").to("room")
    before = s.window.count
    s.collector.close(FORM)
    s.window.line("info library: serial", after=before)
    s.walk("see home").to("home", "the wave is closed")
    wait_for(lambda: s.collector.taken(FORM) == s.people,
             f"{s.people} answers at the collector", TALK_S)


def hours(s):
    """Outside the hours of service the first page goes dark, until touched."""
    now = datetime.datetime.now()
    first = (now.hour * 2 + now.minute // 30 + 2) % 48
    last = (first + 2) % 48
    walk = s.visit("tap staff:display", *["tap more-of:from"] * first,
                   *["tap more-of:to"] * last, "see set", "tap back",
                   "tap back", "see home")
    walk.to("set", "hours")
    walk.to("home")
    wait_for(lambda: len(set(s.display.pixels()[0::4])) == 1,
             "a dark screen", DARK_S)
    s.shot("dark")
    s.display.touch(SIZE[0] // 2, SIZE[1] // 2)
    s.walk("see home").to("home")
    walk = s.visit("tap staff:display", *["tap less-of:from"] * first,
                   *["tap less-of:to"] * last, "see always", "tap back",
                   "tap back", "see home")
    walk.to("always")
    walk.to("home")


def log_and_restart(s):
    walk = s.visit("tap staff:device", "mark device", "tap back", "see again",
                   "tap more", "tap staff:events", "mark events", "tap back",
                   "see once more", "tap more", "tap staff:restart",
                   "mark restart")
    walk.to("device")
    s.display.steady()
    s.shot("this screen")
    walk.to("again")
    walk.to("events")
    s.display.steady()
    s.shot("log")
    walk.to("once more")
    walk.to("restart")
    code = s.window.end()
    check(code == RESTART, f"restart ended with {code}")
    said = (s.folder / "kiosk.log").read_text(encoding="utf-8")
    for secret in (PIN, COORDINATORS_PIN, "shifts", "obstacles"):
        check(secret not in said, f"“{secret}” is in the log")
    s.open_window()
    s.walk("see home").to("home")


PARTS = (first_pin, enrol, wrong_pin, too_few, why_not, there_and_back,
         rehearsal, together_again, coordinators_pin, room, hours,
         log_and_restart)


def work(args, folder):
    s = Scene(args.bin, folder, args.shots)
    s.install()
    with Display(*SIZE) as s.display:
        s.open_window()
        for part in PARTS:
            if part is hours and not args.dark:
                continue  # takes more than a minute
            try:
                part(s)
            except Failure:
                s.shot(f"failed in {part.__name__}")
                raise
            print(f"{part.__name__}: well", flush=True)
        s.window.stop()
    for program in (s.kiosk.process, s.collector.process):
        program.stop()
    print(f"{s.people} people counted once, {s.pictures} pages looked at")


if __name__ == "__main__":
    trial(__doc__, "staff", work, shots=True, flags=("dark",))
