"""Pages of the claims: one each with its figure, and an index with all verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from coercivity.experiments.claims.table import Claim, load_claims
from coercivity.viz.pages.text import Document, Draw, Row, counted, made_by, made_with, table_of
from coercivity.viz.words.findings import VERDICTS, short
from coercivity.viz.words.language import noted, say, together

RULE: Final = """A claim **holds** when it does in at least 80% of the draws and **does not hold** when it does in at most 20%. In between it is **conditional** when its flip
parameter alone, moved through its documented range, decides it (at least 80% on one side, at most 20% on the other), else **inconclusive**. It is **built in** when it holds in
every draw, every corner of the ranges, the placebo and the whole scan: then no run could have refuted it, and the model says nothing."""
UNFILTERED: Final = """The draws are a Latin hypercube over the documented ranges, densest at the shipped values, each with a seed of its own. They are not yet filtered by the record
to 2024, so the bands show what is not known, not what fits."""
FILTERED: Final = """Each draw holds one of the parameter vectors that no episode to 2024 rules out; its other parameters are a Latin hypercube over the documented ranges, densest at the
shipped values, and its seed is its own. The bands show what is not known, given the record."""
TABLES: Final = {
    "C3": noted(
        "China's share by basis, measure and element, %, median of {worlds} at shipped values"
    ),
    "C5": noted(
        "The split by severity and duration: USD bn in 36 months above the twin, medians of "
        "{worlds}"
    ),
}
COUNTED: Final = {"C3": "seed", "C5": "draw"}


def pages(document: Document) -> dict[str, str]:
    """A page a claim, and the index."""
    known = {claim.id: claim for claim in load_claims()}
    claim_rows = document["found"]["claims"]
    return {
        "claims/index.md": index(document),
        **{f"claims/{one['id']}.md": page(known[one["id"]], one, document) for one in claim_rows},
    }


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """A figure a claim."""
    from coercivity.viz.figures.claim_figures import claim_figure

    for claim in document["found"]["claims"]:
        yield f"claims/{claim['id']}.svg", partial(claim_figure, claim)


def tables(document: Document) -> dict[str, list[Row]]:
    """Verdicts; every value of every metric; the tables that C3 and C5 have besides."""
    claim_rows = document["found"]["claims"]
    left_out = ("evidence", "beside", "table")
    tables_by_name: dict[str, list[Row]] = {
        "claims": [
            {key: value for key, value in claim.items() if key not in left_out}
            for claim in claim_rows
        ]
    }
    tables_by_name["claims-values"] = [row for claim in claim_rows for row in _values(claim)]
    tables_by_name["claims-beside"] = [
        {"id": claim["id"], "quantity": name, "median": mid, "p05": low, "p95": high}
        for claim in claim_rows
        for name, (mid, low, high) in claim["beside"].items()
    ]
    return {
        **tables_by_name,
        **{
            f"claims-{claim['id']}": claim["table"]["rows"]
            for claim in claim_rows
            if claim.get("table")
        },
    }


def _values(claim: Row) -> Iterator[Row]:
    evidence = claim["evidence"]
    groups = [(name, None, evidence[name]) for name in ("main", "placebo", "corner")] + [
        ("scan", at, got) for at, got in evidence["scan"]
    ]
    for group, level, got in groups:
        for draw, value in enumerate(got):
            yield {
                "id": claim["id"],
                "group": group,
                "flip_value": level,
                "draw": draw,
                "value": value,
            }


def page(claim: Claim, found: Mapping[str, Any], document: Document) -> str:
    """The page of one claim."""
    flips = "nowhere" if found["flips_at"] is None else short(found["flips_at"])
    beside = "\n".join(
        f"| {name} | {short(mid)} | {short(low)} | {short(high)} |"
        for name, (mid, low, high) in found["beside"].items()
    )
    table = (
        f"\n## Beside the metric\n\n| | median | 5th | 95th |\n|---|---|---|---|\n{beside}\n"
        if beside
        else ""
    )
    return f"""# {claim.id}: {claim.claim}

**Verdict: {VERDICTS[found["verdict"]]}.** It holds in {found["support"]:.0%} of {found["worlds"]} draws of parameter vector and seed.

