"""Write docs/claims: a page and a figure for each claim, from docs/claims/results.json.

    python docs/claims.py run [DRAWS] [ID ...]   puts the claims to the model, writes results.json (ten minutes on two cores), then the pages
    python docs/claims.py tables                 makes only the tables that C3 and C5 have besides (a minute)
    python docs/claims.py                        writes the pages from results.json again
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context

from coercivity.experiments.claims import cases, supply
from coercivity.experiments.claims.survey import DRAWS, run_claims
from coercivity.experiments.claims.table import Claim, load_claims
from coercivity.experiments.claims.verdict import Finding
from coercivity.experiments.draws import draws
from coercivity.viz.claim_figures import claim_figure
from coercivity.viz.findings import VERDICTS, short

DOCS = Path(__file__).parent
RESULTS = DOCS / "claims" / "results.json"
FIGURES = DOCS / "images" / "claims"
RULE = """A claim **holds** when it does in at least 80% of the draws and **does not hold** when it does in at most 20%. In between it is **conditional** when its flip
parameter alone, moved through its documented range, decides it (at least 80% on one side, at most 20% on the other), else **inconclusive**. It is **built in** when it holds in
every draw, every corner of the ranges, the placebo and the whole scan: then no run could have refuted it, and the model says nothing."""
COLLECTION = """The draws are a Latin hypercube over the documented ranges, densest at the shipped values, each with a seed of its own. They are not yet filtered by the record
to 2024, so the bands show what is not known, not what fits."""


def rounded(value: Any) -> Any:
    """Numbers with five digits, so that the file is light and its differences can be read."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def document(finding: Finding) -> dict[str, Any]:
    """A finding with all of its values, as results.json keeps it."""
    evidence, claim = finding.evidence, finding.claim
    beside = {name: _band([v for v in values if v is not None]) for name, values in evidence.details.items()}
    raw = {
        **finding.to_dict(), "low": claim.low, "high": claim.high, "flip_unit": claim.flip_unit, "beside": beside,
        "evidence": {"main": evidence.main, "placebo": evidence.placebo, "corner": evidence.corner, "scan": [[at, got] for at, got in evidence.scan.items()]},
    }  # fmt: skip
    return dict(rounded(raw))


def _band(values: list[float]) -> list[float | None]:
    return [float(v) for v in np.quantile(values, (0.5, 0.05, 0.95))] if values else [None, None, None]


def sourced(text: str, url: str) -> str:
    """A source as a link where there is one."""
    return f"[{text}]({url})" if url.startswith("http") else text


def reading(found: dict[str, Any]) -> str:
    """One or two sentences on what the placebo and the corners say."""
    claim = found["id"]
    lines = []
    same = {_holds(found, v) for v in [*found["evidence"]["main"], *found["evidence"]["corner"], *(v for _, got in found["evidence"]["scan"] for v in got)]}
    if found["verdict"] == "built_in":
        lines.append("No draw, no corner of the ranges, no value of the flip parameter and not even the placebo refutes it: it is in the assumptions.")
        return lines[0]
    if len(same) == 1:
        lines.append("No draw, no corner and no value of the flip parameter gives another answer: only with its mechanism off can it come out otherwise.")
    apart = abs(found["support"] - found["placebo_support"])
    if apart < 0.2:
        lines.append(f"With its mechanism off the claim fares about the same, so {claim} does not rest on that mechanism.")
    else:
        lines.append("With its mechanism off the answer changes, so it is this mechanism that carries it.")
    return " ".join(lines)


def _holds(found: dict[str, Any], value: float | None) -> bool | None:
    if value is None:
        return None
    return (found["low"] is None or value >= found["low"]) and (found["high"] is None or value <= found["high"])


def more() -> dict[str, list[dict[str, Any]]]:
    """Tables that some pages have below their metric: C3 by measure, C5 by severity."""
    return {"C3": cases.dependence_by_measure(range(1, 5)), "C5": supply.split_by_severity(draws(8), workers=0)}


def table_of(rows: list[dict[str, Any]]) -> str:
    """Rows as a table in markdown."""
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(short(v) if isinstance(v, float) else str(v) for v in row.values()) + " |" for row in rows)])


TABLES = {
    "C3": "China's share by basis, measure and element, %, median of four seeds at shipped values",
    "C5": "The split by severity and duration: USD bn in 36 months above the twin, medians of eight draws",
}


def page(claim: Claim, found: dict[str, Any]) -> str:
    """The page of one claim."""
    flips = "nowhere" if found["flips_at"] is None else short(found["flips_at"])
    beside = "\n".join(f"| {name} | {short(mid)} | {short(low)} | {short(high)} |" for name, (mid, low, high) in found["beside"].items())
    table = f"\n## Beside the metric\n\n| | median | 5th | 95th |\n|---|---|---|---|\n{beside}\n" if beside else ""
    longer = f"## {TABLES[claim.id]}\n\n{table_of(found['table'])}\n\n" if found.get("table") else ""
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
{longer}## What the model cannot tell

{claim.cannot}{f" Note: {claim.note}." if claim.note else ""}

[All claims](index.md) · again: `coercivity claims {claim.id}`
"""


def index(results: list[dict[str, Any]]) -> str:
    """The page with all verdicts."""
    rows = "\n".join(
        f"| [{one['id']}]({one['id']}.md) | {one['claim']} | **{VERDICTS[one['verdict']]}** | {one['support']:.0%} | {short(one['value'])} {one['unit']}"
        f" ({short(one['p05'])} to {short(one['p95'])}) | {one['threshold']} | {one['turns_on']}: {'–' if one['flips_at'] is None else short(one['flips_at'])} |"
        for one in results
    )
    return f"""# The claims, put to the model

The claims stand in an article of 12 January 2026 that rests on one state's official line and asks to be verified. Metric and threshold of each were written down in
`model/data/claims.csv` before its first run. `coercivity claims` prints this table anew.

| | claim | verdict | holds in | value (5th to 95th) | threshold | flips at |
|---|---|---|---|---|---|---|
{rows}

{RULE}

{COLLECTION} Made by `python docs/claims.py run`.
"""


def write(results: list[dict[str, Any]]) -> None:
    """All pages and figures."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    claims = {claim.id: claim for claim in load_claims()}
    for found in results:
        (RESULTS.parent / f"{found['id']}.md").write_text(page(claims[found["id"]], found), encoding="utf-8")
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": found["id"]}):
            claim_figure(found).savefig(FIGURES / f"{found['id']}.svg", metadata={"Date": None})
    (RESULTS.parent / "index.md").write_text(index(results), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run where asked, then write."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    known = {one["id"]: one for one in json.loads(RESULTS.read_text(encoding="utf-8"))} if RESULTS.is_file() else {}
    asked, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if asked == "run":
        count = int(rest.pop(0)) if rest and rest[0].isdecimal() else DRAWS
        for finding in run_claims(rest, draws_count=count, workers=0, progress=lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr)):
            known[finding.claim.id] = {**known.get(finding.claim.id, {}), **document(finding)}
    if asked == "tables" or (asked == "run" and not rest):
        for name, rows in more().items():
            if name in known:
                known[name]["table"] = rounded(rows)
    if asked:
        ordered = [known[claim.id] for claim in load_claims() if claim.id in known]
        text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).replace('},{"id"', '},\n{"id"')
        RESULTS.write_text(text + "\n", encoding="utf-8")
    results = [known[claim.id] for claim in load_claims() if claim.id in known]
    write(results)
    print(f"Wrote {len(results)} pages in {RESULTS.parent.name}/")


if __name__ == "__main__":
    main(sys.argv[1:])
