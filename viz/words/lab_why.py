"""Why a setting does what it does, or nothing: a few sentences out of the records of one history
and of its twin with the same luck. Which plants are begun because of it and which would be anyway,
what money was called on, when stocks run out, whom the state's stockpile served, what the
exporter's office answers, who re-sells, what governments decide otherwise. What changes first
stands first, what does not happen last; under each sentence the records that it is made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.experiments.worlds import standing
from coercivity.model.basis.names import GOOD_STAGE
from coercivity.viz.words import why_records
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.finding_text import SUPPORT as MONEY
from coercivity.viz.words.firm_names import is_past
from coercivity.viz.words.language import Name, listed, noted, numeral, say, says, together
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import named_in_sentence, plant
from coercivity.viz.words.why_pair import (
    EMPTY,
    LEAST_TONNES,
    Pair,
    answers_counted,
    begun_plants,
    in_months_counted,
    month_used_up,
    stops_counted,
    tonnes_by_month,
)

if TYPE_CHECKING:
    from coercivity.experiments.worlds.headline_tables import FinishedRun

NAMED: Final = 3  # plants that are named; the others are counted
ALIKE: Final = 0.05  # what differs by less is not told
# what a lever does -> kind of payment; an act that the visitor wrote is of its own kind
PAID_BY: Final[Mapping[str, str]] = {"plants": "loan", "money": "grant", "floor": "price_floor"}
OFFERS: Final = {"loan": "plants", "grant": "money"}  # levers whose value is a budget
END: Final = "end_use"  # stage of the makers whom the cards count
DEALERS: Final = ("reserve", "traders")  # stages that hold what they do not use
STOCKED: Final = ("magnet_heat_resistant", "dysprosium_oxide")
RESERVE: Final = "reserve"  # stage of a state's stockpile
NEVER: Final = "9999-12"  # of what does not happen
SCRIPTED: Final = "scripted act"  # what a government saw that decides nothing


@dataclass(frozen=True)
class Reason:
    """A sentence, the table of the records that it stands in, a few of these in words, and the
    month of the first of them; NEVER for what does not happen.
    """

    text: str
    table: str
    records: tuple[str, ...] = ()
    first: str = NEVER


def reasons(
    mine: FinishedRun,
    twin: FinishedRun,
    state: str,
    since: str,
    levers: Mapping[str, float],
    plants: Callable[[Pair], Reason | None] | None = None,
) -> list[Reason]:
    """The trail of a history against its twin, what changes first before the rest. plants: who
    tells of plants in its own way.
    """
    pair = Pair(mine, twin, state, since)
    found = [
        *_reserves(pair),
        _stocks(pair),
        _want(pair),
        _office(pair),
        _resold(pair),
        *_money(pair, levers),
        (plants or _plants)(pair),
        _decided(pair),
    ]
    return sorted((one for one in found if one is not None), key=lambda one: one.first)


# ---------------------------------------------------------------- one sentence each


def _money(pair: Pair, levers: Mapping[str, float]) -> Iterable[Reason]:
    """What was called on of the money that a lever, or an act, offers."""
    moved: dict[str, float] = {}
    for name, value in levers.items():
        does = find_lever(name).role if is_lever(name) else name
        moved[does] = moved.get(does, 0.0) + value
    kinds = dict.fromkeys(PAID_BY.get(does, does) for does, value in moved.items() if value)
    for kind in (one for one in kinds if one in MONEY):
        what = MONEY[kind]
        mine, twin = pair.tables("spending", kind=kind)
        public = [
            rows[rows["payer"].astype(str).str.startswith("government")]["usd_million"].sum()
            for rows in (mine, twin)
        ]
        more, offered = float(public[0] - public[1]), moved.get(OFFERS.get(kind, ""), 0.0)
        if more >= 1.0:
            records, first = why_records.paid(mine, twin)
            parts = {"sum": millions(more), "what": say(what)}
            if offered > more + 1.0:
                told = say(
                    "{sum} more are paid in {what} than without it, of {offered} offered.",
                    offered=millions(offered),
                    **parts,
                )
            else:
                told = say("{sum} more are paid in {what} than without it.", **parts)
            yield Reason(told, "spending", records, first)
        else:
            told = say(
                "Nobody calls on it: no more is paid in {what} than without it.", what=say(what)
            )
            yield Reason(told, "spending")


def _plants(pair: Pair) -> Reason | None:
    """Which plants are begun because of it, and how many anyway."""
    begun, anyway = (
        begun_plants(rows, pair.first) for rows in pair.tables("events", kind="project begins")
    )
    only = {name: month for name, month in begun.items() if name not in anyway}
    not_begun = [name for name in anyway if name not in begun]
    ended = begun_plants(pair.tables("events", kind="project cancelled")[0], pair.first)
    both = len(begun) - len(only)
    if not only and not not_begun:
        wording = noted("No plant is begun for it: the same {count} are begun without it.")
        return Reason(says(wording, wording, both), "events") if both else None
    told = []
    if only:
        told.append(_begun_only(only, given_up(only, ended)))
    if not_begun:
        told.append(
            says(
                "One plant begun without it is not.",
                "{count} plants begun without it are not.",
                len(not_begun),
            )
        )
    told.append(says("{count} is begun either way.", "{count} are begun either way.", both))
    records = [
        *why_records.plants(only, pair.tables("events")[0]),
        *why_records.plants({name: anyway[name] for name in not_begun}, None),
    ]
    first = min([*only.values(), *(anyway[name] for name in not_begun)])
    return Reason(together(told), "events", tuple(records), first)


def given_up(plants: Iterable[str], ended: Mapping[str, str]) -> int:
    """How many of some plants are given up; 0, which tells nothing, where one of them is in a month
    that is past. ended: the month by plant.
    """
    months = [ended[name] for name in plants if name in ended]
    return 0 if any(map(is_past, months)) else len(months)


def _begun_only(only: Mapping[str, str], lost: int) -> str:
    """The plants that are begun only with it, and how many of them are given up."""
    named = [
        say("{plant} ({month})", plant=plant(name), month=date_said(month))
        for name, month in list(only.items())[:NAMED]
    ]
    names, left = listed(named), len(only) - NAMED
    if left > 0:
        wording = noted("{names} and {count} more")
        names = says(wording, wording, left, names=names)
    if not lost:
        return say("Begun only with it: {names}.", names=names)
    if len(only) == 1:
        return say("Begun only with it: {names}; it is given up before opening.", names=names)
    return says(
        "Begun only with it: {names}; {count} of them is given up before opening.",
        "Begun only with it: {names}; {count} of them are given up before opening.",
        lost,
        names=names,
    )


def _reserves(pair: Pair) -> Iterable[Reason]:
    """What the state's own stockpile held, and when it had given it out."""
    for good in STOCKED:
        mine, twin = (
            tonnes_by_month(rows[rows["stage"] == RESERVE])
            for rows in pair.tables("stocks", state=pair.state, good=good)
        )
        seen = mine[mine.index <= pair.last]
        most = float(seen.max()) if len(seen) else 0.0
        if most < LEAST_TONNES or most <= (1.0 + ALIKE) * float(twin.max() if len(twin) else 0.0):
            continue
        full = str(seen.idxmax())
        left = seen[(seen.index > full) & (seen < EMPTY * most)]
        of = {
            "good": named_in_sentence(good),
            "state": Name(pair.state),
            "most": numeral(f"{most:,.0f}"),
        }
        records = why_records.months((mine, twin), full, pair.last)
        if len(left):
            wording = noted(
                "The state stockpile of {good} in {state} holds {most} t at most and has given it "
                "out by {month}."
            )
            if str(left.index[0]) < pair.first:
                wording = noted(
                    "The state stockpile of {good} in {state} holds {most} t at most and has given "
                    "it out by {month}, before the count begins."
                )
            told = say(wording, month=date_said(str(left.index[0])), **of)
        else:
            told = say(
                "The state stockpile of {good} in {state} holds {most} t at most, {left} t two "
                "years after.",
                left=numeral(f"{float(seen.iloc[-1]):,.0f}"),
                **of,
            )
        yield Reason(told, "stocks", records, str(left.index[0]) if len(left) else pair.last)