| | |
|---|---|
| {claim.who} | {claim.words} ({sourced(claim.source, claim.url)}) |
| {claim.other_who} | {claim.other_words} ({sourced(claim.other_source, claim.other_url)}) |
| confidence in the words | {claim.confidence} |
| metric, written down before the first run | {claim.metric} ({claim.unit}) |
| threshold, written down before the first run | {claim.threshold} |
| scenario | `{claim.scenario}` |
| value | {short(found["value"])} {claim.unit} (5th to 95th percentile {short(found["p05"])} to {short(found["p95"])}) |
| placebo: {claim.placebo_words} (`{claim.placebo}`) | {short(found["placebo"])} {claim.unit}; holds in {found["placebo_support"]:.0%} |
| turns on | `{claim.flip}` from {claim.flip_low:g} to {claim.flip_high:g} {claim.flip_unit}; flips at {flips} |

![{claim.id}](../images/claims/{claim.id}.svg)

Left: each dot is a world. Right: median and 5th to 95th percentile along the flip parameter. The green field is where the claim holds; values beyond the frame stand at its edge.

{reading(found)}
{table}
{longer(claim.id, found.get("table"))}## What the model cannot tell

{claim.cannot}{f" Note: {claim.note}." if claim.note else ""}

[All claims](index.md) · again: `coercivity claims {claim.id}` · {made_with(document)}
"""


def longer(claim: str, table: Mapping[str, Any] | None) -> str:
    """The table below the metric, of a claim that has one."""
    if not table:
        return ""
    return f"## {TABLES[claim].format(worlds=counted(table['worlds'], COUNTED[claim]))}\n\n{table_of(table['rows'])}\n\n"


def reading(finding: Mapping[str, Any]) -> str:
    """One or two sentences on what the placebo and the corners say."""
    claim = finding["id"]
    lines = []
    same = {
        _holds(finding, v)
        for v in [
            *finding["evidence"]["main"],
            *finding["evidence"]["corner"],
            *(v for _, got in finding["evidence"]["scan"] for v in got),
        ]
    }
    if finding["verdict"] == "built_in":
        return say(
            "No draw, no corner of the ranges, no value of the flip parameter and not even the "
            "placebo refutes it: it is in the assumptions."
        )
    if len(same) == 1:
        lines.append(
            say(
                "No draw, no corner and no value of the flip parameter gives another answer: only "
                "with its mechanism off can it come out otherwise."
            )
        )
    if abs(finding["support"] - finding["placebo_support"]) >= 0.2:
        lines.append(
            say(
                "With its mechanism off the answer changes, so it is this mechanism that carries "
                "it."
            )
        )
    elif _outside(finding):
        lines.append(
            say(
                "With its mechanism off the value leaves its band and the claim fares about the "
                "same: the mechanism moves {claim}, and not far enough to decide it.",
                claim=claim,
            )
        )
    else:
        lines.append(
            say(
                "With its mechanism off the claim fares about the same, so {claim} does not rest "
                "on that mechanism.",
                claim=claim,
            )
        )
    return together(lines)


def _outside(finding: Mapping[str, Any]) -> bool:
    """Whether the placebo lies outside the band of the draws."""
    low, placebo, high = (finding[name] for name in ("p05", "placebo", "p95"))
    return None not in (low, placebo, high) and not low <= placebo <= high


def _holds(finding: Mapping[str, Any], value: float | None) -> bool | None:
    if value is None:
        return None
    return bool(
        (finding["low"] is None or value >= finding["low"])
        and (finding["high"] is None or value <= finding["high"])
    )


def sourced(text: str, url: str) -> str:
    """A source as a link where there is one."""
    return f"[{text}]({url})" if url.startswith("http") else text


def index(document: Document) -> str:
    """The page with all verdicts."""
    rows = "\n".join(
        f"| [{claim['id']}]({claim['id']}.md) | {claim['claim']} | **{VERDICTS[claim['verdict']]}** | {claim['support']:.0%} | {short(claim['value'])} {claim['unit']}"
        f" ({short(claim['p05'])} to {short(claim['p95'])}) | {claim['threshold']} | {claim['turns_on']}: {'–' if claim['flips_at'] is None else short(claim['flips_at'])} |"
        for claim in document["found"]["claims"]
    )
    return f"""# The claims, put to the model

The claims stand in an article of 12 January 2026 that rests on one state's official line and asks to be verified. Metric and threshold of each were written down in
`model/data/claims.csv` before its first run. `coercivity claims` prints this table anew.

| | claim | verdict | holds in | value (5th to 95th) | threshold | flips at |
|---|---|---|---|---|---|---|
{rows}

{RULE}

{FILTERED if document["collection"] else UNFILTERED} {made_by(document)}

What changed since 0.4.0, and why: [before and after](../claims-before-after.md).
"""
