"""The steps behind a headline: the measure, what the headline itself is made of (the line that
stops, the stock that ran out, the month of the peak, the sectors that lose, the suppliers), and
what a run does otherwise than its twin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.pair_causes import find_pair_causes
from coercivity.experiments.findings.pair_plants import Twins
from coercivity.experiments.findings.run_with_twin import END, MOST, Pair, maker, stop_records
from coercivity.experiments.quantities.headlines import focal_event, formulas
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.experiments.worlds.idle_at_start import (
    idle_at_start_rows,
    idle_by_sector,
    same_lines,
)
from coercivity.experiments.worlds.twin import measure_before, measures_in_question
from coercivity.model.basis.calendar import parse_date
from coercivity.model.scenario.event import Event

if TYPE_CHECKING:
    import pandas as pd

NAMED: Final = 4  # sectors, suppliers that a sentence names
# what the pair's causes are of, by what a headline reads: tables; None is all of them
TELLS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "stops": None,
    "flow": None,
    "home_price": ("stocks", "licences", "leaks", "spending", "events", "decisions"),
    "dependence": ("licences", "leaks", "spending", "events", "decisions"),
    "separation": ("spending", "events", "decisions"),
}


class TabledRun:
    """A finished run whose tables are made once, with its records where it has some."""

    def __init__(self, result: FinishedRun) -> None:
        self.scenario, self.seed, self.months, self.tables = (
            result.scenario,
            result.seed,
            result.months,
            result.tables,
        )
        self.facts = result.facts
        self.records = getattr(result, "records", None)
        self._make, self._made = result.table, dict[str, "pd.DataFrame"]()

    def table(self, name: str) -> pd.DataFrame:
        """A table, for reading."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]


def find_steps(
    mine: FinishedRun,
    twin: FinishedRun,
    state: str,
    since: str,
    headline: str,
    value: float | None,
    pairs: Sequence[Twins] = (),
) -> list[Finding]:
    """Return the steps behind a headline of a run against its twin, seen from a state and counted
    from the day *since*; what changes first stands first. pairs: all twins of a comparison.
    """
    formula, pair = formulas(mine.facts, state)[headline], Pair(mine, twin, state, since)
    rule = formula.rule.keywords if isinstance(formula.rule, partial) else {}
    reads = formula.reads[0][0]
    own: list[Finding] = []
    match reads:
        case "stops":
            own = [*_idle_line_findings(pair, formula.of), *_stops(pair, formula.of, value)]
        case "flow":
            own = [*_sectors(pair, formula.of, headline)]
        case "home_price":
            own = [*_peak(pair, formula.of, rule.get("state", ""))]
        case "dependence":
            own = [*_suppliers(pair, formula.of, rule["after"])]
        case "separation":
            own = [*_separators(pair)]
    wanted = TELLS[reads]
    causes = find_pair_causes(mine, twin, state, since, {}, pairs)
    rest = [*own, *(one for one in causes if wanted is None or one.table in wanted)]
    return [*_measure(pair), *sorted(rest, key=lambda one: one.first)]


def _measure(pair: Pair) -> Iterator[Finding]:
    """The measure from which is counted, and the later ones in question."""
    event = focal_event(pair.mine.scenario, pair.mine.months, pair.state)
    if event is None:
        return
    later = [
        Finding.of("record.measure", date=act.date, text=act.text or act.kind.replace("_", " "))
        for act in measures_in_question(pair.mine.scenario, pair.state)
        if act.id != event.id
    ]
    yield _event_finding(event).sourced(
        "policy", tuple(later[:MOST]), max(event.date, pair.since)[:7]
    )


def _event_finding(event: Event) -> Finding:
    """An act in the words of its scenario, else who does what."""
    if event.text:
        return Finding.of("as_told", text=event.text)
    actor = Finding.of("actor", actor=event.actor)
    return Finding.of("act_of", actor=actor, act=event.kind)


# ---------------------------------------------------------------- lines that stop


def _idle_line_findings(pair: Pair, sector: str) -> Iterator[Finding]:
    """Which lines stood already when the count began, where they are others than in the twin."""
    mine, twin = (
        idle_by_sector(one, pair.since, pair.state)[sector] for one in (pair.mine, pair.twin)
    )
    if same_lines([(mine, twin)]):
        return
    spells = pair.tables("stoppages", state=pair.state, stage=END)[0]
    rows = idle_at_start_rows(spells.astype({"firm": str, "sector": str}), pair.since)
    rows = rows[rows["sector"] == sector] if sector else rows
    yield Finding.of("stood_already", count=mine, state=pair.state, other=twin).sourced(
        "stoppages",
        stop_records(pair.mine.facts, rows.sort_values(["first_day", "firm"])),
        pair.first,
    )


