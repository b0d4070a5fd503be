#!/usr/bin/env python3
"""Lint of the shipped questionnaires (assets/surveys/*.csv).

Checks what a compiler does not: that both languages are complete, that scales
name their ends, that the anonymous ones ask nothing that names a person, that
waves share their items, and that the README lists exactly these files. What a
compiler checks too (columns, references, names) is checked here first so that
the message names the row.
"""
import csv
import re
import subprocess
import sys
from pathlib import Path

LANGS = ("Русский (ru)", "English (en)")
TEXTS = ("label", "hint", "constraint_message", "required_message")
PLAIN = {
    "type", "name", "required", "relevant", "constraint", "calculation",
    "choice_filter", "appearance", "parameters", "anketa_indicator",
    "anketa_scale", "anketa_document",
}
SURVEY = PLAIN | {f"{t}::{lang}" for t in TEXTS for lang in LANGS}
CHOICES = {"list_name", "name"} | {f"label::{lang}" for lang in LANGS}
SETTINGS = {
    "form_title", "form_id", "version", "default_language", "anketa_kind",
    "anketa_title_en", "anketa_audience", "anketa_minutes", "anketa_k", "anketa_k_text",
    "anketa_stage", "anketa_compare", "anketa_consent",
}
KINDS = {"anonymous", "slip", "named", "ballot"}
AUDIENCES = {"mentor", "mentee", "all", "coordinator"}
BARE = {"text", "integer", "decimal", "range", "note", "calculate",
        "acknowledge", "date"}
LISTED = {"select_one", "select_multiple", "rank"}
FROM_FILE = {"select_one_from_file", "select_multiple_from_file"}
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
REF = re.compile(r"\$\{([^}]*)\}")
SCALE_HINT = re.compile(r"1 — (?=\S)[^,]+, 10 — \S.*[^.]\Z")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
LATIN = re.compile(r"[A-Za-z]")
IDENTIFYING = re.compile(
    r"ваш[аи]?\s.*(имя|фамили)|сколько вам лет|возраст|стаж|дата рождения"
    r"|какой группе|должност|your (full )?name|your age|how old|position",
    re.IGNORECASE)
HINT_MAX = 130
LABEL_MAX = 90
TITLE_MAX = 28  # what the kiosk's top line holds


class Sheet:
    """Rows of one sheet as dictionaries, each with its row number."""

    def __init__(self, header):
        self.header = header
        self.rows = []


class Form:
    def __init__(self, path):
        self.path = path
        self.faults = []
        self.sheets = {}
        self.read()
        self.survey = self.rows("survey")
        self.lists = {}
        for number, row in self.rows("choices"):
            self.lists.setdefault(row["list_name"], []).append((number, row))
        settings = self.rows("settings")
        self.settings = settings[0][1] if settings else {}

    def fault(self, number, text):
        where = f"{self.path.name}:{number}" if number else self.path.name
        self.faults.append(f"{where}: {text}")

    def rows(self, sheet):
        return self.sheets[sheet].rows if sheet in self.sheets else []

    def read(self):
        sheet, named = None, None
        with open(self.path, encoding="utf-8", newline="") as stream:
            for number, cells in enumerate(csv.reader(stream), 1):
                if cells[0]:
                    named = cells[0]
                    if named in self.sheets:
                        self.fault(number, f"second sheet “{named}”")
                    if any(cells[1:]):
                        self.fault(number, "cells beside the sheet's name")
                    sheet = None
                elif named is None:
                    self.fault(number, "row before the first sheet")
                elif sheet is None:
                    while cells and not cells[-1]:
                        cells.pop()
                    sheet = self.sheets[named] = Sheet(cells[1:])
                else:
                    self.add_row(sheet, number, cells)

    def add_row(self, sheet, number, cells):
        values = cells[1:]
        if any(values[len(sheet.header):]):
            self.fault(number, "cell outside the header")
        row = {k: v for k, v in zip(sheet.header, values) if v}
        for key, value in row.items():
            if value != value.strip(" "):
                self.fault(number, f"{key}: spaces around the text")
        sheet.rows.append((number, row))


def check_header(form, sheet, allowed):
    header = form.sheets[sheet].header
    for column in header:
        if column not in allowed:
            form.fault(0, f"sheet {sheet}: unknown column “{column}”")
    if len(set(header)) != len(header):
        form.fault(0, f"sheet {sheet}: a column stands twice")


