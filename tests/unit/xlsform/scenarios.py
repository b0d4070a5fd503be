#!/usr/bin/env python3
"""Compare the scenarios filled from their spreadsheets with what is expected.

usage: scenarios.py XLSFORM_SCENARIOS DATA

Submission and state must be equal in every script. Exit status 77: no data.
"""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from corpus import load_compare  # noqa: E402


def main():
    program, data = sys.argv[1:3]
    root = os.path.join(data, "odk", "scenarios")
    if not os.path.isdir(root):
        print("skipped: no conformance data")
        return 77
    compare = load_compare(data)
    bad = checks = 0
    with tempfile.TemporaryDirectory() as out:
        failed = subprocess.run([program, root, out], check=False,
                                env={**os.environ, "TZ": "UTC"}).returncode
        for form in sorted(os.listdir(root)):
            for script in "123":
                want = os.path.join(root, form, f"expect{script}")
                got = os.path.join(out, f"{form}-{script}")
                if not os.path.exists(want + ".xml"):
                    continue
                for kind, ext in (("submission", "xml"), ("state", "tsv")):
                    checks += 1
                    argv = ["", kind, f"{want}.{ext}", f"{got}.{ext}"]
                    if compare.main(argv):
                        bad += 1
                        print(f"^ {form} script {script} {kind}")
    print(f"{checks - bad} of {checks} equal")
    return 1 if bad or failed else 0


if __name__ == "__main__":
    sys.exit(main())
