"""The briefing of a setting: what two pages say of it, before it is laid out as a file.

Question, what differs from the shipped scenario, the answer of many histories with its ranges, how
sure each difference is, three charts with captions, what the model got wrong about the good looked
at, limits, the link and how to cite. `viz/drawn/briefing_files.py` lays it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.experiments.lab.act_words import kind_words
from coercivity.experiments.lab.histories import DRAWS, Histories
from coercivity.experiments.lab.levers import BEFORE, find_lever, first_month
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from coercivity.viz.words.act_text import act_words, dates_in_words
from coercivity.viz.words.beyond_record import beyond
from coercivity.viz.words.lab_answer import (
    Question,
    Told,
    beside,
    many_histories,
)
from coercivity.viz.words.lab_text import twin_leaves_out
from coercivity.viz.words.own_rows import said_rows, told_rows

MOST_ROWS: Final = 6  # own rows of tables that are told one by one
MISSES: Final = 4  # of the record that are told
LIMITS: Final = (
    "A history is a draw of luck and of every parameter that the record to 2024 leaves open; what "
    "the setting fixes stays fixed. What the ranges leave out is what nobody varied: the rules.",
    "Ranges hold eight of ten histories. A difference is called sure where coins would part the "
    "pairs as unevenly in less than one case of twenty.",
    "After 2024 the model does not beat a simple reckoning in most series; read sizes as orders of "
    "magnitude and directions as what the mechanisms imply.",
    "Prices go where no market has been; a price beyond any record is a sign of scarcity, not a "
    "forecast.",
)


@dataclass(frozen=True)
class Change:
    """A row of the setting's table: what differs from the shipped scenario."""

    what: str
    shipped: str
    here: str


@dataclass(frozen=True)
class Sure:
    """A row of the answer: a number with its range, that of the twin, the difference, and in how
    many pairs of histories it is better.
    """

    what: str
    here: str
    twin: str
    apart: str
    how: str


@dataclass(frozen=True)
class Chart:
    """A chart to be drawn: months, middle and edges of many histories, the twin's middle."""

    id: str
    title: str
    unit: str
    share: bool
    months: Sequence[str]
    band: Any  # 3 x months
    ghost: Any  # months, or None
    twin: str  # what the ghost is
    caption: str
    source: str


@dataclass(frozen=True)
class Briefing:
    """All that stands in it."""

    title: str
    question: str
    changes: tuple[Change, ...]
    twin: str
    told: Told
    sure: tuple[Sure, ...]
    why: tuple[str, ...]
    why_of: str  # which history the reasons are of
    charts: tuple[Chart, ...]
    misses: tuple[str, ...]
    limits: tuple[str, ...]
    link: str
    citation: str
    made: str


@dataclass(frozen=True)
class Asked:
    """What the briefing is of: the setting, its twin in words, what is looked at, links."""

    setting: LabSetting
    question: Question
    good: str
    link: str
    citation: str


def briefing(
    asked: Asked,
    mine: Histories,
    twin: Histories,
    why: Sequence[str],
    record: Sequence[Mapping[str, Any]],
) -> Briefing:
    """The briefing of a setting from its histories and those of its twin; *record*: rows of the
    model against the record (viz/drawn/evidence_data.py).
    """
    setting, question = asked.setting, asked.question
    scenario = setting.asked()
    told = many_histories(mine, twin, question)
    return Briefing(
        title=f"{scenario.title or scenario.name}: what it means for {question.state}",
        question=(
            f"What happens to makers in {question.state} from {first_month(setting.shipped)} on "
            f"with what is set here, against the same histories {question.twin}"
            f"{twin_leaves_out(setting)}? A line that stood already counts once it has run again."
        ),
        changes=changes(setting),
        twin=question.twin,
        told=told,
        sure=tuple(_sure(mine, twin, question)),
        why=tuple(why),
        why_of=f"out of the records of one history, seed {setting.seed}, against the same "
        f"{question.twin}",
        charts=tuple(_charts(asked, mine, twin)),
        misses=misses(record, asked.good),
        limits=LIMITS,
        link=asked.link,
        citation=asked.citation,
        made=(
            f"Made with Coercivity {model_version()}; {len(mine)} of {DRAWS} histories, "
            f"{mine.whole} of them to the end."
        ),
    )


