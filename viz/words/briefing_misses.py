"""What a briefing tells of the model against the record: what it got wrong, what no record tests.

Lines that stop in 2010 and 2011 are no target: they were counted apart (`docs/evidence.md`, the
worst known misses). Rows are targets of the backtest with the months that a ratio or a change is
taken over (`viz/page_data/evidence_data.record_rows`); their sentences are those of
`record_text.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU
from coercivity.viz.words.language import Name, join_names, noted, say
from coercivity.viz.words.names import named_in_sentence
from coercivity.viz.words.record_text import OUTSIDE, is_about, target_sentence, worst_first

MISSES: Final = 4  # of the record that are told
PRICES: Final = ("price_home", "price_export", "price_abroad")
MAKERS: Final = ("first_stop", "line_output")


def misses(record: Sequence[Mapping[str, Any]], good: str, state: str) -> tuple[str, ...]:
    """What the model got wrong: when makers of the state stop first and what they make, then of the
    good looked at, the worst first; of any good where it got all of this one right.
    """
    wrong = [row for row in record if row["verdict"] == "FAIL"]
    places = _places(state)
    makers = [row for row in wrong if row["quantity"] in MAKERS and row["state"] in places]
    others = [row for row in wrong if row["quantity"] not in MAKERS]
    about = [row for row in others if is_about(row, good)]
    told = (*makers, *worst_first(about or others))
    return tuple(target_sentence(row, row) for row in told[:MISSES])


def output_missed() -> str:
    """What was found of makers' stops beside the record, which no target tests."""
    return say(
        "In 2010 and 2011 the model stops lines, and no stop for want of rare earths is on record. "
        "How that was measured stands in docs/evidence.md under “The worst known misses”."
    )


def untested_notes(record: Sequence[Mapping[str, Any]], good: str, state: str) -> tuple[str, ...]:
    """What a briefing tells of a state and a good that nothing on record tests."""
    places, told = _places(state), []
    here = {row["quantity"] for row in record if row["state"] in places}
    priced = [row for row in record if row["quantity"] in PRICES and row["good"] == good]
    of = {"state": Name(state), "good": named_in_sentence(good), "exporter": Name(EXPORTER)}
    output = noted(
        "Output of makers in {state} and what dearer inputs cost them are not tested against any "
        "record."
    )
    if "line_output" in here:
        output = noted(
            "Output of makers in {state} other than of cars, and what dearer inputs cost them, are "
            "not tested against any record."
        )
    told.append(say(output, **of))
    if "first_stop" not in here:
        told.append(say("When makers in {state} stop is not tested against any record.", **of))
    if not any(row["state"] in places for row in priced):
        wording = noted("No price of {good} is tested against any record.")
        if priced:
            wording = noted(
                "The price of {good} in {state} is not tested against any record; its prices "
                "{others} are."
            )
        others = join_names(dict.fromkeys(_market(row) for row in priced))
        told.append(say(wording, others=others, **of))
    if "import_share" not in here and state != EXPORTER:
        told.append(
            say(
                "What {state} buys from {exporter} is not tested against any record over the "
                "years.",
                **of,
            )
        )
    return tuple(told)


def _places(state: str) -> tuple[str, ...]:
    """Names under which the record speaks of a state."""
    return (state, EU) if state in Facts.default().eu_states else (state,)


def _market(row: Mapping[str, Any]) -> str:
    """Where a price was paid."""
    if row["state"] == OUTSIDE:
        return say("outside {exporter}", exporter=Name(EXPORTER))
    if row["quantity"] == "price_export":
        return say("for export from {state}", state=Name(row["state"]))
    return say("in {state}", state=Name(row["state"]))
