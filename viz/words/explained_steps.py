"""The steps behind a headline: the measure, what the headline itself is made of (the line that
stops, the stock that ran out, the month of the peak, the sectors that lose, the suppliers), and
what the lab tells of a history against its twin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.quantities.headlines import focal_event, formulas
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.experiments.worlds.standing import same_lines, standing_by_sector, stood
from coercivity.experiments.worlds.twin import measures_in_question
from coercivity.model.basis.calendar import parse_date
from coercivity.model.basis.names import GOODS
from coercivity.viz.words.dates import date_words, span_words
from coercivity.viz.words.explained_plants import Twins, plants_apart
from coercivity.viz.words.firm_names import maker_name
from coercivity.viz.words.lab_why import END, Reason, reasons
from coercivity.viz.words.language import english, joined
from coercivity.viz.words.names import in_sentence
from coercivity.viz.words.standing_words import under_words
from coercivity.viz.words.summary import SECTOR_LABELS, number
from coercivity.viz.words.why_pair import Pair
from coercivity.viz.words.why_records import stopped

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 12  # records under a step
NAMED: Final = 4  # sectors, suppliers that a sentence names
# what the lab's reasons are of, by what a headline reads: tables; None is all of them
TELLS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "stops": None,
    "flow": None,
    "home_price": ("stocks", "licences", "leaks", "spending", "events", "decisions"),
    "dependence": ("licences", "leaks", "spending", "events", "decisions"),
    "separation": ("spending", "events", "decisions"),
}


class Held:
    """A finished run whose tables are made once, with its records where it has some."""

    def __init__(self, result: FinishedRun) -> None:
        self.scenario, self.seed, self.months, self.tables = (
            result.scenario,
            result.seed,
            result.months,
            result.tables,
        )
        self.records = getattr(result, "records", None)
        self._make, self._made = result.table, dict[str, "pd.DataFrame"]()

    def table(self, name: str) -> pd.DataFrame:
        """A table, for reading."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]


def steps_of(
    mine: FinishedRun,
    twin: FinishedRun,
    state: str,
    since: str,
    headline: str,
    value: float | None,
    pairs: Sequence[Twins] = (),
) -> list[Reason]:
    """The steps behind a headline of a run against its twin, seen from a state and counted from the
    day *since*; what changes first stands first. pairs: all twins of a comparison.
    """
    formula, pair = formulas(state)[headline], Pair(mine, twin, state, since)
    reads = formula.reads[0][0]
    own: list[Reason] = []
    match reads:
        case "stops":
            own = [*_stood(pair, formula.of), *_stops(pair, formula.of, value)]
        case "flow":
            own = [*_sectors(pair, formula.of, headline)]
        case "home_price":
            own = [*_peak(pair, formula.of, _keywords(formula.rule).get("state", ""))]
        case "dependence":
            own = [*_suppliers(pair, formula.of, _keywords(formula.rule)["after"])]
        case "separation":
            own = [*_separators(pair)]
    wanted, told = TELLS[reads], {one.text for one in own}
    lab = [
        one
        for one in reasons(mine, twin, state, since, {}, partial(plants_apart, pairs=pairs))
        if (wanted is None or one.table in wanted) and one.text not in told
    ]
    rest = sorted((*own, *lab), key=lambda one: one.first)
    return [*_measure(pair), *rest]


def _keywords(rule: Any) -> Mapping[str, Any]:
    """With what a formula's rule was made."""
    return rule.keywords if isinstance(rule, partial) else {}


def _measure(pair: Pair) -> Iterator[Reason]:
    """The measure from which is counted, and the later ones in question."""
    event = focal_event(pair.mine.scenario, pair.mine.months, pair.state)
    if event is None:
        return
    later = [
        f"{act.date}: {act.text or act.kind.replace('_', ' ')}"
        for act in measures_in_question(pair.mine.scenario, pair.state)
        if act.id != event.id
    ]
    said = event.text or f"{event.actor}: {event.kind.replace('_', ' ')}"
    yield Reason(said, "policy", tuple(later[:MOST]), max(event.date, pair.since)[:7])


# ---------------------------------------------------------------- lines that stop


