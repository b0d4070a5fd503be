"""The two reference OpenRosa clients, as bytes on a TLS connection.

Which headers, in which order, and how a body is put together was read in their
sources: ODK Collect (OkHttpConnection, SubmissionChunker, and OkHttp with
okhttp-digest under it) and Enketo (submission-controller, communicator, the
request library; the body is the browser's own). Nothing here follows a
redirect, retries or guesses: a test sees every byte of every answer.
"""
import hashlib
import re
import socket
import ssl
import time
from dataclasses import dataclass, field

from rig import Failure

AGENT = "org.odk.collect.android/v2026.2.4 (Dalvik/2.1.0 (Linux; U; Android 14))"
HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes = b""

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name.lower()]

    def get(self, name):
        found = self.all(name)
        return found[0] if found else None


@dataclass
class Wire:
    """One kept-alive connection; opens anew when the server closed it."""

    port: int
    host: str = "127.0.0.1"
    socket: ssl.SSLSocket = None
    pending: bytes = field(default=b"", repr=False)

    def open(self):
        context = ssl._create_unverified_context()
        plain = socket.create_connection((self.host, self.port), timeout=30)
        self.socket = context.wrap_socket(plain)
        self.pending = b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def ask(self, data, head=False):
        if not self.socket:
            self.open()
        self.socket.sendall(data)
        return self.answer(head)

    def line_end(self):
        while b"\r\n\r\n" not in self.pending:
            more = self.socket.recv(65536)
            if not more:
                raise Failure(f"the server hung up after {self.pending!r}")
            self.pending += more
        return self.pending.index(b"\r\n\r\n")

    def answer(self, head):
        end = self.line_end()
        lines = self.pending[:end].decode("latin-1").split("\r\n")
        if lines[0] == "HTTP/1.1 100 Continue":
            self.pending = self.pending[end + 4:]
            return self.answer(head)
        headers = [tuple(x.split(": ", 1)) for x in lines[1:]]
        answer = Answer(int(lines[0].split()[1]), headers)
        size = int(answer.get("Content-Length") or 0)
        size = 0 if head or answer.status == 204 else size
        while len(self.pending) < end + 4 + size:
            more = self.socket.recv(65536)
            if not more:
                raise Failure("the server hung up in mid-answer")
            self.pending += more
        answer.body = self.pending[end + 4:end + 4 + size]
        self.pending = self.pending[end + 4 + size:]
        if (answer.get("Connection") or "").lower() == "close":
            self.close()
        return answer


def parameters(challenge):
    return {k: a or b for k, a, b in re.findall(
        r'([a-z0-9_-]+)=(?:"([^"]*)"|([A-Za-z0-9_-]+))', challenge)}


def digest(p, user, password, method, uri, nc, cnonce="0a4f113b"):
    h = HASHES[p.get("algorithm", "MD5")]

    def of(*parts):
        return h(":".join(parts).encode()).hexdigest()
    return of(of(user, p["realm"], password), p["nonce"], f"{nc:08x}", cnonce,
              "auth", of(method, uri))


class Collect:
    """ODK Collect: OkHttp's headers in OkHttp's order, one client a server."""

    def __init__(self, port, base, user=None, password=None, device="collect:x"):
        self.wire = Wire(port)
        self.base = base
        self.user, self.password = user, password
        self.device = device
        self.challenge, self.count = None, 0

    def authorization(self, method, uri):
        self.count += 1
        p = self.challenge
        cnonce = "5c7e2f9d1b3a4e60"
        return (f'Digest username="{self.user}", realm="{p["realm"]}", '
                f'nonce="{p["nonce"]}", uri="{uri}", response="'
                f'{digest(p, self.user, self.password, method, uri, self.count, cnonce)}'
                f'", qop=auth, nc={self.count:08x}, cnonce="{cnonce}", '
                f'algorithm={p.get("algorithm", "MD5")}')

    def head_lines(self, method, uri, kind=None, length=None):
        # "hh" in Collect's format of the hour is right: it has twelve of them.
        lines = [f"{method} {uri} HTTP/1.1", f"User-Agent: {AGENT}",
                 "X-OpenRosa-Version: 1.0",
                 time.strftime("Date: %a, %d %b %Y %I:%M:%S GMT", time.gmtime())]
        if kind:
            lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
        lines += [f"Host: 127.0.0.1:{self.wire.port}", "Connection: Keep-Alive",
                  "Accept-Encoding: gzip"]
        if self.challenge:
            lines.append("Authorization: " + self.authorization(method, uri))
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def send(self, method, uri, body=b"", kind=None):
        """As OkHttp does it: on a 401 once more, with the first Digest that is
        offered, and not again unless that was stale."""
        for _ in range(3):
            had = self.challenge
            answer = self.wire.ask(
                self.head_lines(method, uri, kind, len(body)) + body,
                head=method == "HEAD")
            if answer.status != 401 or not self.user:
                return answer
            offered = [c for c in answer.all("WWW-Authenticate")
                       if c.startswith("Digest")]
            if had and 'stale=true' not in offered[0]:
                return answer
            self.challenge, self.count = parameters(offered[0]), 0
        return answer

    def url(self, path, query=True):
        return self.base + path + (f"?deviceID={self.device}" if query else "")

    def form_list(self):
        return self.send("GET", self.url("/formList"))

    def fetch(self, url):
        """An address out of a list, absolute as Collect needs it."""
        prefix = f"https://127.0.0.1:{self.wire.port}"
        if not url.startswith(prefix + "/"):
            raise Failure(f"not an absolute address of this server: {url}")
        return self.send("GET", f"{url[len(prefix):]}?deviceID={self.device}")

    def head_submission(self):
        return self.send("HEAD", self.url("/submission"))

    def post(self, xml, files=(), incomplete=False, name="interim.xml"):
        edge = "5ba8c0f1-2c52-4a64-9cbf-4ad6fdb3c2ab"
        parts = [("xml_submission_file", name, "text/xml", xml)]
        parts += [(n, n, "image/jpeg", data) for n, data in files]
        body = b""
        for field_name, file_name, kind, data in parts:
            body += (f"--{edge}\r\nContent-Disposition: form-data; "
                     f'name="{field_name}"; filename="{file_name}"\r\n'
                     f"Content-Type: {kind}\r\n"
                     f"Content-Length: {len(data)}\r\n\r\n").encode()
            body += data + b"\r\n"
        if incomplete:
            body += (f"--{edge}\r\nContent-Disposition: form-data; "
                     'name="*isIncomplete*"\r\nContent-Length: 3\r\n\r\nyes\r\n'
                     ).encode()
        body += f"--{edge}--\r\n".encode()
        return self.send("POST", self.url("/submission"), body,
                         f"multipart/form-data; boundary={edge}")

    def submit(self, xml, files=(), limit=10000000):
        """Every request of one submission, as Collect splits it; the answers."""
        answers, at = [], 0
        while at < len(files) or not answers:
            chunk, size = [], len(xml)
            incomplete = False
            while at < len(files):
                size += len(files[at][1])
                chunk.append(files[at])
                at += 1
                if at < len(files) and (len(chunk) > 100 or
                                        size + len(files[at][1]) > limit):
                    incomplete = True
                    break
            answers.append(self.post(xml, chunk, incomplete))
            if answers[-1].status not in (201, 202):
                break
        return answers


