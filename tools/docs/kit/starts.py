"""Part `starts`: the first month of the model against the facts, and again after 24 months without
events or luck.
"""

from __future__ import annotations

from typing import Any

from coercivity.experiments.questions.starts import start_report
from coercivity.model.basis.facts import Facts
from tools.docs.kit.documents import Order


def scenarios() -> tuple[str, ...]:
    """No shipped scenario: quiet worlds from either start."""
    return ()


def build(order: Order) -> dict[str, Any]:
    """{starts: [{start, rows}]}: rows as `coercivity starts --json` has them."""
    return {
        "starts": [
            {"start": start, "rows": start_report(start)} for start in Facts.default().starts
        ]
    }
