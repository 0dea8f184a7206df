"""A seat's page on a phone, in a headless Chromium: few words before the first decision, the rest behind a tap, a team that votes and seals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import SEATS, cards, seats
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.browser import PATIENCE, REAL, Visit, faults, visiting
from tools.check.room_table import steps
from tools.check.server_process import Server, start_server

pytestmark = pytest.mark.browser

MOST_WORDS = 150
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# words of texts that are drawn: not behind a tap, and not for readers of the screen alone
WORDS = """() => {
    const seen = (node) => {
        const one = node.parentElement;
        if (!one || one.closest('script, style, option:not(:checked)') || !one.checkVisibility({ visibilityProperty: true })) return false;
        for (let at = one; at && at !== document.body; at = at.parentElement) {
            const box = at.getBoundingClientRect();
            if (getComputedStyle(at).overflow === 'hidden' && (box.width <= 1 || box.height <= 1)) return false;
        }
        return true;
    };
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), words = [];
    while (texts.nextNode()) if (seen(texts.currentNode)) words.push(...texts.currentNode.data.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)));
    return words;
}"""


@dataclass
class Places:
    """A server with rooms that are in a phase already, and tokens by room and name."""

    server: Server
    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def address(self, room: str, name: str) -> str:
        return f"/class?room={self.codes[room]}&seat={self.tokens[room][name]}"

    @contextmanager
    def phone(self, browser: Any, room: str, name: str, **settings: Any) -> Iterator[Visit]:
        with visiting(browser, self.server, **{**PHONE, **settings}) as visit:
            visit.open(self.address(room, name))
            visit.page.locator(".gm-top").wait_for(timeout=PATIENCE)
            visit.page.locator(".gm-two").wait_for(timeout=PATIENCE)  # the brief has come
            yield visit


ROOMS = {"brief": "start", "talk": "start talk"}  # what has happened in it


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    home = tmp_path_factory.mktemp("phones")
    found, (codes, tokens) = Rooms(home / "rooms"), ({}, {})
    for name, done in ROOMS.items():
        room, _ = found.make(new_game(3, SEATS), roles=("board:target",), lesson="180")
        codes[name], tokens[name] = room.code, {}
        for seat in SEATS:
            tokens[name][seat] = found.join(room.code, seat, f"Team {seat}")[1]
        for member in ("Ann", "Bob"):
            tokens[name][member] = found.join(room.code, "ally", member)[1]
        tokens[name]["Pia"] = found.join(room.code, "board:target", "Pia")[1]
        steps(room, done)
    found.close()
    os.environ["COERCIVITY_ROOMS"] = str(home / "rooms")
    try:
        server = start_server("-c", REAL, home=home)
    finally:
        del os.environ["COERCIVITY_ROOMS"]
    try:
        yield Places(server, codes, tokens)
    finally:
        server.stop()


@pytest.mark.parametrize("room", ["brief", "talk"])
def test_few_words_stand_before_a_first_decision(browser: Any, places: Places, room: str) -> None:
    counted = {}
    for seat in ("exporter", "target", "firm", "Ann") if room == "talk" else ("target",):
        with places.phone(browser, room, seat) as visit:
            page = visit.page
            words = page.evaluate(WORDS)
            counted[seat] = len(words)
            assert len(words) <= MOST_WORDS, " ".join(words)
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            if (
                room == "talk" and seat in SEATS
            ):  # two numbers and three cards come first, and no seal
                assert page.locator(".gm-two dd:visible").count() == 2
                assert page.locator(".gm-cards > li:visible").count() == 3
                buttons = page.locator("main button:visible").all_inner_texts()
                assert "Play" in buttons
                assert buttons[-1] == "Seal with no move"
    assert min(counted.values()) > 30, counted  # the page was there


def test_all_that_is_behind_a_tap_is_reached_by_keyboard(browser: Any, places: Places) -> None:
    with places.phone(browser, "talk", "target") as visit:
        page = visit.page
        for summary, shown in (
            ("Your brief", page.get_by_text(seats()["target"].aims)),
            ("5 more cards", page.get_by_text(cards()["target"]["dispute"].label)),
            ("Deals", page.get_by_text("Offer a deal")),
        ):
            assert not shown.first.is_visible()
            page.locator("summary").get_by_text(summary, exact=True).first.evaluate(
                "(found) => found.closest('summary').focus()"
            )
            page.keyboard.press("Enter")
            shown.first.wait_for()
        more = page.locator(".gm-cards summary").first
        more.focus()
        page.keyboard.press("Enter")
        page.get_by_text(cards()["target"]["stock"].limits[:40]).wait_for()
        for closed in page.locator("details:not([open]) > summary").all():
            if closed.is_visible():
                closed.click()
        assert faults(page) == []


IN_VIEW = """(one) => {
    const box = one.getBoundingClientRect(), stick = document.querySelector('.gm-stick');
    return box.top >= stick.getBoundingClientRect().bottom && box.bottom <= window.innerHeight;
}"""


def test_a_refused_seal_is_seen_beside_its_button(browser: Any, places: Places) -> None:
    with places.phone(browser, "talk", "target") as visit:
        page = visit.page
        page.get_by_text("5 more cards").click()
        for card in ("stock", "concession"):
            page.get_by_role("button", name=f"Play {cards()['target'][card].label}").click()
        button = page.get_by_role("button", name="Seal these moves")
        button.click()
        refused = page.locator(".gm-sheet .cv-problem")
        refused.wait_for()
        page.wait_for_timeout(1000)  # where it is scrolled to, it has arrived
        assert refused.evaluate(IN_VIEW)
        below = refused.bounding_box()["y"] - button.bounding_box()["y"]
        assert 0 < below < 200
        page.get_by_role("button", name="Take Give way off the sheet").click()
        refused.wait_for(state="detached")
        page.get_by_role("button", name="Take Build up stocks off the sheet").click()


def test_the_head_leaves_the_screen_to_the_game(browser: Any, places: Places) -> None:
    with visiting(browser, places.server, **PHONE) as visit:
        visit.open(places.address("talk", "target") + "&lang=de")
        page = visit.page
        page.locator(".gm-two").first.wait_for(timeout=PATIENCE)
        assert not page.locator(".cv-nav").is_visible()
        page.locator(".gm-group > summary").first.click()
        page.locator(".gm-group[open]").first.wait_for()  # long enough to be scrolled
        page.evaluate("window.scrollTo(0, 400)")
        page.wait_for_function("window.scrollY > 300")
        for gone in (".gm-where", ".gm-chips"):
            assert page.locator(gone).bounding_box()["y"] < 0
        stick = page.locator(".gm-stick").bounding_box()
        assert stick["y"] == pytest.approx(0, abs=1)
        assert stick["height"] < 60
        assert page.locator(".gm-stick button:visible").count() == 3
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_team_proposes_and_votes_and_its_captain_seals(browser: Any, places: Places) -> None:
    grant = cards()["ally"]["grant"].label
    with (
        places.phone(browser, "talk", "ally") as captain,
        places.phone(browser, "talk", "Ann") as ann,
        places.phone(browser, "talk", "Bob") as bob,
    ):
        assert ann.page.get_by_role("button", name="Seal").count() == 0
        ann.page.get_by_text("Team ally seals for the team.").wait_for()
        ann.page.get_by_role("button", name=f"Choose {grant}").click()
        ann.page.get_by_role("button", name="Propose it to the team").click()
        ann.page.get_by_text("Your proposal.").wait_for()
        ann.page.locator(".gm-draft").wait_for(state="detached")  # it is the team's now
        bob.page.get_by_role("button", name=f"No to {grant}").click()
        captain.page.get_by_text("1 for, 1 against").wait_for()
        assert captain.page.locator(".gm-draft").count() == 0
        bob.page.get_by_role("button", name=f"Yes to {grant}").click()
        captain.page.get_by_text("2 for, 0 against").wait_for()
        captain.page.locator(".gm-draft li").wait_for()  # what the team wants is his draft
        captain.page.get_by_role("button", name="Seal this move").click()
        ann.page.get_by_text("Team ally can take it back until the round closes.").wait_for()
        assert ann.page.get_by_role("button", name="Take it back and change it").count() == 0
