"""A month of one firm in sentences, worked out by hand: what it saw, what it chose, what it
rejected and why; limits at their edges.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from coercivity.experiments.questions.firm_trace import FirmMonth, Look, Need, Supplier
from coercivity.experiments.questions.firm_words import _tonnes, month_in_words, named, reason
from coercivity.model.basis.names import STATES

CHINA, JAPAN, FRANCE, US = (
    STATES.index(name) for name in ("China", "Japan", "France", "United States")
)


def seller(name: str = "Seller", **fields: Any) -> Supplier:
    """An open, qualified supplier in France like any other."""
    plain = Supplier(
        name=name,
        state=FRANCE,
        share=0.05,
        pull=0.05,
        weight=0.3,
        cost=1.0,
        aversion=0.0,
        fill=1.0,
        sensitivity=1.0,
        turned_away=0.0,
        qualified=True,
        sought=0.0,
        qualify=0.0,
        state_of="open",
    )
    return replace(plain, **fields)


def need(**fields: Any) -> Need:
    """Two months of use in stock, all delivered, at the usual price, from one supplier."""
    plain = Need(
        good="dysprosium_oxide",
        stock=20.0,
        on_the_way=0.0,
        expected=10.0,
        fill=1.0,
        paid=300.0,
        reference=300.0,
        habit=2.0,
        target=2.0,
        ordered=10.0,
        suppliers=(seller("A", share=1.0),),
    )
    return replace(plain, **fields)


def month(*needs: Need, **fields: Any) -> FirmMonth:
    plain = FirmMonth(
        month="2026-01",
        needs=needs,
        beliefs=(),
        run=10.0,
        plan=10.0,
        capacity=12.0,
        building=0.0,
        built=0.0,
        margin=0.25,
        price=1.5,
        status=1,
        look=None,
    )
    return replace(plain, **fields)


def saw(*needs: Need, maker: bool = True, **fields: Any) -> tuple[str, ...]:
    return month_in_words(month(*needs, **fields), maker=maker)[0]


def chose(*needs: Need, maker: bool = True, **fields: Any) -> tuple[str, ...]:
    return month_in_words(month(*needs, **fields), maker=maker)[1]


def rejected(*needs: Need, **fields: Any) -> tuple[str, ...]:
    return month_in_words(month(*needs, **fields), maker=True)[2]


# ---------------------------------------------------------------- what it saw


def test_beliefs_of_a_twentieth_and_more_are_told_the_strongest_first_three_at_most() -> None:
    beliefs = (
        (JAPAN, 0.049, 0.0),
        (FRANCE, 0.0, 0.05),
        (CHINA, 0.4, 0.9),
        (US, 0.5, 0.1),
        (STATES.index("India"), 0.06, 0.06),
    )
    assert saw(beliefs=beliefs, maker=False) == (
        "China: alarm 40%, distrust 90%.",
        "United States: alarm 50%, distrust 10%.",
        "India: alarm 6%, distrust 6%.",
    )
    assert saw(beliefs=beliefs[:2], maker=False) == ("France: alarm 0%, distrust 5%.",)
    calm = saw(need(), beliefs=beliefs[:1], maker=False)
    assert calm[0] == "No alarm about the states of its suppliers."
    assert saw(maker=False) == ()  # who buys nothing has no suppliers


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "2.0 months of use in stock, 100% of its orders delivered, usual price."),
        ({"expected": 0.0}, "uses none, 100% of its orders delivered, usual price."),
        (
            {"stock": 4.0, "fill": 0.25},
            "0.4 months of use in stock, 25% of its orders delivered, usual price.",
        ),
        ({"paid": 314.0}, "2.0 months of use in stock, 100% of its orders delivered, usual price."),
        (
            {"paid": 316.0},
            "2.0 months of use in stock, 100% of its orders delivered, price 1.05 times the usual.",
        ),
        (
            {"paid": 150.0},
            "2.0 months of use in stock, 100% of its orders delivered, price 0.50 times the usual.",
        ),
    ],
)
def test_an_input_is_seen_by_its_stock_its_deliveries_and_its_price(
    fields: dict[str, Any], says: str
) -> None:
    assert saw(need(**fields), maker=False)[1] == f"Dysprosium oxide: {says}"


def test_a_maker_knows_its_price_and_margin() -> None:
    assert saw()[-1] == "It asks 1.50 times the price of the start; margin 25% over cost."
    assert saw(price=math.nan)[-1] == "Margin 25% over cost."
    assert saw(maker=False) == ()


# ---------------------------------------------------------------- what it chose


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {},
            "Orders 10.0 t of dysprosium oxide (expects to use 10.0 t), aims at 2.0 months of "
            "stock: A (France) 100%.",
        ),
        (
            {"target": 2.19},
            "Orders 10.0 t of dysprosium oxide (expects to use 10.0 t), aims at 2.2 months of "
            "stock: A (France) 100%.",
        ),
        (
            {"target": 3.0},
            "Orders 10.0 t of dysprosium oxide (expects to use 10.0 t), aims at 3.0 months of "
            "stock, 1.5 times its habit: A (France) 100%.",
        ),
        (
            {"target": 3.0, "habit": 0.0},
            "Orders 10.0 t of dysprosium oxide (expects to use 10.0 t), aims at 3.0 months of "
            "stock: A (France) 100%.",
        ),
        (
            {"ordered": 0.0},
            "Orders no dysprosium oxide: what it has and what is on its way is enough for 2.0 "
            "months.",
        ),
    ],
)
def test_an_order_says_how_much_for_how_long(fields: dict[str, Any], says: str) -> None:
    assert chose(need(**fields))[0] == says


def test_an_order_names_its_three_largest_suppliers_and_counts_those_from_three_percent() -> None:
    parts = [("A", 0.1), ("B", 0.5), ("C", 0.2), ("D", 0.12), ("E", 0.03), ("F", 0.029)]
    suppliers = tuple(seller(name, share=share) for name, share in parts)
    assert chose(need(suppliers=suppliers))[0].endswith(
        ": B (France) 50%, C (France) 20%, D (France) 12% and 2 more."
    )
    assert chose(need(suppliers=suppliers[:3]))[0].endswith(
        ": B (France) 50%, C (France) 20%, A (France) 10%."
    )


@pytest.mark.parametrize(
    ("fields", "maker", "says"),
    [
        ({}, True, "Runs 10.0 t of 12.0 t a month that it could."),
        (
            {"run": 1.2, "plan": 1.2},
            False,
            "Runs as planned, at 1.20 times the output of the start.",
        ),
        ({"run": 9.99}, True, "Runs 9.99 t of 12.0 t a month that it could."),
        ({"run": 9.98}, True, "Runs at 100% of what it wants to; no more capacity."),
        ({"run": 5.0}, True, "Runs at 50% of what it wants to; no more capacity."),
        ({"run": 0.05}, True, "The line stands: no capacity."),
        ({"run": 0.051}, True, "Runs at 1% of what it wants to; no more capacity."),
        ({"run": 0.0, "plan": 0.0}, True, "Runs 0 t of 12.0 t a month that it could."),
        ({"status": 0, "capacity": 3.0}, True, "Builds; nothing runs yet."),
        ({"status": 2}, True, "The plant stands: mothballed."),
        ({"status": 3}, True, "The plant stands: its owner is bankrupt."),
    ],
)
def test_how_a_line_runs(fields: dict[str, Any], maker: bool, says: str) -> None:
    assert chose(maker=maker, **fields) == (says,)


def test_what_is_lacking_is_named() -> None:
    lacks = [need(lacking=True), need(good="terbium_oxide", lacking=True), need(good="ndpr_metal")]
    assert "The line stands: no dysprosium oxide and no terbium oxide." in chose(*lacks, run=0.0)
    assert "Runs at 50% of what it wants to; dysprosium oxide and terbium oxide lacking." in chose(
        *lacks, run=5.0
    )


def test_savings_of_two_percent_and_plants_begun_are_told() -> None:
    told = chose(
        need(saving=0.981),
        need(good="terbium_oxide", saving=0.9),
        need(good="ndpr_metal", saving=1.05),
    )
    assert told[-1] == "Uses per unit, against the start: terbium oxide -10%, NdPr metal +5%."
    assert chose(built=1.0)[-1] == "Begins to build 12.0 t a year more."
    assert chose(built=1.0, maker=False, run=1.0, plan=1.0)[-1].startswith("Runs as planned")


# ---------------------------------------------------------------- what it rejected


def test_who_gets_less_than_a_tenth_is_rejected_qualified_ones_first() -> None:
    suppliers = (
        seller("A", share=0.8),
        seller("B", share=0.1),
        seller("C", share=0.02, qualified=False, sought=2.0, qualify=9.0),
        seller("D", share=0.03, cost=2.0),
        seller("E", share=0.05, fill=0.5),
        seller("F", share=0.0, state_of="planned"),
        seller("G", share=0.01, weight=0.4),
    )
    assert rejected(need(suppliers=suppliers)) == (
        "Dysprosium oxide from E (France), 5.0% of the order: delivers 50% of what is ordered.",
        "Dysprosium oxide from D (France), 3.0% of the order: at 2.00 times its price of the "
        "start.",
        "Dysprosium oxide from G (France), 1.0% of the order: as good as others, but ties are "
        "new and move slowly.",
    )


def test_the_two_tightest_inputs_are_told_of_and_plants_that_are_only_planned_counted() -> None:
    planned = (seller("A", share=1.0), seller("P", share=0.0, state_of="planned"))
    needs = (
        need(stock=30.0),
        need(good="terbium_oxide", stock=10.0, suppliers=planned),
        need(good="ndpr_metal", stock=20.0),
    )
    assert rejected(*needs) == (
        "Terbium oxide: nobody else sells it to this firm; 1 plants are planned.",
        "NdPr metal: nobody else sells it to this firm.",
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"turned_away": 0.5}, "turned away from suppliers in France"),
        ({"turned_away": 0.49}, "as good as others, but ties are new and move slowly"),
        ({"cost": 9.99}, "at 9.99 times its price of the start"),
        ({"cost": 10.0}, "at 10 times its price of the start"),
        ({"cost": 1.04}, "as good as others, but ties are new and move slowly"),
        ({"cost": 1.06}, "at 1.06 times its price of the start"),
        ({"cost": 1.2, "sensitivity": 0.1}, "as good as others, but ties are new and move slowly"),
        ({"fill": 0.001}, "delivers 0% of what is ordered"),
        ({"fill": 0.9, "cost": 1.2}, "at 1.20 times its price of the start"),
        ({"aversion": 0.3, "fill": 0.8}, "distrusted, which takes 26% of its pull"),
        ({"weight": 0.03, "aversion": 1.0}, "few ties with it"),
        ({"state_of": "closed", "qualified": False}, "its plant is closed"),
        (
            {"qualified": False, "sought": 3.0, "qualify": 12.0},
            "not qualified, 3 of 12 months done",
        ),
    ],
)
def test_the_reason_is_the_factor_furthest_below_those_who_get_the_order(
    fields: dict[str, Any], says: str
) -> None:
    chosen, one = seller("Chosen", share=1.0), seller(share=0.0, **fields)
    assert reason(one, (chosen, one)) == says


def test_a_name_that_says_where_it_stands_needs_no_state() -> None:
    assert named(seller("Solvay")) == "Solvay (France)"
    assert named(seller("France ev drivetrains 1")) == "France ev drivetrains 1"


# ---------------------------------------------------------------- projects


@pytest.mark.parametrize(
    ("done", "chosen", "other"),
    [
        ("build", "Builds 24.0 t a year.", "Waiting: the value clears the hurdle by 0.20."),
        ("wait", "Waits.", "Building: the value is -0.20 short of the hurdle."),
        ("go on", "Goes on building.", "Giving up."),
        (
            "give up",
            "Gives the project up.",
            "Going on: the value is 1.50 of the cost, and money or luck ran out.",
        ),
    ],
)
def test_a_look_at_a_project(done: str, chosen: str, other: str) -> None:
    look = Look(1.5, 1.3, done)
    one = month(status=0, capacity=0.0, building=3.0, built=2.0, look=look)
    seen, did, left = month_in_words(one, maker=True)
    plant = "A plan, no plant." if done == "build" else "A plant of 36.0 t a year under way."
    assert seen == (
        plant,
        "Expected earnings over the cost of building: 1.50. Asked for in this uncertainty: 1.30.",
    )
    assert (did, left) == ((chosen,), (other,))


def test_between_looks_owners_say_how_the_last_one_ended() -> None:
    plan = month(status=0, capacity=0.0)
    assert month_in_words(plan, maker=True) == (
        ("A plan, no plant.",),
        ("Owners look once a year.",),
        (),
    )
    for done, words in (
        ("build", "built"),
        ("wait", "waited"),
        ("go on", "went on building"),
        ("give up", "gave up"),
    ):
        _, (told,), _ = month_in_words(plan, maker=True, looked=("2025-03", Look(0.4, 1.38, done)))
        assert told == (
            f"Owners look once a year. 2025-03: value 0.40 of the cost, hurdle 1.38; it {words}."
        )


def test_a_plant_that_has_run_tells_its_look_beside_what_it_rejects() -> None:
    told = rejected(need(), look=Look(1.0, 1.3, "wait"))
    assert told[-1] == "Building: the value is 0.30 short of the hurdle."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.00412, "0.00412"),
        (0.0412, "0.0412"),
        (0.412, "0.412"),
        (4.123, "4.12"),
        (41.23, "41.2"),
        (99.9, "99.9"),
        (100.0, "100"),
        (412.3, "412"),
        (41_234.0, "41,200"),
    ],
)
def test_tonnes_have_three_digits(value: float, words: str) -> None:
    assert _tonnes(value) == words
