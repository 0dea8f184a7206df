"""What a briefing says of its setting: a table of what was set, and what its twin goes without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.findings.twin_run import measures_left_out
from coercivity.experiments.lab.act_words import kind_words
from coercivity.experiments.lab.levers import find_lever, first_month
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import MEASURES
from coercivity.experiments.worlds import twin as twins
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.event import Event
from coercivity.viz.words.act_text import act_words, dates_in_words
from coercivity.viz.words.briefing_title import (
    lever_value_words,
    lower_first,
    moved_levers,
    rank_own_acts,
)
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.finding_text import finding_in_words
from coercivity.viz.words.language import (
    Name,
    join_names,
    join_sentences,
    list_names,
    noted,
    numeral,
    say,
    says,
)
from coercivity.viz.words.lever_text import lever_in_words
from coercivity.viz.words.names import readable_text
from coercivity.viz.words.own_rows import telling_rows

NAMED: Final = 3  # acts that are named of those that a twin leaves out
MOST_ACTS: Final = 6  # acts of one's own that have a row of their own
MOST_OWN: Final = 5  # rows for rows of one's own
_WITHOUT: Final[Mapping[str, str]] = {  # what a twin goes without -> what is in both
    "changes": noted(
        "The twin is the same histories {twin}: it goes without the later changes of the table. "
        "What was set before them is in both."
    ),
    "levers": noted(
        "The twin is the same histories {twin}: it goes without the levers of the table. The "
        "scenario's own acts are in both."
    ),
    "assumptions": noted(
        "The twin is the same histories {twin}: it goes without the assumptions of the table. The "
        "scenario's own acts are in both."
    ),
    "levers and acts": noted(
        "The twin is the same histories {twin}: it goes without the levers and acts of the table. "
        "The scenario's own acts are in both."
    ),
    "acts": noted(
        "The twin is the same histories {twin}: it goes without the acts of the table. The "
        "scenario's own acts are in both."
    ),
    "tables": noted(
        "The twin is the same histories {twin}: it goes without the own numbers of the table. The "
        "scenario's own acts are in both."
    ),
}


@dataclass(frozen=True)
class Change:
    """A row of the setting's table: what differs from the shipped scenario."""

    what: str
    shipped: str
    here: str


def changes(setting: LabSetting) -> tuple[Change, ...]:
    """What differs from the shipped scenario, a row each, the most telling first as in the title:
    later changes, acts, levers, numbers of one's own, assumptions.
    """
    later = [
        Change(
            say(
                "{lever}, from {month}",
                lever=lever_in_words(name, setting.state),
                month=date_in_words(month),
            ),
            "",
            lever_value_words(name, value),
        )
        for month, name, value in setting.changes
    ]
    levers = [
        Change(
            _lever_since(lever.id, setting),
            lever_value_words(lever.id, lever.rest),
            lever_value_words(lever.id, dict(setting.levers)[lever.id]),
        )
        for lever in moved_levers(setting)
    ]
    own = [
        Change(row.what, row.shipped, row.here)
        for row in telling_rows(setting.shipped, setting.state, MOST_OWN)
    ]
    return (*later, *_acts(setting), *levers, *own, *_assumptions(setting))


def left_out(setting: LabSetting, twin: str) -> str:
    """What the twin goes without, and what is in both."""
    without = setting.base_without()
    if without in _WITHOUT:
        told = [say(_WITHOUT[without], twin=twin)]
        if without != "tables" and setting.shipped.tables:
            told.append(say("The own numbers of the table are in both, too."))
        return join_sentences(told)
    if twins.measures_in_question(setting.shipped):
        return say(
            "The twin is the same histories {twin}. All other acts of the scenario and what firms "
            "do by themselves are in both.",
            twin=finding_in_words(measures_left_out(setting.shipped)),
        )
    gone = _new_acts(setting)
    if not gone:
        return say(
            "The twin is the same histories {twin}: the scenario has no act to leave out.",
            twin=twin,
        )
    acts = [_act(event) for event in gone[:NAMED]]
    if gone[NAMED:]:
        acts.append(says("{count} more act", "{count} more acts", len(gone) - NAMED))
    return say(
        "The twin is the same histories {twin}: it goes without these acts: {acts}. What stood "
        "before and what firms do by themselves are in both.",
        twin=twin,
        acts=join_names(acts),
    )


# ---------------------------------------------------------------- rows


def _lever_since(name: str, setting: LabSetting) -> str:
    """A lever, and from when it acts."""
    shipped = setting.shipped
    if find_lever(name).is_from_start:
        wording, month = noted("{lever}, held since {month}"), shipped.start
    else:
        wording, month = noted("{lever}, from {month}"), first_month(shipped)
    return say(wording, lever=lever_in_words(name, setting.state), month=date_in_words(month))


def _acts(setting: LabSetting) -> list[Change]:
    """Acts of one's own: what each is and when, and what it says."""
    acts = rank_own_acts(setting)
    told = acts[: MOST_ACTS - (len(acts) > MOST_ACTS)]
    rows = []
    for act in told:
        label, words = say(kind_words(act.kind).label), act_words(act)
        here = words.removeprefix(label).lstrip(":： ")
        what = say("{act}, {dates}", act=label, dates=dates_in_words(act))
        rows.append(Change(what, "", here[:1].upper() + here[1:]))
    if left := len(acts) - len(told):
        more = says("and {count} more act", "and {count} more acts", left)
        rows.append(Change(more, "", say("in the scenario file")))
    return rows


def _assumptions(setting: LabSetting) -> list[Change]:
    """Assumptions: parameter, shipped value, value."""
    table, shipped = load_parameters(), setting.shipped.parameter_values().to_dict()

    def value(name: str, number: float) -> str:
        told = numeral(f"{number:g}")
        return say("{number} {unit}", number=told, unit=say(table[name].unit))

    return [
        Change(
            say("{what} ({name})", what=say(readable_text(table[name].description)), name=name),
            value(name, shipped[name]),
            value(name, number),
        )
        for name, number in setting.assumptions
    ]


# ---------------------------------------------------------------- acts that a twin goes without


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
    """An act in a list: 'dual use ban of China on Japan, 6 January 2026'."""
    what, day = lower_first(say(event.kind.replace("_", " "))), date_in_words(event.date)
    on = list_names(f"{Name(state)}" for state in event.targets)
    if event.actor and on:
        return say(
            "{act} of {actor} on {targets} ({day})",
            act=what,
            actor=Name(event.actor),
            targets=on,
            day=day,
        )
    if event.actor:
        return say("{act} of {actor} ({day})", act=what, actor=Name(event.actor), day=day)
    if on:
        return say("{act} on {targets} ({day})", act=what, targets=on, day=day)
    return say("{act} ({day})", act=what, day=day)
