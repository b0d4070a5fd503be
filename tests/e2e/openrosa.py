#!/usr/bin/env python3
"""Other OpenRosa clients at the collector: the request sequences of ODK Collect
and of Enketo, byte for byte over real TLS, and what is answered: forms, media,
Digest and Basic, repeats, files in several requests, refusals with a reason.

    openrosa.py --bin BUILD/bin
"""
import argparse
import hashlib
import re
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from xml.etree import ElementTree

from desk import Browser
from installation import Collector
from openrosa_client import Collect, Enketo, Wire, digest, parameters
from rig import Failure, free_port

XFORMS = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
LIMIT = 10000000

VISIT = """survey,,,
,type,name,label,required
,select_one_from_file groups.csv,group,Which group?,
,text,note,What did you see?,yes
,image,board,A picture of the board,
,image,corner,A picture of the corner,
settings,,,
,form_title,form_id,version,anketa_kind
,Visit,visit,{version},named
"""
GROUPS = "name,label\nsun,Солнышко\nsea,Море\n"


def check(condition, what):
    if not condition:
        raise Failure(what)


def expect(got, want, what):
    check(got == want, f"{what}: {got!r}, expected {want!r}")


def openrosa_headers(answer, what):
    expect(answer.get("X-OpenRosa-Version"), "1.0", f"{what}: version")
    expect(answer.get("X-OpenRosa-Accept-Content-Length"), str(LIMIT),
           f"{what}: largest content")
    check(answer.get("Date"), f"{what}: a Date")


def said(answer, status, what):
    """Status and message of a submission's answer."""
    expect(answer.status, status, f"{what} ({answer.body.decode()})")
    openrosa_headers(answer, what)
    expect(answer.get("Content-Type"), "text/xml; charset=utf-8", what)
    root = ElementTree.fromstring(answer.body)
    expect(root.tag, RESPONSE + "OpenRosaResponse", what)
    message = root.find(RESPONSE + "message")
    expect(message.get("nature"),
           "submit_success" if status < 300 else "error", what)
    return message.text


def visit(note="Хорошо", version="1", board="", corner="", instance=None,
          root='id="visit" version="{}"'):
    instance = instance or f"uuid:{uuid.uuid4()}"
    return (f"<?xml version='1.0' ?><data {root.format(version)} "
            'xmlns:orx="http://openrosa.org/xforms"><group>sun</group>'
            f"<note>{note}</note><board>{board}</board><corner>{corner}</corner>"
            f"<orx:meta><orx:instanceID>{instance}</orx:instanceID></orx:meta>"
            "</data>").encode()


def interim(satisfaction=9, instance=None):
    instance = instance or f"uuid:{uuid.uuid4()}"
    return ('<?xml version=\'1.0\' ?><data id="interim_mentee" version="1">'
            "<met>several</met><usefulness>9</usefulness><comfort>8</comfort>"
            "<theory>7</theory><practice>9</practice>"
            "<activities>talk</activities><support>9</support>"
            "<progress>much</progress><pace>right</pace>"
            "<meetings_wanted>4</meetings_wanted>"
            f"<satisfaction>{satisfaction}</satisfaction><change/>"
            f"<meta><instanceID>{instance}</instanceID></meta></data>").encode()


def listed(client):
    """Form id to the children of its entry."""
    answer = client.form_list()
    expect(answer.status, 200, "the list")
    openrosa_headers(answer, "the list")
    expect(answer.get("Content-Type"), "text/xml; charset=utf-8", "the list")
    root = ElementTree.fromstring(answer.body)
    expect(root.tag, XFORMS + "xforms", "the list's root")
    return {x.find(XFORMS + "formID").text:
            {c.tag[len(XFORMS):]: c.text for c in x} for x in root}


