#!/usr/bin/env python3
"""Keys renewed, lost, guarded and recovered, with real programs.

    keys.py --bin BUILD/bin

  rotate    The sealing key is renewed while answers under the old one wait at
            the kiosk: both are counted.
  live      The same at the desk, in the running collector; not while a command
            uses the keys.
  switch    The next keys for signing and TLS are announced and taken into use:
            a kiosk that heard of it goes on; who did not is named, and the
            command waits for him.
  away      The same at the desk, and the sealing key with it, while one kiosk's
            daemon runs, one that had heard of it is off the network with
            answers waiting, and one never heard of it: all their answers count.
  revoke    A lost kiosk is let in no more, by command and at the desk: neither
            its batches nor its wish for the questionnaires; the other one is.
  guard     With a passphrase the collector starts only for who knows it.
  desk      The sheet and a backup from the browser.
  stick     Answers carried by hand, taken in and answered at the desk's page.
  disaster  The collector's folder is gone. Yesterday's backup and the printed
            sheet bring it back: what came after the backup is sent again by the
            kiosks, and every answer counts once.
"""
import fcntl
import os
import random
import re
import shutil
import socket
import ssl
import subprocess

from desk import Browser, check, expect
from installation import FORM, Collector, Kiosk, person
from rig import call, free_port, killed_writing, parts, trial, wait_for

COPY_BEGUN = 8192  # bytes: less than a database has
AT_LEAST = 5  # of an anonymous form leave together
PASSPHRASE = "шесть слов подряд для проверки"


class House:
    """A collector and its kiosks, each in a folder of its own."""

    def __init__(self, bin_dir, folder, names, chance):
        self.bin_dir = bin_dir
        self.folder = folder
        self.chance = chance
        self.port = free_port()
        self.collector = Collector(bin_dir, folder / "collector", self.port)
        self.confirmed = 0  # people
        self.collector.init()
        self.collector.form_add(FORM, "--live")
        self.collector.serve()
        self.kiosks = {}
        for name in names:
            self.add(name)

    def add(self, name):
        kiosk = Kiosk(self.bin_dir, self.folder / name / "kiosk",
                      f"https://127.0.0.1:{self.port}")
        kiosk.settings(name)
        kiosk.enrol(self.collector.enrol())
        self.kiosks[name] = kiosk
        self.once(name)
        return kiosk

    def once(self, name, code=0):
        call(self.kiosks[name].sync_args("once"), code=code)

    def fill(self, name, count=AT_LEAST):
        kiosk = self.kiosks[name]
        kiosk.fill(FORM)
        for _ in range(count):
            kiosk.send(person(self.chance))
            self.confirmed += 1
        kiosk.filler.kill()

    def restart(self):
        self.collector.process.stop()
        self.collector.serve()

    def keys(self, verb, *rest, code=0, env=None):
        return call([self.collector.program, "--lang", "en", "keys", verb,
                     self.collector.folder, *rest], code=code, env=env)

    def check(self, what):
        expect(self.collector.taken(FORM), self.confirmed, what)


def rotate(house):
    house.fill("staff")
    house.keys("rotate", code=1)  # the server has the old ones in memory
    house.collector.process.stop()
    house.keys("rotate")
    house.collector.serve()
    house.once("staff")
    house.check("sealed to the old key")
    house.fill("staff")
    house.once("staff")
    house.check("sealed to the new key")


class Desk:
    """The page of the keys, in the collector that runs."""

    def __init__(self, house):
        self.house = house
        self.file = house.collector.folder / "collector.keys"
        self.pid = house.collector.process.process.pid
        self.browser = Browser(house.port)
        self.browser.sign_in(house.collector.login, house.collector.password)

    def wish(self, what, code=303, **fields):
        expect(self.browser.get("/keys"), 200, "/keys")
        expect(self.browser.post("/keys/renew", what=what, **fields), code,
               f"the wish {what}")

    def renew(self, what, **fields):
        """Asks, and the very next request meets the new keys."""
        before = self.file.read_bytes()
        log = self.house.collector.process
        after = log.count
        self.wish(what, **fields)
        log.line("listening on", after=after)
        expect(self.browser.get("/keys"), 200, "/keys after the renewal")
        check(self.file.read_bytes() != before, "new keys in the file")
        expect((self.pid, log.alive()), (log.process.pid, True),
               "the collector that ran before")


SEAL, ANNOUNCE, SWITCH = "1", "2", "3"  # sync/collector/renewal.h


