"""For tests in a browser: a server in a process of its own, and a visit that notes all that its page asks for and complains about.

The server finds a dead proxy in its environment, so that whatever it asked of anybody else would fail and be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.check.patience import patient
from tools.check.server_process import Server

REAL = "from coercivity.viz.serve import serve; serve(0, open_browser=False)"  # as `coercivity app` does it, at a free port
LAB = "/?scenario=japan-2026"  # an address that asks for something: without, the door is shown
CHARTS = "document.documentElement.dataset.drawn === '{}' && document.querySelectorAll('.cv-plot canvas').length === 4"
STAND_IN = str(Path(__file__).parent / "page_server.py")  # the same with a world that costs nothing
PATIENCE = round(1000 * patient(60.0))  # milliseconds; the machine may be busy


@contextmanager
def launched(chromium: str) -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield chrome
        chrome.close()


WIDE = {"width": 1400, "height": 1000}
# so many frames of the screen go by
FRAMES = "new Promise(done => {{ let left = {}; const one = () => left-- > 0 ? requestAnimationFrame(one) : done(); one(); }})"


@dataclass
class Visit:
    """One page, and all that it asked for and complained about."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)  # over the websocket
    sockets: list[Any] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(self.address + query)

    def wait_for(self, drawn: str) -> None:
        """Wait until the four charts show what says this of itself."""
        self.page.wait_for_function(CHARTS.format(drawn), timeout=PATIENCE)

    def sends(self, word: str) -> Any:
        """A context that is left when the page has sent something with this word in it."""
        return self.sockets[-1].expect_event(
            "framesent",
            lambda frame: word in (frame if isinstance(frame, str) else frame.decode("latin-1")),
            timeout=PATIENCE,
        )

    def settle(self) -> None:
        """Let the page say what it still has to say: until it has sent and asked nothing for some frames on end."""
        quiet, before = 0, (-1, -1)
        while quiet < 10:
            self.page.evaluate(FRAMES.format(2))
            quiet = quiet + 1 if before == (len(self.requests), len(self.sent)) else 0
            before = len(self.requests), len(self.sent)

    def goes_on_until(self, holds: str, part: str) -> None:
        """Wait until *holds* (a function of JavaScript) is true: however long, as long as the text of *part* goes on changing."""
        while not self.page.evaluate(holds):
            before = self.page.locator(part).inner_text()
            self.page.wait_for_function(
                f"before => ({holds})() || document.querySelector('{part}')?.innerText !== before",
                arg=before,
                timeout=2 * PATIENCE,
            )

    def cell(self, name: str) -> str:
        return str(self.page.locator(f'[data-cell="{name}"]').inner_text())

    def elsewhere(self) -> list[str]:
        own = (self.address + "/", self.address.replace("http:", "ws:") + "/", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


def new_visit(browser: Any, server: Server, **settings: Any) -> Visit:
    """A page in a context of its own: no other visit's cookies or storage."""
    context = browser.new_context(**({"viewport": WIDE} | settings))
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    visit = Visit(page, server.address)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on(
        "websocket",
        lambda socket: (
            visit.requests.append(socket.url),
            visit.sockets.append(socket),
            socket.on("framesent", lambda frame: visit.sent.append(frame)),
        ),
    )
    page.on(
        "console",
        lambda message: visit.complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: (
            visit.complaints.append(f"{answer.status} {answer.url}")
            if answer.status >= 400
            else None
        ),
    )
    return visit


IDLE: dict[
    tuple[str, str], list[Visit]
] = {}  # pages whose visitor has left, by where and what they are
CHANGES = {"viewport", "color_scheme", "reduced_motion"}  # settings that a page takes on later too


@contextmanager
def visiting(browser: Any, server: Server, **settings: Any) -> Iterator[Visit]:
    """A visit that must ask nobody else and complain about nothing. It takes over a page whose visitor has left, and finds nothing of his but the scripts
    that a browser keeps: they are half of what it costs to open a page.
    """
    kind = {name: value for name, value in settings.items() if name not in CHANGES}
    idle = IDLE.setdefault((server.address, repr(kind)), [])
    one = idle.pop() if idle else new_visit(browser, server, **kind)
    one.page.set_viewport_size(settings.get("viewport", WIDE))
    one.page.emulate_media(
        media="null",
        color_scheme=settings.get("color_scheme", "light"),
        reduced_motion=settings.get("reduced_motion", "no-preference"),
    )
    yield one
    leave(one)
    told = one.elsewhere(), list(one.complaints)
    for noted in (one.requests, one.complaints, one.sent, one.sockets):
        noted.clear()
    idle.append(one)
    assert told == ([], [])


def leave(visit: Visit) -> None:
    """Go, and take along all that was kept in the browser; the server hears it, and works for the visitor no more."""
    visit.page.evaluate("sessionStorage.clear()")
    visit.page.goto("about:blank")
    asked = visit.page.context.new_cdp_session(visit.page)
    asked.send("Storage.clearDataForOrigin", {"origin": visit.address, "storageTypes": "all"})
    asked.detach()
    visit.page.context.clear_cookies()


def number(text: str) -> float:
    """The number that a cell, a headline or a percentage shows."""
    found = re.search(r"-?[\d,]*\.?\d+", text.replace("×", ""))
    assert found, text
    return float(found[0].replace(",", "")) / (100.0 if "%" in text else 1.0)


NAMELESS = """[...document.querySelectorAll('button, select, input, textarea, .cv-page a, [role=img], [role=region], [role=tab]')].filter(item =>
    !(item.getAttribute('aria-label') || item.innerText.trim() || item.labels?.length)).map(item => item.outerHTML)"""
LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4')].filter(item => item.offsetParent).map(item => Number(item.tagName[1]))"


def background(page: Any) -> list[int]:
    """Red, green and blue of the page's ground."""
    colour = page.evaluate("getComputedStyle(document.querySelector('.cv-page')).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", colour)]


def faults(page: Any, *rules: str) -> list[str]:
    """What axe finds by all of its rules, or by these."""
    from axe_playwright_python.sync_playwright import Axe

    asked: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        asked["runOnly"] = list(rules)
    return [
        f"{one['id']}: {[(node['target'], node['any'][0]['message'] if node['any'] else '') for node in one['nodes']][:3]}"
        for one in Axe().run(page, options=asked).response["violations"]
    ]
