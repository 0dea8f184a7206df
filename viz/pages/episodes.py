"""The page of the episodes: what the scenarios show beside the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.backtest.evidence import Target, load_evidence
from coercivity.model.basis.facts import load_table
from coercivity.viz.pages.text import Document, Row, counted, made_by, table
from coercivity.viz.words.backtest_text import SAMPLES

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
DEPTHS: Final = (
    "",
    "least month",
    "first year",
    "without the controls",
    "back at nine tenths, months",
)
UNNAMED: Final = (
    "Goods that no rule names fall too: who lacks dysprosium or terbium makes fewer magnets and buys less NdPr, and China, which sells what others leave, loses it first. The record has not seen that "
    "(raw exports rose in 2025): the model's makers abroad have two months of heavy oxides and stand by the third quarter of 2025, and nothing on record says that they stood so long."
)
EMERGES: Final = (
    "Imposed are the acts above with their dates, goods and targets, and whom they name; truces and general licences with whom they favour; and the statutory time of 45 working days, before "
    "which no office decides: that nothing of a good under a new rule leaves in its second month is that clock in every world, and no finding. What an office grants, refuses or leaves lying "
    "after it, who else is served first, what sellers ship, what buyers order beyond need, what is smuggled, and all prices come out of the model."
)
FAR: Final = 0.25  # beyond this share of the record a year is named as a miss


def pages(document: Document) -> dict[str, str]:
    """The one page."""
    return {"episodes.md": page(document)}


def tables(document: Document) -> dict[str, list[Row]]:
    """Series by year beside the record, the threat, the bans."""
    results = document["found"]
    series = [
        {
            "series": row["label"],
            "year": year,
            **row["values"][year],
            "record": record(row["record"], year),
        }
        for row in results["embargo"]
        for year in results["years"]
    ]
    return {
        "episodes-embargo": series,
        "episodes-threat": results["threat"],
        "episodes-bans": results["bans"],
        "episodes-depths": [
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
        ],
    }


def page(document: Document) -> str:
    """The whole page."""
    results = document["found"]
    seeds = counted(results["seeds"], "seed")
    return f"""# What the scenarios show beside the record

{seeds.capitalize()}, shipped parameters; medians with the range over seeds. One parameter vector serves every scenario. {made_by(document)}

## 2009 to 2015: quotas and the halt at the ports

{embargo(results)}

{misses(results)}

## A threat without a measure

Largest difference of a yearly mean price from the twin without the threat, over {seeds}: {", ".join(f"{row['good']} {row['change']:.1f}%" for row in results["threat"])}.

## How deep, whom, of what, and how it comes back

What China's customs count, set against its mean of the twelve months before the episode: the least month of the first year, the first year as a whole, the same year in the same worlds without any
export control of whoever, and the month from which a mean over three months is at nine tenths again. Hit most first; destinations with less than a fiftieth of what left before are left out. {EMERGES} The record of single rows stands in [the backtest](backtest.md). {UNNAMED}

{chr(10).join(episode(one, results) for one in results.get("depths", ())) or "Not in these results: they are older than this section."}

## Licences, the dual-use ban of 2026, and a ban of everything

{table(HEADS, ([row["scenario"], *(ban_cell(value) for key, value in row.items() if key != "scenario")] for row in results["bans"]))}

