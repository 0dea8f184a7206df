"""The doors of the server: who is let in, to what, and how much of it one visitor may hold.

Everything that arrives passes here before solara sees it.

Refused is: a name that this machine is not asked by (a web site that points its own name here), a
websocket or a change that another site's page asks for (Origin), what no page of ours would ask for
or say, and more places than one address may hold. What solara would read from a visitor's headers
to learn of its proxy is dropped, as one visitor's first request would set it for all; uvicorn has
read X-Forwarded-For and -Proto where it was told of a proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from starlette.requests import cookie_parser

from coercivity.model.basis.errors import InputError
from coercivity.viz.server.connection_limits import Places
from coercivity.viz.server.messages import is_allowed_frame
from coercivity.viz.server.visitor import key

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Kernels(Protocol):
    """What the doors ask of viz/server/kernels.py."""

    def is_of(self, kernel: str, session: str) -> bool:
        """Whether a kernel is of this session, or of nobody yet."""
        ...

    def has(self, kernel: str, page: str) -> bool:
        """Whether a kernel has this page."""
        ...


SESSIONS: Final = ("solara-session-id", "solara-session-id-lax")
HERE: Final = ("localhost", "127.0.0.1", "[::1]")
CDN: Final = (
    "/_solara/cdn"  # under this path stand the front-end files of the package solara-assets
)
UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SOCKET: Final = re.compile(rf"/jupyter/api/kernels/({UUID})/channels")
CLOSE: Final = re.compile(rf"/_solara/api/close/{UUID}")
# a page that comes back after a lost connection asks for its kernel, and is answered with an empty
# form
STATIC: Final = re.compile(
    rf"/static/|/jupyter/nbextensions/jupyter-vue(?:tify)?/|/readyz$|/jupyter/api/kernels/{UUID}$"
)
REJOIN: Final = "/rejoin.js"
LONGEST_PATH: Final = 300
UNTRUSTED: Final = (b"script-name", b"x-script-name", b"x-forwarded-host", b"x-forwarded-proto")
BURST: Final = 200  # messages of one websocket at once, and then
PACE: Final = 50.0  # a second; a lever that is dragged sends about 20

HEADERS: Final = (
    # Vue templates are compiled in the browser, hence 'unsafe-eval'; nothing may come from or go to
    # another host
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' "
        b"'unsafe-inline'; img-src 'self' data: blob:; "
        b"font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        b"form-action 'self'; frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


class AccessRefusal(Exception):
    """Why somebody is not let in: an HTTP status and one line."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Names:
    """By which names the server may be asked, and the origins of other names under which its pages
    are shown, as behind a proxy.

    numbers: whether any IP address does as well. A site that points its own name at this machine is
    asked by a name, and a phone may come by an address that this machine does not know as its own.
    """

    hosts: tuple[str, ...] = HERE
    origins: tuple[str, ...] = ()
    numbers: bool = False

    def check(self, headers: list[tuple[bytes, bytes]], strict: bool) -> None:
        """Raise Refused for a request under another name, or (if *strict*) from another site's
        page.

        Who sends no Origin is no browser, and let in.
        """
        hosts, origins = (_values(headers, name) for name in (b"host", b"origin"))
        if len(hosts) != 1 or len(origins) > 1:
            raise AccessRefusal(400, "a request names one host, and one origin at most")
        host = _plain_host(hosts[0])
        name = _name(host)
        known = (*self.hosts, *(_name(_netloc(origin)) for origin in self.origins))
        if name not in known and not (self.numbers and _is_number(name)):
            raise AccessRefusal(
                421,
                "this server is not asked by that name; open it by the address that it printed at "
                "its start, or name the origin in COERCIVITY_ORIGINS where you start it",
            )
        if (
            strict
            and origins
            and origins[0].lower() not in self.origins
            and _plain_host(_netloc(origins[0])) != host
        ):
            raise AccessRefusal(403, "a page of another site may not use this server")


def read_origins(text: str) -> tuple[str, ...]:
    """Origins from a list with commas, as https://lab.example.org. Raises InputError."""
    origins = tuple(one.strip().rstrip("/").lower() for one in text.split(",") if one.strip())
    for entry in origins:
        netloc = _netloc(entry)
        if not netloc or entry not in (f"http://{netloc}", f"https://{netloc}") or "@" in entry:
            raise InputError(
                "origin '{value}' is not one",
                "write scheme and name alone, for example https://lab.example.org",
                value=entry,
            )
    return origins


