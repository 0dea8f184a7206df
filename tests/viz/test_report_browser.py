"""The report as a browser lays it out: wide tables take a row of their own."""

from typing import Any

import pytest

from coercivity.viz.words.report import report_html
from coercivity.viz.words.summary import headlines_of, run_summary
from tests.fake_result import fake_result

pytestmark = pytest.mark.browser

OVERLAPS = """(() => { const at = [...document.querySelectorAll(".sections > div")].map((part) => {
    const [own, table] = [part, part.querySelector("table")].map((one) => one.getBoundingClientRect());
    const right = getComputedStyle(part).overflowX === "auto" ? own.right : Math.max(own.right, table.right);
    return { left: own.left, right, top: own.top, bottom: own.bottom }; });
  return at.flatMap((a, i) => at.slice(i + 1).filter((b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1)).length; })()"""


# every number as wide as a range
RANGES = """document.querySelectorAll(".sections td + td").forEach((cell) => { cell.textContent = "+17.9 (+13.9 to +38.0)"; })"""


def test_no_table_prints_over_another_or_beyond_the_page(browser: Any) -> None:
    worlds = [fake_result(seed=seed) for seed in range(1, 9)]
    page = browser.new_page()
    page.set_content(report_html(run_summary(worlds, headlines_of(worlds)), worlds))
    page.evaluate(RANGES)
    for width in (1476, 1000, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERLAPS) == 0
        assert page.evaluate("document.querySelector('.sections').scrollWidth") <= width
    page.close()
