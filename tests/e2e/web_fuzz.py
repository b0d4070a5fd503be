#!/usr/bin/env python3
"""Every form of the desk with hostile values in every field, through the real
server: no answer of 500 and above, nothing echoed without escapes, the page
still well formed, the collector still there.

    web_fuzz.py --bin BUILD/bin [--seed N] [--rounds N] [--values N]

It follows the links of a desk on which everything is in use, and has posted to
every route that the server knows.
"""
import argparse
import html.parser
import random
import re
import sys
import urllib.parse

import routes
from answered import FIELD, WAVE
from desk import Nesting, check, strict_faults
from furnished import Furnished
from rig import Failure

MARK = "zq7"  # what an echo is found by
HOSTILE = [
    f"<script>{MARK}</script>", f'"><img src=x onerror={MARK}>',
    f"'--{MARK}", f"{MARK}'; DROP TABLE wave; --", f"{{{{{MARK}}}}}",
    f"%s%n%x{MARK}", f"{MARK}\r\nSet-Cookie: a=b", f"{MARK}\x00end",
    f"\ud83d\ude00{MARK}".encode("utf-16", "surrogatepass").decode("utf-16"),
    f"../../etc/passwd{MARK}", f"{MARK}" * 2000, f"<!--{MARK}", f"]]>{MARK}",
    f"&lt;{MARK}", "", " ", "-1", "0", "1", "9" * 40, "1e308", "NaN",
    "-9223372036854775808", "2027-13-45", "0000-00-00", "9999-99-99",
    "\u202e" + MARK, "\ufeff" + MARK, "\\" * 99, "on", "a" * 15000,
]
RAW = [b"\xff\xfe\xfd", b"%00%ff%", b"&&&===&&", b"csrf", b"=" * 300,
       b"a=%zz&b=%e", b"\x00" * 64]
# Where the walk along the links begins.
PAGES = ["/", "/phones", "/stick", "/people", "/people/import", "/tokens",
         "/kiosks/settings", "/training", "/training/certificates",
         f"/remarks/{WAVE}/{FIELD}", f"/conclusions/{WAVE}", "/sign-in"]
PAGES_MAX = 120
# Of addresses that differ in a number alone, so many are tried.
ALIKE_MAX = 4
FILE = re.compile(r"\.(pdf|docx|xlsx|csv|sav|xml|zip|txt|json|conf|ics|png)$")
# Forms that stand on a page only after a kiosk or a stick was there.
HIDDEN = {"/kiosks/revoke": ("key",), "/stick/receipt": ("name", "data"),
          "/stick/library": ("kiosk",), "/waves/close": ("wave",),
          "/waves/link": ("wave",), "/waves/cancel": ("plan",),
          "/votes/vote": ("seats",), "/bank/entry/1": ("what", "request")}
QUERIES = ["?lang={}", "?page={}", "?before={}", "?key={}", "/{}", "?next={}"]
# Posting these would end what the test stands on.
SPARED = {"/sign-out"}


