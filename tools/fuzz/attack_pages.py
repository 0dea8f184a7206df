"""Attacks through the pages: links, uploads, events with anything in them, codes, tokens, and pages
on one seat.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import time
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.classroom.rooms.room import MOST_PAGES
from coercivity.viz.words.names import FAILED
from tools.fuzz.guest import LEAKS, OTHER, Guest, Try
from tools.fuzz.page_client import LAB


def packed(value: Any) -> str:
    """A scenario as a link holds it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def alerts(guest: Guest) -> list[str]:
    """What the page says of what went wrong."""
    said: list[Any] = [
        str(word)
        for state in guest.widgets.values()
        if "cv-problem" in str(state.get("class_"))
        for word in state.get("children") or ()
    ]
    for state in guest.widgets.values():
        controls = state.get("controls")
        said += [state.get("problem"), isinstance(controls, dict) and controls.get("problem")]
    return [word for word in said if word]


def says(guest: Guest, words: str) -> bool:
    """Whether something that went wrong is told in these words."""
    return any(words in one.lower() for one in alerts(guest))


def links(address: str, home: Path) -> Iterator[Try]:
    """Addresses made by hand: no traceback, no path of the server, and a line that says what is
    wrong.
    """
    whole = load_scenario("japan-2026").to_dict()
    own: dict[str, Any] = {
        "a list": [],
        "a text": "x",
        "null": None,
        "a number": 7,
        "nan": "NaN",
        "deep": "[" * 3000,
        "bad json": "{",
        "empty": {},
        "path as name": {**whole, "name": "../../etc/passwd"},
        "of a list": {**whole, "parameters": {"tech_fade": ["a"]}},
        "events a text": {**whole, "events": "x"},
        "event a list": {**whole, "events": [[1]]},
        "event of": {**whole, "events": [{"kind": "dispute", "of": ["a"]}]},
        "months": {**whole, "months": 10**400},
        "months text": {**whole, "months": "9" * 5000},
        "start": {**whole, "start": "9999-99"},
        "keys": {**whole, "\u0000": 1},
        "governments": {**whole, "governments": [1]},
        "choices": {**whole, "choices": [{"id": {"a": []}}]},
        "include": {**whole, "base": "/etc/passwd"},
        "months nan": json.dumps(whole).replace('"months": ', '"months": NaN, "x": ', 1),
    }
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)[:5000]).decode().rstrip("=")
    queries = {f"own {name}": "own=" + packed(value) for name, value in own.items()}
    queries |= {
        "bomb": "own=" + bomb,
        "own no base64": "own=%%%",
        "path": "scenario=/etc/passwd",
        "dots": "scenario=../../etc/passwd",
        "nul": "scenario=%00",
        "folder": "scenario=.",
        "long name": "scenario=" + "x" * 5000,
        "yaml": "scenario=japan-2026.yaml",
        "seed": "seed=" + "9" * 5000,
        "seed nan": "seed=nan",
        "seed ²": "seed=%C2%B2",
        "state": "state=/etc/passwd",
        "lever": "lever.x=1",
        "lever nan": "lever.firms_stock=nan",
        "lever long": "lever.firms_stock=" + "9" * 400,
        "at": "at=2027-99:firms_stock:1",
        "at many": "at=" + ",".join(["2027-03:firms_stock:1"] * 300),
        "p": "p.share_speed=1e999",
        "p name": "p./etc/passwd=1",
        "twice": "seed=1&seed=2",
        "fields": "&".join(f"lever.x{k}=1" for k in range(400)),
        "format": "scenario={0.__class__}&state=%s%n",
        "script": "scenario=<script>alert(1)</script>",
    }
    for page in ("/", "/play", "/chain", "/compare"):
        for name, query in queries.items():
            guest = Guest(address, f"{page}?{query}")
            said = alerts(guest)
            yield (
                f"{page} {name} {said}",
                LEAKS.search(guest.text()) is None
                and (bool(said) or name in HARMLESS)
                and all("\n" not in one for one in said),
            )
            guest.leave()
    for place in (f"/compare?a={quote('?own=' + packed(whole))}", *PLACES.split()):
        guest = Guest(address, place)
        yield place[:40], LEAKS.search(guest.text()) is None
        guest.leave()


