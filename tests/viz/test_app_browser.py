"""The front end as a whole in a headless Chromium: every page, the way between them, a model that fails, and a server that asks nobody."""

from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.findings.answers import TWO_YEARS
from coercivity.experiments.lab.histories import DRAWS, Drawn, Histories
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting, checked
from coercivity.experiments.worlds.run import run_scenario
from coercivity.viz.app import CARRIES, PAGES
from coercivity.viz.drawn.lab_charts import charts
from coercivity.viz.screens.hooks import FAILED
from coercivity.viz.screens.lab import mark_of
from coercivity.viz.server import jobs
from coercivity.viz.words.lab_answer import one_history
from tests.viz.browser import (
    LAB,
    PATIENCE,
    REAL,
    Server,
    Visit,
    new_visit,
    number,
    serving,
)

pytestmark = pytest.mark.browser


def drawn(seed: int, **changed: Any) -> str:
    """What the lab says of itself when it has drawn this."""
    return f"{checked(**changed).asked().fingerprint()}/{seed}/Japan"


def test_every_page_opens_from_the_navigation_and_takes_the_setting_along(visit: Visit) -> None:
    page = visit.page
    visit.open("/?lever.firms_stock=2&seed=3")
    visit.wait_for(drawn(3, levers={"firms_stock": 2}))
    navigation = page.get_by_role("navigation", name="Pages")
    assert navigation.get_by_role("link").all_inner_texts() == [label for _, label, _ in PAGES]
    for path, label, _ in PAGES[1:]:
        navigation.get_by_role("link", name=label, exact=True).click()
        page.wait_for_function(
            f"document.querySelector('.cv-nav [aria-current=page]')?.innerText === {label!r}",
            timeout=PATIENCE,
        )
        page.locator("main h2").first.wait_for(timeout=PATIENCE)
        assert page.locator("main").count() == 1, label
        assert page.locator("h1").inner_text() == "Coercivity"
        assert ("lever.firms_stock=2" in page.url and "seed=3" in page.url) == (path in CARRIES), (
            label
        )
        for (other, name, _), link in zip(PAGES, navigation.get_by_role("link").all(), strict=True):
            assert ("lever.firms_stock=2" in link.get_attribute("href")) == (other in CARRIES), (
                f"{name} from {label}"
            )
    navigation.get_by_role("link", name="Lab", exact=True).click()
    visit.wait_for(drawn(3, levers={"firms_stock": 2}))
    assert page.locator("input[type=range][name=firms_stock]").input_value() == "2"
    page.go_back()
    page.wait_for_function(
        "document.querySelector('.cv-nav [aria-current=page]')?.innerText === 'Evidence'",
        timeout=PATIENCE,
    )


def test_a_failing_model_takes_nothing_away(visit: Visit) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(1))
    page, seed = visit.page, visit.page.get_by_label("Seed", exact=True)
    seed.fill("13")
    seed.press("Enter")
    page.get_by_role("alert").filter(has_text=FAILED).wait_for(timeout=PATIENCE)
    assert page.locator(".cv-plot canvas").count() == 4
    assert page.locator(".lb-words").inner_text()
    assert "failed on purpose" not in page.content()  # why is for the server's log
    seed.fill("2")
    seed.press("Enter")
    visit.wait_for(drawn(2))
    assert page.get_by_role("alert").count() == 0


def hold(visit: Visit, months: float) -> str:
    """Move the lever of firms' stocks, and what the page says of itself when it has drawn that."""
    typed = visit.page.get_by_label("Extra stock that firms hold, months of use", exact=True)
    typed.fill(str(months))  # between two stops: nothing that a guess has asked before
    typed.press("Enter")
    return drawn(1, levers={"firms_stock": months})


def test_a_slow_history_says_that_it_is_being_computed(visit: Visit, server: Server) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(1))
    moved = hold(visit, 5.25)
    visit.page.get_by_role("status").filter(has_text="Computing").wait_for(timeout=PATIENCE)
    assert visit.page.locator(".cv-headlines.lb-before").count() == 1  # of the setting before
    (server.home / "go on").touch()  # page_server.py waits for it
    visit.wait_for(moved)
    visit.page.wait_for_function(
        "!document.querySelector('.cv-status').innerText.trim()", timeout=PATIENCE
    )


def test_the_first_year_is_drawn_while_the_rest_is_computed(visit: Visit, server: Server) -> None:
    """page_server.py tells the first year at once, and the rest when it is let go."""
    visit.open(LAB)
    visit.wait_for(drawn(1))
    page = visit.page
    month = page.get_by_role("slider", name="Month", exact=True)
    moved = hold(visit, 4.25)
    page.wait_for_function(
        f"document.documentElement.dataset.begun === {moved!r}", timeout=PATIENCE
    )
    assert "One year of one history is drawn" in page.locator(".lb-words").inner_text()
    month.fill("30")
    assert visit.cell("prices/dysprosium_oxide") != "–"
    month.fill("36")
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
    """As `coercivity app` serves it, the model and worker processes included: the one page of the tests with the real model behind it."""
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
        visit.page.wait_for_function(
            f"(document.documentElement.dataset.many || '').startsWith('{mark_of(setting)}/{DRAWS}/')",
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
        early = Histories()
        for draw in range(DRAWS):
            early.add(
                draw, Drawn.unpacked(jobs.draw(setting.asked(), (), draw, "Japan", since, True))
            )
        stops = early.stops(TWO_YEARS)
        assert stops is not None
        assert visit.page.locator("[data-card=stops]").inner_text() == f"{stops.times} of {DRAWS}"
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
