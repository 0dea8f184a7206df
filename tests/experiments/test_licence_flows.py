"""Tonnes under licences by month, destination and good, beside the twin without export controls."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import EXPORT_CONTROLS
from coercivity.experiments.questions.licence_flows import (
    PARTS,
    LicenceFlows,
    licence_flows,
    since_month,
)
from coercivity.experiments.questions.licence_pairs import TONNES
from coercivity.experiments.worlds.draws import draws
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.twin import without_export_controls
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.facts import FACTS
from tests.names import GOOD_GROUPS
from tests.refusal import refusal

SCENARIO, MONTHS, ACT = "licensing-2025", 30, 15  # licences from April 2025
SEEDS = (1, 2, 3)


@cache
def found(seeds: tuple[int, ...] = SEEDS, to: tuple[str, ...] = ()) -> LicenceFlows:
    scenario = with_changes(load_scenario(SCENARIO), months=MONTHS)
    return licence_flows(scenario, seeds=seeds, importers=to)


def part(name: str) -> int:
    return (*TONNES, *PARTS).index(name)


def test_months_under_the_rule_are_counted_from_each_world_s_own() -> None:
    """Of three worlds the second has its first control three months later, the third has none; or
    from one month for all, whatever their acts.
    """
    flows, lane = found(), (["Japan"], ["dysprosium_oxide"])
    later = flows.months[ACT + 3]
    acts = (flows.bases[0].act, later, "")
    bases = tuple(replace(base, act=act) for base, act in zip(flows.bases, acts, strict=True))
    moved = replace(flows, bases=bases, since=None)
    here = moved.over(*lane, [range(2), range(20)], since_act=True)
    for world, act in enumerate((ACT, ACT + 3)):
        there = flows.over(*lane, [range(act, act + 2)])
        assert here[world, :, 0] == pytest.approx(there[world, :, 0])
    assert np.isnan(here[1:, :, 1]).all()  # the run ends before
    assert np.isnan(here[2]).all()
    asked = replace(moved, since=ACT + 3)
    here = asked.over(*lane, [range(2)], since_act=True)
    assert np.array_equal(here, flows.over(*lane, [range(ACT + 3, ACT + 5)]), equal_nan=True)


@pytest.mark.parametrize(
    ("scenario", "exporter", "since", "to", "month"),
    [
        ("licensing-2025", "China", "", "", "2025-04"),
        ("japan-2026-from-2024", "China", "", "", "2026-01"),  # the ban, not the licences before it
        ("japan-2026-from-2024", "China", "", "Japan", "2026-01"),
        (
            "japan-2026-from-2024",
            "China",
            "",
            "United States",
            "2025-04",
        ),  # whom the ban does not name
        ("japan-2026-from-2024", "China", "2025-10", "", "2025-10"),
        ("governments-decide-2024", "China", "", "", None),
    ],
)
def test_months_are_counted_from_the_measure_in_question(
    scenario: str, exporter: str, since: str, to: str, month: str | None
) -> None:
    asked = load_scenario(scenario)
    at = since_month(asked, exporter, since, [to] if to else [])
    assert at == (None if month is None else month_index(asked.start, month))


def test_what_is_open_when_the_rule_ends_lapses() -> None:
    """A rule that ends with renewals open: refuted where tonnes vanish, or none are open."""
    world = World("business-as-usual", seed=3, record=False, collect=False)
    rule = {"date": "2024-01-01", "end": "2026-06-30", "id": "rule", "kind": "licensing"}
    rule |= {"actor": "China", "targets": ["United States"], "goods": ["magnet_standard"]}
    world.enact(event_from_dict(FACTS, {**rule, "text": "Thirty months."}, "test", 1, {}))
    border, before, ended = world.border, world.border.open.copy(), 0.0
    for _ in range(33):
        world.step()
        down = border.turned_down.sum(axis=0)
        assert border.open == pytest.approx(before + border.applied - border.approved - down)
        if before.any() and not border.open.any():
            ended = float(border.turned_down[-1].sum())
        before = border.open.copy()
    assert ended > 100.0


def test_little_goes_in_the_first_two_months_and_more_later() -> None:
    """In every world less than half of the twin's tonnes in the first two months under the rule,
    and in the second year of it more than then; refuted by half or more of them, or by no return.
    """
    first, later = (
        found().over(["Japan"], ["dysprosium_oxide"], [months])[:, part("of_twin"), 0]
        for months in (range(ACT, ACT + 2), range(ACT + 8, MONTHS))
    )
    assert (first < 0.5).all()
    assert (later > first + 0.2).all()


def test_before_the_first_act_the_share_is_one_to_the_last_bit_and_nothing_needs_a_licence() -> (
    None
):
    months = found().by_month()
    assert (months[:, part("of_twin"), :ACT] == 1.0).all()
    assert (months[:, part("of_twin"), ACT] < 1.0).all()
    lane = found().by_month(["Japan"], ["magnet_heat_resistant"])
    under, shipped = lane[:, part("under_licence_t")], lane[:, part("shipped_t")]
    assert (under <= shipped * (1.0 + 1e-12) + 1e-9).all()
    assert under[:, ACT + 6 :].sum() > 0.0
    assert not under[:, :ACT].any()


def test_the_twin_restricts_nothing_and_is_otherwise_the_same() -> None:
    """With controls go the suspensions of what is gone."""
    scenario = load_scenario("japan-2026-from-2024")
    twin = without_export_controls(scenario, "China")
    gone = [event for event in scenario.events if event not in twin.events]
    assert [e for e in gone if e.kind in EXPORT_CONTROLS]
    assert not any(event.kind in EXPORT_CONTROLS for event in twin.events)
    assert {event.kind for event in gone if event.kind not in EXPORT_CONTROLS} == {"suspension"}
    assert (twin.parameters, twin.start) == (scenario.parameters, scenario.start)


def test_the_fixed_base_is_the_year_before_the_rule_in_the_run() -> None:
    flows = found()
    assert [base.words() for base in flows.bases] == ["2024-04 to 2025-03 of the run itself"] * 3
    months = flows.by_month(["Japan"], ["magnet_heat_resistant"])
    base = months[:, part("shipped_t"), ACT - 12 : ACT].mean(axis=1)
    assert months[:, part("of_base"), ACT + 5] == pytest.approx(
        months[:, part("shipped_t"), ACT + 5] / base, rel=1e-12
    )
    assert months[:, part("of_base"), ACT - 12 : ACT].mean(axis=1) == pytest.approx(1.0)


def test_where_the_run_begins_under_the_rule_the_base_is_of_the_twin() -> None:
    raw = with_changes(load_scenario("licensing-2025"), months=18).to_dict()
    for event in raw["events"]:
        if event["kind"] == "licensing":
            event["date"] = "2024-01-02"
    flows = licence_flows(raw, seeds=(1,))
    assert flows.bases[0].words() == "2024-01 to 2024-12 of the twin"
    months = flows.by_month()
    assert months[0, part("of_base"), :2].max() < 0.5


def test_tonnes_of_destinations_and_goods_add_up_to_all() -> None:
    """World by world, and what is asked of one destination is the row of it among all."""
    flows = found()
    whole = flows.by_month()[:, : len(TONNES)]
    by_state = sum(flows.by_month([state])[:, : len(TONNES)] for state in flows.importers)
    by_good = sum(flows.by_month((), [good])[:, : len(TONNES)] for good in flows.goods)
    assert by_state == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert by_good == pytest.approx(whole, rel=1e-9, abs=1e-9)
    alone = found(to=("Japan",)).by_month()
    assert np.array_equal(alone, flows.by_month(["Japan"]), equal_nan=True)


def test_tonnes_are_those_of_the_table_licences() -> None:
    """Of goods for which somebody applies; what only looks like them is held up without a
    licence.
    """
    flows = found((1,))
    of = run(SCENARIO, seed=1, months=26).table("licences")
    of = of[(of["month"] == "2026-02") & (of["exporter"] == "China")]
    of = of[of["good"].isin(GOOD_GROUPS["controlled_2025"])]
    now = flows.by_month()[0, :, 25]
    same = {name: name for name in ("applied", "approved", "shipped", "under_licence")}
    turned = ("refused", "returned", "passed_over", "lapsed", "open")
    for name, column in (same | {"waiting": "pending"}).items():
        assert now[part(f"{name}_t")] == pytest.approx(of[column].sum(), rel=1e-9), name
    for name in turned:
        assert now[part(f"{name}_t")] == pytest.approx(of[f"{name}_tonnes"].sum(), rel=1e-9), name


def test_a_band_over_draws_has_a_vector_and_a_seed_for_each() -> None:
    scenario, chosen = with_changes(load_scenario(SCENARIO), months=17), draws(2)
    flows = licence_flows(scenario, drawn=chosen, importers=("Japan",))
    assert flows.seeds == tuple(draw.seed for draw in chosen)
    again = licence_flows(scenario, drawn=chosen[1:], importers=("Japan",))
    assert np.array_equal(flows.tonnes[1], again.tonnes[0])
    assert (flows.by_month()[:, part("of_twin"), :ACT] == 1.0).all()


@pytest.mark.parametrize(
    ("scenario", "asked", "says"),
    [
        ("business-as-usual", {}, "nobody needs a licence"),
        ("licensing-2025", {"exporter": "Chinna"}, "did you mean 'China'"),
        ("licensing-2025", {"importers": ("China",)}, "is the exporter itself"),
        ("licensing-2025", {"goods": ("ndpr_oxide",), "months": 18}, "ndpr_oxide"),
        ("licensing-2025", {"seeds": ()}, "seeds is empty"),
    ],
)
def test_wrong_questions_cost_one_line(scenario: str, asked: dict[str, object], says: str) -> None:
    refusal(licence_flows, scenario, match=says, **asked)
