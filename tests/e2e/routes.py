"""The addresses that the collector's server knows, out of its table of routes
(web/site.c), so that no test forgets one."""
import re
from pathlib import Path

COLLECTOR = Path(__file__).resolve().parents[2] / "sync" / "collector"
ROUTE = re.compile(r"\{((?:\"[^\"]*\"|[A-Z_]+|\s)+),\s*([A-Z_| ]+),\s*"
                   r"(?:true|false),")
NAME = re.compile(r'^#define ([A-Z_]+) "([^"]*)"', re.MULTILINE)


def table():
    """(path, methods) of every route; a path may end in "*"."""
    names = {name: text for header in COLLECTOR.rglob("*.h")
             for name, text in NAME.findall(header.read_text("utf-8"))}
    names |= {name: text for header in
              (COLLECTOR.parents[1] / "shared" / "wire").glob("*.h")
              for name, text in NAME.findall(header.read_text("utf-8"))}
    source = (COLLECTOR / "web" / "site.c").read_text("utf-8")
    source = source[source.index("server_route routes[]"):]
    source = source[:source.index("\n};")]
    found = []
    for path, methods in ROUTE.findall(source):
        parts = re.findall(r'"([^"]*)"|([A-Z_]+)', path)
        found.append(("".join(text or names.get(name, "") for text, name
                              in parts),
                      set(re.findall(r"REQUEST_([A-Z]+)", methods))))
    assert len(found) == source.count("\n    {"), "a route is not understood"
    return found


def pages(method):
    """Routes of people at the desk, not of kiosks and other programs."""
    return [path for path, methods in table()
            if method in methods and not path.startswith(("/sync/", "/openrosa",
                                                          "/style"))]


def matching(path, routes):
    """The route that serves `path`, the first that fits; None without one."""
    return next((route for route in routes
                 if route == path or (route.endswith("*")
                                      and path.startswith(route[:-1]))), None)
