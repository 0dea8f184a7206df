"""A server of the project in a process of its own, and the browser of this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

SERVE: Final = "from coercivity.viz.serve import serve; serve(0, open_browser=False)"


def start(
    home: Path | str,
    *command: str,
    says: str = r"http://(127\.0\.0\.1|localhost):\d+",
    log: IO[str] | int | None = None,
) -> tuple[subprocess.Popen[str], str]:
    """Start Python with these arguments and wait for the address that it prints; what it keeps is
    in *home*.
    """
    own = {"SOLARA_HOME": f"{home}", "PYTHONUNBUFFERED": "1"}
    own |= {"COERCIVITY_ROOMS": f"{home}/rooms", "COERCIVITY_KEPT": f"{home}/kept"}
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=os.environ | own,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(says, line):
            return process, found[0]
    raise SystemExit("the server did not start")


def stop(process: subprocess.Popen[str]) -> None:
    """End a server as Ctrl-C does; one that hears nothing for a while is ended for it, and that is
    said: what was measured is told all the same.
    """
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        print("the server did not end within 20 s")
        process.kill()
        process.wait(timeout=20)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def chromium() -> str:
    """The Chromium of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or "google-chrome"
