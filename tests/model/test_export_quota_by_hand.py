"""The export quota: rights of a month, the rent of a right, and smugglers, at points reckoned by
hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.agents.dealers import trader
from coercivity.model.parts.quota import Quota
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.trade import export_quota, leakage
from coercivity.model.trade.export_quota import marginal_rent
from tests.facts import FACTS
from tests.model.test_border_by_hand import OXIDE, Crossing, a


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "ENFORCEMENT_2015", 0.4)
    monkeypatch.setattr(trader, "SMUGGLING_COST", 0.5)
    monkeypatch.setattr(export_quota, "QUOTA_WEIGHT", 1.0)


def limit(ident: str, end: str = "2026-12-31", **fields: Any) -> Event:
    raw = {"date": "2024-01-01", "kind": "quota", "actor": "China", "tonnes": 100.0}
    return event_from_dict(FACTS, raw | {"id": ident, "end": end} | fields, "test", 1)


def rationed(
    pool: float,
    end: int,
    month: int = 9,
    rent: float = 0.0,
    smuggled: float = 0.0,
    on: bool = True,
    duty: float = 0.0,
) -> tuple[Crossing, Quota]:
    """A month under a quota on Japan of which so much is left up to month `end`."""
    made = Crossing(quota=1.0, duty=duty)
    quota = Quota(limit("one"), np.array([made.japan]))
    quota.pool, quota.end, quota.rent, quota.smuggling_ratio = pool, end, rent, smuggled
    made.border.quotas = {"one": quota}
    made.clock.month = month
    made.ration(on)
    return made, quota


def test_rights_of_a_month_are_a_part_of_what_is_left_and_all_of_it_in_the_last() -> None:
    """40 t for five months: 1.25 x 8 of the 20 that are wanted. In the last month all."""
    made, quota = rationed(40.0, 13)
    assert (quota.usable, quota.pool) == (10.0, 30.0)
    assert made.links.allowed.tolist() == [10.0, 5.0, 5.0, 10.0]
    for end in (9, 5):
        assert rationed(15.0, end)[1].usable == 15.0
    made, quota = rationed(900.0, 13)
    assert made.links.allowed.tolist() == [10.0] * 4
    assert quota.pool == 880.0
    assert rationed(0.0, 13)[0].links.allowed[1] == pytest.approx(0.0, abs=1e-9)


def test_the_rent_rises_with_what_is_wanted_over_what_may_go() -> None:
    """(r + 3) e^(0.5 ln 2) - 3; at most by e^0.5 a month; it falls to nothing."""
    assert rationed(40.0, 13, rent=1.0)[1].rent == pytest.approx(4.0 * 2.0**0.5 - 3.0)
    assert rationed(0.4, 13, rent=1.0)[1].rent == pytest.approx(4.0 * np.exp(0.5) - 3.0)
    assert rationed(900.0, 13, rent=1.0)[1].rent == 0.0
    made, quota = rationed(900.0, 13, rent=9.0)
    assert quota.rent == pytest.approx(12.0 * np.exp(-0.5) - 3.0)
    assert made.border.rent[made.japan] == quota.rent
    assert made.border.rent.sum() == quota.rent


def test_smugglers_come_within_a_year_where_the_rent_pays_them() -> None:
    """A rent of a home price: pull 1 - e^-(1 - 0.5); of 0.45 x 0.6 since 2015, of 20 t a month."""
    made, quota = rationed(40.0, 13, month=140, rent=100.0)
    most = 0.45 * (1.0 - np.exp(-0.5)) * 0.6
    assert quota.smuggling_ratio == pytest.approx(most / 12.0)
    share = most / 12.0
    assert quota.smuggling_capacity == pytest.approx(20.0 * share)
    assert made.border.past[made.japan] == pytest.approx(share)
    made, quota = rationed(40.0, 13, rent=100.0)
    assert made.links.allowed[1] == pytest.approx((10.0 + 20.0 * share) / 2.0)
    assert rationed(40.0, 13, rent=50.0)[1].smuggling_ratio == 0.0
    off = rationed(40.0, 13, rent=100.0, smuggled=0.09, on=False)[1]
    assert off.smuggling_ratio == pytest.approx(0.09 * 11.0 / 12.0)


def test_what_is_smuggled_is_sold_first_and_takes_nothing_from_the_pool() -> None:
    """Smugglers carry 0.5 x 11/12 of 20 t: of 20 t that are wanted 10.8 go by right, of 900."""
    made, quota = rationed(900.0, 13, smuggled=0.5, on=False)
    past = 20.0 * 0.5 * 11.0 / 12.0
    assert quota.pool == pytest.approx(900.0 - (20.0 - past))
    assert made.border.past[made.japan] == pytest.approx(past / 20.0)
    _, quota = rationed(40.0, 13, smuggled=0.5, on=False)  # 10 t by right beside them, and no more
    assert quota.pool == pytest.approx(30.0)
    _, quota = rationed(0.0, 13, smuggled=0.5, on=False)
    assert quota.pool == 0.0


def test_what_a_seller_cannot_bring_keeps_its_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 t that may go a half leaves; what is smuggled counts in product, 1.2 t a tonne."""
    made = Crossing(quota=1.0)
    monkeypatch.setattr(export_quota, "QUOTA_WEIGHT", 1.2)
    quota = Quota(limit("one"), np.array([made.japan]))
    quota.pool, quota.end, quota.smuggling_ratio = 900.0, 13, 0.6
    made.border.quotas = {"one": quota}
    made.ration(on=False, brought=0.5)
    assert quota.smuggling_capacity == pytest.approx(0.55 * 20.0 * 1.2)
    assert quota.pool == pytest.approx(900.0 - 1.2 * 10.0 * (1.0 - 0.55))


