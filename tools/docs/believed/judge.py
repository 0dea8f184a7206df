"""The figures with other parameters in place of the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping

from tools.docs.believed import core, money_and_stops
from tools.docs.believed.measures import FIGURES, INSTEAD, calm_world, ran
from tools.docs.believed.table import TARGETS


def newly_missed(instead: Mapping[str, float]) -> dict[str, float]:
    """Figures that are met by the shipped vector and missed with these parameters in its place."""
    _forget()
    INSTEAD.update(instead)
    try:
        found = {row.figure: FIGURES[row.figure]() for row in TARGETS if row.met}
    finally:
        _forget()
    return {
        row.figure: found[row.figure]
        for row in TARGETS
        if row.met and not row.low <= found[row.figure] <= row.high
    }


def _forget() -> None:
    """No run is kept, and no parameter stands in place of the table's."""
    INSTEAD.clear()
    for kept in (ran, calm_world, core.replaced, money_and_stops.stopped):
        kept.cache_clear()