def _stops(pair: Pair, sector: str, value: float | None) -> Iterator[Finding]:
    """The line behind a number of days, else all lines that stop; and the stock that ran out."""
    spells = pair.tables("stoppages", state=pair.state, stage=END)
    mine, twin = (_first_stops(rows, pair.since, sector) for rows in spells)
    if not len(mine):
        return
    at = [days == value for days in mine["days"]]
    row = at.index(True) if any(at) else 0
    chosen = mine.iloc[row].to_dict()
    days, other = [str(chosen["first_day"])], Finding.of("without.never")
    without = twin[twin["firm"] == chosen["firm"]]
    if chosen["firm"] in set(idle_at_start_rows(spells[1], pair.since)["firm"].astype(str)):
        days.append(pair.since)
        other = Finding.of("without.stood")
    elif len(without):
        days.append(str(without.iloc[0]["first_day"]))
        other = Finding.of("without.on", day=days[-1])
    yield from _used_up(pair, chosen, maker(pair.mine.facts, chosen, *days))
    yield Finding.of(
        "line.first" if row == 0 else "line.later",
        maker=maker(pair.mine.facts, chosen, *days, begins=True),
        day=days[0],
        good=str(chosen["missing"]),
        days=float(chosen["days"]),
        place=row + 1,
        of=len(mine),
        share=float(chosen["output_lost_share"]),
        other=other,
    ).sourced(
        "stoppages",
        tuple(
            Finding.of(
                "record.stop.part",
                day=row["first_day"],
                maker=maker(pair.mine.facts, row, row["first_day"]),
                good=row["missing"],
                share=float(row["output_lost_share"]),
            )
            for row in mine.head(MOST).to_dict("records")
        ),
        days[0][:7],
    )


def _first_stops(rows: pd.DataFrame, since: str, sector: str) -> pd.DataFrame:
    """The first stop of each firm on or after a day, in the order of days, as the headlines count
    them: days from *since*.
    """
    rows = rows.astype({"firm": str, "sector": str, "missing": str})
    days = rows["first_day"].astype(str)
    rows = rows.assign(first_day=days)[days.str.match(r"\d{4}-") & (days >= since)]
    rows = rows[rows["sector"] == sector] if sector else rows
    origin = parse_date(since)
    rows = rows.assign(
        days=[float((dt.date.fromisoformat(day) - origin).days) for day in rows["first_day"]]
    )
    return rows.sort_values(["days", "firm"], kind="stable").drop_duplicates("firm")


def _used_up(pair: Pair, stop: Mapping[Any, Any], firm: Finding) -> Iterator[Finding]:
    """What a firm holds of what it lacks, from the month before the measure to that of its stop;
    nothing where no records were kept or it held none.
    """
    good, when = str(stop["missing"]), str(stop["first_day"])[:7]
    mine, twin = (_stock_of(run, stop["firm"], good) for run in (pair.mine, pair.twin))
    if not mine or not twin:
        return
    months = list(pair.mine.months)
    begins, ends = max(0, months.index(pair.first) - 1), months.index(when)
    if not mine[begins].fields["tonnes"]:
        return
    yield Finding.of(
        "held",
        maker=firm,
        good=good,
        before=mine[begins],
        start=months[begins],
        after=mine[ends],
        month=when,
        other=twin[ends],
    ).sourced(
        "stocks",
        tuple(
            Finding.of("record.held", month=months[at], here=mine[at], there=twin[at])
            for at in range(max(begins, ends - MOST + 1), ends + 1)
        ),
        when,
    )


def _stock_of(run: FinishedRun, firm: str, good: str) -> list[Finding]:
    """Month by month t of a good that a firm holds to use, and of how many months of its expected
    use that is; empty where no records were kept or it uses none.
    """
    records = getattr(run, "records", None)
    if records is None or firm not in records.structure.names:
        return []
    who = records.structure
    mine = who.need_firm == who.names.index(firm)
    rows = (mine & (who.need_good == run.facts.good_row[good])).nonzero()[0]
    if not len(rows):
        return []
    stock, use = (records[name][:, rows].sum(axis=1) for name in ("need_stock", "expected"))
    return [
        Finding.of("stock", tonnes=float(t), months=float(t / u) if u > 0 else 0.0)
        for t, u in zip(stock, use, strict=True)
    ]


# ---------------------------------------------------------------- sums, prices, shares


