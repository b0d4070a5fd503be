#!/usr/bin/env python3
"""The coordinator's work on a closed wave over real HTTPS: open answers are
redacted and put under themes, conclusions are written, and other systems read
the figures with a token.

    desk_work.py --bin BUILD/bin
"""
import argparse
import html
import json
import re
import sys
import time
import urllib.parse

from answered import FIELD, NAME, PEOPLE, TEXTS, WAVE, Answered
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


def conclusions(house, head):
    admin = house.admin
    path = f"/conclusions/{WAVE}"
    expect(admin.get("/conclusions/satisfaction"), 404, "a wave still open")
    expect(admin.get(path), 200, "the form")
    expect(admin.post(path, strengths="спокойно <i>\r\n\r\nчасто",
                      weaknesses="смены", opportunities="", threats=""), 303,
           "saving")
    expect(head.get(f"/summary/{WAVE}"), 200, "the head reads")
    page = head.body.decode()
    check("<li>спокойно &lt;i&gt;</li><li>часто</li>" in page,
          "two strengths, escaped")
    expect(admin.get(path), 200, "the form again")
    check("спокойно &lt;i&gt;" in admin.body.decode(), "as it was written")
    expect(admin.post(path, strengths="я" * 5000), 422, "too long")


def read_json(client, path, token=None):
    head = {"Authorization": f"Bearer {token}"} if token else {}
    status = client.request("GET", path, headers=head)
    check(client.headers["Content-Type"].startswith("application/json"),
          f"{path}: {client.headers['Content-Type']}")
    return status, json.loads(client.body)


def figures_for_others(house):
    admin, city = house.admin, Browser(house.port)
    admin.get("/tokens")
    expect(admin.post("/tokens", name=""), 422, "nobody")
    admin.get("/tokens")
    expect(admin.post("/tokens", name="Город <b>"), 200, "a token")
    token = re.search(r"anketa_[0-9a-f]{64}", admin.body.decode())[0]
    for wrong in (None, "anketa_" + "0" * 64, token[:-1], "x"):
        status, answer = read_json(city, "/api/v1/waves", wrong)
        expect((status, answer["error"]["status"]), (401, 401), str(wrong))
    status, answer = read_json(city, "/api/v1/waves", token)
    expect(status, 200, "the waves")
    expect([w["name"] for w in answer["waves"]], [WAVE], "closed waves")
    status, answer = read_json(city, f"/api/v1/waves/{WAVE}?lang=en", token)
    expect(status, 200, "a wave")
    expect(answer["wave"]["answered"], PEOPLE, "answered")
    met = [f for f in answer["figures"] if f["item"] == "met"]
    expect(sum(f["n"] for f in met if f["value"]), PEOPLE, "counts of one item")
    check(all(f["item"] != "change" or not f["value"]
              for f in answer["figures"]), "no open answer leaves")
    status, answer = read_json(city, "/api/v1/waves/satisfaction", token)
    expect(status, 404, "a wave still open")
    status, answer = read_json(city, "/api/v1/else", token)
    expect(status, 404, "nothing there")
    admin.get("/tokens")
    check(token not in admin.body.decode(), "shown once")
    check(time.strftime("%Y") in admin.body.decode(), "the day of last use")
    number = re.search(r'name="token" value="(\d+)"', admin.body.decode())[1]
    expect(revoke(admin, number), 303, "revoking")
    status, _ = read_json(city, "/api/v1/waves", token)
    expect(status, 401, "after it was revoked")


def revoke(admin, number):
    body = urllib.parse.urlencode({"csrf": admin.csrf(), "token": number})
    return admin.request("POST", "/tokens/revoke", body,
                         {"Content-Type": "application/x-www-form-urlencoded"})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    with Answered(parser.parse_args().bin) as house:
        head = house.account("head", 1)
        redaction(house, head)
        conclusions(house, head)
        figures_for_others(house)
        expect(Browser(house.port).get(REMARKS), 303, "a stranger")
    print("desk_work: open answers, conclusions, figures for other systems: "
          "as they should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"desk_work: {failure}")
