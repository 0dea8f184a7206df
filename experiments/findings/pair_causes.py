"""Why a run is as it is beside its twin with the same luck: which plants are begun because of what
was set and which would be anyway, what money was called on, when stocks run out, whom the state's
stockpile served, what the exporter's office answers, who re-sells, what governments decide
otherwise. Each with a few of the records that it is made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.money_causes import MONEY
from coercivity.experiments.findings.pair_plants import Twins, plant_differences
from coercivity.experiments.findings.run_with_twin import END, MOST, Pair, stop_records
from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.experiments.worlds import idle_at_start
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.results.event_tables import Choosing, choices

if TYPE_CHECKING:
    import pandas as pd

ALIKE: Final = 0.05  # what differs by less is not told
EMPTY: Final = 0.1  # of the stock at the beginning: what is left counts as nothing
LEAST_TONNES: Final = 1.0
# what a lever does -> kind of payment; an act that the visitor wrote is of its own kind
PAID_BY: Final[Mapping[str, str]] = {"plants": "loan", "money": "grant", "floor": "price_floor"}
OFFERS: Final = {"loan": "plants", "grant": "money"}  # levers whose value is a budget
STOCKED: Final = ("magnet_heat_resistant", "dysprosium_oxide")
RESERVE: Final = "reserve"  # stage of a state's stockpile, which uses nothing
PAYER: Final = "government of "  # how the name of one begins
EVERY: Final = 3  # months between two that are told of a stock
ANSWERS: Final = ["filed", "granted", "refused"]  # columns of the table licences


def find_pair_causes(
    mine: FinishedRun,
    twin: FinishedRun,
    state: str,
    since: str,
    levers: Mapping[str, float],
    pairs: Sequence[Twins] = (),
) -> list[Finding]:
    """Return what a run does otherwise than its twin, what changes first before the rest, what does
    not happen last. pairs: all twins of a comparison.
    """
    pair = Pair(mine, twin, state, since)
    found = [
        *_reserves(pair),
        _stocks(pair),
        _find_missing_goods(pair),
        _office(pair),
        _find_resold_tonnes(pair),
        *_money(pair, levers),
        plant_differences(pair, pairs),
        _find_own_decisions(pair),
    ]
    return sorted((one for one in found if one is not None), key=lambda one: one.first)


# ---------------------------------------------------------------- money


def _money(pair: Pair, levers: Mapping[str, float]) -> Iterator[Finding]:
    """What was called on of the money that a lever, or an act, offers."""
    moved: dict[str, float] = {}
    for name, value in levers.items():
        does = find_lever(name).role if is_lever(name) else name
        moved[does] = moved.get(does, 0.0) + value
    kinds = dict.fromkeys(PAID_BY.get(does, does) for does, value in moved.items() if value)
    for kind in (one for one in kinds if one in MONEY):
        mine, twin = (
            rows[rows["payer"].astype(str).str.startswith("government")]
            for rows in pair.tables("spending", kind=kind)
        )
        more = float(mine["usd_million"].sum() - twin["usd_million"].sum())
        offered = moved.get(OFFERS.get(kind, ""), 0.0)
        if more < 1.0:
            yield Finding.of("pair.money.none", what=kind).sourced("spending")
            continue
        id = "pair.money.of" if offered > more + 1.0 else "pair.money"
        yield Finding.of(id, sum=more, what=kind, offered=offered).sourced(
            "spending", *_paid(mine, twin)
        )


def _paid(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[tuple[Finding, ...], str]:
    """Who got more public money by year, the largest sums first, and the first month of any."""
    keys = ["month", "payer", "payee"]
    both = [
        rows.astype(dict.fromkeys(keys, str)).groupby(keys)["usd_million"].sum()
        for rows in (mine, twin)
    ]
    more = both[0].sub(both[1], fill_value=0.0)
    more = more[more > 0.5]
    first = min(more.index.get_level_values("month"), default="")
    frame = more.rename("more").reset_index()
    frame["year"] = frame["month"].str[:4]
    sums = frame.groupby(["year", "payer", "payee"])["more"].sum().reset_index()
    rows = sums.nlargest(MOST, "more").sort_values("year", kind="stable")
    return tuple(
        Finding.of(
            "record.paid",
            year=row["year"],
            sum=row["more"],
            state=row["payer"].removeprefix(PAYER),
            payee=row["payee"],
        )
        for row in rows.to_dict("records")
    ), first


# ---------------------------------------------------------------- stocks


def _reserves(pair: Pair) -> Iterator[Finding]:
    """What the state's own stockpile held, and when it had given it out."""
    for good in STOCKED:
        held = [
            _by_month(rows[rows["stage"] == RESERVE])
            for rows in pair.tables("stocks", state=pair.state, good=good)
        ]
        seen = held[0][held[0].index <= pair.last]
        most = float(seen.max()) if len(seen) else 0.0
        other = float(held[1].max()) if len(held[1]) else 0.0
        if most < LEAST_TONNES or most <= (1.0 + ALIKE) * other:
            continue
        full = str(seen.idxmax())
        empty = seen[(seen.index > full) & (seen < EMPTY * most)]
        when, id, left = pair.last, "pair.reserve.kept", float(seen.iloc[-1])
        if len(empty):
            when, left = str(empty.index[0]), 0.0
            id = "pair.reserve.early" if when < pair.first else "pair.reserve.given"
        yield Finding.of(id, good=good, state=pair.state, most=most, left=left, month=when).sourced(
            "stocks", _months(held, full, pair.last), when
        )


