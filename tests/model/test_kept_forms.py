"""A net under what tables and events may hold, in test_kept_forms/*.csv.

After a change that is meant: `python -m pytest tests/model/test_kept_forms.py --force-regen`. What
a run leaves is held by tests/golden/.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from coercivity.model.basis.names import SPECS
from coercivity.model.scenario.kinds import KINDS


def test_what_tables_and_events_may_hold_stays(
    dataframe_regression: DataFrameRegressionFixture,
) -> None:
    """The kind, range and default of every column of model/data and of every field of every kind of
    event.
    """
    rows: list[dict[str, Any]] = [
        {
            "of": table,
            "name": one.name,
            "kind": one.kind,
            "low": one.low,
            "high": one.high,
            "options": len(one.options),
            "may be": f"blank {one.blank}",
        }
        for table, spec in SPECS.items()
        for one in spec.columns
    ]
    for name, kind in KINDS.items():
        rows.append(
            {
                "of": name,
                "name": "",
                "kind": kind.goods,
                "low": 0.0,
                "high": 0.0,
                "options": 0,
                "may be": (
                    f"targets {kind.targets!r}, actor {kind.actor}, end {kind.end}, towards "
                    f"{kind.towards}"
                ),
            }
        )
        rows += [
            {
                "of": name,
                "name": key,
                "kind": one.check,
                "low": one.low,
                "high": one.high,
                "options": len(one.options),
                "may be": (
                    f"required {one.required}, default "
                    f"{one.default if not isinstance(one.default, tuple) else len(one.default)}"
                ),
            }
            for key, one in kind.fields.items()
        ]
    dataframe_regression.check(pd.DataFrame(rows), default_tolerance={"rtol": 0.0, "atol": 0.0})
