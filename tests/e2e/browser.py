"""A headless Chromium, driven over its debugging pipe: no driver, no socket."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

from rig import DEADLINE_S, Failure


class Browser:
    """One page. Used with `with`."""

    def __init__(self, width=1280, height=1600, lang="ru", args=()):
        self.program = shutil.which("chromium") or shutil.which(
            "chromium-browser") or shutil.which("google-chrome")
        if self.program is None:
            raise Failure("no Chromium: install the package chromium")
        self.size = (width, height)
        self.lang = lang
        self.args = args
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="anketa-browser-")
        to_read, self.to = os.pipe()
        self.fro, from_write = os.pipe()
        os.set_blocking(self.fro, False)

        def plug():  # the browser reads descriptor 3 and writes descriptor 4
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [self.program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--remote-debugging-pipe", "--hide-scrollbars",
             "--ignore-certificate-errors", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={self.home}", f"--lang={self.lang}",
             f"--accept-lang={self.lang}", *self.args, "about:blank"],
            preexec_fn=plug, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        try:
            pages = self.ask("Target.getTargets")["targetInfos"]
            page = next(t for t in pages if t["type"] == "page")
            self.session = self.ask("Target.attachToTarget",
                                    targetId=page["targetId"],
                                    flatten=True)["sessionId"]
            self.ask("Page.enable")
            self.ask("Runtime.enable")
            self.resize(*self.size)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.fro)
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self, end):
        while b"\0" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fro], [], [], left)[0]:
                raise Failure("the browser does not answer")
            more = os.read(self.fro, 1 << 20)
            if not more:
                raise Failure("the browser is gone")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        call = {"id": self.number, "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        os.write(self.to, json.dumps(call).encode() + b"\0")
        end = time.monotonic() + DEADLINE_S
        while True:
            got = self.message(end)
            if got.get("id") == self.number:
                if "error" in got:
                    raise Failure(f"browser: {method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def wait(self, event):
        end = time.monotonic() + DEADLINE_S
        while True:
            for i, got in enumerate(self.events):
                if got.get("method") == event:
                    del self.events[:i + 1]
                    return got.get("params", {})
            self.events.append(self.message(end))

    def resize(self, width, height, scale=1):
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=scale, mobile=False)

    def media(self, media="", dark=False):
        """Screen or print, light or dark."""
        scheme = "dark" if dark else "light"
        self.ask("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url):
        self.events.clear()
        answer = self.ask("Page.navigate", url=url)
        if "errorText" in answer:
            raise Failure(f"browser: {url}: {answer['errorText']}")
        self.wait("Page.loadEventFired")

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.ask("Runtime.evaluate", expression=script,
                          returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Failure(f"browser: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def submit(self, fields):
        """Fill a form's fields by name and send it; waits for the answer."""
        self.events.clear()
        self.run(f"""(() => {{
            const fields = {json.dumps(fields)};
            let form = null;
            for (const [name, value] of Object.entries(fields)) {{
                const field = document.querySelector(`[name="${{name}}"]`);
                field.value = value;
                form = field.form;
            }}
            form.requestSubmit();
        }})()""")
        self.wait("Page.loadEventFired")

    def sign_in(self, address, collector):
        """To the desk of a collector, in Russian."""
        self.open(f"{address}/sign-in?lang=ru")
        self.submit({"login": collector.login, "password": collector.password})

    def shot(self, path, whole=True):
        """A picture of the page, as long as it is."""
        picture = self.ask("Page.captureScreenshot", format="png",
                           captureBeyondViewport=whole)
        with open(path, "wb") as out:
            out.write(base64.b64decode(picture["data"]))
