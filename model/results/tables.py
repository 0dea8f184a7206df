"""The tables of a result by name: one pure function each, from records and month names to a tidy
frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from coercivity.model.results import dependence_table as tables_dependence
from coercivity.model.results import event_tables as tables_events
from coercivity.model.results import production_tables as tables_output
from coercivity.model.results import trade_tables as tables_trade
from coercivity.model.results.records import Records

if TYPE_CHECKING:
    import pandas as pd

BUILDERS: Mapping[str, Callable[[Records, tuple[str, ...]], pd.DataFrame]] = {
    "prices": tables_trade.prices,
    "trade": tables_trade.trade,
    "output": tables_output.output,
    "stocks": tables_output.stocks,
    "dependence": tables_dependence.dependence,
    "capacity": tables_output.capacity,
    "licences": tables_trade.licences,
    "policy": tables_events.policy,
    "spending": tables_trade.spending,
    "leaks": tables_trade.leaks,
    "macro": tables_output.macro,
    "stoppages": tables_events.stoppages,
    "decisions": tables_events.decisions,
    "events": tables_events.events,
    "firms": tables_output.firms,
}
