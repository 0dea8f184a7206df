"""What a briefing is about, in its title: what was asked, the most telling first; and below it the
scenario and how much of which kind was set, counted as a reader counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.lab.act_words import kind_words, value_words
from coercivity.experiments.lab.acts import Act
from coercivity.experiments.lab.levers import Lever, all_levers, find_lever, lever_table
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import MEASURES
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import (
    SOURCE,
    Name,
    join_names,
    language,
    noted,
    numeral,
    say,
    says,
)
from coercivity.viz.words.lever_text import lever_in_words

LONGEST: Final = 2  # things that a title names
_ACTS: Final[Mapping[str, str]] = {  # kind of act -> what it is in a title; others by their label
    "licensing": noted("licences on {goods} from {month}"),
    "quota": noted("a quota on {goods} from {month}"),
    "export_duty": noted("a duty on {goods} from {month}"),
    "blanket_ban": noted("a ban on {goods} from {month}"),
    "dual_use_ban": noted("a ban for military users from {month}"),
    "cut": noted("a cut of {goods} from {month}"),
    "customs_halt": noted("a halt of {goods} at customs from {month}"),
    "import_tariff": noted("a tariff on {goods} from {month}"),
    "grant": noted("a grant of USD {budget} million"),
    "loan": noted("loans of USD {budget} million"),
    "equity": noted("public shares of USD {budget} million"),
    "price_floor": noted("a price floor for {good}"),
    "firm_stock": noted("more stock that firms hold in {states}"),
    "stockpile": noted("a state stockpile"),
}


def title(setting: LabSetting) -> str:
    """What was asked, and for whom: 'Licences on dysprosium and terbium from March 2026 and a grant
    of USD 500 million: what this means for Germany'; the scenario's title where nothing was set.
    """
    what = briefing_title(setting)
    return say("{what}: what this means for {state}", what=what, state=Name(setting.state))


def briefing_title(setting: LabSetting) -> str:
    """What was asked; the scenario's title where nothing was set."""
    named, what = subjects(setting), scenario_title(setting)
    if named[LONGEST:]:
        what = says(
            "{first}, {second} and {count} other change",
            "{first}, {second} and {count} other changes",
            len(named) - LONGEST,
            first=named[0],
            second=named[1],
        )
    elif named:
        what = join_names(named)
    return what[:1].upper() + what[1:]


def briefing_subtitle(setting: LabSetting) -> str:
    """The scenario, and how much of which kind was set in it."""
    named, parts = scenario_title(setting), counted_changes(setting)
    if not parts:
        return say("Scenario: {scenario}, as shipped.", scenario=named)
    return say("Scenario: {scenario}. Set here: {parts}.", scenario=named, parts=join_names(parts))


def scenario_title(setting: LabSetting) -> str:
    """The scenario by its title."""
    shipped = setting.shipped
    return say(shipped.title) if shipped.title else shipped.name


def counted_changes(setting: LabSetting) -> list[str]:
    """What was set, in the reader's terms: '2 levers', '1 act', 'stocks of 3 industries'."""
    found = []
    if setting.levers:
        found.append(says("{count} lever", "{count} levers", len(setting.levers)))
    if setting.acts:
        found.append(says("{count} act", "{count} acts", len(setting.acts)))
    if setting.changes:
        found.append(says("{count} later change", "{count} later changes", len(setting.changes)))
    if setting.assumptions:
        count = len(setting.assumptions)
        found.append(says("{count} assumption", "{count} assumptions", count))
    return found + own_numbers(setting)


def own_numbers(setting: LabSetting) -> list[str]:
    """Rows of one's own, as what they are about."""
    rows, found = {name: len(rows) for name, rows in setting.shipped.tables}, []
    stocks = {dict(row)["kind"] for row in dict(setting.shipped.tables).get("cover", ())}
    if stocks:
        found.append(
            says("stocks of {count} industry", "stocks of {count} industries", len(stocks))
        )
    if count := rows.get("trade_prior", 0):
        found.append(says("{count} share of trade", "{count} shares of trade", count))
    if count := rows.get("projects", 0):
        found.append(says("{count} plant", "{count} plants", count))
    return found


