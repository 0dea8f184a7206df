"""Acts of one's own in a headless Chromium: the task of an analyst in Berlin, counted in clicks, by
keyboard, on a narrow screen.

Behind the page is a stand-in for the model (stand_in.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from coercivity.experiments.lab.setting import LabSetting, check_setting
from tests.viz.browser import LAB, NAMELESS, PATIENCE, Visit

pytestmark = pytest.mark.browser

STOCK = {"kind": "firm_stock", "states": ["Germany"], "cover": 4}
LICENCES = {
    "kind": "licensing",
    "actor": "China",
    "targets": ["Germany"],
    "goods": ["dysprosium_terbium"],
    "days": 120,
    "from": "2026-03",
}
GRANT = {"kind": "grant", "actor": "EU", "hosts": ["Australia"], "budget": 1160, "from": "2026-03"}
MOST_CLICKS = 10  # from the open page to the briefing


def drawn(setting: LabSetting) -> str:
    return f"{setting.asked().fingerprint()}/{setting.seed}/{setting.state}"


@dataclass
class Hand:
    """What a visitor does on the page: a press and a choice are a click each, typing is none."""

    page: Any
    clicks: int = 0

    def choose(self, label: str, value: str) -> None:
        self.clicks += 1
        self.card.get_by_label(label, exact=True).select_option(value)

    def press(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name).click()

    def type(self, label: str, text: str) -> None:
        self.card.get_by_label(label).fill(text)

    @property
    def card(self) -> Any:
        return self.page.locator(".lb-acts")

    def look_at(self, state: str) -> None:
        self.clicks += 1
        self.page.locator('select[name="state"]').select_option(state)

    def listed(self, count: int) -> None:
        """Wait until so many acts stand in the list."""
        self.page.wait_for_function(
            f"document.querySelectorAll('.lb-acts li').length === {count}", timeout=PATIENCE
        )


def test_the_task_of_an_analyst_in_berlin_takes_ten_clicks_to_a_briefing(visit: Visit) -> None:
    """Our firms hold four months; licences on dysprosium and terbium with 120 days from March 2026;
    a grant of EUR 1 bn (USD 1.16 bn) for plants in Australia.
    """
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    hand = Hand(visit.page)
    hand.look_at("Germany")
    visit.wait_for(drawn(check_setting(state="Germany")))
    hand.choose("Instrument", "firm_stock")
    hand.type("Months beyond the habit", "4")
    hand.press("Add this act")
    hand.listed(1)
    hand.choose("Instrument", "licensing")
    hand.choose("Goods or elements", "dysprosium_terbium")
    hand.type("Clock of a licence", "120")
    hand.type("From", "2026-03")
    hand.press("Add this act")
    hand.listed(2)
    hand.choose("Instrument", "grant")
    assert "Germany has no government and no treasury of its own" in hand.card.inner_text()
    hand.type("Budget", "1160")
    hand.choose("Host states", "Australia")
    hand.type("From", "2026-03")
    hand.press("Add this act")
    hand.listed(3)
    setting = check_setting(state="Germany", acts=[STOCK, LICENCES, GRANT])
    visit.wait_for(drawn(setting))
    visit.page.wait_for_url("**act=kind:licensing,actor:China,targets:Germany**", timeout=PATIENCE)
    with visit.page.expect_download(timeout=PATIENCE) as waiting:
        hand.press("(Word)")  # in the card that opens once an act is written
    assert waiting.value.suggested_filename == "japan-2026-germany-briefing.docx"
    assert hand.clicks <= MOST_CLICKS


def test_an_act_is_written_by_keyboard_changed_and_taken_back(visit: Visit) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    page, hand = visit.page, Hand(visit.page)
    hand.choose("Instrument", "import_tariff")
    assert hand.card.get_by_label("Actor", exact=True).input_value() == "Japan"
    hand.type("Rate", "40")
    page.keyboard.press("Enter")  # in the field
    hand.listed(1)
    tariff = {"kind": "import_tariff", "actor": "Japan", "targets": ["China"], "rate": 0.4}
    visit.wait_for(drawn(check_setting(acts=[tariff])))
    assert page.evaluate("document.activeElement.name") == "act-kind"
    hand.press("Change act 1, Import tariff")
    hand.type("Rate", "10")
    hand.press("Change this act")
    visit.wait_for(drawn(check_setting(acts=[{**tariff, "rate": 0.1}])))
    hand.press("Take back act 1, Import tariff")
    visit.wait_for(drawn(LabSetting()))
    hand.listed(0)
    page.get_by_role("button", name="Undo").click()
    visit.wait_for(drawn(check_setting(acts=[{**tariff, "rate": 0.1}])))


def test_the_form_has_names_for_everything_and_fits_a_narrow_screen(visit: Visit) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    page, hand = visit.page, Hand(visit.page)
    page.set_viewport_size({"width": 320, "height": 800})
    for kind in ("licensing", "coalition"):
        hand.choose("Instrument", kind)
        more = hand.card.get_by_role("button", name="More fields")
        if more.count():
            more.click()
        of_card = [one for one in page.evaluate(NAMELESS) if "lb-act" in one or "Take out" in one]
        assert of_card == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert (
            page.evaluate(
                "[...document.querySelectorAll('.lb-acts button, .lb-acts select, .lb-acts input')]"
                ".filter(item => item.getBoundingClientRect().height < 24).length"
            )
            == 0
        )
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    assert page.evaluate(NAMELESS) == []
