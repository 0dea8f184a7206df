"""The page of the episodes: what the scenarios show beside the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.backtest.score import is_within_tolerance
from coercivity.model.basis.facts import load_table
from coercivity.viz.words.backtest_text import SAMPLES
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Row, render, table

HEADS: Final = (
    "scenario",
    "first stop, days",
    "half have stopped",
    "share of firms that stop",
    "output lost, 24 months, USD bn",
    "made up",
    "extra cost",
    "GDP, worst year, %",
)
FAR: Final = 0.25  # beyond this share of the record a year is named as a miss
Spread = Mapping[str, float | None]


def pages(document: Document) -> dict[str, str]:
    """Return the one page."""
    results = document["found"]
    helpers = (depth_words, figure, tolerance_cell, name_of, range_cell, share)
    told: dict[str, Any] = {
        **{helper.__name__: helper for helper in helpers},
        "samples": SAMPLES,
        "far": FAR,
        "embargo": embargo(results),
        "misses": misses(results),
        "favours": sorted(results.get("favours", ()), key=lambda row: row["without"] - row["with"]),
        "bans": table(HEADS, map(ban_row, results["bans"])),
    }
    return {"episodes.md": render("episodes", document, **told)}


def tables(document: Document) -> dict[str, list[Row]]:
    """Return series by year beside the record, the threat, the bans, the depths."""
    results = document["found"]
    series: list[Row] = [
        {
            "series": row["label"],
            "year": year,
            **row["values"][year],
            "record": record(row["record"], year),
        }
        for row in results["embargo"]
        for year in results["years"]
    ]
    depths: list[Row] = [
        {
            "episode": one["episode"],
            "goods": group,
            "by": by,
            "of": row["of"],
            **{
                f"{name}_{end}": row[name][end]
                for name in ("depth", "first_year", "recovery")
                for end in ("median", "low", "high")
            },
            "first_year_without_controls": row.get("twin"),
        }
        for one in results.get("depths", ())  # results of 0.4.0 and before have none
        for group, sides in one["groups"].items()
        for by, rows in sides.items()
        for row in rows
    ]
    return {
        "episodes-embargo": series,
        "episodes-threat": results["threat"],
        "episodes-bans": results["bans"],
        "episodes-depths": depths,
    }


def tolerance_cell(row: Row) -> str:
    """Say whether the median lies within the tolerance of the record, which the table of evidence
    has; a row that has gone from it is met by nothing. A star where every world gives the same.
    """
    known = {target.id: target for target in load_evidence()}.get(row["id"])
    if known is None:
        return "no"
    inside = row["median"] is not None and is_within_tolerance(known, row["median"])
    return ("yes" if inside else "no") + "*" * bool(known.imposed)


def figure(value: float | None, without: str = "") -> str:
    """Return three digits, thousands whole; what is undefined in words."""
    if value is None:
        return without
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def range_cell(row: Row) -> str:
    """Return median and range over seeds."""
    without = "never" if row["quantity"] == "first_stop" else "undefined"
    median, low, high = (figure(row[name], without) for name in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def depth_words(group: str, by: str, rows: Sequence[Row]) -> str:
    """Say who or what is hit most and least in the first year, how far they lie apart, and who is
    not back within two years.
    """
    first, last = name_of(rows[0]["of"]), name_of(rows[-1]["of"])
    least, most = rows[0]["first_year"], rows[-1]["first_year"]
    gone = [name_of(row["of"]) for row in rows if row["recovery"]["median"] is None]
    said = f"{first} {share(least)} in the first year"
    if len(rows) > 1:
        apart = 100 * (most["median"] - least["median"])
        said = (
            f"{first} gets least in the first year ({share(least)}), {last} most ({share(most)}); "
            f"they lie {apart:.0f} points apart"
        )
    back = f"Not back within two years: {', '.join(gone) or 'none'}."
    return f"{group.capitalize()} by {by}: {said}. {back}"


def name_of(key: str) -> str:
    """Return a state as it is, a good in words."""
    return {row["good"]: str(row["label"]) for row in load_table("goods")}.get(key, key)


def share(value: Spread) -> str:
    """Return median and range in percent."""
    low, middle, high = (100.0 * float(value[end] or 0.0) for end in ("low", "median", "high"))
    return f"{middle:.0f}% ({low:.0f} to {high:.0f})"


def embargo(results: Mapping[str, Any]) -> str:
    """Return series by year, the record below where there is one."""
    rows = []
    for row in results["embargo"]:
        cells = (cell(row["values"][year]) for year in results["years"])
        rows.append([f"{row['label']}: model", *cells])
        if row["record"]:
            known = (record(row["record"], year) for year in results["years"])
            rows.append(["record", *("" if value is None else f"{value:,g}" for value in known)])
    return table(("", *results["years"]), rows)


def misses(results: Mapping[str, Any]) -> list[str]:
    """Name years in which the model's median is further than FAR from the record, with both."""
    return [
        f"{row['label']} {', '.join(years)}"
        for row in results["embargo"]
        if row["record"] and (years := list(_distant_years(row, results["years"])))
    ]


def _distant_years(row: Row, years: list[str]) -> Iterator[str]:
    for year in years:
        seen, middle = record(row["record"], year), row["values"][year]["median"]
        if seen and middle is not None and abs(middle / seen - 1.0) > FAR:
            yield f"{year} {middle / seen:.2f}"


def cell(value: Spread) -> str:
    """Return median and range over seeds."""
    if value["median"] is None:
        return "–"
    return f"{value['median']:,.0f} ({value['low']:,.0f} to {value['high']:,.0f})"


def ban_row(row: Row) -> list[str]:
    """Return a scenario and its headlines."""
    return [row["scenario"], *(ban_cell(row[name]) for name in row if name != "scenario")]


def ban_cell(value: Spread) -> str:
    """Return median and range of a headline; a stop that does not come is 'never'."""
    if value["median"] is None:
        return "never"
    high = "never" if value["high"] is None else f"{value['high']:,.3g}"
    return f"{value['median']:,.3g} ({value['low']:,.3g} to {high})"


def record(name: str, year: str) -> float | None:
    """Return the record's value of a series in a year, None where it has none."""
    rows = load_table("record").where(series=name) if name else []
    return next((float(row["value"]) for row in rows if row["period"] == year), None)
