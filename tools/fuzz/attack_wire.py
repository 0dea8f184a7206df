"""Attacks over the websocket: messages, what is too large, others' pages, and all places for one
visitor.
"""

from __future__ import annotations

import contextlib
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.exceptions import InvalidHandshake

from tools.fuzz.guest import KEY, LEAKS, OTHER, PATIENCE, Guest, Try, fetch, plug, refused, upgrade
from tools.fuzz.page_client import LAB

CHANNELS = "/jupyter/api/kernels/12345678-0000-4000-8000-123456789012/channels?session_id=1"
PATHS = "/%00 /.. /\ud83d\ude00 //evil.example /class/../lab /play/extra/part"


def messages(address: str, home: Path) -> Iterator[Try]:
    """Messages that no page sends: the server must close the page, run nothing and stay."""
    guest = Guest(address, LAB)
    widget, kernel = guest.widget("move"), guest.kernel
    guest.leave()
    mark = home / "ran"
    code = f"open({str(mark)!r}, 'w').close()"

    def plain(kind: Any, **content: Any) -> dict[str, Any]:
        return {"header": {"msg_type": kind}, "channel": "shell", "content": content}

    def custom(**content: Any) -> dict[str, Any]:
        data = {"method": "custom", "content": content}
        return plain("comm_msg", comm_id=widget, data=data)

    def made(*what: str, **props: Any) -> dict[str, Any]:
        return custom(create_widget=[*what], props=props, id="x")

    def control(method: str, **more: Any) -> dict[str, Any]:
        return plain("comm_msg", comm_id="control", data={"method": method, **more})

    template = {"_model_module": "jupyter-vue", "_model_name": "VueTemplateModel"}
    opened = {"target_name": "jupyter.widget", "data": {"state": template}}
    tries: dict[str, Any] = {
        "runs python": made("IPython", "start_ipython", argv=["-c", code]),
        "makes any object": made("io", "open"),
        "makes a template of a file": made("ipyvue", "VueTemplate", template_file="/etc/passwd"),
        "calls a method": custom(update_ref={"functionRef": "close"}, id=widget, prop="x"),
        "reads an attribute": custom(update_ref={"objectRef": "__class__"}, id=widget, prop="x"),
        "event beside it": custom(
            event="event_move", data={}, create_widget=["io", "open"], props={}
        ),
        "destroys": custom(destroy_widget=widget),
        "imports": made("this", "s"),
        "event of the class": custom(event="__init__", data={}, more=1),
        "execute": plain("execute_request", code=code),
        "complete": plain("complete_request"),
        "stdin": {**plain("input_reply"), "channel": "stdin"},
        "widget of its own": plain("comm_open", comm_id="9", **opened),
        "evict": control("evict"),
        "reload": control("reload"),
        "no kind": {"header": {}, "content": {}, "channel": "shell"},
        "path that is none": control("run", args={"path": 5}),
        "other app": control("run", args={"path": "/", "appName": "x"}),
        "not json": "{",
        "deep": "[" * 100_000,
        "number": "7",
        "list": "[]",
        "nul": "\x00",
        "huge number": '{"header":{"msg_type":' + "9" * 5000 + "}}",
        "lone surrogate": '{"header":{"msg_type":"\\ud800"}}',
        "binary": b"\x00\x00\x00\x01",
        "binary, a billion parts": b"\x3b\x9a\xca\x00" + b"x" * 100,
        "binary, empty": b"",
        "binary, beyond": b"\x00\x00\x00\x01\x7f\xff\xff\xff{}",
    }
    for name, message in tries.items():
        one = Guest(address, run=False, kernel=kernel, cookie=guest.cookie)
        one.send(message)
        one.hear(lambda one=one: bool(one.closed), 10.0)
        yield name, bool(one.closed) and LEAKS.search(one.closed) is None
    yield "nothing was run", not mark.exists() and not list(home.glob("*.pickle"))
    one = Guest(address, kernel=kernel, cookie=guest.cookie, run=False)
    for path in ("/" + "x" * 20_000, *PATHS.split(), "/?a=" + "%ff" * 3000):
        fresh = Guest(address, path)
        yield f"path {path[:20]}", LEAKS.search(fresh.text()) is None
        fresh.leave()
    one.leave()