class Enketo:
    """Enketo Express: a HEAD to learn of credentials and size, then the
    browser's multipart body piped through with the browser's headers."""

    def __init__(self, port, base, user=None, password=None, basic=False):
        self.wire = Wire(port)
        self.base, self.basic = base, basic
        self.user, self.password = user, password

    def ask(self, method, uri, extra=(), body=b""):
        lines = [f"{method} {uri} HTTP/1.1", "X-OpenRosa-Version: 1.0", *extra,
                 f"host: 127.0.0.1:{self.wire.port}"]
        if not body:
            lines.append("Connection: close")
        return self.wire.ask("\r\n".join(lines).encode() + b"\r\n\r\n" + body,
                             head=method == "HEAD")

    def authorization(self, method, uri):
        """The request library joins all challenges with commas and lets the
        last parameter of a name count."""
        answer = self.ask("HEAD", uri)
        self.wire.close()
        if answer.status != 401 or not self.user:
            return []
        if self.basic:
            import base64
            pair = f"{self.user}:{self.password}".encode()
            return ["Authorization: Basic " + base64.b64encode(pair).decode()]
        p = parameters(", ".join(answer.all("WWW-Authenticate")))
        response = digest(p, self.user, self.password, method, uri, 1)
        return [f'Authorization: Digest username="{self.user}", '
                f'realm="{p["realm"]}", nonce="{p["nonce"]}", uri="{uri}", '
                f'qop=auth, response="{response}", nc=00000001, '
                f'cnonce="0a4f113b", algorithm={p["algorithm"]}']

    def get(self, path):
        uri = self.base + path
        answer = self.ask("GET", uri, self.authorization("GET", uri))
        self.wire.close()
        return answer

    def max_size(self):
        uri = self.base + "/submission"
        answer = self.ask("HEAD", uri, self.authorization("HEAD", uri))
        self.wire.close()
        return answer

    def submit(self, xml, instance, files=(), chunked=True):
        edge = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        parts = [("xml_submission_file", "xml_submission_file", "text/xml", xml)]
        parts += [(n, n, "image/png", data) for n, data in files]
        body = b""
        for name, file_name, kind, data in parts:
            body += (f"--{edge}\r\nContent-Disposition: form-data; "
                     f'name="{name}"; filename="{file_name}"\r\n'
                     f"Content-Type: {kind}\r\n\r\n").encode() + data + b"\r\n"
        body += f"--{edge}--\r\n".encode()
        uri = self.base + "/submission"
        extra = [*self.authorization("POST", uri),
                 f"x-openrosa-instance-id: {instance}", "x-openrosa-deprecated-id: ",
                 f"content-type: multipart/form-data; boundary={edge}",
                 "accept: */*", "accept-language: ru-RU,ru;q=0.9",
                 "user-agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0"]
        if chunked:
            extra.append("transfer-encoding: chunked")
            body = b"".join(f"{len(b):x}\r\n".encode() + b + b"\r\n" for b in
                            (body[i:i + 1000] for i in range(0, len(body), 1000)))
            body += b"0\r\n\r\n"
        else:
            extra.append(f"content-length: {len(body)}")
        answer = self.ask("POST", uri, extra, body)
        self.wire.close()
        return answer
