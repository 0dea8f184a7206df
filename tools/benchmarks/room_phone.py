"""One person of `room_load`: a browser of their own, and what is measured in its pages."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

GIVE_UP = 120.0  # seconds that anything may take before it counts as failed
LOST = ("ERR_CONNECTION", "WebSocket", "ERR_SOCKET", "ERR_EMPTY", "Failed to fetch", "net::ERR")
# In each page: when something was pressed last, and when something became true first.
MARKS = """
window.__pressed = 0; window.__seen = {};
addEventListener('click', () => { window.__pressed = Date.now(); }, true);
window.__until = (name, test) => {
  delete window.__seen[name];
  const holds = new Function('return (' + test + ')');
  const look = () => {
    try { if (!holds()) return false; } catch (error) { return false; }
    window.__seen[name] = Date.now();
    return true;
  };
  if (look()) return;
  const watch = new MutationObserver(() => { if (look()) watch.disconnect(); });
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  watch.observe(document.documentElement, all);
};
"""
IN = "document.querySelector('.gm-top')"
STATE = (
    "JSON.stringify([window.before, window.solara && solara.debug && solara.debug.connectionStatus,"
    " sessionStorage.getItem('coercivity-rejoin'), document.querySelector('.cv-lost')?.innerText,"
    " performance.now(), document.body.innerText.slice(0, 200)])"
)


@dataclass
class Found:
    """What was measured."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: list[tuple[float, float, float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    least: float = float("inf")  # GB of memory that were free at the worst
    ends: list[int] = field(default_factory=list)  # how many different ends each game had
    begun: float = field(default_factory=time.perf_counter)

    def fails(self, words: str) -> None:
        """Keep what failed, and say it at once: a long run may be ended before its end."""
        self.failed.append(words)
        print(f"{time.perf_counter() - self.begun:6.0f} s failed: {words}", flush=True)

    def took(self, what: str, from_ms: float, to_ms: float) -> None:
        """Keep a time, in seconds."""
        self.times[what].append(max(0.0, to_ms - from_ms) / 1000.0)


class Phone:
    """One person's browser."""

    def __init__(self, context: Any, page: Any, address: str, found: Found) -> None:
        self.context, self.page, self.address, self.found = context, page, address, found
        self.place, self.name = "", ""

    @classmethod
    async def new(cls, browser: Any, address: str, found: Found) -> Phone:
        """A context of its own, with one page."""
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(1000 * GIVE_UP)
        await context.add_init_script(MARKS)
        phone = cls(context, None, address, found)
        await phone.open_tab()
        return phone

    async def open_tab(self) -> None:
        """A new tab, whose complaints are kept."""
        self.page = await self.context.new_page()

        def hear(message: Any) -> None:
            if message.type == "error" and not any(word in message.text for word in LOST):
                self.found.complaints[message.text[:200]] += 1

        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: self.found.complaints.update([str(error)[:200]]))

    async def until(self, name: str, test: str) -> None:
        """Note from now on when this becomes true."""
        await self.page.evaluate("([name, test]) => window.__until(name, test)", [name, test])

    async def state(self) -> str:
        """How it stands with a page that does not do what is waited for."""
        told = await asyncio.wait_for(self.page.evaluate(STATE), 30.0)
        return f"{self.page.url} {told}"

    async def seen(self, name: str) -> float:
        """When it became true, in milliseconds."""
        await self.page.wait_for_function(
            "name => window.__seen[name]", arg=name, polling=100, timeout=1000 * GIVE_UP
        )
        return float(await self.page.evaluate("name => window.__seen[name]", name))

    async def pressed(self) -> float:
        """When something was pressed last, in milliseconds."""
        return float(await self.page.evaluate("window.__pressed"))

    async def press(self, name: str, patience: float = GIVE_UP) -> bool:
        """Press the first button with this name, once it can be pressed; False where there is none
        within so many seconds.
        """
        found = self.page.get_by_role("button", name=name, disabled=False).first
        try:
            await found.wait_for(timeout=1000 * patience)
        except Exception:
            return False
        await found.click()
        return True

    async def measure(self, what: str, test: str, press: Awaitable[Any]) -> None:
        """Press, and take the time until this holds here."""
        await self.until(what, test)
        if await press is False:
            return
        at = await self.seen(what)
        self.found.took(what, await self.pressed(), at)

    async def join(self, code: str, place: str, name: str) -> None:
        """Come in by the code, to a place."""
        self.place, self.name = place, name
        await self.page.goto(f"{self.address}/class?room={code}")
        await self.page.locator("input[name=own]").fill(name)
        await self.press("Choose my place")
        await self.page.locator(f'input[type=radio][value="{place}"]').check()
        await self.measure("join", IN, self.page.locator("button.gm-in").click())

    async def come_back(self) -> None:
        """A closed tab: the browser knows the way."""
        await self.page.close()
        await self.open_tab()
        await self.page.goto(f"{self.address}/class")
        await self.measure("come back", IN, self.press("Go on"))

    async def reload(self) -> None:
        """Load the page again."""
        begun = time.time() * 1000.0
        await self.page.reload()
        await self.until("reload", IN)
        self.found.took("reload", begun, await self.seen("reload"))

    async def open_all(self) -> None:
        """Unfold whatever is folded."""
        await self.page.evaluate(
            "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
        )

    async def take_card(self, verb: str, which: int) -> bool:
        """Choose one of the cards that can be chosen. What a teammate does in between may draw the
        list anew: then it is looked at again, and counted.
        """
        from playwright.async_api import TimeoutError as TookTooLong

        cards = self.page.locator(f"button[aria-label^='{verb} ']:not([disabled])")
        for _ in range(int(GIVE_UP / 10.0)):
            await self.open_all()
            count = await cards.count()
            if not count:
                return False
            with contextlib.suppress(TookTooLong):
                await cards.nth(which % count).click(timeout=10_000)
                return True
            self.found.done["(a list of cards was drawn anew)"] += 1
        raise TimeoutError(f"{self.place} cannot take a card: {await self.state()}")