def subjects(setting: LabSetting) -> list[str]:
    """What was asked, the most telling first: what the twin goes without before what is in both, a
    measure before what answers it, an act before a number.
    """
    own = [say("own numbers for {what}", what=what) for what in own_numbers(setting)]
    assumed = len(setting.assumptions)
    return [
        *(
            say(
                "{what} from {month}",
                what=_lever(name, value, setting.state),
                month=date_in_words(month),
            )
            for month, name, value in setting.changes
        ),
        *(act_subject(act) for act in rank_own_acts(setting)),
        *(
            _lever(lever.id, dict(setting.levers)[lever.id], setting.state)
            for lever in moved_levers(setting)
        ),
        *own,
        *([says("{count} assumption", "{count} assumptions", assumed)] if assumed else []),
    ]


def moved_levers(setting: LabSetting) -> list[Lever]:
    """The levers that were moved, in the order of their table: those of the state looked at, the
    exporter's first, then those of others.
    """
    order = dict.fromkeys((*(lever.id for lever in lever_table(setting.state)), *all_levers()))
    return [find_lever(name) for name in order if name in dict(setting.levers)]


def rank_own_acts(setting: LabSetting) -> list[Act]:
    """Acts of one's own, the most telling first: measures before others, what names the state
    before the rest, then by date.
    """

    def order(act: Act) -> tuple[bool, bool, str]:
        named = {act.actor, *act.targets, *(one for _, held in act.fields for one in _names(held))}
        return act.kind not in MEASURES, setting.state not in named, act.date

    return sorted(setting.acts, key=order)


def act_subject(act: Act) -> str:
    """An act as it stands in a title: 'licences on dysprosium and terbium from March 2026'."""
    known = {**_defaults(act.kind), **dict(act.fields)}
    month = date_in_words(act.date[:7])
    if act.kind not in _ACTS or (act.kind == "firm_stock" and not known.get("states")):
        return say(
            "{what} from {month}", what=lower_first(say(kind_words(act.kind).label)), month=month
        )
    numbers = {
        name: value_words(act.kind, name, known[name], say, numeral)
        for name in ("budget", "good")
        if known.get(name) is not None
    }
    states = join_names(f"{Name(state)}" for state in known.get("states", ()))
    return say(_ACTS[act.kind], month=month, goods=goods_of(act), states=states, **numbers)


def goods_of(act: Act) -> str:
    """The goods of an act in a sentence: 'dysprosium and terbium'."""
    return join_names(value_words(act.kind, "goods", (good,), say, numeral) for good in act.goods)


def lower_first(text: str) -> str:
    """A label as it stands within an English sentence, names and abbreviations as they are; in
    another language as it is, whose nouns may be written with capitals.
    """
    first = text.split(" ")[0]
    if language() != SOURCE or first[1:] != first[1:].lower():
        return text
    return text[:1].lower() + text[1:]


def lever_value_words(name: str, value: float) -> str:
    """A lever's value in words."""
    lever = find_lever(name)
    if lever.options:
        return say(lever.options[int(value)])
    number = numeral(f"{value:,g}")
    if lever.unit == "%":
        return say("{number}%", number=number)
    return say("{number} {unit}", number=number, unit=say(lever.unit))


def _lever(name: str, value: float, state: str) -> str:
    """A lever as it stands in a title: 'state stockpile at 4 months of use'."""
    lever = find_lever(name)
    label = lower_first(lever_in_words(name, state))
    if lever.options:
        return say("{label}: {choice}", label=label, choice=lever_value_words(name, value))
    return say("{label} at {value}", label=label, value=lever_value_words(name, value))


def _defaults(kind: str) -> Mapping[str, Any]:
    return {name: field.default for name, field in kinds_of(Facts.default())[kind].fields.items()}


def _names(held: Any) -> Sequence[Any]:
    return held if isinstance(held, tuple) else (held,)