def _stocks(pair: Pair) -> Finding | None:
    """When the stocks of users run out, with it and without."""
    for good in STOCKED:
        dealt = (RESERVE, pair.mine.facts.good_stage[good])
        held = [
            _by_month(rows[~rows["stage"].isin(dealt)])
            for rows in pair.tables("stocks", state=pair.state, good=good)
        ]
        mine, twin = (_used_up(line, pair) for line in held)
        if mine is None or twin is None or mine == twin == "":
            continue
        if mine == twin:
            id = "pair.used_up.both"
        else:
            id = f"pair.used_up.{'twin' if not mine else 'other_month' if twin else 'mine'}"
        found = Finding.of(id, good=good, state=pair.state, month=mine, other=twin)
        if mine == twin:
            return found.sourced("stocks")
        first = min(month for month in (mine, twin) if month)
        return found.sourced("stocks", _months(held, pair.first, pair.last), first)
    return None


def _by_month(rows: pd.DataFrame) -> pd.Series:
    """Tonnes by month."""
    return rows.groupby("month", observed=True)["tonnes"].sum()


def _used_up(held: pd.Series, pair: Pair) -> str | None:
    """The month in which the users' stocks are used up, '' where they are not; None where there
    were none to use up.
    """
    begins = float(held.get(pair.first, 0.0))
    if begins < LEAST_TONNES:
        return None
    seen = held[(held.index >= pair.first) & (held.index <= pair.last)]
    gone = seen[seen < EMPTY * begins]
    return str(gone.index[0]) if len(gone) else ""


def _months(held: Sequence[pd.Series], first: str, last: str) -> tuple[Finding, ...]:
    """A stock with it and without, every third month."""
    at = range(0, month_index(first, last) + 1, EVERY)
    return tuple(
        Finding.of(
            "record.month",
            month=name,
            tonnes=float(held[0].get(name, 0.0)),
            other=float(held[1].get(name, 0.0)),
        )
        for name in [month_name(first, one) for one in at][:MOST]
    )


# ---------------------------------------------------------------- lines that stop


def _find_missing_goods(pair: Pair) -> Finding:
    """For want of what lines stop."""
    spells = pair.tables("stoppages", state=pair.state, stage=END)
    seen = [_stops(rows, pair) for rows in spells]
    stood = [len(idle_at_start.idle_at_start_rows(rows, pair.since)) for rows in spells]
    here, there = map(len, seen)
    if not here and not there:
        return Finding.of("pair.no_stops", state=pair.state).sourced("stoppages")
    of = seen[0] if here else seen[1]
    if not here:
        found = Finding.of("pair.stops.twin", state=pair.state, times=_often_finding(there))
    else:
        found = Finding.of(
            f"pair.stops{'.alike' * (here == there)}{'.stood' * any(stood)}",
            state=pair.state,
            times=_often_finding(here),
            goods=_most_missing_goods(Counter(of["missing"].astype(str))),
            other=_often_finding(there),
            stood=stood[0],
            other_stood=stood[1],
        )
    return found.sourced(
        "stoppages", stop_records(pair.mine.facts, of), str(of["first_day"].min())[:7]
    )


