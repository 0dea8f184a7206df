"""Public money and hazards worked out by hand: made-up results take the place of the runs."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.agents.governments import sender
from coercivity.experiments.questions import friend_shoring, hazards
from coercivity.experiments.questions import grant_or_floor as grants
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods
from tests.facts import FACTS
from tests.names import CHINA, ELEMENTS, GOODS, PROCESS, STATES

JAPAN, FRANCE = STATES.index("Japan"), STATES.index("France")


# ---------------------------------------------------------------- what public money buys

MINES = PROCESS["mine_light"]
SEPARATES = PROCESS["separate_heavy"]
METAL = PROCESS["make_metal"]
PRESS = friend_shoring.press_rows(FACTS)[0]
NDPR = goods(FACTS).content[:, ELEMENTS.index("NdPr")]


class Bought:
    """A run of four firms, one at each stage of the chain, and a fifth in China; each month the
    first four pass so many t of NdPr oxide.
    """

    def __init__(
        self, passes: list[list[float]], months: int = 30, paid: Any = (), **fields: Any
    ) -> None:
        self.months = month_names("2024-01", months)
        self.seed = fields.get("seed", 1)
        self.scenario = SimpleNamespace(start="2024-01", facts=FACTS)
        oxide, metal = GOODS.index("ndpr_oxide"), GOODS.index("ndpr_metal")
        concentrate = GOODS.index("light_concentrate")
        of = SimpleNamespace(
            names=("mine", "separator", "metal maker", "press", "in China"),
            firm_state=np.array([JAPAN, JAPAN, FRANCE, JAPAN, CHINA]),
            firm_process=np.array([MINES, SEPARATES, METAL, PRESS, MINES]),
            offer_firm=np.array([0, 1, 2, 4]),
            offer_good=np.array([concentrate, oxide, metal, concentrate]),
            need_firm=np.array([3, 4]),
            need_good=np.array([metal, metal]),
        )
        flows = np.array(passes, dtype=float)  # months x 4
        flows = np.vstack([flows, np.repeat(flows[-1:], months - len(flows), axis=0)])
        made = np.column_stack(
            [flows[:, :3] / NDPR[[concentrate, oxide, metal]], np.full(months, 99.0)]
        )
        used = np.column_stack([flows[:, 3] / NDPR[metal], np.full(months, 99.0)])
        self.spent = paid

        class Records(dict):  # type: ignore[type-arg]
            structure = of

        self.records: Any = Records(made=made, used=used, **fields.get("records", {}))

    def table(self, name: str) -> pd.DataFrame:
        assert name == "spending"
        return pd.DataFrame(
            list(self.spent), columns=["month", "payer", "payee", "kind", "usd_million"]
        )


def of_japan(month: str, kind: str, amount: float, back: bool = False) -> tuple[Any, ...]:
    who = ("a firm", "government of Japan") if back else ("government of Japan", "a firm")
    return (month, *who, kind, amount)


TWIN: Any = Bought([[10.0, 8.0, 6.0, 4.0]])
SPENT = (
    of_japan("2024-03", "grant", 100.0),
    of_japan("2025-03", "loan", 50.0),
    of_japan("2025-03", "loan_repayment", 20.0, back=True),
    of_japan("2025-03", "sale", 999.0),
    ("2025-03", "a firm", "a firm", "grant", 999.0),
    of_japan("2026-06", "grant", 7.0),
)


def test_each_stage_passes_its_own_tonnes_outside_the_sender() -> None:
    found = friend_shoring.tonnes_outside_sender(TWIN)  # type: ignore[arg-type]
    assert {stage: float(flow[0]) for stage, flow in found.items()} == {
        "mining": pytest.approx(10.0),
        "separation": pytest.approx(8.0),
        "metal": pytest.approx(6.0),
        "magnet": pytest.approx(4.0),
    }


def test_money_out_and_back_is_that_of_governments_and_of_programmes() -> None:
    paid, back = friend_shoring.public_money(Bought([[1.0] * 4], paid=SPENT))  # type: ignore[arg-type]
    assert (paid[2], paid[14], paid[29], paid.sum()) == (100.0, 50.0, 7.0, 157.0)
    assert (back[14], back.sum()) == (20.0, 20.0)


def test_tonnes_are_those_of_the_scarcest_stage_year_by_year_from_the_first_support() -> None:
    """Presses are 1 t a month behind for a year from March 2024 (-12 t), then 1 t ahead (12 t, and
    4 t in four months); all others are 2 t ahead.
    """
    more = [[12.0, 10.0, 8.0, 3.0]] * 14 + [[12.0, 10.0, 8.0, 5.0]]
    found = friend_shoring.tonnes_secured(Bought(more, paid=SPENT), TWIN)  # type: ignore[arg-type]
    assert found.yearly == pytest.approx((-12.0, 12.0, 4.0))
    assert found.tonnes == pytest.approx(4.0)
    assert found.by_stage == {
        "mining": pytest.approx(56.0),
        "separation": pytest.approx(56.0),
        "metal": pytest.approx(56.0),
        "magnet": pytest.approx(4.0),
    }
    assert found.first_month == "2025-03"
    assert (found.paid, found.returned) == (157.0, 20.0)
    rate = 1.0 + friend_shoring.DISCOUNT
    assert found.cost == pytest.approx(100.0 + 30.0 / rate + 7.0 / rate ** (27 / 12))
    assert found.cost_per_tonne == pytest.approx(1000.0 * found.cost / 4.0)
    bought: Any = Bought(more, paid=SPENT)
    short = friend_shoring.tonnes_secured(bought, TWIN, years=1)
    assert (short.yearly, short.paid) == (pytest.approx((-12.0,)), 100.0)
    later = friend_shoring.tonnes_secured(bought, TWIN, since="2025-03", discount=0.0)
    assert (later.yearly, later.paid, later.cost) == (pytest.approx((12.0, 4.0)), 57.0, 37.0)


def test_a_stage_has_passed_the_twin_above_a_hundredth_of_it() -> None:
    """A year of the twin's scarcest stage is 12 x 4 t, of which a hundredth is 0.48 t."""

    def first(extra: float) -> str | None:
        more = Bought([[99.0, 99.0, 99.0, 4.0 + extra / 12.0]], months=24)
        twin = Bought([[10.0, 8.0, 6.0, 4.0]], months=24)
        return friend_shoring.tonnes_secured(more, twin, since="2024-01").first_month  # type: ignore[arg-type]

    assert (first(0.47), first(0.49)) == (None, "2024-01")


