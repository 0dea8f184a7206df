"""The claims page's data: each claim with both sides' words, the verdict of the paper kit, its
figure's numbers, and where to try it.

    {made_with, rule, lead, counts: [{verdict, label, count}],
     claims: [{id, claim, verdict, label, support, draws, undefined,
               sides: [{who, words, source, url}], confidence, metric, unit, threshold,
               low, high, value, p05, p95, placebo: {words, change, value, support},
               turns_on, turns_id, flip_unit, flip_low, flip_high, flips_at, reading, cannot, note,
               groups: [{label, values}], scan: [{at, low, median, high}],
               beside: [{label, median, p05, p95}], table: {title, columns, rows} or null,
               scenario, command, links: [{label, query}]}]}

What does not hold comes first. A query opens the lab (experiments/lab/link.py).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims.table import LEVERS, Claim, load_claims
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import checked
from coercivity.experiments.paper.documents import Document
from coercivity.model.basis.parameters import load_parameters
from coercivity.viz.drawn.shown_results import load_shown
from coercivity.viz.pages.claims import COUNTED, FILTERED, RULE, TABLES, UNFILTERED, reading
from coercivity.viz.pages.text import counted
from coercivity.viz.words.findings import VERDICTS
from coercivity.viz.words.names import readable

GROUPS: Final = (
    ("main", "draws"),
    ("placebo", "mechanism off"),
    ("corner", "corners of the ranges"),
)
ORDER: Final = ("does_not_hold", "inconclusive", "conditional", "built_in", "holds")
TURNS: Final[Mapping[str, str]] = {  # what a verdict turns on where that is no parameter
    "duration_months": "How long the ban lasts",
    "case_scale": "How large the cases of demand are",
}
_FIRST: Final = re.compile(r"[;,(]| and ")


@cache
def claims_json() -> str:
    """The claims page's document as one string."""
    return json.dumps(claims_data(load_shown("claims")), separators=(",", ":"), allow_nan=False)


def claims_data(document: Document) -> dict[str, Any]:
    """The claims page's document, in the form above, from a document of the paper kit."""
    known = {claim.id: claim for claim in load_claims()}
    claim_rows = document["found"]["claims"]
    counts = Counter(one["verdict"] for one in claim_rows)
    return {
        "made_with": (
            f"coercivity {document['coercivity']}, {document['worlds']} draws of parameter vector "
            "and seed a claim"
        ),
        "lead": lead(counts),
        "rule": f"{RULE} {FILTERED if document['collection'] else UNFILTERED}".replace(
            "\n", " "
        ).replace("**", ""),
        "counts": [
            {"verdict": verdict, "label": VERDICTS[verdict], "count": counts[verdict]}
            for verdict in ORDER
            if counts[verdict]
        ],
        "claims": [
            one_claim(known[one["id"]], one)
            for one in sorted(
                claim_rows, key=lambda one: (ORDER.index(one["verdict"]), one["support"])
            )
            if one["id"] in known
        ],
    }


def one_claim(claim: Claim, found: dict[str, Any]) -> dict[str, Any]:
    """One claim: what stands in the table of claims, and what the model found."""
    return {
        "id": claim.id,
        "claim": claim.claim,
        "verdict": found["verdict"],
        "label": VERDICTS[found["verdict"]],
        "support": found["support"],
        **draws(found["evidence"]["main"]),
        "sides": sides(claim),
        "confidence": claim.confidence,
        "metric": claim.metric,
        "unit": claim.unit,
        "threshold": claim.threshold,
        **{name: found[name] for name in ("low", "high", "value", "p05", "p95")},
        "placebo": placebo(claim, found),
        "turns_on": turns_on(claim),
        "turns_id": claim.flip,
        "flip_unit": claim.flip_unit,
        "flip_low": claim.flip_low,
        "flip_high": claim.flip_high,
        "flips_at": found["flips_at"],
        "reading": reading(found),
        "cannot": readable(claim.cannot),
        "note": readable(claim.note),
        "groups": [
            {"label": label, "values": _known(found["evidence"][name])} for name, label in GROUPS
        ],
        "scan": scan(found["evidence"]["scan"]),
        "beside": [
            {"label": readable(name), "median": mid, "p05": low, "p95": high}
            for name, (mid, low, high) in found["beside"].items()
        ],
        "table": longer(claim, found),
        "scenario": claim.scenario,
        "command": f"coercivity claims {claim.id}",
        "links": links(claim),
    }


