"""What a chart says for itself, so that it can be taken away alone: a title with what is to be
seen, a line with what is drawn and its unit, how to read it, source and licence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.lab.histories import SOON, Histories, Range, range_of
from coercivity.experiments.lab.history import ALL
from coercivity.experiments.worlds.headlines import EXPORTER
from coercivity.model.results.result import model_version
from coercivity.viz.words.lab_answer import LEAST, digits_of, ranged, shown
from coercivity.viz.words.names import GROUP_LABELS, in_sentence, words

LICENCE: Final = "Apache-2.0"  # of the program and of what it makes: LICENSE, CITATION.cff
BEFORE: Final = 12  # months of which what was before is the mean
LAST: Final = 3  # months of which the end is the mean
NOTHING: Final = 0.05  # months of use in stock
PLANNED: Final = 0.98  # of the plan: whoever makes as much lacks nothing


def chart_title(chart: str, choice: str, histories: Histories, state: str) -> str:
    """What is to be seen in a chart of many histories of a state: prices, output, cover or
    dependence, of this choice; '' where they do not say it yet.
    """
    match chart:
        case "prices":
            return _price_title(choice, histories, state)
        case "output":
            return _output_title(choice, histories, state)
        case "cover":
            return _cover_title(choice, histories, state)
        case "dependence" if state != EXPORTER:  # what it buys from itself is no dependence
            return _dependence_title(choice, histories, state)
        case _:
            return ""


def how_to_read(of: int, twin: str) -> str:
    """What lines and bands of many histories are."""
    return (
        f"Blue line: the middle of {of} histories; eight of ten lie in the shaded band. Dashed: "
        f"the middle of the same histories {twin}."
    )


def source_line(scenario: str, fingerprint: str, of: int) -> str:
    """Where a picture comes from, and what may be done with it."""
    return (
        f"Source: Coercivity {model_version()}, scenario {scenario} ({fingerprint}), {of} "
        f"histories. Licence: {LICENCE}."
    )


def _price_title(good: str, histories: Histories, state: str) -> str:
    found = range_of(histories.peaks(f"prices/{good}").values())
    if found is None:
        return ""
    what, peak = in_sentence(good), ranged(found, "times")
    if good.startswith(("magnet", "motor")):  # many things, where an oxide is one
        if found.high < 1.0 + LEAST["times"]:
            return f"Prices of {what} in {state} do not rise above those before in two years"
        return f"Prices of {what} in {state} peak at {peak} those before"
    what = what[:1].upper() + what[1:]
    if found.high < 1.0 + LEAST["times"]:
        return f"{what} in {state} does not rise above its price before in two years"
    return f"{what} in {state} peaks at {peak} its price before"


def _output_title(sector: str, histories: Histories, state: str) -> str:
    found = range_of(_lows(histories, f"output/{sector}"))
    if found is None:
        return ""
    low = ranged(found, "share")
    if sector == ALL:
        if found.low >= PLANNED:
            return f"Makers in {state} make what they plan"
        return f"In the worst month of two years makers in {state} make {low} of what they plan"
    makers = words(sector) if sector.startswith("ev") else words(sector).lower()
    if found.low >= PLANNED:
        return f"Makers in {state} ({makers}) make what they plan"
    return (
        f"In the worst month of two years makers in {state} ({makers}) make {low} of what they plan"
    )


def _cover_title(good: str, histories: Histories, state: str) -> str:
    found = range_of(_lows(histories, f"cover/{good}"))
    if found is None:
        return ""
    what, months = in_sentence(good), _numbers(found)
    if months == "0":
        return f"Stocks of {what} in {state} run out in two years"
    return f"Stocks of {what} in {state} fall to {months} months of use in two years"


def _dependence_title(group: str, histories: Histories, state: str) -> str:
    lines, at = _lines(histories, f"dependence/{group}"), histories.at
    ends = [_mean(line[-LAST:]) for line, whole in lines if whole]
    before = [_mean(line[max(0, at - BEFORE) : at] if at else line[:1]) for line, _ in lines]
    then, end = range_of(_known(before)), range_of(_known(ends))
    if then is None or end is None:
        return ""
    was, share = shown(then.middle, "share"), ranged(end, "share")
    if group == ALL:
        return f"{share} of what {state} buys is separated in {EXPORTER} at the end, {was} before"
    what = GROUP_LABELS.get(group, group)
    return (
        f"{share} of the {what} that {state} buys is separated in {EXPORTER} at the end, "
        f"{was} before"
    )


def _lines(histories: Histories, series: str) -> list[tuple[FloatArray, bool]]:
    """A series by history, and whether it has come to its end."""
    return [
        (np.asarray(one.series[series], dtype=float), one.whole)
        for one in histories.drawn.values()
        if series in one.series
    ]


def _lows(histories: Histories, series: str) -> list[float]:
    """The lowest value of a series in the two years of the count, by history."""
    found = []
    for line, _ in _lines(histories, series):
        then = line[histories.at :][:SOON]
        if len(then) == SOON and np.isfinite(then).any():
            found.append(float(np.nanmin(then)))
    return found


def _mean(values: FloatArray) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _known(values: list[float]) -> list[float]:
    return [value for value in values if np.isfinite(value)]


def _numbers(found: Range) -> str:
    """A range without its unit, to the digits that it bears; less than NOTHING is none."""
    digits = digits_of(found.low, found.high)
    low, high = (
        "0" if value < NOTHING else f"{float(f'{value:.{digits}g}'):g}"
        for value in (found.low, found.high)
    )
    return low if low == high else f"{low} to {high}"