def check_languages(form, number, row, texts):
    for text in texts:
        ru, en = (row.get(f"{text}::{lang}") for lang in LANGS)
        if bool(ru) != bool(en):
            form.fault(number, f"{text}: one language is missing")
        if ru and not CYRILLIC.search(ru) and LATIN.search(ru):
            form.fault(number, f"{text}: the Russian text is not Russian")
        if en and CYRILLIC.search(en):
            form.fault(number, f"{text}: the English text holds Cyrillic")
        if ru and re.search(r"[\"“”]| - |\.\.\.", ru):
            form.fault(number, f"{text}: quotes «», dash —, ellipsis …")
        limit = HINT_MAX if text == "hint" else LABEL_MAX
        for value in (ru, en):
            if value and len(value) > limit:
                form.fault(number, f"{text}: longer than {limit} characters")
        if ru and en and REF.findall(ru) != REF.findall(en):
            form.fault(number, f"{text}: references differ by language")


def check_type(form, number, row):
    kind, _, argument = row["type"].partition(" ")
    if kind in LISTED:
        if argument not in form.lists:
            form.fault(number, f"no choice list “{argument}”")
    elif kind in FROM_FILE:
        path = form.path.parent / "media" / argument
        if not path.is_file():
            form.fault(number, f"no file media/{argument}")
        else:
            check_media(form, path)
    elif row["type"] not in BARE:
        form.fault(number, f"unknown type “{row['type']}”")
    if kind == "range":
        if row.get("parameters") != "start=1 end=10 step=1":
            form.fault(number, "a scale runs from 1 to 10 by 1")
        for lang in LANGS:
            if not SCALE_HINT.match(row.get(f"hint::{lang}", "")):
                form.fault(number, "hint: 1 — low end, 10 — high end")
    if kind == "calculate" and "calculation" not in row:
        form.fault(number, "calculate without a calculation")
    if ("constraint" in row) != (f"constraint_message::{LANGS[0]}" in row):
        form.fault(number, "a constraint and its message go together")


def check_media(form, path):
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [r.get("name") for r in rows]
    if not rows or not all(r.get("name") and r.get("label") for r in rows):
        form.fault(0, f"media/{path.name}: name and label in every row")
    if len(set(names)) != len(names):
        form.fault(0, f"media/{path.name}: a name stands twice")


def check_survey(form):
    known, open_groups = set(), []
    anonymous = form.settings.get("anketa_kind") in ("anonymous", "slip")
    for number, row in form.survey:
        kind = row.get("type", "")
        if kind == "end_group":
            if not open_groups:
                form.fault(number, "end_group without begin_group")
            else:
                open_groups.pop()
            continue
        name = row.get("name", "")
        if not NAME.match(name):
            form.fault(number, f"name “{name}”: a-z, 0-9, _")
        if name in known:
            form.fault(number, f"name “{name}” stands twice")
        for key, value in row.items():
            for ref in REF.findall(value):
                if ref not in known:
                    form.fault(number, f"{key}: ${{{ref}}} is not above")
        known.add(name)
        if kind == "begin_group":
            open_groups.append(name)
        else:
            check_type(form, number, row)
        if kind != "calculate" and f"label::{LANGS[0]}" not in row:
            form.fault(number, "no label")
        check_languages(form, number, row, TEXTS)
        texts = " ".join(v for k, v in row.items() if k.startswith("label"))
        if anonymous and kind != "begin_group" and IDENTIFYING.search(texts):
            form.fault(number, "asks an anonymous person who they are")
        if anonymous and kind == "text" and "required" in row:
            form.fault(number, "an open item must stay optional")
    if open_groups:
        form.fault(0, f"group “{open_groups[-1]}” is not closed")


def check_choices(form):
    used = {row["type"].partition(" ")[2] for _, row in form.survey
            if row.get("type", "").split(" ")[0] in LISTED}
    for name, rows in form.lists.items():
        if name not in used:
            form.fault(rows[0][0], f"list “{name}” is not used")
        seen = set()
        for number, row in rows:
            if not CHOICE_NAME.match(row.get("name", "")):
                form.fault(number, "choice name: a-z, 0-9, _")
            if row.get("name") in seen:
                form.fault(number, f"choice “{row['name']}” stands twice")
            seen.add(row.get("name"))
            if f"label::{LANGS[0]}" not in row:
                form.fault(number, "no label")
            check_languages(form, number, row, ("label",))