def test_nothing_secured_or_paid_has_no_price_and_other_luck_is_no_twin() -> None:
    without = friend_shoring.tonnes_secured(TWIN, TWIN)  # type: ignore[arg-type]
    assert (without.tonnes, without.paid, without.cost_per_tonne) == (0.0, 0.0, None)
    more = friend_shoring.tonnes_secured(Bought([[20.0] * 4]), TWIN)  # type: ignore[arg-type]
    assert (more.tonnes > 0.0, more.cost_per_tonne) == (True, None)
    with pytest.raises(InputError, match="seed 2 and twin seed 1 are no twins"):
        friend_shoring.tonnes_secured(Bought([[1.0] * 4], seed=2), TWIN)  # type: ignore[arg-type]


def test_a_dollar_is_traced_to_the_run_of_its_plant() -> None:
    months = 16
    paid, back, run = (np.zeros((months, 5)) for _ in range(3))
    paid[2, 1], paid[3, 3], back[5, 1] = 30.0, 40.0, 10.0
    run[:] = 2.0
    twin_run = run.copy()
    run[4:, 1] = 3.0
    run[3, 1] = 2.0 + 0.0099 * 2.0  # a hundredth is luck
    records = {"support_paid": paid, "support_back": back, "run": run}
    nothing = {"support_paid": 0.0 * paid, "support_back": 0.0 * back, "run": twin_run}
    more, twin = (Bought([[1.0] * 4], months, records=each) for each in (records, nothing))
    names = (
        *("firm", "state", "stage", "paid", "returned"),
        *("extra_t_per_year", "first_month", "first_paid"),
    )
    assert [[row[name] for name in names] for row in friend_shoring.trace(more, twin)] == [  # type: ignore[arg-type]
        ["press", "Japan", "magnet", 40.0, 0.0, 0.0, None, "2024-04"],
        [
            *("separator", "Japan", "separation", 30.0, 10.0),
            *(pytest.approx(12.0), "2024-05", "2024-03"),
        ],
    ]
    paid[2, 1] = 0.0  # who only returned money was never paid
    assert [row["first_paid"] for row in friend_shoring.trace(more, twin)] == ["2024-04", None]  # type: ignore[arg-type]


