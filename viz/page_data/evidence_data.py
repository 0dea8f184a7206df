"""The evidence page's data: facts with their sources, searched on the server, and the model against
the record.

facts:  {tables: [{id, title, rows, confidence: {word: count}}], total, confidences,
         assumptions: [{id, title, rule, basis, rows}]}
search: {found, shown, rows: [{table, words, id, source, url, confidence, note}]}
record: {made_with, draws, lead: [sentence], good, state, groups: [{id, title, count}], imposed,
         samples, summary: [sentence], naive, benchmarks,
         targets: [{id, group, episode, sample, words, mark, off, imposed, what, record,
         model, verdict, error, distance, naive, source, url, confidence}]}

The model against the record is told as to somebody who looks at a good and a state: first what is
about the good, then what is about the state, misses before hits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from coercivity.model.basis.assumed import assumptions
from coercivity.model.basis.errors import unknown_value_error
from coercivity.model.basis.facts import Facts, list_tables, load_table
from coercivity.model.basis.table_specs import CONFIDENCE
from coercivity.viz.page_data.claims_data import web
from coercivity.viz.page_data.shown_results import Document, load_shown
from coercivity.viz.words.backtest_text import (
    NAMES,
    SAMPLES,
    band_cell,
    imposed_words,
    record_cell,
)
from coercivity.viz.words.fact_text import fact_sentence
from coercivity.viz.words.language import Name, language, noted, numeral, say
from coercivity.viz.words.names import readable_text
from coercivity.viz.words.record_text import (
    VERDICTS,
    goods_words,
    in_tolerance,
    is_about,
    is_of,
    off_words,
    subject,
    target_sentence,
    testing_targets,
    worst_first,
    wrong_about,
)

PAGE: Final = 25  # rows sent at a time
LONGEST: Final = 100  # characters of a search
TITLES: Final[Mapping[str, str]] = {  # tables of facts, in the order in which they are offered
    "timeline": noted("Acts and announcements"),
    "triggers": noted("What provoked governments"),
    "record": noted("What markets and firms did"),
    "licence_outcomes": noted("What earlier licensing did to exports"),
    "licence_practice": noted("How licences are granted"),
    "evidence": noted("Targets of fit and backtest"),
    "bounds": noted("Bounds of the calibration"),
    "plants": noted("Plants"),
    "projects": noted("Projects under way at the start"),
    "options": noted("Projects that may be built"),
    "firms": noted("Firms and their shares"),
    "integrated": noted("Plants with a mine of their own"),
    "stage_output": noted("Output by stage and state at the start"),
    "end_use": noted("End use by state and sector at the start"),
    "trade_prior": noted("Who buys from whom at the start"),
    "prices_start": noted("Prices at the start"),
    "targets_start": noted("Totals that the start must meet"),
    "processes": noted("What plants do"),
    "recipes": noted("What goes into what"),
    "content": noted("What a tonne of a good holds"),
    "elements": noted("Elements that are followed"),
    "groups": noted("Goods that acts name together"),
    "sectors": noted("Sectors of end users"),
    "starts": noted("When a world may begin"),
    "goods": noted("Goods and their contents"),
    "choke": noted("Prices at which uses are given up"),
    "conversion_cost": noted("Costs of making"),
    "capex": noted("Costs of building"),
    "price_level": noted("Level of costs over the years"),
    "cover": noted("Stocks that firms hold"),
    "parts": noted("Parts of a line that hold a good"),
    "lanes": noted("Days of freight"),
    "headings": noted("Customs headings"),
    "pits": noted("Small pits in clay"),
    "value_added": noted("Value added that depends on the parts"),
    "multipliers": noted("What a stopped line costs the whole economy"),
    "gdp": noted("Economies"),
    "growth": noted("Growth of demand"),
    "demand_cases": noted("Cases of demand"),
    "governments": noted("Governments"),
    "actors": noted("Who stands for whom"),
    "states": noted("States"),
    "instruments": noted("Instruments of coercion"),
    "capability": noted("What China's controls could do, by year"),
    "counter_leverage": noted("What targets could answer with"),
    "hazard_test": noted("Tests of when governments act"),
}


def fact_tables() -> tuple[str, ...]:
    """Names of the tables of facts: those whose every row has a source and a confidence, without
    the claims.
    """
    return tuple(name for name in TITLES if name in list_tables())


CONFIDENCES: Final = (  # how well a source supports a number; for the translators
    noted("high"),
    noted("medium"),
    noted("low"),
    noted("recall"),
    noted("assumed"),
)


def facts_json() -> str:
    """The tables on offer, with their number of rows by confidence, and the rules behind what is
    assumed.
    """
    return _facts(language())


@cache
def _facts(code: str) -> str:
    tables = []
    for name in fact_tables():
        held = Counter(load_table(name).column("confidence"))
        counts = {word: held[word] for word in CONFIDENCE if held[word]}
        tables.append(
            {
                "id": name,
                "title": say(TITLES[name]),
                "rows": len(load_table(name)),
                "confidence": counts,
            }
        )
    document = {
        "tables": tables,
        "total": sum(len(load_table(name)) for name in fact_tables()),
        "confidences": [[word, say(word)] for word in CONFIDENCE],
        "assumptions": [
            {
                "id": one.id,
                "title": say(TITLES[one.table]),
                "rule": readable_text(one.rule),
                "basis": readable_text(one.basis),
                "rows": one.rows,
            }
            for one in assumptions(Facts.default(), fact_tables())
        ],
    }
    return json.dumps(document, separators=(",", ":"))


def search_json(text: str = "", table: str = "", confidence: str = "", most: int = PAGE) -> str:
    """Rows in which every word of *text* stands, of one table or all (''), of one confidence or any
    (''); the first *most* of them.

    Raises InputError for a table or confidence that is not known.
    """
    words = text[:LONGEST].lower().split()
    check_known("table", table, fact_tables())
    check_known("confidence", confidence, CONFIDENCE)
    tables = (table,) if table else fact_tables()
    rows = [
        row
        for name in tables
        for row, held in _rows(name, language())
        if (not confidence or row["confidence"] == confidence)
        and all(word in held for word in words)
    ]
    return json.dumps(
        {"found": len(rows), "shown": min(most, len(rows)), "rows": rows[:most]},
        separators=(",", ":"),
    )


def check_known(what: str, name: str, options: Sequence[str]) -> None:
    """Raise InputError for a name that is not among those there are; '' is none."""
    if name and name not in options:
        raise unknown_value_error(what, name, options)


@cache
def _rows(name: str, code: str) -> tuple[tuple[dict[str, str], str], ...]:
    """Rows of a table as the page shows them in a language, each with the text that is searched: in
    that language, and as the table has it.
    """
    table, key = load_table(name), Facts.default().specs[name].key
    rows: list[tuple[dict[str, str], str]] = []
    for row in table:
        held = " ".join(_cell(value) for value in row.values() if value not in (None, ""))
        shown = {
            "table": name,
            "words": readable_text(fact_sentence(name, row)),
            "sure": say(row["confidence"]),
            "id": " · ".join(str(row[column]) for column in key if row[column] not in (None, "")),
            "source": readable_text(row["source"]),
            "url": web(row["url"] or ""),
            "confidence": row["confidence"],
            "note": readable_text(row["note"] or ""),
        }
        text = " ".join([TITLES[name], say(TITLES[name]), *shown.values(), held]).lower()
        rows.append((shown, f"{text} {text.replace('_', ' ')}"))
    return tuple(rows)


def _cell(value: Any) -> str:
    return (
        f"{value:,.10g}"
        if isinstance(value, (int, float)) and abs(value) >= 10_000
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def record_json(good: str = "", state: str = "") -> str:
    """The model against the record for whoever looks at a good and a state, as one string. Raises
    InputError for one that is not known.
    """
    return _record(good, state, language())


@lru_cache(maxsize=64)
def _record(good: str, state: str, code: str) -> str:
    facts = Facts.default()
    check_known("good", good, facts.goods)
    check_known("state", state, facts.states)
    found = record_data(load_shown("backtest"), good, state)
    return json.dumps(found, separators=(",", ":"), allow_nan=False)


def record_rows() -> list[Mapping[str, Any]]:
    """The targets of the backtest that this version ships with, each with the months that a ratio
    or a change is taken over; for the briefing (`viz/words/briefing_misses.py`).
    """
    held = {row["id"]: row for row in load_table("evidence")}
    return [
        {
            **target,
            **{
                name: held.get(target["id"], {}).get(name) or ""
                for name in ("base_from", "base_to")
            },
        }
        for target in load_shown("backtest")["found"]["targets"]
    ]


def record_data(document: Document, good: str = "", state: str = "") -> dict[str, Any]:
    """The model against the record, in the form above, from the backtest's document: misses first,
    and first those about the good, then those of the state.
    """
    results = document["found"]
    rows = {row["id"]: row for row in load_table("evidence")}
    found = results["targets"]
    groups = _groups(found, good, state)
    return {
        "made_with": say(
            "coercivity {version}, {draws} draws of parameter vector and seed",
            version=document["coercivity"],
            draws=results["draws"],
        ),
        "draws": results["draws"],
        "lead": [in_tolerance(results["samples"]), wrong_about(found, rows, good)],
        "good": good,
        "state": state,
        "groups": [
            {"id": name, "title": title, "count": len(some)} for name, title, some in groups
        ],
        "imposed": imposed_words(results, "").strip(),
        "samples": [
            {**row, "label": say(SAMPLES[row["sample"]])}
            for row in results["samples"]
            if row["sample"] != "all"
        ],
        "summary": summary(results),
        "naive": [say(name) for name in NAMES.values()],
        "targets": [
            _target(target, rows.get(target["id"], {})) | {"group": name}
            for name, _, some in groups
            for target in worst_first(some)
        ],
        "benchmarks": [
            {
                "sample": say(SAMPLES[row["sample"]]),
                "against": say(NAMES[row["benchmark"]]),
                **{name: row[name] for name in ("targets", "wins", "ties", "losses")},
                "model_error": row["model_error"],
                "naive_error": row["naive_error"],
                "p_value": row["p_value"],
            }
            for row in results["benchmarks"]
        ],
    }


def _groups(
    found: Sequence[Mapping[str, Any]], good: str, state: str
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Id, title and targets of each group: about the good, of the state, all others; those to which
    the start is balanced are no test and stand among the others.
    """
    test = {one["id"] for one in testing_targets(found)}
    about = [one for one in found if one["id"] in test and is_about(one, good)]
    taken = {one["id"] for one in about}
    here = [
        one for one in found if one["id"] in test and one["id"] not in taken and is_of(one, state)
    ]
    taken |= {one["id"] for one in here}
    rest = [one for one in found if one["id"] not in taken]
    idle = sum(one["id"] not in test for one in rest)
    of_state = noted("About {state}, other goods") if good else noted("About {state}")
    named = (
        ("good", say("About {goods}", goods=goods_words(good)), about),
        ("state", say(of_state, state=Name(state)), here),
        ("rest", _others_called(bool(good or state), idle), rest),
    )
    return [group for group in named if group[2]]


