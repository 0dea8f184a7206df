"""Part `calibration`: the stored record, which `coercivity calibrate` makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.backtest.evidence_targets import load_targets
from tools.docs.kit.documents import Order

STORED: Final = Path(__file__).resolve().parents[3] / "docs" / "calibration.json"


def scenarios() -> tuple[str, ...]:
    """Scenarios of the targets of the fit."""
    return tuple(dict.fromkeys(one.scenario for one in load_targets() if one.fit_weight > 0))


def build(order: Order) -> dict[str, Any]:
    """The stored record."""
    record: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return record
