"""The records under a sentence of `lab_why`: a few rows of the tables of a history beside those of
its twin, in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from coercivity.model.basis.calendar import month_index, month_name
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.firm_names import HALTS, firm_name, is_past, unnamed_makers
from coercivity.viz.words.language import Name, listed, noted, numeral, say, says
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import named_in_sentence, plain, plant

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 12  # records under a sentence
PAYER: Final = "government of "  # how the name of one begins
EVERY: Final = 3  # months between two that are told of a stock
ANSWERS: Final = ["filed", "granted", "refused"]  # columns of the table licences
FATES: Final[Mapping[str, str]] = {  # kinds of event in the life of a plant
    "project begins": noted("begun {month}"),
    "project cancelled": noted("given up {month}"),
    "plant bankrupt": noted("bankrupt {month}"),
    "plant restarts": noted("made ready again {month}"),
}


def paid(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[tuple[str, ...], str]:
    """Who got more public money by year, the largest sums first, and the first month of any."""
    keys = ["month", "payer", "payee"]
    both = [
        rows[rows["payer"].astype(str).str.startswith("government")]
        .astype(dict.fromkeys(keys, str))
        .groupby(keys)["usd_million"]
        .sum()
        for rows in (mine, twin)
    ]
    more = both[0].sub(both[1], fill_value=0.0)
    more = more[more > 0.5]
    first = min(more.index.get_level_values("month"), default="")
    frame = more.rename("more").reset_index()
    frame["year"] = frame["month"].str[:4]
    sums = frame.groupby(["year", "payer", "payee"])["more"].sum().reset_index()
    told = [
        say(
            "{year}: {sum} more from the government of {state} to {payee}",
            year=row["year"],
            sum=millions(row["more"]),
            state=Name(row["payer"].removeprefix(PAYER)),
            payee=say(row["payee"]),
        )
        for row in sums.nlargest(MOST, "more").to_dict("records")
    ]
    return tuple(sorted(told)), first


def plants(begun: Mapping[str, str], events: pd.DataFrame | None) -> Iterable[str]:
    """The life of each plant; without *events* those that are begun without it alone. Of a month
    that is past no plant is told to halt.
    """
    for name, month in list(begun.items())[:MOST]:
        if events is None:
            yield say(
                "{plant}: begun {month} without it, not with it",
                plant=plant(name),
                month=date_said(month),
            )
            continue
        rows = events[(events["actor"].astype(str) == name)]
        steps = [
            say(FATES[kind], month=date_said(when))
            for kind, when in zip(rows["kind"].astype(str), rows["month"], strict=True)
            if kind in FATES and not (kind in HALTS and is_past(when))
        ]
        yield say("{plant}: {steps}", plant=plant(name), steps=listed(steps))


def months(held: tuple[pd.Series, pd.Series], first: str, last: str) -> tuple[str, ...]:
    """A stock with it and without, every third month."""
    span = month_index(first, last)
    told = []
    for name in (month_name(first, at) for at in range(0, span + 1, EVERY)):
        mine, twin = (float(line.get(name, 0.0)) for line in held)
        told.append(
            say(
                "{month}: {tonnes} t, without it {other} t",
                month=date_said(name),
                tonnes=numeral(f"{mine:,.0f}"),
                other=numeral(f"{twin:,.0f}"),
            )
        )
    return tuple(told[:MOST])


def stops(rows: pd.DataFrame) -> tuple[str, ...]:
    """Lines that stop, in the order of their days."""
    told = [
        say(
            "{day}: {firm} for want of {good}",
            day=date_said(day),
            firm=who,
            good=named_in_sentence(good),
        )
        for day, who, good, _ in stopped(rows)
    ]
    left = sum(count for *_, count in stopped(rows)[MOST:])
    if not left:
        return tuple(told)
    wording = noted("and {count} more")
    return (*told[:MOST], says(wording, wording, left))


def stopped(rows: pd.DataFrame) -> list[tuple[str, str, str, int]]:
    """Lines that stop, in the order of the rows: day, makers in words, what is missing, how many.
    In a month that is past they are counted by sector and state, without names.
    """
    columns = ("first_day", "firm", "sector", "state", "missing")
    lines = Counter(
        (day, "" if is_past(day) else firm, sector, state, good)
        for day, firm, sector, state, good in zip(
            *(rows[column].astype(str) for column in columns), strict=True
        )
    )
    return [
        (day, firm_name(firm) if firm else unnamed_makers(count, sector, state), good, count)
        for (day, firm, sector, state, good), count in lines.items()
    ]


def answers(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[str, ...]:
    """What the office answers by good, with it and without."""
    told = []
    for good in sorted({*mine["good"].astype(str), *twin["good"].astype(str)}):
        here, there = (
            rows[rows["good"].astype(str) == good][ANSWERS].sum() for rows in (mine, twin)
        )
        if here["filed"] < 1.0 and there["filed"] < 1.0:
            continue
        told.append(
            say(
                "{good}: {filed} filed, {granted} granted, {refused} refused; without it "
                "{other_filed} filed, {other_granted} granted, {other_refused} refused",
                good=named_in_sentence(good),
                **{name: f"{here[name]:.0f}" for name in ANSWERS},
                **{f"other_{name}": f"{there[name]:.0f}" for name in ANSWERS},
            )
        )
    return tuple(told[:MOST])


def through(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[str, ...]:
    """What comes through each third country, with it and without."""
    both = [rows.astype({"via": str}).groupby("via")["tonnes"].sum() for rows in (mine, twin)]
    names = {str(name) for one in both for name in one.index}
    sums = {name: [float(one.get(name, 0.0)) for one in both] for name in names}
    ordered = sorted(sums.items(), key=lambda item: -max(item[1]))
    return tuple(
        say(
            "through {state}: {tonnes} t, without it {other} t",
            state=Name(name),
            tonnes=numeral(f"{here:,.1f}"),
            other=numeral(f"{there:,.1f}"),
        )
        for name, (here, there) in ordered[:MOST]
    )


def decisions(rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """What governments saw, chose and rejected."""
    told = []
    for row in list(rows)[:MOST]:
        wording = (
            noted("{month}, {actor}: saw {saw}; chose {chose}; rejected: {rejected}")
            if row["rejected"]
            else noted("{month}, {actor}: saw {saw}; chose {chose}")
        )
        of = {name: plain(row[name]) for name in ("saw", "chose", "rejected")}
        told.append(say(wording, month=date_said(row["month"]), actor=say(row["actor"]), **of))
    return tuple(told)
