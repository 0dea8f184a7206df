"""A server in a process of its own. It finds a dead proxy in its environment, so that whatever it
asked of anybody else would fail and be seen.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.check.patience import patient

DEAD_PROXY = "http://127.0.0.1:9"


@dataclass
class Server:
    """A server process and where it answers."""

    process: subprocess.Popen[str]
    address: str
    home: Path  # the folder that it runs in
    output: list[str] = field(default_factory=list)
    listening: threading.Thread | None = None  # a log that nobody reads would stop the server

    def listen(self) -> Server:
        """Keep what it says from here on."""
        self.listening = threading.Thread(
            target=lambda: self.output.extend(self.process.stdout or ()), daemon=True
        )
        self.listening.start()
        return self

    def stop(self) -> int:
        """End it as Ctrl-C does and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=patient(120.0))
        if self.listening is not None:
            self.listening.join(timeout=patient(120.0))
        if self.process.stdout is not None:
            self.process.stdout.close()
        return self.process.returncode


@contextmanager
def serving(*arguments: str, home: Path) -> Iterator[Server]:
    """A server that is stopped whatever happens."""
    server = start_server(*arguments, home=home)
    try:
        yield server
    finally:
        server.stop()


def start_server(*arguments: str, home: Path) -> Server:
    """Start Python with these arguments and wait for the address that it prints."""
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
        DEAD_PROXY,
    )
    own = {
        "NO_PROXY": "",
        "no_proxy": "",
        "SOLARA_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "COERCIVITY_ROOMS": str(home / "rooms"),
        "COERCIVITY_KEPT": str(home / "kept"),
        "COERCIVITY_AHEAD": "off",
    }
    environment = (
        proxies
        | own
        | {
            name: value
            for name, value in os.environ.items()
            if name not in (*proxies, *own) or name == "COERCIVITY_ROOMS"
        }
    )
    command = [sys.executable, *arguments]
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=home,
    )
    assert process.stdout is not None
    heard = ""
    for heard in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", heard):
            return Server(process, found[0], home).listen()
    process.wait(timeout=patient(10.0))
    raise AssertionError(f"the server did not start: {heard}")
