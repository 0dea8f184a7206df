"""Joining in a headless Chromium: few words on a phone, the seat kept over a closed tab, forgotten when it is not one's own, and no token where a class looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.viz.browser import NAMELESS, Visit, new_visit
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MOST_WORDS = 60
# words that can be seen without scrolling
WORDS = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let words = [];
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const box = node.parentElement.getBoundingClientRect(), style = getComputedStyle(node.parentElement);
        if (node.parentElement.closest('script, style, option, .cv-hidden, .cv-skip') || style.visibility === 'hidden') continue;
        if (!box.width || !box.height || box.top >= window.innerHeight || box.bottom <= 0) continue;
        words = words.concat(node.textContent.split(/\\s+/).filter((word) => /[\\p{L}\\d]/u.test(word)));
    }
    return words;
}"""
KEPT = "JSON.parse(localStorage.getItem('coercivity.seats') || '[]')"


class Class:
    """A room, its facilitator, and phones."""

    def __init__(self, browser: Any, server: Server) -> None:
        self.browser, self.server = browser, server
        self.lead = new_visit(browser, server, viewport={"width": 1280, "height": 720})
        self.lead.open("/class")
        self.lead.page.get_by_role("button", name="Make a room").click()
        shown = self.lead.page.locator(".gm-code strong")
        shown.wait_for()
        self.code = str(shown.get_attribute("aria-label")).removeprefix("Code ").replace(" ", "")

    def phone(self, query: str = "") -> Visit:
        visit = new_visit(self.browser, self.server, viewport=PHONE)
        visit.open(query or f"/class?room={self.code}")
        return visit

    def join(self, visit: Visit, name: str) -> None:
        visit.page.get_by_label("Your name").fill(name)
        visit.page.get_by_role("button", name="Put me where I am needed most").click()
        visit.page.locator(".gm-who").get_by_text(f"You are {name}").wait_for()

    def let_go(self, name: str) -> None:
        page = self.lead.page
        if not page.locator(".gm-teams[open]").count():
            page.get_by_text("People and their places").click()
        row = page.locator(".gm-members li").filter(has_text=name)
        row.get_by_role("button", name="Let go").click()
        row.get_by_role("button", name=f"Really let {name} go?").click()
        row.wait_for(state="detached")


@pytest.fixture(scope="module")
def room(browser: Any, server: Server) -> Iterator[Class]:
    """One for all tests: a server gives an address four rooms a minute."""
    one = Class(browser, server)
    yield one
    one.lead.page.context.close()


@pytest.fixture
def lesson(room: Class) -> Class:
    """The room with nobody in it."""
    room.lead.page.get_by_role("button", name="Start the game").wait_for()
    while room.lead.page.locator(".gm-members li b").count():
        room.let_go(str(room.lead.page.locator(".gm-members li b").first.text_content()))
    return room


def again(visit: Visit, query: str) -> Any:
    """Another tab of the same phone, as after a restart: what is kept on it is still there."""
    page = visit.page.context.new_page()
    page.goto(visit.address + query)
    visit.page.close()
    visit.page = page
    return page


def test_a_phone_that_read_the_code_asks_for_little_and_says_little(lesson: Class) -> None:
    phone = lesson.phone()
    page = phone.page
    page.get_by_label("Your name").wait_for()
    words = page.evaluate(WORDS)
    assert len(words) <= MOST_WORDS, words
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(NAMELESS) == []
    lesson.join(phone, "<b>Ann</b>")
    assert page.locator(".gm-who b").count() == 0  # a name with markup is text
    assert page.locator(".gm-who").inner_text() == "You are <b>Ann</b>, captain of Team China."
    lesson.lead.page.get_by_text("People and their places (1)").wait_for()
    other = lesson.phone("/class").page  # who types the address
    other.get_by_label("Code on the facilitator's screen").wait_for()
    words = other.evaluate(WORDS)
    assert len(words) <= MOST_WORDS, words
    for one in (page, other):
        one.context.close()


def test_a_seat_is_kept_over_a_closed_tab_and_forgotten_by_who_is_not_it(lesson: Class) -> None:
    phone = lesson.phone()
    lesson.join(phone, "Ann")
    for query in ("/class", f"/class?room={lesson.code}"):
        page = again(phone, query)
        code = f"{lesson.code[:3]} {lesson.code[3:]}"
        page.get_by_text(f"You are Ann in Team China (room {code}).").wait_for()
        page.get_by_role("button", name="Go on").click()
        page.locator(".gm-who").get_by_text("You are Ann, captain of Team China.").wait_for()
    page = again(phone, "/class")
    page.get_by_role("button", name="This is not me").click()
    page.get_by_text("You are Ann").wait_for(state="detached")
    assert page.evaluate(KEPT) == []
    page = again(phone, f"/class?room={lesson.code}")
    page.get_by_role("button", name="Choose my place").click()
    page.get_by_text("Team China, 1 person, captain Ann").wait_for()  # the seat was not freed
    page.context.close()


def test_who_was_let_go_is_told_and_joins_anew(lesson: Class) -> None:
    phone = lesson.phone()
    lesson.join(phone, "Ann")
    seat = phone.page.url
    lesson.let_go("Ann")
    phone.page.get_by_role("alert").get_by_text("Join again with the code").wait_for()
    assert phone.page.evaluate(KEPT) == []
    phone.page.get_by_role("link", name="Join again").click()
    lesson.join(phone, "Ben")
    page = again(phone, seat.removeprefix(phone.address))  # an old link
    page.get_by_role("alert").get_by_text("opens no seat of the room").wait_for()
    page.get_by_text("You are Ben in Team China").wait_for()  # who one is by now is still offered
    page.context.close()


def test_the_page_that_is_projected_shows_no_token_and_comes_back_as_it_was(lesson: Class) -> None:
    page = lesson.lead.page
    page.wait_for_function("!window.location.search.includes('seat=')")
    token = re.search("seat=([0-9a-f]{32})", json.dumps(page.evaluate(KEPT)))
    assert token is not None
    assert token[1] not in page.content()
    for _ in range(2):
        page.reload()
        page.get_by_role("button", name="Start the game").wait_for()
        assert token[1] not in page.url
    other = lesson.phone(page.url.removeprefix(lesson.lead.address)).page
    other.get_by_text("This room is led in another browser").wait_for()
    other.context.close()
