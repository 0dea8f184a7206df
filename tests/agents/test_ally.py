"""What an ally does with public money: by what it has at stake, how it feels threatened, and what
it gets without paying.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.governments.ally import (
    Pact,
    Terms,
    at_risk,
    fund,
    join,
    own_gdp,
    respond,
    score,
    threat,
)
from coercivity.agents.governments.government_view import Act, Choice, View

TERMS = Terms(cut_chance=0.24, effect=0.05, budget=1e-4, spill=0.6)
SENDER = 0
NOT_SEEN = {
    "acts_by": (),
    "acts_against": (),
    "signals": (),
    "suspended": (),
    "open_threats": (),
    "gave_way": (),
    "states": (1,),
}


def view(tension: float = 0.5, memory: float = 0.0, exposure: float = 0.005, **seen: Any) -> View:
    """A government of state 1 with a GDP of USD 4,000 billion that looks at state 0."""
    blank: dict[str, Any] = dict.fromkeys(View.__dataclass_fields__, 0.0)
    blank |= NOT_SEEN | {
        "name": "Japan",
        "gdp": np.array([18e6, 4e6]),
        "tension_from": np.array([tension, 0.0]),
        "memory": np.array([memory, 0.0]),
        "exposure": np.array([exposure, 0.0]),
    }
    return View(**{**blank, **seen})


def act(kind: str, months: int) -> Act:
    return Act(id=kind, kind=kind, actor="Japan", targets=(), months=months)


def test_who_is_not_threatened_pays_nothing() -> None:
    assert respond(view(tension=0.0), TERMS, SENDER)[0].kind == "nothing"


def test_who_is_not_exposed_pays_nothing_however_tense_it_is() -> None:
    assert respond(view(tension=1.0, exposure=0.0), TERMS, SENDER)[0].kind == "nothing"


def test_memory_counts_where_tension_has_faded() -> None:
    assert threat(view(tension=0.1, memory=0.7), SENDER) == 0.7
    assert threat(view(tension=0.7, memory=0.1), SENDER) == 0.7


def test_one_programme_a_year() -> None:
    assert [choice.kind for choice in respond(view(acts_by=(act("loan", 3),)), TERMS, SENDER)] == [
        "nothing"
    ]
    assert len(respond(view(acts_by=(act("loan", 12),)), TERMS, SENDER)) > 1


def test_a_stockpile_covers_60_days_in_calm_and_up_to_180_under_threat() -> None:
    covers = [
        dict(choice.fields)["cover"]
        for tension in (0.0, 1.0)
        for choice in respond(view(tension=tension), TERMS, SENDER)
        if choice.kind == "stockpile"
    ]
    assert covers == [2.0, 6.0]


def scores(choices: list[Choice]) -> dict[str, float]:
    return {choice.kind: choice.score for choice in choices}


def test_public_money_by_hand() -> None:
    """A cut costs 0.24 x 0.5 x 0.005 x 4 million = 2,400 a year (USD million).

    Fund: 10 years x 2,400 x 0.05 = 1,200 against a budget of 400; the second instrument is worth 5%
    less. Stock: 4 of 12 months of 24,000 against 200.
    """
    assert at_risk(view(), TERMS, SENDER) == pytest.approx(2400.0)
    assert own_gdp(view()) == 4e6
    found = scores(respond(view(), TERMS, SENDER))
    assert found == {
        "nothing": 0.0,
        "loan": pytest.approx(0.5),
        "grant": pytest.approx(740.0 / 1540.0),
        "stockpile": pytest.approx(7800.0 / 8200.0),
    }


def test_a_coalition_by_hand() -> None:
    """Stake 20,000 of 120,000: a sixth of a pool of 3,000, and ten years of a wedge of 20. Value
    24,000 x 0.05 x 3,000 / 2,800 x (1 - 0.6).
    """
    pact = Pact("pool", ("United States",), 28e6, 100_000.0, 3_000.0, 20.0)
    value, cost = 24_000.0 * 0.05 * (3000.0 / 2800.0) * 0.4, 500.0 + 200.0
    assert join(view(), TERMS, SENDER, pact).score == pytest.approx((value - cost) / (value + cost))
    # what all programmes together remove is at most everything
    rich = replace(pact, budget=1e9, wedge=0.0)
    assert join(view(), TERMS, SENDER, rich).score == pytest.approx(
        (24_000.0 * 0.4 - 1e9 / 6) / (24_000.0 * 0.4 + 1e9 / 6)
    )


def test_who_is_in_is_not_asked_again() -> None:
    pact = Pact("pool", ("Japan",), 28e6, 100_000.0, 3_000.0)
    assert "coalition" not in scores(respond(view(), TERMS, SENDER, [pact]))
    assert "coalition" in scores(respond(view(), TERMS, SENDER, [replace(pact, members=("EU",))]))


def test_the_second_step_opens_after_two_years_or_a_loss() -> None:
    def kinds(months: int, loss: float = 0.0) -> set[str]:
        return {
            choice.kind
            for choice in fund(view(loss_share_12=loss), TERMS, SENDER, {"loan": months})
        }

    assert kinds(23) == {"grant"}
    assert kinds(24) == {"grant", "equity", "price_floor", "offtake"}
    assert kinds(3, 1e-5) == {"grant"}
    assert kinds(3, 1.1e-5) == {"grant", "equity", "price_floor", "offtake"}


def test_each_later_instrument_is_worth_five_percent_less() -> None:
    found = fund(view(loss_share_12=0.001), TERMS, SENDER, {})
    assert [choice.kind for choice in found] == [
        "loan",
        "grant",
        "equity",
        "price_floor",
        "offtake",
    ]
    assert [choice.score for choice in found] == pytest.approx(
        [score(1200.0 * 0.95**place, 400.0) for place in range(5)]
    )
    assert {choice.months for choice in found} == {120}
    assert [choice.goods for choice in found if choice.goods] == [
        ("dysprosium_oxide", "terbium_oxide")
    ]


def test_a_stockpile_under_way_counts_as_a_programme_and_is_not_filled_twice() -> None:
    assert [
        choice.kind for choice in respond(view(acts_by=(act("stockpile", 11),)), TERMS, SENDER)
    ] == ["nothing"]
    later = scores(respond(view(acts_by=(act("stockpile", 12), act("sanction", 1))), TERMS, SENDER))
    assert "loan" in later
    assert "stockpile" not in later
    (stock,) = [choice for choice in respond(view(), TERMS, SENDER) if choice.kind == "stockpile"]
    assert dict(stock.fields) == {"budget": pytest.approx(200.0), "cover": 4.0}
    assert stock.months == 120
