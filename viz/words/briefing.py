"""The briefing of a setting: what two pages say of it, before it is laid out as a file.

One sentence that answers, question, what differs from the shipped scenario, the answer of many
histories with its ranges, how sure each difference is, what the twin leaves out, three charts that
stand alone, what the model got wrong and what nothing tests, limits, the way back to the same
numbers, how to cite. `viz/drawn/briefing_files.py` and its neighbours lay it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from coercivity.experiments.lab.act_words import kind_words
from coercivity.experiments.lab.histories import DRAWS, Histories
from coercivity.experiments.lab.levers import BEFORE, find_lever, first_month
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.worlds import twin as twins
from coercivity.experiments.worlds.headlines import MEASURES
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from coercivity.model.scenario.event import Event
from coercivity.viz.words.act_text import act_words, dates_in_words
from coercivity.viz.words.beyond_record import beyond
from coercivity.viz.words.chart_words import chart_title, how_to_read, source_line
from coercivity.viz.words.lab_answer import (
    NO_DIFFERENCE,
    TWO_YEARS,
    Question,
    Told,
    against,
    beside,
    many_histories,
    ranged,
)
from coercivity.viz.words.lab_text import twin_leaves_out
from coercivity.viz.words.own_rows import MOST_ROWS, said_rows, told_rows
from coercivity.viz.words.record_words import misses, untested

HERE: Final = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # names of one's own computer
NAMED: Final = 3  # acts that are named of those that a twin leaves out
LONGEST: Final = 2  # changes that a title names
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


class Heads(NamedTuple):
    """What stands above each part, and at the head of each column."""

    moved: str = "What is set"
    shipped: str = "Shipped"
    here: str = "Here"
    nothing: str = "Nothing: the scenario as shipped"
    answer: str = "Answer"
    number: str = "Number"
    apart: str = "Difference"
    sure: str = "How sure"
    why: str = "Why"
    charts: str = "Charts"
    wrong: str = "What the model got wrong about this"
    untested: str = "What no record tests"
    limits: str = "Limits"
    again: str = "The same again"
    numbers: str = "The numbers of this chart (CSV)"


HEADS: Final = Heads()


@dataclass(frozen=True)
class Change:
    """A row of the setting's table: what differs from the shipped scenario. short: what is set, in
    a title; '' where `here` says all of it, as of an act.
    """

    what: str
    shipped: str
    here: str
    short: str = ""


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
    """A chart to be drawn: months, middle and edges of many histories, the twin's middle; and its
    words: title (what to see), below (what is drawn, in which unit), note (what to be careful of,
    '' for nothing), source with licence. caption: how to read it, for whoever cannot see it.
    """

    id: str
    title: str
    below: str
    unit: str
    share: bool
    months: Sequence[str]
    band: Any  # 3 x months
    ghost: Any  # months, or None
    twin: str  # what the ghost is
    caption: str
    note: str
    source: str


@dataclass(frozen=True)
class Again:
    """The way back to the same numbers: what is said, what is shown of the address, and where a
    click leads ('' for nowhere).
    """

    words: str
    shown: str
    url: str


@dataclass(frozen=True)
class Briefing:
    """All that stands in it."""

    title: str
    day: str  # YYYY-MM-DD, on which it was made
    made_on: str
    short: str  # the answer in one sentence
    question: str
    changes: tuple[Change, ...]
    twin: str
    left_out: str  # what the twin goes without, and what it keeps
    told: Told
    sure: tuple[Sure, ...]
    why: tuple[str, ...]
    why_of: str  # which history the reasons are of
    charts: tuple[Chart, ...]
    reading: str  # how to read the charts
    misses: tuple[str, ...]
    untested: tuple[str, ...]
    limits: tuple[str, ...]
    again: Again
    citation: str
    made: str


@dataclass(frozen=True)
class Asked:
    """What the briefing is of: the setting, its twin in words, what is looked at, the day on which
    it is made, the server's address and the setting's ('' for none).
    """

    setting: LabSetting
    question: Question
    good: str
    day: str  # YYYY-MM-DD
    origin: str
    query: str
    citation: str


def briefing(
    asked: Asked,
    mine: Histories,
    twin: Histories,
    why: Sequence[str],
    record: Sequence[Mapping[str, Any]],
) -> Briefing:
    """The briefing of a setting from its histories and those of its twin; *record*: the model
    against the record (`viz/drawn/evidence_data.record_rows`).
    """
    setting, question = asked.setting, asked.question
    told, charts = many_histories(mine, twin, question), tuple(_charts(asked, mine, twin))
    reading = (how_to_read(len(mine), question.twin), *(chart.note for chart in charts))
    return Briefing(
        title=f"{titled(setting)}: what it means for {question.state}",
        day=asked.day,
        made_on=f"Made on {asked.day} with Coercivity {model_version()}",
        short=short_answer(mine, twin, question) or next(iter(told.sentences), ""),
        question=(
            f"What happens to makers in {question.state} from {first_month(setting.shipped)} on "
            f"with what is set here, against the same histories {question.twin}"
            f"{twin_leaves_out(setting)}? A line that stood already counts once it has run again."
        ),
        changes=changes(setting),
        twin=question.twin,
        left_out=left_out(setting, question.twin),
        told=told,
        sure=tuple(_sure(mine, twin, question)),
        why=tuple(why),
        why_of=f"Out of the records of one history, seed {setting.seed}, against the same "
        f"{question.twin}.",
        charts=charts,
        reading=" ".join(words for words in reading if words),
        misses=misses(record, asked.good, question.state),
        untested=untested(record, asked.good, question.state),
        limits=LIMITS,
        again=again(asked.origin, asked.query),
        citation=asked.citation,
        made=f"{len(mine)} of {DRAWS} histories, {mine.whole} of them to the end.",
    )


def short_answer(mine: Histories, twin: Histories, asked: Question) -> str:
    """The answer in one sentence: what is lost, against the twin, and in how many histories a line
    stops; '' while the histories are too few.
    """
    lost, stops = mine.range("output_lost_24m"), mine.stops(TWO_YEARS)
    if lost is None or stops is None:
        return ""
    size = ranged(lost, "USD bn")
    apart = against(mine, twin, "output_lost_24m", "USD bn", asked.twin)
    times = "none" if not stops.times else "all" if stops.times == stops.of else str(stops.times)
    if apart == NO_DIFFERENCE:
        return (
            f"Makers in {asked.state} lose output worth {size} in two years, {NO_DIFFERENCE} to "
            f"the same histories {asked.twin}; a running line has to stop in {times} of "
            f"{stops.of} histories."
        )
    return (
        f"Makers in {asked.state} lose output worth {size} in two years, {apart}; a running "
        f"line has to stop in {times} of {stops.of} histories."
    )


def titled(setting: LabSetting) -> str:
    """The scenario by its title, with what was moved: 'The dual-use ban, with state stockpile set
    to 4 months of use'.
    """
    shipped, moved = setting.shipped, changes(setting)
    title = shipped.title or shipped.name
    if not moved:
        return title
    if len(moved) > LONGEST:
        return f"{title}, with {len(moved)} things set otherwise"
    named = (f"{_small(row.short)} set to {row.here}" if row.short else row.here for row in moved)
    return f"{title}, with {' and '.join(named)}"


def left_out(setting: LabSetting, twin: str) -> str:
    """What the twin goes without, and what is in both."""
    known = {
        "changes": "the later changes of the table. What was set before them is in both.",
        "levers": "the levers of the table. The scenario's own acts are in both.",
        "assumptions": "the assumptions of the table. The scenario's own acts are in both.",
        "levers and acts": "the levers and acts of the table. The scenario's own acts are in both.",
        "acts": "the acts of the table. The scenario's own acts are in both.",
        "tables": "the own rows of the table. The scenario's own acts are in both.",
    }
    without = setting.base_without()
    if without in known:
        return f"The twin is the same histories {twin}: it goes without {known[without]}"
    if twins.measures_in_question(setting.shipped):
        return (
            f"The twin is the same histories {twins.twin_words(setting.shipped)}. All other acts "
            "of the scenario and what firms do by themselves are in both."
        )
    gone = _new_acts(setting)
    if not gone:
        return f"The twin is the same histories {twin}: the scenario has no act to leave out."
    some = "; ".join(_act(event) for event in gone[:NAMED])
    more = f"; and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    return (
        f"The twin is the same histories {twin}: it goes without {some}{more}. What stood before "
        "and what firms do by themselves are in both."
    )


def again(origin: str, query: str) -> Again:
    """The way back to the same numbers. A link to one's own computer opens there alone, so that its
    address is not shown; what stands behind the address holds anywhere.
    """
    if not query:
        return Again(
            "This scenario is too long for a link: pass its scenario file on, and bring it to any "
            "Coercivity of this version.",
            "",
            "",
        )
    shown, url = f"?{query}", f"{origin}/?{query}" if origin else ""
    if url and urlsplit(origin).hostname not in HERE:
        return Again(
            "This link shows the same numbers; in an installation of your own, start “coercivity "
            "app” and put what begins with the question mark behind the address of its page.",
            url,
            url,
        )
    return Again(
        "This link opens on the computer that runs Coercivity. Elsewhere: install Coercivity, "
        "start “coercivity app” and put this behind the address of its page.",
        shown,
        url,
    )


def changes(setting: LabSetting) -> tuple[Change, ...]:
    """What differs from the shipped scenario, a row each."""
    rows = [
        Change(
            _lever(name) + _since(name, setting),
            _at(name, find_lever(name).rest),
            _at(name, value),
            _lever(name),
        )
        for name, value in setting.levers
    ]
    told = setting.acts[: MOST_ROWS - (len(setting.acts) > MOST_ROWS)]
    rows += [
        Change(f"{kind_words(act.kind).label}, {dates_in_words(act)}", "", act_words(act))
        for act in told
    ]
    if left := len(setting.acts) - len(told):
        rows.append(Change("Further acts", "", f"{left} more, in the scenario file"))
    rows += [
        Change(
            f"{_lever(name)}, from {month}", "", _at(name, value), f"{_lever(name)} from {month} on"
        )
        for month, name, value in setting.changes
    ]
    table, shipped = load_parameters(), setting.shipped.parameter_values().to_dict()
    rows += [
        Change(
            f"{table[name].description} ({name})",
            f"{shipped[name]:g} {table[name].unit}",
            f"{value:g} {table[name].unit}",
            name.replace("_", " "),
        )
        for name, value in setting.assumptions
    ]
    rows += [
        Change(row.what, row.shipped, row.here, row.what)
        for row in told_rows(said_rows(setting.shipped), MOST_ROWS)
    ]
    return tuple(rows)


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


def _small(text: str) -> str:
    """As it stands within a sentence, names and abbreviations as they are."""
    first = text.split(" ")[0]
    return text if first[1:] != first[1:].lower() else text[:1].lower() + text[1:]


def _new_acts(setting: LabSetting) -> list[Event]:
    """Acts of a setting that its twin goes without: measures that name the state first, then other
    measures, by date.
    """
    kept = {event.id for event in setting.base().events}
    mine = setting.asked()

    def order(event: Event) -> tuple[bool, bool, str]:
        return event.kind not in MEASURES, setting.state not in event.targets, event.date

    gone = (event for event in (*mine.events, *mine.choices) if event.id not in kept)
    return sorted(gone, key=order)


def _act(event: Event) -> str:
    """An act in a list: 'dual use ban of China on Japan, 2026-01-06'."""
    doer = f" of {event.actor}" if event.actor else ""
    on = f" on {', '.join(event.targets)}" if event.targets else ""
    return f"{event.kind.replace('_', ' ')}{doer}{on}, {event.date}"


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

    setting, state = asked.setting, asked.question.state
    months = month_names(setting.shipped.start, setting.shipped.months)
    price = f"Price of {in_sentence(asked.good)} in {state}"
    output, depends = f"Output of makers in {state}", dependence_title(state)
    wanted = (
        ("prices", asked.good, price, "USD/kg", False),
        ("output", "all", output, "% of what they plan", True),
        ("dependence", "all", depends, "% of purchases by weight, by where it was separated", True),
    )
    found, scenario = [], setting.asked()
    for chart, choice, what, unit, share in wanted:
        band, ghost = mine.band(f"{chart}/{choice}"), twin.band(f"{chart}/{choice}")
        if band is None:
            continue
        found.append(
            Chart(
                id=chart,
                title=chart_title(chart, choice, mine, state) or what,
                below=f"{what}, {unit}",
                unit=unit,
                share=share,
                months=months[: band.shape[1]],
                band=band,
                ghost=None if ghost is None else ghost[1],
                twin=asked.question.twin,
                caption=_caption(f"{what}, {unit}", asked, len(mine)),
                note=_above(chart, choice, band),
                source=source_line(setting.scenario, scenario.fingerprint(), len(mine)),
            )
        )
    return found


def _above(chart: str, good: str, band: Any) -> str:
    """What is said of a price whose band goes above any on record; '' for what is no price."""
    return beyond(good, float(np.nanmax(band))) if chart == "prices" else ""


def _caption(what: str, asked: Asked, of: int) -> str:
    return f"{what}. {how_to_read(of, asked.question.twin)}"
