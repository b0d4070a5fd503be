#!/usr/bin/env python3
"""What the kiosk lives through, with real programs on real displays.

    survival.py --bin BUILD/bin [--shots FOLDER]

The X server is killed under a session and started again; the window turns from
landscape to portrait and back; the font's files are removed while somebody
writes; the kiosk runs on Wayland; and where there is no screen at all it says so
and ends. Nothing here waits for a guessed time.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from display import Display
from rig import Failure, Program, call, wait_for

SIZE = (1280, 800)
FORM = Path(__file__).resolve().parents[1] / "data" / "ui" / "private.csv"
DISPLAY_LOST = 74
WORDS = "Жёлтаяцапля"

HALF = f"""survey private
answer often never
answer number 73519
answer words {WORDS}
"""
REST = "send\nfinish\n"


def check(true, why):
    if not true:
        raise Failure(why)


class Scene:
    """An installation and how to touch what it shows."""

    def __init__(self, bin_dir, folder, shots=None):
        self.bin, self.folder, self.shots = bin_dir, folder, shots
        self.kiosk = folder / "kiosk"
        call([bin_dir / "make_library", self.kiosk, FORM])

    def start(self, env, *options, size=SIZE):
        program = Program(
            [self.bin / "anketa-kiosk", "--dir", self.kiosk, "--window",
             f"{size[0]}x{size[1]}", "--lang", "ru", *options],
            self.folder / "kiosk.log", env=env)
        return program

    def clicks(self, script, size=SIZE):
        path = self.folder / "person.script"
        path.write_text(script, encoding="utf-8")
        text = call([self.bin / "touch_plan", self.kiosk,
                     f"{size[0]}x{size[1]}", "ru", path])
        path.unlink()
        return [tuple(map(int, line.split()[1:3]))
                for line in text.splitlines() if line.startswith("click ")]

    def rest(self, first, script):
        return self.clicks(first + script)[len(self.clicks(first)):]

    def shot(self, display, name):
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            display.shot(self.shots / f"{name}.png", display.pixels())

    def nothing_on_disk(self, when):
        for path in self.kiosk.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            for secret in (WORDS[1:], "73519"):
                check(secret.encode() not in data,
                      f"{when}: “{secret}” is in {path.name}")


def appear(display, blank):
    return display.steady(since=blank)


def answer(scene, display, script):
    before = display.pixels()
    display.touches(scene.clicks(script))
    return display.steady(since=before)


def send(scene, display, first, empty):
    display.touches(scene.rest(first, REST))
    wait_for(lambda: display.pixels() == empty, "the attract page after Send")


def stop(kiosk):
    kiosk.process.send_signal(signal.SIGTERM)
    code = kiosk.end()
    check(code == 0, f"asked to end, it ended with {code}\n{kiosk.tail()}")


def display_lost(scene):
    with Display(*SIZE) as display:
        kiosk = scene.start(display.env)
        appear(display, display.pixels())
        answer(scene, display, HALF)
        display.die()
        code = kiosk.end()
        check(code == DISPLAY_LOST,
              f"the X server was killed, and the kiosk ended with {code}\n"
              + kiosk.tail())
        kiosk.line("error display: the display is gone")
    scene.nothing_on_disk("after the display was lost")
    with Display(*SIZE) as display:
        kiosk = scene.start(display.env)
        empty = appear(display, display.pixels())
        answer(scene, display, HALF)
        send(scene, display, HALF, empty)
        stop(kiosk)


def killed(scene):
    with Display(*SIZE) as display:
        kiosk = scene.start(display.env)
        appear(display, display.pixels())
        answer(scene, display, HALF)
        kiosk.process.kill()
        kiosk.end()
    scene.nothing_on_disk("after the program was killed")


def asked_to_end(scene):
    """However near to its falling asleep the signal comes."""
    with Display(*SIZE) as display:
        blank = display.pixels()
        for _ in range(20):
            kiosk = scene.start(display.env)
            wait_for(lambda: display.pixels() != blank, "the first page")
            stop(kiosk)
            wait_for(lambda: display.pixels() == blank, "an empty screen")


def rotation(scene):
    with Display(1280, 1280) as display:
        kiosk = scene.start(display.env)
        appear(display, display.pixels())
        display.resize(*SIZE)  # to the corner
        empty = display.steady()
        before = answer(scene, display, HALF)
        display.resize(800, 1280)
        upright = display.steady(since=before)
        scene.shot(display, "portrait")
        check(upright != before, "portrait looks like landscape")
        display.resize(*SIZE)
        wait_for(lambda: display.corner(*SIZE) == display.crop(before, *SIZE),
                 "the same page with the same answers after turning back")
        display.touches(scene.rest(HALF, REST))
        wait_for(lambda: display.corner(*SIZE) == display.crop(empty, *SIZE),
                 "the attract page after Send")
        stop(kiosk)


def fonts_removed(scene):
    fonts = scene.folder / "fonts"
    fonts.mkdir()
    source = None
    for place in ("/usr/share/fonts/opentype/inter",
                  "/usr/share/fonts/truetype/dejavu"):
        for path in Path(place).glob("*.[ot]tf"):
            if path.name.startswith(("Inter", "DejaVuSans")):
                shutil.copy(path, fonts)
                source = place
    check(source, "no fonts to copy")
    with Display(*SIZE) as display:
        kiosk = scene.start(display.env, "--fonts", fonts)
        empty = appear(display, display.pixels())
        first = "survey private\nanswer often never\nanswer number 73519\n"
        answer(scene, display, first)
        shutil.rmtree(fonts)
        # New letters, in sizes and weights that were not seen before.
        display.touches(scene.rest(first, f"answer words {WORDS}\n"
                                   "tap text-size\ntap text-size\n"
                                   "tap text-size\ntap text-size\n"))
        display.touches(scene.rest(
            first + f"answer words {WORDS}\n", REST))
        wait_for(lambda: display.pixels() == empty,
                 "the attract page after Send without font files")
        check(kiosk.alive(), "the kiosk ended without its fonts")
        stop(kiosk)


def without_a_screen(scene):
    """Nothing to show on: said in words, ended with a failure."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    # What keeps the bare screen from being had: test_bare.c plays the cases.
    rows = [({}, ("not x11", "not wayland", "not KMSDRM", "/dev/dri")),
            ({"SDL_VIDEODRIVER": "kmsdrm"}, ("kmsdrm", "/dev/dri")),
            ({"SDL_VIDEODRIVER": "nonsense"}, ("nonsense",)),
            ({"DISPLAY": ":9999"}, ("not x11",))]
    for more, expected in rows:
        if Path("/dev/dri").exists() and "kmsdrm" not in str(more):
            continue  # a screen of this machine's would be taken
        for lang, words in (("ru", "Не найден экран"), ("en", "No screen")):
            done = subprocess.run(
                [scene.bin / "anketa-kiosk", "--dir", scene.kiosk, "--lang",
                 lang], env={**env, **more}, capture_output=True, text=True,
                timeout=60, check=False)
            check(done.returncode == 1,
                  f"{more}: ended with {done.returncode}\n{done.stderr}")
            for part in (words, *expected):
                check(part in done.stderr, f"{more}: no “{part}” in\n"
                      + done.stderr)