class Doors:
    """An ASGI application around solara's: *front* hands out the front-end files, *app* does the
    rest.

    *pages* are the paths of our pages, as '/play'; *lost* makes the page in a language for browsers
    that ask for another path; *rejoin* makes the script by which pages come back.
    """

    def __init__(
        self,
        app: App,
        front: App,
        kernels: Kernels,
        places: Places,
        names: Names,
        pages: Collection[str],
        lost: Callable[[str], bytes] | None = None,
        rejoin: Callable[[str], bytes] = lambda _: b"",
    ) -> None:
        self.lost, self.rejoin = lost, rejoin
        self.app, self.front, self.kernels, self.places, self.names, self.pages = (
            app,
            front,
            kernels,
            places,
            names,
            pages,
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let somebody in, or say why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        address = key(str((scope.get("client") or ("",))[0]))
        scope = {
            **scope,
            "headers": [
                header for header in scope.get("headers", ()) if header[0].lower() not in UNTRUSTED
            ],
        }
        try:
            if scope["type"] == "http":
                await self._request(scope, receive, send, address)
            else:
                await self._socket(scope, receive, send, address)
        except AccessRefusal as refused:
            if refused.status == 404 and self.lost is not None and _wants_a_page(scope):
                page = self.lost(_fields(scope).get("lang", [""])[0])
                await _answer(send, 404, b"text/html; charset=utf-8", page)
            else:
                await _refuse(scope, send, refused)

    async def _request(self, scope: Message, receive: Receive, send: Send, address: str) -> None:
        path, method = str(scope["path"]), str(scope.get("method", "GET"))
        closing = CLOSE.fullmatch(path) is not None
        if method not in (("POST",) if closing else ("GET", "HEAD")):
            raise AccessRefusal(405, "this is not done here")
        self.names.check(scope["headers"], strict=closing)
        if len(path) > LONGEST_PATH or re.search(r"[\x00-\x1f\x7f\\]|//|/\.", path):
            raise AccessRefusal(404, "not here")
        if path == REJOIN:
            script = self.rejoin(_fields(scope).get("lang", [""])[0])
            await _answer(send, 200, b"text/javascript; charset=utf-8", script)
            return
        if (path.rstrip("/") or "/") in self.pages:
            if reason := self.places.refusal(address):
                raise AccessRefusal(503, reason)
        elif closing:
            kernel, page = path.rsplit("/", 1)[1], _fields(scope).get("session_id", [""])[0]
            if not (self.kernels.has(kernel, page) and self.kernels.is_of(kernel, _session(scope))):
                raise AccessRefusal(404, "not here")
        elif not (STATIC.match(path) or path.startswith(CDN + "/")):
            raise AccessRefusal(404, "not here")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
            await send(message)

        if path.startswith(CDN + "/"):
            await self.front(
                {**scope, "root_path": str(scope.get("root_path", "")) + CDN},
                receive,
                send_with_headers,
            )
        else:
            await self.app(scope, receive, send_with_headers)

    async def _socket(self, scope: Message, receive: Receive, send: Send, address: str) -> None:
        self.names.check(scope["headers"], strict=True)
        match = SOCKET.fullmatch(str(scope["path"]))
        if match is None or not _fields(scope).get("session_id"):
            raise AccessRefusal(404, "not here")
        kernel = match[1]
        if not self.kernels.is_of(kernel, _session(scope)):
            raise AccessRefusal(403, "this page is another browser's")
        if reason := self.places.take(address, kernel):
            raise AccessRefusal(503, reason)
        left, since, over = float(BURST), asyncio.get_running_loop().time(), False

        async def receive_allowed() -> Message:
            nonlocal left, since, over
            message: Message = (
                await receive() if not over else {"type": "websocket.disconnect", "code": 1008}
            )
            if message["type"] != "websocket.receive":
                return message
            said = message.get("bytes") if message.get("text") is None else message["text"]
            if said is None or not is_allowed_frame(said):
                over = True
                with contextlib.suppress(OSError):  # gone before it was told
                    await send(
                        {
                            "type": "websocket.close",
                            "code": 1008,
                            "reason": "no page of this server says that",
                        }
                    )
                return {"type": "websocket.disconnect", "code": 1008}
            now = asyncio.get_running_loop().time()
            left, since = min(float(BURST), left + PACE * (now - since)) - 1.0, now
            if left < 0.0:
                await asyncio.sleep(-left / PACE)  # who says too much is heard more slowly
            return message

        try:
            await self.app(scope, receive_allowed, send)
        finally:
            self.places.leave(address, kernel)


async def _refuse(scope: Message, send: Send, refused: AccessRefusal) -> None:
    """Say why, in one line."""
    kind = "http" if scope["type"] == "http" else "websocket.http"
    if kind != "http" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": refused.words})
        return
    later = [(b"retry-after", b"30")] if refused.status == 503 else []
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        *later,
        *HEADERS,
    ]
    await send({"type": f"{kind}.response.start", "status": refused.status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": refused.words.encode()})


def _wants_a_page(scope: Message) -> bool:
    """Whether a browser goes to this address, and does not ask for a file of a page."""
    accepted = ",".join(_values(scope["headers"], b"accept"))
    return scope["type"] == "http" and "text/html" in accepted


async def _answer(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"cache-control", b"no-store"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for found, value in headers if found.lower() == name]


def _netloc(address: str) -> str:
    """The host with its port in an address; '' where it has none or cannot be understood, as of
    http://[.
    """
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _plain_host(netloc: str) -> str:
    """A host with its port, in small letters and without the port that goes without saying."""
    return re.sub(r"\.?(:(80|443)?)?$", "", netloc.lower())


def _name(netloc: str) -> str:
    return re.sub(r"\.?(:\d*)?$", "", netloc)


def _is_number(name: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _session(scope: Message) -> str:
    """The browser's session, as solara reads it."""
    cookies = cookie_parser("; ".join(_values(scope["headers"], b"cookie")))
    return next((cookies[name] for name in SESSIONS if cookies.get(name)), "")


def _fields(scope: Message) -> dict[str, list[str]]:
    return parse_qs(bytes(scope.get("query_string", b"")).decode("latin-1"))
