#!/usr/bin/env python3
"""Somebody withdraws, and no byte of her is left: not in the kiosk's folder, not
in the collector's, not in a backup from before that is opened with the sheet and
the newest keys, and not in the collector restored from it. Others stay.

    erasure.py --bin BUILD/bin
"""
import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

from banks import MENTEE, House
from desk import check, expect
from keys import sheet_lines
from rig import Failure, call, wait_for

NAME = "Устинья Эрастовна"
WORDS = ("эпидиаскоп", "ustinya@example.org")
OTHER = "Галина Петровна"
OTHERS_WORD = "фланелеграф"


def holds(folder, needle):
    """Files below the folder that have these bytes, as UTF-8 or UTF-16."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if any(needle.encode(code) in data for code in ("utf-8", "utf-16-le")):
            found.append(path.name)
    return found


def nothing(folder, house, what):
    for needle in (NAME, *WORDS):
        expect(holds(folder, needle), [], f"{what}: “{needle}”")
    # Six digits may stand somewhere by chance; in a text they have edges.
    code = house.codes[NAME].encode()
    for path in Path(folder).rglob("*"):
        if path.is_file():
            check(not re.search(rb"(?<![0-9a-zA-Z])" + code
                                + rb"(?![0-9a-zA-Z])", path.read_bytes()),
                  f"{what}: her code in {path.name}")


def sheet_of(house):
    pdf = house.folder / "sheet.pdf"
    house.collector.process.stop()
    call([house.collector.program, "--lang", "en", "keys", "sheet",
          house.collector.folder, pdf])
    lines = sheet_lines(pdf)
    pdf.unlink()
    house.collector.serve()
    return lines


def restore(house, sheet, backup, to, *options, code=0):
    done = subprocess.run(
        [house.collector.program, "--lang", "en", "restore", backup, to,
         *options, "--sheet"], input=sheet.encode(), capture_output=True,
        check=False)
    expect(done.returncode, code, f"restore: {done.stderr.decode()}")
    return done.stderr.decode()


def answered(house):
    house.kiosk.sync()
    house.kiosk.wait_for_library()
    for name, word, contact in ((NAME, *WORDS), (OTHER, OTHERS_WORD, "g@x")):
        house.fill("consent", name, {"full_name": name, "agree": "yes"})
        house.fill("bank_mentees", name, MENTEE | {
            "full_name": name, "request": word, "contact": contact})
    house.taken("bank_mentees", 2)
    house.taken("consent", 2)
    house.page("/bank/mentees")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    if not shutil.which("pdftotext"):
        print("erasure: skipped: no pdftotext")
        return 77
    forms = ("consent", "bank_mentees", "withdrawal")
    with House(parser.parse_args().bin, forms) as house:
        sheet = sheet_of(house)
        house.person(NAME, "mentee")
        house.person(OTHER, "mentee")
        answered(house)
        folder = house.collector.folder
        before = house.folder / "before.backup"
        call([house.collector.program, "--lang", "en", "backup", folder,
              before])
        for needle in (NAME, *WORDS):
            check(holds(folder, needle), f"“{needle}” can be found before")
        check(holds(house.kiosk.folder, NAME), "the kiosk greets by name")
        # The backup opens without the keys of the people, and names nobody.
        said = restore(house, sheet, before, house.folder / "r0", code=1)
        check("people-keys" in said, said)
        restore(house, sheet, before, house.folder / "r1", "--without-people")
        nothing(house.folder / "r1", house, "restored without people")
        expect(holds(house.folder / "r1", OTHER), [], "nor the other one")

        house.fill("withdrawal", NAME, {"withdraw": "yes"})
        wait_for(lambda: NAME not in house.page("/people"),
                 what="her name is gone from the list")
        check(OTHER in house.page("/people"), "the other one stays")
        house.kiosk.process.stop()
        house.kiosk.process = None
        for _ in range(2):  # the library comes after the answers
            call(house.kiosk.sync_args("once"))
        status = call(house.kiosk.sync_args("status"))
        check("answers waiting to leave: 0" in status, status)
        expect(holds(house.kiosk.folder, NAME), [], "the kiosk's library")
        house.page("/audit")
        nothing(folder, house, "the collector's folder")
        nothing(house.kiosk.folder, house, "the kiosk's folder")

        keys = house.folder / "people.sealed"
        call([house.collector.program, "--lang", "en", "people-keys", folder,
              keys])
        restore(house, sheet, before, house.folder / "r2", "--people", keys)
        nothing(house.folder / "r2", house, "restored with today's keys")
        for needle in (OTHER, OTHERS_WORD):
            check(holds(house.folder / "r2", needle),
                  f"“{needle}” was restored")
        nothing(house.folder, house, "everything there is")
    print("erasure: no byte of her anywhere; the other one is whole")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"erasure: {failure}")
