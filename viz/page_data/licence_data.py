"""What the play page tells of licences, as plain values: the offices of exporters by month, and the
applications of one firm. Months are counted from the start of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.model.results.records import Records, by_group
from coercivity.model.results.trade_tables import cases
from coercivity.viz.words.language import say
from coercivity.viz.words.licence_text import ANSWERS, ENDS
from coercivity.viz.words.names import named_in_sentence

if TYPE_CHECKING:
    from coercivity.experiments.questions.firm_trace import FirmTrace


def offices(records: Records) -> dict[str, dict[str, object]]:
    """By exporter that has had an application: {first: month of it, rows: [[filed, granted,
    refused, returned, unanswered at its end] of each month from then on]}, all goods and
    destinations.
    """
    exporter, states = records.structure.exporter, records.facts.states
    by_state = np.array([by_group(one, exporter, len(states)) for one in cases(records)])
    found = {}
    for s in np.flatnonzero(by_state.any(axis=(0, 1))).tolist():
        rows = by_state[:, :, s].T.astype(int)
        first = int(rows.any(axis=1).argmax())
        found[states[s]] = {"first": first, "rows": rows[first:].tolist()}
    return found


def firm_licences(trace: FirmTrace) -> list[dict[str, object]]:
    """The applications of a firm in the order of their filing: {good, supplier, exporter, tonnes,
    filed, decided, answer, granted, went: [[month, t]], ended, end}.
    """
    return [
        {
            "good": _as_first(named_in_sentence(one.good)),
            "supplier": one.supplier,
            "exporter": one.exporter,
            "tonnes": _digits(one.tonnes),
            "filed": one.filed,
            "decided": one.decided,
            "answer": _say_or_empty(ANSWERS[one.outcome]),
            "granted": one.outcome == "granted",
            "went": [[month, _digits(tonnes)] for month, tonnes in one.went],
            "ended": one.ended,
            "end": _say_or_empty(ENDS[one.end]),
        }
        for one in trace.applications
    ]


def _say_or_empty(words: str) -> str:
    return say(words) if words else ""


def _as_first(words: str) -> str:
    """Words as they begin a line."""
    return words[:1].upper() + words[1:]


def _digits(tonnes: float) -> float:
    return float(f"{tonnes:.3g}")
