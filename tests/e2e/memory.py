#!/usr/bin/env python3
"""What the kiosk's memory and disk hold of a person who has left: nothing.

    memory.py --bin BUILD/bin [--idle]

Runs the real kiosk on a display of its own, gives a number, a choice and a text
by touches and a word by a real keyboard, and looks for them in all memory of
the process and in all files of its folder: there while she answers (or the
search is worth nothing), gone after Send and after Start over. With --idle also
after walking away, which takes the real minutes of the warning.

Needs the right to read another process's memory, as root has; without it the
test is skipped.
"""
import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from display import Display
from rig import Failure, Program, call, wait_for

SIZE = (1280, 800)
FORM = Path(__file__).resolve().parents[1] / "data" / "ui" / "private.csv"
SKIPPED = 77

NUMBER = "73519"
CHOICE = "never"
WORDS = "Жёлтаяцапля"
KEYS = "zebrafinch"
# The first letter is written large by itself.
SECRETS = (NUMBER, WORDS[1:], KEYS[1:], f"<often>{CHOICE}")
# These must be found while she answers: what the form keeps as it was typed.
SEEN = (NUMBER, WORDS[1:], KEYS[1:])

ANSWERS = f"""survey private
answer often {CHOICE}
answer number {NUMBER}
answer words {WORDS}
tap field:words
"""
# The greatest piece that is read at once, and the largest mapping looked at:
# beyond are the sanitizer's shadows, which hold no data.
PIECE = 16 << 20
LARGEST = 8 << 30


def patterns():
    for secret in SECRETS:
        for code in ("utf-8", "utf-16-le", "utf-32-le"):
            yield f"{secret} ({code})", secret.encode(code)


def mappings(pid):
    """Start, end and name of everything mapped that was ever touched."""
    at = None
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        head = line.split(None, 5)
        if "-" in head[0] and not head[0].endswith(":"):
            start, end = (int(part, 16) for part in head[0].split("-"))
            at = (start, end, head[5] if len(head) > 5 else "", head[1])
        elif head[0] == "Rss:" and int(head[1]) > 0 and "r" in at[3] \
                and at[1] - at[0] <= LARGEST:
            yield at[:3]


def in_memory(pid):
    """Name of the secret to where it was found."""
    found = {}
    wanted = list(patterns())
    longest = max(len(p) for _, p in wanted)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name in mappings(pid):
            at, tail = start, b""
            while at < end:
                try:
                    memory.seek(at)
                    piece = memory.read(min(PIECE, end - at))
                except OSError:
                    break  # the kernel's own pages
                if not piece:
                    break
                data = tail + piece
                for secret, pattern in wanted:
                    where = data.find(pattern)
                    if where >= 0:
                        found.setdefault(secret, []).append(
                            f"{name or 'anonymous'} at "
                            f"{at - len(tail) + where:x}")
                tail = data[-longest:]
                at += len(piece)
    return found


def in_files(folder):
    found = {}
    for path in Path(folder).rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for secret, pattern in patterns():
            if pattern in data:
                found.setdefault(secret, []).append(str(path))
    return found


class Person:
    """Touches and keys, planned by the kiosk's own core."""

    def __init__(self, bin_dir, folder, display):
        self.bin, self.folder, self.display = bin_dir, folder, display

    def plan(self, script):
        path = self.folder / "person.script"
        path.write_text(script, encoding="utf-8")
        text = call([self.bin / "touch_plan", self.folder / "kiosk",
                     f"{SIZE[0]}x{SIZE[1]}", "ru", path])
        path.unlink()
        return [tuple(map(int, line.split()[1:3]))
                for line in text.splitlines() if line.startswith("click ")]

    def touch(self, clicks):
        before = self.display.steady()
        self.display.touches(clicks)
        self.display.steady(since=before)

    def answer(self):
        before = self.display.pixels()
        self.touch(self.plan(ANSWERS))
        self.display.keys(KEYS)
        self.display.steady(since=before)

    def leave(self, how, empty):
        """What follows the answers, which were given already, until the page
        stands that all find."""
        done = len(self.plan(ANSWERS))
        self.display.touches(self.plan(ANSWERS + how)[done:])
        wait_for(lambda: self.display.pixels() == empty, "the attract page")


def check_present(pid, when):
    found = in_memory(pid)
    for secret in SEEN:
        if not any(name.startswith(secret) for name in found):
            raise Failure(f"{when}: “{secret}” is not in memory, so the search "
                          "is worth nothing")


def check_gone(pid, folder, when):
    found = in_memory(pid)
    for secret, places in in_files(folder).items():
        found.setdefault(secret, []).extend(places)
    if found:
        lines = "\n".join(f"    {secret}: {', '.join(places[:6])}"
                          for secret, places in sorted(found.items()))
        raise Failure(f"{when}, still there:\n{lines}")
    print(f"memory: {when}: nothing left")


def run(bin_dir, folder, idle):
    installation = folder / "kiosk"
    call([bin_dir / "make_library", installation, FORM])
    with Display(*SIZE) as display:
        kiosk = Program([bin_dir / "anketa-kiosk", "--dir", installation,
                         "--window", f"{SIZE[0]}x{SIZE[1]}", "--lang", "ru"],
                        folder / "kiosk.log", env=display.env)
        empty = display.steady(since=display.pixels())
        pid = kiosk.process.pid
        person = Person(bin_dir, folder, display)
        check_gone(pid, installation, "before anybody came")
        keyboard_closed = "tap key:1008\n"
        ends = [("after Send", keyboard_closed + "send\nfinish\n"),
                ("after Start over",
                 keyboard_closed + "tap start-over\ntap erase\n")]
        for when, steps in ends:
            person.answer()
            check_present(pid, "while she answers")
            if not kiosk.alive():
                raise Failure("the kiosk ended\n" + kiosk.tail())
            person.leave(steps, empty)
            check_gone(pid, installation, when)
        if idle:
            person.answer()
            check_present(pid, "while she answers")
            wait_for(lambda: display.pixels() == empty,
                     "the attract page after walking away", seconds=300,
                     step=1)
            check_gone(pid, installation, "after walking away")
        kiosk.process.terminate()
        code = kiosk.end()
        if code != 0:
            raise Failure(f"the kiosk ended with {code}\n{kiosk.tail()}")
    log = (folder / "kiosk.log").read_bytes()
    for secret, pattern in patterns():
        if pattern in log:
            raise Failure(f"{secret} is in the log")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--idle", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="anketa-memory-"))
    try:
        run(options.bin, folder, options.idle)
    except PermissionError:
        print("memory: skipped, the kiosk lets nobody but root look")
        return SKIPPED
    except Failure as failure:
        print(f"memory: {failure}", file=sys.stderr)
        return 1
    finally:
        for program in list(Program.running):
            program.process.kill()
            program.end()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
