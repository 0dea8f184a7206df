"""The briefing of a setting: what two pages say of it, before it is laid out as a file.

One sentence that answers, question, what was set, the answer of many histories with its ranges, how
sure each difference is, what rows of one's own change, what the twin leaves out, three charts that
stand alone, what the model got wrong and what nothing tests, limits, the way back to the same
numbers, how to cite. All of it in the language that is spoken. Title and table:
`briefing_title.py`, `briefing_table.py`; `viz/documents/briefing_files.py` and its neighbours lay
it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.lab_answers import own_answer, short_answer
from coercivity.experiments.lab.histories import DRAWS, Histories
from coercivity.experiments.lab.levers import first_month
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import model_version
from coercivity.viz.words.beyond_record import beyond_record_sentence
from coercivity.viz.words.briefing_misses import misses, output_missed, untested_notes
from coercivity.viz.words.briefing_table import Change, changes, left_out
from coercivity.viz.words.briefing_title import briefing_subtitle, title
from coercivity.viz.words.chart_words import chart_title, how_to_read, source_line
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.finding_text import finding_or_empty
from coercivity.viz.words.lab_cards import (
    ComparedCard,
    LabAnswer,
    compare_cards,
    many_histories,
)
from coercivity.viz.words.lab_text import twin_leaves_out
from coercivity.viz.words.language import Name, join_sentences, language, noted, say
from coercivity.viz.words.names import dependence_title, named_in_sentence
from coercivity.viz.words.why_text import WhySentences

HERE: Final = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # names of one's own computer
REASONS: Final = 5  # sentences on why, beside what does not differ
OWN_ROWS: Final = 3  # numbers that are told against the shipped ones
LIMITS: Final = (
    noted(
        "A history is a draw of luck and of every parameter that the record leaves open; "
        "what the setting fixes stays fixed. What the ranges leave out is what nobody varied: the "
        "rules."
    ),
    noted(
        "Ranges hold eight of ten histories. A difference is called sure where coins would part "
        "the pairs as unevenly in less than one case of twenty."
    ),
    noted(
        "After 2025 the model does not beat a simple reckoning in most series; read sizes as "
        "orders of magnitude and directions as what the mechanisms imply."
    ),
    noted(
        "Prices go where no market has been; a price beyond any record is a sign of scarcity, not "
        "a forecast."
    ),
)


@dataclass(frozen=True)
class Heads:
    """What stands above each part, and at the head of each column, in the language that is
    spoken.
    """

    moved: str
    shipped: str
    here: str
    nothing: str
    answer: str
    number: str
    apart: str
    sure: str
    own: str
    with_own: str
    with_shipped: str
    why: str
    charts: str
    wrong: str
    untested: str
    limits: str
    again: str
    numbers: str


def heads() -> Heads:
    """The heads in the language that is spoken."""
    return Heads(
        moved=say("What is set"),
        shipped=say("Shipped"),
        here=say("Here"),
        nothing=say("Nothing: the scenario as shipped"),
        answer=say("Answer"),
        number=say("Number"),
        apart=say("Difference"),
        sure=say("How sure"),
        own=say("What the own numbers change"),
        with_own=say("With the own numbers"),
        with_shipped=say("With the shipped numbers"),
        why=say("Why"),
        charts=say("Charts"),
        wrong=say("What the model got wrong about this"),
        untested=say("What no record tests"),
        limits=say("Limits"),
        again=say("The same again"),
        numbers=say("The numbers of this chart (CSV)"),
    )


@dataclass(frozen=True)
class CertaintyRow:
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
    '' for nothing), source with licence. caption: how to read it, for whoever cannot see it;
    language: in which its words are.
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
    language: str
    line: str = ""  # what the line in the band is; '' for the middle


@dataclass(frozen=True)
class WayBack:
    """The way back to the same numbers: what is said, what is shown of the address, and where a
    click leads ('' for nowhere).
    """

    words: str
    shown: str
    url: str


@dataclass(frozen=True)
class OwnTablesEffect:
    """What rows of one's own change, against the shipped ones with all else as it is set: in a
    sentence, and by number.
    """

    words: str
    rows: tuple[CertaintyRow, ...]


@dataclass(frozen=True)
class Briefing:
    """All that stands in it, in one language."""

    language: str
    heads: Heads
    title: str
    beneath: str  # the scenario, and how much was set
    day: str  # YYYY-MM-DD, on which it was made
    made_on: str
    short: str  # the answer in one sentence
    question: str
    changes: tuple[Change, ...]
    twin: str
    left_out: str  # what the twin goes without, and what it keeps
    told: LabAnswer
    sure: tuple[CertaintyRow, ...]
    own: (
        OwnTablesEffect | None
    )  # None where there are no rows of one's own, or the twin goes without them
    why: tuple[str, ...]
    why_of: str  # how the reasons were counted
    charts: tuple[Chart, ...]
    reading: str  # how to read the charts
    misses: tuple[str, ...]
    untested: tuple[str, ...]
    limits: tuple[str, ...]
    again: WayBack
    citation: str
    made: str


@dataclass(frozen=True)
class BriefingRequest:
    """What the briefing is of: the setting, its twin in words, what is looked at, the day on which
    it is made, the server's address and the setting's ('' for none).
    """

    setting: LabSetting
    question: FindingRequest
    good: str
    day: str  # YYYY-MM-DD
    origin: str
    query: str
    citation: str


def briefing(
    asked: BriefingRequest,
    mine: Histories,
    twin: Histories,
    why: WhySentences,
    record: Sequence[Mapping[str, Any]],
    shipped: Histories | None = None,
) -> Briefing:
    """The briefing of a setting from its histories and those of its twin, in the language that is
    spoken; *record*: the model against the record (`viz/page_data/evidence_data.record_rows`);
    shipped: the histories with the shipped rows of all tables, None where these are the twin's or
    the setting's own.
    """
    setting, question = asked.setting, asked.question
    told, charts = many_histories(mine, twin, question), tuple(_charts(asked, mine, twin))
    reading = (how_to_read(len(mine), question.twin), *(chart.note for chart in charts))
    return Briefing(
        language=language(),
        heads=heads(),
        title=title(setting),
        beneath=briefing_subtitle(setting),
        day=asked.day,
        made_on=say(
            "Made on {day} with Coercivity {version}",
            day=date_in_words(asked.day),
            version=model_version(),
        ),
        short=finding_or_empty(short_answer(mine, twin, question))
        or next(iter(told.sentences), ""),
        question=say(
            "What happens to makers in {state} from {month} on with what is set here, against the "
            "same histories {twin}{left_out}? A line that stood already counts once it has run "
            "again.",
            state=Name(question.state),
            month=date_in_words(first_month(setting.shipped)),
            twin=question.twin,
            left_out=twin_leaves_out(setting),
        ),
        changes=changes(setting),
        twin=question.twin,
        left_out=left_out(setting, question.twin),
        told=told,
        sure=tuple(_certainty_row(row) for row in compare_cards(mine, twin, question)),
        own=None if shipped is None else own_against(mine, shipped, question),
        why=tuple(filter(None, (*(one.text for one in why.causes[:REASONS]), why.alike))),
        why_of=why.note,
        charts=charts,
        reading=join_sentences(words for words in reading if words),
        misses=(output_missed(), *misses(record, asked.good, question.state)),
        untested=untested_notes(record, asked.good, question.state),
        limits=tuple(map(say, LIMITS)),
        again=way_back(asked.origin, asked.query),
        citation=asked.citation,
        made=say(
            "{count} of {of} histories, {whole} of them to the end.",
            count=len(mine),
            of=DRAWS,
            whole=mine.whole,
        ),
    )


def own_against(
    mine: Histories, shipped: Histories, question: FindingRequest
) -> OwnTablesEffect | None:
    """What rows of one's own change: the histories of a setting against those with the shipped
    rows; None while they are too few.
    """
    words = finding_or_empty(own_answer(mine, shipped, question.state))
    if not words:
        return None
    facts, state, priced = question.facts, question.state, question.priced
    asked = FindingRequest(facts, state, say("with the shipped numbers"), priced=priced)
    rows = compare_cards(mine, shipped, asked)
    rows = tuple(sorted(rows, key=lambda row: not row.sure))  # what differs first
    return OwnTablesEffect(words, tuple(map(_certainty_row, rows[:OWN_ROWS])))


def way_back(origin: str, query: str) -> WayBack:
    """The way back to the same numbers. A link to one's own computer opens there alone, so that its
    address is not shown; what stands behind the address holds anywhere.
    """
    if not query:
        words = say(
            "This scenario is too long for a link: pass its scenario file on, and bring it to any "
            "Coercivity of this version."
        )
        return WayBack(words, "", "")
    shown, url = f"?{query}", f"{origin}/?{query}" if origin else ""
    if url and urlsplit(origin).hostname not in HERE:
        words = say(
            "This link shows the same numbers; in an installation of your own, start “coercivity "
            "app” and put what begins with the question mark behind the address of its page."
        )
        return WayBack(words, url, url)
    words = say(
        "This link opens on the computer that runs Coercivity. Elsewhere: install Coercivity, "
        "start “coercivity app” and put this behind the address of its page."
    )
    return WayBack(words, shown, url)


# ---------------------------------------------------------------- its parts


def _certainty_row(row: ComparedCard) -> CertaintyRow:
    """How sure a difference is: in how many pairs of histories the number is better."""
    if not row.of:
        return CertaintyRow(row.label, row.here, row.there, row.apart, "–")
    how = say(
        "better in {better} of {of}, worse in {worse}",
        better=row.better,
        of=row.of,
        worse=row.worse,
    )
    return CertaintyRow(row.label, row.here, row.there, row.apart, how)


def _charts(asked: BriefingRequest, mine: Histories, twin: Histories) -> list[Chart]:
    """Price of the good looked at, output of all makers, dependence."""
    from coercivity.model.basis.calendar import month_names

    setting, state = asked.setting, asked.question.state
    months = month_names(setting.shipped.start, setting.shipped.months)
    price = say("Price of {good} in {state}", good=named_in_sentence(asked.good), state=Name(state))
    output = say("Output of makers in {state}", state=Name(state))
    bought = say("% of purchases by weight, by where it was separated")
    wanted = (
        ("prices", asked.good, price, "USD/kg", False),
        ("output", "all", output, say("% of what they plan"), True),
        ("dependence", "all", dependence_title(state), bought, True),
    )
    found, scenario = [], setting.asked()
    for chart, choice, what, unit, share in wanted:
        band, ghost = mine.band(f"{chart}/{choice}"), twin.band(f"{chart}/{choice}")
        if band is None:
            continue
        below = say("{what}, {unit}", what=what, unit=unit)
        found.append(
            Chart(
                id=chart,
                title=chart_title(chart, choice, mine, state, twin, asked.question.twin) or what,
                below=below,
                unit=unit,
                share=share,
                months=months[: band.shape[1]],
                band=band,
                ghost=None if ghost is None else ghost[1],
                twin=asked.question.twin,
                caption=_caption(below, asked, len(mine)),
                note=_above_record_sentence(scenario.facts, chart, choice, band),
                source=source_line(setting.scenario, scenario.fingerprint(), len(mine)),
                language=language(),
            )
        )
    return found


def _above_record_sentence(facts: Facts, chart: str, good: str, band: Any) -> str:
    """What is said of a price whose band goes above any on record; '' for what is no price."""
    highest = float(np.nanmax(band))
    return beyond_record_sentence(facts, good, highest) if chart == "prices" else ""


def _caption(what: str, asked: BriefingRequest, of: int) -> str:
    return join_sentences((say("{what}.", what=what), how_to_read(of, asked.question.twin)))
