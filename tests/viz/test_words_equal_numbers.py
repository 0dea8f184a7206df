"""No sentence of the lab contradicts its cards, its charts or its records: 25 random settings, each
with its twin, seen through the one document that the page reads.

The histories are drawn here, headlines computed from the series as the model computes them, so that
what is said can be checked against what is drawn.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import SOON, DrawnHistory, Histories
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs, many_json
from coercivity.viz.words.finding_text import SENTENCES
from coercivity.viz.words.lab_cards import many_histories
from tests.facts import FACTS

NO_DIFFERENCE = SENTENCES["difference.luck"][0]
OTHER_LINES = SENTENCES["difference.other_lines"][0]

AT, MONTHS, DRAWS = 6, 60, 20
ASKED = FindingRequest(FACTS, "Japan", "with no lever moved", "2024-01")
PICKS = (("dependence", "all"), ("output", "all"), ("prices", "dysprosium_oxide"))


def world(seed: int, scale: float, shift: float) -> Histories:
    """Twenty histories with the luck of this seed; *scale* makes losses larger, *shift* moves the
    price. The same seed is the same luck.
    """
    found = Histories(AT)
    for number in range(DRAWS):
        luck = np.random.default_rng([seed, number])
        noise = luck.lognormal(0.0, 0.4, 4)
        price = np.r_[np.full(AT, 300.0 * noise[0]), 300.0 * noise[0] * luck.uniform(0.8, 2.0, 54)]
        price[AT:] += shift
        lost = 10.0 * noise[1] * scale
        output = np.r_[np.ones(AT), np.clip(1.0 - lost / 100.0 * luck.uniform(0.5, 1.5, 54), 0, 1)]
        share = np.linspace(0.7, min(0.95, 0.4 * noise[2] ** 0.3 * scale**0.1), MONTHS)
        stood = np.r_[np.full(AT, 0.1), np.clip(0.1 + lost / 200.0, 0, 1) * np.ones(54)]
        stop = None if lost < 5.0 else float(1500.0 / lost)
        headlines: dict[str, float | None] = {
            "first_stop_days": stop,
            "output_lost_24m": lost,
            "cost_paid_24m": float(noise[3] * max(0.0, 1.0 + shift / 300.0)),
            "dependence_separated_before": float(share[:AT].mean()),
            "dependence_separated_end": float(share[-3:].mean()),
        }
        series = {
            "prices/dysprosium_oxide": price,
            "output/all": output,
            "dependence/all": share,
            "standing": stood,
            "cover/dysprosium_oxide": np.full(MONTHS, 2.0 * noise[2] / scale**0.2),
            "dependence/all/last_origin": share,
        }
        found.add(number, DrawnHistory(headlines, series, True, MONTHS))
    return found


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*\.?\d*", text)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    scale=st.floats(0.05, 20.0),
    twin_scale=st.floats(0.05, 20.0),
    shift=st.floats(-100.0, 3000.0),
)
def test_words_cards_and_charts_say_the_same(
    seed: int, scale: float, twin_scale: float, shift: float
) -> None:
    held = HistoryPairs(world(seed, scale, shift), world(seed, twin_scale, 0.0))
    page: dict[str, Any] = json.loads(many_json(held, "mark", ASKED, PICKS))
    cards = {card["id"]: card for card in page["cards"]}
    told = many_histories(held.mine, held.twin, ASKED).sentences
    assert page["answer"] == " ".join(told)
    sentences = dict(zip(ORDER, told, strict=True))
    for card, name in (
        ("output_lost_24m", "cost"),
        ("standing", "standing"),
        ("peak", "price"),
        ("dependence_separated_end", "dependence"),
    ):
        assert cards[card]["value"] in sentences[name]
        same_side(cards[card]["apart"], sentences[name])
    assert cards["cost_paid_24m"]["value"] in sentences["cost"]
    assert_stops(cards["stops"], sentences["stops"], held)
    assert_charts(cards, page, held)


ORDER = ("stops", "standing", "cost", "price", "dependence")


def same_side(apart: str, sentence: str) -> None:
    """The card's difference is that of the sentence: none in both, or the same side in both."""
    (brackets,) = re.findall(r"\(([^)]*)\)", sentence)
    if apart == NO_DIFFERENCE:
        assert brackets == NO_DIFFERENCE
        return
    (side,) = re.findall(r"(more|less)", apart)
    assert side in brackets


def assert_stops(card: dict[str, Any], sentence: str, held: HistoryPairs) -> None:
    days = [one.headlines["first_stop_days"] for one in held.mine.drawn.values()]
    times = sum(day is not None and day <= 730 for day in days)
    assert card["value"] == f"{times} of {DRAWS}"
    assert sentence.startswith(f"In {times or 'none'} of {DRAWS} histories")
    if card["apart"] == OTHER_LINES:
        assert "not to be compared" in sentence
    elif card["apart"] == NO_DIFFERENCE:
        assert sentence.endswith(f"{NO_DIFFERENCE}.")
    else:
        there = re.search(rf"{ASKED.twin} in (\d+|none) of {DRAWS}", sentence)
        assert there is not None
        assert card["apart"].split()[0] == there[1].replace("none", "0")


def assert_charts(cards: dict[str, Any], page: dict[str, Any], held: HistoryPairs) -> None:
    """Bands are those of the histories, and what the cards tell lies within what is drawn."""
    price = np.array([one.series["prices/dysprosium_oxide"] for one in held.mine.drawn.values()])
    peaks = price[:, AT : AT + SOON].max(axis=1)
    low, high = numbers(cards["peak"]["value"])[0], numbers(cards["peak"]["value"])[-1]
    least, most = sorted(peaks)[2], sorted(peaks)[-3]  # a tenth lies beyond
    room = max(0.1 * (most - least), 0.01 * most, 0.1) + 1e-4
    assert least - room <= low <= least + 1e-4
    assert most - 1e-4 <= high <= most + room
    edges = np.array(page["edges"]["prices/dysprosium_oxide"])
    assert np.allclose(edges[1], np.median(price, axis=0), rtol=1e-4)
    # no month's middle is above what half of the peaks reach
    assert edges[1][AT : AT + SOON].max() <= np.median(peaks) * 1.0001
    share = np.array(page["edges"]["dependence/all"])
    told = numbers(cards["dependence_separated_end"]["value"])
    assert abs(told[0] / 100 - share[0][-1]) < 0.03
    assert abs(told[-1] / 100 - share[2][-1]) < 0.03
    ghost = np.array(page["ghosts"]["dependence/all"])
    apart = cards["dependence_separated_end"]["apart"]
    if "points more" in apart:
        assert share[1][-1] > ghost[-1] - 0.005
    elif "points less" in apart:
        assert share[1][-1] < ghost[-1] + 0.005