def test_two_quotas_on_a_lane_lose_what_left_by_right() -> None:
    """Smugglers that one quota knows carry past the other as well: the same 9 t for both."""
    made = Crossing(quota=1.0)
    for name, ratio in (("wide", 0.6), ("narrow", 0.12)):
        quota = Quota(limit(name), np.array([made.japan]))
        quota.pool, quota.end, quota.smuggling_ratio = 900.0, 13, ratio
        made.border.quotas[name] = quota
    made.ration(on=False)
    by_right = 20.0 * (1.0 - 0.55)
    assert [q.pool for q in made.border.quotas.values()] == pytest.approx([900.0 - by_right] * 2)


def test_a_quota_that_follows_none_finds_those_who_save_the_tax() -> None:
    """A duty of a home price pays as a rent of one does, before there is any rent."""
    made = Crossing(quota=1.0, duty=1.0)
    quota = Quota(limit("one"), np.array([made.japan]))
    quota.pool, quota.end = 40.0, 13
    made.border.quotas = {"one": quota}
    made.ration()
    assert quota.smuggling_ratio == pytest.approx(0.45 * (1.0 - np.exp(-0.5)) * 0.6)


def test_who_goes_past_a_quota_saves_the_duty_as_well_as_the_right() -> None:
    """Half of the home price in rent is what it costs (0.5): nobody. A duty of a half on top saves
    as much again, as a rent of the whole price does; a duty alone of a quarter pays nobody.
    """
    both = rationed(40.0, 13, rent=50.0, duty=0.5)[1]
    assert both.smuggling_ratio == pytest.approx(rationed(40.0, 13, rent=100.0)[1].smuggling_ratio)
    assert rationed(40.0, 13, duty=0.25)[1].smuggling_ratio == 0.0


def under(
    *shares: tuple[str, float, float], days: float = 1.0, bearable: float = 1000.0
) -> Crossing:
    """Japan, Germany or both under quotas: where, t of the month's rights, rent."""
    made = Crossing()
    made.market.bearable[OXIDE] = bearable
    germany = int(made.border.channel[3])
    where = {"japan": [made.japan], "germany": [germany], "both": [made.japan, germany]}
    for at, (place, tonnes, rent) in enumerate(shares):
        quota = Quota(limit(f"{place}-{at}"), np.array(where[place]))
        quota.pool, quota.end, quota.rent, quota.share = tonnes, made.clock.month, rent, days
        made.border.quotas[quota.event.id] = quota
    made.ration()
    return made


