"""A page without a browser: a websocket client that says what a browser says and keeps what the
page's parts show.

Nothing else of a browser is in it, so that forty of them fit on one machine beside the server.
Traffic goes to 127.0.0.1 alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any

import websockets
from websockets.typing import Origin

LAB = "/?scenario=japan-2026"  # the address without a query shows the door
PATIENCE = 120.0  # seconds; the machine may be busy
_SEAT = re.compile(r"/class\?room=([A-Z]{6})&seat=([0-9a-f]{32})")


def cookies(headers: Message) -> str:
    """The cookies that an answer sets, as the next request gives them back."""
    return "; ".join(one.split(";")[0] for one in headers.get_all("set-cookie") or [])


def channels(address: str, kernel: str, session: str) -> str:
    """The address of a page's websocket."""
    kernels = f"{address.replace('http', 'ws', 1)}/jupyter/api/kernels"
    return f"{kernels}/{kernel}/channels?session_id={session}"


def message(kind: str, content: Any, name: str, session: str) -> dict[str, Any]:
    """A message as the widgets' protocol has it."""
    header = {"msg_id": name, "msg_type": kind, "session": session}
    header |= {"username": "", "version": "5.2", "date": ""}
    plain = {"buffers": [], "channel": "shell", "metadata": {}, "parent_header": {}}
    return {**plain, "content": content, "header": header}


def greeting(path: object, control: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a browser says first: kinds and contents, the last of which asks for the page."""
    yield "kernel_info_request", {}
    yield "comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}}
    args = {"path": path, "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
    yield "comm_msg", {"comm_id": control, "data": {"method": "run", "args": args}}


def happening(part: str | None, event: str, data: Any) -> dict[str, Any]:
    """The content of a message that something was clicked in a part of a page."""
    content = {"event": event, "data": data}
    return {"comm_id": part, "data": {"method": "custom", "content": content}}


def update_parts(parts: dict[str, dict[str, Any]], message: dict[str, Any]) -> None:
    """Keep what a message of the server changes of a page's parts."""
    content: dict[str, Any] = message.get("content") or {}
    held = content.get("data")
    data = held if isinstance(held, dict) else {}
    kind, part = message.get("msg_type"), content.get("comm_id", "")
    if kind == "comm_open":
        parts[part] = dict(data.get("state") or {})
    elif kind == "comm_close":
        parts.pop(part, None)
    elif data.get("method") == "update" and part in parts:
        parts[part].update(data.get("state", {}))


class Page:
    """One open page. `parts` holds what every part of it shows, by the part's id."""

    def __init__(self, address: str, path: str, headers: dict[str, str] | None = None) -> None:
        self.address, self.path, self.headers = address, path, headers or {}
        self.parts: dict[str, dict[str, Any]] = {}
        self.moved_to = ""  # a seat's own address, once the page has gone there
        self.news = asyncio.Event()
        self.sent = 0

    async def open(self) -> Page:
        """Greet the server and ask for the page."""
        self.kernel, self.session = str(uuid.uuid4()), str(uuid.uuid4())
        self.parts = {}
        self.cookie = await asyncio.to_thread(self._cookie)
        self.socket = await websockets.connect(
            channels(self.address, self.kernel, self.session),
            additional_headers={"Cookie": self.cookie, **self.headers},
            max_size=None,
            origin=Origin(self.address),
        )
        self.listening = asyncio.create_task(self._listen())
        for kind, content in greeting(self.path, f"control-{self.kernel}"):
            await self._say(kind, content)
        return self

    async def tell(self, event: str, data: Any = None) -> None:
        """Let something happen on the page, once it has the part in which it happens."""
        await self.until(lambda page: page.part(event) is not None, f"a part with {event}")
        await self._say("comm_msg", happening(self.part(event), event, data))

    async def until(self, wanted: Callable[[Page], object], what: str) -> None:
        """Wait until the page shows what is wanted."""

        async def wait() -> None:
            while not wanted(self):
                self.news.clear()
                if self.listening.done():
                    raise ConnectionError(f"{self.path}: the connection is lost")
                await self.news.wait()

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(
                f"{self.path}: {what} does not come; problems: {self.problems()}"
            ) from None

    def part(self, event: str) -> str | None:
        """The part that offers an event."""
        return next(
            (
                name
                for name, state in reversed(self.parts.items())
                if event in json.dumps(state.get("events", []))
            ),
            None,
        )

    def shows(self, name: str) -> Any:
        """What the page shows under this name, '' if nothing."""
        return next((state[name] for state in reversed(self.parts.values()) if state.get(name)), "")

    def room(self) -> dict[str, Any]:
        """The room as this page shows it, empty before it does."""
        for state in reversed(self.parts.values()):
            text = state.get("page")
            if isinstance(text, str) and text.startswith('{"code"'):
                return dict(json.loads(text))
        return {}

    def problems(self) -> list[str]:
        """What the page complains about."""
        return [state["problem"] for state in self.parts.values() if state.get("problem")]

    async def close(self) -> None:
        """Close the page; no goodbye, as a laptop whose lid is shut."""
        self.listening.cancel()
        with contextlib.suppress(Exception):
            await self.socket.close()

    def _cookie(self) -> str:
        with urllib.request.urlopen(self.address, timeout=PATIENCE) as answer:
            return cookies(answer.headers)

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        self.sent += 1
        name = f"{self.kernel}-{self.sent}"
        await self.socket.send(json.dumps(message(kind, content, name, self.session)))

    async def _listen(self) -> None:
        try:
            async for raw in self.socket:
                self._read(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
        except (websockets.ConnectionClosed, OSError):
            pass
        finally:
            self.news.set()

    def _read(self, text: str) -> None:
        if text.startswith("{"):
            update_parts(self.parts, json.loads(text))
        if found := _SEAT.search(text):
            self.moved_to = found[0]
        self.news.set()
