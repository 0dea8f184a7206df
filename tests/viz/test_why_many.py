"""Why a setting does what it does, counted over many histories of it and of its twin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.lab.histories import Histories
from coercivity.experiments.lab.trail import Chosen, Fund, Stop, Store, place_of
from coercivity.viz.words.lab_answer import Question
from coercivity.viz.words.why_many import why_many
from tests.viz.made_trails import ASKED, AT, made, plant
from tests.viz.test_lab_why import Run, begins
from tests.viz.test_lab_why import told as told_of_one

COVERS = (place_of("Australia", "separate_heavy"),)
NOTHING = made(lambda n: {})


def told(mine: Histories, twin: Histories = NOTHING, asked: Question = ASKED) -> list[str]:
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


def test_where_luck_decides_in_which_states_the_stage_is_told() -> None:
    states = ("Australia", "Malaysia", "Vietnam", "Canada", "Brazil")
    mine = made(lambda n: {"plants": (plant(states[n % 5]),) * (n < 17)})
    assert told(mine)[0] == (
        "In 17 of 20 histories more separation plants are begun outside China than without it "
        "(typically 1 instead of 0); in which states is luck."
    )


def test_a_plant_that_comes_sooner_or_is_lost() -> None:
    early, late = (made(lambda n, at=at: {"plants": (plant(begun=at),)}) for at in (40, 70))
    what = "a new heavy separation plant in Australia (in 20 of 20 histories, typically by 2 years)"
    assert told(early, late)[0] == f"Begun sooner than without it: {what}."
    assert told(late, early)[0] == f"Begun later than without it, or not any more: {what}."
    assert told(NOTHING, late)[0].startswith(
        "In 20 of 20 histories a new heavy separation plant in Australia is not begun that is begun "
        "without it"
    )


# ---------------------------------------------------------------- what public money does


@pytest.mark.parametrize(
    ("kind", "of", "words"),
    [
        (
            "grant",
            {},
            "In 20 of 20 histories nobody draws on the grants: no plant that they could pay for is "
            "begun once they are there.",
        ),
        (
            "loan",
            {"plants": (plant(),)},
            "In 20 of 20 histories nobody draws on the loans.",
        ),
        (
            "price_floor",
            {},
            "In 20 of 20 histories nothing is paid under the floor: the price is never below it.",
        ),
    ],
)
def test_money_that_nobody_draws_on(kind: str, of: dict[str, Any], words: str) -> None:
    mine = made(lambda n: {"funds": (fund(0.0, kind),), **of})
    assert told(mine, made(lambda n: of))[0] == words


def test_money_for_plants_that_are_begun_anyway_and_open_too_late() -> None:
    mine = made(lambda n: {"plants": (plant(**{"act-1": 200.0}),), "funds": (fund(200.0),)})
    assert told(mine, made(lambda n: {"plants": (plant(),)}))[:3] == [
        "In 20 of 20 histories the grants are drawn on, typically with USD 200 million of USD 1,000 million.",
        "In 20 of 20 histories every new plant that is paid for with these grants is begun without it "
        "too.",
        "In 20 of 20 histories no new plant that is paid for with these grants opens within the two "
        "years that are counted.",
    ]


def test_money_that_brings_plants() -> None:
    paid = (plant(opened=AT + 9, **{"act-1": 200.0}),)
    mine = made(lambda n: {"plants": paid * (n < 15), "funds": (fund(200.0),)})
    found = told(mine)
    assert found[1] == (
        "In 15 of 20 histories more of the plants that these grants are for are begun than without it "
        "(typically 1 instead of 0), and in 15 of 20 more of them open (typically 1 instead of 0)."
    )
    assert not any("within the two years that are counted" in text for text in found)
    given_up = made(lambda n: {"plants": (plant(opened=None),), "funds": (fund(200.0),)})
    assert "but no more of them open than luck would have" in told(given_up)[1]


def test_a_stockpile_that_is_given_out_untouched_or_gone() -> None:
    def of(then: float, given: float) -> str:
        first = 30 if given else None
        store = Store("dysprosium_oxide", 90.0, then, given, first)
        return told(made(lambda n: {"stores": (store,)}))[0]

    what = "In 20 of 20 histories the state stockpile of dysprosium oxide in Japan"
    assert of(90.0, 30.0) == (
        f"{what} serves users within the two years, typically with 30 t of 90 t, the first in July 2026."
    )
    assert of(90.0, 0.0) == (
        f"{what}, typically 90 t, is not touched within the two years: its users are served by their "
        "sellers."
    )
    assert of(1.0, 0.0) == f"{what}, typically 90 t, has been given out before the count begins."


def test_a_stockpile_of_a_union_is_not_told_as_that_of_one_of_its_states() -> None:
    """What the EU holds serves users in all its states: none of it is Germany's alone."""

    def of(then: float, given: float) -> str:
        store = Store("magnet_standard", 678.0, then, given, 30 if given else None)
        asked = replace(ASKED, state="Germany")
        return told(made(lambda n: {"stores": (store,)}), asked=asked)[0]

    what = "In 20 of 20 histories the stockpile of standard magnets of the EU"
    assert of(678.0, 30.0) == (
        f"{what} serves users in its states within the two years, typically with 30 t of 678 t in all "
        "of them together, the first in July 2026."
    )
    assert of(678.0, 0.0) == (
        f"{what}, typically 678 t in all its states together, is not touched within the two years: its "
        "users are served by their sellers."
    )
    assert of(1.0, 0.0) == (
        f"{what}, typically 678 t in all its states together, has been given out before the count "
        "begins."
    )