In Japan, counted from the focal measure of each scenario: April 2025 for the licences, January 2026 for the bans, which come on top of them. A line that licences have stopped before a ban is not
counted with the ban, so that the first row is not to be ranked with the others. First stop and half: lines of any sector. Output lost, made up and extra cost are those of 24 months, the worst year
of GDP any twelve months of eight years; all are levels, with what the world loses without the measure. {cover(results["cover"])} An act binds by the days of its dates; what customs halt waits at the port.
"""


def episode(one: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """One episode: what is imposed, whom and what it hits most in a sentence, then all of it; what
    truces do; and the rows of the record beside the model.
    """
    acts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in one["imposed"].items())
    parts = [
        f"### {one['episode']}",
        f"`{one['scenario']}` from {one['since']}, against the year before {one['usual']}. Acts of China in these two years: {acts or 'none'}.",
    ]
    for group, sides in one["groups"].items():
        for by, rows in sides.items():
            if rows:
                parts += [depth_words(group, by, rows), depth_table(group, by, rows)]
    parts += favour_words(one["episode"], results.get("favours", ()))
    parts += recorded(results.get("recorded", {}).get(one["episode"], ()))
    return "\n\n".join(parts) + "\n"


def favour_words(name: str, rows: Sequence[Row]) -> list[str]:
    """Whom truces and general licences serve, which are imposed: heavy oxides with and without."""
    own = [row for row in rows if row["episode"] == name]
    said = [
        f"{row['destination']} {row['with']:.0%} ({row['without']:.0%})"
        for row in sorted(own, key=lambda row: row["without"] - row["with"])
    ]
    return [
        "Heavy oxides in the first year, and in brackets the same world without the truces and "
        f"general licences of the script: {', '.join(said)}. Whoever gains by more than a few points "
        "owes its place to these dates."
    ][: len(own)]


def _known(row: Row) -> Target | None:
    return {target.id: target for target in load_evidence()}.get(row["id"])


def met(row: Row) -> bool:
    """Whether the median lies within the tolerance of the record, which the table of evidence has;
    a row that has gone from it is met by nothing.
    """
    known = _known(row)
    return (
        known is not None and row["median"] is not None and abs(known.distance(row["median"])) <= 1
    )


def _imposed(row: Row) -> bool:
    known = _known(row)
    return known is not None and bool(known.imposed)


def figure(value: float | None, without: str = "") -> str:
    """Three digits, thousands whole; what is undefined in words."""
    if value is None:
        return without
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def range_cell(row: Row) -> str:
    """Median and range over seeds."""
    without = "never" if row["quantity"] == "first_stop" else "undefined"
    median, low, high = (figure(row[name], without) for name in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def recorded(rows: Sequence[Row]) -> list[str]:
    """The evidence on an episode, the model's median and range beside it."""
    if not rows:
        return []
    return [
        "The record on these two years, and the model: median and range over seeds of the shipped vector; met where the median lies within the tolerance of the record. "
        "[The backtest](backtest.md) puts the same rows to 30 draws of the collection and is the one to cite: where the two differ, the vector decides. A star: every world gives the same, so that the row tests nothing.",
        table(
            ("target", "sample", "months", "record", "model", "unit", "met"),
            (
                (
                    row["id"],
                    SAMPLES[row["sample"]],
                    row["first"]
                    if row["first"] == row["last"]
                    else f"{row['first']} to {row['last']}",
                    figure(row["record"]),
                    range_cell(row),
                    row["unit"],
                    ("yes" if met(row) else "no") + ("*" if _imposed(row) else ""),
                )
                for row in rows
            ),
        ),
    ]


def depth_words(group: str, by: str, rows: Sequence[Row]) -> str:
    """Who or what is hit most and least in the first year, how far they lie apart, and who is not
    back within two years.
    """
    first, last = rows[0], rows[-1]
    gone = [name_of(row["of"]) for row in rows if row["recovery"]["median"] is None]
    spread = last["first_year"]["median"] - first["first_year"]["median"]
    said = f"{group.capitalize()} by {by}: "
    if len(rows) == 1:
        said += f"{name_of(first['of'])} {share(first['first_year'])} in the first year"
    else:
        said += (
            f"{name_of(first['of'])} gets least in the first year ({share(first['first_year'])}), "
            f"{name_of(last['of'])} most ({share(last['first_year'])}); they lie {100 * spread:.0f} points apart"
        )
    return f"{said}. Not back within two years: {', '.join(gone) or 'none'}."


