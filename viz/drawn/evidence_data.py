"""The evidence page's data: facts with their sources, searched on the server, and the model against
the record.

facts:  {tables: [{id, title, rows, confidence: {word: count}}], total, confidences,
         assumptions: [{id, title, rule, basis, rows}]}
search: {found, shown, rows: [{table, what, value, source, url, confidence, note}]}
record: {made_with, note, draws, samples: [...], counts in words, targets: [{id, episode, sample,
         what, record, model, verdict, error, distance, source, url, confidence}],
         benchmarks: {columns, rows}, misses}
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from coercivity.experiments.paper.documents import Document
from coercivity.model.basis.assumed import assumptions
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.facts import list_tables, load_table
from coercivity.model.basis.table_specs import CONFIDENCE, SPECS
from coercivity.viz.drawn.claims_data import web
from coercivity.viz.drawn.shown_results import load_shown, version_note
from coercivity.viz.words.backtest_text import NAMES, SAMPLES, band_cell, record_cell

PAGE: Final = 25  # rows sent at a time
LONGEST: Final = 100  # characters of a search
TITLES: Final[Mapping[str, str]] = {  # tables of facts, in the order in which they are offered
    "timeline": "Acts and announcements",
    "triggers": "What provoked governments",
    "record": "What markets and firms did",
    "licence_outcomes": "What earlier licensing did to exports",
    "licence_practice": "How licences are granted",
    "evidence": "Targets of fit and backtest",
    "bounds": "Bounds of the calibration",
    "plants": "Plants",
    "projects": "Projects under way at the start",
    "options": "Projects that may be built",
    "firms": "Firms and their shares",
    "integrated": "Plants with a mine of their own",
    "stage_output": "Output by stage and state at the start",
    "end_use": "End use by state and sector at the start",
    "trade_prior": "Who buys from whom at the start",
    "prices_start": "Prices at the start",
    "targets_start": "Totals that the start must meet",
    "processes": "What goes into what",
    "goods": "Goods and their contents",
    "choke": "Prices at which uses are given up",
    "conversion_cost": "Costs of making",
    "capex": "Costs of building",
    "price_level": "Level of costs over the years",
    "cover": "Stocks that firms hold",
    "parts": "Parts of a line that hold a good",
    "lanes": "Days of freight",
    "headings": "Customs headings",
    "pits": "Small pits in clay",
    "value_added": "Value added that depends on the parts",
    "multipliers": "What a stopped line costs the whole economy",
    "gdp": "Economies",
    "growth": "Growth of demand",
    "demand_cases": "Cases of demand",
    "governments": "Governments",
    "actors": "Who stands for whom",
    "states": "States",
    "instruments": "Instruments of coercion",
    "capability": "What China's controls could do, by year",
    "counter_leverage": "What targets could answer with",
    "hazard_test": "Tests of when governments act",
}
TAIL: Final = ("source", "url", "confidence", "note")


def fact_tables() -> tuple[str, ...]:
    """Names of the tables of facts: those whose every row has a source and a confidence, without
    the claims and the cards of the game.
    """
    return tuple(name for name in TITLES if name in list_tables())


@cache
def facts_json() -> str:
    """The tables on offer, with their number of rows by confidence, and the rules behind what is
    assumed.
    """
    tables = []
    for name in fact_tables():
        held = Counter(load_table(name).column("confidence"))
        counts = {word: held[word] for word in CONFIDENCE if held[word]}
        tables.append(
            {"id": name, "title": TITLES[name], "rows": len(load_table(name)), "confidence": counts}
        )
    document = {
        "tables": tables,
        "total": sum(len(load_table(name)) for name in fact_tables()),
        "confidences": list(CONFIDENCE),
        "assumptions": [
            {
                "id": one.id,
                "title": TITLES[one.table],
                "rule": one.rule,
                "basis": one.basis,
                "rows": one.rows,
            }
            for one in assumptions(fact_tables())
        ],
    }
    return json.dumps(document, separators=(",", ":"))


def search_json(text: str = "", table: str = "", confidence: str = "", most: int = PAGE) -> str:
    """Rows in which every word of *text* stands, of one table or all (''), of one confidence or any
    (''); the first *most* of them.

    Raises InputError for a table or confidence that is not known.
    """
    words = text[:LONGEST].lower().split()
    for what, name, options in (
        ("table", table, fact_tables()),
        ("confidence", confidence, CONFIDENCE),
    ):
        if name and name not in options:
            raise InputError(f"{what} '{shorten(name)}' is not known; {suggest(name, options)}")
    tables = (table,) if table else fact_tables()
    rows = [
        row
        for name in tables
        for row, held in _rows(name)
        if (not confidence or row["confidence"] == confidence)
        and all(word in held for word in words)
    ]
    return json.dumps(
        {"found": len(rows), "shown": min(most, len(rows)), "rows": rows[:most]},
        separators=(",", ":"),
    )


@cache
def _rows(name: str) -> tuple[tuple[dict[str, str], str], ...]:
    """Rows of a table as the page shows them, each with the text that is searched."""
    table, key = load_table(name), SPECS[name].key
    middle = [column for column in table.columns if column not in (*key, *TAIL)]
    rows = []
    for row in table:
        what = " · ".join(str(row[column]) for column in key if row[column] not in (None, ""))
        value = "; ".join(
            f"{column.replace('_', ' ')}: {_cell(row[column])}"
            for column in middle
            if row[column] not in (None, "")
        )
        shown = {
            "table": name,
            "what": what,
            "value": value,
            "source": row["source"],
            "url": web(row["url"] or ""),
            "confidence": row["confidence"],
            "note": row["note"] or "",
        }
        rows.append(
            (
                shown,
                " ".join([TITLES[name], *shown.values()]).lower().replace("_", " ")
                + " "
                + what.lower(),
            )
        )
    return tuple(rows)


def _cell(value: Any) -> str:
    return (
        f"{value:,.10g}"
        if isinstance(value, (int, float)) and abs(value) >= 10_000
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


@cache
def record_json() -> str:
    """The model against the record, as one string."""
    return json.dumps(record_data(load_shown("backtest")), separators=(",", ":"), allow_nan=False)


def record_data(document: Document) -> dict[str, Any]:
    """The model against the record, in the form above, from the backtest's document."""
    results = document["found"]
    rows = {row["id"]: row for row in load_table("evidence")}
    return {
        "made_with": (
            f"coercivity {document['coercivity']}, {results['draws']} draws of parameter vector "
            "and seed"
        ),
        "note": version_note(document, "coercivity backtest"),
        "draws": results["draws"],
        "samples": [
            {**row, "label": SAMPLES[row["sample"]]}
            for row in results["samples"]
            if row["sample"] != "all"
        ],
        "summary": summary(results),
        "naive": list(NAMES.values()),
        "targets": [_target(target, rows.get(target["id"], {})) for target in results["targets"]],
        "benchmarks": [
            {
                "sample": SAMPLES[row["sample"]],
                "against": NAMES[row["benchmark"]],
                **{name: row[name] for name in ("targets", "wins", "ties", "losses")},
                "model_error": row["model_error"],
                "naive_error": row["naive_error"],
                "p_value": row["p_value"],
            }
            for row in results["benchmarks"]
        ],
    }


