#!/usr/bin/env python3
"""Slips of paper, from the printed sheet to the sum that is published.

    slips.py --bin BUILD/bin

The collector makes slips; the codes are read off the PDF, as people read them
off the paper, and typed at two kiosks that are not in touch with each other. A
code typed twice at one kiosk is refused there; typed at both, it counts once.
In the end the desk says issued = used + unused, and no file of the collector
holds a code.
"""
import html
import random
import re
import subprocess
import zipfile

from desk import Browser, check, expect
from installation import FORM, Collector, Kiosk, person
from rig import call, free_port, trial

FIRST, MORE = 30, 6
AT_A, AT_B, AT_BOTH = 9, 7, 2  # codes typed; the last are among both others


def codes_of(pdf):
    """The codes on the paper, in the order in which they stand there."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True,
                          capture_output=True, text=True).stdout
    return [a + b for a, b in re.findall(r"\b(\d{4})\s(\d{4})\b", text)]


class Trial:
    def __init__(self, bin_dir, folder, chance):
        self.chance = chance
        self.folder = folder
        port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", port)
        self.kiosks = [Kiosk(bin_dir, folder / name / "kiosk",
                             f"https://127.0.0.1:{port}") for name in "ab"]
        self.browser = Browser(port)

    def install(self):
        self.collector.init()
        self.collector.form_add(FORM, "--kind", "slip")
        self.collector.serve()
        for number, kiosk in enumerate(self.kiosks):
            kiosk.settings(f"Киоск {number}")
            kiosk.enrol(self.collector.enrol())
        self.browser.sign_in(self.collector.login, self.collector.password)

    def print_by_command(self):
        pdf = self.folder / "slips.pdf"
        self.collector.command("slips", self.collector.folder,
                               self.collector.waves[FORM], FIRST, pdf)
        return codes_of(pdf)

    def print_at_desk(self):
        page = f"/slips/{self.collector.waves[FORM]}"
        expect(self.browser.get(page), 200, page)
        expect(self.browser.post(page, count=10 ** 6), 422, "too many slips")
        expect(self.browser.post(page, token=False, count=1), 403, "no token")
        expect(self.browser.get(page), 200, page)
        expect(self.browser.post(page, count=MORE), 200, "slips")
        expect(self.browser.headers["Content-Type"], "application/pdf", "slips")
        pdf = self.folder / "more.pdf"
        pdf.write_bytes(self.browser.body)
        return codes_of(pdf)

    def type(self, kiosk, code, word):
        before = kiosk.filler.count
        kiosk.filler.send(
            f"@{code}\n"
            + "".join(f"{k}={v}\n" for k, v in person(self.chance).items())
            + "\n")
        said = kiosk.filler.line(r"^(sent|refused)$", after=before)
        expect(said[0], word, "the kiosk says")

    def once(self, kiosk):
        call(kiosk.sync_args("once"))

    def sum(self):
        page = f"/slips/{self.collector.waves[FORM]}"
        expect(self.browser.get(page), 200, page)
        return [int(n) for n in re.findall(rb"<dd>(\d+)</dd>",
                                           self.browser.body)]

    def sum_in_outputs(self, made, used):
        """Page, paper, workbook and figures say the same sum."""
        wave = self.collector.waves[FORM]
        unused = made - used
        words = (f"Slips made: {made} = used: {used} + unused: {unused}. Which"
                 " slip gave which answer is written nowhere")
        page = f"/summary/{wave}?lang=en"
        expect(self.browser.get(page), 200, page)
        check(words in html.unescape(self.browser.body.decode()),
              "the sum on the page")
        pdf = self.folder / "summary.pdf"
        self.collector.command("export", self.collector.folder, wave, pdf)
        text = subprocess.run(["pdftotext", pdf, "-"], check=True,
                              capture_output=True, text=True).stdout
        check(words in " ".join(text.split()), "the sum on paper")
        book = self.folder / "summary.xlsx"
        self.collector.command("export", self.collector.folder, wave, book)
        with zipfile.ZipFile(book) as z:
            check(any(words in z.read(name).decode("utf-8", "replace")
                      for name in z.namelist() if name.endswith(".xml")),
                  "the sum in the workbook")
        rows = [(r["value"], int(r["n"])) for r in self.collector.report(FORM)
                if r["item"] == "slips"]
        expect(rows, [("made", made), ("used", used), ("unused", unused)],
               "the sum among the figures")

    def run(self):
        self.install()
        codes = self.print_by_command()
        expect(len(codes), FIRST, "codes on the paper")
        codes += self.print_at_desk()
        expect(len(set(codes)), FIRST + MORE, "different codes")
        for kiosk in self.kiosks:
            self.once(kiosk)
            kiosk.fill(FORM)
        a, b = self.kiosks
        self.chance.shuffle(codes)
        for code in codes[:AT_A]:
            self.type(a, code, "sent")
        for code in codes[AT_A - AT_BOTH:AT_A - AT_BOTH + AT_B]:
            self.type(b, code, "sent")
        self.type(a, codes[0], "refused")
        self.type(b, "00000000" if "00000000" not in codes else "00000001",
                  "refused")
        for kiosk in self.kiosks:
            kiosk.filler.kill()
            self.once(kiosk)
        used = AT_A + AT_B - AT_BOTH
        expect(self.collector.taken(FORM), used, "answers counted")
        expect(self.sum(), [], "nothing is published while the wave is open")
        self.collector.close(FORM)
        expect(self.sum(), [FIRST + MORE, used, FIRST + MORE - used],
               "issued, used, unused")
        self.sum_in_outputs(FIRST + MORE, used)
        for path in self.collector.folder.iterdir():
            data = path.read_bytes()
            check(not any(code.encode() in data for code in codes),
                  f"{path.name} holds a code")
        return used


def work(args, folder):
    used = Trial(args.bin, folder, random.Random(args.seed)).run()
    print(f"{FIRST + MORE} slips, {used} used once each, {AT_BOTH} of them "
          "typed at both kiosks")


if __name__ == "__main__":
    trial(__doc__, "slips", work, tools=["pdftotext"])
