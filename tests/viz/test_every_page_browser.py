"""Every page: it opens by its address, has no fault by day and by night, fits a phone, and is read in German and Japanese."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from coercivity.viz.app import CARRIES, PAGES
from tests.viz.browser import LAB, LEVELS, NAMELESS, PATIENCE, Visit, background, faults, visiting
from tests.viz.test_plain_texts import CODE
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
THERE = {  # address -> what says that it is there
    "/": "document.documentElement.dataset.drawn === 'door'",
    LAB: "(document.documentElement.dataset.many || '').endsWith('/20/20/20')",
    "/play": "document.documentElement.dataset.played !== undefined",
    "/chain": "(document.documentElement.dataset.drawn || '').startsWith('chain/')",
    "/compare": "(document.documentElement.dataset.drawn || '').startsWith('compare/')",
    "/class": "document.querySelector('.gm-door') !== null",
    "/claims": "document.documentElement.dataset.drawn === 'claims'",
    "/evidence": "document.documentElement.dataset.drawn === 'evidence'",
}
ASKS = {"/evidence": "?good=yttrium_oxide"}  # what an address alone does not show
HIGHEST = "Math.min(...[...document.querySelectorAll('main h2')].map(one => one.getBoundingClientRect().top + scrollY))"
TWICE = "[...document.querySelectorAll('[id]')].map(item => item.id).filter((id, at, all) => all.indexOf(id) !== at)"
# a citation holds a link, and who writes rows of his own writes columns by their names
READ = """() => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const inside = walker.currentNode.parentElement;
        if (inside && !inside.closest("script, style, code, .lb-cite, .lb-own")) found.push(walker.currentNode.data.trim());
    }
    return found;
}"""


def opened(visit: Visit, address: str) -> Any:
    """The page, once all of it is drawn in full colour."""
    visit.open(address + ASKS.get(address, ""))
    page = visit.page
    page.wait_for_function(THERE[address], timeout=PATIENCE)
    visit.settle()
    page.wait_for_selector(".v-progress-linear", state="hidden", timeout=PATIENCE)
    page.wait_for_selector(".lb-before", state="detached", timeout=PATIENCE)  # paler
    return page


@pytest.mark.parametrize("address", THERE)
def test_a_page_has_no_fault_by_day_by_night_and_on_a_phone(
    browser: Any, server: Server, address: str
) -> None:
    with visiting(browser, server, reduced_motion="reduce") as visit:
        page = opened(visit, address)
        assert page.title().startswith("Coercivity")
        assert page.get_by_role("main").count() == 1
        assert page.evaluate("document.documentElement.lang") == "en"
        assert min(background(page)) > 200
        assert faults(page) == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.locator(".theme--dark .cv-page").wait_for()
        assert max(background(page)) < 60
        assert faults(page, "color-contrast") == []  # all else is as by day
        page.get_by_role("button", name="Light colours").click()
        assert min(background(page)) > 200
        page.set_viewport_size(PHONE)
        visit.settle()
        assert page.evaluate(HIGHEST) < PHONE["height"]
        texts = page.evaluate(READ)  # it opens what is folded
        assert len(texts) > 20
        assert [text for text in texts if CODE.search(text)] == []
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(TWICE) == []
        levels = page.evaluate(LEVELS)
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_walk_through_all_pages_on_a_phone_takes_language_and_setting_along(
    browser: Any, server: Server
) -> None:
    code = "de"  # whose words are the longest
    with visiting(browser, server, viewport=PHONE) as visit:
        page = visit.page
        visit.open(f"{LAB}&lever.firms_stock=2")
        page.wait_for_function(THERE[LAB], timeout=PATIENCE)
        page.locator("select[name=language]").select_option(code)
        page.wait_for_function(f"document.documentElement.lang === {code!r}", timeout=PATIENCE)
        paths = [f"/{path.strip('/')}" for path, *_ in PAGES]
        for path in ("/play", "/class", "/"):
            place = paths.index(path)
            page.locator(".cv-nav a").nth(place).click()
            page.wait_for_function(
                f"document.querySelectorAll('.cv-nav a')[{place}].ariaCurrent === 'page'",
                timeout=PATIENCE,
            )
            page.wait_for_function(THERE[LAB if path == "/" else path], timeout=PATIENCE)
            assert f"lang={code}" in page.url, path
            carries = (path.strip("/") or "/") in CARRIES
            assert ("lever.firms_stock" in page.url) == carries, path
            assert page.evaluate("document.documentElement.lang") == code, path
            assert page.locator("main h2").count(), path
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