def _stops(rows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """Stops that begin in the months that are looked at, in the order of their days."""
    days = rows["first_day"].astype(str)
    known = days.str[:7]
    seen = rows[(known >= pair.first) & (known <= pair.last) & days.str.match(r"\d{4}")]
    return seen.assign(first_day=seen["first_day"].astype(str)).sort_values("first_day")


def _most_missing_goods(counts: Counter[str]) -> Finding:
    """What was missing most, the first two."""
    found = [
        Finding.of("good.times", good=good, times=times) for good, times in counts.most_common(2)
    ]
    return Finding.of("two", first=found[0], second=found[1]) if found[1:] else found[0]


def _often_finding(times: int) -> Finding:
    return Finding.of("often", times=times)


# ---------------------------------------------------------------- the border


def _office(pair: Pair) -> Finding | None:
    """What the exporter's office answers to applications for goods to the state."""
    seen = pair.counted("licences", exporter=EXPORTER, importer=pair.state)
    mine, twin = (dict(rows[ANSWERS].sum()) for rows in seen)
    if mine["filed"] < 1.0 and twin["filed"] < 1.0:
        return None
    if mine["filed"] < 1.0:
        return Finding.of("pair.office.idle", exporter=EXPORTER).sourced("licences")
    if abs(mine["granted"] - twin["granted"]) <= ALIKE * twin["granted"]:
        return None
    found = Finding.of(
        "pair.office" if twin["filed"] >= 1.0 else "pair.office.needed",
        exporter=EXPORTER,
        state=pair.state,
        **{name: float(mine[name]) for name in ANSWERS},
        **{f"other_{name}": float(twin[name]) for name in ANSWERS},
    )
    if any(one["granted"] > one["filed"] for one in (mine, twin)):
        found = Finding.of("sentences", parts=(found, Finding.of("pair.office.filed_before")))
    return found.sourced("licences", tuple(_answers(*seen))[:MOST], pair.first)


def _answers(mine: pd.DataFrame, twin: pd.DataFrame) -> Iterator[Finding]:
    """What the office answers by good, with it and without."""
    for good in sorted({*mine["good"].astype(str), *twin["good"].astype(str)}):
        here, there = (
            rows[rows["good"].astype(str) == good][ANSWERS].sum() for rows in (mine, twin)
        )
        if here["filed"] >= 1.0 or there["filed"] >= 1.0:
            yield Finding.of(
                "record.answers",
                good=good,
                **{name: float(here[name]) for name in ANSWERS},
                **{f"other_{name}": float(there[name]) for name in ANSWERS},
            )


def _find_resold_tonnes(pair: Pair) -> Finding | None:
    """What comes through third countries."""
    seen = pair.counted("leaks", to=pair.state, route="third_country")
    mine, twin = (float(rows["tonnes"].sum()) for rows in seen)
    if abs(mine - twin) < max(LEAST_TONNES, ALIKE * twin):
        return None
    first = min(rows["month"].min() for rows in seen if len(rows))
    return Finding.of("pair.resold", tonnes=mine, state=pair.state, other=twin).sourced(
        "leaks", _resold_by_country(*seen), str(first)
    )


def _resold_by_country(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[Finding, ...]:
    """What comes through each third country, with it and without."""
    both = [rows.astype({"via": str}).groupby("via")["tonnes"].sum() for rows in (mine, twin)]
    names = {str(name) for one in both for name in one.index}
    sums = {name: [float(one.get(name, 0.0)) for one in both] for name in names}
    ordered = sorted(sums.items(), key=lambda item: -max(item[1]))
    return tuple(
        Finding.of("record.through", state=name, tonnes=_tenth(here), other=_tenth(there))
        for name, (here, there) in ordered[:MOST]
    )


def _tenth(number: float) -> Finding:
    return Finding.of("tenth", number=number)


# ---------------------------------------------------------------- what governments decide


def _find_own_decisions(pair: Pair) -> Finding | None:
    """What governments decide by themselves that they do not decide without it."""
    mine, twin = (_own_choices(run, pair.first) for run in (pair.mine, pair.twin))
    known = {(one.month, one.actor) for one in twin}
    # the same act to another size is none
    other = [one for one in mine if (one.month, one.actor) not in known]
    if not other:
        return None
    months = pair.mine.months
    return Finding.of(
        "pair.decided",
        times=_often_finding(len(other)),
        month=months[other[0].month],
        who=tuple(Finding.of("actor", actor=name) for name in sorted({one.actor for one in other})),
    ).sourced(
        "decisions",
        tuple(_decision(one, months[one.month]) for one in other[:MOST]),
        months[other[0].month],
    )


def _own_choices(run: FinishedRun, first: str) -> list[Choosing]:
    """What governments decided by themselves in a run, from a month on."""
    found = () if run.records is None else choices(run.records)
    return [one for one in found if one.of_its_own and run.months[one.month] >= first]


def _decision(one: Choosing, month: str) -> Finding:
    """What a government saw, chose and rejected."""
    id = "record.decision.rejected" if one.rejected else "record.decision"
    actor = Finding.of("actor", actor=one.actor)
    return Finding.of(
        id, actor=actor, month=month, saw=one.saw, chose=one.chose, rejected=one.rejected
    )