def signing_in(port, password):
    """What is offered, and what each wrong way of answering it brings."""
    wire = Wire(port)
    plain = (f"GET /openrosa/formList HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
             "X-OpenRosa-Version: 1.0\r\n{}\r\n")
    answer = wire.ask(plain.format("").encode())
    expect(answer.status, 401, "nobody")
    offered = answer.all("WWW-Authenticate")
    expect([o.split(" ")[0] for o in offered], ["Digest", "Digest", "Basic"],
           "what is offered")
    expect([parameters(o).get("algorithm") for o in offered],
           ["SHA-256", "MD5", None], "algorithms, in this order")
    check(all('qop="auth"' in o for o in offered[:2]), "qop")

    def ask(p, secret=password, uri="/openrosa/formList", nc=1, user="olga",
            response=None, nonce=None):
        if nonce:
            p = {**p, "nonce": nonce}
        response = response or digest(p, user, secret, "GET", uri, nc)
        return wire.ask(plain.format(
            f'Authorization: Digest username="{user}", realm="{p["realm"]}", '
            f'nonce="{p["nonce"]}", uri="{uri}", algorithm={p["algorithm"]}, '
            f'qop=auth, nc={nc:08x}, cnonce="0a4f113b", '
            f'response="{response}"\r\n').encode())

    for offer in offered[:2]:
        p = parameters(offer)
        kind = p["algorithm"]
        expect(ask(p).status, 200, f"{kind}: right")
        again = ask(p)
        expect(again.status, 401, f"{kind}: the same once more")
        check("stale=true" in again.all("WWW-Authenticate")[0],
              f"{kind}: a replay is stale, not wrong")
        expect(ask(p, nc=3).status, 200, f"{kind}: a later count")
        expect(ask(p, nc=2).status, 200, f"{kind}: one that was overtaken")
        expect(ask(p, nc=2).status, 401, f"{kind}: that again")
        expect(ask(p, nc=4, uri="/openrosa/submission").status, 401,
               f"{kind}: for another address")
        expect(ask(p, nc=5, secret="x" + password).status, 401,
               f"{kind}: a wrong password")
        expect(ask(p, nc=6, user="nobody").status, 401, f"{kind}: no account")
        made_up = ask(p, nonce="0" * 64)
        check(made_up.status == 401
              and "stale=true" in made_up.all("WWW-Authenticate")[0],
              f"{kind}: a nonce of an earlier life")
    expect(wire.ask(plain.format("Authorization: Digest x\r\n").encode()).status,
           401, "a header that is none")
    wire.close()


def guessing(port):
    """From an address of its own, so that nobody else is kept waiting."""
    seen = []
    for i in range(12):
        client = Enketo(port, "/openrosa", "olga", f"guess {i}", basic=True)
        answer = client.get("/formList")
        seen.append(answer.status)
    expect(seen[0], 401, "a wrong password")
    expect(seen[-1], 429, "a dozen wrong passwords")


def collect(port, password):
    """Forms as Collect fetches them, then submissions with files."""
    client = Collect(port, "/openrosa", "olga", password)
    forms = listed(client)
    expect(sorted(forms), ["interim_mentee", "visit"], "forms of a person")
    entry = forms["visit"]
    for name in ("name", "version", "hash", "downloadUrl", "manifestUrl"):
        check(entry.get(name), f"{name} of the form")
    form = client.fetch(entry["downloadUrl"])
    expect(form.status, 200, "the form")
    expect("md5:" + hashlib.md5(form.body).hexdigest(), entry["hash"],
           "its hash")
    manifest = client.fetch(entry["manifestUrl"])
    expect(manifest.status, 200, "the manifest")
    openrosa_headers(manifest, "the manifest")
    expect(manifest.get("Content-Type"), "text/xml; charset=utf-8",
           "the manifest")
    media = ElementTree.fromstring(manifest.body).find(MANIFEST + "mediaFile")
    expect(media.find(MANIFEST + "filename").text, "groups.csv", "its file")
    data = client.fetch(media.find(MANIFEST + "downloadUrl").text)
    expect("md5:" + hashlib.md5(data.body).hexdigest(),
           media.find(MANIFEST + "hash").text, "the hash of the file")
    expect(data.body.decode(), GROUPS, "the file")

    head = client.head_submission()
    expect(head.status, 204, "HEAD")
    openrosa_headers(head, "HEAD")
    expect(head.get("Location"), None, "no Location, which Collect mistrusts")
    first = visit(board="1.jpg", corner="2.jpg", instance="uuid:1")
    files = [("1.jpg", b"\xff\xd8" + b"a" * 3000), ("2.jpg", b"\xff\xd8b")]
    answers = client.submit(first, files, limit=3000)
    expect([a.status for a in answers], [201, 202], "files in two requests")
    expect([a.status for a in client.submit(first, files)], [202],
           "all of it once more")
    said(client.submit(visit("Иначе", instance="uuid:1"))[-1], 409,
         "the same instanceID with other answers")
    return client, files