def changes(setting: LabSetting) -> tuple[Change, ...]:
    """What differs from the shipped scenario, a row each."""
    rows = [
        Change(
            _lever(name) + _since(name, setting), _at(name, find_lever(name).rest), _at(name, value)
        )
        for name, value in setting.levers
    ]
    rows += [
        Change(f"{kind_words(act.kind).label}, {dates_in_words(act)}", "", act_words(act))
        for act in setting.acts
    ]
    rows += [
        Change(f"{_lever(name)}, from {month}", "", _at(name, value))
        for month, name, value in setting.changes
    ]
    table, shipped = load_parameters(), setting.shipped.parameter_values().to_dict()
    rows += [
        Change(
            f"{table[name].description} ({name})",
            f"{shipped[name]:g} {table[name].unit}",
            f"{value:g} {table[name].unit}",
        )
        for name, value in setting.assumptions
    ]
    rows += [
        Change(row.what, row.shipped, row.here)
        for row in told_rows(said_rows(setting.shipped), MOST_ROWS)
    ]
    return tuple(rows)


def misses(record: Sequence[Mapping[str, Any]], good: str) -> tuple[str, ...]:
    """What the model got wrong about a good, the worst first; of any good where it got all of this
    one right.
    """
    wrong = [row for row in record if row["verdict"] == "FAIL"]
    about = [row for row in wrong if good.replace("_", " ") in row["what"]]
    ordered = sorted(about or wrong, key=lambda row: -float(row["error"] or 0.0))
    return tuple(
        f"{row['what'][:1].upper()}{row['what'][1:]}, {row['span']}: on record {row['record']}, in "
        f"the model {row['model']}."
        for row in ordered[:MISSES]
    )


# ---------------------------------------------------------------- its parts


def _lever(name: str) -> str:
    return find_lever(name).label


def _since(name: str, setting: LabSetting) -> str:
    """From when a lever acts, in words."""
    shipped = setting.shipped
    return f", held since {shipped.start}" if name in BEFORE else f", from {first_month(shipped)}"


def _at(name: str, value: float) -> str:
    """A lever's value in words."""
    lever = find_lever(name)
    return lever.options[int(value)] if lever.options else f"{value:g} {lever.unit}"


def _sure(mine: Histories, twin: Histories, asked: Question) -> list[Sure]:
    """How sure each difference is: in how many pairs of histories the number is better."""
    rows = []
    for row in beside(mine, twin, asked):
        how = f"better in {row.better} of {row.of}, worse in {row.worse}"
        rows.append(Sure(row.label, row.here, row.there, row.apart, how))
    return rows


def _charts(asked: Asked, mine: Histories, twin: Histories) -> list[Chart]:
    """Price of the good looked at, output of all makers, dependence."""
    from coercivity.model.basis.calendar import month_names
    from coercivity.viz.words.names import dependence_title, in_sentence

    shipped, state = asked.setting.shipped, asked.question.state
    months = month_names(shipped.start, shipped.months)
    wanted = (
        (
            f"prices/{asked.good}",
            f"Price of {in_sentence(asked.good)} in {state}",
            "USD/kg",
            False,
        ),
        ("output/all", f"Output of makers in {state}", "% of what they plan", True),
        ("dependence/all", dependence_title(state), "% of purchases by weight", True),
    )
    found = []
    for series, title, unit, share in wanted:
        band = mine.band(series)
        if band is None:
            continue
        ghost = twin.band(series)
        found.append(
            Chart(
                id=series.split("/")[0],
                title=title,
                unit=unit,
                share=share,
                months=months[: band.shape[1]],
                band=band,
                ghost=None if ghost is None else ghost[1],
                twin=asked.question.twin,
                caption=_caption(title, asked) + _above(series, band),
                source=f"Coercivity {model_version()}, {asked.setting.scenario}",
            )
        )
    return found


def _above(series: str, band: Any) -> str:
    """What is said of a price whose band goes above any on record; '' for what is no price."""
    kind, name = series.split("/", 1)
    words = beyond(name, float(np.nanmax(band))) if kind == "prices" else ""
    return f" {words}" if words else ""


def _caption(title: str, asked: Asked) -> str:
    return (
        f"{title}: the line is the middle of {DRAWS} histories, eight of ten lie in the shaded "
        f"band; dashed: the middle of the same histories {asked.question.twin}. Source: Coercivity "
        f"{model_version()}, scenario {asked.setting.scenario}."
    )
