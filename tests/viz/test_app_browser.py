"""The front end as a whole in a headless Chromium: every page, the way between them, a model that fails, and a server that asks nobody."""

import re
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.lab.histories import FEWEST
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.worlds.run import run_scenario
from coercivity.viz.page_data.lab_charts_of_one_history import charts
from coercivity.viz.screens.lab import mark_of
from coercivity.viz.words.lab_cards import one_history
from tests.viz.browser import LAB, PATIENCE, REAL, Visit, new_visit, number
from tools.check.server_process import Server, serving

pytestmark = pytest.mark.browser


def drawn(seed: int, **changed: Any) -> str:
    """What the lab says of itself when it has drawn this."""
    return f"{check_setting(**changed).asked().fingerprint()}/{seed}/Japan"


def hold(visit: Visit, months: float) -> str:
    """Move the lever of firms' stocks, and what the page says of itself when it has drawn that."""
    typed = visit.page.get_by_label("Extra stock that firms hold, months of use", exact=True)
    typed.fill(str(months))  # between two stops: nothing that a guess has asked before
    typed.press("Enter")
    return drawn(1, levers={"firms_stock": months})


def test_the_first_year_is_drawn_while_the_rest_is_computed(visit: Visit, server: Server) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(1))
    page = visit.page
    month = page.get_by_role("slider", name="Month", exact=True)
    moved = hold(visit, 4.25)
    page.wait_for_function(
        f"document.documentElement.dataset.begun === {moved!r}", timeout=PATIENCE
    )
    assert "One year of one history is drawn" in page.locator(".lb-words").inner_text()
    month.fill("6")
    assert visit.cell("prices/dysprosium_oxide") != "–"
    month.fill("14")
    assert visit.cell("prices/dysprosium_oxide") == "–"  # not computed yet
    assert set(page.locator("[data-card]").all_inner_texts()) == {"…"}
    page.get_by_role("button", name="Undo").click()  # back to what is known: its whole picture
    visit.wait_for(drawn(1))
    page.wait_for_function(
        "document.querySelector('[data-cell=\"prices/dysprosium_oxide\"]').innerText !== '–'",
        timeout=PATIENCE,
    )
    assert page.locator(".lb-before").count() == 0
    page.wait_for_function(  # else the field still holds what is typed next, and nothing changes
        "[...document.querySelectorAll('.lb-typed')].every(field => field.value === '0')",
        timeout=PATIENCE,
    )
    hold(visit, 4.25)
    (server.home / "told").touch()
    visit.wait_for(moved)
    page.wait_for_function("!document.querySelector('.lb-before')", timeout=PATIENCE)
    assert visit.cell("prices/dysprosium_oxide") != "–"


def test_the_real_server_shows_the_models_numbers_asks_nobody_and_ends_cleanly_with_ctrl_c(
    browser: Any, tmp_path: Path
) -> None:
    from solara.server import settings

    cache = Path(settings.assets.proxy_cache_dir)
    before = sorted(path for path in cache.rglob("*") if path.is_file())
    with serving("-c", REAL, home=tmp_path) as server:
        visit = new_visit(browser, server)
        visit.open(LAB)
        visit.wait_for(drawn(1))
        setting = LabSetting()
        history = History(run_scenario(setting.asked(), 1))
        since = story_day(setting.shipped)
        assert one_history(history.headlines(since), since, "Japan") in visit.cell("one")
        mark = f"{mark_of(setting)}/"
        visit.page.wait_for_function(
            f"(said => said.startsWith({mark!r}) && parseInt(said.slice({len(mark)})) >= {FEWEST})"
            "(document.documentElement.dataset.many || '')",
            timeout=PATIENCE,
        )
        visit.page.get_by_label("draw it in the charts").check()
        for at in (20, 90):
            visit.page.get_by_role("slider", name="Month", exact=True).fill(str(at))
            for chart in charts(history, "Japan"):
                line = next(
                    one
                    for one in chart["series"]
                    if one["choice"] == chart["chosen"] and one["main"]
                )
                value = line["values"][at]
                shown = visit.cell(f"one/{chart['id']}")
                assert value is None or number(shown) == pytest.approx(value, rel=6e-3, abs=6e-4), (
                    line["id"]
                )
        stops = visit.page.locator("[data-card=stops]").inner_text()
        assert re.fullmatch(r"\d+ of \d+", stops)
        missing = visit.page.request.get(
            f"{server.address}/_solara/cdn/katex@0.16.9/dist/katex.min.js"
        )
        got = visit.page.request.get(server.address)
        assert missing.status == 404  # solara itself would ask a CDN for it
        assert visit.page.request.get(f"{server.address}/resourcez").status == 404
        assert "default-src 'self'" in got.headers["content-security-policy"]
        assert server.stop() == 0  # with draws of the band still to come
        assert server.output == []  # a failed request to elsewhere would have left a complaint
        assert sorted(path for path in cache.rglob("*") if path.is_file()) == before
        visit.page.context.close()
        assert visit.elsewhere() == []
