"""What plants are promised of public money, and who is covered, at points reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Offers
from coercivity.model.parts.programme import Programme
from coercivity.model.parts.support import Support
from coercivity.model.support.programmes import firms_covered, offers_of
from coercivity.model.support.promise_support import promise, tail_cut
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.model.test_public_finance import JAPAN, MALAYSIA, OXIDE, US, Small, programme
from tests.names import CHINA, GOOD, PROCESS

HEAVY = GOOD["dysprosium_oxide"]


def given(*programmes: Programme) -> tuple[Support, list[Any]]:
    """What three plants of 10 t/month each, two more under way at the first, are promised at a
    price of 70 in the eleventh month.
    """
    small = Small(*programmes)
    small.works.pipeline.building[0] = 2.0
    small.market.quote[OXIDE] = 70.0
    governments: list[Any] = [
        SimpleNamespace(name=name, budget=-1.0, spent=-1.0) for name in ("Japan", "EU")
    ]
    for name in ("gift_share", "loan_rate", "floor", "floored", "credit_rate", "offtake_share"):
        getattr(small.support, name)[:] = 9.0
    apply_rule(promise, small, politics=SimpleNamespace(governments=governments))
    return small.support, governments


def offered(*programmes: Programme) -> Support:
    """What plants are promised."""
    return given(*programmes)[0]


def test_capital_is_promised_by_kind_and_loans_at_their_mean_rate() -> None:
    grant, equity = programme("grant", share=0.1), programme("equity", share=0.2)
    cheap, dear = (
        programme("loan", id=f"{share}", share=share, rate=rate)
        for share, rate in ((0.3, 0.02), (0.1, 0.06))
    )
    grant.covered[1] = False
    found = offered(grant, equity, cheap, dear)
    assert found.gift_share == pytest.approx([0.1, 0.0, 0.1])
    assert found.equity_share == pytest.approx([0.2] * 3)
    assert found.loan_share == pytest.approx([0.4] * 3)
    assert found.loan_rate == pytest.approx([0.03] * 3)
    assert not found.floor.any()
    assert not offered(programme("grant", share=0.0)).loan_rate.any()


def test_all_promised_capital_is_scaled_to_the_most_that_may_be() -> None:
    """0.5 + 0.3 + 0.2 of which 0.8 is the most."""
    found = offered(
        programme("grant", share=0.5), programme("equity", share=0.3), programme("loan", share=0.2)
    )
    assert found.gift_share == pytest.approx([0.4] * 3)
    assert found.equity_share == pytest.approx([0.24] * 3)
    assert found.loan_share == pytest.approx([0.16] * 3)


def test_a_credit_is_worth_what_its_budget_can_pay_to_its_end() -> None:
    """10% of 50 x 32 / 1000 = 0.16 a month, for the four months from November to February: half of
    it is left.
    """
    rich, poor = (
        programme("tax_credit", rate=0.1, budget=budget, end="2025-02-28")
        for budget in (100.0, 0.32)
    )
    assert offered(rich).credit_rate == pytest.approx([0.1] * 3)
    assert offered(poor).credit_rate == pytest.approx([0.05] * 3)


def test_an_offtake_promises_its_part_of_what_could_be_made() -> None:
    """Half a tonne of each of 32: 16 t a month. 96 t a year are half of it."""
    assert offered(programme("offtake", tonnes=96.0)).offtake_share == pytest.approx([0.5] * 3)
    found = offered(
        programme("offtake", tonnes=9999.0), programme("offtake", id="less", tonnes=9.6)
    )
    assert found.offtake_share.tolist() == [1.0] * 3


def test_a_floor_adds_the_gap_and_insures_what_a_plant_earns_with_the_good() -> None:
    """30 USD/kg on half a tonne: 0.015. A floor above the price insures the whole of what is sold;
    0.96 is half of what four months of 16 t cost.
    """
    rich, poor = (
        programme("price_floor", floor=100.0, budget=budget, end="2025-02-28")
        for budget in (100.0, 0.96)
    )
    found = offered(rich)
    assert found.floor == pytest.approx([0.015] * 3)
    assert found.floored == pytest.approx([1.0] * 3)
    found = offered(poor)
    assert found.floor == pytest.approx([0.0075] * 3)
    assert found.floored == pytest.approx([0.5] * 3)
    below = programme("price_floor", floor=56.0, budget=0.01)
    assert not offered(below).floor.any()
    assert offered(below).floored == pytest.approx([tail_cut(56.0, 70.0, 0.3 * 5.0**0.5)] * 3)
    both = offered(rich, programme("price_floor", id="less", floor=80.0))
    assert both.floor == pytest.approx([0.015] * 3)


def test_what_is_closed_or_spent_promises_nothing_and_governments_know_their_budgets() -> None:
    one, other, closed = (programme("grant", id=f"{k}", share=0.1) for k in range(3))
    one.spent, other.spent, closed.spent, closed.open = 40.0, 100.0, 5.0, False
    found, (japan, eu) = given(one, other, closed)
    assert found.gift_share == pytest.approx([0.1] * 3)
    assert (japan.budget, japan.spent) == (60.0, 145.0)
    assert (eu.budget, eu.spent) == (0.0, 0.0)


def test_a_programme_covers_the_stages_in_its_hosts_and_never_the_exporter() -> None:
    firms = Firms(
        state=np.array([JAPAN, US, MALAYSIA, CHINA, JAPAN, JAPAN]),
        process=np.array(
            [PROCESS[name] for name in (*["separate_light"] * 4, "make_metal", "automotive")]
        ),
        facts=FACTS,
    )
    offers = Offers(
        firm=np.array([0, 0, 2, 3, 4]), good=np.array([OXIDE, HEAVY, OXIDE, OXIDE, 9]), facts=FACTS
    )

    def covered(kind: str, members: tuple[str, ...] = ("Japan",), **fields: Any) -> list[int]:
        event = programme(kind, 6, **fields).event
        return np.flatnonzero(firms_covered(event, members, firms=firms, offers=offers)).tolist()

    assert covered("grant") == [0]
    assert covered("grant", stages=["metal", "separation"]) == [0, 4]
    assert covered("grant", ("Japan", "United States")) == [0, 1]
    assert covered("grant", hosts=["Malaysia", "United States"]) == [1, 2]
    assert covered("price_floor", floor=1.0) == [0]
    assert covered("price_floor", floor=1.0, good="yttrium_oxide") == []
    assert covered("offtake", tonnes=1.0, hosts=["Malaysia", "Japan"], goods="metals") == [4]

    def sold(kind: str, **fields: Any) -> list[int]:
        return offers_of(programme(kind, **fields).event, offers=offers).tolist()

    assert sold("price_floor", floor=1.0, good="dysprosium_oxide") == [1]
    assert sold("offtake", tonnes=1.0, goods=["ndpr_oxide", "ndpr_metal"]) == [0, 2, 3, 4]
    assert sold("grant") == []