def _stocks(pair: Pair) -> Reason | None:
    """When the stocks of users run out, with it and without."""
    for good in STOCKED:
        dealt = (*DEALERS, GOOD_STAGE[good])
        rows = pair.tables("stocks", state=pair.state, good=good)
        held = (
            tonnes_by_month(rows[0][~rows[0]["stage"].isin(dealt)]),
            tonnes_by_month(rows[1][~rows[1]["stage"].isin(dealt)]),
        )
        mine, twin = (month_used_up(line, pair) for line in held)
        if mine is None or twin is None:
            continue
        if mine == twin == "":
            continue
        of = {"good": named_in_sentence(good), "state": Name(pair.state)}
        told = say(_used_up(mine, twin), month=date_said(mine), other=date_said(twin), **of)
        if mine == twin:
            return Reason(told, "stocks")
        return Reason(
            told,
            "stocks",
            why_records.months(held, pair.first, pair.last),
            min(month for month in (mine, twin) if month),
        )
    return None


def _want(pair: Pair) -> Reason | None:
    """For want of what lines stop."""
    spells = pair.tables("stoppages", state=pair.state, stage=END)
    seen = [stops_counted(rows, pair) for rows in spells]
    stood = [len(standing.stood(rows, pair.since)) for rows in spells]
    mine, twin = (Counter(rows["missing"].astype(str)) for rows in seen)
    here, there = mine.total(), twin.total()
    state = Name(pair.state)
    if not here and not there:
        none = noted("No maker's line in {state} stops in two years, with it or without.")
        return Reason(say(none, state=state), "stoppages")
    if not here:
        return Reason(
            say(
                "Makers' lines in {state} stop {times} without it, never with it.",
                state=state,
                times=_times(there),
            ),
            "stoppages",
            why_records.stops(seen[1]),
            str(seen[1]["first_day"].min())[:7],
        )
    told = say(
        _stopping(here == there, any(stood)),
        state=state,
        times=_times(here),
        goods=_most(mine),
        other=_times(there),
        stood=stood[0],
        other_stood=stood[1],
    )
    return Reason(
        told, "stoppages", why_records.stops(seen[0]), str(seen[0]["first_day"].min())[:7]
    )


