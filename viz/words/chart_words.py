"""What a chart says for itself, so that it can be taken away alone: a title with what is to be
seen, a line with what is drawn and its unit, how to read it, source and licence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coercivity.experiments.findings.lab_answers import LEAST
from coercivity.experiments.lab.histories import SOON, Histories, range_of
from coercivity.experiments.lab.history import ALL
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.results.result import model_version
from coercivity.viz.words.language import Name, noted, say, says
from coercivity.viz.words.names import group_name, named_in_sentence, words
from coercivity.viz.words.range_text import number_in_words, range_in_words, range_numbers

LICENCE: Final = "Apache-2.0"  # of the program and of what it makes: LICENSE, CITATION.cff
BEFORE: Final = 12  # months of which what was before is the mean
LAST: Final = 3  # months of which the end is the mean
PLANNED: Final = 0.995  # of the plan: whoever makes as much lacks nothing


def chart_title(
    chart: str, choice: str, histories: Histories, state: str, twin: Histories, without: str
) -> str:
    """What is to be seen in a chart of many histories of a state: prices, output, cover or
    dependence, of this choice; '' where they do not say it yet. without: what the twin is.
    """
    match chart:
        case "prices":
            return _price_title(choice, histories, state)
        case "output":
            return _output_title(choice, histories, state, twin, without)
        case "cover":
            return _cover_title(choice, histories, state)
        case "dependence" if state != EXPORTER:  # what it buys from itself is no dependence
            return _dependence_title(choice, histories, state)
        case _:
            return ""


def how_to_read(of: int, twin: str) -> str:
    """What lines and bands of many histories are."""
    return say(
        "Blue line: the middle of {of} histories; eight of ten lie in the shaded band. Dashed: the "
        "middle of the same histories {twin}.",
        of=of,
        twin=twin,
    )


def source_line(scenario: str, fingerprint: str, of: int) -> str:
    """Where a picture comes from, and what may be done with it."""
    return say(
        "Source: Coercivity {version}, scenario {scenario} ({fingerprint}), {of} histories. "
        "Licence: {licence}.",
        version=model_version(),
        scenario=scenario,
        fingerprint=fingerprint,
        of=of,
        licence=LICENCE,
    )


def _price_title(good: str, histories: Histories, state: str) -> str:
    peaks, before = (
        range_of(read(f"prices/{good}").values()) for read in (histories.peaks, histories.usual)
    )
    if peaks is None or before is None:
        return ""
    what = named_in_sentence(good)
    peak, usual = range_in_words(peaks, "USD/kg"), range_in_words(before, "USD/kg")
    if good.startswith(("magnet", "motor")):  # many things, where an oxide is one
        return say(
            "Prices of {goods} in {state} peak at {peak} in two years, from {usual} before",
            goods=what,
            state=Name(state),
            peak=peak,
            usual=usual,
        )
    return say(
        "{good} in {state} peaks at {peak} in two years, from {usual} before",
        good=what[:1].upper() + what[1:],
        state=Name(state),
        peak=peak,
        usual=usual,
    )


def _output_title(
    sector: str, histories: Histories, state: str, twin: Histories, without: str
) -> str:
    """What is missing against the twin in the worst month: what stood already is in both."""
    found = range_of(_lows(histories, f"output/{sector}"))
    gaps = range_of(_gaps(histories, twin, f"output/{sector}"))
    if found is None or gaps is None:
        return ""
    makers = say(words(sector) if sector.startswith("ev") else words(sector).lower())
    told: dict[str, object] = {"state": Name(state), "sector": makers, "twin": without}
    if found.low >= PLANNED:
        wording = (
            noted("Makers in {state} make what they plan")
            if sector == ALL
            else noted("Makers in {state} ({sector}) make what they plan")
        )
    elif gaps.high < LEAST["points"]:
        wording = (
            noted("Makers in {state} make no less in any month of two years than {twin}")
            if sector == ALL
            else noted(
                "Makers in {state} ({sector}) make no less in any month of two years than {twin}"
            )
        )
    else:
        count = range_numbers(gaps, "points")
        told["gap"] = says("{count} point", "{count} points", 1 if count == "1" else 2, count=count)
        wording = (
            noted(
                "In the worst month of two years makers in {state} make {gap} less of what they "
                "plan than {twin}"
            )
            if sector == ALL
            else noted(
                "In the worst month of two years makers in {state} ({sector}) make {gap} less of "
                "what they plan than {twin}"
            )
        )
    return say(wording, **told)


def _cover_title(good: str, histories: Histories, state: str) -> str:
    found = range_of(_lows(histories, f"cover/{good}"))
    if found is None:
        return ""
    what = named_in_sentence(good)
    if found.high < LEAST["months"]:
        return say(
            "Stocks of {goods} in {state} run out in two years", goods=what, state=Name(state)
        )
    return say(
        "Stocks of {goods} in {state} fall to {months} months of use in two years",
        goods=what,
        state=Name(state),
        months=range_numbers(found, "months"),
    )


def _dependence_title(group: str, histories: Histories, state: str) -> str:
    lines, at = _lines(histories, f"dependence/{group}"), histories.at
    ends = [_mean(line[-LAST:]) for line, whole in lines if whole]
    before = [_mean(line[max(0, at - BEFORE) : at] if at else line[:1]) for line, _ in lines]
    then, end = range_of(_known_values(before)), range_of(_known_values(ends))
    if then is None or end is None:
        return ""
    was, share = number_in_words(then.middle, "share"), range_in_words(end, "share")
    if group == ALL:
        return say(
            "{share} of what {state} buys is separated in {exporter} at the end, {was} before",
            share=share,
            state=Name(state),
            exporter=Name(EXPORTER),
            was=was,
        )
    return say(
        "{share} of the {group} that {state} buys is separated in {exporter} at the end, "
        "{was} before",
        share=share,
        group=group_name(group),
        state=Name(state),
        exporter=Name(EXPORTER),
        was=was,
    )


def _lines(histories: Histories, series: str) -> list[tuple[np.ndarray, bool]]:
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


def _gaps(histories: Histories, twin: Histories, series: str) -> list[float]:
    """By how much a series lies below the twin's where it does so most in the two years of the
    count, by pair of histories. Points.
    """
    found = []
    for number, one in histories.drawn.items():
        other = twin.drawn.get(number)
        if other is None or series not in one.series or series not in other.series:
            continue
        mine, its = (
            np.asarray(held.series[series], dtype=float)[at:][:SOON]
            for held, at in ((one, histories.at), (other, twin.at))
        )
        if len(mine) == len(its) == SOON and np.isfinite(its - mine).any():
            found.append(max(0.0, 100.0 * float(np.nanmax(its - mine))))
    return found


def _mean(values: np.ndarray) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _known_values(values: list[float]) -> list[float]:
    return [value for value in values if np.isfinite(value)]
