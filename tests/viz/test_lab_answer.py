"""The lab's answer in words: sentences and cards are those of the histories, and of one."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.lab_answers import measures
from coercivity.experiments.lab.histories import DrawnHistory, Histories, Range
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs, pair_json
from coercivity.viz.words.finding_text import SENTENCES
from coercivity.viz.words.lab_cards import compare_cards, many_histories
from coercivity.viz.words.range_text import range_in_words
from tests.facts import FACTS

NO_DIFFERENCE = SENTENCES["difference.luck"][0]
OTHER_LINES = SENTENCES["difference.other_lines"][0]

ASKED = FindingRequest(FACTS, "Japan", "with nothing new")


def histories(
    count: int,
    stop: float | None = 200.0,
    lost: float = 10.0,
    paid: float = 0.5,
    peak: float = 2.0,
    end: float = 0.4,
    stops: int | None = None,
    whole: bool = True,
    step: float = 0.1,
    stood: float = 0.05,
    stands: float = 0.2,
) -> Histories:
    """Histories that spread evenly around the same values; in the first so many a line stops."""
    found = Histories(at=6)
    for number in range(count):
        by = 1.0 + step * (number - (count - 1) / 2) / max(count - 1, 1)
        late = stops is not None and number >= stops
        headlines: dict[str, float | None] = {
            "first_stop_days": None if late else stop,
            "output_lost_24m": lost * by,
            "cost_paid_24m": paid * by,
            "dependence_separated_before": 0.7,
        }
        if whole:
            headlines |= {"firms_stopped_share": 0.3 * by, "dependence_separated_end": end * by}
        series = {
            "prices/dysprosium_oxide": np.concatenate([np.ones(6), np.full(24, peak * by)]),
            "standing": np.concatenate([np.full(6, stood), np.full(24, stands * by)]),
        }
        found.add(number, DrawnHistory(headlines, series, whole, 49))
    return found


def test_the_answer_says_what_the_histories_say() -> None:
    told = many_histories(
        histories(20, stops=13, lost=10.0),
        histories(20, stop=None, lost=0.0, paid=0.0, peak=1.0, end=0.7, stands=0.05),
        ASKED,
    )
    assert told.sentences == (
        "In 13 of 20 histories a maker in Japan has to stop a running line within two years, "
        "typically after 7 months; with nothing new in none of 20.",
        "Lines of 5% of its makers stand already on that day, and 19 to 21% on average in these "
        "years (15 points more than with nothing new).",
        "In two years output worth USD 9.6 to 10.4 bn is lost there (USD 10 bn more than with "
        "nothing new); dearer inputs cost USD 0.4 to 0.6 bn.",
        "Dysprosium in Japan peaks at USD 1.9 to 2.1/kg (USD 1/kg more than with nothing new); "
        "before it was at USD 1/kg.",
        "Of what Japan buys, 70% was separated in China before and 38 to 42% is at the end "
        "(30 points less than with nothing new).",
    )
    cards = {card.id: card for card in told.cards}
    assert [card.settled for card in told.cards] == [True] * 6
    assert cards["stops"].value == "13 of 20"
    assert cards["stops"].apart == "0 of 20 with nothing new"
    assert cards["output_lost_24m"].value == "USD 9.6 to 10.4 bn"
    assert cards["output_lost_24m"].apart == "USD 10 bn more, in 20 of 20"
    assert cards["dependence_separated_end"].apart == "30 points less, in 20 of 20"
    assert (told.of, told.whole) == (20, 20)


def test_no_difference_is_said_where_luck_alone_would_make_it() -> None:
    same = histories(20)
    told = many_histories(same, same, ASKED)
    assert all(card.apart == NO_DIFFERENCE for card in told.cards)
    assert told.sentences[0].endswith(f"after 7 months: {NO_DIFFERENCE}.")


def test_a_difference_that_most_histories_do_not_have_has_no_size() -> None:
    here = Histories(at=6)
    for number in range(20):
        lost = 12.0 if number < 6 else 10.0
        here.add(number, DrawnHistory({"output_lost_24m": lost}, {}, False, 49))
    there = Histories(at=6)
    for number in range(20):
        there.add(number, DrawnHistory({"output_lost_24m": 10.0}, {}, False, 49))
    (row,) = compare_cards(here, there, ASKED)
    assert (row.apart, row.sure) == ("slightly more, in 6 of 20", True)


def test_of_years_that_were_estimated_no_difference_is_claimed() -> None:
    mine, twin = histories(20, lost=5.0, end=0.3), histories(20, end=0.6)
    for number, one in mine.drawn.items():
        mine.drawn = {**mine.drawn, number: replace(one, estimated=True)}
    told = many_histories(mine, twin, ASKED)
    cards = {card.id: card for card in told.cards}
    assert told.sentences[-1].endswith("is at the end.")
    assert cards["dependence_separated_end"].apart == ""
    assert cards["dependence_separated_end"].settled
    assert cards["output_lost_24m"].apart == "USD 5 bn less, in 20 of 20"


def test_of_a_few_short_histories_only_what_they_bear_is_told() -> None:
    few = many_histories(histories(3, whole=False), histories(20), ASKED)
    assert few.sentences == ()
    assert not any(card.settled for card in few.cards)
    short = many_histories(histories(6, whole=False), Histories(), ASKED)
    assert [card.id for card in short.cards if card.settled] == [
        "stops",
        "standing",
        "output_lost_24m",
        "cost_paid_24m",
        "peak",
    ]
    assert short.sentences[0] == (
        "In 6 of 6 histories a maker in Japan has to stop a running line within two years, typically "
        "after 7 months."
    )
    assert not any(card.apart for card in short.cards)  # no twin has come


def test_first_stops_of_other_lines_are_not_compared() -> None:
    stocked = histories(20, stop=60.0, stood=0.05, stands=0.1)
    bare = histories(20, stop=200.0, stood=0.3, stands=0.3)
    told = many_histories(stocked, bare, ASKED)
    assert told.sentences[0].endswith(
        "after 2 months; not to be compared, as with nothing new other lines stood already."
    )
    cards = {card.id: card for card in told.cards}
    assert cards["stops"].apart == OTHER_LINES
    assert cards["standing"].apart == "20 points less, in 20 of 20"
    rows = {row.id: row for row in compare_cards(stocked, bare, ASKED)}
    assert (rows["stops"].apart, rows["stops"].of) == (OTHER_LINES, 0)
    assert not rows["stops"].sure
    assert (rows["standing"].better, rows["standing"].worse) == (20, 0)


def test_a_difference_is_told_of_the_histories_that_both_sides_have() -> None:
    all_there, coming = histories(20, lost=10.0, step=1.0), histories(8, lost=10.0)
    same = all_there.among(coming.drawn)
    assert compare_cards(coming, all_there, ASKED) == compare_cards(coming, same, ASKED)
    rows = {row.id: row for row in compare_cards(coming, all_there, ASKED)}
    assert (rows["stops"].here, rows["stops"].there) == ("8 of 8", "8 of 8")
    assert rows["output_lost_24m"].there == "USD 5 to 9 bn"


def test_lines_and_counts_of_a_pair_are_of_the_histories_that_both_sides_have() -> None:
    pick = ("prices", "dysprosium_oxide")
    all_there = histories(20, step=1.0)
    coming = Histories(all_there.at)
    for number, one in histories(8).drawn.items():
        coming.add(number, one if number < 5 else one.first_months(24))
    found = json.loads(pair_json(HistoryPairs(coming, all_there), "mark", ASKED, (pick,)))
    assert (found["came"], found["whole"]) == (8, 5)
    low, middle, high = found["edges"]["a"]["/".join(pick)]
    price = [one.series["prices/dysprosium_oxide"][29] for one in all_there.drawn.values()]
    for month, held in ((10, price[:8]), (29, price[:5])):  # three of B have not come so far
        assert (low[month], high[month]) == pytest.approx((min(held), max(held)), abs=1e-3)
        assert middle[month] == pytest.approx(np.median(held), abs=1e-3)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (0.23, 4.7, "USD bn", "USD 0.2 to 5 bn"),
        (0.01, 0.04, "USD bn", "less than USD 0.1 bn"),
        (40.2, 133.6, "USD bn", "USD 40 to 140 bn"),
        (501.0, 1_316.0, "USD/kg", "USD 500 to 1,320/kg"),
        (-21.0, 62.0, "points", "−21 to 70 points"),
        (1.0, 1.0, "points", "1 point"),
        (0.1, 0.4, "points", "less than 1 point"),
        (0.0, 0.0, "USD bn", "less than USD 0.1 bn"),
        (11.4, 13.6, "USD bn", "USD 11.4 to 13.6 bn"),
        (1_234.0, 5_678.0, "USD bn", "USD 1,000 to 6,000 bn"),
        (0.213, 0.477, "share", "21 to 48%"),
        (0.0, 1.0000001, "share", "0 to 100%"),
    ],
)
def test_a_range_has_the_digits_that_it_bears(
    low: float, high: float, unit: str, words: str
) -> None:
    assert range_in_words(Range(low, (low + high) / 2, high, 20), unit) == words


def test_a_setting_beside_another_says_in_how_many_histories_it_is_better() -> None:
    good = histories(20, stop=500.0, lost=1.0, paid=0.5, end=0.4)
    bad = histories(20, stop=100.0, lost=10.0, paid=0.5, end=0.6)
    rows = {row.id: row for row in compare_cards(good, bad, ASKED)}
    assert [*rows] == [measure.id for measure in measures(ASKED)]
    assert (rows["stops"].better, rows["stops"].worse, rows["stops"].sure) == (20, 0, True)
    assert rows["stops"].apart == "later, in 20 of 20"
    assert (rows["output_lost_24m"].better, rows["output_lost_24m"].of) == (20, 20)
    assert (rows["output_lost_24m"].here, rows["output_lost_24m"].there) == (
        "USD 0.9 to 1.1 bn",
        "USD 9.6 to 10.4 bn",
    )
    assert rows["output_lost_24m"].apart == "USD 9 bn less, in 20 of 20"
    assert (rows["cost_paid_24m"].better, rows["cost_paid_24m"].sure) == (0, False)
    assert rows["cost_paid_24m"].apart == NO_DIFFERENCE
    other_way = {row.id: row for row in compare_cards(bad, good, ASKED)}
    assert (other_way["stops"].better, other_way["stops"].worse) == (0, 20)
    short = compare_cards(histories(6, whole=False), bad, ASKED)
    assert "dependence_separated_end" not in {row.id for row in short}
