"""No text on a page is written beside the catalogue: all that is read there, in a language of marks (marks.py)."""

from __future__ import annotations

import pytest

from tests.viz.browser import PATIENCE, Visit
from tests.viz.marks import unsaid

pytestmark = pytest.mark.browser

ENGLISH = ", ".join(  # what stays English on purpose, and what is no language
    (
        *("script", "style", "noscript", "code"),
        ".cv-tongue, select[name=kit-language]",  # each language by its own name
        ".lb-events li, .pl-news li",  # acts and events, as the model tells them
        ".lb-records",  # names of firms
        ".lb-source, .lb-help, .ev-source, .cl-sides a, .cl-source, .ev-targets a, .gm-source",  # titles of sources
        "[data-origin]",  # the fingerprint of the code (test_nothing_forgotten.py)
        ".cl-words",  # what somebody said
        ".ev-rows li > p, .ev-assumed td, .ev-assumed th",  # what tables quote (test_nothing_forgotten.py)
        "select[name=episode]",  # episodes, as their files are called
        ".ev-targets b",  # ids of targets
        ".lb-cite, .cv-foot, .lb-printed small",  # the citation, version, fingerprint, the link
        "select[name=table]",  # tables, as their files are called
        ".solara-autorouter-content > span",  # the library's label of a page, not shown
    )
)
READ = """english => {
    const walker = document.createTreeWalker(document.querySelector('.cv-page'), NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(english)) found.push(walker.currentNode.textContent.trim());
    ['aria-label', 'title', 'placeholder'].forEach(name => document.querySelectorAll(`.cv-page [${name}]`).forEach(item => {
        if (!item.closest(english)) found.push(item.getAttribute(name));
    }));
    return [...new Set(found)].filter(Boolean);
}"""
DRAWN = "Object.values(document.documentElement.dataset).some(said => said.includes('{}'))"


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("/?scenario=japan-2026&lever.firms_stock=3&lang=zh", "/Japan"),
        ("/compare?lang=zh", "compare/"),
        ("/chain?scenario=japan-2026&lang=zh", "chain/"),
        ("/play?scenario=japan-2026&lang=zh", "japan-2026/"),
        ("/claims?claim=C1&lang=zh", "claims"),
        ("/evidence?good=dysprosium_oxide&state=Japan&lang=zh", "evidence"),
    ],
    ids=["lab", "compare", "chain", "play", "claims", "evidence"],
)
def test_all_that_is_read_is_said(visit: Visit, address: str, drawn: str) -> None:
    visit.open(address)
    visit.page.wait_for_function(DRAWN.format(drawn), timeout=PATIENCE)
    visit.settle()
    texts = visit.page.evaluate(READ, ENGLISH)
    assert len(texts) > 50
    assert [text for text in texts if unsaid(text)] == []


def test_all_that_a_class_reads_is_said(visit: Visit) -> None:
    visit.open("/class?lang=zh")
    page = visit.page
    page.locator(".gm-entry").wait_for(timeout=PATIENCE)
    read = page.evaluate(READ, ENGLISH)
    page.locator(".gm-entry .gm-buttons button").nth(1).click()
    page.locator(".gm-lead, .gm-top").first.wait_for(timeout=PATIENCE)
    read += page.evaluate(READ, ENGLISH)
    for _ in range(2):  # to the briefs, then to the talk
        page.locator("[aria-labelledby=gm-h-lead] .gm-buttons button").first.click()
        visit.settle()
    page.locator(".gm-pick-seat button").last.click()
    page.locator(".gm-cards").wait_for(timeout=PATIENCE)
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    read += page.evaluate(READ, ENGLISH)
    assert len(read) > 100
    assert [text for text in dict.fromkeys(read) if unsaid(text)] == []
