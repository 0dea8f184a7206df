"""What differs between two sets of histories by the lever, and what by luck."""

from __future__ import annotations

from typing import Any

import pytest

import coercivity
from coercivity.experiments.findings.causes import find_causes
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.pair_effects import (
    accounts,
    counted_in,
    differences_beyond_luck,
    extra,
    groups,
    is_in,
    pairs_of,
    plant_count_difference,
    started_in,
    stockpiles,
    typical_plant_counts,
)
from coercivity.experiments.lab.causal_trail import Fund, Stop, Store
from coercivity.experiments.lab.histories import (
    SOON,
    PairedDifference,
    Range,
)
from tests.facts import FACTS
from tests.viz.made_trails import AT, MONTHS, made, plant

ORE = plant("Vietnam", "mine_light", name="Dong Pao")
LINE = plant("Australia", "separate_heavy", name="Lynas Kalgoorlie")


def by(more: int, less: int, of: int = 20) -> PairedDifference:
    return PairedDifference(Range(0.0, 1.0 if more > less else -1.0, 2.0, of), more, less)


def test_a_plant_of_the_lever_stands_out_and_one_of_luck_does_not() -> None:
    mine = made(lambda n: {"plants": (LINE,) * (n < 18) + (ORE,) * (n < 6)})
    twin = made(lambda n: {"plants": (ORE,) * (6 <= n < 11)})
    pairs = pairs_of(FACTS, mine, twin)
    found = {group: counted_in(pairs, group) for group in groups(pairs)}
    assert found == {group: plant_count_difference(pairs, is_in(group)) for group in groups(pairs)}
    assert {group: (one.more, one.less) for group, one in found.items() if one} == {
        ("Australia", "separate_heavy"): (18, 0),
        ("Vietnam", "mine_light"): (6, 5),
    }
    assert [*differences_beyond_luck(found)] == [("Australia", "separate_heavy")]
    one = extra(pairs, is_in(("Australia", "separate_heavy")))
    assert (one.times, one.of, one.month, one.tonnes, one.opens) == (18, 20, 40, 1200.0, 18)
    assert one.names == {"Lynas Kalgoorlie": 18}


def test_what_is_searched_among_many_has_to_differ_in_more_histories() -> None:
    assert [*differences_beyond_luck({"alone": by(6, 0)})] == ["alone"]
    assert [*differences_beyond_luck({k: by(6, 0) for k in range(10)})] == []
    # the others can't
    assert [*differences_beyond_luck({k: by(2, 1) for k in range(90)} | {99: by(6, 0)})] == [99]
    many = {k: by(5, 4) for k in range(10)} | {99: by(16, 2)}
    assert [*differences_beyond_luck(many)] == [99]
    assert [*differences_beyond_luck({1: by(16, 2), 2: None, 3: by(20, 0)})] == [
        3,
        1,
    ]  # the surest first


def test_a_plant_that_comes_sooner_is_no_plant_more() -> None:
    mine, twin = (made(lambda n, at=at: {"plants": (plant(begun=at),)}) for at in (40, 70))
    pairs, group = pairs_of(FACTS, mine, twin), ("Australia", "separate_heavy")
    assert counted_in(pairs, group) is None  # no pair differs
    found = started_in(pairs, group)
    assert found is not None
    assert (found.less, found.range.middle) == (20, -30.0)
    assert typical_plant_counts(pairs, is_in(group)) == (1.0, 1.0)


# ---------------------------------------------------------------- as they come


def test_two_years_of_each_are_looked_at_until_most_have_come_to_their_end() -> None:
    late = plant(begun=AT + SOON + 5)
    whole = made(lambda n: {"plants": (late,)})
    soon = made(lambda n: {}, months=AT + SOON + 1)
    pairs = pairs_of(FACTS, soon, soon)
    assert (len(pairs.soon), len(pairs.far), pairs.until, pairs.is_whole) == (20, 20, 48, False)
    mixed = made(lambda n: {}, months=AT + SOON + 1)
    for number in range(12):
        mixed.add(number, whole.drawn[number])
    pairs = pairs_of(FACTS, mixed, mixed)
    assert (len(pairs.soon), len(pairs.far), pairs.until) == (20, 12, MONTHS)
    assert pairs.begun[0] == ((late,), (late,))
    few = made(lambda n: {}, months=AT + SOON + 1)
    few.add(0, whole.drawn[0])
    assert not pairs_of(FACTS, few, few).is_whole


