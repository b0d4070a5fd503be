#!/usr/bin/env python3
"""The coordinator's desk over real HTTPS: who may open what, forms that cannot
be forged, questionnaires with faults, waves.

    desk.py --bin BUILD/bin
"""
import argparse
import http.client
import re
import shutil
import ssl
import struct
import sys
import tempfile
import urllib.parse
import zlib
from html.parser import HTMLParser
from pathlib import Path

import routes
from installation import SURVEYS, Collector
from rig import Failure, free_port

try:
    import html5lib
except ImportError:
    html5lib = None

PAGE_MAX_BYTES = 60 * 1024
VOID = {"input", "meta", "link", "br", "img", "hr"}


# What HTML lets stand directly in an element; others take anything.
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"},
            "table": {"caption", "thead", "tbody", "tr"}, "tr": {"th", "td"},
            "thead": {"tr"}, "tbody": {"tr"}, "select": {"option"},
            "datalist": {"option"}, "html": {"head", "body"},
            "head": {"meta", "title", "link"}}
PARENTS = {"li": {"ul", "ol"}, "tr": {"table", "thead", "tbody"},
           "td": {"tr"}, "th": {"tr"}, "dt": {"dl", "div"},
           "dd": {"dl", "div"}, "option": {"select", "datalist"},
           "summary": {"details"}, "figcaption": {"figure"}}
# Elements that hold words and no blocks.
PHRASES = {"p", "h1", "h2", "h3", "h4", "label", "button", "a", "span", "dt",
           "th", "caption", "summary", "code", "strong", "em", "title"}
BLOCKS = {"p", "h1", "h2", "h3", "h4", "div", "ul", "ol", "dl", "table",
          "form", "section", "details", "figure", "nav", "main", "header",
          "footer"}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "list")


class Nesting(HTMLParser):
    """The rules of HTML that a page of ours could break: every element closes,
    in order, and stands where it may; ids are unique and what refers to one
    finds it; no attribute twice; one h1; every picture has a text."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.faults = [], set(), []
        self.references, self.headings = [], 0

    def place(self, tag):
        parent = self.open[-1] if self.open else None
        allowed = CHILDREN.get(parent)
        if allowed and tag not in allowed:
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag in BLOCKS:
            around = PHRASES.intersection(self.open)
            if around:
                self.faults.append(f"<{tag}> in <{around.pop()}>")
        if tag in ("a", "button") and {"a", "button"}.intersection(self.open):
            self.faults.append(f"<{tag}> in another control")
        if tag == "form" and "form" in self.open:
            self.faults.append("a form in a form")

    def handle_starttag(self, tag, attrs):
        if "svg" not in self.open:
            self.place(tag)
        if tag not in VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}>: an attribute twice: {names}")
        known = dict(attrs)
        if known.get("id") in self.ids:
            self.faults.append(f"id {known['id']} twice")
        if "id" in known:
            self.ids.add(known["id"])
        self.references += [(name, known[name]) for name in REFERENCES
                            if name in known]
        self.headings += tag == "h1"
        if tag == "img" and not known.get("alt"):
            self.faults.append("a picture without a text")

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def close(self):
        super().close()
        for name, value in self.references:
            if value not in self.ids:
                self.faults.append(f"{name}={value} refers to nothing")
        if self.headings != 1:
            self.faults.append(f"{self.headings} h1")


def strict_faults(page):
    """What the HTML standard's own parser calls an error; nothing where
    html5lib is absent."""
    if not html5lib:
        return []
    parser = html5lib.HTMLParser()
    parser.parse(page)
    return [f"{where}: {code} {data}" for where, code, data in parser.errors]


class Browser:
    """Cookies, forms and redirects, nothing more."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self.body = b""

    def request(self, method, path, body=None, headers=None):
        context = ssl._create_unverified_context()
        c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30,
                                        context=context)
        head = dict(headers or {})
        if self.cookies:
            head["Cookie"] = "; ".join(f"{k}={v}"
                                       for k, v in self.cookies.items())
        c.request(method, path, body, head)
        answer = c.getresponse()
        self.body = answer.read()
        self.headers = answer.headers
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        c.close()
        return answer.status

    def get(self, path):
        status = self.request("GET", path)
        if "html" in self.headers.get("Content-Type", "") and self.body:
            check(len(self.body) <= PAGE_MAX_BYTES,
                  f"{path}: {len(self.body)} bytes")
            nesting = Nesting()
            nesting.feed(self.body.decode())
            nesting.close()
            check(not nesting.faults and not nesting.open,
                  f"{path}: {nesting.faults} {nesting.open}")
            faults = strict_faults(self.body.decode())
            check(not faults, f"{path}: {faults}")
        return status

    def csrf(self):
        found = re.search(rb'name="csrf" value="([0-9a-f]+)"', self.body)
        return found.group(1).decode() if found else ""

    def post(self, path, token=True, **fields):
        if token:
            fields["csrf"] = self.csrf()
        return self.request(
            "POST", path, urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path, fields, files, headers=None):
        edge = "anketa-edge"
        body = b""
        for name, value in fields.items():
            body += (f"--{edge}\r\nContent-Disposition: form-data; "
                     f'name="{name}"\r\n\r\n{value}\r\n').encode()
        for name, (file_name, kind, data) in files.items():
            body += (f"--{edge}\r\nContent-Disposition: form-data; "
                     f'name="{name}"; filename="{file_name}"\r\n'
                     f"Content-Type: {kind}\r\n\r\n").encode()
            body += data + b"\r\n"
        body += f"--{edge}--\r\n".encode()
        head = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        head.update(headers or {})
        return self.request("POST", path, body, head)

    def sign_in(self, login, password):
        return self.post("/sign-in", token=False, login=login,
                         password=password)


