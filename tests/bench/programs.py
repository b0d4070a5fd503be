#!/usr/bin/env python3
"""The real programs, from a kiosk's Send to the collector's commit.

    programs [RECORDS]

Memory is what the kernel calls PSS. The folders lie in memory (/dev/shm), where
nobody waits for the disk: what the disk adds is measured by `custody`.
"""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

SOURCE = Path(os.environ.get("ANKETA_SOURCE", "."))
sys.path.insert(0, str(SOURCE / "tests" / "e2e"))

from installation import FORM, Collector, Kiosk, opposites  # noqa: E402
from rig import Program, free_port, wait_for  # noqa: E402

BIN = Path(os.environ.get("ANKETA_BUILD", "build/release")) / "bin"
BACKLOG = 200000
SAMPLE_S = 0.1
SENDS_EVERY_S = 0.05


def row(what, value, unit):
    print(f"{what:<60} {value:>10} {unit}", flush=True)


def pss_mib(pid):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def first_answer_ms(collector):
    """From exec to the first byte of an answer."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    url = f"https://127.0.0.1:{collector.port}/sync/v1/identity"
    began = time.monotonic()
    process = subprocess.Popen(
        [collector.program, "--lang", "en", "serve", collector.folder,
         "--listen", f"127.0.0.1:{collector.port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            with urllib.request.urlopen(url, context=context) as answer:
                answer.read()
            break
        except OSError:
            if time.monotonic() - began > 30:
                raise
    took = (time.monotonic() - began) * 1000
    process.terminate()
    process.wait()
    return took


def cpu_s(pid):
    """Processor time so far; what others on the machine do does not count."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


class Peak(threading.Thread):
    """The most memory a process has while it is watched, and its work."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0.0, threading.Event()
        self.before, self.work = cpu_s(pid), 0.0
        self.start()

    def run(self):
        while not self.over.wait(SAMPLE_S):
            self.most = max(self.most, pss_mib(self.pid))
            self.work = max(self.work, cpu_s(self.pid) - self.before)

    def end(self):
        self.over.set()
        self.join()
        return self.most


def fill_backlog(kiosk, count):
    """Answers as the kiosk stores them, as fast as it can."""
    text = ["".join(f"{k}={v}\n" for k, v in answers.items()) + "\n"
            for answers in opposites()]
    began = time.monotonic()
    process = subprocess.Popen([kiosk.fill_program, kiosk.folder, FORM],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    for _ in range(count // 2):
        process.stdin.write(text[0].encode() + text[1].encode())
    process.stdin.close()
    if process.wait() != 0:
        raise SystemExit("programs: the backlog could not be made")
    return time.monotonic() - began


def sends_until(kiosk, done):
    """Milliseconds from handing over an answer to its being confirmed."""
    took = []
    answers = opposites()[0]
    while not done():
        began = time.monotonic()
        kiosk.send(answers)
        took.append((time.monotonic() - began) * 1000)
        done.wait(SENDS_EVERY_S)
    return sorted(took)


class Ended:
    def __init__(self, process):
        self.process = process

    def __call__(self):
        return self.process.poll() is not None

    def wait(self, seconds):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass


def main(argv):
    records = int(argv[0]) if argv else BACKLOG
    folder = Path(tempfile.mkdtemp(prefix="anketa-bench-", dir="/dev/shm"))
    try:
        collector = Collector(BIN, folder / "collector", free_port())
        collector.init()
        collector.form_add(FORM, "--live")
        first_answer_ms(collector)  # the page cache is warm from here on
        row("collector: exec to first answer, best of five",
            f"{min(first_answer_ms(collector) for _ in range(5)):.0f}", "ms")
        collector.serve()
        pid = collector.process.process.pid
        row("collector: PSS idle", f"{pss_mib(pid):.1f}", "MiB")

        kiosk = Kiosk(BIN, folder / "kiosk",
                      f"https://127.0.0.1:{collector.port}")
        kiosk.settings("Бенч")
        kiosk.enrol(collector.enrol())
        subprocess.run([str(a) for a in kiosk.sync_args("once")], check=True,
                       stderr=subprocess.DEVNULL)
        took = fill_backlog(kiosk, records)
        row(f"kiosk: {records} answers filled, sealed, stored",
            f"{records / took:.0f}", "/s")

        kiosk.fill(FORM)
        quiet = sorted(timed(kiosk) for _ in range(100))
        row("kiosk: Send while nothing else happens, median",
            f"{quiet[50]:.1f}", "ms")
        began = time.monotonic()
        daemon = subprocess.Popen([str(a) for a in kiosk.sync_args("once")],
                                  stderr=subprocess.DEVNULL)
        ended = Ended(daemon)
        peak, collector_peak = Peak(daemon.pid), Peak(pid)
        busy = sends_until(kiosk, ended)
        took = time.monotonic() - began
        if daemon.returncode != 0:
            raise SystemExit(f"programs: anketa-sync said {daemon.returncode}")
        row(f"daemon: backlog of {records} out, over TLS, two cores",
            f"{took:.1f}", "s")
        row("daemon: PSS at most", f"{peak.end():.1f}", "MiB")
        row("daemon: processor time for it", f"{peak.work:.1f}", "s")
        row("kiosk: Send meanwhile, median", f"{busy[len(busy) // 2]:.1f}",
            "ms")
        row("kiosk: Send meanwhile, 95 %", f"{busy[len(busy) * 95 // 100]:.1f}",
            "ms")
        row("kiosk: Send meanwhile, most", f"{busy[-1]:.1f}", "ms")
        row("collector: PSS at most", f"{collector_peak.end():.1f}", "MiB")
        row("collector: processor time for it", f"{collector_peak.work:.1f}",
            "s")
        wait_for(lambda: collector.taken(FORM) >= records, "all taken in")
        row("collector: PSS after the load", f"{pss_mib(pid):.1f}", "MiB")
        collector.process.stop()
        return 0
    finally:
        Program.kill_all()
        shutil.rmtree(folder, ignore_errors=True)


def timed(kiosk):
    began = time.monotonic()
    kiosk.send(opposites()[0])
    return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
