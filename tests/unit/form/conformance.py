#!/usr/bin/env python3
"""The engine against what both reference engines make of the same forms.

usage: conformance.py FORM_ANSWER DATA [PATTERN]

Every blank submission and every scenario of DATA (see its README): submission
and visible state. Prints the differences and a count; exit 77 without DATA.
"""
import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET


def load_compare(data):
    spec = importlib.util.spec_from_file_location(
        "compare", os.path.join(data, "compare.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(command):
    done = subprocess.run(command, capture_output=True, timeout=60)
    fault = done.stderr.decode("utf-8", "replace").strip()
    return done.returncode, done.stdout, fault


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

    def submission(self, kind, name, command, expected):
        code, out, fault = run(command)
        if code != 0:
            self.note(kind, name, [fault[:300] or f"exit {code}"])
            return
        want = self.compare.canon_submission(ET.parse(expected).getroot())
        got = self.compare.canon_submission(ET.fromstring(out))
        faults = []
        self.compare.diff_submission(want, got, "", faults)
        self.note(kind, name, faults)

    def state(self, kind, name, command, expected):
        code, out, fault = run(command)
        if code != 0:
            self.note(kind, name, [fault[:300] or f"exit {code}"])
            return
        with tempfile.NamedTemporaryFile(suffix=".tsv") as found:
            found.write(out)
            found.flush()
            want = self.compare.canon_state(expected)
            got = self.compare.canon_state(found.name)
        faults = []
        self.compare.diff_state(want, got, faults)
        self.note(kind, name, faults)

    def blank(self):
        with open(os.path.join(self.data, "index.tsv"), encoding="utf-8") as f:
            rows = list(csv.DictReader(f, delimiter="\t"))
        for row in rows:
            expected = os.path.join(self.data, "blank", row["id"] + ".xml")
            if row["blank"] != "agree" or self.pattern not in row["id"]:
                continue
            form = os.path.join(self.data, "xlsform", row["id"] + ".xml")
            self.submission("blank " + row["scope"], row["id"],
                            [self.program, form], expected)

    def scenarios(self):
        folder = os.path.join(self.data, "scenarios")
        for name in sorted(os.listdir(folder)):
            here = os.path.join(folder, name)
            if not os.path.isdir(here) or self.pattern not in name:
                continue
            form = os.path.join(here, "form.xml")
            for k in "123":
                steps = os.path.join(here, f"steps{k}.tsv")
                if not os.path.exists(steps):
                    continue
                command = [self.program, form, steps]
                self.submission("submission", f"{name}/{k}", command,
                                os.path.join(here, f"expect{k}.xml"))
                self.submission("read back", f"{name}/{k}",
                                command + ["--read"],
                                os.path.join(here, f"expect{k}.xml"))
                self.submission("computed again", f"{name}/{k}",
                                command + ["--again"],
                                os.path.join(here, f"expect{k}.xml"))
                self.state("state", f"{name}/{k}", command + ["--state"],
                           os.path.join(here, f"expect{k}.tsv"))


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
