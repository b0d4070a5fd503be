"""A kiosk's window that people touch, where touch_plan says."""
from display import Display
from rig import Program, call, wait_for

SIZE = (1280, 800)


class Window:
    """Used with `with`; shows the first page before and after each person."""

    def __init__(self, bin_dir, kiosk, folder, shots=None):
        self.bin, self.kiosk, self.folder = bin_dir, kiosk, folder
        self.shots = shots

    def __enter__(self):
        self.display = Display(*SIZE).__enter__()
        empty = self.display.pixels()
        self.program = Program(
            [self.bin / "anketa-kiosk", "--dir", self.kiosk.folder, "--window",
             f"{SIZE[0]}x{SIZE[1]}", "--lang", "ru"],
            self.folder / "window.log", env=self.display.env)
        self.home = self.display.steady(since=empty)
        return self

    def __exit__(self, *_):
        self.program.stop()
        self.display.__exit__()

    def plan(self, script):
        path = self.folder / "person.script"
        path.write_text(script, encoding="utf-8")
        text = call([self.bin / "touch_plan", self.kiosk.folder,
                     f"{SIZE[0]}x{SIZE[1]}", "ru", path])
        path.unlink()
        return [tuple(map(int, line.split()[1:3]))
                for line in text.splitlines() if line.startswith("click ")]

    def person(self, script, name=None):
        """One person, from the first page back to it; with `name` there is a
        picture of every page."""
        clicks = self.plan(script)
        self.display.touches(clicks[:1])
        before = self.display.steady(since=self.home, quiet=1)
        if self.shots and name:
            for at, click in enumerate(clicks[1:], 1):
                self.display.shot(self.shots / f"{name}-{at:02d}.png", before)
                self.display.touch(*click)
                before = self.display.steady(since=before)
        else:
            self.display.touches(clicks[1:])
        wait_for(lambda: self.display.pixels() == self.home,
                 f"the first page after {name}")
