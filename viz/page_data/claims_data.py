"""The claims page's data: each claim with both sides' words, the verdict of the paper kit, its
figure's numbers, and where to try it.

    {made_with, rule, lead, counts: [{verdict, label, count}],
     claims: [{id, claim, verdict, label, support, draws, undefined,
               sides: [{who, quote, source, url}], confidence, metric, unit, threshold,
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
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims.written_claims import LEVERS, Claim, load_claims
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import load_parameters
from coercivity.viz.page_data.shown_results import Document, load_shown
from coercivity.viz.words.claim_rows import VERDICTS
from coercivity.viz.words.claims_text import (
    COUNTED,
    FILTERED,
    RULE,
    TABLES,
    UNFILTERED,
    counted,
    reading,
)
from coercivity.viz.words.language import (
    SOURCE,
    join_sentences,
    language,
    noted,
    numeral,
    say,
)
from coercivity.viz.words.names import readable_text, standalone_name

GROUPS: Final = (
    ("main", noted("draws")),
    ("placebo", noted("mechanism off")),
    ("corner", noted("corners of the ranges")),
)
ORDER: Final = ("does_not_hold", "inconclusive", "conditional", "built_in", "holds")
TURNS: Final[Mapping[str, str]] = {  # what a verdict turns on where that is no parameter
    "duration_months": noted("How long the ban lasts"),
    "case_scale": noted("How large the cases of demand are"),
}
WORLDS: Final = {  # what is counted; one, many
    "seed": (noted("{count} seed"), noted("{count} seeds")),
    "draw": (noted("{count} draw"), noted("{count} draws")),
}
_FIRST: Final = re.compile(r"[;,(]| and ")


def claims_json() -> str:
    """The claims page's document as one string, in the language that is spoken."""
    return _claims(language())


@cache
def _claims(code: str) -> str:
    return json.dumps(claims_data(load_shown("claims")), separators=(",", ":"), allow_nan=False)


