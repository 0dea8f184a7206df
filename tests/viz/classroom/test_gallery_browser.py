"""Press, market and parliament on a phone, in a headless Chromium with the real model: a round from
the lobby to the debrief.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coercivity.viz.classroom.pages.class_page import address
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.browser import NAMELESS, PATIENCE, Visit, faults, visiting
from tests.viz.classroom.gallery_room import gallery_room
from tests.viz.classroom.test_class_browser import class_server
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MOST_WORDS = 150
# all that is seen of the top and the role's own part, but for lists to choose from
SEEN = """['.gm-top', '.gl-role'].map((name) => {
    const whole = document.querySelector(name), folded = [...whole.querySelectorAll('details, select')];
    folded.forEach((one) => { one.hidden = true; one.style.display = 'none'; });
    const text = whole.innerText;
    folded.forEach((one) => { one.hidden = false; one.style.display = ''; });
    return text;
}).join('\\n')"""


class Table:
    """A facilitator and somebody in each role, each in a browser of its own."""

    def __init__(self, browser: Any, server: Server, addresses: dict[str, str]) -> None:
        self.server = server
        self._open = [
            visiting(browser, server, viewport=PHONE, color_scheme="dark" if at % 2 else "light")
            for at, _ in enumerate(addresses)
        ]
        self.visits: dict[str, Visit] = {
            name: one.__enter__() for name, one in zip(addresses, self._open, strict=True)
        }
        for name, where in addresses.items():
            self.visits[name].open(where)

    def close(self) -> None:
        for one in self._open:
            one.__exit__(None, None, None)

    def press(self, name: str) -> None:
        self.visits["facilitator"].page.get_by_role("button", name=name, exact=True).click()

    def each(self, words: dict[str, str]) -> None:
        """Wait until the page of each role says what is done now; look at it for faults."""
        for name, said in words.items():
            page = self.visits[name].page
            page.locator(".gm-phase", has_text=said).wait_for(timeout=PATIENCE)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert page.evaluate(NAMELESS) == []
            assert faults(page) == [], (name, said)


@contextmanager
def a_table(browser: Any, home: Path, port: int) -> Iterator[Table]:
    rooms = Rooms(home / "rooms")
    room, tokens, _ = gallery_room(rooms, length=1)
    addresses = {
        name: address(room, tokens[name]) for name in ("facilitator", "Jo", "Kim", "Mo", "Pia")
    }
    rooms.close()
    with class_server(home, port) as server:
        table = Table(browser, server, addresses)
        yield table
        table.close()


def words(visit: Visit) -> int:
    return len(re.findall(r"[A-Za-z0-9][\w'’.,%/-]*", visit.page.evaluate(SEEN)))


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.slow
def test_a_round_of_all_roles_on_phones(browser: Any, free_port: int, tmp_path: Path) -> None:
    with a_table(browser, tmp_path, free_port) as table:
        press, trader, member = (table.visits[name].page for name in ("Jo", "Mo", "Pia"))
        table.each(dict.fromkeys(("Jo", "Mo", "Pia"), "You are in."))
        table.press("Start the game")
        table.each({"Jo": "print what you think", "Mo": "Bet coins", "Pia": "then vote"})
        trader.get_by_text("USD/kg").first.wait_for()
        member.get_by_text("Your state", exact=True).wait_for(timeout=PATIENCE)
        for name in ("Jo", "Mo", "Pia"):
            assert 30 < words(table.visits[name]) <= MOST_WORDS
        press.get_by_label("True by the end of").select_option("measure")
        press.get_by_label("90%").check()
        press.get_by_label("In your words").fill("<b>Bans</b> & more")
        press.get_by_role("button", name="Print").click()
        press.locator(".gl-list").get_by_text("<b>Bans</b> & more").wait_for()
        assert press.locator(".gl-list b b").count() == 0
        other = table.visits["Kim"].page
        other.get_by_text("<b>Bans</b> & more").wait_for()  # papers are public
        table.press("Start the clock")
        trader.get_by_label("50").check()
        trader.get_by_role("button", name=re.compile("dysprosium oxide.*: bet on above")).click()
        trader.get_by_text("You: 50 on above").wait_for()
        trader.get_by_text("50 of 100 coins left").wait_for()
        member.get_by_role("button", name="Yes").click()
        member.get_by_text("1 yes, 0 no, 1 neither.").wait_for()
        table.press("Close the round now")
        table.each({"Jo": "What is printed stands", "Mo": "Your bets stand", "Pia": "is closed"})
        assert press.get_by_role("button", name="Print").count() == 0
        table.press("Reveal the moves")
        table.each({"Jo": "what came true", "Mo": "how the numbers", "Pia": "what your state did"})
        press.get_by_text("did not come true").wait_for(timeout=PATIENCE)
        assert press.locator(".gl-me").inner_text().split() == ["2.", "Jo", "1", "0", "−224"]
        trader.locator(".gl-me").wait_for(timeout=PATIENCE)
        member.get_by_text("Japan conceded nothing.").wait_for()
        table.press("Debrief")
        table.each(dict.fromkeys(("Jo", "Mo", "Pia"), "The game is over."))
        press.locator("#gm-h-twin").wait_for(timeout=PATIENCE)
