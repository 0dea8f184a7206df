"""Two settings side by side: addresses, choices, and what is said where the luck is not the same."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_scenario, load_shipped
from coercivity.viz.page_data.compare_choice import (
    CALM,
    Pair,
    choose,
    counted_from,
    default_pair,
    luck_note,
    read_pair,
    story_side,
    to_address,
    with_its_base,
)
from tests.experiments.test_lab_link import named_firm
from tests.refusal import refusal

NOTHING_NEW = CALM["2026-01"]
BRANCH = check_setting(
    seed=4,
    state="Germany",
    levers={"firms_stock": 3},
    assumptions={"over_compliance": 0.2},
    changes=[("2027-03", "japan_stockpile", 2)],
)


def test_an_address_holds_both_and_reads_back() -> None:
    pair = choose(with_its_base(BRANCH), {"side": "a", "scenario": "truce"})
    assert read_pair("?" + to_address(pair)) == pair
    assert pair.a.scenario == "truce"
    assert pair.a.seed == pair.b.seed == 4
    assert read_pair("") == read_pair(None) == default_pair()


def test_one_setting_is_compared_with_its_twin() -> None:
    pair = read_pair("?" + to_query(BRANCH))
    assert pair.b == BRANCH
    assert pair.a.changes == ()
    assert pair.a.levers == BRANCH.levers  # a branch beside its base, which keeps the levers
    plain = with_its_base(check_setting(seed=9, state="Germany"))
    assert (plain.a.scenario, plain.a.seed, plain.a.state) == (NOTHING_NEW, 9, "Germany")


@pytest.mark.parametrize(
    ("scenario", "calm"),
    [
        ("japan-2026", "licences-2026"),
        ("japan-2026-from-2024", "business-as-usual"),
        ("embargo-2010", "business-as-usual"),
    ],
)
def test_a_plain_scenario_stands_beside_the_calm_one_of_its_start(scenario: str, calm: str) -> None:
    setting = check_setting(scenario=scenario)
    assert with_its_base(setting) == Pair(a=LabSetting(scenario=calm), b=setting)
    mine = replace(load_scenario(scenario), name="mine")
    assert with_its_base(LabSetting(own=mine)).a == LabSetting(scenario=calm)


def test_choices_change_one_side_or_both() -> None:
    pair = default_pair()
    assert choose(pair, {"seed": "12"}) == Pair(
        a=LabSetting(scenario=NOTHING_NEW, seed=12), b=LabSetting(seed=12)
    )
    assert choose(pair, {"state": "India"}).b.state == "India"
    link = "http://127.0.0.1:8765/?" + to_query(BRANCH)
    pasted = choose(pair, {"side": "b", "link": link})
    assert (pasted.b.levers, pasted.b.seed) == (BRANCH.levers, 1)
    assert choose(pair, {"side": "a", "link": link}).b.seed == 4  # A's link brings its luck
    assert (
        choose(pair, {"side": "b", "present": True}, present=to_query(BRANCH)).b.changes
        == BRANCH.changes
    )
    based = choose(pasted, {"side": "a", "base": True})
    assert based.a.changes == ()
    assert based.a.levers == BRANCH.levers


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"side": "c", "scenario": NOTHING_NEW}, "side 'c'"),
        ({"side": "a", "scenario": "nowhere"}, "nowhere"),
        ({"seed": "minus"}, "seed"),
        ({"state": "Atlantis"}, "Atlantis"),
        ({"side": "b", "link": "hello"}, "B: 'hello' is no link"),
        ({"side": "a", "link": "?seed=x"}, "A: seed"),
        ({"side": "a", "present": True}, "A: "),
    ],
)
def test_a_wrong_choice_costs_one_message(given: dict[str, object], says: str) -> None:
    refusal(choose, default_pair(), given, match=says)


def test_a_link_whose_parts_do_not_fit_each_other_costs_one_message() -> None:
    link = to_query(check_setting(own=named_firm()))
    assert read_pair(f"?{link}").b.own == named_firm()
    for search in (
        f"?{link}&p.firms_per_sector=1",
        f"?a={quote(f'{link}&p.firms_per_sector=1', safe='')}",
    ):
        with pytest.raises(InputError, match=r"is not a firm of 2024-01"):
            read_pair(search)


def test_headlines_count_from_one_day_where_both_runs_have_it() -> None:
    pair = default_pair()
    assert counted_from(pair) == ("2026-01-06", "2026-01-06")
    other = choose(pair, {"side": "b", "scenario": "embargo-2010"})
    days = counted_from(other)
    assert days[0] >= "2024-01"
    assert days[1] < "2024-01"
    assert "other luck" in luck_note(other)
    assert luck_note(pair) == ""


@pytest.mark.parametrize(
    "search", ["?a=seed%3Dx", "?b=scenario%3Dnowhere", "?a=" + "x" * 30_000, "?a=%3Cscript%3E"]
)
def test_a_tampered_address_costs_one_message(search: str) -> None:
    assert len(refusal(read_pair, search)) < 500


def test_one_side_may_have_the_shipped_numbers_of_the_other() -> None:
    own = with_csv(load_shipped("japan-2026"), "cover", "kind,state,months_median\nwind,Japan,4\n")
    pair = Pair(a=LabSetting(scenario=NOTHING_NEW), b=LabSetting().with_own(own))
    found = choose(pair, {"side": "a", "shipped": True})
    assert (found.a.shipped.tables, found.b) == ((), pair.b)
    with pytest.raises(InputError, match=r"no numbers of your own in it; put some in the lab"):
        choose(default_pair(), {"side": "a", "shipped": True})


def test_the_story_is_that_of_b_where_neither_has_a_measure() -> None:
    calm = LabSetting(scenario="business-as-usual")
    assert story_side(Pair(a=calm, b=calm)) == "b"
    assert story_side(Pair(a=LabSetting(), b=calm)) == "a"
