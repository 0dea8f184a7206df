"""A net under what tables and events may hold, in test_kinds/*.csv. After a change that is meant:
`python -m pytest tests/model/test_kinds.py --force-regen`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from tests.names import KINDS, SPECS

COLUMNS = ("of", "name", "kind", "low", "high", "options", "may be")


def test_what_tables_and_events_may_hold_stays(
    dataframe_regression: DataFrameRegressionFixture,
) -> None:
    """The kind, range and default of every column and of every field of every kind of event."""
    rows: list[tuple[Any, ...]] = [
        (table, one.name, one.kind, one.low, one.high, len(one.options), f"blank {one.blank}")
        for table, spec in SPECS.items()
        for one in spec.columns
    ]
    for name, kind in KINDS.items():
        may = f"targets {kind.targets!r}, actor {kind.actor}, end {kind.end}, towards"
        rows.append((name, "", kind.goods, 0.0, 0.0, 0, f"{may} {kind.towards}"))
        for key, one in kind.fields.items():
            default = len(one.default) if isinstance(one.default, tuple) else one.default
            may = f"required {one.required}, default {default}"
            rows.append((name, key, one.check, one.low, one.high, len(one.options), may))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    dataframe_regression.check(table, default_tolerance={"rtol": 0.0, "atol": 0.0})
