"""A page that the server cannot draw says so and comes back by itself, on every page and in the
page's language; and what a page says of what is set while its server is away is true.
"""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.viz.browser import LAB, PATIENCE, STAND_IN, new_visit
from tools.check.server_process import Server, serving

pytestmark = pytest.mark.browser

AGAIN = {
    "en": "This page failed. It loads itself again.",
    "de": "Auf dieser Seite ist etwas fehlgeschlagen. Sie lädt sich von selbst neu.",
    "ja": "このページで問題が起きました。自動で読み込み直します。",
}
PAGES = {"/play": "de", "/class": "ja"}  # what holds any page up is one (viz/app.py)


@pytest.mark.parametrize(("address", "code"), PAGES.items(), ids=PAGES)
def test_a_page_that_failed_loads_itself_again(
    browser: Any, server: Server, address: str, code: str
) -> None:
    fails = server.home / "fail"
    visit = new_visit(browser, server)
    page = visit.page
    fails.touch()
    try:
        visit.open(f"{address}{'&' if '?' in address else '?'}lang={code}")
        page.get_by_text(AGAIN[code]).wait_for()
        assert page.locator("main").count() == 0
    finally:
        fails.unlink()
    page.locator("main").wait_for()
    assert page.get_by_text(AGAIN[code]).count() == 0
    page.context.close()


def test_a_page_that_lost_its_server_says_so_and_not_that_what_is_set_now_is_kept(
    browser: Any, tmp_path: Path
) -> None:
    with serving(STAND_IN, "0", home=tmp_path) as server:
        visit = new_visit(browser, server)
        visit.open(LAB)
        lever = visit.page.locator("input[type=range][name=firms_stock]")
        lever.press("ArrowRight")
        visit.page.wait_for_url("**lever.firms_stock=0.5**", timeout=PATIENCE)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        told = visit.page.get_by_text("The connection to the server is lost.")
        told.wait_for()
        assert visit.page.locator(".v-overlay--active").inner_text() == ""
        assert "with what was set or sealed before" in told.inner_text()
        assert "what you do now may be lost" in told.inner_text()
        assert "lever.firms_stock=0.5" in visit.page.url  # what the page opens with again
        visit.page.context.close()
