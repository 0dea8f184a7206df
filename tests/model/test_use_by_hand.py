"""What stopped lines cost, who rests on whom, and how demand grows, at points reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods
from coercivity.model.basis.luck import normals
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.use import demand as use
from coercivity.model.use import macro
from coercivity.model.use.exposure import exposure, firm_dependence, gdp, power
from coercivity.model.use.macro import (
    account_losses,
    beyond_the_line,
    dependent_value_added,
    import_shares,
    multipliers,
)
from tests.facts import FACTS, with_rows
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, SECTOR, SECTORS, STATE, STATES

JAPAN, US, GERMANY = STATE["Japan"], STATE["United States"], STATE["Germany"]
OXIDE, METAL, HEAVY = (GOOD[g] for g in ("ndpr_oxide", "ndpr_metal", "dysprosium_oxide"))
S, G, K = len(STATES), len(GOODS), len(SECTORS)


LOSS: Any = SimpleNamespace(
    facts=FACTS,
    backlog_loss=0.1,
    finished_stock=0.5,
)


def after(on: bool = True, **columns: Any) -> Firms:
    """Two end users and a maker after a month in which they ran at their plan, but for what is
    said.
    """
    firms = Firms(
        is_end=np.array([True, True, False]),
        state=np.array([JAPAN, US, JAPAN]),
        sector=np.array([SECTOR["automotive"], SECTOR["wind"], -1]),
        plan=np.ones(3),
        run=np.ones(3),
        finished=np.full(3, 0.2),
        backlog=np.zeros(3),
        value_added=a(100.0, 50.0, 0.0),
        facts=FACTS,
    )
    for name, values in columns.items():
        setattr(firms, name, np.array(values, dtype=float))
    account_losses(firms, beliefs=Beliefs(FACTS, 0.5), p=LOSS, on={"M14": on})
    return firms


def test_missed_output_draws_on_finished_goods_and_then_waits() -> None:
    """0.5 missed: 0.2 from stock, 0.3 waits. A maker's own shortfall is no loss of final output."""
    firms = after(run=[0.5, 1.0, 0.0])
    assert firms.loss_short.tolist() == [0.5, 0.0, 0.0]
    assert firms.loss_absorbed.tolist() == [0.2, 0.0, 0.0]
    assert firms.finished.tolist() == [0.0, 0.2, 0.2]
    assert firms.backlog.tolist() == [0.3, 0.0, 0.0]
    assert not firms.loss_gone.any()


def test_customers_leave_a_backlog_and_overtime_serves_who_stayed_before_it_fills_the_stock() -> (
    None
):
    """Of 1 that waits 0.1 go; 0.3 of overtime is made up. Of 0.2 that waits 0.02 go, 0.18 are
    served and 0.12 fill the stock.
    """
    firms = after(run=[1.3, 1.3, 2.0], backlog=[1.0, 0.2, 0.0])
    assert firms.loss_gone == pytest.approx([0.1, 0.02, 0.0])
    assert firms.loss_made_up == pytest.approx([0.3, 0.18, 0.0])
    assert firms.backlog == pytest.approx([0.6, 0.0, 0.0])
    assert firms.finished == pytest.approx([0.2, 0.32, 0.2])
    assert after(run=[3.0, 1.0, 1.0]).finished.tolist() == [0.5, 0.2, 0.2]  # to its normal stock


def test_without_macroeconomics_what_is_missed_is_gone() -> None:
    firms = after(on=False, run=[0.5, 1.0, 1.0], backlog=[0.4, 0.0, 0.0])
    assert firms.loss_gone.tolist() == [0.5, 0.0, 0.0]
    assert not firms.loss_absorbed.any()
    assert not firms.loss_linkage.any()


