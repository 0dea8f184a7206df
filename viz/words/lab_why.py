"""Why a setting does what it does, or nothing: a few sentences out of the records of one history
and of its twin with the same luck. Which plants are begun because of it and which would be anyway,
what money was called on, when stocks run out, whom the state's stockpile served, what the
exporter's office answers, who re-sells, what governments decide otherwise. What changes first
stands first, what does not happen last; under each sentence the records that it is made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.worlds.headlines import EXPORTER
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.names import GOOD_STAGE
from coercivity.viz.words import why_records
from coercivity.viz.words.names import in_sentence, plain

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.worlds.headlines import FinishedRun

MONTHS: Final = 24  # of the count, in which the office and the stocks are looked at
NAMED: Final = 3  # plants that are named; the others are counted
EMPTY: Final = 0.1  # of the stock at the beginning: what is left counts as nothing
LEAST_TONNES: Final = 1.0
ALIKE: Final = 0.05  # what differs by less is not told
# lever, or kind of an act that the visitor wrote -> kind of payment, and what it is
MONEY: Final[Mapping[str, tuple[str, str]]] = {
    "japan_plants": ("loan", "loans"),
    "allies_money": ("grant", "grants"),
    "allies_floor": ("price_floor", "payments under the floor"),
    "loan": ("loan", "loans"),
    "grant": ("grant", "grants"),
    "price_floor": ("price_floor", "payments under the floor"),
}
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


@dataclass(frozen=True)
class Pair:
    """A history and its twin, looked at for a state from a month on."""

    mine: FinishedRun
    twin: FinishedRun
    state: str
    since: str

    def tables(self, name: str, **where: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows of a table of both in which the columns named have these values, months as
        text.
        """
        return _rows(self.mine.table(name), where), _rows(self.twin.table(name), where)

    @property
    def first(self) -> str:
        """The month of the count."""
        return self.since[:7]

    @property
    def last(self) -> str:
        """The last month of those that are looked at."""
        at = month_index(self.mine.months[0], self.first) + MONTHS - 1
        return month_name(self.mine.months[0], min(at, len(self.mine.months) - 1))


def reasons(
    mine: FinishedRun, twin: FinishedRun, state: str, since: str, levers: Mapping[str, float]
) -> list[Reason]:
    """The trail of a history against its twin, what changes first before the rest."""
    pair = Pair(mine, twin, state, since)
    found = [
        *_reserves(pair),
        _stocks(pair),
        _want(pair),
        _office(pair),
        _resold(pair),
        *_money(pair, levers),
        _plants(pair),
        _decided(pair),
    ]
    return sorted((one for one in found if one is not None), key=lambda one: one.first)


# ---------------------------------------------------------------- one sentence each


def _money(pair: Pair, levers: Mapping[str, float]) -> Iterable[Reason]:
    """What was called on of the money that a lever, or an act, offers."""
    for kind, what in dict.fromkeys(of for lever, of in MONEY.items() if levers.get(lever)):
        mine, twin = pair.tables("spending", kind=kind)
        public = [
            rows[rows["payer"].astype(str).str.startswith("government")]["usd_million"].sum()
            for rows in (mine, twin)
        ]
        more = float(public[0] - public[1])
        if more >= 1.0:
            records, first = why_records.paid(mine, twin)
            yield Reason(
                f"USD {more:,.0f} million more are paid in {what} than without it.",
                "spending",
                records,
                first,
            )
        else:
            yield Reason(
                f"Nobody calls on it: no more is paid in {what} than without it.", "spending"
            )


