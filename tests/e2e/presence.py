#!/usr/bin/env python3
"""The collector is found on the local network, and is gone when it stops.

    presence.py --bin BUILD/bin

With an avahi-daemon and a D-Bus of its own, on the loopback interface; skipped
where these cannot run. The collector is there first, and publishes itself as soon
as avahi-daemon has come.
"""
import os

from desk import check, expect
from installation import Collector
from rig import Failure, Program, free_port, trial, wait_for

BUS = """<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"/>
<allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy>
</busconfig>
"""
AVAHI = """[server]
use-ipv6=no
allow-interfaces=lo
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
"""


def start_bus(folder):
    (folder / "bus.conf").write_text(BUS.format(path=folder / "bus"))
    Program(["dbus-daemon", "--nofork",
             f"--config-file={folder / 'bus.conf'}"], folder / "bus.log")
    wait_for((folder / "bus").exists, "D-Bus")


def start_avahi(folder):
    """False: it does not run here."""
    (folder / "avahi.conf").write_text(AVAHI)
    daemon = Program(["avahi-daemon", "--no-drop-root", "--no-chroot",
                      "--no-rlimits", "-f", folder / "avahi.conf"],
                     folder / "avahi.log")
    try:
        daemon.line("Server startup complete")
    except Failure:
        return False
    return True


def present(bin_dir, folder):
    """The exit code."""
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={folder / 'bus'}"
    port = free_port()
    collector = Collector(bin_dir, folder / "collector", port, host="0.0.0.0")
    collector.init()
    start_bus(folder)
    collector.serve()
    collector.process.line("no avahi-daemon so far")
    if not start_avahi(folder):
        print("skipped: no avahi-daemon can run here")
        return 77
    collector.process.line("kiosks on this network can find")
    seeker = Program([f"{bin_dir}/find_collector"], folder / "seeker.log")
    found = seeker.line(r"^found Anketa Детский сад «Ромашка»\t(\d+)\t(.*)$")
    expect(int(found[1]), port, "the port")
    check('"v=1"' in found[2] and '"id=' in found[2], found[2])
    collector.process.stop()
    seeker.line("^gone Anketa")
    return 0


def work(args, folder):
    return present(args.bin, folder)


if __name__ == "__main__":
    trial(__doc__, "presence", work,
          tools=["dbus-daemon", "avahi-daemon"])