def live(house):
    desk = Desk(house)
    house.fill("staff")
    desk.renew(SEAL)
    house.once("staff")
    house.check("sealed to the key before")
    house.fill("staff")
    house.once("staff")
    house.check("sealed to the new key")

    before = desk.file.read_bytes()
    user = os.open(house.collector.folder, os.O_RDONLY)
    fcntl.flock(user, fcntl.LOCK_SH)  # as an import would
    after = house.collector.process.count
    desk.wish(SEAL)
    house.collector.process.line("a command is using the keys", after=after)
    expect(desk.browser.get("/keys"), 200, "/keys")
    check(b"warning" in desk.browser.body, "the page says so")
    expect(desk.file.read_bytes(), before, "nothing has changed")
    os.close(user)
    desk.wish("0")
    house.restart()
    expect(desk.file.read_bytes(), before, "the wish was taken back")
    expect(Desk(house).browser.get("/keys"), 200, "/keys")
    for what in ("4", "-1", "11", ""):
        Desk(house).wish(what, code=404)


def away(house):
    desk = Desk(house)
    gone, absent = "out of town", "in the cupboard"
    house.add(gone)
    house.add(absent)
    house.kiosks["staff"].settings("staff", library_seconds=1)
    house.kiosks["staff"].sync()
    desk.renew(ANNOUNCE)
    desk.wish(SWITCH, code=422)
    for _ in range(2):  # it says what it has when it asks the next time
        house.once(gone)
    for name in (gone, absent):  # off the network now
        house.fill(name)
    desk.renew(SEAL)
    wait_for(lambda: desk.browser.get("/keys") == 200
             and b"<li>staff</li>" not in desk.browser.body,
             "the daemon has heard of the next keys")
    check(f"<li>{absent}</li>" in desk.browser.body.decode()
          and f"<li>{gone}</li>" not in desk.browser.body.decode(),
          "who has not heard of them is named")
    desk.wish(SWITCH, code=422)
    desk.renew(SWITCH, anyway="1")
    taken = house.collector.taken
    total = house.confirmed - 2 * AT_LEAST  # without those of the two
    house.fill("staff")
    wait_for(lambda: taken(FORM) == total + AT_LEAST,
             "the daemon goes on under the next keys", step=0.2)
    house.kiosks["staff"].process.stop()

    house.once(gone)  # what it sealed to the old key, over the next
    expect(taken(FORM), total + 2 * AT_LEAST, "from out of town")
    house.once(absent, code=1)
    house.kiosks[absent].enrol(house.collector.enrol())
    house.once(absent)
    house.check("from the cupboard, enrolled anew")
    for name in (gone, absent):
        house.fill(name)
        house.once(name)
    house.check("sealed to the new key")


def switch(house):
    absent = house.add("absent")
    house.collector.process.stop()
    house.keys("announce")
    house.collector.serve()
    for _ in range(2):  # it says what it has when it asks the next time
        house.once("staff")
    house.fill("staff")
    house.collector.process.stop()
    said = subprocess.run(
        [house.collector.program, "--lang", "en", "keys", "switch",
         house.collector.folder], capture_output=True, text=True, check=False)
    expect(said.returncode, 1, "somebody has not heard of it")
    check("“absent”" in said.stderr and "“staff”" not in said.stderr,
          said.stderr)
    house.keys("switch", "--leave-behind")
    house.collector.serve()
    house.once("staff")
    house.check("after the keys were switched")
    house.fill("staff")
    house.once("staff")
    house.check("with the next keys")
    house.once("absent", code=1)
    absent.enrol(house.collector.enrol("Music room"))
    house.fill("absent")
    house.once("absent")
    house.check("enrolled anew")
    # What the coordinator calls it goes before its own settings, on both sides.
    check("Music room" in house.collector.command(
        "kiosk", "list", house.collector.folder), "the collector's name of it")
    check("name of this kiosk: Music room\n" in call(
        absent.sync_args("status")), "the kiosk's own name")


