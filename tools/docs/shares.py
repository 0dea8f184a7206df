"""Rows of result tables that several of the pages' scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.model.results.result import Result


def separated_for_japan(result: Result) -> pd.DataFrame:
    """Month and China's share (0-1) of the value of what Japan buys, by place of separation."""
    frame = result.table("dependence")
    keys = {
        "state": "Japan",
        "supplier": "China",
        "basis": "separated_in",
        "measure": "value",
        "group": "all",
    }
    for column, value in keys.items():
        frame = frame[frame[column] == value]
    return frame[["month", "share"]]
