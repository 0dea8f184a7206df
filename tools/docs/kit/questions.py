"""Part `questions`: what each rule is worth, fall and relapse of dependence taken apart, leverage
over time.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from coercivity.experiments.questions import ablation, market_power, relapse
from coercivity.experiments.questions.ablation_evidence import evidence_of_mechanisms
from coercivity.experiments.worlds.draws import draws
from tools.docs.kit.documents import Order

QUICK_MONTHS: Final = 60
QUICK_MECHANISMS: Final = ("M3",)  # of those that are held against the record


def scenarios() -> tuple[str, ...]:
    """Scenarios that the questions start from."""
    return tuple(
        dict.fromkeys(
            [*ablation.switched_off_arms(), relapse.SCENARIO, market_power.BASE, "licensing-2025"]
        )
    )


def build(order: Order) -> dict[str, Any]:
    """All answers over so many draws; quick: shorter runs, fewer cells and years."""
    chosen, workers = draws(order.worlds), order.workers
    cells: dict[str, Any] = {"hurdles": (0.0, 1.0), "alarms": (0.1, 0.6)} if order.quick else {}
    later: dict[str, Any] = {"years": (1, 4)} if order.quick else {}
    share: dict[str, Any] = {"compliance": (0.0, 1.0)} if order.quick else {}
    return {
        "draws": order.worlds,
        "ablation": ablation.ablate(
            chosen,
            workers=workers,
            progress=order.progress,
            months=QUICK_MONTHS if order.quick else ablation.MONTHS,
        ),
        "ablation_evidence": [
            asdict(row)
            for row in evidence_of_mechanisms(
                chosen,
                QUICK_MECHANISMS if order.quick else tuple(ablation.NAIVE),
                workers,
                order.progress,
            )
        ],
        "relapse": relapse.decompose(chosen),
        "signals": market_power.after_signals(chosen, workers=workers),
        "map": market_power.entry_map(chosen, workers=workers, **cells),
        "episode": market_power.after_episode(chosen, workers=workers, **later),
        "third_countries": market_power.third_countries([draw.seed for draw in chosen], **share),
        "frozen": market_power.frozen(chosen, workers=workers),
    }
