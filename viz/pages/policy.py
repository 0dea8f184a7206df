"""Pages of the policy part: when governments tighten, and what public money buys."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from coercivity.model.basis.facts import load_table
from coercivity.viz.pages.text import Document, Row, made_by, table
from coercivity.viz.words.findings import short

TOGETHER: Final = ("floor_level", "reached", "gap", "equal")  # one value for all worlds together


def pages(document: Document) -> dict[str, str]:
    """The two pages."""
    return {
        "governments.md": governments_page(document),
        "friend-shoring.md": support_page(document),
    }


def tables(document: Document) -> dict[str, list[Row]]:
    """Every answer, one row a case."""
    results = document["found"]
    names = {
        "hazards": "governments-tests",
        "instruments": "governments-cases",
        "history": "governments-history",
        "equal": "friend-shoring-stages",
        "together": "friend-shoring-together",
        "floor": "friend-shoring-floor",
    }
    return {name: results[key] for key, name in names.items()}


def number(value: Any) -> str:
    """A number in a cell, a dash for none."""
    return "–" if value is None else short(value)


def verdict(passes: bool) -> str:
    """In a cell."""
    return "pass" if passes else "**miss**"


def governments_page(document: Document) -> str:
    """The rule of M12 against the record."""
    results = document["found"]
    return f"""# When governments tighten

China decides by its rule (M12); of the record only political triggers are scripted (model/data/triggers.csv). Metrics and thresholds stood in
model/data/hazard_test.csv before the first run. {made_by(document)}

{tests_table(results["hazards"])}

For the last two rows the columns are: hits above a constant guess, hits of the rule.

## Which instrument

Each documented case, predicted with the free weights chosen on the other episodes; cases after 2024 with the weights of the whole sample to 2024.
Right ones in **bold**.

{cases_table(results["instruments"])}

**Where it fails:** {wrong_words(results["instruments"])}.

How far this can be trusted: the triggers of the record are the well-known ones, so the base rate of an answer is an upper bound; there are seven documented
cases to 2024, four of them on minerals outside the model; what the ladder's rungs bite and cost was set knowing the record. One hit more than a guess is not
skill.

## One history

The first choices in `governments-decide-2024`, seed 1: only triggers are scripted.

{choices_table(results["history"])}
"""


def tests_table(rows: list[Row]) -> str:
    """Each metric of the rule beside the record, and whether it passes."""
    known = {row["id"]: row for row in load_table("hazard_test")}
    return table(
        ["metric", "model", "record", "threshold", "cases", "verdict"],
        (
            [
                known[row["id"]]["metric"],
                number(row["value"]),
                number(row["record"]),
                str(row["threshold"]),
                number(row["cases"]),
                verdict(row["passes"]),
            ]
            for row in rows
        ),
    )


def both(row: Row) -> tuple[str, str]:
    """The instrument of the rule and the documented one, in words."""
    return row["rule"].replace("_", " "), row["documented"].replace("_", " ")


def cases_table(rows: list[Row]) -> str:
    """What the rule takes in each documented case."""
    lines = []
    for row in rows:
        rule, documented = both(row)
        sample = "yes" if row["in_sample"] else "no"
        said = f"**{rule}**" if rule == documented else rule
        lines.append([row["case"], row["towards"], sample, documented, said])
    return table(["case", "towards", "in sample", "documented", "rule"], lines)


def wrong_words(rows: list[Row]) -> str:
    """What the rule takes for what, and how often."""
    wrong = Counter(
        f"{rule} for {documented}" for rule, documented in map(both, rows) if rule != documented
    )
    return "; ".join(f"{what} ({count})" for what, count in wrong.most_common())


def choices_table(rows: list[Row]) -> str:
    """Who chose what in one history, and what it saw."""
    return table(
        ["month", "government", "chose", "saw"],
        ([row["month"], row["actor"], row["chose"], row["saw"]] for row in rows),
    )


def cell(row: Row, worlds: int) -> str:
    """Median and range, and in how many of the worlds the quantity is defined where it is not in
    all; one value where it is of all worlds together.
    """
    together = row["quantity"] in TOGETHER
    known = (
        "" if together or row["worlds"] == worlds else f", in {row['worlds']} of {worlds} worlds"
    )
    if row["median"] is None:
        return f"–{known}"
    return (
        short(row["median"])
        if together
        else f"{short(row['median'])} ({short(row['p05'])} to {short(row['p95'])}){known}"
    )


def matched(rows: list[Row]) -> str:
    """How near the floor came to the tonnes of the grant, in words."""
    medians = {row["quantity"]: row["median"] for row in rows if row["arm"] == "price_floor"}
    if medians["gap"] is None:
        return (
            "The grant secured no tonnes at the stage that both pay for, so nothing could be "
            "matched."
        )
    if medians["equal"]:
        return (
            f"At the matched stage the floor secures {medians['gap']:+.0%} against the grant: equal "
            "within a tenth, so their costs compare."
        )
    return (
        f"**Not equal:** the floor nearest to the grant secures {medians['gap']:+.0%} against it at the matched stage, as plants come in one by one;\n"
        "their costs do not compare directly."
    )


def money_table(rows: list[Row]) -> str:
    """Arms down, quantities across: median (p05 to p95)."""
    arms, quantities = (
        list(dict.fromkeys(row["arm"] for row in rows)),
        list(dict.fromkeys(row["quantity"] for row in rows)),
    )
    by = {(row["arm"], row["quantity"]): row for row in rows}
    worlds = {arm: max(row["worlds"] for row in rows if row["arm"] == arm) for arm in arms}
    lines = []
    for quantity in quantities:
        unit = next(row["unit"] for row in rows if row["quantity"] == quantity)
        cells = []
        for arm in arms:
            row = by.get((arm, quantity))
            cells.append("–" if row is None else cell(row, worlds[arm]))
        lines.append([f"{quantity.replace('_', ' ')}, {unit}", *cells])
    return table(["", *arms], lines)


def support_page(document: Document) -> str:
    """What public money buys."""
    results = document["found"]
    return f"""# What public money buys

USD 5 billion from 2026 by the United States, the EU and Japan, on top of the acts of `japan-2026`; {results["seeds"]} seeds, each world beside its twin
without support. Tonnes secured: t of NdPr oxide equivalent delivered outside the sender at every stage of the chain, above the twin, cumulated to year 10;
the scarcest stage counts. Median (5th to 95th percentile). {made_by(document)}

## The same money at different stages

{money_table(results["equal"])}

## Alone or together

{money_table(results["together"])}

## A grant or a price floor, as near to an equal result as a floor comes

{money_table(results["floor"])}

{matched(results["floor"])}

A floor is a promise: it costs what prices fall below it. Its worth to an investor is that of a put over the assumed foresight of five years, so "cheaper"
here rests on that rule. Most of what is paid goes to plants that their owners would have built later or elsewhere; what is above the twin is what the
money bought.
"""
