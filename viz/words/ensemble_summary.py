"""An ensemble as rows and lines of text, for the terminal and for pages: medians, ranges, and what
gives them their width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coercivity.experiments.quantities.headlines import FOCUS, Headline
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.variance import Shares
from coercivity.viz.words.range_text import ends_in_table
from coercivity.viz.words.summary import label_of, number

COLUMNS: Final = ("", "median", "p05", "p95", "parameters", "luck")
TWIN_COLUMNS: Final = ("", "base", "scenario", "difference", "p05", "p95", "parameters", "luck")


def ensemble_lines(ensemble: Ensemble) -> list[str]:
    """What was run, in words: scenario, draws, seeds, where vectors come from, how to read the
    ranges.
    """
    count, seeds = ensemble.seeds.shape
    twin = "" if ensemble.base is None else f", against {ensemble.base.title or ensemble.base.name}"
    each = "one seed each" if seeds == 1 else f"{seeds} seeds each"
    worlds = f"{count * seeds} worlds" + (
        "" if ensemble.base is None else " and a twin of each with the same vector and seed"
    )
    members = len({draw.member for draw in ensemble.draws} - {""})
    source = (
        f"{members} members of the collection, drawn from what the record leaves "
        "(docs/calibration.md); what it does not hold over the documented range"
        if members
        else (
            "parameters over their documented ranges (no collection that the record "
            "leaves is shipped yet)"
        )
    )
    other = "" if ensemble.world == "World" else f" Class of world: {ensemble.world}."
    lines = [
        f"{ensemble.scenario.title or ensemble.scenario.name}{twin}",
        f"{_plural(count, 'draw')} of parameter vector and seed, {each}: {worlds}, "
        f"{ensemble.months[0]} to {ensemble.months[-1]}.{other}",
        f"Vectors: {source}. What the scenario or --set fixes stays.",
        f"{_counting_sentence(ensemble)}; the median, and the 5th to the 95th percentile over all "
        "worlds.",
    ]
    return lines


def _counting_sentence(ensemble: Ensemble) -> str:
    """From which state and day the headlines are; Japan goes without saying."""
    if ensemble.state == FOCUS:
        return f"Headlines count from {ensemble.since}"
    return f"Headlines are those of {ensemble.state} and count from {ensemble.since}"


def share_note(ensemble: Ensemble) -> str:
    """One sentence on how to read the shares, or why there are none."""
    if ensemble.replications == 1:
        return (
            "What gives the width cannot be told with one seed a vector: ask for --replications 2 "
            "or more."
        )
    subject = "the difference" if ensemble.base is not None else "each headline"
    return (
        f"parameters, luck: shares of the variance of {subject}, in brackets the 95% interval; "
        "luck is "
        "what seeds of one vector differ by."
    )


def headlines_worth_telling(ensemble: Ensemble) -> list[Headline]:
    """Headlines worth a row: defined and not zero in the median world or at an end of its range,
    those of single sectors left to the data.
    """
    rows = []
    for row in ensemble.rows:
        spreads = [ensemble.spread(row.id, kind) for kind in ensemble.kinds[:2]]
        if not row.id.endswith(ensemble.scenario.facts.sectors) and any(
            value not in (None, 0.0)
            for spread in spreads
            for value in (spread.median, spread.p05, spread.p95)
        ):
            rows.append(row)
    return rows


def ensemble_rows(ensemble: Ensemble) -> list[tuple[str, ...]]:
    """One row a headline, below COLUMNS, or below TWIN_COLUMNS where there is a base."""
    rows = []
    for row in headlines_worth_telling(ensemble):
        kind = "difference" if ensemble.base is not None else "scenario"
        total, parts = ensemble.spread(row.id, kind), ensemble.shares(row.id, kind)
        medians = [
            _headline_cell(ensemble.spread(row.id, which).median, row, which)
            for which in (("base", "scenario") if ensemble.base is not None else ())
        ]
        ends = ends_in_table(total, _unit(row, kind))
        band = (_headline_cell(value, row, kind) for value in (total.median, *ends))
        rows.append((label_of(row), *medians, *band, *share_cells(parts)))
    return rows


def _unit(row: Headline, kind: str) -> str:
    return "points" if kind == "difference" and row.unit == "share" else row.unit


def _headline_cell(value: float | None, row: Headline, kind: str) -> str:
    """A number of a headline or of its difference, as text."""
    apart = kind == "difference"
    if value is None:
        return "never" if row.unit == "days" and not apart else "–"
    return number(value, _unit(row, kind), signed=apart)


def share_cells(parts: Shares) -> tuple[str, str]:
    """Share of the parameters with its interval, and of luck; dashes where they cannot be told."""
    if parts.parameters is None or parts.luck is None:
        return "–", "–"
    known = (
        f"{parts.parameters:.0%} ({100 * (parts.low or 0.0):.0f} to "
        f"{100 * (parts.high or 0.0):.0f})"
    )
    if parts.calibrated is not None:
        known += f", calibrated {parts.calibrated:.0%}"
    return known, f"{parts.luck:.0%}"


def table_of(ensemble: Ensemble) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    """Column heads and rows."""
    return (COLUMNS if ensemble.base is None else TWIN_COLUMNS), ensemble_rows(ensemble)


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
