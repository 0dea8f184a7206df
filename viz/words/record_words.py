"""What a briefing tells of the model against the record: what it got wrong, what no record tests.

Rows are targets of the backtest with the months that a ratio or a change is taken over
(`viz/drawn/evidence_data.record_rows`); their sentences are those of `record_text.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.worlds.headlines import EXPORTER
from coercivity.model.basis.names import EU, EU_STATES
from coercivity.viz.words.names import in_sentence
from coercivity.viz.words.record_text import OUTSIDE, beside_the_record, is_about, the, worst_first

MISSES: Final = 4  # of the record that are told
PRICES: Final = ("price_home", "price_export", "price_abroad")
OF_MAKERS: Final = ("output", "output_lost", "cost_paid", "firms_stopped")  # none is on record


def misses(record: Sequence[Mapping[str, Any]], good: str, state: str) -> tuple[str, ...]:
    """What the model got wrong: when makers of the state stop first, then of the good looked at,
    the worst first; of any good where it got all of this one right.
    """
    wrong = [row for row in record if row["verdict"] == "FAIL"]
    places = _places(state)
    stops = [row for row in wrong if row["quantity"] == "first_stop" and row["state"] in places]
    others = [row for row in wrong if row["quantity"] != "first_stop"]
    about = [row for row in others if is_about(row, good)]
    told = (*stops, *worst_first(about or others))
    return tuple(beside_the_record(row, row) for row in told[:MISSES])


def untested(record: Sequence[Mapping[str, Any]], good: str, state: str) -> tuple[str, ...]:
    """What a briefing tells of a state and a good that nothing on record tests."""
    places, told, place = _places(state), [], the(state)
    here = {row["quantity"] for row in record if row["state"] in places}
    priced = [row for row in record if row["quantity"] in PRICES and row["good"] == good]
    if not here.intersection(OF_MAKERS):
        told.append(
            f"Output of makers in {place}, what is lost of it, what dearer inputs cost and how "
            "many makers stop are not tested against any record."
        )
    if "first_stop" not in here:
        told.append(f"When makers in {place} stop is not tested against any record.")
    if not any(row["state"] in places for row in priced):
        others = _listed(dict.fromkeys(_market(row) for row in priced))
        told.append(
            f"The price of {in_sentence(good)} in {place} is not tested against any record; its "
            f"prices {others} are."
            if priced
            else f"No price of {in_sentence(good)} is tested against any record."
        )
    if "import_share" not in here and state != EXPORTER:
        told.append(
            f"What {place} buys from {EXPORTER} is not tested against any record over the years."
        )
    return tuple(told)


def _places(state: str) -> tuple[str, ...]:
    """Names under which the record speaks of a state."""
    return (state, EU) if state in EU_STATES else (state,)


def _market(row: Mapping[str, Any]) -> str:
    """Where a price was paid."""
    if row["state"] == OUTSIDE:
        return f"outside {EXPORTER}"
    place = the(row["state"])
    return f"for export from {place}" if row["quantity"] == "price_export" else f"in {place}"


def _listed(parts: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last
