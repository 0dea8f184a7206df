"""What is said of the claims, on their page and in the documentation: the rule of a verdict, where
the draws are from, and how a verdict reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity.viz.words.language import join_sentences, noted, say

RULE: Final = (
    "A claim **holds** when it does in at least 80% of the draws and **does not hold** when "
    "it does in at most 20%. In between it is **conditional** when its flip\n"
    "parameter alone, moved through its documented range, decides it (at least 80% on one "
    "side, at most 20% on the other), else **inconclusive**. It is **built in** when it holds"
    " in\n"
    "every draw, every corner of the ranges, the placebo and the whole scan: then no run "
    "could have refuted it, and the model says nothing."
)
UNFILTERED: Final = (
    "The draws are a Latin hypercube over the documented ranges, densest at the shipped "
    "values, each with a seed of its own. They are not yet filtered by the record,\n"
    "so the bands show what is not known, not what fits."
)
FILTERED: Final = (
    "Each draw holds one of the parameter vectors drawn from what the record leaves; its "
    "other parameters are a Latin hypercube over the documented ranges, densest at the\n"
    "shipped values, and its seed is its own. The bands show what is not known, given the "
    "record."
)
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
WORDS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


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
    return join_sentences(lines)


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


def counted(count: int, what: str) -> str:
    """'one seed', 'four seeds'."""
    number = WORDS[count] if count < len(WORDS) else str(count)
    return f"{number} {what if count == 1 else what + 's'}"