def _plants(pair: Pair) -> Reason | None:
    """Which plants are begun because of it, and how many anyway."""
    begun, anyway = (
        _begun(rows, pair.first) for rows in pair.tables("events", kind="project begins")
    )
    only = {name: month for name, month in begun.items() if name not in anyway}
    not_begun = [name for name in anyway if name not in begun]
    given_up = _begun(pair.tables("events", kind="project cancelled")[0], pair.first)
    both = len(begun) - len(only)
    if not only and not not_begun:
        return (
            Reason(f"No plant is begun for it: the same {both} are begun without it.", "events")
            if both
            else None
        )
    told = []
    if only:
        named = [f"{plain(name)} ({month})" for name, month in list(only.items())[:NAMED]]
        more = f" and {len(only) - NAMED} more" if len(only) > NAMED else ""
        lost = sum(name in given_up for name in only)
        them = "it is" if len(only) == 1 else f"{lost} of them {'is' if lost == 1 else 'are'}"
        fate = f"; {them} given up before opening" if lost else ""
        told.append(f"Begun only with it: {', '.join(named)}{more}{fate}.")
    if not_begun:
        are = "is" if len(not_begun) == 1 else "are"
        told.append(f"{_count(len(not_begun))} begun without it {are} not.")
    told.append(f"{both} {'is' if both == 1 else 'are'} begun either way.")
    records = [
        *why_records.plants(only, pair.tables("events")[0]),
        *why_records.plants({name: anyway[name] for name in not_begun}, None),
    ]
    first = min([*only.values(), *(anyway[name] for name in not_begun)])
    return Reason(" ".join(told), "events", tuple(records), first)


def _reserves(pair: Pair) -> Iterable[Reason]:
    """What the state's own stockpile held, and when it had given it out."""
    for good in STOCKED:
        mine, twin = (
            _tonnes(rows[rows["stage"] == RESERVE])
            for rows in pair.tables("stocks", state=pair.state, good=good)
        )
        seen = mine[mine.index <= pair.last]
        most = float(seen.max()) if len(seen) else 0.0
        if most < LEAST_TONNES or most <= (1.0 + ALIKE) * float(twin.max() if len(twin) else 0.0):
            continue
        full = str(seen.idxmax())
        left = seen[(seen.index > full) & (seen < EMPTY * most)]
        what, held = in_sentence(good), f"{most:,.0f} t"
        records = why_records.months((mine, twin), full, pair.last)
        if len(left):
            told = (
                f"The state stockpile of {what} in {pair.state} holds {held} at most and has given "
                f"it out by {left.index[0]}."
            )
        else:
            told = (
                f"The state stockpile of {what} in {pair.state} holds {held} at most, "
                f"{float(seen.iloc[-1]):,.0f} t two years after."
            )
        yield Reason(told, "stocks", records, str(left.index[0]) if len(left) else pair.last)


def _stocks(pair: Pair) -> Reason | None:
    """When the stocks of users run out, with it and without."""
    for good in STOCKED:
        dealt = (*DEALERS, GOOD_STAGE[good])
        rows = pair.tables("stocks", state=pair.state, good=good)
        held = (
            _tonnes(rows[0][~rows[0]["stage"].isin(dealt)]),
            _tonnes(rows[1][~rows[1]["stage"].isin(dealt)]),
        )
        mine, twin = (_ends(line, pair) for line in held)
        if mine is None or twin is None:
            continue
        what = in_sentence(good)
        if mine == twin:
            if mine == "":
                continue
            return Reason(
                f"Stocks of {what} in {pair.state} are used up in {mine}, as without it.", "stocks"
            )
        records = why_records.months(held, pair.first, pair.last)
        here = f"are used up in {mine}" if mine else "last"
        there = f"used up in {twin}" if twin else "not used up"
        return Reason(
            f"Stocks of {what} in {pair.state} {here}; without it they are {there}.",
            "stocks",
            records,
            min(month for month in (mine, twin) if month),
        )
    return None


def _want(pair: Pair) -> Reason | None:
    """For want of what lines stop."""
    spells = pair.tables("stoppages", state=pair.state, stage=END)
    seen = [_stops(rows, pair) for rows in spells]
    stood = [_stood(rows, pair) for rows in spells]
    mine, twin = (Counter(rows["missing"].astype(str)) for rows in seen)
    here, there = mine.total(), twin.total()
    if not here and not there:
        return Reason(
            f"No maker's line in {pair.state} stops in two years, with it or without.", "stoppages"
        )
    if not here:
        return Reason(
            f"Makers' lines in {pair.state} stop {_times(there)} without it, never with it.",
            "stoppages",
            why_records.stops(seen[1]),
            str(seen[1]["first_day"].min())[:7],
        )
    most = " and ".join(f"{in_sentence(good)} ({count})" for good, count in mine.most_common(2))
    beside = "as often without it" if here == there else f"without it {_times(there)}"
    if any(stood):
        beside += f"; {stood[0]} stood already when the count begins, without it {stood[1]}"
    return Reason(
        f"Makers' lines in {pair.state} stop {_times(here)} in two years, most for want of {most}; "
        f"{beside}.",
        "stoppages",
        why_records.stops(seen[0]),
        str(seen[0]["first_day"].min())[:7],
    )


