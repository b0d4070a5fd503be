#!/usr/bin/env python3
"""What leaves the desk is read by the programs it is meant for: the workbook
by LibreOffice, the SPSS file by pspp and by R, the PDF by poppler; the codebook
stands to a schema. A program that is absent is named and passed over; with none
of them the test is skipped.

    outputs.py --bin BUILD/bin
"""
import argparse
import contextlib
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from answered import NAME, PEOPLE, WAVE, Answered
from desk import check, expect
from rig import Failure

SKIPPED = 77
SCHEMA = Path(__file__).resolve().parents[1] / "data" / "ddi-codebook.rng"
DDI = "{ddi:codebook:2_5}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def run(*args, **options):
    done = subprocess.run(args, capture_output=True, text=True, timeout=300,
                          check=False, **options)
    if done.returncode != 0:
        raise Failure(f"{args[0]}: {done.stderr[-2000:]}")
    return done.stdout


def take(house, suffix):
    admin = house.admin
    expect(admin.get(f"/summary/{WAVE}{suffix}?lang=ru"), 200, suffix)
    path = house.folder / f"wave{suffix}"
    path.write_bytes(admin.body)
    return path


def shares(house):
    """Answers to "met" as the figures say."""
    rows = csv.DictReader(io.StringIO(
        take(house, ".csv").read_text(encoding="utf-8-sig")))
    return {row["answer"]: int(row["n"]) for row in rows
            if row["item"] == "met" and row["value"] and not row["by"]}


def workbook(house, want):
    path = take(house, ".xlsx")
    with zipfile.ZipFile(path) as book:
        charts = [n for n in book.namelist()
                  if re.fullmatch(r"xl/charts/chart\d+\.xml", n)]
        check(len(charts) >= 5, f"{len(charts)} native charts")
        for name in charts:
            root = ElementTree.fromstring(book.read(name))
            check(root.find(f".//{CHART}f") is not None,
                  f"{name} is not drawn from cells")
    if not shutil.which("soffice"):
        return False
    run("soffice", "--headless", f"-env:UserInstallation=file://{house.folder}"
        "/office", "--convert-to", "pdf", "--outdir", str(house.folder / "o"),
        str(path))
    shown = house.folder / "o" / "wave.pdf"
    check(shown.stat().st_size > 10000, "a workbook of many pages")
    if shutil.which("pdftotext"):
        text = run("pdftotext", "-layout", str(shown), "-")
        for answer, n in want.items():
            check(re.search(rf"{re.escape(answer)}\s+{n}\b", text),
                  f"LibreOffice shows {answer}: {n}")
    return True


def spss_by_pspp(house, path, want):
    if not shutil.which("pspp"):
        return False
    syntax = house.folder / "read.sps"
    syntax.write_text(f"GET FILE='{path}'.\nDISPLAY DICTIONARY.\n"
                      "FREQUENCIES /VARIABLES=met.\n", encoding="utf-8")
    text = run("pspp", "-O", "format=csv", str(syntax))
    for answer, n in want.items():
        check(re.search(rf"{re.escape(answer)}[^\n]*,{n},", text),
              f"pspp counts {answer}: {n}")
    return True


def spss_by_r(house, path, want):
    if not shutil.which("Rscript"):
        return False
    script = (f'd <- foreign::read.spss("{path}", to.data.frame=TRUE, '
              'reencode="UTF-8"); t <- table(d$met); '
              'cat(nrow(d), "\\n"); for (n in names(t)) cat(n, "=", t[[n]], '
              '"\\n", sep="")')
    try:
        text = run("Rscript", "--vanilla", "-e", script)
    except Failure as failure:
        if "foreign" in str(failure):
            return False
        raise
    lines = text.splitlines()
    expect(int(lines[0]), PEOPLE, "R: cases")
    counted = dict(line.rsplit("=", 1) for line in lines[1:] if "=" in line)
    for answer, n in want.items():
        found = [int(c) for label, c in counted.items()
                 if label.startswith(answer)]
        expect(found, [n], f"R counts {answer}")
    return True