def _sectors(pair: Pair, flow: str, headline: str) -> Iterator[Finding]:
    """In which sectors a flow stands, above the twin, over the months of the headline."""
    months, rows = list(pair.mine.months), pair.tables("macro", state=pair.state)
    at = months.index(pair.first)
    spans = {"24m": months[at : at + 24], "12m": months[at : at + 12], "total": months}
    span = spans.get(headline.rpartition("_")[2], months[at:])
    mine, twin = (
        one[one["month"].isin(span)].astype({"sector": str}).groupby("sector")[flow].sum()
        for one in rows
    )
    above, labels = mine.sub(twin, fill_value=0.0), pair.mine.facts.sector_labels
    order = above.abs().sort_values(ascending=False).index
    found = [
        Finding.of("sector.sum", label=labels[str(name)], million=float(above[name]))
        for name in order
        if abs(above[name]) > 0.5
    ]
    if not found:
        yield Finding.of("sectors.none").sourced("macro")
        return
    by_month = [one.groupby("month", observed=True)[flow].sum() for one in rows]
    apart = by_month[0].sub(by_month[1], fill_value=0.0)
    moved = [month for month in span if abs(float(apart.get(month, 0.0))) > 0.5]
    yield Finding.of("sectors", shares=tuple(found[:NAMED])).sourced(
        "macro", tuple(found[:MOST]), moved[0] if moved else pair.first
    )


def _peak(pair: Pair, good: str, state: str) -> Iterator[Finding]:
    """The month in which a price peaks, beside the twin's."""
    where = state or pair.state
    mine, twin = (
        rows.groupby("month", observed=True)["home"].mean()
        for rows in pair.tables("prices", state=where, good=good)
    )
    months = [month for month in pair.mine.months if month >= pair.first]
    seen = mine.reindex(months).dropna()
    if not len(seen):
        return

    def other(month: str) -> float | None:
        price = float(twin.get(month, float("nan")))
        return price if price == price else None

    when = str(seen.idxmax())
    before = [month for month in pair.mine.months if month < pair.first][-6:] or months[:1]
    usual = mine.reindex(before).dropna()
    beside = None
    if len(usual):
        event = measure_before(pair.mine.scenario, pair.mine.months, pair.since, good, pair.state)
        beside = Finding.of(
            "peak.before.under" if event else "peak.before",
            price=float(usual.mean()),
            month=event.date[:7] if event else "",
        )
    span = [month for month in months if month <= when][-MOST:]
    yield Finding.of(
        "peak",
        good=good,
        state=where,
        month=when,
        price=float(seen[when]),
        beside=beside,
        other_price=other(when),
    ).sourced(
        "prices",
        tuple(
            Finding.of("record.price", month=one, price=float(mine[one]), other_price=other(one))
            for one in span
            if one in mine.index
        ),
        when,
    )


def _suppliers(pair: Pair, basis: str, after: int | str) -> Iterator[Finding]:
    """From whom a state's purchases come in the months of the headline, beside the twin's."""
    months = list(pair.mine.months)
    at = months.index(pair.first)
    if after == "before":
        span = months[max(0, at - 12) : at] or months[:1]
    elif after == "end":
        span = months[-3:]
    else:
        last = at + int(after)
        if last >= len(months):
            return
        span = months[max(0, last - 2) : last + 1]
    shares = [
        rows[rows["month"].isin(span)].astype({"supplier": str}).groupby("supplier")["share"].mean()
        for rows in pair.tables(
            "dependence", state=pair.state, basis=basis, measure="tonnes", group="all"
        )
    ]
    months_named = Finding.of("span", first=span[0], last=span[-1])
    yield from _shares(
        f"suppliers.{basis}", shares, "dependence", span[0], span=months_named, state=pair.state
    )


def _separators(pair: Pair) -> Iterator[Finding]:
    """Who separates in the last twelve months, beside the twin's."""
    span = list(pair.mine.months)[-12:]
    made = [
        rows[rows["month"].isin(span)].astype({"state": str}).groupby("state")["tonnes"].sum()
        for rows in pair.tables("output", stage="separation")
    ]
    shares = [tonnes / tonnes.sum() for tonnes in made if tonnes.sum() > 0]
    if len(shares) == len(made):
        yield from _shares("separators", shares, "output", span[0])


def _shares(
    id: str, shares: Sequence[pd.Series], table: str, first: str, **fields: Finding | str
) -> Iterator[Finding]:
    """The largest shares, each beside the twin's."""
    found = tuple(
        Finding.of(
            "share_of",
            state=str(name),
            share=float(value),
            other_share=float(shares[1].get(name, 0.0)),
        )
        for name, value in shares[0].sort_values(ascending=False, kind="stable").items()
    )
    if found:
        yield Finding.of(id, shares=found[:NAMED], **fields).sourced(table, found[:MOST], first)