def test_a_right_is_worth_no_more_than_the_last_of_those_who_fill_the_quota_bears() -> None:
    """Users bear 104 USD/kg where the seller asks 100: a rent of 50 would leave rights unused."""
    made = under(("japan", 5.0, 50.0), bearable=104.0)
    assert made.border.rent[made.japan] == pytest.approx(4.0)


def test_who_pays_most_fills_the_quota_first() -> None:
    """8 t bear 90 and 20 t bear 10: room for 8 t goes to the first, more to the others too; one
    buyer alone does not fill a larger quota, and a dearer right would go to nobody."""
    wanted, bears = a(20.0, 8.0, 0.0), a(10.0, 90.0, 500.0)
    assert marginal_rent(wanted, bears, 8.0) == 90.0
    assert marginal_rent(wanted, bears, 8.1) == 10.0
    assert marginal_rent(wanted, bears, 99.0) == 10.0
    assert marginal_rent(np.zeros(3), bears, 1.0) == np.inf


def test_a_lane_under_two_quotas_keeps_both_and_pays_both_rents() -> None:
    """15 t for all and 8 t for Japan: both bind, Japan gets 8, Germany 7, whoever comes first."""
    for order in (1, -1):
        made = under(*(("both", 15.0, 1.0), ("japan", 8.0, 2.0))[::order])
        allowed = made.links.allowed
        assert allowed[1:3].sum() == pytest.approx(8.0)
        assert allowed[3] == pytest.approx(7.0)
        germany, japan = (float(made.border.rent[made.border.channel[row]]) for row in (3, 1))
        own = next(q.rent for q in made.border.quotas.values() if q.event.id.startswith("japan"))
        assert japan == pytest.approx(germany + own)
        assert germany > 1.0
        assert own > 2.0


def test_a_quota_that_another_makes_idle_has_no_pressure() -> None:
    """5 t for Japan within 16 t for both: 5 and 10 go, the wider one is not full."""
    made = under(("both", 16.0, 1.0), ("japan", 5.0, 1.0))
    assert made.links.allowed.tolist() == pytest.approx([10.0, 2.5, 2.5, 10.0])
    wide, narrow = made.border.quotas.values()
    assert wide.rent < 1.0 < narrow.rent
    assert wide.pool == pytest.approx(1.0)
    assert narrow.pool == 0.0


def test_a_quota_in_force_for_a_part_of_the_month_binds_that_part() -> None:
    """A quarter of the days: 5 of 20 t are under it, of which 1.25 x 8 / 4 may go."""
    made = under(("japan", 8.0, 1.0), days=0.25)
    assert made.links.allowed[1:3].sum() == pytest.approx(15.0 + 2.5)
    (quota,) = made.border.quotas.values()
    assert made.border.rent[made.japan] == pytest.approx(0.25 * quota.rent)


def test_a_pool_is_shared_out_by_days() -> None:
    """Of 100 t for 16 March to 15 June (16/31 + 1 + 1 + 0.5 months) the whole is one half."""
    quota = Quota(limit("short", date="2024-03-16", end="2024-06-15"), np.array([0]))
    quota.share = 16 / 31
    quota.hand_out(2, "2024-01")
    assert quota.pool == pytest.approx(100.0)
    assert quota.rights(2, "2024-01") == pytest.approx(125.0 * (16 / 31) / (16 / 31 + 2.5))
    quota.share = 0.5
    assert quota.rights(5, "2024-01") == quota.pool


def test_a_quota_takes_over_the_rent_of_the_one_that_it_follows() -> None:
    first, second, other = (
        Quota(limit(name), np.array(at)) for name, at in (("a", [1, 2]), ("b", [2, 3]), ("c", [5]))
    )
    first.rent, first.smuggling_ratio = 7.0, 0.2
    second.follow([first])
    other.follow([first, second])
    assert (second.rent, second.smuggling_ratio, other.rent) == (7.0, 0.2, 0.0)