PLACES = f"""/compare?a=/etc/passwd /compare?b=file:///etc/passwd /compare?a=%00&b=%00
/compare?a=http://evil.example/?x=1 /compare?a=[::1 /class?room=../../etc&seat=x
/class?room=BCDFGH&seat={"x" * 300} /class?room=&seat=x /class?room=%00&seat=%00 /class?seat=x
/class?room[]=1&seat[]=2"""
HARMLESS = ("own path as name",)  # a name is words on the page, and no path to anybody
UPLOADS = {
    "python object": "!!python/object/apply:os.system ['true']",
    "python name": "name: !!python/name:os.system",
    "bool": "name: !!bool foo",
    "int": "months: !!int ''",
    "float": "months: !!float x",
    "timestamp": "start: !!timestamp x",
    "binary": "name: !!binary '%'",
    "set": "!!set {a, b}",
    "omap": "!!omap [a]",
    "own tag": "!x {}",
    "anchors": "a: &a [*a]",
    "merge": "<<: [1]",
    "laughs": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
    "deep": "[" * 5000,
    "tabs": "\t\tx",
    "two documents": "a: 1\n---\nb: 2",
    "nul": "a\x00b",
    "zip": "PK\x03\x04",
    "empty": "",
    "number": "7",
    "long number": "months: " + "9" * 5000,
    "surrogate": "\ud800",
    "include": "!include /etc/passwd",
    "dates": "start: 2027-01-01",
    "keys": "? [a]\n: b",
    "value": "=",
    "sexagesimal": "months: 1:2:3",
    "nan": "months: .nan",
    "list": "- a",
    "name": "name: /etc/passwd",
}


ANYTHING: tuple[Any, ...] = (
    *(None, 5, "x", [], {}, [[]], True, {"lever": {}}, {"lever": [], "value": {}}, {"kind": []}),
    *({"name": 5, "text": 5}, {"scenario": {"a": 1}}, {"seed": 10**300}, {"link": "\x00"}),
    {"side": "a", "link": 5},
)
EVENTS = {
    "/": "enter near",
    LAB: "move rest undo choose pick take upload assume go",
    "/play": "wish trace",
    "/chain": "choose look",
    "/compare": "choose",
    "/evidence": "search",
    "/class": "look join make load go",
}


def events(address: str, home: Path) -> Iterator[Try]:
    """Uploads, and events with anything in them: an answer on the page, and never silence, a
    traceback or a path.
    """
    guest = Guest(address, LAB)
    for name, text in UPLOADS.items():
        guest.event("choose", {"seed": 1})  # what was said before is gone
        guest.hear(lambda: not alerts(guest), 10.0)
        guest.event("upload", {"name": "../../etc/x.yaml", "text": text})
        yield (
            f"upload {name}",
            guest.hear(lambda: bool(alerts(guest)), 15.0)
            and LEAKS.search(" ".join(alerts(guest))) is None,
        )
    for path, names in EVENTS.items():
        guest = Guest(address, path)
        for name in names.split():
            for data in ANYTHING:
                guest.event(name, data)
                guest.hear_out()
                yield (
                    f"{path} {name} {str(data)[:30]}",
                    not guest.closed
                    and LEAKS.search(guest.text()) is None
                    and all("\n" not in one for one in alerts(guest)),
                )
                if f"event_{name}" not in guest.text():  # it went to another page
                    guest = Guest(address, path)
        guest.leave()
    guest = Guest(address, LAB)
    guest.event("move", 5)
    yield "what a handler did not foresee is said", guest.shows(FAILED[:30], 15.0)
    guest.event("move", {"lever": "firms_stock", "value": 1})
    yield "and gone with the next event", guest.hear(lambda: FAILED[:30] not in guest.text(), 15.0)


def make_room(address: str) -> tuple[str, str]:
    """A room's code and its facilitator's address."""
    lead = Guest(address, "/class", source=OTHER)
    game: dict[str, Any] = {"how": "many", "lesson": "90", "seats": ["exporter", "target", "firm"]}
    game |= {"binding": False, "length": 4, "others": "scripted", "seed": "1"}
    lead.event("make", game)
    assert lead.shows("/class?room=", 20.0), lead.text()[-2000:]
    found = re.search(r"/class\?room=([A-Z]{6})&seat=([0-9a-f]{32})", lead.text())
    assert found is not None
    lead.leave()
    return found[1], found[0]


def join(address: str, code: str, seat: str, source: str = OTHER) -> str:
    """Take a seat: its address."""
    guest = Guest(address, "/class", source=source)
    guest.event("join", {"code": code, "seat": seat, "name": "Team"})
    assert guest.shows("&seat=", 20.0), alerts(guest)
    found = re.search(r"/class\?room=[A-Z]{6}&seat=[0-9a-f]{32}", guest.text())
    assert found is not None
    guest.leave()
    return found[0]


