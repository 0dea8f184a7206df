"""Part `backtest`: the whole evidence over draws, with the lines of its figures."""

from __future__ import annotations

from typing import Any

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.backtest.run_backtest import choose_targets, document, run_survey
from coercivity.experiments.worlds.draws import draws
from tools.docs.kit.documents import Order


def scenarios() -> tuple[str, ...]:
    """Scenarios of the targets."""
    return tuple(dict.fromkeys(target.scenario for target in load_evidence()))


def build(order: Order) -> dict[str, Any]:
    """The document of `coercivity backtest --json`, with lines."""
    survey = run_survey(
        choose_targets(),
        draws(order.worlds),
        workers=order.workers,
        lines=True,
        progress=order.progress,
    )
    return {name: value for name, value in document(survey).items() if name != "version"}
