"""The lab in a headless Chromium: its numbers are those of the scenario that was asked, whatever the hand has moved.

Behind the page is a stand-in for the model (stand_in.py); that a page shows the model's own numbers is held in test_app_browser.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.lab.histories import DRAWS, Histories
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.lab_charts_of_one_history import charts
from coercivity.viz.page_data.lab_events import events
from coercivity.viz.screens.lab import mark_of
from coercivity.viz.server import exports
from coercivity.viz.server.uploads import uploaded_scenario
from coercivity.viz.words.chart_words import LICENCE
from coercivity.viz.words.lab_cards import many_histories, one_history
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.range_text import ends_of_months
from tests.names import GOODS
from tests.viz import stand_in
from tests.viz.browser import FRAMES, LAB, PATIENCE, Visit, number, visiting
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

OWN = """name: two-years
title: A <img src=x onerror="window.owned=1"> ban
why: "{{ 7 * 7 }} <b>bold</b>"
start: 2024-01
months: 24
events:
  - {date: 2024-09-01, id: ban, kind: blanket_ban, actor: China, targets: [Japan], text: A <b>made-up</b> ban.}
"""


@pytest.fixture(scope="module")
def seen(browser: Any, server: Server) -> Iterator[Visit]:
    """The first page, for tests that look and ask for nothing else."""
    with visiting(browser, server) as one:
        one.open(LAB)
        one.wait_for(drawn(LabSetting()))
        yield one


@cache
def history_of(scenario: Scenario, seed: int) -> History:
    return History(stand_in.result_of(scenario, seed))


def drawn(setting: LabSetting) -> str:
    """What the page says of itself when it has drawn this."""
    return f"{setting.asked().fingerprint()}/{setting.seed}/{setting.state}"


@cache
def histories_of(scenario: Scenario, fixed: tuple[str, ...], state: str, since: str) -> Histories:
    return stand_in.histories(scenario, fixed, state, since)


def many_of(setting: LabSetting) -> tuple[Histories, Histories]:
    """The histories of a setting and of its twin."""
    fixed = tuple(name for name, _ in setting.assumptions)
    since = story_day(setting.shipped)
    here, there = (
        histories_of(scenario, fixed, setting.state, since)
        for scenario in (setting.asked(), setting.base())
    )
    return here, there


def wait_for_all(visit: Visit, setting: LabSetting) -> None:
    """Wait until the page shows all histories of a setting, to their end, and one of them."""
    visit.wait_for(drawn(setting))
    told = f"{mark_of(setting)}/{DRAWS}/{DRAWS}/{DRAWS}"
    visit.page.wait_for_function(
        f"document.documentElement.dataset.many === {told!r} && !document.querySelector('.lb-before')",
        timeout=PATIENCE,
    )


def same(shown: str, value: float) -> bool:
    """Whether a cell shows a number to its three digits."""
    return (
        shown == "–"
        if not np.isfinite(value)
        else number(shown) == pytest.approx(value, rel=6e-3, abs=6e-4)
    )


def check_numbers(visit: Visit, setting: LabSetting, months: tuple[int, ...] = (20, 90)) -> None:
    """Cells of the four charts at some months, cards and words, against the same histories made here."""
    wait_for_all(visit, setting)
    page, (mine, twin) = visit.page, many_of(setting)
    for at in months:
        page.get_by_role("slider", name="Month", exact=True).fill(str(at))
        for chart in charts(history_of(setting.asked(), setting.seed), setting.state):
            for line in chart["series"]:
                if line["choice"] == chart["chosen"]:
                    band = mine.band(line["id"])
                    assert band is not None, line["id"]
                    shown = visit.cell(line["id"])
                    assert same(shown, band[1][at]), f"{line['id']} in month {at}: {shown}"
    told = many_histories(mine, twin, question_of(setting))
    for card in told.cards:
        assert page.locator(f'[data-card="{card.id}"]').inner_text() == (card.value or "–")
        assert page.locator(f'[data-apart="{card.id}"]').inner_text() == card.apart
    assert page.locator(".lb-words").inner_text() == " ".join(told.sentences)
    values = history_of(setting.asked(), setting.seed).headlines(
        story_day(setting.shipped), setting.state
    )
    words = one_history(values, story_day(setting.shipped), setting.state)
    assert words in visit.cell("one")


def test_the_first_page_answers_what_happens_to_japan_without_a_click(seen: Visit) -> None:
    check_numbers(seen, LabSetting())
    page = seen.page
    assert page.title() == "Coercivity: the policy lab"
    assert page.locator(".cv-badge").inner_text() == f"{DRAWS} histories"
    assert page.locator(".lb-charts h3").all_inner_texts() == [
        chart["title"] for chart in charts(history_of(LabSetting().asked(), 1), "Japan")
    ]
    assert page.url.endswith("?" + to_query(LabSetting()))
    assert page.get_by_role("alert").count() == 0
    assert "user-scalable=no" not in page.evaluate(
        "document.querySelector('meta[name=viewport]').content"
    )
    assert page.locator(".lb-charts table caption").count() == 4


PLACES = """() => ['.lb-answer', '.lb-levers', '.lb-acts', '.lb-top', '.lb-charts'].map(name => Math.round(document.querySelector(name).getBoundingClientRect().top + window.scrollY))"""


def test_a_phone_begins_with_the_question_and_its_answer_then_the_levers(
    browser: Any, server: Server
) -> None:
    with visiting(browser, server, viewport={"width": 390, "height": 844}) as visit:
        visit.open(LAB)
        visit.wait_for(drawn(LabSetting()))
        places = visit.page.evaluate(PLACES)
        assert places == sorted(places)
        assert places[0] < 250
        visit.open(LAB + "&seed=nonsense")  # what is wrong is said first
        visit.page.get_by_role("alert").first.wait_for()
        problem = visit.page.get_by_role("alert").first.bounding_box()
        assert problem["y"] < 400


def test_the_button_beside_the_title_opens_what_is_taken_away_and_paper_has_the_link(
    visit: Visit,
) -> None:
    page = visit.page
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    word = page.get_by_role("button", name="Briefing (Word)")
    assert not word.is_visible()
    page.get_by_role("button", name="Briefing, charts, data").click()
    word.wait_for()
    assert word.evaluate("button => button === document.activeElement")
    printed = page.locator(".lb-printed")
    assert not printed.is_visible()
    page.locator(".lb-take details .lb-code").wait_for(timeout=PATIENCE)
    page.emulate_media(media="print")
    assert printed.is_visible()
    assert printed.locator(".lb-code").is_visible()
    first, link = printed.inner_text().split("\n")
    assert first == f"Coercivity, {visit.address.removeprefix('http://')}/"
    assert "scenario=" in link
    assert not page.locator(".lb-take details").first.is_visible()


def test_a_lever_moved_by_mouse_and_by_keyboard_gives_that_scenario_s_numbers(visit: Visit) -> None:
    page = visit.page
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    slider = page.locator("input[type=range][name=firms_stock]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    by_mouse = float(slider.input_value())
    assert 2.0 <= by_mouse <= 4.0
    moved = check_setting(levers={"firms_stock": by_mouse})
    check_numbers(visit, moved)
    slider.press("ArrowRight")
    further = check_setting(levers={"firms_stock": by_mouse + 0.5})
    check_numbers(visit, further)
    page.wait_for_url(f"**lever.firms_stock={by_mouse + 0.5:g}**", timeout=PATIENCE)
    ghost = many_of(further)[1].band("prices/dysprosium_oxide")
    assert ghost is not None
    page.get_by_role("slider", name="Month", exact=True).fill("40")
    assert same(visit.cell("ghost/prices"), ghost[1][40])
    page.get_by_label("draw it in the charts").check()
    one = history_of(further.asked(), 1).home[:, 1, GOODS.index("dysprosium_oxide")]
    assert same(visit.cell("one/prices"), one[40])
    page.get_by_role("button", name="Undo").click()
    visit.wait_for(drawn(moved))
    assert float(slider.input_value()) == by_mouse
    page.get_by_role("button", name="Put back: Extra stock that firms hold").click()
    visit.wait_for(drawn(LabSetting()))
    assert page.get_by_role("button", name="Reset all").is_disabled()


def test_back_undoes_what_was_moved_and_forward_does_it_again(visit: Visit) -> None:
    visit.open(LAB)
    page = visit.page
    visit.wait_for(drawn(LabSetting()))
    first = page.url
    lever = page.locator("#lb-japan_stockpile")
    lever.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    moved = check_setting(levers={"japan_stockpile": float(lever.input_value())})
    page.wait_for_url("**/?" + to_query(moved), timeout=PATIENCE)
    page.locator("#lb-firms_stock").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**lever.firms_stock**", timeout=PATIENCE)
    page.go_back()
    visit.wait_for(drawn(moved))
    assert page.url.endswith("?" + to_query(moved))
    page.go_back()
    visit.wait_for(drawn(LabSetting()))
    assert page.url == first
    assert lever.input_value() == "0"
    page.go_forward()
    visit.wait_for(drawn(moved))
    assert page.locator("#lb-firms_stock").input_value() == "0"


def test_a_lever_put_back_before_the_answer_to_its_move_is_there_stays_where_the_hand_left_it(
    visit: Visit,
) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    slider = visit.page.locator("input[type=range][name=japan_stockpile]")
    slider.fill("3")
    visit.wait_for(drawn(check_setting(levers={"japan_stockpile": 3})))
    with visit.sends('"value":3'):
        slider.evaluate(
            """lever => { for (const value of [5, 3]) {
                lever.value = value;
                lever.dispatchEvent(new Event("input"));
                lever.dispatchEvent(new Event("change"));
            } }"""
        )
    visit.wait_for(drawn(check_setting(levers={"japan_stockpile": 3})))
    assert slider.input_value() == "3"


def test_an_assumption_is_changed_refused_and_put_back(visit: Visit) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    page = visit.page
    page.get_by_role("heading", name="Assumptions").click()
    field = page.locator("input[name=share_speed]")
    shipped = field.input_value()
    changed = check_setting(assumptions={"share_speed": 0.2})
    field.fill("0.2")
    page.get_by_role("searchbox", name="Find").evaluate(
        "found => { found.value = ' '; found.dispatchEvent(new Event('input')); }"
    )
    page.evaluate(FRAMES.format(2))
    assert field.input_value() == "0.2"  # what is typed stays, whatever is drawn meanwhile
    field.press("Enter")
    visit.wait_for(drawn(changed))
    field.fill("99")
    field.press("Enter")
    page.get_by_role("alert").filter(
        has_text="target” 99 is out of range. Use a number from"
    ).wait_for()
    assert page.evaluate("document.documentElement.dataset.drawn") == drawn(changed)
    page.get_by_role("button", name="Put back: share_speed").click()
    visit.wait_for(drawn(LabSetting()))
    assert field.input_value() == shipped


def test_another_history_another_scenario_another_state(visit: Visit) -> None:
    page = visit.page
    visit.open("/?scenario=embargo-2010&seed=4")
    visit.wait_for(drawn(check_setting(scenario="embargo-2010", seed=4)))
    page.get_by_role("button", name="Another history").click()
    visit.wait_for(drawn(check_setting(scenario="embargo-2010", seed=5)))
    page.get_by_label("State to look at").select_option("China")
    check_numbers(visit, check_setting(scenario="embargo-2010", seed=5, state="China"), (20, 24))
    page.locator("select[name=prices]").select_option("magnet_standard")
    page.get_by_role("slider", name="Month", exact=True).fill("24")
    setting = check_setting(scenario="embargo-2010", seed=5, state="China")
    home = many_of(setting)[0].band("prices/magnet_standard")
    assert home is not None
    visit.page.wait_for_function(
        "document.querySelector('[data-cell=\"prices/magnet_standard\"]').innerText !== '–'",
        timeout=PATIENCE,
    )  # lines come as they are picked
    assert same(visit.cell("prices/magnet_standard"), home[1][24])


def upload(page: Any, text: str | bytes, name: str = "own.yaml") -> None:
    body = text if isinstance(text, bytes) else text.encode()
    page.locator("input[type=file][accept*=yaml]").set_input_files(
        {"name": name, "mimeType": "text/yaml", "buffer": body}
    )


def test_the_band_lies_around_the_line_and_scrubbing_asks_the_server_nothing(visit: Visit) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    page = visit.page
    page.get_by_role("heading", name="Share, take away").click()
    upload(page, OWN)
    setting = check_setting(own=uploaded_scenario("own.yaml", OWN))
    check_numbers(visit, setting, (12,))
    band = many_of(setting)[0].band("prices/dysprosium_oxide")
    assert band is not None
    visit.settle()
    asked, sent = len(visit.requests), len(visit.sent)
    slider, events = (
        page.get_by_role("slider", name="Month", exact=True),
        page.locator(".lb-events li"),
    )
    for at in (9, 20):
        slider.fill(str(at))
        assert visit.cell("band/prices") == ends_of_months(band, "USD/kg")[at]
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "October 2025"
    before = page.locator('[data-marker="prices"]').bounding_box()["x"]
    events.filter(has_text="A <b>made-up</b> ban.").first.get_by_role(
        "button"
    ).click()  # an event leads to its month
    assert slider.get_attribute("aria-valuetext") == "September 2024"
    assert page.locator('[data-marker="prices"]').bounding_box()["x"] < before
    assert (len(visit.requests), len(visit.sent)) == (asked, sent)
    assert page.locator("h2#lb-title").inner_text() == 'A <img src=x onerror="window.owned=1"> ban'
    assert page.evaluate("window.owned") is None
    assert page.locator("main img").count() == 0


def test_the_list_of_events_reaches_the_last_year(seen: Visit) -> None:
    years = seen.page.locator(".lb-events details")
    named = [one.get_attribute("data-year") for one in years.all()]
    assert named == sorted(named)
    assert seen.page.locator(".lb-events li").count() < 200  # what is closed is not drawn
    seen.page.locator("select[name=listing]").select_option("all")
    last = years.last
    last.locator("summary").click()
    last.locator("li").first.wait_for()
    history = result_events(LabSetting())
    assert last.get_attribute("data-year") == max(history)


def result_events(setting: LabSetting) -> set[str]:
    """The years in which something happens."""
    result = stand_in.result_of(setting.asked(), setting.seed)
    return {result.months[one["at"]][:4] for one in events(result, setting.state)}


def taken(page: Any, button: str) -> tuple[str, str]:
    """Name and text of the file that a button saves."""
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=button).click()
    return str(waiting.value.suggested_filename), waiting.value.path().read_text(encoding="utf-8")


def test_files_taken_away_hold_what_the_page_shows(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "result_of", stand_in.result_of)
    setting = check_setting(levers={"firms_stock": 3})
    visit.open("/?" + to_query(setting))
    wait_for_all(visit, setting)
    page, asked = visit.page, setting.asked()
    page.get_by_role("heading", name="Share, take away").click()
    stem = "japan-2026-seed-1"
    assert taken(page, "Headline numbers (CSV)") == (
        f"{stem}-headlines.csv",
        exports.headlines_csv(asked, 1, story_day(setting.shipped), "Japan"),
    )
    name, text = taken(page, "What is drawn (CSV)")
    first, head, *rows = text.splitlines()
    band = many_of(setting)[0].band("prices/dysprosium_oxide")
    assert band is not None
    series = band[1]
    assert name == f"{stem}-drawn.csv"
    assert f"({asked.fingerprint()}), Japan; middle of {DRAWS} histories" in first
    assert len(rows) == len(series)
    assert head.startswith('month,"')
    given = np.array([float(row.split(",")[1]) for row in rows])
    np.testing.assert_allclose(given, series, rtol=5e-5)
    assert page.locator("input[name=link]").input_value() == f"{visit.address}/?{to_query(setting)}"
    assert (
        page.locator(".lb-cite")
        .inner_text()
        .startswith("To cite " + exports.citation(asked, 1, to_query(setting)))
    )


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG\r\n")])
def test_charts_are_saved_as_pictures(visit: Visit, kind: str, begins: bytes) -> None:
    visit.open(LAB)
    visit.wait_for(drawn(LabSetting()))
    page, saved = visit.page, list[Any]()
    page.get_by_role("heading", name="Share, take away").click()
    with page.expect_event(
        "download", lambda file: saved.append(file) or len(saved) == 8, timeout=PATIENCE
    ):
        page.get_by_role("button", name=f"Charts ({kind.upper()})").click()
    page.get_by_role("status").filter(has_text="saved").first.wait_for()
    names = [file.suggested_filename.rsplit("-", 1)[1] for file in saved]
    charts = ("cover", "dependence", "output", "prices")
    assert sorted(names) == sorted(f"{name}.{end}" for name in charts for end in ("csv", kind))
    for file in saved:
        data, is_table = file.path().read_bytes(), file.suggested_filename.endswith("csv")
        assert data.startswith(b"# coercivity" if is_table else begins)
        if file.suggested_filename.endswith("prices.svg"):  # it stands alone
            for words in ("Source: Coercivity", f"Licence: {LICENCE}", "in Japan", "USD/kg"):
                assert words in data.decode()
