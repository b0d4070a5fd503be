#!/usr/bin/env python3
"""Compare what xlsform_corpus makes of the conformance corpus with pyxform.

usage: corpus.py XLSFORM_CORPUS DATA [--all]

Of scope "kiosk" every XForm must be equal and every refusal must be at the
same row; of scope "other" at least the
share OTHER_MIN (the goal was 0.95). Exit status 77: no data.
"""
import csv
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

OTHER_MIN = 1.0


def load_compare(data):
    spec = importlib.util.spec_from_file_location(
        "compare", os.path.join(data, "odk", "compare.py"))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def first_difference(want, got, path=""):
    """Where two canonical trees part, in words."""
    here = f"{path}/{want[0].rsplit('}', 1)[-1]}" if want else path
    if want[:2] != got[:2]:
        return f"{here}: {want[:2]} / {got[:2]}"
    for w, g in zip(want[2], got[2]):
        if w != g:
            if isinstance(w, str) or isinstance(g, str):
                return f"{here}: {str(w)[:200]!r} / {str(g)[:200]!r}"
            return first_difference(w, g, here)
    return f"{here}: {len(want[2])} children / {len(got[2])}: " + \
        str((want[2] + got[2])[min(len(want[2]), len(got[2]))])[:200]


def difference(compare, want_path, got_path):
    """The first difference between two XForms, or None."""
    if not os.path.exists(got_path):
        diag = open(got_path[:-4] + ".diag", encoding="utf-8").read()
        return "refused: " + diag.strip().replace("\n", " | ")
    want = compare.canon_xform(compare.load(want_path), False)
    try:
        got = compare.canon_xform(compare.load(got_path), False)
    except ET.ParseError as error:
        return f"not well-formed: {error}"
    if want == got:
        return None
    return first_difference(want, got)


def misplaced(error_path, diag_path):
    """Why a refusal is not that of pyxform, or None."""
    message = open(error_path, encoding="utf-8").read()
    if not os.path.exists(diag_path):
        return "accepted, but: " + message.strip().replace("\n", " ")
    rows = {int(row) for row in re.findall(r"\[row : (\d+)\]", message)}
    if "'settings' sheet" in message:
        rows = {2}  # pyxform counts the only row of this sheet as its header
    found = set()
    for line in open(diag_path, encoding="utf-8"):
        severity, _, row, _ = line.split("\t", 3)
        if severity == "error":
            found.add(int(row))
    if not rows <= found:
        return f"rows {sorted(found)}, expected {sorted(rows)}: " + \
            message.strip().replace("\n", " ")
    return None


def main():
    program, data = sys.argv[1:3]
    corpus = os.path.join(data, "odk")
    if not os.path.isdir(corpus):
        print("skipped: no conformance data")
        return 77
    compare = load_compare(data)
    count = {}
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([program, corpus, out], check=True)
        with open(os.path.join(corpus, "index.tsv"), encoding="utf-8",
                  newline="") as f:
            entries = list(csv.DictReader(f, delimiter="\t",
                                          quoting=csv.QUOTE_NONE))
        for e in entries:
            want = os.path.join(corpus, "xlsform", e["id"])
            got = os.path.join(out, e["id"])
            if e["result"] == "ok":
                why = difference(compare, want + ".xml", got + ".xml")
            else:
                why = misplaced(want + ".error", got + ".diag")
            good, bad = count.get((e["scope"], e["result"]), (0, 0))
            count[e["scope"], e["result"]] = (good + (not why), bad + bool(why))
            if why and (e["scope"] == "kiosk" or "--all" in sys.argv):
                print(f"{e['id']} {e['scope']} {e['result']}: {why}")
    for (scope, result), (good, bad) in sorted(count.items()):
        print(f"{scope:6} {result:6} {good:4} equal {bad:4} different")
    kiosk_bad = sum(bad for (scope, _), (_, bad) in count.items()
                    if scope == "kiosk")
    good = sum(g for (scope, _), (g, _) in count.items() if scope == "other")
    bad = sum(b for (scope, _), (_, b) in count.items() if scope == "other")
    return 1 if kiosk_bad or good < OTHER_MIN * (good + bad) else 0


if __name__ == "__main__":
    sys.exit(main())