def codes(address: str, home: Path) -> Iterator[Try]:
    """Codes and tokens by trying: with new pages, new cookies, by looking, by joining, and by
    links.
    """
    code, leader = make_room(address)
    seat = join(address, code, "exporter", source="127.0.0.1")
    letters = "BCDFGHJKMNPRTWXZ"
    heads = map("".join, product(letters, repeat=3))
    wrong = (head + code[3:] for head in heads if head != code[:3])
    tried = told = 0
    begun = time.monotonic()
    for page in range(4):
        guest = Guest(address, "/class")
        for _ in range(15):
            seat_at = {"code": next(wrong), "seat": "target", "name": "x"}
            for name, given in (("look", next(wrong)), ("join", seat_at)):
                guest.event(name, given)
                tried += 1
                guest.hear_out()
                told += says(guest, "there is no room")
        guest.leave()
        yield f"page {page}", told <= 30
    yield (
        f"{told} of {tried} tries told something in {time.monotonic() - begun:.0f} s",
        0 < told <= 30,
    )
    for _ in range(10):
        guest = Guest(address, f"/class?room={next(wrong)}&seat={'0' * 32}")
        yield (
            "a link tells nothing of a room any more",
            not says(guest, "there is no room") and says(guest, "wait"),
        )
        guest.leave()
    guest = Guest(address, f"/class?room={code}&seat={'0' * 32}")
    yield "nor that there is one", says(guest, "wait")
    guest = Guest(address, seat)
    yield (
        "who has a seat is let in all the same",
        guest.shows("event_seal", 5.0) or "exporter" in guest.text(),
    )
    guest = Guest(address, "/class")
    guest.event("look", code)
    guest.hear(lambda: bool(alerts(guest)), 10.0)
    yield "and a right code is not told either", says(guest, "wait")
    guest = Guest(address, leader, source=OTHER)
    yield "the facilitator elsewhere is not held up", "event_act" in guest.text()
    yield "nor is the class", bool(join(address, code, "target"))


def watchers(address: str, home: Path) -> Iterator[Try]:
    """More pages on one seat's token than the room has places for."""
    code, leader = make_room(address)
    seat = join(address, code, "exporter", source="127.0.0.1")
    token = parse_qs(urlsplit(seat).query)["seat"][0]
    guests = [Guest(address, seat) for _ in range(60)]
    full = sum(guest.shows("of this place are open already", 0.5) for guest in guests)
    yield f"{full} of 60 pages on one seat give way", full == 60 - MOST_PAGES
    lead = Guest(address, leader, source=OTHER)
    yield "the facilitator comes in", "event_act" in lead.text() and not alerts(lead)
    yield (
        "another seat too",
        "event_end" in Guest(address, join(address, code, "target"), source=OTHER).text(),
    )
    lead.event("act", {"name": "free", "seat": "exporter"})
    yield "pages of a seat that was freed are told", guests[-1].shows("has freed this seat", 20.0)
    again = join(address, code, "exporter")
    guest = Guest(address, again, source=OTHER)
    yield "and its new team has its places", "event_end" in guest.text() and not alerts(guest)
    yield "no token in another's page", token not in lead.text() + guest.text()


def deaf(address: str, home: Path) -> Iterator[Try]:
    """Visitors who ask for pages and never read them: a class that plays may not wait for them."""
    code, leader = make_room(address)
    seat = Guest(address, join(address, code, "exporter"), source=OTHER)
    lead = Guest(address, leader, source=OTHER)
    guests = []
    for _ in range(12):
        guest = Guest(address, "/play", read=False)
        guest.wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        guests.append(guest)
        for _ in range(20):
            args = {"path": "/play", "dark": False, "themes": {"light": {}, "dark": {}}}
            guest.say("comm_msg", {"comm_id": "control", "data": {"method": "run", "args": args}})
    for name, words in (
        ("start", '\\"phase\\": \\"brief'),
        ("talk", '\\"phase\\": \\"talk'),
        ("close", '\\"phase\\": \\"sealed'),
    ):
        begun = time.monotonic()
        lead.event("act", {"name": name})
        good = seat.hear(
            lambda words=words: words.replace(" ", "") in seat.text().replace(" ", ""), 20.0
        )
        yield f"{name} is told after {time.monotonic() - begun:.1f} s", good
    for guest in guests:
        guest.wire.socket.close()