# ---------------------------------------------------------------- money and stocks

COVERS = (("Australia", "separate_heavy"),)


def fund(paid: float, kind: str = "grant", act: str = "act-1", below: int = 0) -> Fund:
    first = 41 if paid else None
    return Fund(act, kind, "Japan", 25, 1000.0, 0.0, paid, first, below, COVERS)


def test_money_is_drawn_on_for_plants_that_would_be_begun_anyway() -> None:
    mine = made(
        lambda n: {"plants": (plant(**{"act-1": 200.0}),), "funds": (fund(200.0 if n < 15 else 0),)}
    )
    twin = made(lambda n: {"plants": (plant(),)})
    (one,) = accounts(pairs_of(FACTS, mine, twin))
    assert (one.kind, one.offered, one.paid, one.drawn, one.of) == ("grant", 1000.0, 200.0, 15, 20)
    assert (one.none, one.late, one.new, one.anyway) == (0, 15, 15, 15)


def test_money_that_nobody_can_get_and_a_price_above_the_floor() -> None:
    mine = made(lambda n: {"funds": (fund(0.0), fund(0.0, "price_floor", "floor"))})
    grant, floor = accounts(pairs_of(FACTS, mine, made(lambda n: {})))
    assert (grant.drawn, grant.none) == (0, 20)
    assert (floor.drawn, floor.above) == (0, 20)


@pytest.mark.parametrize(
    "other", [{"budget": 200.0}, {"terms": (1000.0, 0.3)}], ids=["budget", "share"]
)
def test_an_act_that_a_later_value_changes_in_its_own_month_is_one(other: dict[str, Any]) -> None:
    mine = made(lambda n: {"funds": (fund(150.0)._replace(terms=(1000.0, 0.5)),)})
    twin = made(lambda n: {"funds": (fund(20.0)._replace(terms=(1000.0, 0.5))._replace(**other),)})
    (one,) = accounts(pairs_of(FACTS, mine, twin))
    assert (one.kind, one.offered, one.drawn) == ("grant", 1000.0, 20)
    assert accounts(pairs_of(FACTS, mine, mine)) == []


def test_what_a_stockpile_gives_out_by_what_lines_lack_without_it() -> None:
    store = {
        "dysprosium_oxide": lambda n: Store("dysprosium_oxide", 90.0, False, 30.0 * (n < 14), 26),
        "yttrium_oxide": lambda n: Store("yttrium_oxide", 400.0, False, 200.0, 24),
        "terbium_oxide": lambda n: Store("terbium_oxide", 30.0, True, 0.0, None),
    }
    mine = made(lambda n: {"stores": tuple(of(n) for of in store.values())})
    twin = made(lambda n: {"stops": (Stop("automotive", 30, "dysprosium_oxide", 5),)})
    found = {one.good: one for one in stockpiles(pairs_of(FACTS, mine, twin))}
    assert list(found) == ["dysprosium_oxide", "yttrium_oxide", "terbium_oxide"]
    first = found["dysprosium_oxide"]
    assert (first.given, first.untouched, first.gone, first.tonnes) == (14, 6, 0, 30.0)
    assert (found["terbium_oxide"].gone, found["terbium_oxide"].untouched) == (20, 0)
    assert stockpiles(pairs_of(FACTS, mine, mine)) == []


def test_findings_take_the_stages_of_the_facts_that_a_call_gives() -> None:
    """Gallium by `data=` in a process of rare earths, which knows no such plant."""
    facts = coercivity.run("gallium-germanium-2023", months=1, data="gallium-germanium").facts
    process = next(
        name
        for name, stage in facts.process_stage.items()
        if stage == "separation" and name not in FACTS.process_stage
    )
    mine = made(lambda n: {"plants": (plant("Germany", process),)})
    asked = FindingRequest(facts, "Japan", "without it", "2023-01")
    found = find_causes(mine, made(lambda n: {}), asked).causes
    (begun,) = (one for one in found if one.id == "plant.opens")
    assert begun.fields["plant"].fields == {"state": "Germany", "process": process}
    assert "plants.abroad" not in {one.id for one in found}  # of that stage it is told already
