#!/usr/bin/env python3
"""Lint of the document templates: fields declared, blocks closed, table true."""
import re
import sys
from pathlib import Path

FIELD = re.compile(r"\{\{([#/]?)([^{}]*)\}\}")
LISTS = ("pairs", "steps")


def check(path, known):
    faults, open_blocks = [], []
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path.name}:{number}"
        for mark, name in FIELD.findall(line):
            if mark == "#":
                open_blocks.append(name)
            elif mark == "/" and (not open_blocks
                                  or open_blocks.pop() != name):
                faults.append(f"{where}: {{{{/{name}}}}} closes nothing")
            if name not in LISTS and (mark or name not in known):
                faults.append(f"{where}: unknown field “{name}”")
        if re.search(r"[\"“”]| - |\.\.\.", FIELD.sub("", line)):
            faults.append(f"{where}: quotes «», dash —, ellipsis …")
    if open_blocks:
        faults.append(f"{path.name}: {{{{#{open_blocks[-1]}}}}} is not closed")
    return faults, {name for mark, name in FIELD.findall(text) if not mark}


def main(argv):
    folder = Path(argv[1]) if len(argv) > 1 else (
        Path(__file__).resolve().parents[2] / "assets" / "documents")
    tables = (folder / "README.md").read_text(encoding="utf-8")
    firsts = " ".join(line.split("|")[1] for line in tables.splitlines()
                      if line.startswith("| `"))
    names = set(re.findall(r"`([^`]+)`", firsts))
    known = {n for n in names if not n.endswith(".md")}
    faults, used = [], set()
    paths = sorted(p for p in folder.glob("*.md") if p.name != "README.md")
    for path in paths:
        more, fields = check(path, known)
        faults += more
        used |= fields
    listed = {n for n in names if n.endswith(".md")}
    if listed != {p.name for p in paths}:
        faults.append(f"README.md: table differs: "
                      f"{sorted(listed ^ {p.name for p in paths})}")
    if known != used:
        faults.append(f"README.md: fields not used: {sorted(known - used)}")
    print("\n".join(faults) if faults else f"{len(paths)} templates: sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