def check(condition, what):
    if not condition:
        raise Failure(what)


def expect(got, want, what):
    check(got == want, f"{what}: {got}, expected {want}")


ROLES = ["coordinator", "head", "psychologist", "technician"]
# Which status each role gets; "" is somebody not signed in.
PAGES = {
    "/": {"": 303, "coordinator": 200, "head": 200, "psychologist": 200,
          "technician": 303},
    "/summary/interim_mentee": {"": 303, "coordinator": 200, "head": 200,
                                "psychologist": 200, "technician": 404},
    "/questionnaires": {"": 303, "coordinator": 200, "head": 403,
                        "psychologist": 403, "technician": 403},
    "/questionnaires/1": {"": 303, "coordinator": 200, "head": 403,
                          "psychologist": 403, "technician": 403},
    "/questionnaires/preview/1": {"": 303, "coordinator": 200, "head": 403,
                                  "psychologist": 403, "technician": 403},
    "/indicators": {"": 303, "coordinator": 200, "head": 200,
                    "psychologist": 403, "technician": 403},
    "/backup": {"": 303, "coordinator": 200, "head": 403,
                "psychologist": 403, "technician": 403},
    "/keys": {"": 303, "coordinator": 200, "head": 403,
              "psychologist": 403, "technician": 403},
    "/kiosks": {"": 303, "coordinator": 200, "head": 403,
                "psychologist": 403, "technician": 200},
    "/kiosks/settings": {"": 303, "coordinator": 200, "head": 403,
                         "psychologist": 403, "technician": 200},
    "/meetings": {"": 303, "coordinator": 200, "head": 403,
                  "psychologist": 403, "technician": 403},
    "/meetings/1": {"": 303, "coordinator": 404, "head": 403,
                    "psychologist": 403, "technician": 403},
    "/votes/interim_mentee": {"": 303, "coordinator": 404, "head": 404,
                              "psychologist": 403, "technician": 403},
    "/roadmap": {"": 303, "coordinator": 200, "head": 200,
                 "psychologist": 403, "technician": 403},
    "/roadmap/1": {"": 303, "coordinator": 404, "head": 403,
                   "psychologist": 403, "technician": 403},
    "/roadmap.ics": {"": 303, "coordinator": 200, "head": 200,
                     "psychologist": 403, "technician": 403},
    "/pairs": {"": 303, "coordinator": 200, "head": 403,
               "psychologist": 200, "technician": 403},
    "/pairs/1": {"": 303, "coordinator": 404, "head": 403,
                 "psychologist": 403, "technician": 403},
    "/people": {"": 303, "coordinator": 200, "head": 403,
                "psychologist": 403, "technician": 403},
    "/people/new": {"": 303, "coordinator": 200, "head": 403,
                    "psychologist": 403, "technician": 403},
    "/people/import": {"": 303, "coordinator": 200, "head": 403,
                       "psychologist": 403, "technician": 403},
    "/bank/mentees": {"": 303, "coordinator": 200, "head": 403,
                      "psychologist": 403, "technician": 403},
    "/bank/mentors.csv": {"": 303, "coordinator": 200, "head": 403,
                          "psychologist": 403, "technician": 403},
    "/bank/entry/1": {"": 303, "coordinator": 404, "head": 403,
                      "psychologist": 403, "technician": 403},
    "/people/999": {"": 303, "coordinator": 404, "head": 403,
                    "psychologist": 403, "technician": 403},
    "/training": {"": 303, "coordinator": 200, "head": 403,
                  "psychologist": 403, "technician": 403},
    "/training/999": {"": 303, "coordinator": 404, "head": 403,
                      "psychologist": 403, "technician": 403},
    "/training/certificates": {"": 303, "coordinator": 200, "head": 200,
                               "psychologist": 403, "technician": 403},
    "/training/certificates.csv": {"": 303, "coordinator": 200, "head": 200,
                                   "psychologist": 403, "technician": 403},
    "/documents": {"": 303, "coordinator": 200, "head": 403,
                   "psychologist": 403, "technician": 403},
    "/documents/nothing": {"": 303, "coordinator": 404, "head": 403,
                           "psychologist": 403, "technician": 403},
    "/users": {"": 303, "coordinator": 200, "head": 403, "psychologist": 403,
               "technician": 403},
    "/audit": {"": 303, "coordinator": 200, "head": 403, "psychologist": 403,
               "technician": 403},
    "/phones": {"": 303, "coordinator": 200, "head": 403, "psychologist": 403,
                "technician": 403},
    "/tokens": {"": 303, "coordinator": 200, "head": 403, "psychologist": 403,
                "technician": 403},
    "/remarks/interim_mentee": {"": 303, "coordinator": 404, "head": 403,
                                "psychologist": 403, "technician": 403},
    "/conclusions/interim_mentee": {"": 303, "coordinator": 404, "head": 403,
                                    "psychologist": 403, "technician": 403},
    "/api/v1/waves": {"": 401, "coordinator": 401, "head": 401,
                      "psychologist": 401, "technician": 401},
    "/stick": {"": 303, "coordinator": 200, "head": 403,
               "psychologist": 403, "technician": 200},
    "/slips/interim_mentee": {"": 303, "coordinator": 404, "head": 403,
                              "psychologist": 403, "technician": 403},
    "/sign-in": {"": 200, "coordinator": 200, "head": 200,
                 "psychologist": 200, "technician": 200},
    "/nothing": {"": 404, "coordinator": 404, "head": 404,
                 "psychologist": 404, "technician": 404},
}


