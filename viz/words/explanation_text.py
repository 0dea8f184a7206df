"""Why a headline of a run is what it is: the causal trail of a run against its twin
(`experiments/findings/headline_steps.py`), for who sits before a notebook.

The twin has the same luck and goes without the measure that the headlines count from
(`experiments/worlds/twin.py`), or is the run that one is given. Nothing that the lab has kept is
read. Sentences are English, as those of the terminal are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coercivity.experiments.findings.finding import NEVER
from coercivity.experiments.findings.headline_steps import TabledRun, find_steps
from coercivity.experiments.findings.twin_run import check_twin, measures_left_out, run_twin
from coercivity.experiments.quantities.headlines import (
    FOCUS,
    Headline,
    focal_date,
    headline_table,
    headlines_of,
)
from coercivity.experiments.worlds.headline_tables import TableSource
from coercivity.experiments.worlds.idle_at_start import find_idle_at_start
from coercivity.experiments.worlds.twin import against_twin
from coercivity.experiments.worlds.viewpoint import check_state
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.results.result import Result
from coercivity.viz.words.card_html import Html, card, code, folded_parts, paragraph, table, text
from coercivity.viz.words.dates import date_words
from coercivity.viz.words.finding_text import finding_in_words
from coercivity.viz.words.idle_at_start_text import not_compared
from coercivity.viz.words.language import SOURCE, speaking
from coercivity.viz.words.summary import label_of, number
from coercivity.viz.words.why_text import Reason, reasons_in_words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a headline is what it is. value, twin_value and difference are in the headline's unit,
    None where not defined, the difference also where other lines stood already when the count began
    (`apart` says so); `trail` has a sentence a step, what changes first before the rest, with
    the records that it is made of.
    """

    headline: Headline
    state: str
    scenario: str
    without: str  # what the twin goes without, or is, as the end of a sentence
    seed: int
    since: str
    value: float | None
    twin_value: float | None
    difference: float | None
    trail: tuple[Reason, ...]
    apart: str = ""  # why the two are not compared

    @property
    def steps(self) -> pd.DataFrame:
        """One row a step: step (from 1), month (YYYY-MM of its first record; null for what does not
        happen), what (a sentence), table (where its records stand), records (a tuple of texts).
        """
        import pandas as pd

        rows = [
            (at, None if one.first == NEVER else one.first, one.text, one.table, one.records)
            for at, one in enumerate(self.trail, start=1)
        ]
        return pd.DataFrame(rows, columns=["step", "month", "what", "table", "records"])

    def answer(self) -> str:
        """The number beside the twin's, in one line."""
        row = self.headline
        unit = "points" if row.unit == "share" else row.unit
        told = f"{label_of(row)}: {number(self.value, row.unit)}; {self.without} "
        told += number(self.twin_value, row.unit)
        if self.apart:
            return f"{told} ({self.apart})"
        apart = number(self.difference, unit, signed=True)
        return told + (f" (difference {apart})" if self.difference is not None else "")

    def __str__(self) -> str:
        lines = [self.answer(), f"Counted from {date_words(self.since)}, seed {self.seed}."]
        for at, one in enumerate(self.trail, start=1):
            when = "" if one.first == NEVER else f"{date_words(one.first)}: "
            lines.append(f"{at}. {when}{one.text}")
            lines += [f"     {record}" for record in one.records]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (
            f"Explanation({self.headline.id} of {self.scenario}, seed {self.seed}, "
            f"{len(self.trail)} steps; print it, or read .steps)"
        )

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        rows = [
            (at, "" if one.first == NEVER else one.first, _with_records(one))
            for at, one in enumerate(self.trail, start=1)
        ]
        about = [self.scenario, f"seed {self.seed}", f"counted from {self.since}"]
        parts = [
            paragraph(self.answer()),
            table(("", "month", "what"), rows, numbers=False),
            code("print(_)", ".steps"),
        ]
        return card("Why", label_of(self.headline), about, parts)


def _with_records(one: Reason) -> Html:
    """A sentence, and behind a line the records that it is made of."""
    if not one.records:
        return text(one.text)
    label = f"{len(one.records)} records of the table {one.table}"
    return Html(
        text(one.text) + folded_parts(label, *(paragraph(record) for record in one.records))
    )


def explain(
    result: Result,
    headline: str = "first_stop_days",
    *,
    twin: Result | None = None,
    state: str | None = None,
    pairs: Sequence[tuple[Result, Result]] = (),
    **made_by: Any,
) -> Explanation:
    """Tell why a headline of a run is what it is; see `Result.explain`. pairs: all twins of a
    comparison, of which this is one.
    """
    if not result.tables:
        raise InputError(
            "headline '{value}' cannot be explained: this run did not record",
            "run it with record=True",
            value=headline,
        )
    seen_from = check_state(result.facts, state or FOCUS, "state")
    rows = {row.id: row for row in headline_table(result.facts, seen_from)}
    if headline not in rows:
        raise unknown_value_error("headline", headline, rows)
    if twin is None:
        other, without = run_twin(result, seen_from, made_by), ""
    else:
        other, without = check_twin(result, twin), f"in {twin.scenario.name}"
    mine, base = TabledRun(result), TabledRun(other)
    since = focal_date(result.scenario, result.months, seen_from)
    values = [
        headlines_of(TableSource(one, seen_from), since, [headline])[headline]
        for one in (mine, base)
    ]
    stood = find_idle_at_start([base], [mine], since, seen_from)
    apart = not_compared(rows[headline], stood, seen_from)
    steps = find_steps(mine, base, seen_from, since, headline, values[0], pairs)
    with speaking(SOURCE):
        trail = reasons_in_words(steps)
        without = without or finding_in_words(measures_left_out(result.scenario, seen_from))
    return Explanation(
        headline=rows[headline],
        state=seen_from,
        scenario=result.scenario.name,
        without=without,
        seed=result.seed,
        since=since,
        value=values[0],
        twin_value=values[1],
        difference=None if apart else against_twin(mine, base, since, seen_from)[headline],
        trail=trail,
        apart=apart,
    )
