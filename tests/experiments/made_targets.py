"""Targets to try things on: one of the record, and a measure of two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from coercivity.experiments.backtest.evidence_targets import Target
from coercivity.experiments.calibration.implausibility import Objective
from coercivity.experiments.quantities.record_target import TARGETS

EMBARGO, BAN, LICENCES = "embargo-2010", "japan-blanket-ban", "licensing-2025"


def target(quantity: str = "price_home", **fields: Any) -> Target:
    """A target to try things on: NdPr oxide at home in China, mean of 2010, 100 +- 10 %."""
    unit = {"level": "USD/kg", "flow": "t", "share": "share", "stop": "share"}
    plain = Target(
        id="t",
        episode="e",
        sample="in",
        scenario=EMBARGO,
        quantity=quantity,
        state="China",
        partner="",
        good="ndpr_oxide" if quantity.startswith("price") else "",
        first="2010-01",
        last="2010-12",
        statistic="mean",
        value=100.0,
        tolerance=0.1,
        tolerance_kind="relative",
        unit=unit[TARGETS[quantity].kind],
    )
    return replace(plain, **fields)


def two_targets() -> Objective:
    """Two targets of value 0, tolerance 1."""
    return Objective(
        ("a", "b"),
        ("absolute",) * 2,
        np.zeros(2),
        np.ones(2),
        np.ones(2),
        np.full(2, np.nan),
    )