class Forms(html.parser.HTMLParser):
    """Every form of a page: where it goes, and its fields."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.forms.append({"action": a.get("action"),
                               "multipart": "enctype" in a, "fields": {}})
        elif self.forms and a.get("name") and tag in ("input", "select",
                                                      "textarea", "button"):
            self.forms[-1]["fields"][a["name"]] = (a.get("type"),
                                                   a.get("value") or "")


class Fuzz:
    def __init__(self, house, chance, values):
        self.house = house
        self.values = values  # to each field
        self.taken = set()    # routes that were posted to
        self.admin = house.admin
        self.chance = chance
        self.posts = 0
        self.gets = 0

    def judge(self, status, what):
        body = self.admin.body
        check(status < 500, f"{what}: {status}")
        kind = self.admin.headers.get("Content-Type", "")
        if "html" not in kind:
            return
        text = body.decode("utf-8")  # whatever came in, this is UTF-8
        for bad in (f"<script>{MARK}", f"<img src=x onerror={MARK}",
                    f"<!--{MARK}"):
            check(bad not in text, f"{what}: echoed as it came: {bad}")
        check("a" != self.admin.headers.get("Set-Cookie", "")[:1],
              f"{what}: a header of its own")
        nesting = Nesting()
        nesting.feed(text)
        nesting.close()
        check(not nesting.faults and not nesting.open,
              f"{what}: {nesting.faults} {nesting.open}")
        faults = strict_faults(text)
        check(not faults, f"{what}: {faults}")

    def forms(self, path):
        status = self.admin.get_any(path)
        self.judge(status, path)
        if status != 200 or b"<form" not in self.admin.body:
            return []
        found = Forms()
        found.feed(self.admin.body.decode())
        return [f for f in found.forms if f["action"] not in SPARED]

    def post(self, form, values):
        token = self.admin.csrf()
        fields = {**values, "csrf": token}
        what = f"{form['action']} {str(values)[:200]}"
        if form["multipart"]:
            files = {n: (v[:100] or "x.csv", "text/csv", v.encode(
                "utf-8", "replace")) for n, v in values.items()
                if form["fields"][n][0] == "file"}
            files = {n: (f[0].replace('"', "").replace("\r", "").replace(
                "\n", ""), *f[1:]) for n, f in files.items()}
            status = self.admin.upload(form["action"], {"csrf": token}, files)
        else:
            body = urllib.parse.urlencode(fields, errors="replace")
            status = self.admin.request(
                "POST", form["action"], body,
                {"Content-Type": "application/x-www-form-urlencoded"})
        self.posted(form["action"])
        self.judge(status, what)

    def posted(self, path):
        self.posts += 1
        self.taken.add(routes.matching(path, routes.pages("POST")))

    def fuzz_form(self, path, form):
        names = [n for n in form["fields"] if n != "csrf"]
        for name in names:
            for value in self.chance.sample(HOSTILE, self.values):
                self.admin.get_any(path)
                values = {n: form["fields"][n][1] for n in names}
                values[name] = value
                self.post(form, values)
        for raw in RAW:
            status = self.admin.request(
                "POST", form["action"],
                b"csrf=" + self.admin.csrf().encode() + b"&" + raw,
                {"Content-Type": "application/x-www-form-urlencoded"})
            self.posted(form["action"])
            self.judge(status, f"{form['action']} {raw!r}")

    def fuzz_address(self, path):
        for query in QUERIES:
            value = urllib.parse.quote(self.chance.choice(HOSTILE)[:400],
                                       errors="replace")
            if path == "/" and query.startswith("/"):
                continue
            status = self.admin.request("GET", path + query.format(value))
            self.gets += 1
            self.judge(status, path + query.format(value))

    def walk(self):
        """All pages, as the links lead there, before anything is changed."""
        todo, found, alike = list(PAGES), [], {}
        while todo and len(found) < PAGES_MAX:
            path = todo.pop(0)
            shape = re.sub(r"\d+", "N", path)
            if path in found or alike.get(shape, 0) == ALIKE_MAX:
                continue
            self.judge(self.admin.get_any(path), path)
            if "html" not in self.admin.headers.get("Content-Type", ""):
                continue
            found.append(path)
            alike[shape] = alike.get(shape, 0) + 1
            todo += [link for link in re.findall(
                r'href="(/[^"?#]*)', self.admin.body.decode())
                     if not FILE.search(link)]
        return found

    def run(self, rounds):
        pages = self.walk()
        for _ in range(rounds):
            # Last those that may erase somebody, with all that names her.
            for path in sorted(pages, key=lambda p: p.startswith("/people/")):
                self.fuzz_address(path)
                seen = set()
                for form in self.forms(path):
                    key = (form["action"], tuple(sorted(form["fields"])))
                    if key not in seen:
                        seen.add(key)
                        self.fuzz_form(path, form)
            for action, names in HIDDEN.items():
                self.fuzz_form("/kiosks", {
                    "action": action, "multipart": False,
                    "fields": {name: (None, "") for name in names}})
        missed = set(routes.pages("POST")) - self.taken - SPARED
        check(not missed, f"no form leads to {missed}")
        return len(pages)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--values", type=int, default=4)
    options = parser.parse_args()
    with Furnished(options.bin, waves=2) as house:
        # Pages may grow beyond their usual size here.
        house.admin.get_any = lambda path: house.admin.request("GET", path)
        house.admin.get(f"/remarks/{WAVE}/{FIELD}")
        fuzz = Fuzz(house, random.Random(options.seed), options.values)
        pages = fuzz.run(options.rounds)
        check(house.admin.get_any("/") == 200, "the desk is still there")
    print(f"web_fuzz: {pages} pages, {fuzz.posts} forms and {fuzz.gets} addresses: none "
          "broke anything")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"web_fuzz: {failure}")
