"""The ten levers: what each says about itself, which acts it makes and replaces, and that it moves
what it says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import (
    Lever,
    check_lever,
    check_month,
    find_lever,
    first_month,
    lever_table,
    story_day,
)
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import focal_date
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_index, month_name, month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.results.result import Result
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
    with_changes,
)

LEVERS = tuple(lever.id for lever in lever_table())
SIGNALS = ("remark", "threat", "review")
JAPAN, STORY, CALM = (
    "Japan",
    load_shipped("japan-2026-from-2024"),
    load_shipped("business-as-usual"),
)


def acts(scenario: Scenario) -> tuple[Event, ...]:
    return (*scenario.events, *scenario.choices)


def against_japan(scenario: Scenario) -> list[Event]:
    """What China does to Japan by name."""
    return [
        event
        for event in acts(scenario)
        if event.actor == "China" and "Japan" in event.targets and event.kind != "truce"
    ]


def in_force(scenario: Scenario, day: str) -> set[str]:
    """Ids of the acts in force on a day, as a reader of the file would find them: begun, not ended,
    not suspended. An act that came back has its old id.
    """
    running = [
        event
        for event in acts(scenario)
        if event.date <= day
        and (not event.end or event.end >= day)
        and event.kind not in (*SIGNALS, "concession")
    ]
    paused = {event.get("of") for event in running if event.kind == "suspension"}
    return {
        re.sub(r"(-from-\d+)+$", "", event.id)
        for event in running
        if event.id not in paused and event.kind != "suspension"
    }


def values_of(lever: Lever) -> list[float]:
    """All values that the control of a lever can be put to."""
    steps = round((lever.high - lever.low) / lever.step)
    return [lever.low + step * lever.step for step in range(steps + 1)]


def highest(lever: str) -> float:
    """The value that hurts most."""
    told = {"china_measure": 5.0, "china_licences": 3.0, "china_months": 1.0}
    return told.get(lever, find_lever(lever).high)


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("lever", lever_table(), ids=LEVERS)
def test_each_lever_explains_itself_and_its_sources_exist(lever: Lever) -> None:
    for text in (lever.label, lever.unit, lever.what, lever.example, lever.limits, lever.source):
        assert text.strip(), f"a text of {lever.id} is missing"
    assert lever.low <= lever.rest <= lever.high
    assert lever.low < lever.high
    assert values_of(lever)[-1] == pytest.approx(lever.high)
    assert lever.rest in values_of(lever)
    if lever.options:
        assert (lever.low, lever.step, len(lever.options)) == (0, 1, lever.high + 1)
    known = {row["id"] for name in ("timeline", "claims") for row in load_table(name)}
    assert set(re.findall(r"\b[TC]\d+\b", lever.source)) <= known
    assert set(re.findall(r"scenario ([a-z0-9-]+)", lever.source)) <= set(list_scenarios())


# ---------------------------------------------------------------- what a lever writes


def added(
    levers: dict[str, float], *changes: tuple[str, str, float], on: Scenario = CALM
) -> list[Any]:
    """Acts of levers, in their order."""
    return [act for act in acts(apply_levers(on, levers, changes)) if act.id.startswith("lever-")]


TARIFFS = [(f"import_tariff {who}>China", {"rate": 0.25}) for who in ("United States", "EU", JAPAN)]
GRANTS = [(f"grant {who}>", {"budget": 500.0, "share": 0.5}) for who in ("United States", "EU")]


@pytest.mark.parametrize(
    ("lever", "value", "written"),
    [
        ("china_measure", 2, [("threat China>Japan", {"severity": 0.5})]),
        ("china_measure", 3, [("dual_use_ban China>Japan", {})]),
        ("china_measure", 4, [("blanket_ban China>Japan", {})]),
        ("china_measure", 5, [("blanket_ban China>Japan", {})]),
        ("china_licences", 1, [("extraterritorial China>World", {})]),
        ("china_licences", 2, [("general_licence China>World", {})]),
        ("japan_stockpile", 3, [("stockpile Japan>", {"cover": 3.0})]),
        ("japan_plants", 500, [("loan Japan>", {"budget": 500.0})]),
        ("allies_money", 1000, [*GRANTS, ("coalition United States>", {})]),
        ("allies_floor", 110, [("price_floor United States>", {"floor": 110.0})]),
        ("allies_tariff", 25, TARIFFS),
        ("firms_stock", 2, [("firm_stock >", {"cover": 2.0})]),
        ("firms_switch", 50, [("firm_supplier >", {"strength": 0.5})]),
    ],
)
def test_a_lever_writes_these_acts(lever: str, value: float, written: list[Any]) -> None:
    found = added({lever: value})
    assert [f"{act.kind} {act.actor}>{','.join(act.targets)}" for act in found] == [
        words for words, _ in written
    ]
    for act, (_, fields) in zip(found, written, strict=True):
        assert {name: dict(act.fields)[name] for name in fields} == fields
        assert act.text
        assert not act.end


def test_levers_act_from_the_story_on_and_in_a_quiet_scenario_from_the_third_year() -> None:
    """A measure on the day of the story, a stockpile from the first month."""
    assert (first_month(CALM), story_day(CALM)) == ("2026-01", "2026-01-01")
    assert (first_month(STORY), story_day(STORY)) == ("2026-01", "2026-01-06")
    assert first_month(load_shipped("embargo-2010")) == "2010-09"
    assert first_month(with_changes(CALM, months=7)) == "2024-07"
    ban = {"kind": "blanket_ban", "actor": "China", "targets": [JAPAN], "goods": "all"}
    raw = {"name": "at-once", "start": "2024-01", "months": 24}
    at_once = {**raw, "events": [{"date": "2024-01-10", "id": "ban", **ban}]}
    at_once = scenario_from_dict(at_once, "at-once")
    assert (first_month(at_once), story_day(at_once)) == ("2024-01", "2024-01-10")
    for on, day in ((CALM, "2026-01-01"), (STORY, "2026-01-06")):
        for lever in LEVERS:
            dates = {act.date for act in added({lever: highest(lever)}, on=on)}
            first = {"china_measure": day, "japan_stockpile": "2024-01-01"}.get(lever, "2026-01-01")
            assert dates <= {first}, lever
    later = added({}, ("2026-05", "china_measure", 5.0), on=STORY)
    assert [act.date for act in later] == ["2026-05-01"]


def test_a_lever_moved_again_ends_the_month_before_and_at_rest_writes_nothing() -> None:
    changes = (("2026-07", "firms_stock", 4.0), ("2027-01", "firms_stock", 0.0))
    found = added({"firms_stock": 2}, *changes)
    assert [(act.date, act.end, dict(act.fields)["cover"]) for act in found] == [
        ("2026-01-01", "2026-06-30", 2.0),
        ("2026-07-01", "2026-12-31", 4.0),
    ]
    assert added({"firms_stock": 0}) == []


# ---------------------------------------------------------------- values and months


def test_a_lever_takes_whole_choices_and_numbers_within_its_range() -> None:
    """What else is refused stands among the links."""
    assert check_lever("china_measure", "5") == ("china_measure", 5.0)
    assert check_lever("firms_stock", 6) == ("firms_stock", 6.0)
    for lever, value, words in (
        (None, 1, "lever 'None' is not known; use one of: china_measure, "),
        ("china_measure", 6, "use one of 0 "),
        ("china_measure", 1.5, "use one of 0 "),
        ("firms_stock", -1, "a number from 0 to 6"),
        ("firms_stock", True, "'True' does not fit"),
        ("firms_stock", "9" * 500, "'999"),
    ):
        with pytest.raises(InputError, match=words) as error:
            check_lever(lever, value)
        assert len(str(error.value)) < 400


def test_a_change_is_within_the_run_to_its_last_month() -> None:
    short = with_changes(CALM, months=7)
    assert [check_month(short, month) for month in ("2024-01", "2024-07")] == ["2024-01", "2024-07"]
    for month in ("2023-12", "2024-08"):
        with pytest.raises(InputError, match="use a month from 2024-01 to 2024-07"):
            check_month(short, month)
    for month in ("2026-13", "2026-01-06", "January", "", None):
        with pytest.raises(InputError, match=r"is not (within the run; use|a month; write)"):
            check_month(short, month)


@given(
    name=st.sampled_from(list_scenarios()),
    moved=st.dictionaries(st.sampled_from(LEVERS), st.integers(0, 100), max_size=6),
    later=st.lists(
        st.tuples(st.integers(0, 599), st.sampled_from(LEVERS), st.integers(0, 100)), max_size=6
    ),
)
@settings(max_examples=10)
def test_whatever_is_moved_makes_a_scenario_that_a_file_can_hold(
    name: str, moved: dict[str, int], later: list[tuple[int, str, int]]
) -> None:
    scenario = load_shipped(name)

    def value(lever: str, number: int) -> float:
        values = values_of(find_lever(lever))
        return values[number % len(values)]

    changes = [
        (month_name(scenario.start, at % scenario.months), lever, value(lever, number))
        for at, lever, number in later
    ]
    asked = apply_levers(
        scenario, {lever: value(lever, at) for lever, at in moved.items()}, changes
    )
    assert parse_scenario(asked.to_yaml(), "round trip") == asked
    for kept in ("name", "start", "months", "parameters"):
        assert getattr(asked, kept) == getattr(scenario, kept)


def test_levers_at_rest_change_nothing() -> None:
    rest = {lever.id: lever.rest for lever in lever_table()}
    for name in list_scenarios():
        scenario = load_shipped(name)
        changes = [(scenario.start, lever, value) for lever, value in rest.items()]
        assert apply_levers(scenario, {}) is scenario
        assert apply_levers(scenario, rest, changes).fingerprint() == scenario.fingerprint()


# ---------------------------------------------------------------- what a lever of China replaces


@pytest.mark.parametrize(
    ("value", "kinds"),
    [(1, []), (2, ["threat"]), (3, ["dual_use_ban"]), (4, ["blanket_ban"]), (5, ["blanket_ban"])],
)
def test_the_measure_replaces_what_china_does_to_japan_on_the_same_day(
    value: int, kinds: list[str]
) -> None:
    """The day of T059: headlines count from it, here and in a terminal."""
    asked = apply_levers(STORY, {"china_measure": value})
    new = [event for event in against_japan(asked) if event.date >= "2026"]
    assert [event.kind for event in new] == kinds
    assert {event.date for event in new} <= {"2026-01-06"}
    if value >= 3:
        assert focal_date(asked, month_names(asked.start, asked.months)) == story_day(STORY)
    untouched, there = (
        [e for e in acts(one) if JAPAN not in e.targets or (e.actor == "China" and e.date < "2026")]
        for one in (asked, STORY)
    )
    assert untouched == there


def test_a_measure_for_a_while_ends_acts_and_brings_them_back() -> None:
    """The lists of June come when the scenario is itself again."""
    asked = apply_levers(
        STORY, {}, [("2026-03", "china_measure", 4), ("2026-09", "china_measure", 0)]
    )
    february = {"T059", "T068-control", "T068-watch"}
    own = "lever-china_measure-2026-03-0"
    looked_at = {own, "T074-control", "T074-watch", *february}
    for day, running in (
        ("2026-02-28", february),
        ("2026-03-01", {own}),
        ("2026-08-31", {own}),
        ("2026-09-01", looked_at - {own}),
    ):
        assert in_force(asked, day) & looked_at == running, day


def test_what_comes_back_is_suspended_as_it_was() -> None:
    """The truce of November 2026 holds for an act whose months were cut in two, whether it suspends
    by name or for the whole world.
    """
    truce = load_shipped("truce")
    for_a_while = [("2026-06", "china_measure", 4.0), ("2027-06", "china_measure", 0.0)]
    without = [("2026-03", "china_licences", 3.0), ("2026-07", "china_licences", 0.0)]
    for scenario, changes, days in (
        (truce, for_a_while, ("2027-06-01",)),
        (STORY, without, ("2026-07-01", "2026-11-10", "2026-11-11", "2030-01-01")),
    ):
        for day in days:
            assert in_force(scenario, day) == in_force(apply_levers(scenario, {}, changes), day), (
                day
            )
    assert "T050" not in in_force(apply_levers(STORY, {}, without), "2026-11-10")


def test_how_long_it_lasts_ends_acts_and_the_lever_s_own_measure() -> None:
    for more in ({}, {"china_measure": 5}):
        asked = apply_levers(STORY, {"china_months": 60, **more})
        assert {e.end[:7] for e in against_japan(asked) if e.date >= "2026"} == {"2030-12"}


def test_licences_can_be_taken_away_eased_and_widened() -> None:
    licences = {"licensing", "extraterritorial", "general_licence"}
    none = [e for e in acts(apply_levers(STORY, {"china_licences": 3})) if e.kind in licences]
    assert {event.end for event in none} == {"2025-12-31"}
    for value, kind in ((1, "extraterritorial"), (2, "general_licence")):
        (new,) = set(acts(apply_levers(STORY, {"china_licences": value}))) - set(acts(STORY))
        assert (new.kind, new.date, new.end) == (kind, "2026-01-01", "")


def test_a_file_taken_from_the_lab_can_be_moved_on() -> None:
    """Acts of levers stand in it; the same lever moved again replaces them, and a measure is
    replaced by a measure.
    """
    names = ("allies_money", "china_measure", "firms_stock", "japan_stockpile")
    first, then = (5000.0, 5.0, 2.0, 2.0), (2000.0, 3.0, 4.0, 3.0)
    made = LabSetting(levers=tuple(zip(names, first, strict=True))).asked()
    second = apply_levers(
        parse_scenario(made.to_yaml(), "mine.yaml"), dict(zip(names, then, strict=True))
    )
    measures = [event.kind for event in against_japan(second) if event.date >= "2026"]
    assert measures == ["dual_use_ban"]
    new = [event for event in acts(second) if event not in STORY.events]
    stocks = [event.get("cover") for event in new if event.kind in ("stockpile", "firm_stock")]
    assert stocks == [3.0, 4.0]
    assert sum(event.get("budget") for event in new if event.kind == "grant") == 2000.0


# ---------------------------------------------------------------- runs


@cache
def headlines_of(scenario: Scenario, months: int, seed: int) -> dict[str, float | None]:
    run = run_scenario(with_changes(scenario, months=months), seed)
    return History(run).headlines(story_day(scenario))


def reached(scenario: Scenario, headline: str, seed: int) -> float:
    """A headline of a run as long as it needs: two or five years from the story on, or whole."""
    since = month_index(scenario.start, first_month(scenario)) + 1
    months = {"24m": since + 24, "60m": since + 60}.get(headline[-3:], scenario.months)
    return headlines_of(scenario, months, seed)[headline] or 0.0


def told(result: Result, name: str, before: str = "9999") -> pd.DataFrame:
    """The rows of a table before a month that say anything: what is used later only is listed with
    zeros, or with less than 0.01%, from the start.
    """
    table = result.table(name)
    numbers = table.select_dtypes("number").fillna(0.0)
    least = 1e-4 if name == "dependence" else 0.0
    says = (numbers.abs() > least).any(axis=1) if len(numbers.columns) else True
    table = table[(table["month"].astype(str) < before) & says]
    words = {column: str for column in table if column not in numbers}
    return table.astype(words).reset_index(drop=True)


def test_the_past_before_changes_is_the_same() -> None:
    base = with_changes(STORY, months=31)
    changes = [("2026-04", lever, highest(lever)) for lever in LEVERS]
    plain, moved = (run_scenario(one, 2) for one in (base, apply_levers(base, {}, changes)))
    for name in set(plain.tables) - {"firms", "stoppages"}:  # these two have no months
        one, other = (told(run, name, "2026-04") for run in (plain, moved))
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=name)
    for name in ("policy", "stocks", "spending"):
        assert not told(plain, name).equals(told(moved, name)), name


# Written down before they were run with these seeds. What plants do is small beside luck: it is
# read where it is felt first, in who separates, and as the
# mean of four twins. A floor keeps plants at work, which makes oxides cheaper for who buys them.
SEEDS = {
    "japan_plants": (11, 12, 13, 14),
    "allies_money": (11, 12, 13, 14),
    "firms_stock": (1, 2, 3, 4),
}
SIGNS = (
    ("japan-2026-from-2024", "china_measure", 5, "output_lost_24m", +1),
    ("japan-blanket-ban", "china_measure", 1, "output_lost_24m", -1),
    ("japan-blanket-ban", "china_months", 3, "output_lost_24m", -1),
    ("japan-blanket-ban", "china_months", 3, "cost_paid_24m", -1),
    ("japan-2026-from-2024", "china_licences", 1, "cost_paid_24m", +1),
    ("japan-2026-from-2024", "china_licences", 1, "output_lost_24m", +1),
    ("japan-2026-from-2024", "china_licences", 3, "cost_paid_24m", -1),
    ("japan-2026-from-2024", "china_licences", 3, "output_lost_24m", -1),
    ("japan-2026-from-2024", "japan_stockpile", 3, "output_lost_24m", -1),
    ("japan-blanket-ban", "japan_stockpile", 6, "output_lost_24m", -1),
    ("japan-blanket-ban", "japan_plants", 5000, "china_separation_share_end", -1),
    ("japan-blanket-ban", "allies_money", 10000, "china_separation_share_end", -1),
    ("japan-2026-from-2024", "allies_floor", 150, "cost_paid_24m", -1),
    ("japan-blanket-ban", "allies_tariff", 100, "cost_paid_24m", +1),
    # ordered from the month of the ban on: 25 to 32% less is lost in four worlds
    ("japan-blanket-ban", "firms_stock", 3, "output_lost_24m", -1),
    # who has a shelf bids less; what a stock costs to hold is not in it
    ("japan-blanket-ban", "firms_stock", 6, "cost_paid_24m", -1),
    ("japan-2026-from-2024", "firms_switch", 100, "dependence_separated_60m", -1),
)


# (scenario, lever, its value, headline) that no longer hold with the seed they were written for,
# and why
LOST: dict[tuple[str, str, int, str], str] = {
    (
        "japan-2026-from-2024",
        "allies_floor",
        150,
        "cost_paid_24m",
    ): "nothing at all in two years: no plant "
    "outside stops for its price, and what a floor lets open comes later; read after five years",
}


def marks_of(row: tuple[str, str, int, str, int]) -> list[pytest.MarkDecorator]:
    """Those that take four twins are for make test-slow; those that are lost fail, and must."""
    why = LOST.get(row[:4])
    lost = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=why)] if why else []
    return [*lost, *([pytest.mark.slow] if row[1] in SEEDS else [])]


def test_every_lever_has_a_sign() -> None:
    assert {lever for _, lever, *_ in SIGNS} == set(LEVERS)


@pytest.mark.parametrize(
    ("name", "lever", "value", "headline", "sign"),
    [pytest.param(*row, marks=marks_of(row)) for row in SIGNS],
)
def test_a_lever_moves_what_it_is_there_for(
    name: str, lever: str, value: float, headline: str, sign: int
) -> None:
    seeds = SEEDS.get(lever, (9,))
    before, after = (
        sum(reached(asked, headline, seed) for seed in seeds) / len(seeds)
        for asked in (load_shipped(name), apply_levers(load_shipped(name), {lever: value}))
    )
    assert sign * (after - before) > 1e-9, f"{headline}: {before:.6g}, then {after:.6g}"
