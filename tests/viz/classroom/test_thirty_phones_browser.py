"""A class of thirty phones in Japanese, in a server that nobody has asked before: all load, begin
and end at once, and no page fails.
"""

from __future__ import annotations

import os
from typing import Any
from unittest.mock import patch

import pytest

from coercivity.viz.words.language import translate_text
from tests.viz.browser import PATIENCE, REAL, Visit, new_visit
from tools.check.server_process import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONES = 30
SOON = "address => { setTimeout(() => { window.location.href = address; }); }"


def in_japanese(text: str) -> str:
    """A sentence as the pages show it."""
    wording = translate_text(text, "ja")
    assert wording != text
    return wording


def press(visit: Visit, words: str) -> None:
    """Press the button with these words."""
    visit.page.get_by_role("button", name=in_japanese(words), exact=True).click()


class Room:
    """A room that is led in Japanese."""

    def __init__(self, browser: Any, server: Server) -> None:
        self.lead = new_visit(browser, server, viewport={"width": 1280, "height": 720})
        page = self.lead.page
        self.lead.open("/class?lang=ja")
        page.locator("select[name=lesson]").select_option("30")
        page.locator("details summary").first.click()
        page.locator("select[name=length]").select_option("1")
        press(self.lead, "Make a room")
        self.code = page.locator(".gm-code strong").inner_text().replace("\N{NO-BREAK SPACE}", "")
        sizes = {"viewport": {"width": 390, "height": 844}, "locale": "ja-JP"}
        self.phones = [new_visit(browser, server, **sizes) for _ in range(PHONES)]

    def come_in(self) -> None:
        """All load the page at the same moment, and take a place."""
        for visit in self.phones:
            address = f"{visit.address}/class?room={self.code}&lang=ja"
            visit.page.evaluate(SOON, address)
        self.all_show("input[name=own]", self.phones)
        for number, visit in enumerate(self.phones):
            visit.page.locator("input[name=own]").fill(f"P{number}")
            visit.page.locator("button.gm-in").click()
        self.all_show(".gm-top[data-phase=lobby]")

    def all_show(self, part: str, who: list[Visit] | None = None) -> None:
        """Everybody's page has come so far."""
        for number, visit in enumerate(who or [self.lead, *self.phones]):
            try:
                visit.page.locator(part).first.wait_for(timeout=PATIENCE)
            except Exception as error:
                shown = visit.page.inner_text("body")[:500]
                raise AssertionError(f"page {number} does not show {part}: {shown}") from error


def test_thirty_phones_play_in_japanese_to_the_debrief(browser: Any, tmp_path: Any) -> None:
    with (
        patch.dict(os.environ, {"COERCIVITY_ROOMS": str(tmp_path / "rooms")}),
        serving("-c", REAL, home=tmp_path) as server,
    ):
        room = Room(browser, server)
        room.come_in()
        press(room.lead, "Start the game")
        press(room.lead, "Start the clock")
        room.all_show(".gm-top[data-phase=talk] .gm-clock")
        room.all_show(".gm-sheet", room.phones)
        press(room.lead, "Close the round now")
        press(room.lead, "Reveal the moves")
        room.all_show(".gm-top[data-phase=reveal]")
        press(room.lead, "Debrief")
        room.all_show(".gm-top[data-phase=debrief]")
        for visit in room.phones[:3]:  # one of each team
            press(visit, "Show the debrief without one")
        room.all_show("#gm-h-twin")
        for visit in [room.lead, *room.phones]:
            page = visit.page
            assert page.evaluate("document.documentElement.lang") == "ja"
            page.context.close()
            assert (visit.complaints, visit.elsewhere()) == ([], [])
    assert [line for line in server.output if "Traceback" in line] == []
