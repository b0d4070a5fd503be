"""What the end-to-end tests stand on: real programs, watched and killed.

Nothing here sleeps for a guessed time. A test waits for a line of a program's
log, for the end of a process, or with wait_for() for a condition on the outside
world, always against a deadline whose passing is a failure with a reason.
"""
import argparse
import collections
import os
import random
import re
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

DEADLINE_S = 60.0
TAIL_LINES = 40
PORTS = (10240, 32768)  # below those of outgoing connections


class Failure(Exception):
    """A promise of the product that did not hold, or a wait that ran out."""


def wait_for(condition, what, seconds=DEADLINE_S, step=0.02, fail=True):
    """The result of condition() once it is true; the only polling there is.

    With fail=False the deadline is no failure: the result is then False."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        late = time.monotonic() >= end
        if late and not fail:
            return False
        if late:
            raise Failure(f"waited {seconds:g} s in vain for: {what}")
        select.select([], [], [], step)


def free_port():
    """A TCP port of 127.0.0.1 that nobody listened on a moment ago, and that
    the kernel gives no connection for its own end."""
    while True:
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", random.randrange(*PORTS)))
                return s.getsockname()[1]
            except OSError:
                continue


class Program:
    """A process with its output kept line by line.

    With a path for a socket, `notices`, what it tells its service manager about
    its state ("STATUS=...", sd_notify) counts as output, too."""

    running = []

    def __init__(self, args, log, env=None, stdin=False, notices=None):
        self.name = Path(args[0]).name
        self.args = [str(a) for a in args]
        self.lines = collections.deque(maxlen=20000)
        self.count = 0
        self.changed = threading.Condition()
        self.log = open(log, "ab")
        self.notices = None
        env = {**os.environ, **(env or {})}
        if notices:
            Path(notices).unlink(missing_ok=True)
            self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.notices.bind(str(notices))
            threading.Thread(target=self.listen, daemon=True).start()
            env["NOTIFY_SOCKET"] = str(notices)
        self.process = subprocess.Popen(
            self.args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL, env=env)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        Program.running.append(self)

    def heard(self, text):
        with self.changed:
            self.lines.append(text)
            self.count += 1
            self.changed.notify_all()

    def read(self):
        for raw in self.process.stdout:
            self.log.write(raw)
            self.heard(raw.decode("utf-8", "replace").rstrip("\n"))
        self.log.flush()
        with self.changed:
            self.changed.notify_all()

    def listen(self):
        while True:
            data = self.notices.recv(4096)
            if not data:  # shut down
                return
            for text in data.decode("utf-8", "replace").splitlines():
                if text.startswith("STATUS="):
                    self.heard(text)

    def said(self, pattern, after=0):
        """The match of a line that came already, not among the first `after`;
        None: there is none."""
        seen = re.compile(pattern)
        with self.changed:
            first = self.count - len(self.lines)
            for i, text in enumerate(self.lines, first):
                found = seen.search(text) if i >= after else None
                if found:
                    return found
        return None

    def line(self, pattern, seconds=DEADLINE_S, after=0):
        """Wait for a line that matches, not among the first `after`; its match
        object."""
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                found = self.said(pattern, after)
                if found:
                    return found
                left = end - time.monotonic()
                over = self.process.poll() is not None and \
                    not self.reader.is_alive()
                if left <= 0 or over:
                    why = "it ended" if over else f"{seconds:g} s passed"
                    raise Failure(f"{self.name}: no line like “{pattern}”, "
                                  f"{why}\n{self.tail()}")
                self.changed.wait(min(left, 0.5))

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def tail(self):
        return "\n".join(f"    {t}" for t in list(self.lines)[-TAIL_LINES:])

    def alive(self):
        return self.process.poll() is None

    def end(self):
        """After the process is gone: collect it and what it still said."""
        code = self.process.wait()
        self.reader.join(DEADLINE_S)
        if self in Program.running:
            Program.running.remove(self)
            self.log.close()
            if self.notices:
                self.notices.shutdown(socket.SHUT_RDWR)
        text = "\n".join(self.lines)
        if re.search(r"ERROR: \w+Sanitizer|runtime error:", text):
            raise Failure(f"{self.name}: the sanitizer spoke\n{self.tail()}")
        return code

    def kill(self):
        """SIGKILL: no chance to put anything in order."""
        if self.alive():
            self.process.kill()
        self.end()

    def stop(self, seconds=DEADLINE_S):
        """Ask it to go, and insist that it goes well."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise Failure(f"{self.name}: still there {seconds:g} s after "
                              f"SIGTERM\n{self.tail()}") from None
        code = self.end()
        if code not in (0, -signal.SIGTERM):
            raise Failure(f"{self.name}: ended with {code}\n{self.tail()}")

    @staticmethod
    def kill_all():
        for program in list(Program.running):
            if program.alive():
                program.process.kill()
            program.process.wait()
            Program.running.remove(program)


