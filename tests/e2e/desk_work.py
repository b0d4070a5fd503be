#!/usr/bin/env python3
"""The coordinator's work on a closed wave over real HTTPS: open answers are
redacted and put under themes, conclusions are written, and other systems read
the figures with a token.

    desk_work.py --bin BUILD/bin
"""
import argparse
import html
import re
import sys

from answered import FIELD, NAME, TEXTS, WAVE, Answered
from desk import Browser, check, expect
from rig import Failure

REMARKS = f"/remarks/{WAVE}/{FIELD}"


def remarks(page):
    found = re.findall(r'name="text-(\d+)" rows="\d+">\n(.*?)</textarea>',
                       page, re.S)
    return {number: html.unescape(text) for number, text in found}


def redaction(house, head):
    admin = house.admin
    for path in (f"/remarks/{WAVE}", REMARKS):
        expect(head.get(path), 403, f"{path} for the head")
    expect(admin.get("/remarks/satisfaction"), 404, "a wave still open")
    expect(admin.get(f"/remarks/{WAVE}/0"), 404, "no question in words")
    expect(admin.get(f"/remarks/{WAVE}/999"), 404, "no question")
    expect(admin.get(REMARKS), 200, "the answers")
    texts = remarks(admin.body.decode())
    expect(len(texts), TEXTS, "answers in words")
    order = list(texts)
    expect(admin.get(REMARKS), 200, "once more")
    expect(list(remarks(admin.body.decode())), order, "the same order")
    fields = {}
    for i, (number, text) in enumerate(texts.items()):
        fields[f"text-{number}"] = text.replace(NAME, "Наставник")
        fields[f"themes-{number}"] = "время" if i < 6 else "покой, редкое"
        if i >= 9:
            fields[f"themes-{number}"] = ""
    fields[f"text-{order[0]}"] = ""  # struck out
    expect(admin.post(REMARKS, page="1", **fields), 303, "saving")
    expect(admin.get(f"/summary/{WAVE}"), 200, "the summary")
    page = admin.body.decode()
    check(NAME not in page, "the name is gone")
    expect(len(re.findall(r'<ul class="comments">(.*?)</ul>', page,
                          re.S)[0].split("<li>")) - 1, TEXTS - 1,
           "answers shown")
    check("время" in page, "a theme of six is named")
    check("покой" not in page, "a theme of three is not")
    expect(admin.post(REMARKS, token=False, page="1"), 403, "no token")
    admin.get(REMARKS)
    expect(admin.post(REMARKS, **{f"text-{order[1]}": "x",
                                  f"themes-{order[1]}": "y" * 500}), 422,
           "a theme too long")
    admin.get(REMARKS)
    check(remarks(admin.body.decode())[order[1]] != "x", "nothing was saved")
    for name in ("collector.db", "collector.db-wal"):
        path = house.folder / "c" / name
        if path.exists():
            check(NAME.encode() not in path.read_bytes(),
                  f"{name} still holds the name")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    with Answered(parser.parse_args().bin) as house:
        head = house.account("head", 1)
        redaction(house, head)
        expect(Browser(house.port).get(REMARKS), 303, "a stranger")
    print("desk_work: open answers: as they should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"desk_work: {failure}")