# Who may send the forms of which route.
ALONE = {"coordinator"}
FORMS = {
    **dict.fromkeys(("/remarks/*", "/conclusions/*", "/questionnaires",
                     "/questionnaires/*", "/waves/close", "/waves/cancel",
                     "/waves/link", "/slips/*", "/meetings", "/meetings/*",
                     "/roadmap", "/roadmap/*", "/people/slips",
                     "/people/import", "/people/*", "/pairs", "/pairs/*",
                     "/training", "/training/*",
                     "/documents", "/documents/*", "/bank/*", "/indicators", "/backup",
                     "/backup/sheet", "/keys/renew", "/users",
                     "/users/change", "/phones", "/phones/*", "/tokens",
                     "/tokens/revoke"), ALONE),
    # The head reads results; the button is the coordinator's.
    "/votes/*": {"coordinator", "head"},
    **dict.fromkeys(("/kiosks", "/kiosks/settings", "/kiosks/revoke", "/stick", "/stick/receipt",
                     "/stick/library"), {"coordinator", "technician"}),
}


def roles_and_pages(port, admin):
    browsers = {"": Browser(port), "coordinator": admin}
    for role, number in (("head", 1), ("psychologist", 2), ("technician", 3)):
        admin.get("/users")
        expect(admin.post("/users", login=role, name=role, role=number), 200,
               f"making {role}")
        password = re.search(rb'class="code">([^<]+)<', admin.body).group(1)
        browsers[role] = Browser(port)
        expect(browsers[role].sign_in(role, password.decode()), 303,
               f"{role} signs in")
    for path, wants in PAGES.items():
        for role, want in wants.items():
            expect(browsers[role].get(path), want, f"{path} for {role or '-'}")
    shown = {routes.matching(path, routes.pages("GET")) for path in PAGES}
    # Wrong tokens are throttled: one address of the two is enough here.
    missed = set(routes.pages("GET")) - shown - {"/api/v1/waves/*"}
    check(not missed, f"no role was tried on {missed}")
    roles_and_forms(browsers)
    return browsers


