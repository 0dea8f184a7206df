"""What is said of luck and of what was the class's own: by the numbers of made histories, and of predictions by the answer and its band."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.viz.classroom.engine.debrief import HEADLINES
from coercivity.viz.classroom.engine.game_histories import DRAWS, History, changes_by_number
from coercivity.viz.classroom.engine.game_histories import place as placed_one
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.words.band_text import (
    ANSWER,
    bands_in_words,
    by_how_much,
    changes_in_words,
    decision_in_words,
    difference_in_words,
    place_of,
    predictions_in_words,
    row,
    units,
)
from coercivity.viz.classroom.words.game_text import goal_in_words, predicted_words

LABELS = {name: label for name, label, _ in HEADLINES}


def draws(count: int, **values: tuple[float, float]) -> dict[int, History]:
    """So many histories, their values spread evenly from low to high."""
    steps = max(count - 1, 1)
    return {
        n: History(
            {name: low + (high - low) * n / steps for name, (low, high) in values.items()}, {}
        )
        for n in range(count)
    }


def said(name: str, value: float, mine: tuple[float, float], quiet: tuple[float, float]) -> Any:
    here, there = draws(20, **{name: mine}), draws(20, **{name: quiet})
    return row(placed_one(name, value, here, there), units()[name])


def test_a_number_stands_with_its_band_the_twin_and_what_is_the_classs_own() -> None:
    told = said("stood_target", 38.2, (30.0, 48.0), (54.0, 61.0))
    assert told["value"] == "38 months"
    assert told["luck"] == "In 16 of 20 histories of the same decisions: 31 to 47 months."
    assert told["quiet"] == "With nothing from China: 54.7 to 60.3 months."
    assert told["own"] == "Yours, against the twin, typically: 20 months less, in 20 of 20."
    assert told["stands_out"] is True
    at, luck, quiet = told["at"], told["luck_at"], told["quiet_at"]
    assert 0.0 < luck[0] < at < luck[1] < quiet[0] < quiet[1] < 100.0
    same = said("lost_target", 5.0, (3.0, 8.0), (8.0, 3.0))
    assert same["own"] == "Yours, against the twin: no difference beyond luck."
    assert same["stands_out"] is False


def test_a_number_outside_of_its_own_band_as_it_is_written_is_said_to_be_nobodys_doing() -> None:
    for value, words in (
        (30.0, "31 to 47 months. Yours is less than in 19 of these 20: not your doing."),
        (90.0, "31 to 47 months. Yours is more than in 20 of these 20: not your doing."),
    ):
        told = said("stood_target", value, (30.0, 48.0), (54.0, 61.0))
        assert told["luck"] == f"In 16 of 20 histories of the same decisions: {words}"
    written = said("end_target", 66.6, (-20.0, 75.6), (0.0, 1.0))  # above 65.5, which is written 70
    assert written["luck"] == "In 16 of 20 histories of the same decisions: −10 to 70 points."
    assert written["usual"]


def whole(count: int, by: float) -> dict[int, History]:
    names = [name for name, _, _ in HEADLINES] + [
        f"{when}_{s}" for when in ("now", "end") for s in SEATS
    ]
    return draws(count, **dict.fromkeys(names, (20.0 + by, 30.0 + by)))


def test_no_more_is_claimed_than_so_many_histories_bear() -> None:
    own = whole(1, 0.0)[0]
    told = bands_in_words(own, {}, {}, True)
    assert told["state"].startswith("From 0 histories of your decisions so far; computing up to 20")
    assert all(one["luck"] == one["own"] == "" for one in told["rows"].values())
    told = bands_in_words(own, whole(5, 0.0), whole(5, 20.0), True)
    assert told["rows"]["lost_target"]["luck"].startswith("In 5 of 5 histories")
    assert told["rows"]["lost_target"]["own"] == told["summary"] == ""
    told = bands_in_words(own, whole(6, 0.0), whole(7, 20.0), True)
    assert told["summary"].startswith("12 of 12 numbers stand out from luck")
    told = bands_in_words(own, whole(DRAWS, 0.0), whole(DRAWS, 20.0), True)
    assert told["state"] == "From 20 histories of your decisions."
    assert told["rows"]["end_target"]["own"] == (  # a seat's score is China's doing
        "What China's moves typically changed: 20 points less, in 20 of 20."
    )
    told = bands_in_words(own, whole(20, 0.0), whole(20, 0.0), moved=False)
    assert told["summary"].startswith("China did nothing new in your game")
    assert {one["own"] + one["quiet"] for one in told["rows"].values()} == {""}


def test_what_a_decision_changed_is_told_of_numbers_that_stand_out() -> None:
    here = draws(8, lost_target=(30.0, 34.0), price_dy=(900.0, 1000.0), end_target=(10.0, 14.0))
    there = draws(8, lost_target=(10.0, 12.0), price_dy=(1000.0, 900.0), end_target=(30.0, 34.0))
    labels = LABELS | {"end_target": "Japan"}
    assert changes_in_words(changes_by_number(here, there), labels) == (
        f"Over 8 histories: Japan: 20 points less, in 8 of 8; {LABELS['lost_target']}: USD 20 bn more, in 8 of 8."
    )
    assert changes_in_words(changes_by_number(here, here), labels) == (
        "Over 8 histories: no difference beyond luck."
    )
    values = {"lost_target": 38.0, "price_dy": 900.0, "stood_target": 12.0}
    found = {
        "scores": {"target": -48.2, "exporter": 0.4, "ally": 3.0},
        "headlines": {"lost_target": 21.73, "price_dy": -1.0, "stood_target": -4.04},
    }
    assert decision_in_words(found, values, LABELS, ("exporter", "target")) == (
        f"In your one history, points: Japan −48. {LABELS['lost_target']}: USD 22 bn more; "
        f"{LABELS['stood_target']}: 4 months less."
    )


def guess(seat: str, before: float | None = None, after: float | None = None) -> dict[str, Any]:
    def told(number: float | None) -> dict[str, Any] | None:
        return None if number is None else {"text": "", "number": number, "said": f"{number:g}"}

    return {"seat": seat, "actor": seat.title(), "before": told(before), "after": told(after)}


def judgement(*guesses: dict[str, Any]) -> Any:
    mine = draws(20, **{ANSWER: (6.0, 12.0)})
    found = place_of(ANSWER, History({ANSWER: 7.9}, {}), mine, draws(20, **{ANSWER: (1.0, 3.0)}))
    return predictions_in_words(guesses, found, (7.9, 2.0))


def test_predictions_are_judged_by_this_games_answer_and_its_band_and_not_by_the_twin() -> None:
    told = judgement(guess("exporter", 20.0, 10.0), guess("target", 8.0, 8.0), guess("firm", 2.0))
    assert told["answer"] == (
        "In this game: 7.9 months. In 16 of 20 histories of the same decisions: 6.6 to 11.4 months."
    )
    assert told["twin"] == "A side remark: in the twin, with nothing from China, 2 months."
    judged_so = [(one["before"]["judged"], one["after"]["judged"]) for one in told["seats"]]
    within = "within the band"
    assert judged_so == [("too high", within), (within, within), ("too low", "")]
    assert [one["change"] for one in told["seats"]] == ["10 months less", "unchanged", ""]
    assert told["within"] == [
        "Before the game within that band: Japan.",
        "After the game within that band: China and Japan.",
    ]
    assert told["nobody"] == ""
    assert judgement(guess("exporter"))["nobody"].startswith("Nobody predicted a number, neither")
    old = judgement(guess("exporter", 2027.0, 2.0))["seats"][0]  # a year, in an old game
    assert old["before"] == {"said": "2027", "text": "", "judged": ""}
    early = predictions_in_words([guess("exporter", 3.0)], None)  # before the band is there
    assert (early["answer"], early["twin"], early["within"]) == ("", "", [])


def test_a_prediction_of_so_many_months_says_of_how_many_and_a_small_difference_nothing() -> None:
    of = {"text": "", "number": 8.0, "said": "8 months", "of": "30"}
    told = judgement({"seat": "target", "actor": "Japan", "before": of, "after": None})
    assert told["seats"][0]["before"]["said"] == "8 months (of 30)"
    assert by_how_much(1e-6, "USD bn") == difference_in_words(None, "USD bn") == ""
    assert by_how_much(-0.021, "share") == "2 points less"


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("concessions", 1.0, "concession"),
        ("concessions", 2.0, "concessions"),
        ("broken deals", 1.0, "broken deal"),
        ("months", 1.0, "months"),
    ],
)
def test_the_unit_of_a_goal_is_that_of_its_number(unit: str, value: float, told: str) -> None:
    goal = {"label": "Points", "formula": "Points", "unit": unit, "value": value}
    assert goal_in_words(goal)["unit"] == told
    assert predicted_words(None) == ""
