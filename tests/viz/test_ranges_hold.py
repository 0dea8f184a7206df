"""What is said of a range holds: of the histories at least as many lie within the ends that are read as are said to."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.lab_answers import LEAST, short_answer
from coercivity.experiments.lab.histories import DrawnHistory, Histories
from coercivity.experiments.worlds.spreads import Spread
from coercivity.viz.classroom.engine.game_histories import History, place
from coercivity.viz.classroom.engine.game_histories import band as game_band
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.lessons.texts import median_with_range as lowest_to_highest
from coercivity.viz.classroom.words import team_page
from coercivity.viz.classroom.words.band_text import row
from coercivity.viz.page_data.lab_charts_of_many_histories import UNITS
from coercivity.viz.words.chart_words import chart_title
from coercivity.viz.words.door_text import lost_sentence
from coercivity.viz.words.ensemble_position_text import position_sentences, rows
from coercivity.viz.words.finding_text import finding_or_empty
from coercivity.viz.words.lab_cards import compare_cards, many_histories
from coercivity.viz.words.range_text import ends_of_months, round_outward
from coercivity.viz.words.summary import cell
from tests.facts import FACTS

ASKED = FindingRequest(FACTS, "Japan", "with nothing new")
SLACK = 2e-6  # of a number: histories are kept in single precision
GOOD = "dysprosium_oxide"
DYSPROSIUM = f"prices/{GOOD}"

Values = list[float]


@st.composite
def sums(draw: st.DrawFn, lowest: float = 0.0, fewest: int = 4) -> Values:
    """A number of 4 to 20 histories: even or with a long tail, with ties, tiny and huge, all the same or far apart."""
    shares = draw(st.lists(st.floats(lowest, 1.0), min_size=fewest, max_size=20))
    tail = draw(st.sampled_from((1, 3, 9)))
    size = draw(st.sampled_from((0.02, 0.3, 7.0, 134.0, 1316.0, 4e5)))
    ground = draw(st.sampled_from((0.0, 0.0, 0.6, 9.0)))
    ties = draw(st.sampled_from((None, 1, 2)))
    spread = (math.copysign(abs(share) ** tail, share) for share in shares)
    return [size * (ground + (one if ties is None else round(one, ties))) for one in spread]


@st.composite
def shares(draw: st.DrawFn) -> Values:
    """A share of 4 to 20 histories."""
    found = draw(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=20))
    least, most = sorted((draw(st.floats(0.0, 1.0)), draw(st.floats(0.0, 1.0))))
    return [least + one * (most - least) for one in found]


def ends(words: str) -> tuple[float, float]:
    """The first range of a text: 'USD 40 to 134 bn', '−20 to 60 points', 'less than USD 0.1 bn', '970'."""
    text = words.replace(",", "").replace("−", "-").replace("\u00a0", " ")
    number = r"-?\d+(?:\.\d+)?"
    if found := re.search(rf"({number}) (?:to|–) ({number})", text):
        return float(found[1]), float(found[2])
    (only,) = re.findall(number, text)[:1]
    return (0.0 if "less than" in text else float(only)), float(only)


def holds(words: str, values: Sequence[float], unit: float = 1.0, of: float = 0.8) -> None:
    """At least so large a part of the values lies between the ends that are read; unit: of the text."""
    low, high = (end * unit for end in ends(words))
    slack = SLACK * max(map(abs, (*values, low, high, unit)))
    inside = sum(low - slack <= value <= high + slack for value in values)
    assert inside >= math.ceil(of * len(values) - 1e-9), (words, sorted(values))


def losing(values: Sequence[float]) -> Histories:
    """Histories that lose, pay and see a peak of these."""
    found = Histories(at=6)
    for number, value in enumerate(values):
        headlines = {"first_stop_days": 90.0, "output_lost_24m": value, "cost_paid_24m": value / 3}
        series = {DYSPROSIUM: np.concatenate([np.full(6, value / 7), np.full(24, value)])}
        found.add(number, DrawnHistory(headlines, series, False, 30))
    return found


def sharing(values: Sequence[float]) -> Histories:
    """Whole histories with these as share of output and of dependence, and as months of cover."""
    found = Histories(at=6)
    for number, value in enumerate(values):
        series = {
            name: np.concatenate([np.ones(6), np.full(24, value)])
            for name in ("output/all", "dependence/all", "cover/dysprosium_oxide", "standing")
        }
        ends = dict.fromkeys(("dependence_separated_before", "dependence_separated_end"), value)
        found.add(number, DrawnHistory({"first_stop_days": 90.0, **ends}, series, True, 30))
    return found


def after(words: str, *marks: str) -> list[str]:
    """What stands behind each mark in a text."""
    return [words.split(mark, 1)[1] for mark in marks]


def lab(values: Values) -> None:
    told = many_histories(losing(values), Histories(), ASKED)
    cards = {card.id: card.value for card in told.cards if card.settled}
    holds(cards["output_lost_24m"], values)
    holds(cards["cost_paid_24m"], [value / 3 for value in values])
    holds(cards["peak"], values)
    lost, paid = after(next(one for one in told.sentences if "worth" in one), "worth", "cost")
    holds(lost, values)
    holds(paid, [value / 3 for value in values])
    price = next(one for one in told.sentences if "peaks" in one)
    holds(price.split(";")[0], values)
    holds(*after(price, "before it"), [value / 7 for value in values])


def briefing(values: Values) -> None:
    mine = losing(values)
    holds(finding_or_empty(short_answer(mine, Histories(), ASKED)), values)
    title = chart_title("prices", GOOD, mine, "Japan", Histories(), "without it")
    holds(title, values)
    holds(*after(title, "from"), [value / 7 for value in values])


def compare(values: Values) -> None:
    mine, twin = losing(values), losing([value / 2 for value in values])
    for one in compare_cards(mine, twin, ASKED):
        if one.id == "output_lost_24m":
            holds(one.here, values)
            holds(one.there, [value / 2 for value in values])


def door(values: Values) -> None:
    if words := lost_sentence(losing(values), losing(values), ASKED):
        holds(words.split(":")[0], values)


def play(values: Values) -> None:
    one, many = losing([values[0]]), losing(values)
    holds(*after(position_sentences(one, many, ASKED, 1, False), "8 of 10 histories"), values)
    told = {found.id: found.others for found in rows(one, many, ASKED, True)}
    holds(*after(told["output_lost_24m"], "8 of 10: "), values)
    holds(*after(told["peak"], "8 of 10: "), values)


@settings(max_examples=80)
@pytest.mark.parametrize("door", [lab, briefing, compare, door, play])
@given(values=sums())
def test_eight_of_ten_histories_lie_in_what_is_said(
    door: Callable[[Values], None], values: Values
) -> None:
    door(values)


@settings(max_examples=80)
@given(values=shares(), others=shares())
def test_eight_of_ten_histories_lie_in_the_shares_that_are_said(
    values: Values, others: Values
) -> None:
    held = sharing(values)
    told = many_histories(held, Histories(), ASKED)
    cards = {card.id: card.value for card in told.cards if card.settled}
    holds(cards["dependence_separated_end"], values, 0.01)
    holds(cards["standing"], values, 0.01)
    low, high = ends(cards["standing"])
    assert 0.0 <= low <= high <= 100.0
    pairs = list(zip(values, itertools.cycle(others)))
    twin = sharing([other for _, other in pairs])
    titles = {
        (chart, choice): chart_title(chart, choice, held, "Japan", twin, "without it")
        for chart, choice in (("dependence", "all"), ("output", "all"), ("cover", GOOD))
    }
    holds(titles["dependence", "all"], values, 0.01)
    output, gaps = titles["output", "all"], [100.0 * max(0.0, its - own) for own, its in pairs]
    if "make no less" in output:
        assert sum(gap < LEAST["points"] for gap in gaps) >= 0.8 * len(gaps)
    elif "make what they plan" not in output:
        holds(*after(output, " make "), gaps)
    cover = titles["cover", GOOD]
    if "run out" not in cover:
        holds(*after(cover, "fall to"), values)


@settings(max_examples=80)
@given(values=sums(lowest=-1.0))
def test_what_a_class_is_told_of_luck_is_so(values: Values) -> None:
    for name, unit, factor in (("lost_target", "USD bn", 1.0), ("end_target", "points", 1.0)):
        draws = {at: History({name: value}, {}) for at, value in enumerate(values)}
        found = place(name, values[0], draws, {})
        told = row(found, unit)["luck"]
        said = re.match(r"In (\d+) of (\d+) histories", told)
        assert said is not None
        assert int(said[1]) >= 0.8 * int(said[2])
        if name == "lost_target" and min(values) < 0.0:
            continue  # sums are none
        holds(*after(told, "decisions:"), values, factor, int(said[1]) / int(said[2]))
        holds(team_page.band_words(found.luck), values)


@settings(max_examples=80)
@given(values=sums(fewest=3))
def test_worlds_of_a_script_lie_between_the_lowest_and_the_highest(values: Values) -> None:
    holds(*after(lowest_to_highest(values), "("), values, of=1.0)


@settings(max_examples=80)
@given(
    values=sums(lowest=-1.0),
    unit=st.sampled_from(("USD bn", "USD/kg", "days", "multiple", "share", "% of GDP")),
)
def test_a_cell_rounds_the_ends_of_its_band_outward(values: Values, unit: str) -> None:
    low, middle, high = sorted(values)[0], float(np.median(values)), sorted(values)[-1]
    told = cell(Spread(middle, low, high), unit, len(values))
    if "(" in told:
        holds(*after(told, "("), values, 0.01 if unit == "share" else 1.0, 1.0)


@settings(max_examples=80)
@given(values=sums(lowest=-1.0))
def test_eight_of_ten_lie_in_the_band_of_a_chart(values: Values) -> None:
    lab = losing(values).band(DYSPROSIUM)
    assert lab is not None
    game = game_band(
        {at: History({}, {SEATS[0]: (one,)}) for at, one in enumerate(values)}, SEATS[0]
    )
    for low, _, high in (lab[:, 10], game[:, 0]):
        inside = sum(low <= value <= high for value in values)
        assert inside >= math.ceil(0.8 * len(values) - 1e-9)
    for unit in UNITS.values():
        words = ends_of_months(lab, unit)[10]
        holds(words, values, 0.01 if unit == "share" else 1.0)


def test_an_end_that_never_comes_stays_and_the_other_keeps_its_digits() -> None:
    assert round_outward(134.2, math.inf) == (130.0, math.inf)
    assert round_outward(-math.inf, 0.0) == (-math.inf, 0.0)
    assert round_outward(0.0, 0.0) == (0.0, 0.0)
    assert round_outward(970.0, 970.0) == (970.0, 970.0)
    assert round_outward(1234.5, 1234.5) == (1230.0, 1240.0)
    assert round_outward(-2.04, -1.11, 0.1) == (-2.1, -1.1)
