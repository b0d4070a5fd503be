#!/usr/bin/env python3
"""People at the desk over real HTTPS: a list pasted with faults by cell, a
workbook, search, categories, codes on paper, ten thousand people.

    people.py --bin BUILD/bin
"""
import argparse
import html
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from desk import Browser, check, expect
from installation import Collector
from rig import Failure, free_port

PASTED = ("ФИО\tРоль\tКатегория\tТелефон\n"
          "Иванова Анна Сергеевна\tнаставник\tвоспитатели\t+7 900 1\n"
          "Петрова <b>Ольга</b>\tнаставляемая\tвоспитатели\t\n"
          "Сидорова Вера\tдиректор\tлогопеды\t\n"
          "\tнаставник\tлогопеды\t\n")
MANY = 10000


def workbook(rows):
    """The least that is an .xlsx, with inline strings."""
    sheet = "".join(
        f'<row r="{r}">' + "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{html.escape(text)}'
            "</t></is></c>" for c, text in enumerate(row) if text) + "</row>"
        for r, row in enumerate(rows, 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxml'
                   'formats.org/package/2006/content-types"/>')
        z.writestr("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxm"
                   "lformats.org/package/2006/relationships\"><Relationship "
                   f'Id="r1" Type="{rel}/officeDocument" '
                   'Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}'
                   '"><sheets><sheet name="Люди" sheetId="1" r:id="r1"/>'
                   "</sheets></workbook>")
        z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://'
                   'schemas.openxmlformats.org/package/2006/relationships">'
                   f'<Relationship Id="r1" Type="{rel}/worksheet" '
                   'Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml",
                   f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
                   "</worksheet>")
    return out.getvalue()


def carried(admin):
    """What the first look hands on to the taking in."""
    found = re.findall(r'name="list" value="([^"]*)"', admin.body.decode())
    return html.unescape(found[-1]) if found else ""


def look(admin, text="", book=None):
    expect(admin.get("/people/import"), 200, "the form")
    files = {"file": ("people.xlsx", "application/octet-stream", book)} \
        if book else {}
    return admin.upload("/people/import",
                        {"csrf": admin.csrf(), "what": "look", "list": text},
                        files)


def take(admin):
    return admin.upload("/people/import",
                        {"csrf": admin.csrf(), "what": "take",
                         "list": carried(admin)}, {})


def pasted(admin):
    expect(look(admin, PASTED), 422, "a list with faults")
    page = admin.body.decode()
    for cell in ("B4", "A5"):
        check(f"<strong>{cell}</strong>: " in page, f"a fault at {cell}")
    check("Петрова &lt;b&gt;Ольга" in page, "what was typed is text")
    expect(admin.get("/people"), 200, "the list")
    check("Иванова" not in admin.body.decode(), "a look takes nothing in")
    expect(look(admin, PASTED), 422, "the same again")
    expect(take(admin), 303, "taking in what can be read")
    expect(admin.get("/people"), 200, "the list")
    page = admin.body.decode()
    check("Иванова Анна Сергеевна" in page, "who was read is there")
    check("Сидорова" not in page, "who was not is not")
    look(admin, PASTED)
    check(admin.body.decode().count("<td>уже есть</td>") == 2,
          "they are known by now")


def book(admin):
    rows = [("Имя", "Должность"), ("Яковлева Юлия", "логопеды"),
            ("Фёдорова Ия", "логопеды"), ("", "логопеды")]
    expect(look(admin, book=workbook(rows)), 422, "a workbook with a fault")
    check("<strong>A4</strong>" in admin.body.decode(), "its cell")
    expect(take(admin), 303, "taking it in")
    expect(look(admin, book=b"PK not a workbook"), 422, "a broken workbook")
    expect(admin.get("/people?category=%D0%BB%D0%BE%D0%B3%D0%BE%D0%BF%D0%B5"
                     "%D0%B4%D1%8B"), 200, "one category")
    page = admin.body.decode()
    check("Яковлева Юлия" in page and "Иванова" not in page, "its people")


def one(admin):
    expect(admin.get("/people?q=%D0%98%D0%92%D0%90%D0%9D%D0%9E%D0%92%D0%90"),
           200, "search without regard to capitals")
    page = admin.body.decode()
    check("Яковлева" not in page, "only who was searched for")
    path = re.search(r'href="(/people/\d+)"', page).group(1)
    expect(admin.get(path), 200, path)
    code = re.search(r'class="code">(\d{6})<', admin.body.decode()).group(1)
    expect(admin.post(path, what="save", name="", role="", category="",
                      contact=""), 422, "no name")
    admin.get(path)
    expect(admin.post(path, what="save", name="Иванова А. С.", role="mentee",
                      category="логопеды", contact="x"), 303, "a change")
    admin.get(path)
    check("Иванова А. С." in admin.body.decode(), "the new name")
    expect(admin.post(path, what="code"), 303, "another code")
    admin.get(path)
    check(code not in admin.body.decode(), "the old code is gone")
    expect(admin.post(path, token=False, what="code"), 403, "no token")
    return path


def paper(admin):
    admin.get("/people")
    expect(admin.post("/people/slips", q="", category=""), 200, "the paper")
    check(admin.body.startswith(b"%PDF"), "a PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-", "-"], input=admin.body,
                              capture_output=True, check=True).stdout.decode()
        check("Яковлева Юлия" in text, "whose code it is")
        check(re.search(r"\b\d{3}\s\d{3}\b", text), "the code")


def many(admin):
    text = "".join(f"Педагог {i:05}\t\tвоспитатели\n" for i in range(MANY - 4))
    expect(look(admin, text), 200, "a long list")
    expect(take(admin), 303, "taking it in")
    for path in ("/people", "/people?from=9800", "/people?q=09999", "/meetings"):
        admin.request("GET", path)
        check(len(admin.body) > 0, path)
    admin.get("/people?q=%D0%BF%D0%B5%D0%B4%D0%B0%D0%B3%D0%BE%D0%B3+00777")
    check("00777" in admin.body.decode(), "found among ten thousand")


def journal(admin):
    expect(admin.get("/audit"), 200, "the journal")
    page = admin.body.decode()
    check("добавлены люди: 2" in page, "what was done")
    check("Иванова" not in page and "Яковлева" not in page, "no names in it")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    folder = Path(tempfile.mkdtemp(prefix="anketa-people-"))
    port = free_port()
    collector = Collector(parser.parse_args().bin, folder / "c", port)
    try:
        collector.init()
        collector.serve()
        admin = Browser(port)
        admin.get("/sign-in?lang=ru")
        expect(admin.sign_in(collector.login, collector.password), 303,
               "signing in")
        pasted(admin)
        book(admin)
        one(admin)
        paper(admin)
        journal(admin)
        many(admin)
    finally:
        if collector.process:
            collector.process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("people: lists, search, codes, ten thousand: as they should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"people: {failure}")