def revoke(house):
    house.add("lost")
    house.add("stolen")
    for name in ("lost", "stolen"):
        house.kiosks[name].fill(FORM)
        for _ in range(AT_LEAST):
            house.kiosks[name].send(person(house.chance))
        house.kiosks[name].filler.kill()
    house.collector.command("kiosk", "revoke", house.collector.folder, "lost")
    browser = Browser(house.port)
    browser.sign_in(house.collector.login, house.collector.password)
    expect(browser.get("/kiosks"), 200, "/kiosks")
    row = re.search(rb"<tr><td>stolen</td>.*?</tr>", browser.body, re.S)[0]
    key = re.search(rb'name="key" value="([0-9a-f]+)"', row)[1].decode()
    expect(browser.post("/kiosks/revoke", key=key), 303, "revoke")
    for name in ("lost", "stolen"):
        house.once(name, code=1)
    said = call(house.kiosks["lost"].sync_args("status"), code=1)
    check("does not accept this kiosk any more" in said, said)
    stick = house.folder / "stick"
    stick.mkdir()
    call(house.kiosks["lost"].sync_args("usb", stick))
    batches = list((stick / "anketa").glob("*.batch"))
    check(batches, "the lost kiosk writes batches")
    for batch in batches:
        expect(browser.request("POST", "/sync/v1/batch", batch.read_bytes(),
                               {"Content-Type": "application/cbor"}),
               403, "batch of a lost kiosk")
    said = house.collector.command("import", house.collector.folder, stick)
    check(f"not enrolled here: {len(batches)}" in said, said)
    check(not list((stick / "anketa").glob("*.receipt")), "no receipt")
    house.check("nothing of a revoked kiosk counts")
    house.fill("staff")
    house.once("staff")
    house.check("the other kiosk")
    text = house.collector.command("kiosk", "list", house.collector.folder)
    states = {line.split("\t")[1]: line.split("\t")[2]
              for line in text.splitlines()}
    expect((states["lost"], states["stolen"], states["staff"]),
           ("revoked", "revoked", "enrolled"), "kiosk list")


def guard(house):
    folder = house.folder / "credentials"
    folder.mkdir()
    (folder / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    right = {"CREDENTIALS_DIRECTORY": str(folder)}
    house.collector.process.stop()
    house.keys("protect", env=right)
    serve = [house.collector.program, "--lang", "en", "serve",
             house.collector.folder, "--listen", f"127.0.0.1:{house.port}"]
    for given, complaint in ((b"", "a passphrase is needed"),
                             (b"something else\n", "passphrase is wrong")):
        done = subprocess.run(
            [serve[0], "--passphrase-fd", "0", *serve[1:]], input=given,
            capture_output=True, check=False, timeout=30)
        expect(done.returncode, 1, "serve")
        check(complaint in done.stderr.decode(), done.stderr)
    os.environ.update(right)  # as systemd would
    house.collector.serve()
    house.fill("staff")
    house.once("staff")
    house.check("with guarded keys")
    house.collector.process.stop()
    house.keys("unprotect")
    del os.environ["CREDENTIALS_DIRECTORY"]
    house.collector.serve()


def sheet_lines(pdf):
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True,
                          capture_output=True, text=True).stdout
    lines = re.findall(r"(?:[A-Z]{4}-){5}[A-Z]{4}", text)
    expect(len(lines), 4, "lines of the sheet")
    return "\n".join(lines).lower() + "\n"


def desk(house):
    """At the desk: first the sheet, then a backup that it opens."""
    browser = Browser(house.port)
    browser.sign_in(house.collector.login, house.collector.password)
    expect(browser.get("/backup"), 200, "/backup")
    check("There is no backup yet".encode() in browser.body
          or "копии ещё нет".encode() in browser.body, "no warning")
    expect(browser.post("/backup"), 422, "nobody could open it")
    expect(browser.post("/backup", passphrase="short"), 422, "too short")
    expect(browser.post("/backup/sheet", token=False), 403, "no token")
    expect(browser.get("/backup"), 200, "/backup")
    token = browser.csrf()
    expect(browser.post("/backup/sheet"), 200, "the sheet")
    pdf = house.folder / "desk.pdf"
    pdf.write_bytes(browser.body)
    typed = sheet_lines(pdf)
    expect(browser.post("/backup", token=False, csrf=token), 200, "a backup")
    file = house.folder / "desk.backup"
    file.write_bytes(browser.body)
    done = subprocess.run([house.collector.program, "verify", file, "--sheet"],
                          input=typed, capture_output=True, text=True,
                          check=False)
    expect(done.returncode, 0, f"verify: {done.stderr}")
    wait_for(lambda: browser.get("/backup") == 200
             and b"warning" not in browser.body, "the backup is noted")
    whole = file.read_bytes()
    check(str(len(whole)).encode() in browser.body, "its length on the page")

    file.write_bytes(whole[:-1000])  # as a browser leaves a broken download
    for args in (["verify", file], ["restore", file, house.folder / "cut"]):
        done = subprocess.run([house.collector.program, "--lang", "en", *args,
                               "--sheet"], input=typed, capture_output=True,
                              text=True, check=False)
        check(done.returncode != 0 and "cut off" in done.stderr
              and f"{len(whole) - 1000} bytes" in done.stderr, done.stderr)
    check(not (house.folder / "cut").exists(), "a cut backup leaves nothing")

    break_off(browser)
    wait_for(lambda: browser.get("/backup") == 200
             and b"warning" in browser.body, "the broken download is told")


