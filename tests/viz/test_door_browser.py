"""The door in a headless Chromium: little on the first screen, one lever that answers, and the ways to the lab and back.

Behind the page is a stand-in for the model (stand_in.py).
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.viz.page_data.door_data import LEVER, STOPS
from coercivity.viz.screens.lab import mark_of
from coercivity.viz.words import door_text
from coercivity.viz.words.lab_text import question_of
from tests.viz import stand_in
from tests.viz.browser import PATIENCE, Visit, new_visit
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

MOST_WORDS, MOST_NUMBERS, MOST_CONTROLS = 120, 15, 3
# every text of the page that stands on the first screen, however it is drawn
FIRST_SCREEN = """() => {
    const seen = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walk.currentNode);
        const box = range.getBoundingClientRect();
        if (box.width > 1 && box.height > 1 && box.top < innerHeight) seen.push(walk.currentNode.data);
    }
    return seen.join(' ');
}"""
CONTROLS = """() => [...document.querySelectorAll('main a, main button, main input, main select')].filter(
    item => item.getClientRects().length && item.getBoundingClientRect().top < innerHeight).length"""
SIZES = [{"width": 1400, "height": 1000}, {"width": 320, "height": 640}]


def told(visit: Visit, setting: LabSetting) -> None:
    """Wait until the door has the answer of all histories of a setting, and its twin's."""
    visit.page.wait_for_function(
        f"document.documentElement.dataset.turned === {f'{mark_of(setting)}/{DRAWS}'!r}",
        timeout=PATIENCE,
    )
    visit.page.wait_for_function(
        "text => document.querySelector('[data-answer=turn]').innerText.replaceAll('\u00a0', ' ') === text",
        arg=lost(setting),
        timeout=PATIENCE,
    )


def lost(setting: LabSetting) -> str:
    """The answer to the lever, made here of the same histories."""
    day = story_day(setting.shipped)
    mine, twin = (
        stand_in.histories(scenario, (), setting.state, day)
        for scenario in (setting.asked(), setting.base())
    )
    return door_text.lost_sentence(mine, twin, question_of(setting))


def place(value: float) -> str:
    """Where the lever stands for a value."""
    return str(STOPS.index(value))


WHERE = "[...document.querySelectorAll('main > section, main h2, .dr-chart, .dr-dots')].map(one => Math.round(one.getBoundingClientRect().top + scrollY))"
WATCH = f"""window.tops = new Set();
    addEventListener('DOMContentLoaded', () => new MutationObserver(() => {{
        if (document.querySelector('.dr-large path')) window.tops.add(JSON.stringify({WHERE}));
    }}).observe(document.documentElement, {{ subtree: true, childList: true, characterData: true, attributes: true }}));"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_the_first_screen_is_read_in_ten_seconds_and_nothing_jumps(
    browser: Any, server: Server, size: dict[str, int]
) -> None:
    visit = new_visit(browser, server, viewport=size)
    page = visit.page
    page.add_init_script(WATCH)
    visit.open()
    told(visit, LabSetting())
    text = page.evaluate(FIRST_SCREEN)
    assert door_text.QUESTION in text
    assert len(re.findall(r"[A-Za-z]{2,}", text)) <= MOST_WORDS
    assert len(re.findall(r"\d[\d.,]*", text)) <= MOST_NUMBERS
    assert page.evaluate(CONTROLS) <= MOST_CONTROLS
    map_box = page.locator(".dr-large").bounding_box()
    assert map_box["y"] + map_box["height"] <= size["height"]  # the map is all there
    assert page.locator(".dr-large circle").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    page.locator("#dr-lever").fill(place(5.0))
    told(visit, check_setting(levers={LEVER: 5}))
    assert [json.loads(one) for one in page.evaluate("[...window.tops]")] == [page.evaluate(WHERE)]
    page.context.close()
    assert (visit.elsewhere(), visit.complaints) == ([], [])


def test_the_button_opens_the_lab_of_what_was_set_and_back_comes_to_the_door(visit: Visit) -> None:
    visit.open()
    told(visit, LabSetting())
    page, moved = visit.page, check_setting(levers={LEVER: 5})
    page.locator("#dr-lever").fill(place(5.0))
    told(visit, moved)
    page.get_by_role("link", name=door_text.TURN_OPEN).click()
    visit.wait_for(f"{moved.asked().fingerprint()}/1/Japan")
    assert page.locator("select[name=china_measure]").input_value() == "5"
    page.wait_for_function("scrollY === 0", timeout=PATIENCE)
    assert page.url.endswith("?" + to_query(moved))
    page.go_back()
    page.locator(".dr-first").wait_for(timeout=PATIENCE)
    assert page.url.rstrip("/") == visit.address