def _office(pair: Pair) -> Reason | None:
    """What the exporter's office answers to applications for goods to the state."""
    seen = [
        _months(rows, pair)
        for rows in pair.tables("licences", exporter=EXPORTER, importer=pair.state)
    ]
    mine, twin = (_answers(rows) for rows in seen)
    if mine["filed"] < 1.0 and twin["filed"] < 1.0:
        return None
    if mine["filed"] < 1.0:
        return Reason(
            f"{EXPORTER}'s office has nothing to answer: no licence is needed.", "licences"
        )
    if abs(mine["granted"] - twin["granted"]) <= ALIKE * twin["granted"]:
        return None
    beside = _granted(twin) if twin["filed"] >= 1.0 else "none is needed"
    return Reason(
        f"{EXPORTER}'s office grants {_granted(mine)} applications for goods to {pair.state} in "
        f"two years; without it {beside}.",
        "licences",
        why_records.answers(seen[0], seen[1]),
        pair.first,
    )


def _resold(pair: Pair) -> Reason | None:
    """What comes through third countries."""
    seen = [
        _months(rows, pair) for rows in pair.tables("leaks", to=pair.state, route="third_country")
    ]
    mine, twin = (float(rows["tonnes"].sum()) for rows in seen)
    if abs(mine - twin) < max(LEAST_TONNES, ALIKE * twin):
        return None
    return Reason(
        f"Third countries re-sell {mine:,.0f} t to {pair.state} in two years; without it "
        f"{twin:,.0f} t.",
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
        f"Governments act {_times(len(other))} where they do not without it, first in "
        f"{other[0]['month']}: {', '.join(who)}.",
        "decisions",
        why_records.decisions(other),
        other[0]["month"],
    )


# ---------------------------------------------------------------- what they read


def _rows(frame: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.assign(month=frame["month"].astype(str)) if "month" in frame else frame


def _months(rows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """The rows of the months that are looked at."""
    return rows[(rows["month"] >= pair.first) & (rows["month"] <= pair.last)]


def _begun(rows: pd.DataFrame, first: str) -> dict[str, str]:
    """Actor -> month of the first event on or after a month, in the order of time."""
    rows = rows[rows["month"] >= first]
    found: dict[str, str] = {}
    for actor, month in zip(rows["actor"].astype(str), rows["month"], strict=True):
        found.setdefault(actor, month)
    return found


def _tonnes(rows: pd.DataFrame) -> pd.Series:
    """Tonnes by month."""
    return rows.groupby("month", observed=True)["tonnes"].sum()


def _ends(held: pd.Series, pair: Pair) -> str | None:
    """The month in which the users' stocks are used up, '' where they are not; None where there
    were none to use up.
    """
    begins = float(held.get(pair.first, 0.0))
    if begins < LEAST_TONNES:
        return None
    seen = held[(held.index >= pair.first) & (held.index <= pair.last)]
    gone = seen[seen < EMPTY * begins]
    return str(gone.index[0]) if len(gone) else ""


def _stops(rows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """Stops that begin in the months that are looked at, in the order of their days."""
    days = rows["first_day"].astype(str)
    known = days.str[:7]
    seen = rows[(known >= pair.first) & (known <= pair.last) & days.str.match(r"\d{4}")]
    return seen.assign(first_day=seen["first_day"].astype(str)).sort_values("first_day")


def _stood(rows: pd.DataFrame, pair: Pair) -> int:
    """Lines that stood already on the day from which is counted."""
    begins, ends = (rows[column].astype(str) for column in ("first_day", "last_day"))
    before = begins.str.match(r"\d{4}") & (begins < pair.since)
    return int((before & ~(ends < pair.since)).sum())


def _answers(rows: pd.DataFrame) -> Mapping[str, Any]:
    """Applications by answer."""
    return dict(rows[["filed", "granted", "refused"]].sum())


def _granted(answers: Mapping[str, Any]) -> str:
    return f"{answers['granted']:.0f} of {answers['filed']:.0f}"


def _times(number: int) -> str:
    """How often, in words."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _count(number: int) -> str:
    return "One plant" if number == 1 else f"{number} plants"