def _stood(pair: Pair, sector: str) -> Iterator[Reason]:
    """Which lines stood already when the count began, where they are others than in the twin."""
    counts = [standing_by_sector(one, pair.since, pair.state) for one in (pair.mine, pair.twin)]
    if same_lines([(counts[0][sector], counts[1][sector])]):
        return
    spells = pair.tables("stoppages", state=pair.state, stage=END)[0]
    rows = stood(spells.astype({"firm": str, "sector": str}), pair.since)
    rows = rows[rows["sector"] == sector] if sector else rows
    yield Reason(
        f"{counts[0][sector]} maker{'s' * (counts[0][sector] != 1)} in {english(pair.state, '')} "
        "stood already when the count "
        f"began, without it {counts[1][sector]}: a line that stands cannot stop any more, so first "
        "stops are those of other lines and are not compared.",
        "stoppages",
        tuple(
            f"{day}: {who}, no {in_sentence(good)}"
            for day, who, good, _ in stopped(rows.sort_values(["first_day", "firm"]))[:MOST]
        ),
        pair.first,
    )


def _stops(pair: Pair, sector: str, value: float | None) -> Iterator[Reason]:
    """The line behind a number of days, else all lines that stop; and the stock that ran out."""
    spells = pair.tables("stoppages", state=pair.state, stage=END)
    mine, twin = (_first_stops(rows, pair.since, sector) for rows in spells)
    if not len(mine):
        return
    at = [days == value for days in mine["days"]]
    chosen = mine[at].iloc[0] if any(at) else mine.iloc[0]
    place = list(mine.index).index(chosen.name) + 1
    days, other = [chosen["first_day"]], "without it never"
    without = twin[twin["firm"] == chosen["firm"]]
    if chosen["firm"] in set(stood(spells[1], pair.since)["firm"].astype(str)):
        days.append(pair.since)
        other = "without it it stood already when the count began"
    elif len(without):
        days.append(without.iloc[0]["first_day"])
        other = f"without it on {date_words(days[-1])}"
    firm = maker_name(chosen["firm"], chosen["sector"], pair.state, *days)
    yield from _used_up(pair, chosen, firm)
    order = "the first" if place == 1 else f"number {place}"
    yield Reason(
        f"{firm[:1].upper()}{firm[1:]} stops a line on {date_words(chosen['first_day'])} for want "
        f"of {in_sentence(chosen['missing'])}, {chosen['days']:.0f} days after the measure, "
        f"{order} of {len(mine)} makers that stop{_part(chosen['output_lost_share'])}; {other}.",
        "stoppages",
        tuple(
            f"{row['first_day']}: "
            f"{maker_name(row['firm'], row['sector'], pair.state, row['first_day'])}, no "
            f"{in_sentence(row['missing'])}{_part(row['output_lost_share'])}"
            for row in mine.head(MOST).to_dict("records")
        ),
        chosen["first_day"][:7],
    )


def _part(lost: float) -> str:
    """', 14% of its output stands still': a stop is seldom that of a whole line."""
    return f", {number(lost, 'share')} of its output stands still"


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


def _used_up(pair: Pair, stop: pd.Series, firm: str) -> Iterator[Reason]:
    """What a firm holds of what it lacks, from the month before the measure to that of its stop;
    nothing where no records were kept or it held none. firm: what it is called.
    """
    good, when = stop["missing"], stop["first_day"][:7]
    held = [_stock_of(run, stop["firm"], good) for run in (pair.mine, pair.twin)]
    if any(not one for one in held):
        return
    months = list(pair.mine.months)
    begins, ends = max(0, months.index(pair.first) - 1), months.index(when)
    if held[0][begins][0] <= 0.0:
        return
    yield Reason(
        f"What {firm} holds of {in_sentence(good)} goes from {_held(held[0][begins])} in "
        f"{date_words(months[begins])} to {_held(held[0][ends])} in {date_words(when)}; without it "
        f"to {_held(held[1][ends])}.",
        "stocks",
        tuple(
            f"{months[at]}: {_held(held[0][at])}; without it {_held(held[1][at])}"
            for at in range(max(begins, ends - MOST + 1), ends + 1)
        ),
        when,
    )


def _stock_of(run: FinishedRun, firm: str, good: str) -> list[tuple[float, float]]:
    """Month by month t of a good that a firm holds to use, and of how many months of its expected
    use that is; empty where no records were kept or it uses none.
    """
    records = getattr(run, "records", None)
    if records is None or firm not in records.structure.names:
        return []
    who = records.structure
    mine = who.need_firm == who.names.index(firm)
    rows = (mine & (who.need_good == GOODS.index(good))).nonzero()[0]
    if not len(rows):
        return []
    stock, use = (records[name][:, rows].sum(axis=1) for name in ("need_stock", "expected"))
    return [(float(t), float(t / u) if u > 0 else 0.0) for t, u in zip(stock, use, strict=True)]


def _held(of: tuple[float, float]) -> str:
    """'12 t (3.4 months of its use)'."""
    tonnes = f"{of[0]:,.0f}" if of[0] >= 10 or of[0] < 0.005 else f"{of[0]:.2g}"
    return f"{tonnes} t ({of[1]:.1f} months of its use)"