def test_a_tariff_that_binds_nobody() -> None:
    asked = replace(ASKED, moved=("allies_tariff",))
    assert told(NOTHING, asked=asked)[0] == (
        "In 20 of 20 histories hardly anybody pays the tariff within the two years: it binds nobody."
    )
    paid = made(lambda n: {"tariffs": 1400.0})
    assert told(paid, asked=asked)[0] == (
        "In 20 of 20 histories the tariff is paid, typically USD 1,400 million within the two years."
    )
    assert "tariff" not in " ".join(told(paid))


# ---------------------------------------------------------------- lines, stocks, borders


def test_for_want_of_what_lines_stand() -> None:
    stop = Stop("automotive", 30, "dysprosium_oxide", 4)
    mine, twin = made(lambda n: {"stops": (stop,) * 2}), made(lambda n: {"stops": (stop,) * 5})
    assert told(mine, twin)[0] == (
        "In 20 of 20 histories lines in Japan stand less long for want of dysprosium oxide within the "
        "two years than without it (typically 8 months of all lines together instead of 20)."
    )
    assert "stand longer for want of dysprosium oxide" in told(twin, mine)[0]
    assert "stops later than without it, or not within the two years" in told(NOTHING, twin)[1]
    assert told(NOTHING)[0].startswith("In none of 20 histories does a maker's line in Japan stand")
    assert told(NOTHING)[1].startswith(
        "Nothing differs beyond luck in 20 histories. Looked at were: "
    )


def test_what_users_hold_and_buy() -> None:
    def series(months: float, share: float) -> Histories:
        lines = {
            "cover/dysprosium_oxide": np.full(180, months),
            "dependence/all/last_origin": np.full(180, share),
        }
        return made(lambda n: {}, series=lambda n: lines)

    more, less = series(3.0, 0.5), series(1.0, 0.4)
    assert told(more, less)[:2] == [
        "In 20 of 20 histories users in Japan hold more dysprosium oxide over the two years than "
        "without it (typically 3.0 months of use instead of 1.0).",
        "In 20 of 20 histories Japan buys a larger part from China over the two years than without it "
        "(typically 50% instead of 40%).",
    ]
    assert not any(
        "buys" in text for text in told(series(1.0, 0.401), less)
    )  # too small to be told


def test_the_office_and_third_countries() -> None:
    asked = made(lambda n: {"office": (100.0, 40.0, 30.0), "resold": 100.0})
    better = made(lambda n: {"office": (100.0, 90.0, 5.0), "resold": 388.0})
    assert told(better, asked)[:2] == [
        "In 20 of 20 histories China's office grants a larger part of the applications for goods to "
        "Japan than without it (typically 90% instead of 40%).",
        "In 20 of 20 histories third countries re-sell more to Japan within the two years than "
        "without it (typically 388 t instead of 100).",
    ]
    assert told(NOTHING, asked)[0] == (
        "In 20 of 20 histories China's office has no application for goods to Japan to answer; without "
        "it there are typically 100."
    )
    assert "no licence is needed for goods to Japan without it" in told(asked)[0]


def test_other_states_and_their_governments() -> None:
    mine = made(
        lambda n: {
            "stopped": {"Germany": 30},
            "chosen": (Chosen("EU", "import_tariff", 40),) * (n < 13),
        }
    )
    twin = made(lambda n: {"stopped": {"Germany": 40}})
    found = told(mine, twin)
    assert "In 20 of 20 histories the first line in Germany stops sooner than without it." in found
    assert (
        "In 13 of 20 histories the government of the EU chooses this more often than without it: import "
        "tariff." in found
    )


# ---------------------------------------------------------------- of how many


def test_what_was_looked_at_and_does_not_differ_is_said_last() -> None:
    ore = plant("Vietnam", "mine_light", name="Dong Pao")
    mine = made(lambda n: {"plants": (ore,) * (n < 6), "resold": 100.0 + n})
    twin = made(lambda n: {"plants": (ore,) * (6 <= n < 11), "resold": 200.0})
    *_, last = told(mine, twin)
    assert last == (
        "No difference beyond luck in 20 histories: which plants are begun, what users hold in stock, "
        "when lines in other states stop."
    )
    assert told(mine, mine)[-1].startswith("Nothing differs beyond luck in 20 histories. Looked at")


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
    assert why_many(NOTHING, NOTHING, Question("Japan", "in A")).causes == ()


def test_a_run_that_ends_before_the_two_years_says_so() -> None:
    """Sixteen months after the count are what there is: they say why, and the note says which they
    are.
    """
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


def test_ties_are_said_to_count_for_neither_side() -> None:
    note = why_many(NOTHING, NOTHING, ASKED).note
    assert note == (
        "Counted over 20 histories, each against the same with no lever moved. One in which both are "
        "equal is among the 20 and counts for neither side."
    )
