"""The page of the starts: the model in its first month against the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from coercivity.viz.pages.text import Document, Row, made_by, table
from coercivity.viz.words.findings import short

HEADS: Final = (
    "quantity",
    "model",
    "fact",
    "tolerance",
    "unit",
    "verdict",
    "after 24 months",
    "verdict then",
    "source",
)
FIRM: Final = "margin."


def pages(document: Document) -> dict[str, str]:
    """The one page."""
    return {"starts.md": page(document)}


def tables(document: Document) -> dict[str, list[Row]]:
    """All rows of both starts."""
    return {
        "starts": [
            {"start": one["start"], **row}
            for one in document["found"]["starts"]
            for row in one["rows"]
        ]
    }


def page(document: Document) -> str:
    """The whole page."""
    return f"""# The starts against the facts

The first month of a world that begins in January 2009 or January 2024, in yearly terms, and the same after 24 months without events or luck (shares, dependence and prices, which have no
reason to grow with demand, are judged again). PASS and FAIL by the tolerance in `model/data/targets_start.csv`; *shown*: a fact without a tolerance, or a quantity that was solved for;
*no fact*: nothing to compare with. The same in the terminal: `coercivity starts`. {made_by(document)}

{"".join(start(one["start"], one["rows"]) for one in document["found"]["starts"])}"""


def start(name: str, rows: list[Row]) -> str:
    """Tables of one start."""
    judged = [row for row in rows if not row["id"].startswith(FIRM)]
    margins = [row for row in rows if row["id"].startswith(FIRM)]
    firms = (
        [str(row["quantity"]).removeprefix("margin of "), f"{row['model']:+.0f}%"]
        for row in margins
    )
    return f"""## January {name[:4]}

{tally(judged, "verdict")} at once; {tally(judged, "verdict_24")} after 24 months.

{table(HEADS, (cells(row) for row in judged))}

Margins of the firms that run, by process and state:

{table(("firms", "margin"), firms)}

"""


def tally(rows: Iterable[Row], column: str) -> str:
    """How many pass and fail."""
    count = Counter(row[column] for row in rows)
    return f"{count['PASS']} pass and {count['FAIL']} fail"


def cells(row: Row) -> list[str]:
    """One row of the table."""
    model, fact, after = (
        "–" if row[name] is None else short(row[name]) for name in ("model", "fact", "after_24")
    )
    then = row["verdict_24"] or "–"
    verdict, then = (f"**{one}**" if one == "FAIL" else one for one in (row["verdict"], then))
    return [
        row["quantity"],
        model,
        fact,
        row["tolerance"] or "–",
        row["unit"],
        verdict,
        after,
        then,
        row["source"] or "–",
    ]