def _used_up(mine: str, twin: str) -> str:
    """What is said of stocks that are used up in a month with it, and in another without it; '' for
    not at all.
    """
    if mine == twin:
        return noted("Stocks of {good} in {state} are used up in {month}, as without it.")
    if not twin:
        return noted(
            "Stocks of {good} in {state} are used up in {month}; without it they are not used up."
        )
    if not mine:
        return noted("Stocks of {good} in {state} last; without it they are used up in {other}.")
    return noted(
        "Stocks of {good} in {state} are used up in {month}; without it they are used up in "
        "{other}."
    )


def _stopping(alike: bool, stood: bool) -> str:
    """What is said of lines that stop: as often without it or not; whether some stood before."""
    if alike and stood:
        return noted(
            "Makers' lines in {state} stop {times} in two years, most for want of {goods}; as "
            "often without it; {stood} stood already when the count begins, without it "
            "{other_stood}."
        )
    if alike:
        return noted(
            "Makers' lines in {state} stop {times} in two years, most for want of {goods}; as "
            "often without it."
        )
    if stood:
        return noted(
            "Makers' lines in {state} stop {times} in two years, most for want of {goods}; without "
            "it {other}; {stood} stood already when the count begins, without it {other_stood}."
        )
    return noted(
        "Makers' lines in {state} stop {times} in two years, most for want of {goods}; without it "
        "{other}."
    )