def edited(xml):
    return xml.replace(b"<orx:instanceID>",
                       b"<orx:deprecatedID>uuid:1</orx:deprecatedID>"
                       b"<orx:instanceID>")


def refusals(client):
    """Each with a reason that names what is wrong."""
    cases = [
        (visit(note=""), (), 400, "/data/note"),
        (visit(board="x.jpg"), [("y.jpg", b"z")], 400, "y.jpg"),
        (visit(root='id="nowhere" version="{}"'), (), 404, None),
        (visit(version="9"), (), 404, None),
        (visit(root='id="visit" version="{}" encrypted="yes"'), (), 400,
         "encrypted"),
        (b"<data/>", (), 400, None),
        (b"no xml", (), 400, None),
        (visit(instance=" "), (), 400, "instanceID"),
        (interim(99), (), 400, None),
        # An edit of what was sent: taken in, it would count twice.
        (edited(visit(instance="uuid:edit")), (), 400, "deprecatedID"),
        (interim(), [("1.jpg", b"z")], 400, None),
    ]
    for number, (xml, files, status, names) in enumerate(cases):
        answer = client.submit(xml, files)[-1]
        message = said(answer, status, f"refusal {number}")
        check(not names or names in message or names == "encrypted",
              f"refusal {number} names {names}: {message}")
    body = (b'--edge\r\nContent-Disposition: form-data; name="x"\r\n\r\ny'
            b"\r\n--edge--\r\n")
    said(client.send("POST", client.url("/submission"), body,
                     "multipart/form-data; boundary=edge"), 400, "no XML part")
    said(client.send("POST", client.url("/submission"), body, "text/plain"),
         415, "no multipart")
    expect(client.send("GET", client.url("/submission")).status, 405,
           "GET of submissions")
    expect(client.send("GET", client.url("/form/99999")).status, 404, "no form")


def too_large(port, password):
    client = Collect(port, "/openrosa", "olga", password)
    client.form_list()
    head = client.head_lines("POST", "/openrosa/submission",
                             "multipart/form-data; boundary=e", LIMIT + 1)
    said(client.wire.ask(head), 413, "more than was announced as possible")
    client.wire.close()


