"""Levers of a state that is not Japan: whose acts they write, and what links mean."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.levers import (
    all_levers,
    find_lever,
    lever_named,
    lever_table,
)
from coercivity.experiments.lab.link import read_query
from coercivity.experiments.lab.state_levers import ROLES, hosts_of, missing_lever_reason
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_shipped
from tests.names import STATES

OWN = [lever for name, lever in all_levers().items() if name not in ROLES]
CALM = load_shipped("business-as-usual")


def acts_of(scenario: Any) -> set[Any]:
    return {*scenario.events, *scenario.choices}


def added(levers: dict[str, float], on: Any = CALM) -> list[Any]:
    made = apply_levers(on, levers)
    return [act for act in (*made.events, *made.choices) if act.id.startswith("lever-")]


# ---------------------------------------------------------------- the levers


def test_a_state_has_ten_levers_or_says_why_not_in_the_ranges_of_japans() -> None:
    for state in STATES:
        levers = lever_table(state)
        assert len({lever.id for lever in levers}) == len(levers) <= 10
        assert (len(levers) == 10) == (missing_lever_reason(state) is None)
        groups = [lever.group for lever in levers]
        assert groups == sorted(groups, key=groups.index)  # each group stands together
    ranges = ("unit", "low", "high", "step", "rest", "options")
    for lever in OWN:
        of_japan = next(find_lever(name) for name, role in ROLES.items() if role == lever.role)
        assert [getattr(lever, name) for name in ranges] == [
            getattr(of_japan, name) for name in ranges
        ]
        for text in (lever.group, lever.label, lever.what):
            assert "{" not in text
            assert "Japanese" not in text


# ---------------------------------------------------------------- their acts


@pytest.mark.parametrize(
    ("lever", "value", "kind", "actor", "fields"),
    [
        ("germany_measure", 5, "blanket_ban", "China", {}),
        ("eu_stockpile", 3, "stockpile", "EU", {"cover": 3.0}),
        ("eu_plants", 500, "loan", "EU", {"budget": 500.0}),
        ("united_states_stockpile", 3, "stockpile", "United States", {"cover": 3.0}),
        ("south_korea_tariff", 25, "import_tariff", "South Korea", {"rate": 0.25}),
        ("germany_stock", 2, "firm_stock", "", {"states": ("Germany",), "cover": 2.0}),
        ("germany_switch", 50, "firm_supplier", "", {"states": ("Germany",), "strength": 0.5}),
    ],
)
def test_a_lever_writes_the_acts_of_who_pulls_it(
    lever: str, value: float, kind: str, actor: str, fields: dict[str, Any]
) -> None:
    (act,) = added({lever: value})
    assert (act.kind, act.actor) == (kind, actor)
    assert {name: act.get(name) for name in fields} == fields
    assert "Japan" not in act.text
    if kind == "blanket_ban":
        assert act.targets == ("Germany",)


def test_supported_plants_may_stand_at_home_too() -> None:
    for lever in ("eu_plants", "south_korea_plants", "eu_money", "south_korea_money"):
        owner = find_lever(lever).owner
        assert list(added({lever: 1000})[0].get("hosts")) == hosts_of(owner)
    assert {"Germany", "France", "Rest of EU"} <= set(hosts_of("EU"))
    assert "South Korea" in hosts_of("South Korea")


def test_allies_of_several_states_are_in_one_pact() -> None:
    acts = added({"allies_money": 1000, "south_korea_money": 1000, "united_kingdom_money": 500})
    pacts = [act for act in acts if act.kind == "coalition"]
    assert len({act.get("members") for act in pacts}) == 1
    assert {"South Korea", "United Kingdom", "Japan"} <= set(pacts[0].get("members"))


def test_a_measure_against_one_state_leaves_those_against_others() -> None:
    story = load_shipped("japan-2026-from-2024")
    asked = apply_levers(story, {"germany_measure": 5, "germany_months": 12})
    (ban,) = acts_of(asked) - acts_of(story)
    assert (ban.targets, ban.date, ban.end) == (("Germany",), "2026-01-06", "2026-12-31")
    both = apply_levers(story, {"germany_measure": 5, "china_months": 12})
    (german,) = [act for act in acts_of(both) if act.id.startswith("lever-germany")]
    assert german.end == ""  # Japan's length is not Germany's


def test_at_rest_they_change_nothing() -> None:
    rest = {lever.id: lever.rest for lever in OWN}
    for name in list_scenarios():
        assert (
            apply_levers(load_shipped(name), rest).fingerprint() == load_shipped(name).fingerprint()
        )


def test_stockpiles_alone_begin_before_the_story() -> None:
    early = {lever.id for lever in all_levers().values() if lever.is_from_start}
    assert early == {name for name in all_levers() if name.endswith("_stockpile")}
    assert [act.date for act in added({"eu_stockpile": 3})] == ["2024-01-01"]
    assert [act.date for act in added({"eu_plants": 500})] == ["2026-01-01"]


# ---------------------------------------------------------------- links


def test_a_link_of_before_means_what_it_meant_whatever_state_is_looked_at() -> None:
    link = "lever.japan_stockpile=3&lever.firms_stock=2&lever.china_measure=4"
    here = read_query(link)
    for state in STATES:
        there = read_query(f"state={state}&{link}")
        assert there.asked().fingerprint() == here.asked().fingerprint(), state
        assert there.levers == here.levers


def test_a_name_without_its_state_is_that_of_the_state_looked_at() -> None:
    for state, name in (
        ("Germany", "eu_stockpile"),
        ("United States", "united_states_stockpile"),
        ("Japan", "japan_stockpile"),
    ):
        assert dict(read_query(f"state={state}&lever.stockpile=3").levers) == {name: 3.0}
    assert dict(read_query("lever.stockpile=3").levers) == {"japan_stockpile": 3.0}
    assert read_query("state=Germany&at=2027-03:stock:2").changes == (
        ("2027-03", "germany_stock", 2.0),
    )
    assert lever_named("germany_stockpile", "Japan") == "eu_stockpile"
    assert lever_named("japan_measure", "Germany") == "china_measure"
    assert lever_named("stockpiles", "Germany") == "stockpiles"


# ---------------------------------------------------------------- many levers together
