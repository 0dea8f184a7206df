"""What a notebook shows of a sensitivity analysis: which sweep it reads, what moves each outcome
with its interval, what the numbers allow to say, and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from coercivity.experiments.sensitivity.analysis import OutcomeSensitivity
from coercivity.experiments.sensitivity.sentences import corner_sentences, number
from coercivity.experiments.studies.sensitivity import Sensitivity
from coercivity.viz.figures.by_name import sensitivity_plots
from coercivity.viz.words.card_html import Html, card, code, folded_parts, paragraph, table

SHOWN: Final = {  # method: its measures, the one that orders first, and what each is called
    "sobol": {"total": "total order", "first": "first order"},
    "morris": {"mu_star": "mean size of the effect (mu*)"},
    "delta": {"delta": "Borgonovo's delta"},
    "pawn": {"pawn": "PAWN"},
}
MOST: Final = 8  # parameters of an outcome
SEEN: Final = 3  # outcomes; the others are behind a line
Told = tuple[tuple[str, ...], Sequence[tuple[str, ...]], str]  # heads, rows and note of a table
INTERVAL: Final = "In brackets the 95% interval."
BAND: Final = "In brackets the 5th to the 95th percentile over the seeds."


def sensitivity_card(found: Sensitivity) -> str:
    """The card of a sensitivity analysis."""
    sample = found.sample
    about = [
        sample.scenario,
        f"method {found.method}",
        f"{len(sample.points)} points with {len(sample.seeds)} "
        f"seed{'s' * (len(sample.seeds) != 1)} each",
        f"{sample.missing} runs missing" if sample.missing else "",
        f"version {sample.version}" if sample.version else "",
    ]
    shown, rest = found.findings[:SEEN], found.findings[SEEN:]
    drawn = sensitivity_plots(found)
    parts = [
        *(part for finding in shown for part in _finding(finding)),
        *(
            (
                folded_parts(
                    f"{len(rest)} more outcomes", *(p for one in rest for p in _finding(one))
                ),
            )
            if rest
            else ()
        ),
        *(paragraph(line) for line in _corner(found)),
        code(
            *(f'.plot("{name}")' for name in drawn[:1]),
            ".table()",
            ".outcomes()",
            *((".bounds()",) if found.corner is not None else ()),
        ),
    ]
    return card("Sensitivity", "Which parameters move the outcome", about, parts)


def _corner(found: Sensitivity) -> tuple[str, ...]:
    return () if found.corner is None else tuple(corner_sentences(found.corner))


def _finding(finding: OutcomeSensitivity) -> Iterator[Html]:
    """An outcome: what moves it most, and its sentences; why not, where it was refused."""
    unit = f", {finding.unit}" if finding.unit and finding.method in ("morris", "tornado") else ""
    if finding.refused:
        yield paragraph(f"{finding.label}: not computed, {finding.refused}")
        return
    heads, rows, note = _swings(finding) if finding.tornado is not None else _indices(finding)
    yield table((finding.label + unit, *heads), rows[:MOST])
    left = f" {len(rows) - MOST} more parameters in .table()." if len(rows) > MOST else ""
    yield paragraph(note + left)
    if finding.sentences:
        yield folded_parts("What the numbers allow to say", *map(paragraph, finding.sentences))


def _indices(finding: OutcomeSensitivity) -> Told:
    """Heads, rows and note of indices, the largest first."""
    assert finding.indices is not None
    measures = SHOWN[finding.method]
    by_measure = {
        measure: {row.of: row for row in finding.indices.measured(measure)} for measure in measures
    }
    ranked = by_measure[next(iter(measures))]
    rows = [
        (
            of[0],
            *(_cell(held[of].value, held[of].low, held[of].high) for held in by_measure.values()),
        )
        for of in ranked
    ]
    return tuple(measures.values()), rows, INTERVAL


def _swings(finding: OutcomeSensitivity) -> Told:
    """Heads, rows and note of a tornado, the widest first."""
    assert finding.tornado is not None
    rows = [
        (swing.parameter, _cell(swing.low, *swing.low_band), _cell(swing.high, *swing.high_band))
        for swing in finding.tornado.swings
    ]
    return ("at its low", "at its high"), rows, BAND


def _cell(value: float, low: float, high: float) -> str:
    """A number with its interval in brackets, where it has one."""
    told = number(value)
    return told if low != low or high != high else f"{told} ({number(low)} to {number(high)})"
