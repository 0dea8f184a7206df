"""Own rows in a headless Chromium: a text is offered, changed, refused without loss, used, found in the link, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.scenario.scenario import load_shipped
from tests.viz.browser import LAB, Visit

pytestmark = pytest.mark.browser

CARS = "kind,state,months_median\nautomotive,Japan,4\n"
PLANT = (
    "name,process,state,tonnes_per_year,first_month\n"
    'A <img src=x onerror="window.owned=1"> plant,separate_heavy,Australia,5000,2026-01\n'
)


def drawn(setting: LabSetting) -> str:
    return f"{setting.asked().fingerprint()}/{setting.seed}/{setting.state}"


def opened(visit: Visit) -> Any:
    """The section, opened."""
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    visit.page.get_by_role("heading", name="Your own numbers").click()
    return visit.page.locator(".lb-own")


def test_a_file_is_looked_at_before_it_is_used_and_a_draft_of_another_table_stays(
    visit: Visit,
) -> None:
    section = opened(visit)
    text, table = section.locator("textarea"), section.locator("select[name=own-table]")
    text.fill(CARS)
    table.select_option("projects")
    section.locator("input[type=file]").set_input_files(
        {"name": "plants.csv", "mimeType": "text/csv", "buffer": PLANT.encode()}
    )
    visit.page.wait_for_function(
        "document.querySelector('.lb-own textarea').value.includes('Australia')"
    )
    section.get_by_role("button", name="Use these rows").click()
    mine = LabSetting().with_own(with_csv(load_shipped("japan-2026"), "projects", PLANT))
    visit.wait_for(drawn(mine))
    assert "<img src=x" in section.inner_text()  # as it was written, and nothing more
    assert visit.page.evaluate("window.owned") is None
    table.select_option("cover")
    assert text.input_value() == CARS
    section.get_by_role("button", name="Show what is used again").click()
    assert "automotive,Japan,0.3,1,2.5" in text.input_value()
    section.locator("input[type=file]").set_input_files(
        {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x" * 100_001}
    )
    section.get_by_role("alert").filter(has_text="large.csv: the file has 100,001 bytes").wait_for()
