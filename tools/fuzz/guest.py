"""A browser's part of the talk with a server, and nothing else of one: for attacks, which say what
no browser would.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from tools.check.server_process import Server, serving
from tools.fuzz.page_client import channels, cookies, greeting, happening, message, update_parts

PATIENCE: Final = 30.0  # seconds; the machine may be busy
OTHER: Final = "127.0.0.2"  # a second address of this machine, where all of 127 is its own
LEAKS: Final = re.compile(
    r"Traceback|site-packages|File \\?\"|line \d+, in|Errno|No such file|root:"
    r"|/home/|/tmp/|/root/|/usr/|/viz/|/solara/"
)
KEY: Final = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
SERVE: Final = "from coercivity.viz.serve import serve; serve(0, open_browser=False{})"
CLASS, ALONE = SERVE.format(", host='0.0.0.0'"), SERVE.format("")
Try = tuple[str, bool]


@contextlib.contextmanager
def served(code: str = CLASS) -> Iterator[tuple[Server, Path]]:
    """A server with rooms of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with serving("-c", code, home=home) as server:
            yield server, home


def plug(address: str, source: str = "127.0.0.1", timeout: float = PATIENCE) -> socket.socket:
    """A connection from an address of one's choice."""
    parts = urlsplit(address)
    return socket.create_connection(
        (parts.hostname or "", parts.port or 80), timeout, source_address=(source, 0)
    )


def fetch(
    address: str, path: str = "/", source: str = "127.0.0.1", method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    """Status, headers and body of one request; the path is sent as it stands."""
    line = http.client.HTTPConnection("")
    line.sock = plug(address, source)
    try:
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {
            "Host": urlsplit(address).netloc,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }.items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    finally:
        line.close()


class Guest:
    """One page. What its widgets are told is kept by widget."""

    def __init__(
        self,
        address: str,
        path: object = "/",
        source: str = "127.0.0.1",
        run: bool = True,
        kernel: str = "",
        cookie: str | None = None,
        read: bool = True,
        **headers: str,
    ) -> None:
        self.kernel, self.session = kernel or str(uuid.uuid4()), str(uuid.uuid4())
        self.widgets: dict[str, dict[str, Any]] = {}
        self.closed = ""
        self.said = 0
        self.cookie = cookies(fetch(address, source=source)[1]) if cookie is None else cookie
        self.wire: ClientConnection = connect(
            channels(address, self.kernel, self.session),
            sock=plug(address, source),
            additional_headers={"Cookie": self.cookie, **headers},
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            compression=None,
            ping_interval=None,
        ).__enter__()
        if run:
            for kind, content in greeting(path, "control"):
                self.say(kind, content)
        if run and read:
            self.hear(lambda: '"finished"' in self.last)

    last = ""

    def say(self, kind: str, content: Any) -> None:
        """A message as the widgets' protocol has it."""
        self.said += 1
        self.send(message(kind, content, f"m{self.said}", self.session))

    def send(self, message: Any) -> None:
        """Anything."""
        try:
            self.wire.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
        except (ConnectionClosed, OSError) as error:
            self.closed = self.closed or str(error)

    def event(self, name: str, data: Any = None) -> None:
        """What a template says when something is clicked."""
        self.say("comm_msg", happening(self.widget(name), f"event_{name}", data))

    def widget(self, event: str) -> str:
        """The newest widget that has this event."""
        found = [
            one
            for one, state in self.widgets.items()
            if f"event_{event}" in (state.get("events") or ())
        ]
        assert found, (
            f"no widget with event {event}: {self.closed} "
            f"{[state.get('events') for state in self.widgets.values()]}"
        )
        return found[-1]

    def hear_out(self, seconds: float = 20.0) -> bool:
        """Listen until the server has done what was said last; whether it has."""
        mark = f'"m{self.said}"'
        return self.hear(lambda: mark in self.last and '"idle"' in self.last, seconds)

    def hear(self, until: Any = None, seconds: float = PATIENCE) -> bool:
        """Listen until something is true; whether it became so in time."""
        end = time.monotonic() + seconds
        while until is None or not until():
            try:
                raw = self.wire.recv(timeout=max(0.0, end - time.monotonic()))
            except TimeoutError:
                return until is not None and bool(until())
            except (ConnectionClosed, OSError) as error:
                self.closed = str(error) or "closed"
                return until is not None and bool(until())
            self._take(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
        return True

    def text(self) -> str:
        """All that the page's widgets were told, templates left out."""
        return json.dumps(
            [
                {name: value for name, value in state.items() if name != "template"}
                for state in self.widgets.values()
            ],
            ensure_ascii=False,
        )

    def shows(self, words: str, seconds: float = PATIENCE) -> bool:
        """Whether words come to stand on the page in time."""
        return self.hear(lambda: words in self.text(), seconds)

    def leave(self) -> None:
        """Go without a word, as a laptop that is shut."""
        self.wire.close()

    def _take(self, text: str) -> None:
        self.last = text
        with contextlib.suppress(ValueError):  # what is no message changes nothing
            update_parts(self.widgets, json.loads(text))


def refused(address: str, **given: Any) -> bool:
    """Whether a websocket is not let in."""
    try:
        Guest(address, run=False, **given).leave()
    except (InvalidHandshake, OSError):
        return True
    return False


def upgrade(path: str, key: bytes = KEY) -> bytes:
    """A request to go on as a WebSocket."""
    return (
        b"GET "
        + path.encode()
        + b" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
        b"websocket\r\nSec-WebSocket-Version: 13\r\n" + key + b"\r\n"
    )