def _most(counts: Counter[str]) -> str:
    """What was missing most, the first two."""
    found = [
        say("{good} ({times})", good=named_in_sentence(good), times=times)
        for good, times in counts.most_common(2)
    ]
    return say("{first} and {second}", first=found[0], second=found[1]) if found[1:] else found[0]


def _office(pair: Pair) -> Reason | None:
    """What the exporter's office answers to applications for goods to the state."""
    seen = [
        in_months_counted(rows, pair)
        for rows in pair.tables("licences", exporter=EXPORTER, importer=pair.state)
    ]
    mine, twin = (answers_counted(rows) for rows in seen)
    if mine["filed"] < 1.0 and twin["filed"] < 1.0:
        return None
    if mine["filed"] < 1.0:
        none = noted("{exporter}'s office has nothing to answer: no licence is needed.")
        return Reason(say(none, exporter=Name(EXPORTER)), "licences")
    if abs(mine["granted"] - twin["granted"]) <= ALIKE * twin["granted"]:
        return None
    wording = (
        noted(
            "{exporter}'s office grants {granted} of {filed} applications for goods to {state} in "
            "two years; without it {other_granted} of {other_filed}."
        )
        if twin["filed"] >= 1.0
        else noted(
            "{exporter}'s office grants {granted} of {filed} applications for goods to {state} in "
            "two years; without it none is needed."
        )
    )
    told = say(
        wording,
        exporter=Name(EXPORTER),
        state=Name(pair.state),
        granted=f"{mine['granted']:.0f}",
        filed=f"{mine['filed']:.0f}",
        other_granted=f"{twin['granted']:.0f}",
        other_filed=f"{twin['filed']:.0f}",
    )
    if any(one["granted"] > one["filed"] for one in (mine, twin)):
        told = together([told, say("Some of the applications granted were filed before.")])
    return Reason(told, "licences", why_records.answers(seen[0], seen[1]), pair.first)


def _resold(pair: Pair) -> Reason | None:
    """What comes through third countries."""
    seen = [
        in_months_counted(rows, pair)
        for rows in pair.tables("leaks", to=pair.state, route="third_country")
    ]
    mine, twin = (float(rows["tonnes"].sum()) for rows in seen)
    if abs(mine - twin) < max(LEAST_TONNES, ALIKE * twin):
        return None
    return Reason(
        say(
            "Third countries re-sell {tonnes} t to {state} in two years; without it {other} t.",
            tonnes=numeral(f"{mine:,.0f}"),
            state=Name(pair.state),
            other=numeral(f"{twin:,.0f}"),
        ),
        "leaks",
        why_records.through(seen[0], seen[1]),
        str(min(rows["month"].min() for rows in seen if len(rows))),
    )


def _decided(pair: Pair) -> Reason | None:
    """What governments decide by themselves that they do not decide without it."""
    mine, twin = (
        rows[(rows["month"] >= pair.first) & (rows["saw"].astype(str) != SCRIPTED)]
        for rows in pair.tables("decisions")
    )
    known = set(zip(twin["month"], twin["actor"].astype(str), strict=True))
    records: list[dict[str, str]] = [
        {str(name): str(value) for name, value in row.items()} for row in mine.to_dict("records")
    ]
    other = [
        row
        for row in records
        if (row["month"], row["actor"]) not in known  # the same act to another size is none
    ]
    if not other:
        return None
    who = sorted({row["actor"] for row in other})
    return Reason(
        say(
            "Governments act {times} where they do not without it, first in {month}: {who}.",
            times=_times(len(other)),
            month=date_said(other[0]["month"]),
            who=listed(map(say, who)),
        ),
        "decisions",
        why_records.decisions(other),
        other[0]["month"],
    )


def _times(number: int) -> str:
    """How often, in words."""
    known = {0: noted("never"), 1: noted("once"), 2: noted("twice")}
    return say(known[number]) if number in known else says("{count} time", "{count} times", number)