def test_what_stops_beyond_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """(m - 1) x 100 x 0.5 for others; a fifth of the value added is invested, less
    1 - e^(-2 x 0.3) where imports of alarm 0.5 are six tenths.
    """
    monkeypatch.setattr(macro, "INVESTMENT_UNCERTAINTY", 2.0)
    beliefs = Beliefs(FACTS, 0.5)
    beliefs.alarm[JAPAN, CHINA], beliefs.import_shares[JAPAN, CHINA] = 0.5, 0.6
    firms = after()
    firms.plan = a(2.0, 1.0, 0.0)
    unmade = a(0.5, 0.0, 0.0)
    beyond = multipliers(FACTS)[JAPAN, SECTOR["automotive"]] - 1.0
    linked, put_off = beyond_the_line(
        unmade, firms=firms, beliefs=beliefs, p=LOSS, on={"M14": True}
    )
    assert linked == pytest.approx([50.0 * beyond, 0.0, 0.0])
    assert put_off == pytest.approx([0.2 * 100.0 * 2.0 * (1.0 - np.exp(-0.6)), 0.0, 0.0])
    off = beyond_the_line(unmade, firms=firms, beliefs=beliefs, p=LOSS, on={"M14": False})
    assert not np.any(off)


def test_what_is_made_up_gives_suppliers_their_orders_back() -> None:
    """Over the episode they lose (m - 1) x 100 x the output that is never made: of 0.5 missed,
    0.05 leaves, 0.2 is made up in the next month, the rest waits.
    """
    firms = after(run=[0.5, 1.0, 0.0], finished=[0.0, 0.0, 0.0])
    each = 100.0 * (multipliers(FACTS)[JAPAN, SECTOR["automotive"]] - 1.0)
    first, firms.run = firms.loss_linkage[0], a(1.2, 1.0, 0.0)
    account_losses(firms, beliefs=Beliefs(FACTS, 0.5), p=LOSS, on={"M14": True})
    assert firms.loss_linkage[0] == pytest.approx(-0.2 * each)
    assert first + firms.loss_linkage[0] == pytest.approx(0.3 * each)


def test_value_added_rests_on_the_part_by_state_and_sector() -> None:
    found = dependent_value_added(FACTS)
    for row in load_table("value_added"):
        month = row["usd_bn"] * 1000.0 / 12.0 * row["dependent_share"]
        assert found[STATE[row["state"]], SECTOR[row["sector"]]] == pytest.approx(month)
    assert not found.flags.writeable


def chain() -> Any:
    """China sells oxide and America too; Japan makes metal of it and sells to a Japanese and a
    Chinese car maker, of whom the second stands at home.
    """
    links = Links(
        need=np.array([0, 0, 1, 2]),
        offer=np.array([0, 1, 2, 2]),
        share=a(0.75, 0.25, 1.0, 1.0),
        good=np.array([OXIDE, OXIDE, METAL, METAL]),
        exporter=np.array([CHINA, US, JAPAN, JAPAN]),
        importer=np.array([JAPAN, JAPAN, JAPAN, CHINA]),
        cost=a(1.0, 1.0, 1.0, 1.0),
        base_cost=a(40.0, 80.0, 10.0, 10.0),
        facts=FACTS,
    )
    stage = goods(FACTS).stage[links.good]
    links.stage_rows = tuple(np.flatnonzero(stage == step) for step in range(6))
    needs = Needs(
        firm=np.array([2, 3, 4]),
        good=np.array([OXIDE, METAL, METAL]),
        stock=a(12.0, 0.0, 0.0),
        expected=a(4.0, 1.0, 1.0),
        base_use=a(8.0, 1.0, 1.0),
        facts=FACTS,
    )
    needs.user_first, needs.users = np.arange(3), needs.firm
    car = SECTOR["automotive"]
    firms = Firms(
        state=np.array([CHINA, US, JAPAN, JAPAN, CHINA]),
        sector=np.array([-1, -1, -1, car, car]),
        is_end=np.array([False, False, False, True, True]),
        size=np.ones(5),
        facts=FACTS,
    )
    return SimpleNamespace(
        facts=FACTS,
        firms=firms,
        needs=needs,
        offers=Offers(firm=np.array([0, 1, 2]), facts=FACTS),
        links=links,
        support=SimpleNamespace(reserve=np.zeros((S, G))),
    )


def test_dependence_is_passed_down_the_chain_net_of_stocks() -> None:
    """Three months of oxide cover a quarter of a year: 0.75 x 0.75; its customer abroad rests on it
    as much, who stands in China on nothing.
    """
    found = firm_dependence(chain(), (CHINA, US, JAPAN))
    assert found[:, 0] == pytest.approx([0.0, 0.0, 0.5625, 0.5625, 0.0])
    assert found[:, 1] == pytest.approx([0.0, 0.0, 0.1875, 0.1875, 0.1875])
    assert found[:, 2] == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.0])