# ---------------------------------------------------------------- sums, prices, shares


def _sectors(pair: Pair, flow: str, headline: str) -> Iterator[Reason]:
    """In which sectors a flow stands, above the twin, over the months of the headline."""
    months = list(pair.mine.months)
    at = months.index(pair.first)
    spans = {"24m": months[at : at + 24], "12m": months[at : at + 12], "total": months}
    span = spans.get(headline.rpartition("_")[2], months[at:])
    mine, twin = (
        rows[rows["month"].isin(span)].astype({"sector": str}).groupby("sector")[flow].sum()
        for rows in pair.tables("macro", state=pair.state)
    )
    above = mine.sub(twin, fill_value=0.0)
    order = [
        name for name in above.abs().sort_values(ascending=False).index if abs(above[name]) > 0.5
    ]
    if not order:
        yield Reason("In no sector is it more or less than without it.", "macro")
        return
    told = [f"{_sector(name)} ({_million(above[name])})" for name in order[:NAMED]]
    by_month = [
        rows.groupby("month", observed=True)[flow].sum()
        for rows in pair.tables("macro", state=pair.state)
    ]
    apart = by_month[0].sub(by_month[1], fill_value=0.0)
    moved = [month for month in span if abs(float(apart.get(month, 0.0))) > 0.5]
    yield Reason(
        f"Most of it, against the twin, lies in {joined(told)}.",
        "macro",
        tuple(f"{SECTOR_LABELS[name]}: {_million(above[name])}" for name in order[:MOST]),
        moved[0] if moved else pair.first,
    )


def _sector(name: str) -> str:
    """A sector within a sentence: 'cars', 'EV drivetrains', 'catalysts and glass'."""
    label = SECTOR_LABELS[name].replace(", ", " and ")
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _million(value: float) -> str:
    return f"USD {value:+,.0f} million"


def _peak(pair: Pair, good: str, state: str) -> Iterator[Reason]:
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
    when = str(seen.idxmax())
    before = [month for month in pair.mine.months if month < pair.first][-6:] or months[:1]
    usual = mine.reindex(before).dropna()
    span = [month for month in months if month <= when][-MOST:]
    beside = f", {number(float(usual.mean()), 'USD/kg')} in the months before" if len(usual) else ""
    if beside and (under := under_words(pair.mine, pair.since, good, pair.state)):
        beside += f", which {under.removeprefix('the months before ')}"
    yield Reason(
        f"The home price of {in_sentence(good)} in {english(where, '')} is highest in "
        f"{date_words(when)}: {number(float(seen[when]), 'USD/kg')} USD/kg{beside}; without it "
        f"{number(float(twin.get(when, float('nan'))), 'USD/kg')} in that month.",
        "prices",
        tuple(
            f"{month}: {number(float(mine[month]), 'USD/kg')} USD/kg, without it "
            f"{number(float(twin.get(month, float('nan'))), 'USD/kg')}"
            for month in span
            if month in mine.index
        ),
        when,
    )


def _suppliers(pair: Pair, basis: str, after: int | str) -> Iterator[Reason]:
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
    what = "were shipped from" if basis == "last_origin" else "were separated in"
    yield from _beside(
        shares,
        f"{span_words(span[0], span[-1])}: {english(pair.state, 'of')} purchases {what}",
        "dependence",
        span[0],
    )


def _separators(pair: Pair) -> Iterator[Reason]:
    """Who separates in the last twelve months, beside the twin's."""
    span = list(pair.mine.months)[-12:]
    made = [
        rows[rows["month"].isin(span)].astype({"state": str}).groupby("state")["tonnes"].sum()
        for rows in pair.tables("output", stage="separation")
    ]
    shares = [tonnes / tonnes.sum() for tonnes in made if tonnes.sum() > 0]
    if len(shares) == len(made):
        yield from _beside(
            shares, "In the last twelve months oxides are made in", "output", span[0]
        )


def _beside(shares: Sequence[pd.Series], begins: str, table: str, first: str) -> Iterator[Reason]:
    """A sentence on the largest shares, each with the twin's in brackets."""
    order = [str(name) for name in shares[0].sort_values(ascending=False, kind="stable").index]

    def told(names: Iterable[str]) -> list[str]:
        return [
            f"{english(name, '')} {number(float(shares[0][name]), 'share')} (without it "
            f"{number(float(shares[1].get(name, 0.0)), 'share')})"
            for name in names
        ]

    if order:
        yield Reason(
            f"{begins} {joined(told(order[:NAMED]))}.", table, tuple(told(order[:MOST])), first
        )