def lead(counts: Mapping[str, int]) -> str:
    """The verdicts in a sentence for whoever has a minute."""
    whole, built_in = sum(counts.values()), counts["built_in"]
    untested = f" Built into the model, so that no run could refute them: {built_in}."
    return (
        f"Of {whole} claims the model refutes {counts['does_not_hold']} and bears out "
        f"{counts['holds']}; inconclusive: {counts['inconclusive']}, turning on one assumption: "
        f"{counts['conditional']}.{untested if built_in else ''}"
    )


def turns_on(claim: Claim) -> str:
    """What a verdict turns on, in words: the first words of a parameter's description."""
    if claim.flip in TURNS:
        return TURNS[claim.flip]
    return _FIRST.split(load_parameters()[claim.flip].description)[0].strip()


def draws(values: list[float | None]) -> dict[str, int]:
    """In how many draws the metric is defined, and in how many it is not."""
    defined = len(_known(values))
    return {"draws": defined, "undefined": len(values) - defined}


def sides(claim: Claim) -> list[dict[str, str]]:
    """Who claims it and who says otherwise, each in its own words."""
    return [
        {"who": who, "words": words, "source": readable(source), "url": web(url)}
        for who, words, source, url in (
            (claim.who, claim.words, claim.source, claim.url),
            (claim.other_who, claim.other_words, claim.other_source, claim.other_url),
        )
    ]


def placebo(claim: Claim, found: dict[str, Any]) -> dict[str, Any]:
    """What the metric is with the claim's mechanism off."""
    return {
        "words": claim.placebo_words,
        "change": claim.placebo,
        "value": found["placebo"],
        "support": found["placebo_support"],
    }


def scan(points: list[tuple[float, list[float | None]]]) -> list[dict[str, float]]:
    """Median and range of the metric along what the verdict turns on, where it is defined."""
    return [
        {"at": level, **dict(zip(("low", "median", "high"), _band(known), strict=True))}
        for level, got in points
        if (known := _known(got))
    ]


def links(claim: Claim) -> list[dict[str, str]]:
    """Where to try the claim in the lab: its scenario, its placebo where parameters make it, and
    the ends of what its verdict turns on.
    """
    months = " months" if claim.flip_unit == "months" else ""
    settings: list[tuple[str, dict[str, float]]] = [(f"the scenario {claim.scenario}", {})]
    mechanisms, parameters = claim.placebo_changes()
    if parameters and not mechanisms:
        settings.append((f"its placebo ({claim.placebo_words})", parameters))
    if claim.flip not in LEVERS:
        settings += [
            (f"{turns_on(claim)}: {value:g}{months}", {claim.flip: value})
            for value in (claim.flip_low, claim.flip_high)
        ]
    inside = load_parameters()
    return [
        {"label": label, "query": to_query(checked(scenario=claim.scenario, assumptions=values))}
        for label, values in settings
        if all(inside[name].low <= value <= inside[name].high for name, value in values.items())
    ]


def longer(claim: Claim, found: dict[str, Any]) -> dict[str, Any] | None:
    """The table besides, of a claim that has one."""
    rows = found.get("table")
    if not rows:
        return None
    columns = list(rows["rows"][0])
    title = TABLES[claim.id].format(worlds=counted(rows["worlds"], COUNTED[claim.id]))
    return {
        "title": title,
        "columns": columns,
        "rows": [
            [readable(row[name]) if isinstance(row[name], str) else row[name] for name in columns]
            for row in rows["rows"]
        ],
    }


def web(url: str) -> str:
    """An address that a browser may be sent to; empty for anything else."""
    return url if url.startswith(("https://", "http://")) else ""


def _known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _band(values: list[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in np.quantile(values, (0.05, 0.5, 0.95))]