def wayland(scene):
    """In weston, whose screen is a window of a display of ours."""
    if not shutil.which("weston"):
        print("survival: no weston, Wayland not tried")
        return False
    runtime = scene.folder / "run"
    runtime.mkdir(mode=0o700)
    with Display(*SIZE) as display:
        blank = display.pixels()
        env = {**display.env, "XDG_RUNTIME_DIR": str(runtime)}
        weston = Program(["weston", "--backend=x11-backend.so", "--use-pixman",
                          "--socket=anketa", "--shell=kiosk-shell.so",
                          "--idle-time=0",
                          f"--width={SIZE[0]}", f"--height={SIZE[1]}"],
                         scene.folder / "weston.log", env=env)
        wait_for(lambda: (runtime / "anketa").exists(), "weston's socket")
        before = display.steady(since=blank)
        plain = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
        kiosk = Program(
            ["env", "-u", "DISPLAY", scene.bin / "anketa-kiosk", "--dir",
             scene.kiosk, "--lang", "ru", "--inches", "10.1"],
            scene.folder / "kiosk.log",
            env={**plain, "XDG_RUNTIME_DIR": str(runtime),
                 "WAYLAND_DISPLAY": "anketa", "SDL_VIDEODRIVER": "wayland",
                 # Mesa keeps what it was lent.
                 "ASAN_OPTIONS": "detect_leaks=0"})
        empty = display.steady(since=before)
        scene.shot(display, "wayland-attract")
        answer(scene, display, HALF)
        scene.shot(display, "wayland-answered")
        send(scene, display, HALF, empty)
        # The compositor goes: so does the kiosk, and says why.
        weston.process.kill()
        weston.end()
        code = kiosk.end()
        check(code == DISPLAY_LOST, f"weston was killed, and the kiosk ended "
              f"with {code}\n{kiosk.tail()}")
    return True


SCENES = (display_lost, killed, asked_to_end, rotation, fonts_removed,
          without_a_screen, wayland)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--only")
    options = parser.parse_args()
    failed = 0
    for scene in SCENES:
        if options.only and scene.__name__ != options.only:
            continue
        folder = Path(tempfile.mkdtemp(prefix="anketa-survival-"))
        try:
            if scene(Scene(options.bin, folder, options.shots)) is not False:
                print(f"survival: {scene.__name__}: well")
        except Failure as failure:
            failed += 1
            print(f"survival: {scene.__name__}: {failure}", file=sys.stderr)
        finally:
            for program in list(Program.running):
                program.process.kill()
                program.end()
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
