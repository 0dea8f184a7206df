"""Pages of the policy part: when governments tighten, and what public money buys."""

from __future__ import annotations

from collections import Counter
from typing import Final

from coercivity.model.basis.facts import load_table
from coercivity.viz.words.claim_rows import three_digits
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Row, render, table

TOGETHER: Final = ("floor_level", "reached", "gap", "equal")  # one value for all worlds together
TABLES: Final = {
    "hazards": "governments-tests",
    "instruments": "governments-cases",
    "history": "governments-history",
    "equal": "friend-shoring-stages",
    "together": "friend-shoring-together",
    "floor": "friend-shoring-floor",
}


def pages(document: Document) -> dict[str, str]:
    """Return the two pages."""
    results = document["found"]
    known = {row["id"]: row for row in load_table("hazard_test")}
    wrong = Counter(
        f"{row['rule']} for {row['documented']}".replace("_", " ")
        for row in results["instruments"]
        if row["rule"] != row["documented"]
    ).most_common()
    floor = {row["quantity"]: row for row in results["floor"] if row["arm"] == "price_floor"}
    asked = ("equal", "together", "floor")
    money = {name: money_table(results[name]) for name in asked}
    told = {"money": money, "when": when_table([row for name in asked for row in results[name]])}
    return {
        "governments.md": render("governments", document, known=known, wrong=wrong),
        "friend-shoring.md": render("friend-shoring", document, floor=floor, **told),
    }


def tables(document: Document) -> dict[str, list[Row]]:
    """Return every answer, one row a case."""
    return {name: document["found"][key] for key, name in TABLES.items()}


def money_table(rows: list[Row]) -> str:
    """Return quantities down and arms across: median (p05 to p95), and in how many of the worlds
    a quantity is defined where it is not in all; one value where it is of all worlds together.
    """
    arms = dict.fromkeys(row["arm"] for row in rows)
    worlds = {arm: max(row["worlds"] for row in rows if row["arm"] == arm) for arm in arms}
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        quantity, of = row["quantity"], worlds[row["arm"]]
        if "_in_year_" in quantity:
            continue  # in a table of their own
        together = quantity in TOGETHER
        cell = three_digits(row["median"])
        if row["median"] is not None and not together:
            cell += f" ({three_digits(row['p05'])} to {three_digits(row['p95'])})"
        if not together and row["worlds"] != of:
            cell += f", in {row['worlds']} of {of} worlds"
        label = f"{quantity.replace('_', ' ')}, {row['unit']}"
        cells.setdefault(label, {})[row["arm"]] = cell
    lines = ([label, *(by.get(arm, "–") for arm in arms)] for label, by in cells.items())
    return table(["", *arms], lines)


def when_table(rows: list[Row]) -> str:
    """Return arms down and stages across: median tonnes a year above the twin after some years."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        stage, _, year = row["quantity"].partition("_in_year_")
        if year and row["arm"] != "nothing":
            told = found.setdefault(row["arm"], {}).setdefault(stage, {})
            told[year] = three_digits(row["median"])
    stages = dict.fromkeys(stage for by in found.values() for stage in by)
    lines = (
        [arm.replace("_", " "), *("; ".join(by[stage].values()) for stage in stages)]
        for arm, by in found.items()
    )
    return table(["", *stages], lines)
