"""Tables of what happened: stoppages, events, acts in force, decisions of governments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.model.basis.calendar import day_at, days_in_month
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.parts.ledger import Happening
from coercivity.model.politics.supply_policy import MAGNETS
from coercivity.model.results.frames import frame
from coercivity.model.results.records import Records
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.model.scenario.event import Event, decided_in_run

if TYPE_CHECKING:
    import pandas as pd

SIGNALS = ("remark", "threat", "review", "breach")
LULLS = ("suspension", "truce")  # in force by their dates; the world keeps no list of them
FIRST_YEAR = 12
WORDS = {  # a good as it stands in a sentence on what is missing
    "ndpr_oxide": "NdPr oxide",
    "seg_oxide": "samarium, gadolinium or europium oxide",
    "ndpr_metal": "NdPr metal",
    "magnet_standard": "standard magnets",
    "magnet_heat_resistant": "heat-resistant magnets",
    "magnet_smco": "samarium-cobalt magnets",
    "motor_standard": "motors with standard magnets",
    "motor_heat_resistant": "motors with heat-resistant magnets",
}


@dataclass(frozen=True)
class Stop:
    """A spell of months in which a firm's line stood: first and last month (last None while it
    still stands at the end), and what was missing.
    """

    firm: int
    first: int
    last: int | None
    missing: int
    day: float
    lost: float


def stopped_lines(records: Records) -> tuple[BoolArray, FloatArray]:
    """Months x firms: whether a line counts as stopped, and the output that it is measured against.

    End users: run below STOP_THRESHOLD x plan. Makers: run below STOP_THRESHOLD x their mean run
    over the first year while an input is lacking.
    """
    structure, run = records.structure, records["run"]
    end = structure.firm_sector >= 0
    usual = np.where(end[None, :], records["plan"], run[:FIRST_YEAR].mean(axis=0)[None, :])
    lacking = np.zeros_like(run, dtype=bool)
    months, needs = np.nonzero(records["lacking"])
    lacking[months, structure.need_firm[needs]] = True
    below = (run < STOP_THRESHOLD * usual) & (usual > 0)
    return below & lacking, usual


def spells(down: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Firm, first month and month after the last of every spell in which a line was down (months x
    firms), by firm and time.
    """
    edge = np.diff(down.astype(np.int8), axis=0, prepend=0, append=0)
    firm, first = np.nonzero((edge > 0).T)
    _, past = np.nonzero((edge < 0).T)
    return firm, first, past


def stops(records: Records) -> list[Stop]:
    """All spells, by firm and time."""
    structure, run = records.structure, records["run"]
    down, usual = stopped_lines(records)
    firm, first, past = spells(down)
    first_need = np.searchsorted(structure.need_firm, np.arange(len(structure.names) + 1))
    found = []
    for who, begin, end in zip(firm.tolist(), first.tolist(), past.tolist(), strict=True):
        rows = slice(int(first_need[who]), int(first_need[who + 1]))
        left = np.where(
            records["lacking"][begin, rows],
            records["need_stock"][begin, rows] / np.maximum(structure.base_use[rows], 1e-12),
            np.inf,
        )
        # of inputs that are gone alike the first, whatever dust rounding left of them
        at = int(left.round(9).argmin())
        if structure.firm_sector[who] >= 0:  # lines stop by strain
            lacking = records["lacking"][begin, rows]
            at = int(np.where(lacking, records["strain"][begin, rows], -1.0).argmax())
        missing = int(structure.need_good[rows][at])
        normal = float(usual[begin:end, who].sum())
        lost = max(0.0, 1.0 - float(run[begin:end, who].sum()) / normal)
        found.append(
            Stop(
                who,
                begin,
                None if end == records.months else end - 1,
                missing,
                float(records["lasts"][begin, who]),
                lost,
            )
        )
    return found


def maker_stops(records: Records) -> list[Stop]:
    """Return the spells of makers (end users) alone, by firm and time."""
    return [stop for stop in stops(records) if records.structure.firm_sector[stop.firm] >= 0]


