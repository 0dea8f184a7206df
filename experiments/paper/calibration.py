"""Part `calibration`: the stored record of the calibration; it runs anew only where the part is
named.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.paper.documents import Order
from coercivity.model.basis.errors import InputError

COMMAND: Final = "coercivity calibrate --out DIR"
STORED: Final = (
    Path(__file__).resolve().parents[2] / "docs" / "calibration.json"
)  # in a checkout; an installed wheel has no documentation


def scenarios() -> tuple[str, ...]:
    """Scenarios of the targets of the fit."""
    from coercivity.experiments.backtest.evidence import load_targets

    return tuple(
        dict.fromkeys(target.scenario for target in load_targets() if target.fit_weight > 0)
    )


def inputs() -> str:
    """Fingerprint of the stored record, '' where there is none."""
    return hashlib.sha256(STORED.read_bytes()).hexdigest()[:16] if STORED.is_file() else ""


def build(order: Order) -> dict[str, Any] | None:
    """The stored record, None where there is none; where the part is named, a calibration in the
    folder of the sweeps.
    """
    if order.named and not order.quick and order.sweeps is not None:
        from coercivity.experiments.calibration.study import calibrate
        from coercivity.experiments.calibration.written import write_study

        folder = order.sweeps / "calibration"
        return write_study(
            calibrate(
                folder, workers=order.workers, say=lambda line: print(f"  {line}", file=sys.stderr)
            ),
            folder,
        )
    if not STORED.is_file():
        return None
    try:
        held: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(
            "{file} is damaged", "make it again with: {command}", file=STORED.name, command=COMMAND
        ) from None
    return held
