"""The pages chain, compare, claims and evidence in a headless Chromium: their numbers are those of tables and results of a stand-in (stand_in.py)."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.questions.gauge import gauge_data
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.evidence_data import record_json, search_json
from coercivity.viz.words.gauge_text import labelled_gauge
from coercivity.viz.words.lab_cards import compare_cards
from coercivity.viz.words.range_text import ends_of_months
from tests.facts import FACTS
from tests.names import GOOD_STAGE, GOODS
from tests.viz import stand_in
from tests.viz.browser import PATIENCE, Visit, visiting
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

DRAWN = "document.documentElement.dataset.drawn === '{}'"
PAGES = {  # address -> what says that it is drawn
    "/chain": "chain/japan-2026/1/Japan/all/world",
    "/compare": "compare/licences-2026/japan-2026/1/Japan",
    "/claims": "claims",
    "/evidence": "evidence",
}


@pytest.fixture(scope="module")
def result() -> Result:
    return stand_in.result_of(load_scenario("japan-2026"), 1)


def shown(visit: Visit, address: str, drawn: str) -> Any:
    visit.open(address)
    wait_for(visit, drawn)
    return visit.page


@pytest.fixture(scope="module")
def chain(browser: Any, server: Server) -> Iterator[Visit]:
    """A page for tests that look and change nothing."""
    with visiting(browser, server) as one:
        shown(one, "/chain", PAGES["/chain"])
        yield one


@pytest.fixture(scope="module")
def pair(browser: Any, server: Server) -> Iterator[Visit]:
    """The page that compares, with all its histories and its numbers open, for tests that look and change nothing."""
    with visiting(browser, server) as one:
        page = shown(one, "/compare", PAGES["/compare"])
        page.wait_for_function(
            "/\\/20\\/20$/.test(document.documentElement.dataset.many || '')", timeout=PATIENCE
        )
        page.locator(".co-check input").check()
        yield one


@pytest.fixture(scope="module")
def claims(browser: Any, server: Server) -> Iterator[Visit]:
    """A page for tests that look and change nothing but what they put back."""
    with visiting(browser, server) as one:
        shown(one, "/claims", PAGES["/claims"])
        yield one


def wait_for(visit: Visit, drawn: str) -> None:
    visit.page.wait_for_function(DRAWN.format(drawn), timeout=PATIENCE)


def number(text: str) -> float:
    return float(text.split()[0].strip("%").replace(",", ""))


def test_the_chains_numbers_are_those_of_the_trade_table(chain: Visit, result: Result) -> None:
    page = chain.page
    trade = result.table("trade").astype(
        {"month": str, "good": str, "origin": str, "separated_in": str}
    )
    oxide = dict(zip(GOODS, goods(FACTS).content.sum(axis=1), strict=True))
    trade = trade[trade["good"].map(GOOD_STAGE) == "separation"]
    for at, months in (
        (0, ("2026-01", "2026-02", "2026-03")),
        (22, ("2031-07", "2031-08", "2031-09")),
    ):
        page.get_by_role("slider", name="Quarter").fill(str(at))
        rows = trade[trade["month"].isin(months)]
        tonnes = rows["tonnes"] * rows["good"].map(oxide)
        assert number(chain.cell("sent/separation")) == pytest.approx(tonnes.sum(), rel=6e-3)
        assert number(chain.cell("who/China/separation")) == pytest.approx(
            100 * tonnes[rows["origin"] == "China"].sum() / tonnes.sum(), abs=0.3
        )
        assert number(chain.cell("separated/separation")) == pytest.approx(
            100 * tonnes[rows["separated_in"] == "China"].sum() / tonnes.sum(), abs=0.3
        )
    made = (
        result.table("output")
        .astype({"month": str})
        .query("stage == 'separation' and month in @months")["tonnes"]
        .sum()
    )
    assert number(chain.cell("made/separation")) == pytest.approx(made, rel=6e-3)
    assert page.locator(".ch-plot canvas").count() == 1


def test_what_goes_into_a_state_and_another_element_are_in_the_address(visit: Visit) -> None:
    lived = "japan-2026-from-2024"
    page = shown(visit, f"/chain?scenario={lived}", f"chain/{lived}/1/Japan/all/world")
    page.locator("select[name=view]").select_option("into")
    wait_for(visit, f"chain/{lived}/1/Japan/all/into")
    page.locator("select[name=element]").select_option("Dy")
    wait_for(visit, f"chain/{lived}/1/Japan/Dy/into")
    assert number(visit.cell("who/China/separation")) > 90
    address = page.url.removeprefix(visit.address)
    shown(visit, address, f"chain/{lived}/1/Japan/Dy/into")
    assert page.locator("select[name=view]").input_value() == "into"


def test_the_gauge_is_the_leverage_of_forks_and_fills_in(visit: Visit) -> None:
    page = shown(
        visit, "/chain?scenario=business-as-usual", "chain/business-as-usual/1/Japan/all/world"
    )
    page.get_by_role("slider", name="Quarter").fill("4")
    page.get_by_role("heading", name="in January 2025").wait_for()
    cell = page.locator('[data-gauge="first_stop_days"]')
    cell.wait_for()
    page.wait_for_function("!document.querySelector('.ch-state').innerText.includes('…')")
    scenario = load_scenario("business-as-usual")
    found = [stand_in.one_cut_off(scenario, seed, "2025-01", "Japan") for seed in range(1, 21)]
    values = {item["id"]: item for item in labelled_gauge(gauge_data(found))["items"]}
    days = values["first_stop_days"]
    assert "One possible history, seed 1" in page.locator(".ch-state").inner_text()
    assert cell.inner_text() == f"{days['value']:.0f} days"
    page.get_by_role("button", name="20 histories").click()
    page.wait_for_function(
        "document.querySelector('.ch-state').innerText.startsWith('20 of 20')", timeout=PATIENCE
    )
    assert cell.inner_text() == f"{days['median']:.0f} days"
    assert (
        page.locator('[data-range="first_stop_days"]').inner_text()
        == f"{days['ends'][0]:.0f} days to {days['ends'][1]:.0f} days"
    )
    assert (
        page.locator('[data-gauge="firms_stopped"]').inner_text()
        == f"{100 * values['firms_stopped']['median']:.1f}%"
    )


def test_days_between_two_settings_are_sooner_or_later(pair: Visit) -> None:
    page = pair.page
    for days, text in ((-2305, "2,305 days sooner"), (12, "12 days later"), (0.2, "no difference")):
        said = page.evaluate(
            f"window.coercivity.difference({{ unit: 'days' }}, {3000 + days}, 3000)"
        )
        assert said == text
    low, high = (
        page.evaluate(
            f"window.coercivity.headline({{ unit: 'multiple', value: {value} }}).join('')"
        )
        for value in (0.9, 2.5)
    )
    assert (low, high) == ("× 0.9 (no rise above before)", "× 2.5")
    assert "-" not in "".join(
        text for text in page.locator("[data-apart]").all_inner_texts() if "days" in text
    )


def test_price_multiples_of_both_settings_are_over_one_price(pair: Visit) -> None:
    page = pair.page
    assert (
        "over the price in B in the half year before"
        in page.locator("[aria-labelledby=co-numbers] > .cv-note").inner_text()
    )
    runs = page.evaluate("document.querySelector('.co-page').__vue__.runs")
    name = "price_multiple_dy_japan"
    a, b = (
        next(one for one in runs[side]["headlines"] if one["id"] == name) for side in ("a", "b")
    )
    assert a["usual"] != b["usual"]
    said = page.evaluate(
        f"window.coercivity.headline({{ unit: 'multiple', value: {a['value'] * a['usual'] / b['usual']} }}).join('')"
    )
    assert page.locator(f"[data-a={name}]").inner_text() == said
    assert page.locator("[data-a=peak]").inner_text().endswith("USD/kg")


def test_lists_and_sums_in_scripts_are_those_of_the_language(visit: Visit) -> None:
    told = {
        "en": ["a, b and c", "USD 1,170 million", "USD 1.17 bn", "6 January 2026", "a; b"],
        "de": ["a, b und c", "1.170 Mio. USD", "1,17 Mrd. USD", "6. Januar 2026", "a; b"],
        "ja": ["a、b、c", "11億7000万ドル", "11億7000万ドル", "2026年1月6日", "a；b"],
    }
    for code, words in told.items():
        visit.open(f"/claims?lang={code}")
        visit.page.wait_for_function(
            "document.documentElement.dataset.drawn === 'claims'", timeout=PATIENCE
        )
        found = visit.page.evaluate(
            "(c => [c.joined(['a', 'b', 'c']), c.dollars(1170), c.dollars(1172, 3), c.month('2026-01-06'), c.semicolons(['a', 'b'])])(window.coercivity)"
        )
        assert [one.replace("\u00a0", " ") for one in found] == words


SANKEY = """(() => { const plot = document.querySelector('.ch-chain').__vue__.plot;
    const boxes = plot.getZr().storage.getDisplayList(true).filter(one => one.type === 'tspan' && !one.ignore && one.style.text).map(one => {
        const box = one.getBoundingRect().clone(); box.applyTransform(one.getComputedTransform() || one.transform || [1, 0, 0, 1, 0, 0]);
        return [one.style.text, box.x, box.y, box.x + box.width, box.y + box.height]; });
    return [boxes.length, boxes.flatMap((a, k) => boxes.slice(k + 1).filter(b => a[1] < b[3] && b[1] < a[3] && a[2] < b[4] && b[2] < a[4]).map(b => a[0] + ' on ' + b[0]))]; })()"""


def test_no_name_of_the_flow_diagram_prints_over_another(visit: Visit) -> None:
    page = visit.page
    for width in (1400, 320):
        page.set_viewport_size({"width": width, "height": 844})
        shown(visit, "/chain", PAGES["/chain"])
        page.wait_for_function("document.querySelector('.ch-plot canvas')")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for quarter in ("4", "40"):
            page.get_by_role("slider", name="Quarter").fill(quarter)
            page.wait_for_timeout(100)
            count, overprints = page.evaluate(SANKEY)
            assert count > 4
            assert overprints == []


def test_two_settings_have_the_same_luck_and_many_histories_say_in_how_many_b_is_better(
    visit: Visit, result: Result
) -> None:
    moved = check_setting(scenario="japan-2026", levers={"firms_stock": 6})
    page = shown(visit, f"/compare?b={quote(to_query(moved), safe='')}", PAGES["/compare"])
    page.locator("select[name=scenario-a]").select_option("japan-2026")
    wait_for(visit, "compare/japan-2026/japan-2026/1/Japan")
    page.get_by_role("checkbox", name="numbers").check()
    with_stock = stand_in.result_of(moved.asked(), 1).headlines()
    values = result.headlines()
    for name in ("dependence_separated_end", "firms_stopped_share"):
        assert number(page.locator(f'[data-a="{name}"]').inner_text()) == pytest.approx(
            100 * (values[name] or 0.0), abs=0.06
        )
        assert number(page.locator(f'[data-b="{name}"]').inner_text()) == pytest.approx(
            100 * (with_stock[name] or 0.0), abs=0.06
        )
    assert values["dependence_separated_end"] != pytest.approx(
        with_stock["dependence_separated_end"], abs=2e-3
    )
    assert page.locator(".co-page .cv-plot canvas").count() == 4
    assert "6 months of use" in page.locator(".co-side").nth(1).inner_text()
    before = page.locator("[data-apart]").all_inner_texts()
    shown(visit, page.url.removeprefix(visit.address), "compare/japan-2026/japan-2026/1/Japan")
    page.get_by_role("checkbox", name="numbers").check()
    assert page.locator("[data-apart]").all_inner_texts() == before
    a = LabSetting()
    mark = f"{a.asked().fingerprint()}/{moved.asked().fingerprint()}/Japan/20/20"
    page.wait_for_function(f"document.documentElement.dataset.many === {mark!r}", timeout=PATIENCE)
    since = story_day(a.shipped)
    there, here = (stand_in.histories(one.asked(), (), "Japan", since) for one in (a, moved))
    rows = compare_cards(here, there, FindingRequest(FACTS, "Japan", "in A"))
    assert len(rows) == 6
    for row in rows:
        assert page.locator(f'[data-here="{row.id}"]').inner_text() == row.here
        assert page.locator(f'[data-there="{row.id}"]').inner_text() == row.there
        assert page.locator(f'[data-told="{row.id}"]').inner_text() == row.apart
        assert (
            page.locator(f'[data-better="{row.id}"]')
            .inner_text()
            .startswith(f"{row.better} of {row.of}")
        )
    page.get_by_role("slider", name="Month").fill("40")
    for side, histories in (("a", there), ("b", here)):
        band = histories.band("prices/dysprosium_oxide")
        assert band is not None
        assert number(visit.cell(f"{side}/prices")) == pytest.approx(band[1][40], rel=6e-3)
        assert (
            page.locator(f'[data-band="{side}/prices"]').inner_text()
            == ends_of_months(band, "USD/kg")[40]
        )


@pytest.mark.parametrize("address", ["/claims", "/evidence"])
def test_results_say_of_which_code_they_are_and_links_lead_out_only_on_a_click(
    visit: Visit, address: str
) -> None:
    page = shown(visit, address, PAGES[address])
    said = page.locator("[data-origin]")
    said.wait_for(timeout=PATIENCE)
    assert said.inner_text().startswith("These are results of ")
    links = page.locator("main a[href^='http']").all()
    outside = [
        link for link in links if not str(link.get_attribute("href")).startswith(visit.address)
    ]
    assert len(outside) > 10
    for link in outside:
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
        assert "opens another site" in link.inner_text()


def test_facts_are_found_by_words_table_and_confidence(visit: Visit) -> None:
    page = shown(visit, "/evidence", "evidence")
    page.locator("input[name=text]").fill("lynas")
    lynas = json.loads(search_json("lynas"))
    page.get_by_role("status").filter(has_text=f"{lynas['found']} found").wait_for()
    assert page.locator(".ev-rows li").count() == lynas["shown"]
    page.locator("input[name=text]").fill("")
    page.locator("select[name=table]").select_option("record")
    page.locator("select[name=confidence]").select_option("high")
    high = load_table("record").where(confidence="high")
    page.get_by_role("status").filter(has_text=f"{len(high)} found").wait_for()
    assert high[0]["source"] in page.locator(".ev-rows li").first.inner_text()
    page.get_by_role("button", name="More rows").click()
    page.get_by_role("status").filter(has_text=f"{len(high)} found, {len(high)} shown").wait_for()
    visit.open(page.url.removeprefix(visit.address))
    page.get_by_role("status").filter(has_text=f"{len(high)} found").wait_for()


def test_misses_about_the_good_on_screen_come_first_and_another_can_be_chosen(visit: Visit) -> None:
    page = shown(visit, "/evidence?good=dysprosium_oxide&state=Japan", "evidence")
    record = json.loads(record_json("dysprosium_oxide", "Japan"))
    about = [one["id"] for one in record["targets"] if one["group"] == "good"]
    first = page.locator("[data-outcome]").first
    assert first.get_attribute("data-outcome") == about[0]
    assert "Missed" in first.inner_text()
    assert "dysprosium oxide" in page.locator("[data-lead=good]").inner_text()
    assert page.locator("input[name=text]").input_value() == "dysprosium oxide"
    page.locator("select[name=good]").select_option("ndpr_oxide")
    page.get_by_role("heading", name="About NdPr oxide").wait_for()
    assert "good=ndpr_oxide" in page.url
    assert page.locator("input[name=text]").input_value() == "NdPr oxide"
    with_source = page.locator("[data-outcome] a").first
    assert str(with_source.get_attribute("href")).startswith("http")


WRONG = {
    "/compare?a=seed%3Dx": "A: Seed “x”",
    "/evidence?table=plant": "Did you mean “plants”?",
    "/chain?state=%3Cimg%20src=x%20onerror=alert(1)%3E": "is not known",
}


def test_a_wrong_address_gets_a_message_and_the_page_all_the_same(visit: Visit) -> None:
    for address, says in WRONG.items():
        visit.open(address)
        visit.page.get_by_role("alert").filter(has_text=says).wait_for(timeout=PATIENCE)
        assert visit.page.locator("main h2").count() == 1
        visit.page.wait_for_function("document.documentElement.dataset.drawn", timeout=PATIENCE)