def stoppages(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Every spell in which a line stood: firm, first and last day, and the share of its output that
    was lost (of plan; makers: of the first year's run).

    first_day: when its stock ran out in that month; last_day: the end of the last month in which it
    stood, null when it still stands at the end. A line that ran out late in a month counts as
    stopped from the first month in which it misses enough output.
    """
    facts = records.facts
    structure, found = records.structure, stops(records)
    rows = np.array([stop.firm for stop in found], dtype=np.int64)
    last = [
        f"{months[stop.last]}-{days_in_month(months[stop.last]):02d}"
        if stop.last is not None
        else None
        for stop in found
    ]
    return frame(
        {
            "firm": (rows, structure.names),
            "state": (structure.firm_state[rows], facts.states),
            "sector": (
                np.where(structure.firm_sector < 0, len(facts.sectors), structure.firm_sector)[
                    rows
                ],
                (*facts.sectors, ""),
            ),
            "stage": (processes(facts).stage[structure.firm_process[rows]], STAGES),
            "first_day": [day_at(months[stop.first], stop.day) for stop in found],
            "last_day": last,
            "output_lost_share": np.array([stop.lost for stop in found]),
            "missing": (np.array([s.missing for s in found], int), facts.goods),
        },
        {"first_day": "YYYY-MM-DD", "last_day": "YYYY-MM-DD", "output_lost_share": "0-1"},
        {"last_day": "null while the line still stands at the end of the run"},
    )


def happenings(records: Records) -> list[Happening]:
    """Month, actor, kind and phrase of what happened, in the order of the table events."""
    facts = records.facts
    structure = records.structure
    rows = list(records.events)
    told: set[int] = set()
    for stop in stops(records):
        if stop.firm in told:
            continue
        told.add(stop.firm)
        state, name = facts.states[structure.firm_state[stop.firm]], structure.names[stop.firm]
        good = facts.goods[stop.missing]
        missing = Phrase(words(good), {"good": good})
        stopped = Phrase.of("a line at {name} stops: no {good}", name=name, good=missing)
        rows.append((stop.first, state, "stop", stopped))
        if stop.last is not None:
            again = Phrase.of("{name} runs again", name=name)
            rows.append((stop.last + 1, state, "restart", again))
    rows.sort(key=lambda row: row[0])
    return rows


def events(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """What happened, in words, by month: acts and decisions first, then the first stop of each firm
    and its first restart (actor: its state).
    """
    rows = happenings(records)
    return frame(
        {
            "month": (np.array([row[0] for row in rows], int), months),
            "actor": [row[1] for row in rows],
            "kind": [row[2] for row in rows],
            "text": [str(row[3]) for row in rows],
        },
        {},
    )


def words(good: str) -> str:
    """A good as it stands in a sentence: 'dysprosium oxide', 'heat-resistant magnets'."""
    return WORDS.get(good, good.replace("_", " "))


def policy(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Acts by month: a row a month while in force, one in the month in which it ended, and one for
    a signal in the month in which it was sent.
    """
    rows: list[tuple[int, Event, str]] = []
    before: frozenset[str] = frozenset()
    signals = [event for event in records.script if event.kind in SIGNALS]
    lulls = [event for event in records.script if event.kind in LULLS]
    for month in range(len(months)):
        now = [event for act in records.acts[month] if (event := records.event(act))]
        known = {event.id for event in now}  # a truce is among the acts too
        now += [
            event
            for event in lulls
            if event.id not in known
            and event.month_index(records.start)
            <= month
            <= _last_month(event, records.start, len(months))
        ]
        rows += [(month, event, "in force") for event in now]
        names = frozenset(event.id for event in now)
        rows += [
            (month, event, "ended")
            for act in sorted(before - names)
            if (event := records.event(act))
        ]
        rows += [
            (month, event, "signal")
            for event in signals
            if event.month_index(records.start) == month
        ]
        before = names
    return frame(
        {
            "month": (np.array([month for month, _, _ in rows], int), months),
            "actor": [event.actor for _, event, _ in rows],
            "kind": [event.kind for _, event, _ in rows],
            "targets": [", ".join(event.targets) for _, event, _ in rows],
            "goods": [event.covers for _, event, _ in rows],
            "state_of": [state for _, _, state in rows],
            "act": [event.id for _, event, _ in rows],
        },
        {},
        {
            "actor": "'' for an accident and for an act of firms",
            "goods": (
                "a group's name where the act covers just that group; '' where it has no goods"
            ),
        },
    )


def _last_month(event: Event, start: str, months: int) -> int:
    end = event.end_index(start)
    return months if end is None else end


@dataclass(frozen=True)
class Choosing:
    """What a government saw, chose and rejected; of_its_own: not so of an act that is scripted."""

    month: int
    actor: str
    saw: Phrase
    chose: Phrase
    rejected: tuple[Phrase, ...] = ()
    of_its_own: bool = True


def choices(records: Records) -> list[Choosing]:
    """What governments decided, in the order of the table decisions."""
    kinds = kinds_of(records.facts)
    ruled = {(decision.month, decision.government) for decision in records.decisions}
    decided = {event.id for event in records.script if decided_in_run(records.facts, event.id)}
    found = [
        Choosing(one.month, one.government, one.saw, one.chose, one.rejected)
        for one in records.decisions
    ]
    for month, actor, kind, told in records.events:
        in_run = told.fields.get("id") in decided
        if kind == "mining_quota":
            found.append(Choosing(month, actor, _expectation(records, month), told))
        elif kind in kinds and kinds[kind].actor and not in_run:
            found.append(Choosing(month, actor, Phrase("scripted act"), told, of_its_own=False))
        elif kind in kinds and kinds[kind].actor and (month, actor) not in ruled:
            found.append(Choosing(month, actor, Phrase("a player's choice"), told))
    return sorted(found, key=lambda one: one.month)


def _expectation(records: Records, month: int) -> Phrase:
    """What firms expect to use of the magnets that a mining quota goes by, beside the start."""
    rows = [records.facts.good_row[name] for name in MAGNETS]
    magnets = np.isin(records.structure.need_good, rows)
    now, then = (float(records["expected"][at][magnets].sum()) for at in (month - 1, 0))
    return Phrase.of(
        "firms expect to use {tonnes} t of magnets a month, {change} on the start",
        tonnes=f"{now:,.0f}",
        change=f"{100.0 * (now / then - 1.0):+.0f}%",
    )


def decisions(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """What governments decided, by month: what they saw, chose and rejected, with scores. Of a
    scripted act nothing else is known.

    A government that decides by its rule has a row for each matter that came up, also where it
    chose to do nothing; a played one has its choices.
    """
    rows = choices(records)
    return frame(
        {
            "month": (np.array([row.month for row in rows], int), months),
            "actor": [row.actor for row in rows],
            "saw": [str(row.saw) for row in rows],
            "chose": [str(row.chose) for row in rows],
            "rejected": ["; ".join(map(str, row.rejected)) for row in rows],
        },
        {},
        {"rejected": "'' where no alternative was weighed"},
    )
