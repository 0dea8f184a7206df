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
from collections.abc import Callable
from typing import Any

import websockets
from websockets.typing import Origin

PATIENCE = 120.0  # seconds; the machine may be busy
_SEAT = re.compile(r"/class\?room=([A-Z]{6})&seat=([0-9a-f]{32})")


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
        cookie = await asyncio.to_thread(self._cookie)
        url = (
            f"{self.address.replace('http', 'ws')}/jupyter/api/kernels/{self.kernel}"
            f"/channels?session_id={self.session}"
        )
        headers = {"Cookie": cookie, **self.headers}
        self.socket = await websockets.connect(
            url, additional_headers=headers, max_size=None, origin=Origin(self.address)
        )
        self.listening = asyncio.create_task(self._listen())
        control = f"control-{self.kernel}"
        await self._say("kernel_info_request", {})
        await self._say(
            "comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}}
        )
        run = {
            "method": "run",
            "args": {
                "path": self.path,
                "dark": False,
                "themes": {"light": {}, "dark": {}},
                "appName": None,
            },
        }
        await self._say("comm_msg", {"comm_id": control, "data": run})
        return self

    async def tell(self, event: str, data: Any = None) -> None:
        """Let something happen on the page, once it has the part in which it happens."""
        await self.until(lambda page: page.part(event) is not None, f"a part with {event}")
        content = {"event": event, "data": data}
        await self._say(
            "comm_msg",
            {"comm_id": self.part(event), "data": {"method": "custom", "content": content}},
        )

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
            return "; ".join(
                one.split(";")[0] for one in answer.headers.get_all("set-cookie") or []
            )

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        self.sent += 1
        header = {
            "msg_id": f"{self.kernel}-{self.sent}",
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.2",
            "date": "",
        }
        await self.socket.send(
            json.dumps(
                {
                    "buffers": [],
                    "channel": "shell",
                    "content": content,
                    "header": header,
                    "metadata": {},
                    "parent_header": {},
                }
            )
        )

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
            message = json.loads(text)
            content = message.get("content", {})
            data = content.get("data") if isinstance(content.get("data"), dict) else {}
            if message.get("msg_type") == "comm_open":
                self.parts[content["comm_id"]] = dict(data.get("state", {}))
            elif message.get("msg_type") == "comm_close":
                self.parts.pop(content.get("comm_id"), None)
            elif data.get("method") == "update" and content.get("comm_id") in self.parts:
                self.parts[content["comm_id"]].update(data.get("state", {}))
        if found := _SEAT.search(text):
            self.moved_to = found[0]
        self.news.set()
