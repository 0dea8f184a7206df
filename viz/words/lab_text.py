"""What the lab says of a setting: what its twin is, and what its histories are looked at for."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.findings.finding_request import PRICED, FindingRequest
from coercivity.experiments.findings.twin_run import measures_left_out
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.experiments.worlds import twin
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.finding_text import finding_in_words
from coercivity.viz.words.language import noted, say

MANY_THINGS: Final = ("magnet", "assembly")  # stages of which no good is one thing with one price
TWINS: Final = {
    "changes": noted("without the later changes"),
    "levers": noted("with no lever moved"),
    "acts": noted("without the acts written here"),
    "levers and acts": noted("with no lever moved and without the acts written here"),
    "assumptions": noted("with the shipped assumptions"),
    "tables": noted("with the shipped numbers"),
}


def twin_words(setting: LabSetting) -> str:
    """What the twin is, as the end of a sentence."""
    if moved := setting.base_without():
        return say(TWINS[moved])
    about = twin.measures_in_question(setting.shipped)
    return say("without the measure") if about else say("with nothing new")


def question_of(setting: LabSetting) -> FindingRequest:
    """What the histories are looked at for."""
    moved = tuple(dict.fromkeys(name for name, _ in setting.set_last()))
    shipped = setting.shipped
    return FindingRequest(
        shipped.facts,
        setting.state,
        twin_words(setting),
        shipped.start,
        moved,
        story_day(shipped),
        priced_good(shipped),
    )


def priced_good(*scenarios: Scenario) -> str:
    """The good whose price is told: dysprosium oxide, or where acts name goods of a data folder
    alone the first of these, in the order of the chain; magnets and motors are many things.
    """
    facts = scenarios[0].facts
    goods = facts.table("goods")
    own = {row["good"] for row, file in zip(goods, goods.files, strict=False) if file != goods.file}
    acts = (act for scenario in scenarios for act in scenario.events)
    named = {good for act in acts if own.issuperset(act.goods) for good in act.goods}
    raw = (one for one in facts.goods if one in named and facts.good_stage[one] not in MANY_THINGS)
    return next(raw, PRICED)


def twin_leaves_out(setting: LabSetting) -> str:
    """What the twin of a setting with nothing moved leaves out, in brackets; '' where the twin is
    another.
    """
    if setting.base_without():
        return ""
    if twin.measures_in_question(setting.shipped):
        what = finding_in_words(measures_left_out(setting.shipped))
        return say(" ({what}; all else happens as it does)", what=what)
    return say(
        " (nobody takes any measure from {start} on)", start=date_in_words(setting.shipped.start)
    )


def by_name(measure: Event) -> bool:
    """Whether a measure names the state that the scenarios are about; else it is against all."""
    return FOCUS in measure.targets
