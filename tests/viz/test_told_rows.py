"""Rows of tables in words, of one's own, of licences, of the record and of acts, each as a table of cases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.lab.without_each import without_each
from coercivity.model.basis.facts import load_table
from coercivity.model.scenario.scenario import Scenario, load_scenario, load_shipped
from coercivity.viz.words import record_text
from coercivity.viz.words.act_text import dates_in_words
from coercivity.viz.words.briefing_table import changes, left_out
from coercivity.viz.words.dates import date_in_words, span_words
from coercivity.viz.words.each_adds import part_words
from coercivity.viz.words.fact_acts import triggers
from coercivity.viz.words.language import speaking
from coercivity.viz.words.licence_tables import counted_from, periods, record_rows, share_text
from coercivity.viz.words.link_text import left_out_in_words
from coercivity.viz.words.own_rows import own_rows_in_words, telling_rows
from coercivity.viz.words.refusals import refusal_in_words
from coercivity.viz.words.scenario_cards import act_words
from tests.viz.test_briefing import target

COVER = "kind,state,months_median\nautomotive,All,4\nwind,All,4\nelectronics,All,4\n"
PLANT = (
    "name,process,state,tonnes_per_year,first_month,patient\n"
    "Mine,separate_heavy,Australia,5000,2026-01,1\n"
)
TRADE = (
    "good,origin,destination,share\nndpr_oxide,China,Japan,0.23\nndpr_oxide,Malaysia,Japan,0.528\n"
)


def with_rows(**texts: str) -> Scenario:
    scenario = load_shipped("japan-2026")
    for name, text in texts.items():
        scenario = with_csv(scenario, name, text)
    return scenario


def test_own_rows_are_told_with_what_they_set_and_the_most_telling_first() -> None:
    scenario = with_rows(cover=COVER, projects=PLANT, trade_prior=TRADE)
    told = {row.what: (row.here, row.beside) for row in own_rows_in_words(scenario)}
    assert told["Months of stock, makers of cars in all states"][0].startswith("4 months (")
    assert told["Plant Mine, separates heavy ore in Australia"] == (
        "5,000 t a year from January 2026, a state lends to it",
        "not among the shipped rows",
    )
    first = telling_rows(scenario, "Japan", 2)
    assert [row.what for row in first] == [
        "Share of China in the NdPr oxide that Japan buys",
        "and 5 more rows",
    ]
    (stocks,) = [row for row in telling_rows(scenario, "Japan", 9) if " and 2 other" in row.what]
    assert stocks.what.endswith("and 2 other industries in all states")
    assert stocks.here == "4 months"


ACT = {"kind": "licensing", "actor": "China", "targets": ["Germany"], "days": 120}
ACT |= {"goods": ["dysprosium", "terbium"], "from": "2026-03"}
THREAT = {"kind": "threat", "actor": "China", "targets": ["Germany"], "from": "2026-04"}


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([ACT], "from March 2026 on"),
        ([{**ACT, "until": "2027-02"}], "from March 2026 until February 2027"),
        ([THREAT], "in April 2026"),
    ],
)
def test_an_act_is_told_with_when_it_is_in_force(acts: list[Any], said: str) -> None:
    (act,) = check_setting(acts=acts).acts
    assert dates_in_words(act) == said


def test_each_part_of_a_setting_is_told_by_what_it_is() -> None:
    setting = check_setting(acts=[ACT], levers={"firms_stock": 6})
    stock, act = (part_words(part, setting) for part in without_each(setting))
    assert stock == "Extra stock that firms hold: 6 months of use"
    assert act.startswith("from March 2026 on: Export licences: by China; against Germany; ")
    later = check_setting(changes=[("2027-03", "firms_switch", 50), ("2027-06", "firms_stock", 4)])
    assert [part_words(part, later) for part in without_each(later)] == [
        "Turning away from Chinese suppliers, from March 2027: 50%",
        "Extra stock that firms hold, from June 2027: 4 months of use",
    ]


def own(*events: dict[str, Any]) -> Scenario:
    return load_scenario({"name": "own", "start": "2024-01", "months": 36, "events": list(events)})


def event(kind: str, month: int, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "date": f"2024-{month:02}-01", "id": f"{kind}-{month}", **fields}


FIRE = event("mine_closure", 2, state="Myanmar", good="heavy_concentrate")
GRANT = event("grant", 5, actor="Japan", budget=100)
WARNED = event("threat", 3, actor="China", targets=["Japan"])
TRUCE = event("truce", 7, actor="China", targets=["Japan"])
TWIN = "The twin is the same histories without it: "


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((), f"{TWIN}the scenario has no act to leave out."),
        ((WARNED,), "these acts: threat of China on Japan (1 March 2024). What stood before"),
        ((FIRE,), "these acts: mine closure (1 February 2024). What stood"),
        ((TRUCE,), "these acts: truce of China on Japan (1 July 2024). What stood"),
        ((WARNED, FIRE, GRANT, TRUCE), "1 more act. What stood before"),
    ],
)
def test_what_the_twin_goes_without_is_named_up_to_a_few(
    events: tuple[Any, ...], said: str
) -> None:
    assert said in left_out(LabSetting(own=own(*events)), "without it")


def test_more_acts_than_have_a_row_are_counted() -> None:
    kinds = ("threat", "remark", "review", "dispute")
    acts = [
        {**THREAT, "kind": kind, "from": f"2026-{month:02}"}
        for kind in kinds[:3]
        for month in (2, 4, 6)
    ]
    *rows, last = changes(check_setting(acts=acts))
    assert len(rows) == 5
    assert (last.what, last.here) == ("and 4 more acts", "in the scenario file")


def test_an_act_without_a_text_is_told_by_its_kind_and_what_is_said_of_it() -> None:
    assert act_words(own(WARNED).events[0]) == "Threat: by China; against Japan; gravity 50%"
    assert act_words(own({**WARNED, "text": "China warns."}).events[0]) == "China warns."


def test_what_is_no_date_stays_and_a_span_over_years_names_both() -> None:
    assert span_words("2011-08", "2012-02") == "August 2011 to February 2012"
    assert span_words("2011-08", "2011-10") == "August to October 2011"
    with speaking("de"):
        assert [date_in_words(text) for text in ("soon", "2024-13")] == ["soon", "2024-13"]
        assert date_in_words("2024-12") == "Dezember 2024"


def test_a_trigger_without_days_says_the_answer_or_that_none_followed() -> None:
    rows = [row for row in load_table("triggers") if row["lag_days"] is None]
    silent = next(row for row in rows if row["instrument"] == "none")
    assert triggers(silent).endswith("and no measure on minerals followed")
    answered = triggers(silent | {"instrument": "quota"})
    assert answered.endswith("and it answered: quota")


def test_a_link_and_whatever_went_wrong_are_told_in_a_sentence() -> None:
    bare, many = (left_out_in_words(open_search(one)[1]) for one in ("firms_stock=3", ACTS))
    assert bare == (
        "“firms_stock” stands in the link by its bare name and was left out: write "
        "lever.firms_stock there.",
    )
    assert many[-1].endswith("48 acts beyond them were left out.")
    assert refusal_in_words(ValueError("the disk is full")) == "The disk is full."


ACTS = "&".join(["act=kind:threat,actor:China,from:2026-04,targets:Germany"] * 60)


RATES = target(0.4, "price_home", "China", "terbium_oxide", "PASS", sample="out", id="a")


def test_the_record_says_what_it_does_not_hold() -> None:
    assert record_text.off_words({**RATES, "error": None}) == "after 2025, seen by no fit"
    assert record_text.off_words({**RATES, "error": 12.0}).startswith("10 or more tolerances off; ")
    assert record_text.amount(RATES, None) == "never"
    assert record_text.amount(RATES, 850.0) == "USD 850 a kilogram"
    wrong = record_text.wrong_about
    assert wrong([RATES], {}, "lanthanum_oxide").startswith("No outcome on record is about lanth")
    assert wrong([RATES], {}, "terbium_oxide") == (
        "About terbium oxide it is within tolerance in 1 of 1 outcomes and misses none outright."
    )


FLOWS: Any = SimpleNamespace(
    months=("2024-11", "2024-12", "2025-01", "2025-02"), act=2, since=None, acts=(2, 3, None)
)


def test_months_under_the_rule_and_rows_of_a_table_of_licences() -> None:
    assert counted_from(FLOWS) == "each world's first control (2025-01 to 2025-02)"
    alone = SimpleNamespace(**{**vars(FLOWS), "acts": (2, 2, None)})
    assert counted_from(alone) == "2025-01"
    assert periods(FLOWS, "year") == [("2024", range(2)), ("2025", range(2, 4))]
    assert [name for name, _ in periods(FLOWS, "month")] == ["2024-12", "2025-01", "2025-02"]
    assert share_text([float("nan"), 0.1, 0.2, 3]) == ""
    assert (share_text([0.5]), share_text([0.5, 0.4, 0.6, 3])) == ("0.50", "0.50 (0.40-0.60)")


def on_record(partner: str) -> dict[str, Any]:
    more = {"id": f"of {partner}", "scenario": "japan-2026", "tolerance_kind": "absolute"}
    more |= {"partner": partner, "tolerance": 5.0}
    return target(1.0, "magnet_exports", "China", "", **more)


def test_the_record_beside_licences_is_of_the_same_lanes() -> None:
    lanes: Any = SimpleNamespace(
        importers=("Germany",),
        exporter="China",
        goods=("magnet_standard",),
        scenario=load_scenario("japan-2026"),
    )
    rows = [on_record(partner) for partner in ("EU", "Germany", "Japan", "World", "")]
    assert [row[0] for row in record_rows(lanes, rows)] == ["of EU", "of Germany"]
    lanes.importers = ("Germany", "France", "Japan", "India", "Brazil", "United States")
    assert [row[0] for row in record_rows(lanes, rows)] == [row["id"] for row in rows]
    lanes.goods = ("dysprosium_oxide",)
    assert record_rows(lanes, rows) == []
