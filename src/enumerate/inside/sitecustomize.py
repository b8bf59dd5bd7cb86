"""Runs before a Python server and notes which hosts it wants to reach. A record, no wall: the sandbox has no network.

Puts the file there that made-up values name as well, as fake-file.cjs does for others.
"""

import os
import re
import shutil
import sys

_OWN = re.compile(r"^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1?|sandbox)?$", re.I)
_MOST = 100
_told = set()


def _tell(host, port=""):
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    if not isinstance(host, str) or _OWN.match(host):
        return
    line = f"egress {host} {port or ''}"[:300]
    if len(_told) >= _MOST or line in _told:
        return
    _told.add(line)
    try:
        os.write(2, f"\x1eplimsoll-{line}\x1e\n".encode("utf-8", "replace"))
    except OSError:
        pass


def _hook(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        _tell(args[1][0], args[1][1])
    elif event == "socket.getaddrinfo":
        _tell(args[0], args[1] if isinstance(args[1], int) else "")
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        _tell(args[0])


sys.addaudithook(_hook)

_FAKE = "/tmp/plimsoll-fake.json"
if any(_FAKE in value for value in [*os.environ.values(), *sys.orig_argv]) and not os.path.exists(_FAKE):
    try:
        shutil.copyfile(os.path.join(os.path.dirname(__file__), "fake-file.json"), _FAKE)
    except OSError:
        pass