def check_settings(form, ids):
    s = form.settings
    needed = ["form_title", "form_id", "version", "default_language",
              "anketa_kind", "anketa_title_en", "anketa_audience",
              "anketa_minutes"]
    if s.get("anketa_kind") in ("anonymous", "slip"):
        needed += ["anketa_k", "anketa_k_text"]
    for key in needed:
        if key not in s:
            form.fault(0, f"settings: no {key}")
    checks = (
        ("form_id", s.get("form_id") == form.path.stem, "is the file's name"),
        ("form_title", len(s.get("form_title", "")) <= TITLE_MAX,
         f"longer than {TITLE_MAX} characters"),
        ("anketa_title_en", len(s.get("anketa_title_en", "")) <= TITLE_MAX,
         f"longer than {TITLE_MAX} characters"),
        ("anketa_kind", s.get("anketa_kind") in KINDS, "unknown"),
        ("anketa_audience", s.get("anketa_audience") in AUDIENCES, "unknown"),
        ("default_language", s.get("default_language") == LANGS[0],
         f"is {LANGS[0]}"),
        ("anketa_k", int(s.get("anketa_k", "5")) >= 5, "at least 5"),
        ("anketa_k_text", int(s.get("anketa_k_text", "10")) >= 10,
         "at least 10"),
        ("anketa_stage", s.get("anketa_stage", "1") in "12345678", "1 to 8"),
        ("anketa_consent", s.get("anketa_consent", "consent") in ids,
         "no such form"),
        ("anketa_compare", s.get("anketa_compare", "consent") in ids,
         "no such form"),
    )
    for key, good, text in checks:
        if not good:
            form.fault(0, f"settings: {key}: {text}")


def check_waves(form, forms):
    """Every scale of a wave has its twin, so that change can be computed."""
    if "anketa_compare" not in form.settings:
        return
    earlier = forms.get(form.settings["anketa_compare"])
    if earlier is None:
        return
    scales = [{r["name"]: r.get("anketa_indicator") for _, r in f.survey
               if r.get("type") == "range"} for f in (earlier, form)]
    if scales[0] != scales[1]:
        odd = sorted(set(scales[0].items()) ^ set(scales[1].items()))
        form.fault(0, f"scales differ from {earlier.path.name}: {odd}")


def check_readme(folder, forms):
    faults = []
    text = (folder / "README.md").read_text(encoding="utf-8")
    listed = set()
    for line in text.split("## Rules")[0].splitlines():
        if line.startswith("| `"):
            listed |= set(re.findall(r"`([a-z_]+)`", line.split("|")[1]))
    if listed != set(forms):
        faults.append(f"README.md: table differs: {listed ^ set(forms)}")
    columns = {c for f in forms.values()
               for s in f.sheets.values() for c in s.header
               if c.startswith("anketa_")}
    indicators = {r["anketa_indicator"] for f in forms.values()
                  for _, r in f.survey if "anketa_indicator" in r}
    for word in sorted(columns | indicators):
        if f"`{word}`" not in text:
            faults.append(f"README.md: “{word}” is not explained")
    return faults


def check_compiled(path, program):
    """The product's own compiler and engine have nothing to say either."""
    done = subprocess.run([program, "--lang", "en", "form", "check", path],
                          capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines()
            if "warning: " in line and "needs the file" not in line]
    return said + ([f"{path.name}: form check ended with {done.returncode}"]
                   if done.returncode else [])


def main(argv):
    folder = Path(argv[1]) if len(argv) > 1 else (
        Path(__file__).resolve().parents[2] / "assets" / "surveys")
    forms = {p.stem: Form(p) for p in sorted(folder.glob("*.csv"))}
    faults = [] if forms else [f"{folder}: no questionnaires"]
    for form in forms.values():
        for sheet, allowed in (("survey", SURVEY), ("choices", CHOICES),
                               ("settings", SETTINGS)):
            if sheet in form.sheets:
                check_header(form, sheet, allowed)
        check_survey(form)
        check_choices(form)
        check_settings(form, set(forms))
        check_waves(form, forms)
        faults += form.faults
        if len(argv) > 2:
            faults += check_compiled(form.path, argv[2])
    if forms:
        faults += check_readme(folder, forms)
    print("\n".join(faults) if faults else
          f"{len(forms)} questionnaires, "
          f"{sum(len(f.survey) for f in forms.values())} rows: sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