def claims_data(document: Document) -> dict[str, Any]:
    """The claims page's document, in the form above, from a document of the paper kit."""
    known = {claim.id: claim for claim in load_claims()}
    claim_rows = document["found"]["claims"]
    counts = Counter(one["verdict"] for one in claim_rows)
    return {
        "made_with": say(
            "coercivity {version}, {draws} draws of parameter vector and seed a claim",
            version=document["coercivity"],
            draws=document["worlds"],
        ),
        "lead": lead(counts),
        "rule": join_sentences(
            say(strip_marks(text))
            for text in (RULE, FILTERED if document["collection"] else UNFILTERED)
        ),
        "counts": [
            {"verdict": verdict, "label": say(VERDICTS[verdict]), "count": counts[verdict]}
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
        "claim": say(claim.claim),
        "verdict": found["verdict"],
        "label": say(VERDICTS[found["verdict"]]),
        "support": found["support"],
        **draws(found["evidence"]["main"]),
        "sides": sides(claim),
        "confidence": say(claim.confidence),
        "metric": say(claim.metric),
        "unit": say(claim.unit),
        "threshold": say(claim.threshold),
        **{name: found[name] for name in ("low", "high", "value", "p05", "p95")},
        "placebo": placebo(claim, found),
        "turns_on": turns_on(claim),
        "turns_id": claim.flip,
        "flip_unit": say(claim.flip_unit),
        "flip_low": claim.flip_low,
        "flip_high": claim.flip_high,
        "flips_at": found["flips_at"],
        "reading": reading(found),
        "cannot": readable_text(say(claim.cannot)),
        "note": readable_text(say(claim.note)) if claim.note else "",
        "groups": [
            {"label": say(label), "values": _known_values(found["evidence"][name])}
            for name, label in GROUPS
        ],
        "scan": scan(found["evidence"]["scan"]),
        "beside": [
            {"label": quantity_words(name), "median": mid, "p05": low, "p95": high}
            for name, (mid, low, high) in found["beside"].items()
        ],
        "table": details_table(claim, found),
        "scenario": claim.scenario,
        "command": f"coercivity claims {claim.id}",
        "links": links(claim),
    }


def lead(counts: Mapping[str, int]) -> str:
    """The verdicts in a sentence for whoever has a minute."""
    told = {"whole": sum(counts.values()), **{verdict: counts[verdict] for verdict in ORDER}}
    sentences = [
        say(
            "Of {whole} claims the model refutes {does_not_hold} and bears out {holds}; "
            "inconclusive: {inconclusive}, turning on one assumption: {conditional}.",
            **told,
        )
    ]
    if counts["built_in"]:
        sentences.append(
            say("Built into the model, so that no run could refute them: {built_in}.", **told)
        )
    return join_sentences(sentences)


def turns_on(claim: Claim) -> str:
    """What a verdict turns on, in words: the first words of a parameter's description."""
    return say(_turns_on(claim))


def _turns_on(claim: Claim) -> str:
    if claim.flip in TURNS:
        return TURNS[claim.flip]
    return _FIRST.split(load_parameters()[claim.flip].description)[0].strip()


def strip_marks(text: str) -> str:
    """A text of the documentation without its marks and in one line."""
    return text.replace("\n", " ").replace("**", "")


def quantity_words(name: str) -> str:
    """A quantity beside the metric."""
    sector, colon, what = name.partition(": ")
    if colon and sector in Facts.default().sectors:
        return say("{sector}: {what}", sector=standalone_name(sector), what=say(what))
    return say(readable_text(name))


def texts() -> Iterator[str]:
    """What the page says of the claims that stands in tables and results; for the translators."""
    yield from map(strip_marks, (RULE, FILTERED, UNFILTERED))
    for claim in load_claims():
        yield from (claim.claim, claim.metric, claim.unit, claim.threshold, claim.flip_unit)
        yield from filter(None, (claim.cannot, claim.note, claim.placebo_words, _turns_on(claim)))
        yield from (claim.who, claim.other_who)
    for found in load_shown("claims")["found"]["claims"]:
        for name in found["beside"]:
            sector, colon, what = name.partition(": ")
            yield what if colon and sector in Facts.default().sectors else readable_text(name)
        for row in (found.get("table") or {"rows": []})["rows"]:
            yield from map(readable_text, row)
            yield from (readable_text(value) for value in row.values() if isinstance(value, str))


def draws(values: list[float | None]) -> dict[str, int]:
    """In how many draws the metric is defined, and in how many it is not."""
    defined = len(_known_values(values))
    return {"draws": defined, "undefined": len(values) - defined}


def sides(claim: Claim) -> list[dict[str, str]]:
    """Who claims it and who says otherwise, each in its own words."""
    return [
        {"who": say(who), "quote": words, "source": readable_text(source), "url": web(url)}
        for who, words, source, url in (
            (claim.who, claim.words, claim.source, claim.url),
            (claim.other_who, claim.other_words, claim.other_source, claim.other_url),
        )
    ]


def placebo(claim: Claim, found: dict[str, Any]) -> dict[str, Any]:
    """What the metric is with the claim's mechanism off."""
    return {
        "words": say(claim.placebo_words),
        "change": claim.placebo,
        "value": found["placebo"],
        "support": found["placebo_support"],
    }


def scan(points: list[tuple[float, list[float | None]]]) -> list[dict[str, float]]:
    """Median and range of the metric along what the verdict turns on, where it is defined."""
    return [
        {"at": level, **dict(zip(("low", "median", "high"), _band(known), strict=True))}
        for level, got in points
        if (known := _known_values(got))
    ]


def links(claim: Claim) -> list[dict[str, str]]:
    """Where to try the claim in the lab: its scenario, its placebo where parameters make it, and
    the ends of what its verdict turns on.
    """
    at = (
        noted("{what}: {value} months") if claim.flip_unit == "months" else noted("{what}: {value}")
    )
    settings: list[tuple[str, dict[str, float]]] = [
        (say("the scenario {name}", name=claim.scenario), {})
    ]
    mechanisms, parameters = claim.placebo_changes()
    if parameters and not mechanisms:
        settings.append((say("its placebo ({what})", what=say(claim.placebo_words)), parameters))
    if claim.flip not in LEVERS:
        settings += [
            (say(at, what=turns_on(claim), value=numeral(f"{value:g}")), {claim.flip: value})
            for value in (claim.flip_low, claim.flip_high)
        ]
    inside = load_parameters()
    return [
        {
            "label": label,
            "query": to_query(check_setting(scenario=claim.scenario, assumptions=values)),
        }
        for label, values in settings
        if all(inside[name].low <= value <= inside[name].high for name, value in values.items())
    ]


def details_table(claim: Claim, found: dict[str, Any]) -> dict[str, Any] | None:
    """The table besides, of a claim that has one."""
    rows = found.get("table")
    if not rows:
        return None
    columns = list(rows["rows"][0])
    one, many = WORLDS[COUNTED[claim.id]]
    worlds = say(one if rows["worlds"] == 1 else many, count=rows["worlds"])
    if language() == SOURCE:
        worlds = counted(rows["worlds"], COUNTED[claim.id])  # small numbers in words
    title = say(TABLES[claim.id], worlds=worlds)
    return {
        "title": title,
        "columns": [say(readable_text(name)) for name in columns],
        "rows": [
            [
                say(readable_text(row[name])) if isinstance(row[name], str) else row[name]
                for name in columns
            ]
            for row in rows["rows"]
        ],
    }


def web(url: str) -> str:
    """An address that a browser may be sent to; empty for anything else."""
    return url if url.startswith(("https://", "http://")) else ""


def _known_values(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _band(values: list[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in np.quantile(values, (0.05, 0.5, 0.95))]
