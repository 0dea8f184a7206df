"""What the page draws: one finished result, seen from one state, as plain JSON.

`page_data` is pure: tables in, a dictionary of lists out. The browser knows nothing about rare earths; it draws any list of
charts of this form, so that a new chart is a new function here.

    {scenario, title, why, seed, version, state, months: [YYYY-MM ...], look_at: index of the month marked at first,
     charts: [{id, title, unit, format: number|share, note, ceiling: number or null, choices: [{id, label}], choice_label, chosen,
               series: [{id, label, choice, colour, dash, values: [number or null, one a month]}]}],
     events: [{at: index of the month, measure: whether a government or an accident of the scenario did it, text}],
     headlines: [{id, label, unit, value, main}]}

A series with an empty `choice` is always drawn, the others only while their choice is picked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from coercivity.experiments.headlines import FinishedRun, compute_headlines, focal_date, focal_event, headline_table
from coercivity.model.calendar import month_index
from coercivity.model.events import KINDS
from coercivity.model.names import ELEMENTS, GOODS, SECTORS, STAGES

if TYPE_CHECKING:
    import pandas as pd

SUPPLIER = "China"  # whose prices are compared and on whom dependence is measured
COVER_SHOWN = 12  # months; whoever cannot work uses nothing, and his cover has no end
DIGITS = 6  # significant digits sent to the browser: more than a screen shows, less than half the bytes

_WORDS = {"ndpr": "NdPr", "seg": "SEG", "smco": "SmCo", "ev": "EV"}
MAIN_HEADLINES = (
    "first_stop_days", "median_stop_days", "firms_stopped_share", "output_lost_24m", "cost_paid_24m", "gdp_effect_worst",
    "price_multiple_dy_japan", "dependence_separated_end",
)  # fmt: skip
_NAMES = {
    "aerospace_defence": "Aerospace and defence", "semiconductors_ceramics": "Semiconductors, ceramics", "catalysts_glass": "Catalysts and glass",
}  # fmt: skip
GROUP_LABELS = {"all": "All rare earths", "SEG": "Sm, Eu, Gd"}


class PageRun(FinishedRun, Protocol):
    """What the page needs of a Result."""

    @property
    def version(self) -> str: ...
    def headlines(self) -> Mapping[str, float | None]: ...


class Kept:
    """A finished run that makes each of its tables once: charts, headlines and the next state read the same ones. Nobody may change them."""

    def __init__(self, result: PageRun) -> None:
        self.scenario, self.seed, self.version, self.months, self.tables = result.scenario, result.seed, result.version, result.months, result.tables
        self._result = result
        self._made: dict[str, pd.DataFrame] = {}
        self._headlines: Mapping[str, float | None] | None = None

    def table(self, name: str) -> pd.DataFrame:
        """Return the table, made at the first call."""
        if name not in self._made:
            self._made[name] = self._result.table(name)
        return self._made[name]

    def headlines(self) -> Mapping[str, float | None]:
        """Return the headline numbers, from the kept tables."""
        if self._headlines is None:
            self._headlines = compute_headlines(self)
        return self._headlines


def page_data(result: PageRun, state: str = "Japan") -> dict[str, Any]:
    """Return everything that the page draws of *result* for *state*, in the form above. Nothing is computed that no table holds."""
    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title or result.scenario.name,
        "why": result.scenario.why,
        "seed": int(result.seed),
        "version": result.version,
        "state": state,
        "months": list(result.months),
        "look_at": first_look(result),
        "charts": [
            price_chart(result, state),
            output_chart(result, state),
            cover_chart(result, state),
            dependence_chart(result, state),
        ],
        "events": event_list(result),
        "headlines": headline_list(result.headlines()),
    }


def first_look(result: PageRun) -> int:
    """Index of the month that is marked at first: half a year into the story, or the last month where nothing is told."""
    last = len(result.months) - 1
    if focal_event(result.scenario, result.months) is None:
        return last
    return min(last, max(0, month_index(result.months[0], focal_date(result.scenario, result.months)) + 6))


def price_chart(result: PageRun, state: str) -> dict[str, Any]:
    """China's price at home and for export, and what the good costs in *state*, for each good. USD/kg."""
    table = result.table("prices")
    series: list[dict[str, Any]] = []
    lines = [(SUPPLIER, "home", f"{SUPPLIER}, at home"), (SUPPLIER, "export", f"{SUPPLIER}, for export")]
    if state != SUPPLIER:
        lines.append((state, "home", f"{state}, at home"))
    for place, column, label in lines:
        wide = _wide(table[table["state"] == place], "good", column, result.months)
        for good in GOODS:
            if good in wide:
                key = "export" if column == "export" else "home_supplier" if place == SUPPLIER else "home_state"
                series.append(_line(f"{good}/{key}", label, wide[good], len(series), choice=good))
    for line in series:  # one colour per meaning, whatever the good
        line["colour"] = ("home_supplier", "export", "home_state").index(line["id"].split("/")[1])
        line["dash"] = line["colour"]
    have = {line["choice"] for line in series}
    choices = [{"id": good, "label": words(good)} for good in GOODS if good in have]
    chosen = "dysprosium_oxide" if "dysprosium_oxide" in have else next(iter(have), "")
    return _chart(
        "prices", "Prices", "USD/kg", "number", series, "Good", choices, chosen, note="before tax; home and export prices part when a border binds"
    )