def roles_and_forms(browsers):
    """Who may not send a form is refused, whatever it says."""
    missed = set(routes.pages("POST")) - set(FORMS) - {"/sign-in", "/sign-out"}
    check(not missed, f"no role was tried on forms to {missed}")
    for route, allowed in FORMS.items():
        path = route.replace("*", "999")
        for role, browser in browsers.items():
            browser.get("/sign-in")
            status = browser.post(path)
            if role == "":
                expect(status, 303, f"{path} posted by nobody")
            elif role in allowed:
                check(status not in (403, 500), f"{path} by {role}: {status}")
            else:
                expect(status, 403, f"{path} posted by {role}")


def forged_forms(port, admin):
    expect(admin.post("/kiosks", token=False, name="x"), 403, "no token")
    expect(admin.post("/kiosks", token=False, name="x", csrf="0" * 64), 403,
           "wrong token")
    stranger = Browser(port)
    expect(stranger.post("/kiosks", token=False, name="x"), 303,
           "not signed in")
    for method in ("PUT", "DELETE"):
        expect(stranger.request(method, "/kiosks"), 405, method)


def questionnaires(admin):
    admin.get("/questionnaires")
    token = {"csrf": admin.csrf()}
    broken = b"survey,,,\n,type,name,label\n,select_one nope,a,A?\n"
    expect(admin.upload("/questionnaires", token,
                        {"file": ("broken.csv", "text/csv", broken)}),
           422, "a questionnaire with a fault")
    check(b"broken.csv" in admin.body, "the fault is named")
    expect(admin.upload("/questionnaires", token,
                        {"file": ("x.exe", "x/y", b"MZ")}), 422, "no form")
    survey = (SURVEYS / "satisfaction.csv").read_bytes()
    status = admin.upload("/questionnaires", token,
                          {"file": ("satisfaction.csv", "text/csv", survey)})
    check(status in (200, 303), f"a good questionnaire: {status}")
    admin.get("/questionnaires")
    path = re.search(rb"/questionnaires/\d+", admin.body).group(0).decode()
    expect(admin.get(path), 200, "its page")
    expect(admin.post(path, title="весна", invited="20"), 303, "open a wave")
    admin.get(path)
    check("весна".encode() in admin.body, "the wave is listed")
    terms(admin, path)
    expect(admin.post("/waves/link", wave="satisfaction"), 200, "a link")
    link = re.search(rb"/summary/satisfaction\?key=[0-9a-f]{64}", admin.body)
    reader = Browser(admin.port)
    expect(reader.get(link.group(0).decode()), 200, "reading by link")
    expect(reader.get("/summary/interim_mentee?key="
                      + link.group(0).decode()[-64:]), 303,
           "another wave by the same link")
    admin.get(path)
    expect(admin.post("/waves/close", wave="satisfaction"), 303, "close it")


