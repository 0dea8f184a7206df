"""A page that lost its server comes back by itself, and a class of them does not keep each other
from it: who came back in vain waits longer, and forgets that once it is connected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as Left

SCRIPT = (Path(__file__).parents[2] / "viz" / "data" / "rejoin.js").read_text(encoding="utf-8")
ADDRESS = "http://class.invalid/"
PAGE = """<!doctype html><title>a page</title>%s<script>
window.solara = { debug: { connectionStatus: "%s",
  kernel: () => ({ reconnect: () => Promise.resolve(), createComm: () => {
    const comm = { open: () => {}, send: () => comm.onMsg(
      { content: { data: { started: %s } } }) };
    return comm; } }) } };
%s</script>"""
LOADER = '<div id="loader-container">Loading app</div>'
PLACE = '<div>A widget with mount-id="solara-main" should go here</div>'  # kept for what never came

NOTHING_DRAWN = '<div class="widget-html-content"><pre>This cannot be drawn.</pre></div>'


class Lost:
    """A page whose server answers, but has no time to take up its connection. head: what it shows;
    started: whether the server has sent the page.
    """

    head = "<main>the page</main>"
    started = False

    def __init__(self, page: Any) -> None:
        self.page, self.asked, self.status = page, Counter[str](), "disconnected"
        page.route("**/*", self._answer)
        page.clock.install()
        page.goto(ADDRESS)

    def _answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        self.asked[path] += 1
        if path == "readyz":
            route.fulfill(body="ok")
        else:
            route.fulfill(content_type="text/html", body=self.shown())

    def shown(self) -> str:
        return PAGE % (self.head, self.status, str(self.started).lower(), SCRIPT)

    def lives(self, minutes: float) -> int:
        """How often the page was loaded in so many minutes."""
        before = self.asked[""]
        for _ in range(int(60 * minutes)):
            with suppress(Left):  # the page is just being loaded
                self.page.clock.run_for(1000)
                self.page.evaluate("fetch('/readyz')")  # what it asked before has been answered
            self.page.wait_for_load_state()
        return self.asked[""] - before


@pytest.fixture
def lost(browser: Any) -> Iterator[Lost]:
    context = browser.new_context()
    yield Lost(context.new_page())
    context.close()


@pytest.mark.browser
def test_a_page_that_comes_back_in_vain_waits_longer_each_time(lost: Lost) -> None:
    first, then = lost.lives(1), lost.lives(4)
    assert 1 <= first <= 4
    assert 1 <= then <= 4


@pytest.mark.browser
def test_a_page_that_is_connected_again_is_as_quick_as_before(lost: Lost) -> None:
    lost.lives(3)
    assert lost.page.evaluate("sessionStorage.getItem('coercivity-rejoin')") is not None
    lost.status = "connected"
    assert lost.lives(3) >= 1
    assert lost.page.evaluate("window.solara.debug.connectionStatus") == "connected"
    lost.lives(0.6)
    assert lost.page.evaluate("sessionStorage.getItem('coercivity-rejoin')") is None


@pytest.mark.browser
def test_a_page_that_was_lost_on_the_way_is_asked_for_again(lost: Lost) -> None:
    lost.status, lost.head, lost.started = "connected", LOADER, True
    lost.page.goto(ADDRESS)
    assert lost.lives(0.7) == 0
    assert lost.lives(0.6) == 1
    lost.page.evaluate("sessionStorage.setItem('coercivity-rejoin', '4')")  # came back in vain
    lost.page.goto(ADDRESS)
    assert lost.lives(0.7) == 0
    assert lost.lives(0.8) == 1
    lost.page.evaluate("sessionStorage.clear()")
    lost.started, lost.head = False, PLACE
    lost.page.goto(ADDRESS)
    assert lost.lives(1.5) == 0
    assert lost.lives(1.0) == 1
    lost.head = Lost.head
    lost.page.goto(ADDRESS)
    assert lost.lives(1.5) == 0


@pytest.mark.browser
def test_a_page_that_failed_is_loaded_again_and_in_the_end_by_a_button(lost: Lost) -> None:
    lost.status, lost.started, lost.head = "connected", True, NOTHING_DRAWN
    lost.page.goto(ADDRESS)
    assert lost.lives(0.1) >= 1
    lost.page.get_by_text("This page failed. It loads itself again.").wait_for()
    lost.lives(3)
    assert lost.lives(3) == 0
    lost.page.get_by_text("This page could not be loaded.").wait_for()
    lost.head = Lost.head  # the server is well again
    lost.page.get_by_role("button", name="Load it again").click()
    lost.page.get_by_text("the page", exact=True).wait_for()
    assert lost.lives(1) == 0
    assert lost.page.get_by_role("alert").count() == 0