def output_chart(result: PageRun, state: str) -> dict[str, Any]:
    """Output of each end-use sector of *state* over what it would make if nothing were missing (tonnes of contained goods)."""
    table = result.table("output")
    table = table[(table["state"] == state) & (table["stage"] == "end_use")]
    sums = (
        table.assign(sector=table["sector"].astype(str))
        .groupby(["month", "sector"], observed=True)[["tonnes", "potential_tonnes"]]
        .sum()
        .reset_index()
    )
    sums["share"] = sums["tonnes"] / sums["potential_tonnes"].where(sums["potential_tonnes"] > 0)
    wide = _wide(sums, "sector", "share", result.months)
    series = [_line(sector, words(sector), wide[sector], index) for index, sector in enumerate(SECTORS) if sector in wide]
    return _chart(
        "output", f"Output by sector, {state}", "of what it could make", "share", series, note="100% is a month in which no part is missing"
    )


def cover_chart(result: PageRun, state: str) -> dict[str, Any]:
    """Months for which stocks last at each stage of *state*, for each good that is used there and for the scarcest of them."""
    table = result.table("stocks")
    table = table[(table["state"] == state) & table["cover_months"].notna()]
    lowest = table.assign(stage=table["stage"].astype(str)).groupby(["month", "stage"], observed=True)["cover_months"].min().reset_index()
    series, choices = [], []
    for name, label, part in (("scarcest", "Scarcest good", lowest), *((good, words(good), table[table["good"] == good]) for good in GOODS)):
        wide = _wide(part, "stage", "cover_months", result.months)
        series += [_line(f"{name}/{stage}", words(stage), wide[stage], index, choice=name) for index, stage in enumerate(STAGES) if stage in wide]
        if wide:
            choices.append({"id": name, "label": label})
    chart = _chart("cover", f"Months of cover, {state}", "months", "number", series, "Good", choices, "scarcest" if choices else "")
    return chart | {"note": f"stock over monthly use; more than {COVER_SHOWN} is not drawn", "ceiling": COVER_SHOWN}


def dependence_chart(result: PageRun, state: str) -> dict[str, Any]:
    """Share of *state*'s imports that comes from China: by where they were shipped from, and by where they were separated."""
    table = result.table("dependence")
    table = table[(table["state"] == state) & (table["supplier"] == SUPPLIER)]
    series, choices = [], []
    bases = (("last_origin", "Shipped from"), ("separated_in", "Separated in"))
    for group in ("all", *ELEMENTS):
        part = table[table["group"] == group]
        for index, (basis, label) in enumerate(bases):
            wide = _wide(part[part["basis"] == basis], "measure", "share", result.months)
            for dash, measure in enumerate(("tonnes", "value")):
                if measure in wide:
                    line = _line(f"{group}/{basis}/{measure}", f"{label} ({measure})", wide[measure], index, choice=group)
                    series.append(line | {"dash": dash})
        if any(line["choice"] == group for line in series):
            choices.append({"id": group, "label": GROUP_LABELS.get(group, group)})
    chosen = choices[0]["id"] if choices else ""
    title = f"Dependence on {SUPPLIER}, {state}" if state != SUPPLIER else f"{SUPPLIER}'s own supply"
    return _chart(
        "dependence", title, "of purchases", "share", series, "Element", choices, chosen, note="by the last port, and by the maker of the oxide"
    )


def event_list(result: PageRun) -> list[dict[str, Any]]:
    """Events in words, in the order of the table, each with the index of its month."""
    place = {month: index for index, month in enumerate(result.months)}
    table = result.table("events")
    rows = zip(*(table[column].astype(str) for column in ("month", "kind", "text")), strict=True)
    return [{"at": place[month], "measure": kind in KINDS, "text": text} for month, kind, text in rows if month in place]


def headline_list(values: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """The headline numbers with label and unit, in the order of model/data/headlines.csv; `main` marks those shown first."""
    return [
        {"id": row.id, "label": row.label, "unit": row.unit, "value": _number(values[row.id]), "main": row.id in MAIN_HEADLINES}
        for row in headline_table()
        if row.id in values
    ]


def words(name: str) -> str:
    """Return a name of the model as a reader would write it: 'ndpr_oxide' is 'NdPr oxide'."""
    if name in _NAMES:
        return _NAMES[name]
    text = " ".join(_WORDS.get(part, part) for part in name.split("_"))
    return text[:1].upper() + text[1:]


def _wide(table: pd.DataFrame, key: str, value: str, months: Sequence[str]) -> dict[str, list[float | None]]:
    """{name in column *key*: values of column *value*, one per month}; a month without a row is null."""
    import numpy as np

    place = {month: index for index, month in enumerate(months)}
    found, at = _codes(table["month"])
    names, rows = _codes(table[key])
    grid = np.full((len(names), len(months)), np.nan)
    grid[rows, np.array([place[month] for month in found], dtype=int)[at]] = table[value].to_numpy(dtype=float)
    present = np.isfinite(grid).any(axis=1)
    return {name: [_number(number) for number in row] for name, row, there in zip(names, grid.tolist(), present, strict=True) if there}


def _codes(column: pd.Series) -> tuple[list[str], Any]:
    """Names in a column and, per row, which of them: free for categories, which is how a result keeps its keys."""
    if not hasattr(column, "cat"):
        column = column.astype("category")
    return [str(name) for name in column.cat.categories], column.cat.codes.to_numpy()


def _number(value: float | None) -> float | None:
    """Round to the digits that are sent; null for what is undefined."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def _line(name: str, label: str, values: Iterable[float | None], style: int, choice: str = "") -> dict[str, Any]:
    return {"id": name, "label": label, "choice": choice, "colour": style, "dash": style % 3, "values": list(values)}


def _chart(
    name: str, title: str, unit: str, form: str, series: list[dict[str, Any]], choice_label: str = "", choices: Sequence[Mapping[str, str]] = (),
    chosen: str = "", note: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": name, "title": title, "unit": unit, "format": form, "note": note, "ceiling": None,
        "choice_label": choice_label, "choices": list(choices), "chosen": chosen, "series": series,
    }  # fmt: skip