def secret_address(collector, port):
    """Without an account: anonymous questionnaires only, and no names."""
    base = collector.command("openrosa", collector.folder).strip()
    client = Collect(port, base)
    expect(sorted(listed(client)), ["interim_mentee"], "forms for nobody")
    expect(client.head_submission().status, 204, "HEAD")
    xml = interim()
    said(client.submit(xml)[-1], 201, "anonymous")
    said(client.submit(xml)[-1], 202, "the same")
    said(client.submit(visit())[-1], 403, "a named one from nobody")
    expect(client.send("GET", base + "/formList?formID=nothing").status, 200,
           "a list of nothing")
    wrong = base[:-1] + ("0" if base[-1] != "0" else "1")
    expect(Collect(port, wrong).form_list().status, 403, "another key")
    bare = Wire(port)
    answer = bare.ask(f"GET {base}/formList HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    said(answer, 400, "no version header")
    bare.close()
    verbose = client.send("GET", base + "/formList?verbose=true")
    check(b"<descriptionText>" in verbose.body, "a verbose list")
    check(b"<descriptionText>" not in client.form_list().body, "a short list")


def by_the_desk(collector, port):
    """The coordinator makes an account, passes answers on, and takes it back."""
    admin = Browser(port)
    expect(admin.sign_in(collector.login, collector.password), 303, "signing in")
    expect(admin.get("/phones"), 200, "the page")
    expect(admin.post("/phones", login="имя", code=""), 422, "no login")
    admin.get("/phones")
    expect(admin.post("/phones", login="anna", code="nobody"), 422, "no code")
    admin.get("/phones")
    expect(admin.post("/phones", login="anna", code=""), 200, "an account")
    password = re.search(rb'class="code">([^<]+)<', admin.body).group(1).decode()
    client = Collect(port, "/openrosa", "anna", password)
    expect(sorted(listed(client)), ["interim_mentee"], "forms for her")
    said(client.submit(visit())[-1], 403, "she belongs to no person")
    for url, want in (("http://x.example", 422), ("https://x.example/", 422),
                      ("https://x.example/v1/key/k/projects/1", 303)):
        admin.get("/phones")
        expect(admin.post("/phones/forward", url=url, there="", password=""),
               want, url)
    admin.get("/phones")
    check(b"https://x.example/v1/key/k/projects/1" in admin.body, "where to")
    for change in ("retry", "stop"):
        expect(admin.post("/phones/" + change), 303, change)
        admin.get("/phones")
    expect(admin.post("/phones/remove", login="anna"), 303, "taken back")
    expect(client.form_list().status, 401, "she is let in no more")


def versions(collector, port, password, folder):
    (folder / "visit2.csv").write_text(VISIT.format(version=2),
                                       encoding="utf-8")
    collector.command("form", "add", collector.folder, folder / "visit2.csv")
    client = Collect(port, "/openrosa", "olga", password)
    expect(listed(client)["visit"]["version"], "2", "the newest version")
    every = client.send("GET", "/openrosa/formList?listAllVersions=true")
    expect(len(re.findall(b"<formID>visit<", every.body)), 2, "all versions")
    one = client.send("GET", "/openrosa/formList?formID=visit")
    expect(re.findall(b"<formID>(.*?)<", one.body), [b"visit"], "one form")


def enketo(port, password):
    """One answer at a time; files come without a word that more follow."""
    for basic in (False, True):
        client = Enketo(port, "/openrosa", "olga", password, basic)
        expect(client.get("/formList?formID=visit").status, 200, "the list")
        size = client.max_size()
        check(200 <= size.status < 300, "HEAD with 2xx")
        openrosa_headers(size, "HEAD")
        instance = f"uuid:{uuid.uuid4()}"
        xml = visit(board="a.png", corner="b.png", instance=instance)
        said(client.submit(xml, instance, [("a.png", b"1" * 5000)]), 201,
             "the first part, chunked")
        said(client.submit(xml, instance, [("b.png", b"2")], chunked=False),
             202, "the second")
    said(Enketo(port, "/openrosa").submit(xml, instance), 401, "nobody")


def what_was_kept(collector, files, folder):
    """Only the latest answer of a person counts, with its files."""
    collector.command("openrosa", "files", collector.folder,
                      collector.waves["visit"], folder / "files")
    found = {p.name: p.read_bytes() for p in (folder / "files").rglob("*.*")}
    expect(found, dict(files), "files")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    folder = Path(tempfile.mkdtemp(prefix="anketa-openrosa-"))
    port = free_port()
    collector = Collector(parser.parse_args().bin, folder / "c", port)
    try:
        collector.init()
        (folder / "visit.csv").write_text(VISIT.format(version=1),
                                          encoding="utf-8")
        (folder / "groups.csv").write_text(GROUPS, encoding="utf-8")
        collector.waves["visit"] = collector.command(
            "form", "add", collector.folder, folder / "visit.csv").split()[-1]
        collector.form_add("interim_mentee", "--live")
        code = collector.command("person", "add", collector.folder,
                                 "Ольга Ивановна").split()[-1]
        password = collector.command("openrosa", "add", collector.folder,
                                     "olga", "--person", code).strip()
        collector.serve()
        signing_in(port, password)
        client, files = collect(port, password)
        what_was_kept(collector, files, folder)
        refusals(client)
        too_large(port, password)
        secret_address(collector, port)
        enketo(port, password)
        by_the_desk(collector, port)
        expect(collector.taken("interim_mentee"), 1, "anonymous answers")
        expect(collector.taken("visit"), 1, "named answers")
        versions(collector, port, password, folder)
        collector.command("openrosa", "remove", collector.folder, "olga")
        expect(client.form_list().status, 401, "an account that was removed")
        guessing(port)
    finally:
        if collector.process:
            collector.process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("openrosa: ODK Collect and Enketo, byte for byte: as it should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"openrosa: {failure}")