def summary(results: Mapping[str, Any]) -> list[str]:
    """The counts in sentences: what was never fitted first, and where a reckoning without the model
    does better.
    """
    lines = []
    for row in sorted(
        results["samples"],
        key=lambda one: ("out", "kept_back", "in", "start", "all").index(one["sample"]),
    ):
        if row["sample"] == "all":
            continue
        what = {
            "out": "Outcomes after 2024, which no fit has seen",
            "kept_back": "Outcomes to 2024 that were kept back",
            "in": "Outcomes that a fit may use",
            "start": "Numbers to which the start is balanced (no test)",
        }[row["sample"]]
        lines.append(
            f"{what}: {row['targets']} targets, {row['PASS']} pass, {row['PARTIAL']} are partial, "
            f"{row['FAIL']} fail."
        )
    for row in results["benchmarks"]:
        if row["sample"] == "out":
            lines.append(
                f"After 2024 against “{NAMES[row['benchmark']]}”, a reckoning without the model: "
                f"nearer in {row['wins']} of {row['series']} series, "
                f"further off in {row['losses']}; mean error {row['model_error']:.1f} tolerances, "
                f"that of the reckoning {row['naive_error']:.1f}."
            )
    return lines


def _target(target: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "episode", "sample", "verdict", "error", "source")
    naive = [
        None if target["naive"][name] is None else target["naive"][name]["error"] for name in NAMES
    ]
    what = " ".join(
        str(target[name]) for name in ("state", "quantity", "good", "partner") if target.get(name)
    ).replace("_", " ")
    return {
        **{name: target[name] for name in names},
        "what": what,
        "span": f"{target['from']} to {target['to']}"
        if target["from"] != target["to"]
        else target["from"],
        "statistic": str(target["statistic"]).replace("_", " "),
        "record": record_cell(target),
        "model": band_cell(target),
        "naive": naive,
        "distance": [target["distance"][name] for name in ("p05", "median", "p95")]
        if target["distance"]
        else None,
        "url": web(row.get("url") or ""),
        "confidence": row.get("confidence", ""),
    }