def terms(admin, path):
    """Terms that cannot be are told, and nothing typed is lost."""
    for wrong in ({"opens": "2090-02-01", "closes": "2090-01-01"},
                  {"closes": "2020-01-01"}, {"closes": "14.05.2090"},
                  {"k": "2"}, {"k": "7", "k_text": "5"}, {"invited": "many"},
                  {"invited": "-3"}, {"kind": "9"}, {"title": "x" * 300}):
        admin.get(path)
        expect(admin.post(path, **wrong, note="осень"), 422, str(wrong))
        check(b'role="alert"' in admin.body, f"{wrong}: told")
    admin.get(path)
    groups = re.findall(rb'name="(group\d+)"( value="1" checked)?', admin.body)
    check(any(marked for _, marked in groups),
          "groups that the questionnaire marks are ticked")
    wanted = {name.decode(): "1" for name, _ in groups}
    if len(groups) > 3:
        expect(admin.post(path, groups="1", **wanted), 422, "too many groups")
        check(admin.body.count(b'value="1" checked') == len(groups),
              "what was ticked stays ticked")
    admin.get(path)
    expect(admin.post(path, title="осень", opens="2090-01-01",
                      closes="2090-01-31", k="4", k_text="12", kind="0",
                      invited="30"), 303, "a wave to come")
    admin.get(path)
    check("осень".encode() in admin.body and b"2090" in admin.body,
          "the wave to come is listed")
    plan = re.search(rb'name="plan" value="(\d+)"', admin.body).group(1)
    expect(admin.post("/waves/cancel", plan=plan.decode()), 303, "give it up")
    admin.get(path)
    check("осень".encode() not in admin.body, "it is given up")


def png(side):
    """A red square."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    rows = (b"\0" + b"\xff\0\0" * side) * side
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


PICTURE_FORM = """survey,,,,
,type,name,label,media::image
,select_one yes_no,tree,A tree?,tree.png
choices,,,,
,list_name,name,label,
,yes_no,yes,Yes,
,yes_no,no,No,
settings,,,,
,form_title,form_id,version,
,Tree,tree,1,
"""


def pictures(admin):
    """A picture that did not come is told, and may come later."""
    form = ("tree.csv", "text/csv", PICTURE_FORM.encode())
    admin.get("/questionnaires")
    token = {"csrf": admin.csrf()}
    expect(admin.upload("/questionnaires", token, {"file": form}), 200,
           "without its picture")
    check(b"tree.png" in admin.body, "the missing picture is named")
    admin.get("/questionnaires")
    path = max(re.findall(rb"/questionnaires/(\d+)", admin.body), key=int)
    page = f"/questionnaires/preview/{path.decode()}"
    expect(admin.get(page), 200, "preview without it")
    expect(admin.get(page + "/en/1"), 200, "its first page")
    without = admin.body
    expect(admin.upload("/questionnaires", token,
                        {"file": form,
                         "media": ("tree.png", "image/png", png(64))}), 303,
           "with its picture")
    expect(admin.get(page), 200, "preview with it")
    expect(admin.get(page + "/en/1"), 200, "its first page")
    check(admin.body != without, "the kiosk's page shows the picture")


def preview(admin):
    """The kiosk's own pictures of every page, in both languages."""
    for lang in ("ru", "en"):
        expect(admin.get(f"/questionnaires/preview/1?lang={lang}"), 200,
               "preview")
        pictures = re.findall(
            rf'src="(/questionnaires/preview/1/{lang}/\d+)"',
            admin.body.decode())
        check(len(pictures) >= 15, f"{len(pictures)} pictures")
        for picture in pictures:
            expect(admin.get(picture), 200, picture)
            check(admin.body.startswith(b"\x89PNG"), f"{picture}: no PNG")
    for path in ("/ru/0", "/ru/999", "/de/1", "/ru/1x", "/ru/../../1"):
        expect(admin.get("/questionnaires/preview/1" + path), 404, path)
    expect(admin.get("/questionnaires/preview/77"), 404, "no such form")


