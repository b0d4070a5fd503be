"""A display of its own: Xvfb, its pixels, and a pointer that touches."""
import ctypes
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

from rig import Failure, wait_for

XWD_HEADER_WORDS = 25
XWD_COLOR_BYTES = 12


class Display:
    """Used with `with`; `env` is what a program needs to open its window."""

    def __init__(self, width=1280, height=800):
        self.width, self.height = width, height

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="anketa-display-")
        told, tell = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell), "-nolisten", "tcp",
             "-screen", "0", f"{self.width}x{self.height}x24",
             "-fbdir", self.home], pass_fds=[tell],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(tell)
        with open(told, encoding="ascii") as number:
            name = number.readline().strip()
        if not name:
            raise Failure("Xvfb did not start")
        leaks = Path(__file__).resolve().parent / "leaks.txt"
        self.env = {"DISPLAY": f":{name}", "SDL_VIDEODRIVER": "x11",
                    "LSAN_OPTIONS": f"suppressions={leaks}"
                                    ":print_suppressions=0"}
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.test = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.server = ctypes.c_void_p(
            self.x11.XOpenDisplay(f":{name}".encode()))
        with open(os.path.join(self.home, "Xvfb_screen0"), "rb") as frame:
            self.memory = mmap.mmap(frame.fileno(), 0,
                                    access=mmap.ACCESS_READ)
        head = struct.unpack(f">{XWD_HEADER_WORDS}I",
                             self.memory[:4 * XWD_HEADER_WORDS])
        self.stride = head[12]
        self.start = head[0] + head[19] * XWD_COLOR_BYTES
        return self

    def die(self):
        """The server is killed, as by a fault of its own."""
        self.x11.XCloseDisplay(self.server)
        self.server = None
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_):
        if self.server:
            self.x11.XCloseDisplay(self.server)
        self.process.terminate()
        self.process.wait()
        self.memory.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def pixels(self):
        return self.memory[self.start:self.start
                           + self.stride * self.height]

    def touch(self, x, y):
        """Press and release at a place of the screen, through XTEST."""
        self.touches([(x, y)])

    def touches(self, places):
        """Many touches, one after the other, without waiting."""
        for x, y in places:
            self.test.XTestFakeMotionEvent(self.server, -1, x, y, 0)
            for pressed in (1, 0):
                self.test.XTestFakeButtonEvent(self.server, 1, pressed, 0)
        self.x11.XSync(self.server, 0)

    def press(self, x, y):
        """A finger comes down and stays, until release()."""
        self.test.XTestFakeMotionEvent(self.server, -1, x, y, 0)
        self.test.XTestFakeButtonEvent(self.server, 1, 1, 0)
        self.x11.XSync(self.server, 0)

    def release(self):
        self.test.XTestFakeButtonEvent(self.server, 1, 0, 0)
        self.x11.XSync(self.server, 0)

    def window(self):
        """The one window there is."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XQueryTree(
            self.server,
            ctypes.c_ulong(self.x11.XDefaultRootWindow(self.server)),
            ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children),
            ctypes.byref(count))
        if count.value == 0:
            raise Failure("no window is open")
        return ctypes.c_ulong(children[count.value - 1])

    def resize(self, width, height):
        """What a turned panel does to the window."""
        self.x11.XMoveResizeWindow(self.server, self.window(), 0, 0, width,
                                   height)
        self.x11.XSync(self.server, 0)

    def crop(self, pixels, width, height):
        """The upper left corner of a picture."""
        return b"".join(pixels[y * self.stride:y * self.stride + 4 * width]
                        for y in range(height))

    def corner(self, width, height):
        return self.crop(self.pixels(), width, height)

    def focus(self):
        """The keyboard goes to the window."""
        self.x11.XSetInputFocus(self.server, self.window(), 1,
                                ctypes.c_ulong(0))
        self.x11.XSync(self.server, 0)

    def keys(self, text):
        """Small Latin letters on a real keyboard, through XTEST; or names of
        keys, as X knows them."""
        self.focus()
        self.x11.XStringToKeysym.restype = ctypes.c_ulong
        for name in [text] if text[:1].isupper() else text:
            keysym = self.x11.XStringToKeysym(name.encode())
            code = self.x11.XKeysymToKeycode(self.server,
                                             ctypes.c_ulong(keysym))
            for pressed in (1, 0):
                self.test.XTestFakeKeyEvent(self.server, code, pressed, 0)
        self.x11.XSync(self.server, 0)

    def steady(self, since=None, quiet=3):
        """Wait until the picture differs from `since` and then keeps still
        for `quiet` looks; the picture."""
        last, same = None, 0

        def still():
            nonlocal last, same
            now = self.pixels()
            same = same + 1 if now == last else 0
            last = now
            return same >= quiet and now != since
        wait_for(still, "a page that is drawn", step=0.015)
        return last

    @staticmethod
    def read_bmp(path):
        """A picture that SDL wrote: its rows as blue, green and red."""
        data = path.read_bytes()
        start, = struct.unpack_from("<I", data, 10)
        width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
        step = bits // 8
        stride = (width * step + 3) // 4 * 4
        rows = []
        for y in range(abs(height)):
            at = start + (height - 1 - y if height > 0 else y) * stride
            row = data[at:at + width * step]
            rows.append((row[0::step], row[1::step], row[2::step]))
        return rows

    def same(self, rows):
        """Whether the screen shows this picture, to the last pixel."""
        raw = self.pixels()
        for y, planes in enumerate(rows):
            line = raw[y * self.stride:y * self.stride + 4 * self.width]
            if (line[0::4], line[1::4], line[2::4]) != planes:
                return False
        return True

    def shot(self, path, raw):
        """Pixels as PNG."""
        rows = bytearray()
        for y in range(self.height):
            line = raw[y * self.stride:y * self.stride + 4 * self.width]
            rgb = bytearray(3 * self.width)
            rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
            rows += b"\0" + rgb
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        with open(path, "wb") as out:
            out.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in ((b"IHDR", head),
                               (b"IDAT", zlib.compress(bytes(rows), 3)),
                               (b"IEND", b"")):
                out.write(struct.pack(">I", len(data)) + kind + data
                          + struct.pack(">I", zlib.crc32(kind + data)))
