"""A class game that plays itself over pages without a browser: whatever is missing of its script is
done next, so that it goes on after anything.

One page leads, one is each team's; further pages look on. Every step looks at what the pages show,
as people do, and never into the server.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from coercivity.viz.classroom.engine.example_games import Script
from tools.fuzz.page_client import Page

Shown = Callable[[Page], object]


def scored(page: Page) -> bool:
    """Whether a page shows the debrief."""
    return any(state.get("scores") is not None for state in page.parts.values())


class ClassGame:
    """A script, the pages of those who play it, and the pages that look on."""

    def __init__(self, script: Script, seed: int, address: str) -> None:
        self.script, self.seed, self.address = script, seed, address
        self.paths: dict[str, str] = {}  # each seat's own address
        self.pages: dict[str, Page] = {}
        self.others: list[Page] = []
        self.said: list[str] = []  # what the facilitator read about the disk
        self.steps = 0

    async def begin(self) -> None:
        """Make the room."""
        door = await Page(self.address, "/class").open()
        game = {
            "lesson": self.script.lesson,
            "seed": str(self.seed),
            "seats": list(self.script.seats),
            "others": "scripted",
            "length": self.script.length,
        }
        await door.tell("event_make", game)
        await door.until(lambda page: page.moved_to or page.problems(), "a room")
        self.paths["lead"] = door.moved_to
        await door.close()
        await self.enter("lead")

    async def enter(self, who: str) -> None:
        """Open somebody's page."""
        page = Page(self.address, self.paths[who])
        await page.open()
        await page.until(lambda one: one.room(), "the room")
        self.pages[who] = page

    async def look_on(self, who: str) -> None:
        """One more page of somebody who has one: a second laptop, a projector."""
        page = await Page(self.address, self.paths[who]).open()
        await page.until(lambda one: one.room(), "the room")
        self.others.append(page)

    async def everybody_comes_back(self) -> None:
        """All pages lost their server and open again."""
        for page in [*self.pages.values(), *self.others]:
            await page.close()
        await asyncio.gather(*(self.enter(who) for who in self.paths))
        paths = [page.path for page in self.others]
        self.others = [Page(self.address, path) for path in paths]
        await asyncio.gather(*(page.open() for page in self.others))
        await asyncio.gather(
            *(page.until(lambda one: one.room(), "the room") for page in self.others)
        )

    @property
    def room(self) -> dict[str, Any]:
        """What the facilitator's page shows."""
        shown = self.pages["lead"].room()
        pages = [text for text in self._pages_of("lead") if "trouble" in text]
        trouble = json.loads(pages[0]).get("trouble") if pages else ""
        if trouble and (not self.said or self.said[-1] != trouble):
            self.said.append(trouble)
        return shown | {"trouble": trouble}

    def _pages_of(self, who: str) -> list[str]:
        return [
            state["page"]
            for state in self.pages[who].parts.values()
            if isinstance(state.get("page"), str)
        ]

    def seat(self, name: str) -> dict[str, Any]:
        """A seat as the facilitator's page shows it."""
        return next(one for one in self.room["seats"] if one["seat"] == name)

    def own(self, seat: str) -> dict[str, Any]:
        """What a team's page shows of its own seat."""
        text = self.pages[seat].shows("own")
        return dict(json.loads(text)) if text else {}

    async def step(self) -> bool:
        """Do the first thing that is missing; False at the end of the game."""
        wanted = self._missing()
        if wanted is None:
            return False
        await wanted
        self.steps += 1
        return True

    def _missing(self) -> Awaitable[None] | None:
        room = self.room
        phase, number = room["phase"], room["round"]
        if phase == "lobby":
            for seat in self.script.seats:
                if not self.seat(seat)["taken"]:
                    return self._join(seat)
                if not self.pages[seat].shows("made"):
                    return self._predict(seat, "before")
            return self._lead("start", lambda one: one["phase"] == "brief")
        if phase == "brief":
            return self._lead("talk", lambda one: one["phase"] == "talk")
        if phase == "talk":
            if len(room["agreed"]) < len(self.script.deals.get(number, [])):
                return self._deal(dict(self.script.deals[number][len(room["agreed"])]))
            for seat in self.script.seats:
                if not self.seat(seat)["sealed"]:
                    return self._seal(seat, number)
            return self._lead("close", lambda one: one["phase"] == "sealed")
        if phase == "sealed":
            return self._lead("reveal", lambda one: one["phase"] == "reveal")
        if phase == "reveal":
            return self._lead(
                "finish" if room["over"] else "next",
                lambda one: one["phase"] in ("brief", "debrief"),
            )
        for seat in self.script.seats:
            if not scored(self.pages[seat]):  # the debrief is shown once it has predicted
                return self._predict(seat, "after")
        return None

    async def _lead(self, name: str, done: Callable[[dict[str, Any]], bool]) -> None:
        await self.pages["lead"].tell("event_act", {"name": name})
        await self._until("lead", lambda _: done(self.room), name)
        for seat in self.script.seats:  # a team does not act on what it sees of the step before
            await self._until(
                seat, lambda page: page.room().get("phase") == self.room["phase"], name
            )

    async def _join(self, seat: str) -> None:
        page = await Page(self.address, "/class").open()
        await page.tell(
            "event_join", {"code": self.room["code"], "seat": seat, "name": f"Team {seat}"}
        )
        await page.until(lambda one: one.moved_to or one.problems(), f"the seat {seat}")
        if not page.moved_to:
            raise AssertionError(page.problems())
        self.paths[seat] = page.moved_to
        await page.close()
        await self.enter(seat)
        await self._until("lead", lambda _: self.seat(seat)["taken"], f"{seat} in the room")

    async def _predict(self, seat: str, when: str) -> None:
        early = when == "before"
        told = {"when": when, "number": 2027 if early else 2028, "text": f"{seat} {when}"}
        await self.pages[seat].tell("event_predict", {**told, "seat": seat})
        shown: Shown = (lambda page: page.shows("made")) if early else scored
        await self._until(seat, shown, "its prediction" if early else "the debrief")

    async def _seal(self, seat: str, number: int) -> None:
        cards = self.script.moves.get(number, {}).get(seat, [])
        await self.pages[seat].tell("event_seal", [dict(card) for card in cards])
        await self._until("lead", lambda _: self.seat(seat)["sealed"], f"the sheet of {seat}")

    async def change_mind(self, number: int) -> bool:
        """A team takes its sheet back and seals it again; False if none has sealed one."""
        sealed = [one["seat"] for one in self.room["seats"] if one["sealed"]]
        if not sealed or self.room["phase"] != "talk":
            return False
        await self.pages[sealed[0]].tell("event_unseal")
        await self._until("lead", lambda _: not self.seat(sealed[0])["sealed"], "no sheet")
        await self._seal(sealed[0], number)
        return True

    async def _deal(self, deal: dict[str, Any]) -> None:
        first, other, before = deal["first"], deal["other"], len(self.room["agreed"])

        def open_offers() -> list[dict[str, Any]]:
            return [one for one in self.own(other).get("offers", []) if one["state"] == "open"]

        offered = [one for one in open_offers() if one["by"] == first]
        if not offered:
            given = {name: str(value) for name, value in deal.items()}
            await self.pages[first].tell("event_offer", given)
            await self._until(other, lambda _: open_offers(), "the offer")
            offered = open_offers()
        await self.pages[other].tell(
            "event_answer", {"offer": offered[0]["offer"], "answer": "accepted"}
        )
        await self._until("lead", lambda _: len(self.room["agreed"]) > before, "the deal")

    async def _until(self, who: str, wanted: Shown, what: str) -> None:
        page = self.pages[who]
        await page.until(lambda one: wanted(one) or one.problems(), what)
        if not wanted(page):
            raise AssertionError(f"{who}, {what}: {page.problems()}")
