"""A browser's part of the talk with a server, and nothing else of one: for attacks, which say what
no browser would.
"""

from __future__ import annotations

import http.client
import json
import socket
import time
import uuid
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE: Final = 30.0  # seconds; the machine may be busy
OTHER: Final = "127.0.0.2"  # a second address of this machine, where all of 127 is its own


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
        if cookie is None:
            cookie = "; ".join(
                one.split(";")[0]
                for one in fetch(address, source=source)[1].get_all("set-cookie") or []
            )
        self.cookie = cookie
        url = (
            f"{address.replace('http', 'ws', 1)}/jupyter/api/kernels/{self.kernel}"
            f"/channels?session_id={self.session}"
        )
        self.wire: ClientConnection = connect(
            url,
            sock=plug(address, source),
            additional_headers={"Cookie": cookie, **headers},
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            compression=None,
            ping_interval=None,
        ).__enter__()
        if run:
            self.say("kernel_info_request", {})
            self.say(
                "comm_open", {"comm_id": "control", "target_name": "solara.control", "data": {}}
            )
            args = {
                "path": path,
                "dark": False,
                "themes": {"light": {}, "dark": {}},
                "appName": None,
            }
            self.say("comm_msg", {"comm_id": "control", "data": {"method": "run", "args": args}})
        if run and read:
            self.hear(lambda: '"finished"' in self.last)

    last = ""

    def say(self, kind: str, content: Any) -> None:
        """A message as the widgets' protocol has it."""
        self.said += 1
        header = {
            "msg_id": f"m{self.said}",
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.2",
            "date": "",
        }
        self.send(
            {
                "buffers": [],
                "channel": "shell",
                "content": content,
                "header": header,
                "metadata": {},
                "parent_header": {},
            }
        )

    def send(self, message: Any) -> None:
        """Anything."""
        try:
            self.wire.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
        except (ConnectionClosed, OSError) as error:
            self.closed = self.closed or str(error)

    def event(self, name: str, data: Any = None) -> None:
        """What a template says when something is clicked."""
        self.say(
            "comm_msg",
            {
                "comm_id": self.widget(name),
                "data": {"method": "custom", "content": {"event": f"event_{name}", "data": data}},
            },
        )

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
        try:
            message = json.loads(text)
        except ValueError:
            return
        content: dict[str, Any] = message.get("content") or {}
        held = content.get("data")
        data = held if isinstance(held, dict) else {}
        if message.get("msg_type") == "comm_open":
            self.widgets[content["comm_id"]] = dict(data.get("state") or {})
        elif data.get("method") == "update" and content.get("comm_id") in self.widgets:
            self.widgets[content["comm_id"]].update(data["state"])
        elif message.get("msg_type") == "comm_close":
            self.widgets.pop(content.get("comm_id", ""), None)