def depth_table(group: str, by: str, rows: Sequence[Row]) -> str:
    """One row a destination or good."""
    return table(
        (f"{group}, {by}", *DEPTHS[1:]),
        (
            (
                name_of(row["of"]),
                share(row["depth"]),
                share(row["first_year"]),
                f"{100.0 * row['twin']:.0f}%" if "twin" in row else "",
                "not within two years"
                if row["recovery"]["median"] is None
                else f"{row['recovery']['median']:.0f}",
            )
            for row in rows
        ),
    )


def name_of(key: str) -> str:
    """A state as it is, a good in words."""
    return {row["good"]: str(row["label"]) for row in load_table("goods")}.get(key, key)


def share(value: Mapping[str, float | None]) -> str:
    """Median and range in percent."""
    low, middle, high = (100.0 * float(value[end] or 0.0) for end in ("low", "median", "high"))
    return f"{middle:.0f}% ({low:.0f} to {high:.0f})"


def embargo(results: Mapping[str, Any]) -> str:
    """Series by year, the record below where there is one."""
    rows = []
    for row in results["embargo"]:
        digits = 0
        rows.append(
            [
                f"{row['label']}: model",
                *(cell(row["values"][year], digits) for year in results["years"]),
            ]
        )
        if row["record"]:
            rows.append(
                [
                    "record",
                    *(
                        "" if (value := record(row["record"], year)) is None else f"{value:,g}"
                        for year in results["years"]
                    ),
                ]
            )
    return table(("", *results["years"]), rows)


def misses(results: Mapping[str, Any]) -> str:
    """Years in which the model's median is further than FAR from the record, with both."""
    said = [
        f"{row['label']} {', '.join(years)}"
        for row in results["embargo"]
        if row["record"] and (years := list(_far(row, results["years"])))
    ]
    if not said:
        return f"Every yearly median lies within {FAR:.0%} of the record."
    return (
        f"Medians further than {FAR:.0%} from the record (model over record): "
        f"{'; '.join(said)}. `coercivity backtest` scores the whole record."
    )


def _far(row: Row, years: list[str]) -> Iterator[str]:
    for year in years:
        seen, middle = record(row["record"], year), row["values"][year]["median"]
        if seen and middle is not None and abs(middle / seen - 1.0) > FAR:
            yield f"{year} {middle / seen:.2f}"


def cover(results: Mapping[str, Any]) -> str:
    """Whether more cover means a later stop, as far as it was found."""
    worlds = counted(results["worlds"], "seed")
    if results["spearman"] is None:
        return (
            "Under the ban of everything too few firms of a sector stop to say whether cover "
            f"delays it ({worlds})."
        )
    later = (
        ""
        if results["slope"] is None
        else f", {results['slope']:.1f} months later per month of cover"
    )
    pooled = (
        ""
        if results["pooled"] is None
        else f" Pooled over sectors it is {results['pooled']:.2f}: sectors lack different inputs."
    )
    return (
        "Does more cover mean a later stop under the ban of everything? Within sectors, over firms that stop in the ban and not in the twin without it:\n"
        f"Spearman {results['spearman']:.2f}{later} ({results['firms']} firms, {worlds}).{pooled}"
    )


def cell(value: Mapping[str, float | None], digits: int) -> str:
    """Median and range over seeds."""
    if value["median"] is None:
        return "–"
    return (
        f"{value['median']:,.{digits}f} ({value['low']:,.{digits}f} to {value['high']:,.{digits}f})"
    )


def ban_cell(value: Mapping[str, float | None]) -> str:
    """Median and range of a headline; a stop that does not come is 'never'."""
    if value["median"] is None:
        return "never"
    low, high = (value[end] for end in ("low", "high"))
    return f"{value['median']:,.3g} ({low:,.3g} to {'never' if high is None else f'{high:,.3g}'})"


def record(name: str, year: str) -> float | None:
    """The record's value of a series in a year, None where it has none."""
    rows = (
        [row for row in load_table("record").where(series=name) if row["period"] == year]
        if name
        else []
    )
    return float(rows[0]["value"]) if rows else None
