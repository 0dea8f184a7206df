"""Writes the list of publishers in docs/facts-attribution.md from the url column of the tables in
model/data and of those of the class game. Run by `make docs`.
"""

import csv
from collections import defaultdict
from pathlib import Path

from coercivity.experiments.interchange.datapackage import publishers

HERE = Path(__file__).resolve().parents[2] / "docs"
PAGE = HERE / "facts-attribution.md"
FOLDERS = (HERE.parent / "model" / "data", HERE.parent / "viz" / "classroom" / "engine")
BEGIN, END = "<!-- begin: made by tools/docs/attribution.py -->", "<!-- end -->"


def tables_by_publisher() -> dict[str, list[str]]:
    """Publisher -> names of the tables that have a row from it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (path for folder in FOLDERS for path in folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for name in publishers(csv.DictReader(file), ["url"]):
                found[name].add(path.stem)
    return {name: sorted(found[name]) for name in sorted(found)}


def page() -> str:
    """The whole page, with its list renewed."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    rows = [f"| {name} | {', '.join(tables)} |" for name, tables in tables_by_publisher().items()]
    listing = "\n".join(["| publisher, or place where it was read | tables |", "|---|---|", *rows])
    return f"{head}{BEGIN}\n\n{listing}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