def call(args, what=None, env=None, code=0, seconds=DEADLINE_S):
    """Run to the end; standard output as text."""
    args = [str(a) for a in args]
    try:
        done = subprocess.run(args, capture_output=True, text=True,
                              timeout=seconds, check=False,
                              env={**os.environ, **(env or {})})
    except subprocess.TimeoutExpired:
        raise Failure(f"{what or ' '.join(args)}: not done after "
                      f"{seconds:g} s") from None
    if done.returncode != code:
        raise Failure(f"{what or ' '.join(args)}: ended with "
                      f"{done.returncode}, not {code}\n{done.stdout}"
                      f"{done.stderr}")
    return done.stdout


def killed_writing(args, size):
    """Run until the kernel kills it for writing beyond `size` bytes of a file,
    and fail if it does not."""
    args = [str(a) for a in args]
    done = subprocess.run(
        args, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                              (size, size)))
    if done.returncode != -signal.SIGXFSZ:
        raise Failure(f"{' '.join(args)}: ended with {done.returncode} and not "
                      f"in the midst of writing\n{done.stdout}{done.stderr}")


def parts(*folders):
    """Files that were never finished."""
    return [p for folder in folders for p in Path(folder).rglob("*.part")]


def trial(description, name, work, tools=(), shots=False, flags=()):
    """A whole script: its arguments, `flags` among them, then work(args, folder) on a folder of its
    own, which is kept if it fails. Ends the process: 1 for a failure, 77 if one
    of the programs `tools` is missing, else what `work` returns."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    if shots:
        parser.add_argument("--shots", type=Path, help="folder for pictures")
    for flag in flags:
        parser.add_argument(f"--{flag}", action="store_true")
    args = parser.parse_args()
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        print("skipped: no " + ", ".join(missing))
        sys.exit(77)
    if shots and args.shots:
        args.shots.mkdir(parents=True, exist_ok=True)
    print(f"seed {args.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"anketa-{name}-"))
    try:
        code = work(args, folder) or 0
    except Failure as failure:
        sys.exit(f"FAILED: {failure}\nkept: {folder}")
    finally:
        Program.kill_all()
    shutil.rmtree(folder)
    sys.exit(code)


class Tap:
    """A TCP relay that counts TLS records and can act between any two.

    The hook is called as hook(to_server, index, size) before each record is
    passed on, index running over all connections since the last arm(). If it
    answers False the record is swallowed and the connection reset, as a cable
    pulled at that moment would do.
    """

    HEADER = 5

    def __init__(self, server_port):
        self.server_port = server_port
        self.hook = None
        self.index = 0
        self.lock = threading.Lock()
        self.acting = threading.Lock()  # held while a hook is at work
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, hook):
        with self.acting, self.lock:
            self.hook = hook
            self.index = 0

    def disarm(self):
        """Once it returns, no hook is at work any more."""
        with self.acting:
            self.hook = None

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,),
                             daemon=True).start()

    def relay(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.server_port),
                                              timeout=5)
        except OSError:
            self.reset(client)
            return
        server.settimeout(None)
        ends = [threading.Thread(target=self.pump, args=(a, b, up),
                                 daemon=True)
                for a, b, up in ((client, server, True),
                                 (server, client, False))]
        for end in ends:
            end.start()
        for end in ends:
            end.join()
        client.close()
        server.close()

    def pump(self, source, sink, to_server):
        try:
            while True:
                record = self.record(source)
                if not record:
                    sink.shutdown(socket.SHUT_WR)
                    return
                if not self.ask(to_server, len(record)):
                    self.reset(source)
                    self.reset(sink)
                    return
                sink.sendall(record)
        except OSError:
            self.reset(source)
            self.reset(sink)

    def record(self, source):
        head = self.exactly(source, self.HEADER)
        if len(head) < self.HEADER:
            return head
        return head + self.exactly(source, struct.unpack("!H", head[3:5])[0])

    @staticmethod
    def exactly(source, size):
        data = b""
        while len(data) < size:
            more = source.recv(size - len(data))
            if not more:
                break
            data += more
        return data

    def ask(self, to_server, size):
        with self.lock:
            index = self.index
            self.index += 1
        with self.acting:
            return self.hook is None or \
                self.hook(to_server, index, size) is not False

    @staticmethod
    def reset(end):
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                           struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        self.listener.close()
