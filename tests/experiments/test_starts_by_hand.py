"""The start against the facts by hand: quantities of a month of a few lanes, verdicts, margins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.questions.starts import (
    Month,
    margin_rows,
    quantity,
    quiet_scenario,
)
from coercivity.experiments.questions.starts import verdict as judged
from tests.facts import FACTS
from tests.names import GOOD, PROCESS, STATES

CHINA, JAPAN, FRANCE, GERMANY = (
    STATES.index(name) for name in ("China", "Japan", "France", "Germany")
)
OXIDE, DY, METAL = GOOD["ndpr_oxide"], GOOD["dysprosium_oxide"], GOOD["ndpr_metal"]
STANDARD, HOT = GOOD["magnet_standard"], GOOD["magnet_heat_resistant"]
MINE, SEPARATE, MAKES_METAL = (
    PROCESS[name] for name in ("mine_light", "separate_heavy", "make_metal")
)


class Records(dict):  # type: ignore[type-arg]
    """Records of one month: lanes (good, from, to, t, USD/kg), offers (good, state, made), needs
    (good, state, process, used), firms (process, state, run).
    """

    facts = FACTS

    def __init__(
        self, lanes: Any = (), offers: Any = (), needs: Any = (), firms: Any = (), prices: Any = ()
    ) -> None:
        good, here, there, tonnes, fob = np.array(lanes, dtype=float).reshape(-1, 5).T
        offered = np.array(offers, dtype=float).reshape(-1, 3)
        needed = np.array(needs, dtype=float).reshape(-1, 4)
        plants = np.array(firms, dtype=float).reshape(-1, 3)
        states = [*offered[:, 1], *needed[:, 1], *plants[:, 1]]
        process = [*[0.0] * len(offered), *needed[:, 2], *plants[:, 0]]
        self.structure = SimpleNamespace(
            good=good.astype(int),
            exporter=here.astype(int),
            importer=there.astype(int),
            offer_good=offered[:, 0].astype(int),
            offer_firm=np.arange(len(offered)),
            need_good=needed[:, 0].astype(int),
            need_firm=len(offered) + np.arange(len(needed)),
            firm_state=np.array(states, dtype=int),
            firm_process=np.array(process, dtype=int),
        )
        run = np.zeros(len(states))
        run[len(offered) + len(needed) :] = plants[:, 2]
        priced = np.array(prices, dtype=float).reshape(-1, 3)
        super().__init__(
            lane_tonnes=tonnes[None, :],
            made=offered[None, :, 2],
            used=needed[None, :, 3],
            run=run[None, :],
            ask=priced[None, :, 0],
            sold=priced[None, :, 1],
            offer_stock=priced[None, :, 2],
        )
        self.fob = fob[None, :]


def told(name: str, **held: Any) -> float | None:
    month: Any = Month(Records(**held), 0)  # type: ignore[arg-type]
    return quantity(name, month)


# ---------------------------------------------------------------- quantities


def test_output_is_a_years_of_a_state_the_eu_or_the_world() -> None:
    offers = [(OXIDE, CHINA, 100.0), (OXIDE, FRANCE, 3.0), (OXIDE, GERMANY, 2.0), (DY, CHINA, 7.0)]
    assert told("ndpr_output.China", offers=offers) == 1200.0
    assert told("ndpr_output.EU", offers=offers) == 60.0
    assert told("ndpr_output.World", offers=offers) == 1260.0
    ores = [(GOOD["light_concentrate"], CHINA, 5.0), (GOOD["heavy_concentrate"], CHINA, 1.0)]
    ores += [(OXIDE, CHINA, 9.0)]
    assert told("mine_output.China", offers=ores) == 72.0


def test_shares_of_a_stage_are_of_what_the_world_makes_there() -> None:
    offers = [(OXIDE, CHINA, 75.0), (OXIDE, JAPAN, 25.0), (DY, JAPAN, 100.0)]
    assert told("share.separation.China", offers=offers) == 75.0
    assert told("share.all_stages.China", offers=offers) == pytest.approx(37.5)
    metal = [(METAL, CHINA, 9.0), (METAL, JAPAN, 1.0)]
    assert told("share.metal.Japan", offers=metal) == pytest.approx(10.0)
    magnets = [(STANDARD, CHINA, 60.0), (HOT, CHINA, 20.0), (HOT, JAPAN, 20.0)]
    assert told("share.magnet.China", offers=magnets) == pytest.approx(80.0)
    motors = [(GOOD["motor_heat_resistant"], CHINA, 1.0), (GOOD["motor_standard"], JAPAN, 3.0)]
    assert told("share.assembly.Japan", offers=motors) == pytest.approx(75.0)
    plants = [(SEPARATE, CHINA, 90.0), (SEPARATE, JAPAN, 10.0), (MAKES_METAL, JAPAN, 99.0)]
    assert told("share.separation_heavy.China", firms=plants) == pytest.approx(90.0)
    assert told("share.recycling.China", offers=offers) is None


LANES = [
    (OXIDE, CHINA, JAPAN, 6.0, 50.0),
    (METAL, CHINA, JAPAN, 2.0, 80.0),
    (OXIDE, FRANCE, JAPAN, 2.0, 60.0),
    (DY, CHINA, JAPAN, 1.0, 300.0),
    (DY, FRANCE, JAPAN, 3.0, 300.0),
    (OXIDE, CHINA, CHINA, 99.0, 50.0),
    (OXIDE, CHINA, FRANCE, 4.0, 50.0),
    (OXIDE, GERMANY, FRANCE, 5.0, 50.0),
    (STANDARD, CHINA, JAPAN, 1.0, 60.0),
    (HOT, CHINA, FRANCE, 3.0, 100.0),
]


def test_dependence_is_a_share_of_what_crosses_the_border_of_a_state_or_of_the_eu_as_one() -> None:
    """Japan: 9 of 14 t of oxides and metal from China; of NdPr, 8 of 10; of Dy, 1 of 4. What
    Germany ships to France stays within the EU.
    """
    assert told("dependence.Japan.tonnes", lanes=LANES) == pytest.approx(100.0 * 9.0 / 14.0)
    assert told("dependence.Japan.NdPr", lanes=LANES) == pytest.approx(80.0)
    assert told("dependence.Japan.Dy", lanes=LANES) == pytest.approx(25.0)
    assert told("dependence.Japan.Dy.France", lanes=LANES) == pytest.approx(75.0)
    assert told("dependence.EU.tonnes", lanes=LANES) == pytest.approx(100.0)
    assert told("dependence.India.tonnes", lanes=LANES) is None


def test_trade_is_what_leaves_a_state_in_a_year() -> None:
    assert told("exports.raw.China", lanes=LANES) == pytest.approx(12.0 * 13.0)
    assert told("exports.raw.China.Japan", lanes=LANES) == pytest.approx(12.0 * 9.0)
    assert told("exports.magnets.China", lanes=LANES) == pytest.approx(48.0)
    assert told("imports.Japan.China", lanes=LANES) == pytest.approx(12.0 * 9.0)


def test_use_of_metal_makers_counts_as_the_metal_it_becomes() -> None:
    needs = [
        (OXIDE, JAPAN, MAKES_METAL, 9.0),
        (METAL, JAPAN, PROCESS["make_magnet_standard"], 5.0),
        (DY, JAPAN, PROCESS["make_magnet_heat_resistant"], 1.0),
        (STANDARD, JAPAN, 20, 4.0),
        (STANDARD, FRANCE, 20, 8.0),
    ]
    assert told("use.Japan.all", needs=needs) == pytest.approx(72.0)
    assert told("use.Japan.Dy", needs=needs) == pytest.approx(12.0)
    assert told("use.magnets.Japan", needs=needs) == pytest.approx(48.0)


def test_a_price_is_an_average_by_what_is_sold_in_china() -> None:
    """60 USD/kg for 4 t, 90 for 20 t sold: 85; stock and what Japan asks do not count."""
    offers = [(OXIDE, CHINA, 0.0), (OXIDE, CHINA, 0.0), (OXIDE, JAPAN, 0.0), (DY, CHINA, 0.0)]
    prices = [(60.0, 4.0, 6.0), (90.0, 20.0, 0.0), (999.0, 50.0, 0.0), (300.0, 1.0, 0.0)]
    assert told("price.ndpr_oxide", offers=offers, prices=prices) == pytest.approx(85.0)
    assert told("price.magnet_export", lanes=LANES) == pytest.approx(360.0 / 4.0)
    assert told("price.gold") is None
    assert told("weather.Japan") is None


# ---------------------------------------------------------------- verdicts


def target(**fields: Any) -> dict[str, Any]:
    return {"fact": 100.0, "tolerance": 0.1, "tolerance_kind": "relative"} | fields


@pytest.mark.parametrize(
    ("model", "fields", "says"),
    [
        (90.0, {}, "PASS"),
        (110.1, {}, "FAIL"),
        (-90.0, {"fact": -100.0}, "PASS"),
        (103.0, {"tolerance": 3.0, "tolerance_kind": "points"}, "PASS"),
        (103.1, {"tolerance": 3.0, "tolerance_kind": "points"}, "FAIL"),
        (None, {}, "shown"),
        (1.0, {"tolerance": None}, "shown"),
        (1.0, {"fact": None}, "no fact"),
    ],
)
def test_a_verdict_is_within_the_tolerance_edges_included(
    model: float | None, fields: dict[str, Any], says: str
) -> None:
    assert judged(model, target(**fields)) == says


def test_a_quiet_run_has_two_years_and_a_month_no_luck_and_the_duties_of_its_first_month() -> None:
    quiet = quiet_scenario("2009-01")
    assert (quiet.months, quiet.start) == (25, "2009-01")
    assert {value for _, value in quiet.parameters} == {0.0}
    assert len(quiet.parameters) == 2
    assert {event.kind for event in quiet.events} == {"export_duty"}
    assert all(not event.end for event in quiet.events)
    assert all(event.month_index("2009-01") <= 0 for event in quiet.events)
    assert quiet_scenario("2024-01").events == ()


# ---------------------------------------------------------------- what was solved for


def test_margins_are_means_by_run_of_each_kind_of_firm_that_runs() -> None:
    """Two mines in Japan, of 3 and 1 t: they earn 10 and 20, pay 2 for inputs and 3 for work: 12.5
    over 5 is 150%.
    """
    world: Any = SimpleNamespace(
        facts=FACTS,
        firms=_Firms(
            process=np.array([MINE, MINE, MINE, SEPARATE]),
            state=np.array([JAPAN, JAPAN, JAPAN, CHINA]),
            base_run=np.array([3.0, 1.0, 0.0, 0.0]),
            conversion=np.array([3.0, 3.0, 99.0, 1.0]),
        ),
        offers=SimpleNamespace(
            firm=np.array([0, 1, 1, 2]),
            yields=np.array([1.0, 0.5, 0.5, 1.0]),
            base_price=np.array([10.0, 10.0, 30.0, 99.0]),
        ),
        needs=SimpleNamespace(
            firm=np.array([0, 1]), coefficient=np.array([2.0, 4.0]), paid=np.array([1.0, 0.5])
        ),
    )
    (row,) = margin_rows(world)
    assert row["id"] == "margin.mine_light.Japan"
    assert row["model"] == pytest.approx(150.0)
    assert "earns 12.50, inputs 2.00, conversion 3.00 USD per kg of run" in row["quantity"]


class _Firms(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.process)