def test_exposure_is_the_value_added_that_rests_on_the_chain_and_power_grows_with_it() -> None:
    seen = chain()
    seen.clock, seen.p = SimpleNamespace(start="2024-01"), SimpleNamespace(dependent_scale=1.0)
    share, dependence = exposure(seen, (CHINA,))
    value = dependent_value_added(FACTS)[JAPAN]
    stops = 0.5625 * value[SECTOR["automotive"]]
    assert share[JAPAN, 0] == pytest.approx(12.0 * stops / gdp(FACTS, "2024-01")[JAPAN])
    assert dependence[JAPAN, 0] == pytest.approx(stops / value.sum())
    assert power(a(0.5), 3.0) == pytest.approx([0.125])


def test_a_reserve_covers_like_stock_of_all_home_users() -> None:
    seen = chain()
    seen.support.reserve[JAPAN, OXIDE] = 12.0  # three months more
    assert firm_dependence(seen, (CHINA,))[3, 0] == pytest.approx(0.375)
    seen.needs.stock[0] = 48.0
    assert firm_dependence(seen, (CHINA,))[3, 0] == 0.0


def test_only_the_goods_asked_for_pass_a_sender() -> None:
    found = firm_dependence(
        chain(), (CHINA, CHINA, JAPAN), (GOODS[:2], ("ndpr_oxide",), ("magnet_smco",))
    )
    assert found[3].tolist() == [0.0, 0.5625, 0.0]
    assert found[4, 2] == 0.0


def test_the_worst_input_decides() -> None:
    seen = chain()
    seen.needs.firm = np.array([2, 3, 3])  # the Japanese car maker buys twice
    seen.links.share = a(0.75, 0.25, 1.0, 1.0)
    seen.needs.user_first, seen.needs.users = np.array([0, 1]), np.array([2, 3])
    seen.links.offer = np.array([0, 1, 1, 2])
    seen.links.exporter = np.array([CHINA, US, US, JAPAN])
    assert firm_dependence(seen, (CHINA,))[3, 0] == pytest.approx(0.5625)


def test_import_shares_are_by_value_at_the_start_and_without_trade_at_home() -> None:
    """Japan buys 6 t at 40 from China and 2 t at 80 from America; what it buys at home is no
    import.
    """
    seen = chain()
    found = import_shares(needs=seen.needs, links=seen.links)
    assert found[JAPAN, [CHINA, US, JAPAN]] == pytest.approx([0.6, 0.4, 0.0])
    assert found[CHINA, JAPAN] == 1.0
    assert found.sum() == pytest.approx(2.0)


def test_the_most_particular_region_s_growth_holds() -> None:
    """5% a year in the world, 10% outside China, 20% in Japan from 2016 to before 2018."""

    def row(region: str, rate: float, start: int = 2010, end: int = 2020) -> dict[str, Any]:
        return {
            "region": region,
            "sector": "wind",
            "start_year": start,
            "end_year": end,
            "growth_per_year": rate,
        }

    table = [
        row("Japan", 0.2, 2016, 2018),
        row("Outside China", 0.1),
        row("World", 0.05),
        row("India", 0.3, 2017, 2017),
    ]
    path = use.growth_path(with_rows("growth", table), "2015-01", 70)[:, :, SECTOR["wind"]]
    japan, germany, china, india = (
        path[:, STATE[s]] for s in ("Japan", "Germany", "China", "India")
    )
    ten, twenty = np.log(1.1), np.log(1.2)
    assert japan[[0, 12, 24, 36, 48]] == pytest.approx(
        [0, ten, ten + twenty, ten + 2 * twenty, 2 * ten + 2 * twenty]
    )
    assert germany[60] == pytest.approx(5 * ten)  # to the end of 2019
    assert germany[69] == germany[60]
    assert china[60] == pytest.approx(5 * np.log(1.05))
    assert india[36] - india[24] == pytest.approx(np.log(1.3))  # one year where both ends are one
    assert india[48] - india[36] == pytest.approx(ten)