def break_off(browser):
    """Ask for a backup and go away before it is there."""
    body = f"csrf={browser.csrf()}"
    cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    plain = socket.socket()
    # Little room on the way, or the kernel would take all of it at once.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    plain.connect(("127.0.0.1", browser.port))
    with ssl._create_unverified_context().wrap_socket(plain) as line:
        line.sendall(
            f"POST /backup HTTP/1.1\r\nHost: x\r\nCookie: {cookies}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        line.recv(1)  # it has begun


def stick(house):
    """No network: the answers go by hand, through the page."""
    place = house.folder / "carried"
    place.mkdir()
    usb = house.kiosks["staff"].sync_args("usb", place)
    house.fill("staff")
    call(usb)
    files = sorted((place / "anketa").glob("*.batch"))
    check(files, "the kiosk writes batches")
    browser = Browser(house.port)
    browser.sign_in(house.collector.login, house.collector.password)
    for file in files * 2:  # the second time nothing is counted again
        expect(browser.get("/stick"), 200, "/stick")
        expect(browser.upload("/stick", {"csrf": browser.csrf()},
                              {"file": (file.name, "application/octet-stream",
                                        file.read_bytes())}), 200, "upload")
        page = browser.body.decode()
        hidden = dict(re.findall(r'name="(name|data|kiosk|csrf)" '
                                 r'value="([^"]*)"', page))
        for what, fields in (("receipt", ("name", "data")),
                             ("library", ("kiosk",))):
            expect(browser.post(f"/stick/{what}", token=False,
                                **{f: hidden[f] for f in fields + ("csrf",)}),
                   200, what)
            name = re.search(r'filename="([^"]+)"',
                             browser.headers["Content-Disposition"])[1]
            (place / "anketa" / name).write_bytes(browser.body)
    expect(browser.get("/stick"), 200, "/stick")
    token = browser.csrf()
    expect(browser.upload("/stick", {"csrf": token},
                          {"file": ("x.batch", "application/octet-stream",
                                    b"something else")}), 200, "foreign")
    check("Nothing was taken" in browser.body.decode()
          or "ничего не принято" in browser.body.decode(), "foreign file")
    expect(browser.post("/stick/receipt", token=False, csrf=token,
                        name="../x.receipt", data="00"), 404, "a false name")
    expect(browser.post("/stick/library", token=False, csrf=token,
                        kiosk="00" * 32), 404, "a stranger")
    house.check("by stick")
    call(usb)
    status = subprocess.run(house.kiosks["staff"].sync_args("status"),
                            capture_output=True, text=True, check=False)
    check("answers waiting to leave: 0" in status.stdout, status.stdout)


def disaster(house):
    sheet = house.folder / "sheet.pdf"
    backup = house.folder / "yesterday.backup"
    typed = house.folder / "typed"
    house.collector.process.stop()
    house.keys("sheet", sheet)
    house.collector.serve()
    typed.write_text(sheet_lines(sheet), encoding="utf-8")
    house.fill("staff")
    house.once("staff")
    # Killed while it copies the database: that copy can be read by anybody.
    killed_writing([house.collector.program, "backup", house.collector.folder,
                    house.folder / "killed.backup"], COPY_BEGUN)
    check(len(parts(house.collector.folder)) == 1, "it was killed too early")
    house.collector.command("backup", house.collector.folder, backup)
    check(not parts(house.collector.folder), "the copy is still there")
    # What came after the backup, taken in and acknowledged.
    house.fill("staff", 9)
    house.once("staff")
    house.collector.form_add("quality")  # and the library went on
    house.collector.form_add("satisfaction")
    house.once("staff")
    house.check("before the disaster")

    house.collector.process.kill()
    shutil.rmtree(house.collector.folder)
    for args in (["verify", backup, "--sheet"],
                 ["restore", backup, house.collector.folder, "--sheet"]):
        with open(typed, encoding="utf-8") as stdin:
            done = subprocess.run([house.collector.program, "--lang", "en",
                                   *args], stdin=stdin, capture_output=True,
                                  text=True, check=False, timeout=60)
        expect(done.returncode, 0, f"{args[0]}: {done.stderr}")
    house.collector.serve()
    check(house.collector.taken(FORM) < house.confirmed,
          "the backup holds what came after it")
    house.fill("staff")
    for _ in range(2):  # the first learns of the new epoch
        house.once("staff")
    house.check("after the disaster")
    house.once("staff")
    house.check("nothing twice")


def work(args, folder):
    house = House(args.bin, folder, ["staff"], random.Random(args.seed))
    for part in (rotate, live, switch, away, revoke, guard, desk, stick,
                 disaster):
        part(house)
        print(f"  {part.__name__}", flush=True)
    house.collector.process.stop()


if __name__ == "__main__":
    trial(__doc__, "keys", work, tools=["pdftotext"])
