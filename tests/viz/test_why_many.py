"""Why a setting does what it does, counted over many histories of it and of its twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from pytest_regressions.data_regression import DataRegressionFixture

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.causal_trail import (
    Fund,
    GovernmentChoice,
    Plant,
    Stop,
    Store,
)
from coercivity.experiments.lab.histories import Histories
from coercivity.viz.words.why_text import why_many
from tests.facts import FACTS
from tests.viz.made_trails import ASKED, AT, made, plant
from tests.viz.test_pair_causes import Run, begins
from tests.viz.test_pair_causes import told as told_of_one

COVERS = (("Australia", "separate_heavy"),)
NOTHING = made(lambda n: {})


def told(mine: Histories, twin: Histories = NOTHING, asked: FindingRequest = ASKED) -> list[str]:
    found = why_many(mine, twin, asked)
    return [*(one.text for one in found.causes), *([found.alike] if found.alike else [])]


def fund(paid: float, kind: str = "grant", below: int = 0) -> Fund:
    return Fund("act-1", kind, "Japan", 25, 1000.0, paid, paid, 41 if paid else None, below, COVERS)


def test_a_plant_that_differs_by_luck_is_not_named() -> None:
    """One plant differs in 18 of 20 histories by the lever, another in 11 by luck: one history
    against its twin names both, twenty name the first.
    """
    line, ore = (
        plant("Australia", "separate_heavy", name="Lynas Kalgoorlie"),
        plant("Vietnam", "mine_light", name="Dong Pao"),
    )
    one = told_of_one(Run(events=begins(("2027-05", line.name), ("2027-06", ore.name))), Run())
    assert "Dong Pao" in one["events"]
    mine = made(lambda n: {"plants": (line,) * (n < 18) + (ore,) * (n < 6)})
    twin = made(lambda n: {"plants": (ore,) * (6 <= n < 11)})
    (cause, *others) = why_many(mine, twin, ASKED).causes
    assert cause.text == (
        "In 18 of 20 histories a new heavy separation plant in Australia is begun that is not begun "
        "without it, typically in 2027 and of 1,200 t a year; in 18 of these it opens, typically in "
        "2031."
    )
    assert cause.records == ("Lynas Kalgoorlie: in 18 histories",)
    assert not any("Vietnam" in each.text or "Dong Pao" in str(each.records) for each in others)


def held(months: float, share: float) -> Histories:
    """Users in Japan that hold dysprosium oxide for so many months and buy this part from China."""
    lines = {
        "cover/dysprosium_oxide": np.full(180, months),
        "dependence/all/last_origin": np.full(180, share),
    }
    return made(lambda n: {}, series=lambda n: lines)


def stores(good: str, tonnes: float, gone: bool, given: float, state: str = "Japan") -> list[str]:
    store = Store(good, tonnes, gone, given, 30 if given else None)
    return told(made(lambda n: {"stores": (store,)}), asked=replace(ASKED, state=state))


def lines_stand(count: int) -> Histories:
    return made(lambda n: {"stops": (Stop("automotive", 30, "dysprosium_oxide", 4),) * count})


def paid(kind: str, million: float, *plants: Plant) -> Histories:
    return made(lambda n: {"plants": plants, "funds": (fund(million, kind),)})


STATES = ("Australia", "Malaysia", "Vietnam", "Canada", "Brazil")
EARLY, LATE = (made(lambda n, at=at: {"plants": (plant(begun=at),)}) for at in (40, 70))
FUNDED = plant(**{"act-1": 200.0})
IN_TIME = plant(opened=AT + 9, **{"act-1": 200.0})
ORE = plant("Vietnam", "mine_light", name="Dong Pao")
TARIFF = replace(ASKED, moved=("allies_tariff",))
ASKED_OF, GRANTED = (
    made(lambda n, of=of: of)
    for of in (
        {"office": (100.0, 40.0, 30.0), "resold": 100.0},
        {"office": (100.0, 90.0, 5.0), "resold": 388.0},
    )
)
CASES: dict[str, Callable[[], list[str]]] = {
    "luck decides in which state": lambda: told(
        made(lambda n: {"plants": (plant(STATES[n % 5]),) * (n < 17)})
    ),
    "a plant comes sooner": lambda: told(EARLY, LATE),
    "a plant comes later": lambda: told(LATE, EARLY),
    "a plant is lost": lambda: told(NOTHING, LATE),
    "no plant for a grant": lambda: told(paid("grant", 0.0)),
    "a loan nobody takes": lambda: told(
        paid("loan", 0.0, plant()), made(lambda n: {"plants": (plant(),)})
    ),
    "a floor below the price": lambda: told(paid("price_floor", 0.0)),
    "paid for and begun anyway": lambda: told(
        paid("grant", 200.0, FUNDED), made(lambda n: {"plants": (plant(),)})
    ),
    "money brings plants": lambda: told(
        made(lambda n: {"plants": (IN_TIME,) * (n < 15), "funds": (fund(200.0),)})
    ),
    "paid for and never opened": lambda: told(paid("grant", 200.0, plant(opened=None))),
    "a stockpile serves": lambda: stores("dysprosium_oxide", 90.0, False, 30.0),
    "a stockpile stays": lambda: stores("dysprosium_oxide", 90.0, False, 0.0),
    "a stockpile is gone": lambda: stores("dysprosium_oxide", 90.0, True, 0.0),
    "the EU's stockpile serves": lambda: stores("magnet_standard", 678.0, False, 30.0, "Germany"),
    "the EU's stockpile stays": lambda: stores("magnet_standard", 678.0, False, 0.0, "Germany"),
    "the EU's stockpile is gone": lambda: stores("magnet_standard", 678.0, True, 0.0, "Germany"),
    "a tariff binds nobody": lambda: told(NOTHING, asked=TARIFF),
    "a tariff is paid": lambda: told(made(lambda n: {"tariffs": 1400.0}), asked=TARIFF),
    "a tariff nobody asked about": lambda: told(made(lambda n: {"tariffs": 1400.0})),
    "lines stand less": lambda: told(lines_stand(2), lines_stand(5)),
    "lines stand longer": lambda: told(lines_stand(5), lines_stand(2)),
    "lines stand no more": lambda: told(NOTHING, lines_stand(5)),
    "nothing differs": lambda: told(NOTHING),
    "users hold and buy more": lambda: told(held(3.0, 0.5), held(1.0, 0.4)),
    "too little to be told": lambda: told(held(1.0, 0.401), held(1.0, 0.4)),
    "the office grants more": lambda: told(GRANTED, ASKED_OF),
    "the office has nothing to answer": lambda: told(NOTHING, ASKED_OF),
    "the office is there": lambda: told(ASKED_OF),
    "other states and governments": lambda: told(
        made(
            lambda n: {
                "stopped": {"Germany": 30},
                "chosen": (GovernmentChoice("EU", "import_tariff", 40),) * (n < 13),
            }
        ),
        made(lambda n: {"stopped": {"Germany": 40}}),
    ),
    "what does not differ stands last": lambda: told(
        made(lambda n: {"plants": (ORE,) * (n < 6), "resold": 100.0 + n}),
        made(lambda n: {"plants": (ORE,) * (6 <= n < 11), "resold": 200.0}),
    ),
    "both are equal": lambda: [why_many(NOTHING, NOTHING, ASKED).note],
}


def test_what_is_said_of_each_case(data_regression: DataRegressionFixture) -> None:
    data_regression.check({name: case() for name, case in CASES.items()})


def test_sentences_follow_the_histories_as_they_come() -> None:
    early = (plant(begun=AT + 4, opened=None),)
    for draws in (6, 13):
        mine = made(lambda n: {"plants": early}, draws=draws, months=AT + 25)
        found = why_many(mine, NOTHING, ASKED)
        assert (found.of, found.causes[0].text) == (
            draws,
            f"In {draws} of {draws} histories a new heavy separation plant in Australia is begun "
            "within the two years that is not begun without it, typically in 2026 and of 1,200 t a "
            "year.",
        )
        assert found.note.startswith(f"Counted over {draws} histories so far, two years of each")
    few = why_many(made(lambda n: {"plants": early}, draws=5), NOTHING, ASKED)
    assert (few.causes, few.of, few.note) == ((), 5, "")
    assert why_many(NOTHING, NOTHING, FindingRequest(FACTS, "Japan", "in A")).causes == ()


def test_a_run_that_ends_before_the_two_years_says_so() -> None:
    early = (plant(begun=AT + 4, opened=None),)
    lines = {"cover/dysprosium_oxide": np.full(40, 3.0)}
    mine = made(lambda n: {"plants": early}, months=40, ends=40, series=lambda n: lines)
    fewer = {"cover/dysprosium_oxide": np.full(40, 1.0)}
    twin = made(lambda n: {}, months=40, ends=40, series=lambda n: fewer)
    found = why_many(mine, twin, ASKED)
    assert found.of == 20
    assert [one.text for one in found.causes][:2] == [
        "In 20 of 20 histories users in Japan hold more dysprosium oxide over the two years than "
        "without it (typically 3.0 months of use instead of 1.0).",
        "In 20 of 20 histories a new heavy separation plant in Australia is begun within the two years "
        "that is not begun without it, typically in 2026 and of 1,200 t a year.",
    ]
    assert found.note == (
        "Counted over 20 histories, each against the same with no lever moved. They end with April "
        "2027, before the two years that are counted are over: where two years are named, the months "
        "until then are meant. One in which both are equal is among the 20 and counts for neither "
        "side."
    )
