"""Why a setting does what it does, or nothing: a few sentences out of the records of one history
and of its twin with the same luck. Which plants are begun because of it and which would be anyway,
what money was called on, when stocks run out, what the exporter's office answers, who re-sells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.worlds.headlines import EXPORTER
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.names import GOOD_STAGE
from coercivity.viz.words.names import in_sentence, plain

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.worlds.headlines import FinishedRun

MONTHS: Final = 24  # of the count, in which the office and the stocks are looked at
NAMED: Final = 3  # plants that are named; the others are counted
EMPTY: Final = 0.1  # of the stock at the beginning: what is left counts as nothing
LEAST_TONNES: Final = 1.0
ALIKE: Final = 0.05  # what differs by less is not told
MONEY: Final[Mapping[str, tuple[str, str]]] = {  # lever -> kind of payment, and what it is
    "japan_plants": ("loan", "loans"),
    "allies_money": ("grant", "grants"),
    "allies_floor": ("price_floor", "payments under the floor"),
}
END: Final = "end_use"  # stage of the makers whom the cards count
DEALERS: Final = ("reserve", "traders")  # stages that hold what they do not use
STOCKED: Final = ("magnet_heat_resistant", "dysprosium_oxide")


@dataclass(frozen=True)
class Reason:
    """A sentence, and where in the records it stands: the table that shows more of it."""

    text: str
    table: str


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
    """The trail of a history against its twin, what matters first."""
    pair = Pair(mine, twin, state, since)
    found = [
        *_money(pair, levers),
        _plants(pair),
        _stocks(pair),
        _want(pair),
        _office(pair),
        _resold(pair),
    ]
    return [one for one in found if one is not None]


# ---------------------------------------------------------------- one sentence each


def _money(pair: Pair, levers: Mapping[str, float]) -> Iterable[Reason]:
    """What was called on of the money that a lever offers."""
    for lever, (kind, what) in MONEY.items():
        if not levers.get(lever):
            continue
        mine, twin = pair.tables("spending", kind=kind)
        public = [
            rows[rows["payer"].astype(str).str.startswith("government")]["usd_million"].sum()
            for rows in (mine, twin)
        ]
        more = float(public[0] - public[1])
        if more >= 1.0:
            yield Reason(
                f"USD {more:,.0f} million more are paid in {what} than without it.", "spending"
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
        them = "it is" if len(only) == 1 else f"{lost} of them are"
        fate = f"; {them} given up before opening" if lost else ""
        told.append(f"Begun only with it: {', '.join(named)}{more}{fate}.")
    if not_begun:
        are = "is" if len(not_begun) == 1 else "are"
        told.append(f"{_count(len(not_begun))} begun without it {are} not.")
    told.append(f"{both} are begun either way.")
    return Reason(" ".join(told), "events")


def _stocks(pair: Pair) -> Reason | None:
    """When the stocks of users run out, with it and without."""
    for good in STOCKED:
        mine, twin = (
            _ends(rows[~rows["stage"].isin((*DEALERS, GOOD_STAGE[good]))], pair)
            for rows in pair.tables("stocks", state=pair.state, good=good)
        )
        if mine is None or twin is None:
            continue
        what = in_sentence(good)
        if mine == twin:
            if mine == "":
                continue
            return Reason(
                f"Stocks of {what} in {pair.state} are used up in {mine}, as without it.", "stocks"
            )
        here = f"are used up in {mine}" if mine else "last"
        there = f"used up in {twin}" if twin else "not used up"
        return Reason(
            f"Stocks of {what} in {pair.state} {here}; without it they are {there}.", "stocks"
        )
    return None


def _want(pair: Pair) -> Reason | None:
    """For want of what lines stop."""
    mine, twin = (
        _missing(rows, pair) for rows in pair.tables("stoppages", state=pair.state, stage=END)
    )
    here, there = mine.total(), twin.total()
    if not here and not there:
        return Reason(
            f"No maker's line in {pair.state} stops in two years, with it or without.", "stoppages"
        )
    if not here:
        return Reason(
            f"Makers' lines in {pair.state} stop {there} times without it, never with it.",
            "stoppages",
        )
    most = " and ".join(f"{in_sentence(good)} ({count})" for good, count in mine.most_common(2))
    beside = "as often without it" if here == there else f"without it {there}"
    return Reason(
        f"Makers' lines in {pair.state} stop {here} times in two years, most for want of {most}; "
        f"{beside}.",
        "stoppages",
    )


def _office(pair: Pair) -> Reason | None:
    """What the exporter's office answers to applications for goods to the state."""
    mine, twin = (
        _answers(rows, pair)
        for rows in pair.tables("licences", exporter=EXPORTER, importer=pair.state)
    )
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
    )


def _resold(pair: Pair) -> Reason | None:
    """What comes through third countries."""
    mine, twin = (
        _months(rows, pair)["tonnes"].sum()
        for rows in pair.tables("leaks", to=pair.state, route="third_country")
    )
    if abs(mine - twin) < max(LEAST_TONNES, ALIKE * twin):
        return None
    return Reason(
        f"Third countries re-sell {mine:,.0f} t to {pair.state} in two years; without it "
        f"{twin:,.0f} t.",
        "leaks",
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


def _ends(rows: pd.DataFrame, pair: Pair) -> str | None:
    """The month in which the users' stocks are used up, '' where they are not; None where there
    were none to use up.
    """
    held = rows.groupby("month", observed=True)["tonnes"].sum()
    begins = float(held.get(pair.first, 0.0))
    if begins < LEAST_TONNES:
        return None
    seen = held[(held.index >= pair.first) & (held.index <= pair.last)]
    gone = seen[seen < EMPTY * begins]
    return str(gone.index[0]) if len(gone) else ""


def _missing(rows: pd.DataFrame, pair: Pair) -> Counter[str]:
    """Stops that begin in the months that are looked at, by what is missing."""
    days = rows["first_day"].astype(str)
    known = days.str[:7]
    seen = rows[(known >= pair.first) & (known <= pair.last) & days.str.match(r"\d{4}")]
    return Counter(seen["missing"].astype(str))


def _answers(rows: pd.DataFrame, pair: Pair) -> Mapping[str, Any]:
    """Applications by answer in the months that are looked at."""
    return dict(_months(rows, pair)[["filed", "granted", "refused"]].sum())


def _granted(answers: Mapping[str, Any]) -> str:
    return f"{answers['granted']:.0f} of {answers['filed']:.0f}"


def _count(number: int) -> str:
    return "One plant" if number == 1 else f"{number} plants"
