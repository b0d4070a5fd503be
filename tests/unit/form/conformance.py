#!/usr/bin/env python3
"""The engine against what both reference engines make of the same forms.

usage: conformance.py FORM_ANSWER DATA [PATTERN]

Every blank submission and every scenario of DATA (see its README): submission,
the same computed again from nothing, the same read back, and the visible state.
Prints the differences and a count; exit 77 without DATA.
"""
import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

SUBMISSIONS = ("submission", "computed again", "read back")


def load_compare(data):
    spec = importlib.util.spec_from_file_location(
        "compare", os.path.join(data, "compare.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Check:
    def __init__(self, program, data, pattern):
        self.program, self.data, self.pattern = program, data, pattern
        self.compare = load_compare(data)
        self.good = {}
        self.bad = {}

    def note(self, kind, name, faults):
        table = self.bad if faults else self.good
        table[kind] = table.get(kind, 0) + 1
        for fault in faults[:6]:
            print(f"{kind} {name}: {fault}")

    def run(self, kind, name, *arguments):
        """The four parts that form_answer prints, or None."""
        done = subprocess.run([self.program, *arguments],
                              capture_output=True, timeout=60)
        if done.returncode == 0:
            return done.stdout.split(b"\f")
        fault = done.stderr.decode("utf-8", "replace").strip()
        self.note(kind, name, [fault[:300] or f"exit {done.returncode}"])
        return None

    def submission(self, kind, name, found, expected):
        want = self.compare.canon_submission(ET.parse(expected).getroot())
        got = self.compare.canon_submission(ET.fromstring(found))
        faults = []
        self.compare.diff_submission(want, got, "", faults)
        self.note(kind, name, faults)

    def state(self, name, found, expected):
        with tempfile.NamedTemporaryFile(suffix=".tsv") as copy:
            copy.write(found)
            copy.flush()
            want = self.compare.canon_state(expected)
            got = self.compare.canon_state(copy.name)
        faults = []
        self.compare.diff_state(want, got, faults)
        self.note("state", name, faults)

    def blank(self):
        with open(os.path.join(self.data, "index.tsv"), encoding="utf-8") as f:
            rows = list(csv.DictReader(f, delimiter="\t"))
        for row in rows:
            if row["blank"] != "agree" or self.pattern not in row["id"]:
                continue
            kind = "blank " + row["scope"]
            parts = self.run(kind, row["id"], os.path.join(
                self.data, "xlsform", row["id"] + ".xml"))
            if parts:
                self.submission(kind, row["id"], parts[0], os.path.join(
                    self.data, "blank", row["id"] + ".xml"))

    def scenarios(self):
        folder = os.path.join(self.data, "scenarios")
        for name in sorted(os.listdir(folder)):
            here = os.path.join(folder, name)
            if not os.path.isdir(here) or self.pattern not in name:
                continue
            for k in "123":
                steps = os.path.join(here, f"steps{k}.tsv")
                if os.path.exists(steps):
                    self.scenario(f"{name}/{k}", here, steps, k)

    def scenario(self, name, here, steps, k):
        parts = self.run("submission", name,
                         os.path.join(here, "form.xml"), steps)
        if not parts:
            return
        expected = os.path.join(here, f"expect{k}")
        for kind, found in zip(SUBMISSIONS, parts):
            self.submission(kind, name, found, expected + ".xml")
        self.state(name, parts[3], expected + ".tsv")


def main():
    data = sys.argv[2]
    if not os.path.exists(os.path.join(data, "index.tsv")):
        print("skipped: no conformance data")
        return 77
    check = Check(sys.argv[1], data, sys.argv[3] if len(sys.argv) > 3 else "")
    check.blank()
    check.scenarios()
    for kind in sorted(set(check.good) | set(check.bad)):
        print(f"{kind}: {check.good.get(kind, 0)} equal, "
              f"{check.bad.get(kind, 0)} different")
    return 1 if check.bad else 0


sys.exit(main())
