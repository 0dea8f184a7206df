"""The play page in a headless Chromium, with a stand-in for the model (stand_in.py): the map moves, time can be scrubbed, a lever moved on
the way makes a branch.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.viz.words.firm_text import lines_in_words
from tests.names import GOOD_GROUPS
from tests.viz import stand_in
from tests.viz.browser import FRAMES, PATIENCE, Visit, visiting
from tests.viz.test_one_among import told_of
from tools.check.patience import slowness
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

PLAYED = "document.documentElement.dataset.played === '{}' && document.querySelectorAll('.pl .cv-plot canvas').length === 4"
CALM = "!document.querySelector('.pl-said').innerText.includes('Computing')"
MONTH = "Number(document.querySelector('input[type=range][aria-label=Month]').value)"
PICTURE = "document.querySelector('canvas.pl-canvas').toDataURL()"
WATCHED = f"""new Promise(done => {{ const seen = {{}}, look = () => {{
    (seen[{MONTH}] ??= []).push({PICTURE});
    Object.keys(seen).length > 2 ? done(seen) : requestAnimationFrame(look); }}; look(); }})"""
LIVED = "japan-2026-from-2024"  # has a past before the measure
BRANCH = ("2026-03", "firms_stock", 4.0)


def play(visit: Visit, query: str = "", drawn: str = "japan-2026/1/Japan/0") -> Any:
    visit.open("/play" + query)
    wait_for(visit, drawn)
    return visit.page


def wait_for(visit: Visit, drawn: str) -> None:
    visit.page.wait_for_function(PLAYED.format(drawn), timeout=PATIENCE)
    visit.page.wait_for_function(CALM)


@pytest.fixture(scope="module")
def watched(browser: Any, server: Server) -> Iterator[Visit]:
    """A page for tests that look and change nothing: each says which month and whom it looks at."""
    with visiting(browser, server) as one:
        play(one, f"?scenario={LIVED}", f"{LIVED}/1/Japan/0")
        yield one


def set_month(page: Any, at: int) -> None:
    page.get_by_role("slider", name="Month").fill(str(at))


def test_a_number_on_the_page_is_that_of_the_table(watched: Visit) -> None:
    page = watched.page
    result = stand_in.result_of(check_setting(scenario=LIVED).asked(), 1)
    trade, prices = result.table("trade"), result.table("prices")
    page.get_by_text("in numbers").click()
    for at, group in ((20, "heavy_oxides"), (40, "magnets")):
        page.locator("select[name=group]").select_option(group)
        set_month(page, at)
        month = result.months[at]
        rows = trade[
            (trade["month"] == month)
            & trade["good"].isin(GOOD_GROUPS[group])
            & (trade["origin"] == "China")
            & (trade["destination"] == "Japan")
        ]
        shown = page.locator('[data-flow="China/Japan"]').inner_text()
        assert float(shown.replace(",", "")) == pytest.approx(rows["tonnes"].sum(), rel=6e-3)
        home = prices.query(
            f"month == '{month}' and state == 'Japan' and good == 'dysprosium_oxide'"
        )["home"].item()
        assert float(watched.cell("prices/dysprosium_oxide").replace(",", "")) == pytest.approx(
            home, rel=6e-3
        )


def test_it_plays_at_ten_frames_a_second_or_more_and_asks_the_server_nothing(visit: Visit) -> None:
    page = play(visit)
    visit.settle()  # let the greetings end
    asked, sent = len(visit.requests), len(visit.sent)
    slider = page.get_by_role("slider", name="Month")
    begun = int(slider.input_value())
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"{MONTH} >= {begun + 4}")
    frames = page.evaluate("window.coercivityFrames")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    stopped = int(slider.input_value())
    assert frames >= 10.0 / slowness()
    page.evaluate(FRAMES.format(20))
    assert int(slider.input_value()) == stopped
    assert (len(visit.requests), len(visit.sent)) == (asked, sent)


def pixels(page: Any) -> str:
    return str(page.locator("canvas.pl-canvas").evaluate("canvas => canvas.toDataURL()"))


def test_keys_play_step_and_scrub_back(watched: Visit) -> None:
    page = watched.page
    slider = page.get_by_role("slider", name="Month")
    set_month(page, 30)
    before = pixels(page)
    page.get_by_role("slider", name="Month").blur()  # wherever nothing else takes the keys
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "31"
    page.keyboard.press("PageDown")
    assert (slider.input_value(), slider.get_attribute("aria-valuetext")) == ("43", "August 2027")
    assert pixels(page) != before
    set_month(page, 30)
    assert pixels(page) == before  # the past is as it was
    page.get_by_role("slider", name="Month").blur()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play", exact=True).wait_for()


def test_reduced_motion_steps_and_moves_no_dots(browser: Any, server: Server) -> None:
    with visiting(browser, server, reduced_motion="reduce") as visit:
        page = play(visit)
        page.locator("select[name=speed]").select_option("1")
        page.get_by_role("button", name="Play", exact=True).click()
        drawn = page.evaluate(WATCHED)
        whole = list(drawn)[1:-1]  # months of which every frame was seen
        assert len(whole) == 1
        assert len(drawn[whole[0]]) > 1
        assert len(set(drawn[whole[0]])) == 1
        assert drawn[whole[0]][0] != drawn[list(drawn)[-1]][0]


def test_a_lever_moved_on_the_way_makes_a_branch_beside_its_base(visit: Visit) -> None:
    page = play(visit)
    set_month(page, 2)
    page.get_by_role("tab", name="Change it").click()
    page.locator("input[name=firms_stock]").fill("4")
    page.locator("input[name=firms_stock]").press("Enter")
    wait_for(visit, "japan-2026/1/Japan/1")
    assert "at=2026-03:firms_stock:4" in page.url
    # it goes on from the month on screen
    assert page.get_by_role("slider", name="Month").input_value() == "2"
    page.wait_for_function(
        "document.querySelector('[data-cell=\"prices/dysprosium_oxide/ghost\"]')", timeout=PATIENCE
    )
    asked = check_setting(changes=[BRANCH])
    branch, base = stand_in.result_of(asked.asked(), 1), stand_in.result_of(asked.base(), 1)
    set_month(page, 12)
    month = branch.months[12]
    for result, cell in ((branch, ""), (base, "/ghost")):
        row = result.table("prices").query(
            f"month == '{month}' and state == 'Japan' and good == 'dysprosium_oxide'"
        )
        assert float(
            visit.cell("prices/dysprosium_oxide" + cell).replace(",", "")
        ) == pytest.approx(row["home"].item(), rel=6e-3)
    assert visit.cell("prices/dysprosium_oxide") != visit.cell("prices/dysprosium_oxide/ghost")
    set_month(page, 1)
    # what came before stays
    assert visit.cell("prices/dysprosium_oxide") == visit.cell("prices/dysprosium_oxide/ghost")
    address = page.url
    page.get_by_role("button", name=re.compile("Take back: Extra stock")).click()
    wait_for(visit, "japan-2026/1/Japan/0")
    assert "at=" not in page.url
    page.go_back()
    wait_for(visit, "japan-2026/1/Japan/1")
    page.reload()
    wait_for(visit, "japan-2026/1/Japan/1")
    assert page.url == address
    assert page.get_by_role("slider", name="Month").get_attribute("aria-valuetext") == "March 2026"


def test_a_government_and_a_firm_tell_what_they_saw_chose_and_rejected(watched: Visit) -> None:
    page = watched.page
    set_month(page, 27)
    page.get_by_role("tab", name="Who decides").click()
    page.locator("select[name=place]").select_option("China")
    assert "The government of China, April 2026" in page.locator(".pl-panel").inner_text()
    assert "licensing" in page.locator('[data-told="chose"]').inner_text()
    page.locator("select[name=place]").select_option("Japan")
    assert "was separated in China" in page.locator('[data-told="saw"]').inner_text()
    page.locator("select[name=who]").select_option("Shin-Etsu Chemical")
    page.wait_for_function(
        "document.querySelector('[data-told=saw]')?.innerText.includes('months of use')",
        timeout=PATIENCE,
    )
    trace = stand_in.trace_firm(check_setting(scenario=LIVED).asked(), "Shin-Etsu Chemical", 1)
    for at in (27, 34):
        set_month(page, at)
        for name, lines in zip(("saw", "chose", "rejected"), trace.lines[at], strict=True):
            assert page.locator(f'[data-told="{name}"] p').all_inner_texts() == lines_in_words(
                lines
            )


def test_lines_that_stand_in_a_past_month_have_no_names_and_those_from_before_stand_apart(
    watched: Visit,
) -> None:
    """January 2026, the EU: what stood before the measure is not the measure's doing."""
    page = watched.page
    set_month(page, 24)
    page.get_by_role("tab", name="Who decides").click()
    page.locator("select[name=place]").select_option("France")
    said = page.locator('[data-told="saw"]').inner_text()
    assert "Stood before the measure of January 2026: " in said
    run = page.evaluate("document.querySelector('.pl').__vue__.run.map")
    here = [
        (firm, first)
        for first, last, firm, *_ in run["stops"]
        if first <= 24 and (last is None or last >= 24)
        if run["states"][run["firms"][firm][1]] in ("France", "Germany", "Rest of EU")
    ]
    before = sum(first < run["measure"] for _, first in here)
    assert re.search(r"Stood before the measure of January 2026: (\d+)", said)[1] == str(before)  # type: ignore[index]
    assert [run["firms"][firm][2] for firm, _ in here if run["firms"][firm][2] in said] == []


