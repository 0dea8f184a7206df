"""Writes docs/parameters.md, the reference of every parameter, from model/data/parameters.csv. Run
by `make docs`.
"""

import csv
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "docs"
TABLE = HERE.parent / "model" / "data" / "parameters.csv"
HEAD = """<!-- made by tools/docs/parameters.py from model/data/parameters.csv; do not edit here -->

# Parameters

Every number of behaviour, {count} of them, as `coercivity parameters` prints them. A scenario or `--set name=value` may take any value from *low* to *high*;
a sweep draws from that range. **Status** says where a value comes from: *measured* (a published figure), *estimated* (from a figure, by an argument that the
source names), *calibrated* (moved to a target up to December 2025, which the description names), *assumed* (ours; the range is what we hold possible), *definition* (how a thing is
counted: no draw, no sweep of all parameters and no fit moves it).
{assumed} of the {count} are assumed.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def page() -> str:
    """The whole page, by group in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = [HEAD.format(count=len(rows), assumed=sum(row["status"] == "assumed" for row in rows))]
    columns = ("name", "value", "low", "high", "unit", "status", "what it is", "source")
    for group in dict.fromkeys(row["group"] for row in rows):
        parts += [
            f"\n## {group[0].upper()}{group[1:]}\n",
            f"| {' | '.join(columns)} |",
            "|---" * len(columns) + "|",
        ]
        for row in rows:
            if row["group"] == group:
                words = [_cell(row[name]) for name in ("unit", "status", "description", "source")]
                parts.append(
                    f"| `{row['name']}` | {row['value']} | {row['low']} | {row['high']} | "
                    + " | ".join(words)
                    + " |"
                )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    (HERE / "parameters.md").write_text(page(), encoding="utf-8")
