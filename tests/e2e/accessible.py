#!/usr/bin/env python3
"""Every page of the desk in a real Chromium, Russian and English, light and
dark: axe-core finds no violation, nothing is wider than the window from a phone
to a wide screen, and the keyboard reaches what the mouse does, the skip link
first.

    accessible.py --bin BUILD/bin --axe AXE.MIN.JS [--shots FOLDER]

Where AXE.MIN.JS is not there it is fetched once from the npm registry; without
npm the test is skipped.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from answered import AFTER, FIELD, WAVE
from browser import Browser
from desk import check
from furnished import Furnished
from rig import Failure

SKIPPED = 77
AXE = "axe-core@4.10.2"
WIDTHS = (360, 768, 1280, 1920)
# Where the walk along the links of the pages begins.
PAGES = ["/", "/questionnaires", f"/summary/{WAVE}", f"/summary/{AFTER}-change",
         f"/remarks/{WAVE}/{FIELD}", "/users", "/stick", "/people",
         "/nothing"]
PAGES_MAX = 90
LINKS = """[...document.querySelectorAll("main a[href^='/'], nav a[href^='/']")]
  .map(a => a.getAttribute("href").split("?")[0])"""
FILE = re.compile(r"\.(pdf|xlsx|csv|sav|xml|zip|txt|json|conf|ics)$")
AXE_RUN = """axe.run(document, {resultTypes: ["violations"]}).then(r =>
  r.violations.map(v => v.id + ": " + v.help + " — "
                   + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))
                      .join(" | ")))"""
# Everything that can be focused has a name and is reached by Tab in the order
# of the document: no positive tabindex.
KEYBOARD = """(() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")];
  const bad = all.filter(e => e.tabIndex !== 0
                              || (e.getClientRects().length === 0
                                  && !e.closest("details")));
  return bad.map(e => e.outerHTML.slice(0, 120));
})()"""


def fetch(to):
    if not shutil.which("npm"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder,
                              capture_output=True, timeout=120, check=False)
        packs = list(Path(folder).glob("*.tgz"))
        if done.returncode != 0 or not packs:
            return False
        with tarfile.open(packs[0]) as pack:
            script = pack.extractfile("package/axe.min.js").read()
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(script)
    return True


class Visitor:
    def __init__(self, browser, house, axe, shots):
        self.browser = browser
        self.url = f"https://127.0.0.1:{house.port}"
        self.axe = axe
        self.shots = shots
        self.faults = []

    def open(self, path, lang):
        glue = "&" if "?" in path else "?"
        self.browser.open(f"{self.url}{path}{glue}lang={lang}")

    def sign_in(self, password):
        self.open("/sign-in", "ru")
        self.judge("/sign-in", "ru", False)
        self.browser.submit({"login": "coordinator", "password": password})

    def judge(self, path, lang, dark):
        self.browser.run(self.axe + ";0")
        for fault in self.browser.run(AXE_RUN):
            self.faults.append(
                f"{path} {lang} {'dark' if dark else 'light'}: {fault}")

    def keyboard(self, path):
        for html in self.browser.run(KEYBOARD):
            self.faults.append(f"{path}: not reached by Tab: {html}")
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        self.browser.ask("Input.dispatchKeyEvent", type="keyDown", **key)
        self.browser.ask("Input.dispatchKeyEvent", type="keyUp", **key)
        first = self.browser.run("document.activeElement.className")
        if first != "skip":
            self.faults.append(f"{path}: Tab reaches “{first}” first, not the "
                               "skip link")

    def widths(self, path):
        for width in WIDTHS:
            self.browser.resize(width, 900)
            wide = self.browser.run("document.documentElement.scrollWidth")
            if wide > width:
                self.faults.append(f"{path}: {wide} px wide in {width}")
            if self.shots:
                name = path.strip("/").replace("/", "_") or "home"
                self.browser.shot(f"{self.shots}/{name}-{width}.png")
        self.browser.resize(1280, 900)

    def links(self):
        """Pages that this one leads to; files are not pages."""
        return [path for path in self.browser.run(LINKS)
                if not FILE.search(path)]

    def visit(self, path):
        for dark in (False, True):
            self.browser.media(dark=dark)
            for lang in ("en", "ru"):
                self.open(path, lang)
                self.judge(path, lang, dark)
        self.browser.media(dark=False)
        self.widths(path)
        self.keyboard(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--axe", required=True, type=Path)
    parser.add_argument("--shots")
    options = parser.parse_args()
    if not options.axe.exists() and not fetch(options.axe):
        print("accessible: skipped: no axe-core, and no npm to fetch it")
        return SKIPPED
    axe = options.axe.read_text(encoding="utf-8")
    with Furnished(options.bin, waves=2) as house, Browser(height=900) as browser:
        # The desk's own pages allow no script; axe is the tester's.
        browser.ask("Page.setBypassCSP", enabled=True)
        visitor = Visitor(browser, house, axe, options.shots)
        visitor.sign_in(house.password)
        todo, seen = list(PAGES), set()
        while todo and len(seen) < PAGES_MAX:
            path = todo.pop(0)
            if path not in seen:
                seen.add(path)
                visitor.visit(path)
                todo += visitor.links()
        faults = visitor.faults
    for fault in faults:
        print(fault)
    check(not faults, f"{len(faults)} faults")
    print("accessible:", *sorted(seen), sep="\n  ")
    print(f"accessible: {len(seen) + 1} pages, two languages, light and dark: "
          "no violation")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"accessible: {failure}")
