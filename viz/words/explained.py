"""Why a headline of a run is what it is: the causal trail that the lab tells of a history against
its twin (`lab_why.py`), for who sits before a notebook.

The twin has the same luck and goes without the measure that the headlines count from
(`experiments/worlds/twin.py`), or is the run that one is given. Nothing that the lab has kept is
read. Sentences are English, as those of the terminal are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.quantities.headlines import (
    FOCUS,
    Headline,
    focal_date,
    headline_table,
    headlines_of,
)
from coercivity.experiments.worlds.headline_tables import TableSource
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.seen_from import check_state
from coercivity.experiments.worlds.standing import standing_of
from coercivity.experiments.worlds.twin import against_twin, twin_words, without_measure
from coercivity.model.basis.errors import InputError, Phrase, unknown
from coercivity.model.results.provenance import made_with, parts_of
from coercivity.model.results.result import Result, model_version
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words.card_html import Html, card, code, folded, paragraph, table, text
from coercivity.viz.words.dates import date_words
from coercivity.viz.words.explained_steps import Held, steps_of
from coercivity.viz.words.lab_why import NEVER, Reason
from coercivity.viz.words.language import SOURCE, speaking
from coercivity.viz.words.standing_words import not_compared
from coercivity.viz.words.summary import label_of, number

if TYPE_CHECKING:
    import pandas as pd

SHIPPED: Final = "World"  # what a result calls the class that ships


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
    return Html(text(one.text) + folded(label, *(paragraph(record) for record in one.records)))


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
    seen_from = check_state(state or FOCUS, "state")
    rows = {row.id: row for row in headline_table(seen_from)}
    if headline not in rows:
        raise unknown("headline", headline, rows)
    if twin is None:
        other, without = _without(result, seen_from, made_by)
    else:
        other, without = _checked(result, twin), f"in {twin.scenario.name}"
    mine, base = Held(result), Held(other)
    since = focal_date(result.scenario, result.months, seen_from)
    values = [
        headlines_of(TableSource(one, seen_from), since, [headline])[headline]
        for one in (mine, base)
    ]
    stood = standing_of([base], [mine], since, seen_from)
    apart = not_compared(rows[headline], stood, seen_from)
    with speaking(SOURCE):
        trail = steps_of(mine, base, seen_from, since, headline, values[0], pairs)
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
        trail=tuple(trail),
        apart=apart,
    )


def _without(result: Result, state: str, made_by: dict[str, Any]) -> tuple[Result, str]:
    """The run without the measure in question, and what that is in words."""
    other = without_measure(result.scenario, state)
    if other is None:
        raise InputError(
            "scenario '{value}' has no measure against {state} to be without",
            "give twin=, a run of another scenario with the same start, months and seed",
            value=result.scenario.name,
            state=state,
        )
    own = parts_of(result.world)[0]
    if own != SHIPPED and "world" not in made_by:
        raise InputError(
            "this is a run of {world}, and its twin has to be one too",
            "give world= and your class, or twin= and a run of it",
            world=own,
        )
    _check_here(result, made_by)
    words = twin_words(result.scenario, state)
    if made_by:
        found = run(other, result.seed, months=len(result.months), **made_by)
        return _checked(result, found), words
    return _checked(result, _run_once(other, result.seed, len(result.months))), words


def _check_here(result: Result, made_by: dict[str, Any]) -> None:
    """Refuse a run of which this installation would make no twin: of another version, code or, with
    no other data asked for, facts.
    """
    counted = ("code",) if "data" in made_by else ("code", "facts")
    made, here = (
        {"version": version, **dict(of or made_with(result.scenario.facts))}
        for version, of in ((result.version, result.made), (model_version(), ()))
    )
    apart = [name for name in ("version", *counted) if made[name] != here[name]]
    if apart:
        raise InputError(
            "this run was made by {maker}, and its twin would be made by {other}: what lies "
            "between them would be no effect of the measure",
            "run it anew, or give twin= and a run that the same made",
            maker=_maker(made, apart),
            other=_maker(here, apart),
        )


def _maker(made: Mapping[str, str], apart: Sequence[str]) -> Phrase:
    """Who made a run, with what sets it apart."""
    marks = tuple(f"{name} {made[name]}" for name in apart if name != "version")
    if not marks:
        return Phrase.of("coercivity {version}", version=made["version"])
    return Phrase.of("coercivity {version} ({marks})", version=made["version"], marks=marks)


@lru_cache(maxsize=1)
def _run_once(scenario: Scenario, seed: int, months: int) -> Result:
    """The last twin is held: who asks why one headline is what it is asks of the next."""
    return run(scenario, seed, months=months)


def _checked(result: Result, twin: Result) -> Result:
    """A twin that has the same months and luck, tables, and the same version, code and rules behind
    it; its facts may be others. Raises InputError for another.
    """
    mine, other = ((one.months[0], len(one.months), one.seed) for one in (result, twin))
    if mine != other or not twin.tables:
        its, ours = (
            Phrase.of(
                "{count} months from {low} and seed {seed}", count=count, low=start, seed=seed
            )
            for start, count, seed in (other, mine)
        )
        raise InputError(
            "twin '{value}' has {other}"
            if twin.tables
            else "twin '{value}' has {other} and did not record",
            "this run has {mine}: give a recorded run with the same",
            value=twin.scenario.name,
            other=its,
            mine=ours,
        )
    whose = [
        {
            "version": one.version,
            **dict(one.made or made_with(result.scenario.facts)),
            "class": one.world,
        }
        for one in (result, twin)
    ]
    apart = [name for name in ("version", "code") if whose[0][name] != whose[1][name]]
    if _rules_apart(result.world, twin.world):
        apart.append("class")
    if apart:
        raise InputError(
            "twin '{value}' was made by {other}, and this run by {maker}: what lies between them "
            "would be no effect of a measure",
            "run both with the same",
            value=twin.scenario.name,
            other=_maker(whose[1], apart),
            maker=_maker(whose[0], apart),
        )
    return twin


def _rules_apart(first: str, other: str) -> bool:
    """Whether two runs have different classes of world, or different rules under one name; a
    mechanism that acts in one of them alone belongs to its scenario.
    """
    (kind, added), (others_kind, others) = parts_of(first), parts_of(other)
    return kind != others_kind or any(
        added[name] != others[name] for name in added if name in others
    )