def roadmap(admin):
    """The board from empty to a calendar file."""
    expect(admin.get("/roadmap?lang=en"), 200, "an empty board")
    expect(admin.post("/roadmap", usual="1"), 303, "the usual measures")
    expect(admin.get("/roadmap"), 200, "the board")
    check(b"Hold the group meeting" in admin.body, "the usual measures stand")
    for first, last in (("2026-12-31", "2026-12-01"), ("2026-02-30", ""),
                        ("x", "y")):
        expect(admin.post("/roadmap", stage="5", text="A <b> meeting",
                          responsible="", first=first, last=last), 422,
               f"days {first} {last}")
    expect(admin.get("/roadmap"), 200, "the board")
    expect(admin.post("/roadmap", stage="5", text="A <b>, meeting",
                      responsible="Anna", first="2020-01-01",
                      last="2020-01-31"), 303, "a measure")
    expect(admin.get("/roadmap"), 200, "the board")
    check(b"A &lt;b&gt;, meeting" in admin.body, "it is shown as written")
    check(b"overdue" in admin.body, "it is overdue")
    path = re.search(rb'href="(/roadmap/\d+)">A &lt;b', admin.body)[1].decode()
    expect(admin.get(path), 200, "one measure")
    expect(admin.post(path, text="Met", responsible="", first="2020-01-01",
                      last="2020-01-31", done="1"), 303, "done")
    expect(admin.get("/roadmap.ics"), 200, "the calendar")
    check(b"SUMMARY:Met\r\n" in admin.body
          and b"DTEND;VALUE=DATE:20200201\r\n" in admin.body
          and admin.body.count(b"BEGIN:VEVENT") == 1, "one event")
    expect(admin.get(path), 200, "one measure")
    expect(admin.post(path, drop="1"), 303, "removed")
    expect(admin.get(path), 404, "gone")


def limits(port):
    c = Browser(port)
    # Not sent: the server may close before the last of it has left.
    expect(c.request("POST", "/sync/v1/enrol", None,
                     {"Content-Length": "100000"}), 413,
           "too large a body, announced")
    expect(c.request("POST", "/sync/v1/batch", b"no batch"), 400, "no batch")
    expect(c.request("POST", "/sync/v1/batch", b""), 400, "an empty body")
    expect(c.request("GET", "/sync/v1/batch"), 405, "GET of a batch")
    expect(c.request("GET", "/sync/v1/identity"), 200, "the identity")
    c.cookies = {"__Host-anketa": "zz" * 32}
    expect(c.get("/users"), 303, "a made-up session")
    c.cookies = {}


def too_many_guesses(port):
    guesser = Browser(port)
    seen = [guesser.sign_in("coordinator", f"wrong password {i}")
            for i in range(12)]
    expect(seen[0], 403, "a wrong password")
    expect(seen[-1], 429, "a dozen wrong passwords")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    folder = Path(tempfile.mkdtemp(prefix="anketa-desk-"))
    port = free_port()
    collector = Collector(parser.parse_args().bin, folder / "c", port)
    try:
        text = collector.command("init", collector.folder,
                                 "--name", "Детский сад «Ромашка»")
        password = re.search(r"password: (\S+)", text).group(1)
        collector.form_add("interim_mentee", "--live")
        collector.serve()
        admin = Browser(port)
        expect(admin.sign_in("coordinator", password), 303, "signing in")
        roles_and_pages(port, admin)
        forged_forms(port, admin)
        questionnaires(admin)
        preview(admin)
        roadmap(admin)
        pictures(admin)
        limits(port)
        admin.get("/")
        expect(admin.post("/sign-out"), 303, "signing out")
        expect(admin.get("/users"), 303, "after signing out")
        too_many_guesses(port)
    finally:
        if collector.process:
            collector.process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("desk: every page for every role, forms: as they should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"desk: {failure}")