def test_an_application_is_followed_from_order_to_delivery(watched: Visit) -> None:
    page = watched.page
    page.get_by_role("tab", name="Who decides").click()
    page.locator("select[name=place]").select_option("Japan")
    page.locator("select[name=who]").select_option("Shin-Etsu Chemical")
    page.locator(".pl-licences").wait_for()

    def rows(at: int) -> list[str]:
        set_month(page, at)
        return [
            " | ".join(row.locator("th, td").all_inner_texts())
            for row in page.locator(".pl-licences tbody tr").all()
        ]

    assert rows(27) == []
    assert "no licence" in page.locator(".pl-licences").inner_text()
    of = "Terbium oxide from China Northern | China | May 2026 | 0.9 | "
    assert rows(29) == [of + "1 month | no answer yet | – | –"]
    (refused, granted) = rows(31)
    assert granted == of + "3 months | granted, Aug 2026 | 0.5 of 0.9: Aug 2026 0.5 | in force"
    assert "Jul 2026 | 1.1 | 1 month | no answer yet" in refused
    waits, refused, granted = rows(35)
    assert "refused, Oct 2026" in refused
    assert granted.endswith("0.9 of 0.9: Aug 2026 0.5, Sep 0.4 | used up, Sep 2026")
    assert waits.startswith("Dysprosium oxide from China Northern | China | Nov 2026 | 2.5 | 1 mon")
    told = page.locator(".pl-licences").inner_text()
    assert "3 applications so far: 1 granted, 1 refused and 1 without an answer" in told
    page.locator("select[name=licence_of]").select_option("Dysprosium oxide from China Northern")
    assert len(rows(35)) == 1


