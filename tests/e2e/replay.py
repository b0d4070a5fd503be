#!/usr/bin/env python3
"""replay.py KIOSK DIR SIZE PLAN PICTURE: a touch plan in a real window.

Starts the kiosk KIOSK of the installation DIR in a window of SIZE (1280x800)
under Xvfb, touches where PLAN (made by touch_plan) says, through XTEST, and
keeps what is on the screen then as PICTURE (.png).
"""
import os
import subprocess
import sys

from display import Display


def main():
    kiosk, folder, size, plan, picture = sys.argv[1:]
    width, height = map(int, size.split("x"))
    with open(plan, encoding="ascii") as lines:
        clicks = [tuple(map(int, line.split()[1:3])) for line in lines
                  if line.startswith("click ")]
    with Display(width, height) as display:
        page = display.pixels()
        program = subprocess.Popen(
            [kiosk, "--dir", folder, "--window", size, "--lang", "ru"],
            env={**os.environ, **display.env})
        page = display.steady(since=page)
        for x, y in clicks:
            display.touch(x, y)
            page = display.steady(since=page)
        display.shot(picture, page)
        program.terminate()
        return program.wait()


if __name__ == "__main__":
    sys.exit(main())
