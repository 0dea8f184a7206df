"""The records under a sentence of `lab_why`: a few rows of the tables of a history beside those of
its twin, in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from coercivity.model.basis.calendar import month_index, month_name
from coercivity.viz.words.names import in_sentence, plain

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 12  # records under a sentence
EVERY: Final = 3  # months between two that are told of a stock
FATES: Final[Mapping[str, str]] = {  # kinds of event in the life of a plant
    "project begins": "begun {month}",
    "project cancelled": "given up {month}",
    "plant bankrupt": "bankrupt {month}",
    "plant restarts": "made ready again {month}",
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
        f"{row['year']}: USD {row['more']:,.0f} million more from the {row['payer']} to "
        f"{row['payee']}"
        for row in sums.nlargest(MOST, "more").to_dict("records")
    ]
    return tuple(sorted(told)), first


def plants(begun: Mapping[str, str], events: pd.DataFrame | None) -> Iterable[str]:
    """The life of each plant; without *events* those that are begun without it alone."""
    for name, month in list(begun.items())[:MOST]:
        if events is None:
            yield f"{plain(name)}: begun {month} without it, not with it"
            continue
        rows = events[(events["actor"].astype(str) == name)]
        steps = [
            FATES[kind].format(month=when)
            for kind, when in zip(rows["kind"].astype(str), rows["month"], strict=True)
            if kind in FATES
        ]
        yield f"{plain(name)}: {', '.join(steps)}"


def months(held: tuple[pd.Series, pd.Series], first: str, last: str) -> tuple[str, ...]:
    """A stock with it and without, every third month."""
    span = month_index(first, last)
    told = []
    for name in (month_name(first, at) for at in range(0, span + 1, EVERY)):
        mine, twin = (float(line.get(name, 0.0)) for line in held)
        told.append(f"{name}: {mine:,.0f} t, without it {twin:,.0f} t")
    return tuple(told[:MOST])


def stops(rows: pd.DataFrame) -> tuple[str, ...]:
    """Lines that stop, in the order of their days."""
    columns = (rows["first_day"], rows["firm"].astype(str), rows["missing"].astype(str))
    told = [
        f"{day}: {plain(firm)} for want of {in_sentence(good)}"
        for day, firm, good in zip(*columns, strict=True)
    ]
    left = len(told) - MOST
    return tuple([*told[:MOST], f"and {left} more"] if left > 0 else told)


def answers(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[str, ...]:
    """What the office answers by good, with it and without."""
    told = []
    for good in sorted({*mine["good"].astype(str), *twin["good"].astype(str)}):
        here, there = (
            rows[rows["good"].astype(str) == good][["filed", "granted", "refused"]].sum()
            for rows in (mine, twin)
        )
        if here["filed"] < 1.0 and there["filed"] < 1.0:
            continue
        told.append(
            f"{in_sentence(good)}: {here['filed']:.0f} filed, {here['granted']:.0f} granted, "
            f"{here['refused']:.0f} refused; without it {there['filed']:.0f} filed, "
            f"{there['granted']:.0f} granted, {there['refused']:.0f} refused"
        )
    return tuple(told[:MOST])


def through(mine: pd.DataFrame, twin: pd.DataFrame) -> tuple[str, ...]:
    """What comes through each third country, with it and without."""
    both = [rows.astype({"via": str}).groupby("via")["tonnes"].sum() for rows in (mine, twin)]
    names = {str(name) for one in both for name in one.index}
    sums = {name: [float(one.get(name, 0.0)) for one in both] for name in names}
    ordered = sorted(sums.items(), key=lambda item: -max(item[1]))
    return tuple(
        f"through {name}: {here:,.1f} t, without it {there:,.1f} t"
        for name, (here, there) in ordered[:MOST]
    )


def decisions(rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """What governments saw, chose and rejected."""
    told = []
    for row in list(rows)[:MOST]:
        rejected = f"; rejected: {plain(row['rejected'])}" if row["rejected"] else ""
        told.append(
            f"{row['month']}, {row['actor']}: saw {plain(row['saw'])}; chose {plain(row['chose'])}"
            f"{rejected}"
        )
    return tuple(told)