def test_a_click_on_the_map_opens_who_decides_there(watched: Visit) -> None:
    page = watched.page
    canvas = page.locator("canvas.pl-canvas")
    x, y = page.evaluate(
        "(() => { const map = document.querySelector('.pl').__vue__.map; return map.places.Australia; })()"
    )
    canvas.click(position={"x": x, "y": y})
    assert page.get_by_role("tab", name="Who decides").get_attribute("aria-selected") == "true"
    assert page.locator("select[name=place]").input_value() == "Australia"


ALL_HAVE_COME = "document.querySelector('.cv-among')?.getAttribute('aria-busy') === 'false'"
OVERPRINTS = """(() => { const boxes = document.querySelector('canvas.pl-canvas').written; return boxes.flatMap((one, k) => boxes.slice(k + 1)
    .filter(other => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
    .map(other => (one.words || 'a badge') + ' on ' + (other.words || 'a badge'))); })()"""


def test_the_line_under_the_title_has_the_numbers_of_the_histories(visit: Visit) -> None:
    page = play(visit)
    page.wait_for_function(ALL_HAVE_COME, timeout=PATIENCE)
    told = told_of(LabSetting())
    line = page.locator(".cv-among")
    assert line.get_attribute("aria-live") == "polite"
    assert line.locator("p").inner_text().replace("\u00a0", " ").startswith(told["sentence"])
    assert len(told["rows"]) == 4
    for row in told["rows"]:
        for name, text in (("here", row["value"]), ("others", row["others"])):
            shown = line.locator(f'[data-{name}="{row["id"]}"]').inner_text()
            assert shown.replace("\u00a0", " ") == text
    dot, band = (line.locator(f".cv-among-{part}").first for part in ("dot", "band"))
    first = told["rows"][0]
    assert f"{100 * first['at']:.2f}"[:4] in dot.get_attribute("style")
    assert f"{100 * first['low']:.2f}"[:4] in band.get_attribute("style")
    assert page.locator("canvas.pl-canvas").get_attribute("aria-live") is None
    line.get_by_role("link").click()
    page.wait_for_url("**seed=1**")
    page.locator(".lb-answer").wait_for(timeout=PATIENCE)


def test_what_is_of_the_setting_before_is_veiled_until_the_branch_is_there(
    visit: Visit, server: Server
) -> None:
    (server.home / "play on").unlink(missing_ok=True)  # page_server.py waits for it
    page = play(visit)
    assert page.locator(".lb-before").count() == 0
    set_month(page, 26)
    page.get_by_role("tab", name="Change it").click()
    page.locator("input[name=firms_stock]").fill("3.25")
    page.locator("input[name=firms_stock]").press("Enter")
    page.get_by_role("heading", name="A branch: being computed …").wait_for(timeout=PATIENCE)
    for part in (".pl-map", ".pl-charts"):
        assert page.locator(part + ".lb-before").count() == 1
    assert page.locator(".pl-panel.lb-before").count() == 0  # the levers are what was asked
    page.get_by_role("tab", name="What happens").click()
    assert page.locator(".pl-panel.lb-before").count() == 1
    assert "is lost" not in page.locator(".cv-among [data-here]").first.inner_text()
    (server.home / "play on").touch()
    wait_for(visit, "japan-2026/1/Japan/1")
    page.get_by_role("heading", name="A branch: changed on the way").wait_for(timeout=PATIENCE)
    assert page.locator(".lb-before").count() == 0


def test_nothing_on_the_map_prints_over_another(visit: Visit) -> None:
    page = play(visit)
    for width in (1400, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(FRAMES.format(4))
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for view in ("world", "asia", "europe", "americas"):
            page.locator("select[name=view]").select_option(view)
            for at in (13, 40):
                set_month(page, at)
                assert page.evaluate("document.querySelector('canvas.pl-canvas').written.length")
                assert page.evaluate(OVERPRINTS) == []
