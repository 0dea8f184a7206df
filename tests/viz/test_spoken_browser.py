"""In which language a page opens: what the address says, else what was chosen in this browser, else
English with an offer in the language that the browser prefers; and a room's code carries the room's.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.viz.words.language import translate_text
from tests.viz.browser import new_visit
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

SPOKEN = "document.documentElement.lang"


def spoken(page: Any) -> str:
    """The language of a page that is drawn."""
    page.locator("select[name=language]").wait_for()
    shown, told = page.locator("select[name=language]").input_value(), page.evaluate(SPOKEN)
    assert shown == told
    return str(told)


def test_the_language_of_the_browser_is_offered_and_what_is_chosen_is_remembered(
    browser: Any, server: Server
) -> None:
    visit = new_visit(browser, server, locale="de-AT")
    page = visit.page
    visit.open("/claims")
    assert spoken(page) == "en"
    offer = page.get_by_role("button", name="Auf Deutsch lesen")
    assert offer.get_attribute("lang") == "de"
    offer.click()
    page.wait_for_url("**/claims?lang=de")
    assert spoken(page) == "de"
    assert offer.count() == 0
    again = page.context.new_page()
    again.goto(visit.address + "/claims?good=dysprosium_oxide#cv-main")
    assert spoken(again) == "de"
    assert again.url.endswith("/claims?good=dysprosium_oxide&lang=de#cv-main")
    again.goto(visit.address + "/claims?lang=ja")  # the address wins, and is no choice
    assert spoken(again) == "ja"
    again.goto(visit.address + "/claims")
    assert spoken(again) == "de"
    again.locator("select[name=language]").select_option("en")
    again.wait_for_url("**/claims")
    again.goto(visit.address + "/claims")
    assert spoken(again) == "en"
    assert again.get_by_role("button", name="Auf Deutsch lesen").count() == 0
    page.context.close()
    assert visit.complaints == []


def test_a_code_that_is_typed_carries_the_language_of_its_room(
    browser: Any, server: Server
) -> None:
    lead, phone, own = (new_visit(browser, server) for _ in range(3))
    lead.open("/class?lang=ja")
    lead.page.get_by_role("button", name=translate_text("Make a room", "ja"), exact=True).click()
    shown = lead.page.locator(".gm-code strong")
    code = shown.inner_text().replace("\N{NO-BREAK SPACE}", "")
    phone.open("/class")
    assert spoken(phone.page) == "en"
    phone.page.locator("input[name=code]").fill(code.lower())
    phone.page.wait_for_url(f"**/class?room={code}&lang=ja")
    assert spoken(phone.page) == "ja"
    phone.page.locator("input[name=own]").fill("Ann")
    phone.page.locator("button.gm-in").click()
    phone.page.locator(".gm-top").wait_for()
    assert phone.page.evaluate(SPOKEN) == "ja"  # a seat's page has no choice of it
    own.open("/class?lang=de")  # who has said in which language keeps it
    own.page.locator("input[name=code]").fill(code)
    own.page.locator("input[name=own]").wait_for()
    assert spoken(own.page) == "de"
    for visit in (lead, phone, own):
        visit.page.context.close()