def oversize(address: str, home: Path) -> Iterator[Try]:
    """More at once than anybody needs."""
    for name, size in (("two megabytes", 2_000_000), ("a hundred", 100_000_000)):
        guest = Guest(address, run=False)
        guest.send("x" * size)
        guest.hear(lambda guest=guest: bool(guest.closed), 20.0)
        yield name, bool(guest.closed)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -12)
    bomb = (squeezer.compress(b" " * 200_000_000) + squeezer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    with plug(address) as line:
        line.sendall(upgrade(CHANNELS, b"Sec-WebSocket-Extensions: permessage-deflate\r\n" + KEY))
        line.recv(65536)
        with contextlib.suppress(OSError):
            line.sendall(b"\xc1\xff" + len(bomb).to_bytes(8, "big") + b"\x00" * 4 + bomb)
            while line.recv(65536):
                pass
        yield "a compressed bomb", True  # it was closed, or recv would have timed out
    guest = Guest(address, LAB)
    begun = time.monotonic()
    for _ in range(400):
        guest.event("move", {"lever": "firms_stock", "value": 1})
    other = Guest(address, "/evidence", source=OTHER)
    yield (
        "four hundred events at once",
        '"facts"' in other.text() and time.monotonic() - begun < PATIENCE,
    )


def hijacks(address: str, home: Path) -> Iterator[Try]:
    """The page of another, whose kernel somebody knows."""
    victim = Guest(address, "/play", source=OTHER)
    cookies = {
        "none": "",
        "wrong": "solara-session-id=0",
        "attacker's": Guest(address, run=False).cookie,
        "lax": "solara-session-id-lax=1",
        "two": "solara-session-id=1; solara-session-id=2",
        "session not to be had": "solara-session-id=session-id-cookie-unavailable:1",
        "json": 'solara-session-id={"a":1}',
    }
    for name, cookie in cookies.items():
        try:
            thief = Guest(address, run=False, kernel=victim.kernel, cookie=cookie)
        except (InvalidHandshake, OSError):
            yield name, True
            continue
        thief.say(
            "comm_open", {"comm_id": "c9", "target_name": "jupyter.widget.control", "data": {}}
        )
        thief.say("comm_msg", {"comm_id": "c9", "data": {"method": "request_states"}})
        thief.hear(lambda thief=thief: bool(thief.closed), 10.0)
        yield name, bool(thief.closed) and "event_wish" not in thief.text() + thief.last
    for session in ("", "x", victim.session[:-1] + "x"):
        status, _, _ = fetch(
            address, f"/_solara/api/close/{victim.kernel}?session_id={session}", method="POST"
        )
        yield f"close with session {session[:4]!r}", status in (200, 404, 500)
    victim.event("trace", "nobody")
    yield (
        "the page is still its owner's",
        victim.hear(lambda: '"idle"' in victim.last, 10.0) and not victim.closed,
    )


def places(address: str, home: Path) -> Iterator[Try]:
    """One visitor who wants all places, with open pages and with pages left behind."""
    held: list[Guest] = []
    let_in = 0
    for _ in range(160):
        with contextlib.suppress(InvalidHandshake):
            held.append(Guest(address, run=False, cookie="solara-session-id=1"))
            let_in += 1
    yield f"{let_in} of 160 pages", let_in == 133
    status, back, body = fetch(address)
    yield (
        "he is told so",
        status == 503 and "close some and reload" in body and back.get("retry-after") is not None,
    )
    yield "the others are not", fetch(address, source=OTHER)[0] == 200
    twice = held[0]
    yield "a second socket of one page", refused(address, kernel=twice.kernel, cookie=twice.cookie)
    for guest in held:
        guest.leave()
    for _ in range(140):  # left, and not yet culled
        Guest(address, run=False, cookie="solara-session-id=1").leave()
    yield "pages left behind make room", fetch(address)[0] == 200 and not refused(address)
    for guest in [Guest(address, run=False, source=OTHER) for _ in range(40)]:
        guest.leave()