def _others_called(chosen: bool, idle: int) -> str:
    """What the last group is called; the targets that test nothing are counted in its title."""
    if not idle:
        return say("All other outcomes") if chosen else say("All outcomes")
    if chosen:
        return say("All other outcomes, with {count} that test nothing", count=idle)
    return say("All outcomes, with {count} that test nothing", count=idle)


COUNTS: Final[Mapping[str, str]] = {  # sample -> its verdicts in a sentence
    "out": noted(
        "Outcomes after 2025, which no fit has seen: {targets} targets, {pass} pass, {partial} are "
        "partial, {fail} fail."
    ),
    "kept_back": noted(
        "Outcomes to 2025 that were kept back: {targets} targets, {pass} pass, {partial} are "
        "partial, {fail} fail."
    ),
    "in": noted(
        "Outcomes that a fit may use: {targets} targets, {pass} pass, {partial} are partial, "
        "{fail} fail."
    ),
    "start": noted(
        "Numbers to which the start is balanced (no test): {targets} targets, {pass} pass, "
        "{partial} are partial, {fail} fail."
    ),
}


MIXED: Final = {
    "prices": noted("prices"),
    "flows": noted("tonnes"),
    "stops": noted("first stops"),
    "approvals": noted("approvals"),
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
        lines.append(
            say(
                COUNTS[row["sample"]],
                **{name.lower(): row[name] for name in ("targets", "PASS", "PARTIAL", "FAIL")},
            )
        )
    for row in results["benchmarks"]:
        if row["sample"] == "out":
            lines.append(
                say(
                    "After 2025 against “{name}”, a reckoning without the model: nearer in {wins} "
                    "of {series} series, further off in {losses}; mean error {mine} tolerances, "
                    "that of the reckoning {other}.",
                    name=say(NAMES[row["benchmark"]]),
                    mine=numeral(f"{row['model_error']:.1f}"),
                    other=numeral(f"{row['naive_error']:.1f}"),
                    **{name: row[name] for name in ("wins", "series", "losses")},
                )
            )
    return lines + mixed(results["mixtures"])


def mixed(mixtures: Iterable[Mapping[str, Any]]) -> list[str]:
    """Where a reckoning without the model, or a mean of both, is nearer to what was kept back, and
    no further from what came after.
    """
    mixtures = list(mixtures)
    fails = {row["kind"] for row in mixtures if row["sample"] != "in" and row["holds"] is False}
    return [
        say(
            "Of {kind} to 2025 that were kept back, a mean that gives “{name}” {share}% and the "
            "model {rest}% is off by {mixture} tolerances, the model alone by {model}.",
            kind=say(MIXED[row["kind"]]),
            name=say(NAMES[row["reckoning"]]),
            share=round(100.0 * row["weight"]),
            rest=round(100.0 * (1.0 - row["weight"])),
            mixture=numeral(f"{row['mixture']:.1f}"),
            model=numeral(f"{row['model']:.1f}"),
        )
        for row in mixtures
        if row["sample"] == "kept_back" and row["holds"] and row["kind"] not in fails
    ]


def _target(target: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "episode", "sample", "verdict", "error")
    naive = [
        None if target["naive"][name] is None else target["naive"][name]["error"] for name in NAMES
    ]
    return {
        **{name: target[name] for name in names},
        "what": subject(target, row),
        "words": target_sentence(target, row),
        "mark": say("{said}.", said=say(VERDICTS[target["verdict"]])),
        "off": off_words(target),
        "imposed": say(target["imposed"]) if target["imposed"] else "",
        "source": readable_text(str(target["source"])),
        "record": record_cell(target),
        "model": band_cell(target),
        "naive": naive,
        "distance": [target["distance"][name] for name in ("p05", "median", "p95")]
        if target["distance"]
        else None,
        "url": web(row.get("url") or ""),
        "confidence": row.get("confidence", ""),
    }