def codebook(house):
    path = take(house, "-answers.xml")
    root = ElementTree.fromstring(path.read_bytes())
    expect(root.tag, f"{DDI}codeBook", "the root")
    variables = root.findall(f"{DDI}dataDscr/{DDI}var")
    check("met" in [v.get("name") for v in variables], "variables")
    for variable in variables:
        check(variable.get("name") and variable.find(f"{DDI}labl") is not None,
              "a variable with name and label")
    if not shutil.which("xmllint"):
        return False
    run("xmllint", "--noout", "--relaxng", str(SCHEMA), str(path))
    # The schema is able to refuse.
    broken = house.folder / "broken.xml"
    broken.write_bytes(path.read_bytes().replace(b'"nominal"', b'"nominel"'))
    check(subprocess.run(["xmllint", "--noout", "--relaxng", str(SCHEMA),
                          str(broken)], capture_output=True,
                         check=False).returncode != 0,
          "a codebook with a wrong value is let through")
    return True


def package(house):
    with zipfile.ZipFile(take(house, "-answers.zip")) as zipped:
        check(zipped.testzip() is None, "a sound zip")
        described = json.loads(zipped.read("datapackage.json"))
        resource = described["resources"][0]
        rows = list(csv.DictReader(io.StringIO(
            zipped.read(resource["path"]).decode())))
        form = ElementTree.fromstring(zipped.read("form.xml"))
        ElementTree.fromstring(zipped.read("codebook.xml"))
        members = zipped.namelist()
    by_hand = house.folder / "by-hand.zip"
    house.collector.command("export", house.collector.folder, WAVE, by_hand)
    with zipfile.ZipFile(by_hand) as zipped:
        expect(zipped.namelist(), members, "the same from the command line")
    check(not list(Path(tempfile.gettempdir()).glob("anketa-??????")),
          "a temporary file is left behind")
    expect(form.tag, "{http://www.w3.org/1999/xhtml}html", "the XForm")
    expect(len(rows), PEOPLE, "rows")
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    expect(list(rows[0]), list(fields), "columns as described")
    allowed = fields["met"]["constraints"]["enum"]
    check(all(row["met"] in allowed for row in rows), "values as described")


def document(house, want):
    path = take(house, ".pdf")
    if not shutil.which("pdftotext"):
        return False
    text = run("pdftotext", "-layout", str(path), "-")
    for words in ("Содержание", "Как получены эти цифры", *want):
        check(words in text, f"the PDF holds “{words}”")
    fonts = run("pdffonts", str(path))
    check("Inter" in fonts, "set in Inter")
    return True


def answers_tell_nobody(house):
    for suffix in ("-answers.csv", "-answers.sav", "-answers.xlsx",
                   "-answers.xml", "-answers.zip"):
        data = take(house, suffix).read_bytes()
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(n) for n in book.namelist())
        check(NAME.encode() not in data, f"{suffix} holds an open answer")
        check(b"uuid:" not in data, f"{suffix} holds an instanceID")


@contextlib.contextmanager
def own_temporary():
    """A folder for temporary files that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="anketa-outputs-") as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    with own_temporary(), Answered(parser.parse_args().bin) as house:
        want = shares(house)
        expect(sum(want.values()), PEOPLE, "all of them")
        answers_tell_nobody(house)
        package(house)
        sav = take(house, "-answers.sav")
        read = {
            "LibreOffice": workbook(house, want),
            "pspp": spss_by_pspp(house, sav, want),
            "R": spss_by_r(house, sav, want),
            "poppler": document(house, want),
            "xmllint": codebook(house),
        }
    absent = [name for name, done in read.items() if not done]
    print("outputs: read by", ", ".join(n for n in read if read[n]) or "nobody",
          f"; absent: {', '.join(absent)}" if absent else "")
    return SKIPPED if len(absent) == len(read) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"outputs: {failure}")
