"""Part `policy`: the rule by which governments tighten against the record, and what public money
buys.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity.experiments.questions import friend_shoring, hazards
from coercivity.experiments.questions.grant_or_floor import grant_or_floor
from coercivity.experiments.worlds.run import run
from tools.docs.kit.documents import Order

QUIET: Final = ("nothing", "endure", "China sets", "scripted", "trigger")
HISTORY: Final = "governments-decide-2024"
HAZARD_SEEDS: Final = 16
QUICK: Final = {"months": 61, "after": (2, 3)}  # shorter runs, cut-offs after two and three years


def scenarios() -> tuple[str, ...]:
    """Scenarios that are run or changed."""
    return (HISTORY, friend_shoring.BASE, "embargo-2010")


def build(order: Order) -> dict[str, Any]:
    """All answers over so many seeds; the hazards always with their sixteen (quick: two)."""
    chosen = range(1, order.worlds + 1)
    short: dict[str, Any] = QUICK if order.quick else {}
    floor: dict[str, Any] = {"months": QUICK["months"], "steps": 2} if order.quick else {}
    return {
        "seeds": order.worlds,
        "hazards": hazards.report(range(1, 3 if order.quick else HAZARD_SEEDS + 1)),
        "instruments": hazards.leave_one_out(hazards.cases(), hazards.default_temper()),
        "history": history(HISTORY),
        "equal": friend_shoring.equal_money(seeds=chosen, workers=order.workers, **short),
        "together": friend_shoring.alone_or_together(seeds=chosen, workers=order.workers, **short),
        "floor": grant_or_floor(seeds=chosen, workers=order.workers, **floor),
    }


def history(scenario: str) -> list[dict[str, str]]:
    """What governments chose in one world with nothing but triggers scripted; months in which
    nothing was chosen are left out.
    """
    table = run(scenario, seed=1).table("decisions").astype(str)
    kept = table[~table["chose"].str.startswith(QUIET) & (table["rejected"] != "")]
    return [
        {
            "month": str(row.month),
            "actor": str(row.actor),
            "chose": str(row.chose),
            "saw": str(row.saw),
        }
        for row in kept.head(14).itertuples()
    ]
