"""What an ally does with public money: by what it has at stake, how it feels threatened, and what it gets without paying."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.agents.ally import Pact, Terms, fund, join, respond, score, threat
from coercivity.agents.state import Act, View

TERMS = Terms(cut_chance=0.24, effect=0.05, budget=1e-4, spill=0.6)
SENDER = 0
NOT_SEEN = {"acts_by": (), "acts_against": (), "signals": (), "suspended": (), "coalitions": (), "open_threats": (), "gave_way": (), "states": (1,)}


def view(tension: float = 0.5, memory: float = 0.0, exposure: float = 0.005, **seen: Any) -> View:
    """A government of state 1 with a GDP of USD 4,000 billion that looks at state 0."""
    blank: dict[str, Any] = dict.fromkeys(View.__dataclass_fields__, 0.0)
    blank |= NOT_SEEN | {"name": "Japan", "gdp": np.array([18e6, 4e6]), "tension_from": np.array([tension, 0.0]), "memory": np.array([memory, 0.0]),
                         "exposure": np.array([exposure, 0.0])}  # fmt: skip
    return View(**{**blank, **seen})


def act(kind: str, months: int) -> Act:
    return Act(id=kind, kind=kind, actor="Japan", targets=(), months=months)


def test_who_is_not_threatened_pays_nothing() -> None:
    assert respond(view(tension=0.0), TERMS, SENDER)[0].kind == "nothing"


def test_who_is_threatened_and_exposed_pays() -> None:
    best = respond(view(), TERMS, SENDER)[0]
    assert best.kind != "nothing"
    assert dict(best.fields)["budget"] > 0


def test_who_is_not_exposed_pays_nothing_however_tense_it_is() -> None:
    assert respond(view(tension=1.0, exposure=0.0), TERMS, SENDER)[0].kind == "nothing"


def test_memory_counts_where_tension_has_faded() -> None:
    assert threat(view(tension=0.1, memory=0.7), SENDER) == 0.7


def test_loans_and_grants_come_before_equity_floors_and_offtake() -> None:
    assert {choice.kind for choice in fund(view(), TERMS, SENDER, {})} == {"loan", "grant"}
    later = {choice.kind for choice in fund(view(), TERMS, SENDER, {"loan": 30, "grant": 30})}
    assert later == {"equity", "price_floor", "offtake"}


def test_a_line_that_stood_still_brings_the_second_step_at_once() -> None:
    assert "price_floor" in {choice.kind for choice in fund(view(loss_share_12=0.001), TERMS, SENDER, {})}


def test_one_programme_a_year() -> None:
    assert [choice.kind for choice in respond(view(acts_by=(act("loan", 3),)), TERMS, SENDER)] == ["nothing"]
    assert len(respond(view(acts_by=(act("loan", 12),)), TERMS, SENDER)) > 1


def test_a_stockpile_covers_60_days_in_calm_and_up_to_180_under_threat() -> None:
    covers = [
        dict(choice.fields)["cover"] for tension in (0.0, 1.0) for choice in respond(view(tension=tension), TERMS, SENDER) if choice.kind == "stockpile"
    ]
    assert covers == [2.0, 6.0]


def test_a_coalition_is_joined_for_what_only_members_get() -> None:
    """Free riding: the more of its value reaches outsiders, the less it is worth to join."""
    pact = Pact("pool", ("United States",), gdp=28e6, at_stake=100_000.0, budget=3_000.0)
    closed, open_to_all = (join(view(), Terms(0.24, 0.05, 1e-4, spill), SENDER, pact) for spill in (0.0, 0.99))
    assert closed.score > 0 > open_to_all.score
    assert dict(closed.fields)["members"] == ("United States", "Japan")


def test_a_price_wedge_keeps_out_who_uses_much() -> None:
    cheap, dear = (join(view(), TERMS, SENDER, Pact("pool", ("United States",), 28e6, 100_000.0, 3_000.0, wedge)) for wedge in (0.0, 1_000.0))
    assert cheap.score > dear.score


@pytest.mark.parametrize(("value", "cost", "expected"), [(1.0, 1.0, 0.0), (3.0, 1.0, 0.5), (0.0, 1.0, -1.0), (0.0, 0.0, 0.0)])
def test_a_score_is_zero_where_it_just_pays(value: float, cost: float, expected: float) -> None:
    assert score(value, cost) == expected
