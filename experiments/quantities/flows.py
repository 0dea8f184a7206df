"""What moves between states, by the state that separated it."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.results.records import Records, by_group
from coercivity.model.results.separation_tracer import is_separated


def flows_by_separator(records: Records, traced: FloatArray, goods: tuple[str, ...]) -> FloatArray:
    """Tonnes of some goods between states by the state that separated them: months x from x to x
    separating state.

    Trade within a state is left out.

    Concentrates, which nobody has separated, count for the state that ships them.
    """
    structure, months, facts = records.structure, records.months, records.facts
    S = len(facts.states)
    out = np.zeros((months, S * S, S))
    for good in (facts.good_row[name] for name in goods):
        lanes = np.flatnonzero(
            (structure.good == good) & (structure.exporter != structure.importer)
        )
        if not len(lanes):
            continue
        tonnes = by_group(
            records["lane_tonnes"][:, lanes],
            structure.exporter[lanes] * S + structure.importer[lanes],
            S * S,
        )
        share = (
            traced[:, good]
            if is_separated(facts, good)
            else np.broadcast_to(np.eye(S), (months, S, S))
        )
        out += tonnes[:, :, None] * np.repeat(share, S, axis=1)
    return out.reshape(months, S, S, S)