def test_a_floor_is_sought_by_halves_until_it_does_what_the_grant_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A floor of L USD/kg brings L t, the grant 55 t: of 0, 200, 100, 50, 75 and 62.5 the nearest is
    50, 9% less.
    """
    levels: list[float] = []

    def run(scenario: Any, seeds: Any, workers: int = 1) -> list[Any]:
        floors = [dict(act.fields) for act in scenario.choices if act.kind == "price_floor"]
        levels.extend(one["floor"] for one in floors)
        grants = [act for act in scenario.choices if act.kind == "grant"]
        tonnes = floors[0]["floor"] if floors else 55.0 if grants else 0.0
        return [SimpleNamespace(tonnes=tonnes, acts=scenario.choices) for _ in seeds]

    def secured(one: Any, twin: Any, since: str) -> Any:
        assert (twin.tonnes, since) == (0.0, "2026-01-01")
        years = dict.fromkeys(friend_shoring.CHAIN, (3.0,)) | {"separation": (one.tonnes,)}
        return friend_shoring.SecuredSupply(1, years, None, 10.0, 0.0, 9.0)

    monkeypatch.setattr(grants, "run_worlds", run)
    monkeypatch.setattr(grants, "tonnes_secured", secured)

    def asked(**how: Any) -> dict[tuple[str, str], Any]:
        levels.clear()
        rows = grants.grant_or_floor(**how)
        return {(row["arm"], row["quantity"]): row["median"] for row in rows}

    rows = asked(seeds=(1, 2), steps=4)
    assert levels == [0.0, 200.0, 100.0, 50.0, 75.0, 62.5]
    floor = [rows["price_floor", name] for name in ("floor_level", "reached", "equal", "gap")]
    assert floor == [50.0, 1.0, 1.0, pytest.approx(50.0 / 55.0 - 1.0)]
    names = ("tonnes_separation", "tonnes_secured", "paid", "public_cost", "cost_per_tonne")
    assert [rows["grant", name] for name in names] == pytest.approx([55.0, 3.0, 10.0, 9.0, 3000.0])
    out = asked(seeds=(1,), high=40.0)
    assert levels == [0.0, 40.0]  # the ends do not enclose what the grant does
    assert (out["price_floor", "reached"], out["price_floor", "equal"]) == (0.0, 0.0)
    asked(seeds=(1,))
    assert len(levels) == 2 + 10


def test_dependence_before_a_month_is_the_mean_of_the_year_before_it() -> None:
    months = month_names("2024-01", 30)
    keys = ("Japan", "China", "separated_in", "value", "all")
    rows = [(month, *keys, 0.01 * at) for at, month in enumerate(months)]
    rows += [(months[14], *keys[:3], "tonnes", "all", 9.0), (months[14], "France", *keys[1:], 9.0)]
    columns = ["month", "state", "supplier", "basis", "measure", "group", "share"]
    told: Any = SimpleNamespace(
        table=lambda _: pd.DataFrame(rows, columns=columns),
        scenario=SimpleNamespace(start="2024-01", facts=FACTS),
    )
    assert friend_shoring.dependence(told, 24) == pytest.approx(0.01 * (12 + 23) / 2)
    assert friend_shoring.dependence(told, 2) == pytest.approx(0.005)
    assert friend_shoring.dependence(told, 0) is None


# ---------------------------------------------------------------- hazards


def test_triggers_of_the_span_alone_are_scripted_with_their_source() -> None:
    rows = [row for row in load_table("triggers") if "2010-01" <= row["date"][:7] <= "2012-12"]
    found = hazards.trigger_events("2010-01", "2012-12")
    assert [(one["date"], one["actor"], one["targets"], one["severity"]) for one in found] == [
        (row["date"], row["provoker"], [row["provoked"]], row["severity"]) for row in rows
    ]
    assert len(found) > 2
    first = rows[0]["date"][:7]
    assert hazards.trigger_events(first, first)
    assert all(one["source"] for one in found)
    scenario = hazards.decide_scenario("2009-01", 36, "2011-12", ("China", "Japan"))
    assert (scenario.name, scenario.start, scenario.months) == ("triggers-2009", "2009-01", 36)
    assert dict(scenario.governments) == {"China": "autonomous", "Japan": "autonomous"}
    assert hazards.decide_scenario("2009-01", 36, "2011-12", name="mine").name == "mine"


def test_a_ratio_adds_half_a_case_to_each_count() -> None:
    """2 of 10 months after a trigger, 1 of 100 without: (2.5 / 11) / (1.5 / 101)."""
    counts = {"after": 2.0, "months_after": 10.0, "without": 1.0, "months_without": 100.0}
    assert hazards.ratio_of(counts) == (
        pytest.approx(0.2),
        pytest.approx(0.01),
        pytest.approx(2.5 / 11.0 / (1.5 / 101.0)),
    )


def test_the_record_counts_measures_once_each_and_antimony_as_tied_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    triggers = [
        ("2023-12-20", "Japan", "T1", "licensing"),
        ("2024-02-10", "Japan", "T2", "licensing"),
        ("2024-02-20", "Japan", "T2", "licensing"),
        ("2024-03-01", "Japan", "T3", "threat"),
        ("2024-12-01", "Japan", "T4", "licensing"),
        ("2025-01-01", "Japan", "T2", "licensing"),
        ("2024-05-01", "Japan", "", ""),
    ]
    columns = ("date", "provoker", "measure", "instrument")
    dates = {"T1": "2024-01-05", "T2": "2024-04-05", "T3": "2024-03-05", "T4": "2025-02-05"}
    tables = {
        "triggers": [dict(zip(columns, row, strict=True)) for row in triggers],
        "timeline": [{"id": name, "date": date} for name, date in dates.items()],
    }
    monkeypatch.setattr(hazards, "load_table", tables.__getitem__)
    found = hazards.record_panel("2024-01", 12)
    # triggers in February (twice), March, May and December: months 1-4, 4-6 and 11 are after one
    assert found["months_after"] == 7.0
    assert (found["after"], found["without"]) == (1.0, 1.0)  # April; antimony, in August
    assert hazards.record_panel("2024-01", 7)["without"] == 0.0


def mood(**weights: float) -> sender.Temper:
    return replace(hazards.default_temper(), **weights)


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    def candidates(view: Any, of: sender.Temper, *_: Any) -> list[Any]:
        options = [("nothing", 9.0), ("ban", of.weight_future), ("licence", 0.1)]
        found = [SimpleNamespace(kind=kind, score=score) for kind, score in options]
        return sorted(found, key=lambda option: -option.score)

    monkeypatch.setattr(hazards.sender, "candidates", candidates)


def case(name: str, instrument: str, in_sample: bool = True) -> hazards.Case:
    view: Any = None
    return hazards.Case(name, "Japan", instrument, in_sample, view, 0, ())


@pytest.mark.usefixtures("weighed")
def test_the_rule_is_asked_for_its_best_given_that_it_acts() -> None:
    assert hazards.predicted_instrument(case("a", ""), mood(weight_future=0.2)) == "ban"
    assert hazards.predicted_instrument(case("a", ""), mood(weight_future=0.0)) == "licence"
    options = hazards.options_of(case("a", ""), mood(weight_future=0.2))
    assert [option.kind for option in options] == ["ban", "licence"]


@pytest.mark.usefixtures("weighed")
def test_a_likelihood_is_a_logit_at_a_spread_of_a_twentieth() -> None:
    """Scores of 0.2 and 0.1 are 4 and 2 spreads: a ban has e^4 / (e^4 + e^2)."""
    of = mood(weight_future=0.2)
    ban = 1.0 / (1.0 + math.exp(-2.0))
    assert hazards.likelihood([case("a", "ban")], of) == pytest.approx(math.log(ban))
    both = [case("a", "ban"), case("b", "licence")]
    assert hazards.likelihood(both, of) == pytest.approx(math.log(ban) + math.log(1.0 - ban))
    never = hazards.likelihood([case("a", "quota")], of)
    assert never == pytest.approx(math.log(1e-12) - math.log(1.0 + math.exp(-2.0)))


@pytest.mark.usefixtures("weighed")
def test_a_case_is_told_by_the_weights_of_the_others_and_a_later_one_by_all() -> None:
    found = [case("a", "ban"), case("b", "ban"), case("c", "licence"), case("d", "ban", False)]
    rows = hazards.leave_one_out(found, mood())
    assert [row["documented"] for row in rows] == ["ban", "ban", "licence", "ban"]
    assert {row["constant"] for row in rows} == {"ban"}
    assert rows[2]["weight_future"] == 0.3  # the largest on the grid
    assert rows[2]["rule"] == "ban"
    assert [row["in_sample"] for row in rows] == [True, True, True, False]
    whole = hazards.fit(found[:3], mood())
    assert rows[3]["weight_future"] == whole.weight_future
    assert hazards.fit([found[2]], mood()).weight_future == 0.0