def test_the_record_has_a_measurement_error_and_the_forecast_a_scale() -> None:
    """An index of end 2023 that is a fifth too low is made good month by month, 18 from July 2022;
    growth is as it is known. The forecast is doubled.
    """
    base = use.growth_path(FACTS, "2022-07", 40)
    path = use.scaled_growth(FACTS, "2022-07", 40, 1.2, 2.0)
    error = np.log(1.2) * np.minimum(np.arange(40) / 18.0, 1.0)[:, None, None]
    np.testing.assert_allclose(path[:19], (base + error)[:19], atol=1e-12)  # to January 2024
    assert path[9, 0, 0] - base[9, 0, 0] == pytest.approx(0.5 * np.log(1.2))
    np.testing.assert_allclose(path[39], base[18] + 2.0 * (base[39] - base[18]) + np.log(1.2))
    np.testing.assert_allclose(  # a run that ends before is on its way there
        use.scaled_growth(FACTS, "2022-07", 12, 0.8, 9.0),
        base[:12] + np.log(0.8) * np.arange(12)[:, None, None] / 18.0,
        atol=1e-12,
    )
    np.testing.assert_allclose(use.scaled_growth(FACTS, "2022-07", 40, 1.0, 1.0), base, atol=1e-12)
    np.testing.assert_allclose(  # nothing of a start after the record is mismeasured
        use.scaled_growth(FACTS, "2024-01", 9, 9.0, 2.0), 2.0 * use.growth_path(FACTS, "2024-01", 9)
    )
    with pytest.raises(ValueError, match="longer than 640"):
        use.growth_path(FACTS, "2024-01", 641)


def planned(
    month: int = 3, on: bool = True, start: str = "2024-01", **noise: float
) -> tuple[Firms, Demand]:
    firms = Firms(
        state=np.array([JAPAN, US, JAPAN]),
        sector=np.array([0, 1, -1]),
        is_end=np.array([True, True, False]),
        plan=np.full(3, 7.0),
        facts=FACTS,
    )
    growth = np.zeros((5, S, K))
    growth[3, JAPAN, 0], growth[4, JAPAN, 0] = 0.3, 0.4
    demand = Demand(FACTS, growth)
    demand.case[US, 1] = 0.2
    p: Any = SimpleNamespace(
        facts=FACTS,
        **{f"demand_noise_{of}": noise.get(of, 0.0) for of in ("sector", "state")},
    )
    use.plan_use(
        firms,
        demand,
        politics=SimpleNamespace(in_force=()),  # type: ignore[arg-type]
        clock=Clock(start, 12, 1, month),
        p=p,
        on={"M15": on},
    )
    return firms, demand


def test_plans_grow_as_foreseen_and_by_what_cases_have_added() -> None:
    assert planned()[0].plan == pytest.approx([np.exp(0.3), np.exp(0.2), 0.0])
    assert planned(99)[0].plan == pytest.approx([np.exp(0.4), np.exp(0.2), 0.0])  # the last known
    assert planned(on=False)[0].plan.tolist() == [7.0] * 3


def test_a_sector_swings_only_from_where_its_growth_is_a_forecast() -> None:
    assert not planned(start="2023-09", sector=0.1)[1].sector.any()
    assert planned(start="2023-10", sector=0.1)[1].sector.all()


def test_swings_are_shared_by_a_sector_and_by_its_state_and_fade() -> None:
    """z <- rho z + sigma sqrt(1 - rho^2) n."""
    for of, shape in (("sector", K), ("state", (S, K))):
        found = getattr(planned(**{of: 0.1})[1], of)
        luck = normals(1, f"demand_{of}", 3, shape)
        np.testing.assert_allclose(found, 0.1 * np.sqrt(1.0 - use.DEMAND_PERSISTENCE**2) * luck)
    firms, demand = planned(sector=0.1, state=0.1)
    level = 0.3 + demand.sector[0] + demand.state[JAPAN, 0]
    assert firms.plan[0] != pytest.approx(np.exp(level))
    before = demand.sector.copy()
    p: Any = SimpleNamespace(
        facts=FACTS,
        demand_noise_sector=0.0,
        demand_noise_state=0.0,
    )
    politics: Any = SimpleNamespace(in_force=())
    use.plan_use(
        firms, demand, politics=politics, clock=Clock("2024-01", 12, 1, 3), p=p, on={"M15": True}
    )
    np.testing.assert_allclose(demand.sector, use.DEMAND_PERSISTENCE * before)
    assert firms.plan[0] == pytest.approx(np.exp(0.3 + demand.sector[0] + demand.state[JAPAN, 0]))
