"""An act becomes news: how far it sours relations, whom it alarms, what it does to a sender's word,
and which acts are in force, by hand.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms
from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics import acts_in_force, threats
from coercivity.model.politics.acts_in_force import announce
from coercivity.model.politics.measures import lay_measures, list_firms, start_duty
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import an_event
from tests.names import CHINA, GOODS, SECTORS, STATE, STATES

JAPAN, US, GERMANY, FRANCE, INDIA = (
    STATE[name] for name in ("Japan", "United States", "Germany", "France", "India")
)
NEWS = {"signal_alarm": 0.25, "measure_alarm": 0.5}


@cache
def base() -> World:
    """A world of which tests take forks."""
    return World(load_scenario("business-as-usual"), 1, record=False)


act = partial(an_event, date="2024-03-10")


def quiet() -> World:
    """Nobody has done anything yet; round weights of news; a sender is believed by half."""
    world = base().fork()
    world.p = world.p.with_values(NEWS, "test")
    world.beliefs.credibility[:] = 0.5
    world.clock.month = 2
    return world


def told(world: World, *acts: Event, **off: bool) -> World:
    """The world after these acts have been announced."""
    seen = WorldView({**vars(world), "on": {**world.on, **off}})
    for event in acts:
        announce(world.beliefs, world.politics, world.ledger, event, seen=seen)
    return world


def tension(world: World, of: int, towards: int) -> float:
    return float(world.politics.government_of_state[of].tension[towards])


def alarm(world: World, about: int = CHINA) -> dict[str, float]:
    """Alarm about a state where there is any, by importer."""
    return {
        name: float(value)
        for name, value in zip(STATES, world.beliefs.alarm[:, about], strict=True)
        if value
    }


def test_a_measure_sours_relations_on_both_sides() -> None:
    """h <- h + w (1 - h), in the author and in the target, and in nobody else."""
    steps = {"remark": 0.1, "threat": 0.3, "review": 0.2, "licensing": 0.1, "dual_use_ban": 0.6}
    steps |= {"entity_list": 0.3, "blanket_ban": 0.8, "customs_halt": 0.6, "technology_ban": 0.1}
    steps |= {"extraterritorial": 0.3, "quota": 0.05, "import_tariff": 0.2, "export_duty": 0.0}
    said: dict[str, dict[str, Any]] = {"quota": {"tonnes": 9.0, "end": "2024-12-31"}}
    said |= {"entity_list": {"share": 0.1}}
    said |= {kind: {"rate": 0.1} for kind in ("import_tariff", "export_duty")}
    for kind, step in steps.items():
        measure = act(kind, targets=["Japan"], **said.get(kind, {}))
        world = told(quiet(), measure)
        assert tension(world, CHINA, JAPAN) == pytest.approx(step), kind
        assert tension(world, JAPAN, CHINA) == pytest.approx(step), kind
        both = sum(g.tension.sum() for g in world.politics.governments)
        assert both == pytest.approx(2.0 * step), kind
        told(world, measure)
        assert tension(world, JAPAN, CHINA) == pytest.approx(step + step * (1.0 - step)), kind


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "fields"),
    [
        ("truce", 0.32, 0.32, {}),
        ("general_licence", 0.64, 0.64, {}),
        ("suspension", 0.56, 0.56, {"of": "ban"}),
        ("concession", 0.8, 0.4, {}),  # its target's alone
        ("dispute", 0.82, 0.82, {"of": "ban"}),
        ("trigger", 0.8, 0.84, {"severity": 0.25}),  # 0.8 v in the provoked
        ("breach", 0.83, 0.83, {"severity": 0.25}),  # 0.6 v in both
    ],
)
def test_what_eases_and_sours_after_a_ban(
    kind: str, ours: float, theirs: float, fields: dict[str, Any]
) -> None:
    ban = act("blanket_ban", "ban", targets=["Japan"])
    actor, target = ("Japan", "China") if kind == "dispute" else ("China", "Japan")
    earlier: dict[str, Any] = {"earlier": {ban.id: ban}} if "of" in fields else {}
    world = told(quiet(), ban, act(kind, actor=actor, targets=[target], **fields, **earlier))
    assert tension(world, CHINA, JAPAN) == pytest.approx(ours)
    assert tension(world, JAPAN, CHINA) == pytest.approx(theirs)


def test_a_rule_that_names_no_country_sours_by_half() -> None:
    world = told(quiet(), act("blanket_ban"))
    assert tension(world, CHINA, JAPAN) == pytest.approx(0.4)
    assert tension(world, INDIA, CHINA) == pytest.approx(0.4)
    named = told(quiet(), act("blanket_ban", targets=["World", "Japan"]))
    assert tension(named, CHINA, JAPAN) == pytest.approx(0.8)
    assert tension(named, CHINA, INDIA) == 0.0


def test_a_union_is_one_government_with_three_states() -> None:
    world = told(quiet(), act("blanket_ban", targets=["EU"]))
    assert tension(world, GERMANY, CHINA) == pytest.approx(0.8)
    assert tension(world, CHINA, FRANCE) == pytest.approx(0.8)
    world = told(quiet(), act("import_tariff", actor="EU", targets=["China"], rate=0.1))
    assert tension(world, CHINA, GERMANY) == tension(world, CHINA, FRANCE) == pytest.approx(0.2)
    assert tension(world, GERMANY, CHINA) == pytest.approx(0.2)


def test_a_measure_alarms_its_targets_and_bystanders_less() -> None:
    """k s = 0.5 x 0.8 for a dual-use ban, at a bystander 0.4 of it, at home nothing."""
    world = told(quiet(), act("dual_use_ban", targets=["Japan"]))
    found = alarm(world)
    assert found["Japan"] == pytest.approx(0.4)
    assert found["India"] == pytest.approx(0.16)
    assert set(found) == set(STATES) - {"China"}
    assert world.beliefs.alarm.sum() == pytest.approx(0.4 + 17 * 0.16)


def test_a_signal_alarms_only_those_it_is_sent_to_as_far_as_it_is_believed() -> None:
    """k c v: 0.25 x 0.5 x severity."""
    for kind, severity in (("remark", 0.3), ("threat", 0.5), ("review", 0.4)):
        world = told(quiet(), act(kind, targets=["Japan"]))
        assert alarm(world) == {"Japan": pytest.approx(0.125 * severity)}, kind
    assert alarm(told(quiet(), act("review", targets=["Japan"], severity=1.0))) == {"Japan": 0.125}


def test_without_geopolitics_nothing_sours_and_without_signals_nothing_alarms() -> None:
    acts = [act(kind, targets=["Japan"]) for kind in ("blanket_ban", "threat", "breach")]
    world = told(quiet(), *acts, M7=False)
    assert not world.beliefs.alarm.any()
    assert (world.beliefs.credibility == 0.5).all()
    assert not world.politics.threats
    assert tension(world, JAPAN, CHINA) > 0.8
    world = told(quiet(), acts[0], M12=False)
    assert not any(g.tension.any() for g in world.politics.governments)
    assert not world.politics.memory.history
    assert alarm(world)["Japan"] > 0.0


def test_a_quota_alarms_by_how_much_smaller_it_is_than_the_one_before() -> None:
    """1,000 t a month, then 500: k s cut = 0.5 x 0.5 x 0.5; a renewal is no news."""
    first = act("quota", tonnes=12000.0, date="2024-03-01", end="2025-02-28")
    second = act("quota", tonnes=3000.0, date="2024-03-01", end="2024-08-31")
    world = told(quiet(), first)
    assert not world.beliefs.alarm.any()
    assert world.politics.quota_rate == 1000.0
    assert alarm(told(world, second))["Japan"] == pytest.approx(0.125)
    assert world.politics.quota_rate == 500.0
    before = world.beliefs.alarm.copy()
    told(world, second, first)
    assert np.array_equal(world.beliefs.alarm, before)


def test_a_measure_after_a_threat_makes_the_next_threat_more_credible() -> None:
    """c <- c + step (1 - c): 0.5 + 0.25 x 0.5."""
    threats = act("threat", targets=["Japan"]), act("threat", "other", targets=["India"])
    world = told(quiet(), *threats, act("licensing", targets=["Japan", "EU"]))
    assert world.beliefs.credibility[CHINA] == pytest.approx(0.625)
    assert world.politics.threats == [(CHINA, (INDIA,), 2)]
    assert (np.delete(world.beliefs.credibility, CHINA) == 0.5).all()
    told(world, act("licensing", actor="United States", targets=["India"]))
    assert world.politics.threats == [(CHINA, (INDIA,), 2)]
    assert world.beliefs.credibility[US] == 0.5


def test_a_threat_that_is_not_carried_out_in_its_time_costs_credibility() -> None:
    """c <- c (1 - step) when its twelve months are over, once."""
    world = told(quiet(), act("threat", targets=["Japan"]))
    at = world.beliefs, world.politics, world.ledger
    for month, credible, open_now in ((13, 0.5, 1), (14, 0.375, 0), (15, 0.375, 0)):
        world.clock.month = month
        threats.lapse_threats(*at, clock=world.clock)
        assert world.beliefs.credibility[CHINA] == pytest.approx(credible)
        assert len(world.politics.threats) == open_now
    lapsed = [row[:3] for row in world.ledger.events if row[2] == "threat lapsed"]
    assert lapsed == [(14, "China", "threat lapsed")]


def test_a_broken_promise_costs_credibility_and_is_news_like_a_measure() -> None:
    """c (1 - 0.25 v) in all states of the actor; alarm k v, for bystanders 0.4 of it."""
    world = told(quiet(), act("breach", actor="EU", targets=["Japan"], severity=0.5))
    own = [GERMANY, FRANCE, STATE["Rest of EU"]]
    assert world.beliefs.credibility[own] == pytest.approx([0.4375] * 3)
    assert world.beliefs.credibility.sum() == pytest.approx(0.5 * len(STATES) - 0.1875)
    for state in own:
        found = alarm(world, state)
        assert found["Japan"] == pytest.approx(0.25)
        assert found["India"] == pytest.approx(0.1)
        assert len(found) == len(STATES) - 3


def in_force(world: World, *acts: Event, month: int) -> set[str]:
    world.politics.script = world.politics.in_order(acts)
    world.clock.month = month
    world.politics.in_force = ()
    world.govern()
    return {event.id for event in world.politics.in_force}


def test_an_act_holds_from_its_first_to_its_last_day_unless_it_is_suspended() -> None:
    """A pause from 20 May to 10 June leaves it 19 days of May and 20 of June."""
    ban = act("blanket_ban", targets=["Japan"], end="2024-08-05")
    of: dict[str, Any] = {"of": ban.id, "earlier": {ban.id: ban}}
    pause = act("suspension", targets=["Japan"], date="2024-05-20", end="2024-06-10", **of)
    world, shares = base().fork(), []
    for month in range(10):
        assert (in_force(world, ban, pause, month=month) == {ban.id}) == (2 <= month <= 7)
        shares.append(world.politics.share(ban))
    assert shares == pytest.approx(
        [0.0, 0.0, 22 / 31, 1.0, 19 / 31, 20 / 30, 1.0, 5 / 31, 0.0, 0.0]
    )
    for kind in ("remark", "threat", "review", "trigger", "concession", "breach"):
        assert not in_force(base().fork(), act(kind, targets=["Japan"]), month=2), kind


def test_a_measure_that_stands_keeps_tension_alive() -> None:
    """Half of 0.6 on both sides, of that half where it names nobody; it ends (decision 0037)."""
    for targets, floor in ((["Japan"], 0.3), (["World"], 0.15)):
        world = base().fork()
        in_force(world, act("dual_use_ban", targets=targets, end="2028-12-31"), month=2)
        seen = []
        for world.clock.month in range(3, 72):
            world.govern()
            seen.append((tension(world, CHINA, JAPAN), tension(world, JAPAN, CHINA)))
        assert seen[56] == pytest.approx((floor, floor))
        assert seen[-1][0] < 0.6 * floor


def test_the_end_of_an_act_is_told_and_that_of_a_signal_is_not() -> None:
    ban, word = act("blanket_ban"), act("threat")
    assert acts_in_force.set_difference((ban, word), ()) == [ban]
    assert acts_in_force.set_difference((ban,), (ban,)) == []
    world = base().fork()
    assert in_force(world, act("blanket_ban", targets=["Japan"], end="2024-03-31"), month=2)
    world.clock.month = 3
    world.govern()
    assert not world.politics.in_force
    ends = [row[:3] for row in world.ledger.events if "end of" in row[2]]
    assert ends == [(3, "China", "end of blanket_ban")]


def laid(*acts: Event, **off: bool) -> World:
    """A world at whose borders these acts have been laid."""
    world = base().fork()
    world.politics.in_force = acts
    on = {"M6": True, **off}
    lay_measures(world.firms, world.border, world.politics, clock=world.clock, on=on)
    return world


def test_an_act_of_a_union_lies_on_the_borders_of_all_its_states() -> None:
    border = laid(act("blanket_ban", actor="EU", targets=["United States"])).border
    exporters = {STATES[state] for state in border.exporter[border.banned > 0]}
    assert exporters == {"Germany", "France", "Rest of EU"}


def listed(**fields: Any) -> Firms:
    """Four Japanese car makers, four wind firms, four German car makers and a Japanese plant."""
    state = np.array([JAPAN] * 8 + [GERMANY] * 4 + [JAPAN])
    car, wind = SECTORS.index("automotive"), SECTORS.index("wind")
    sector = np.array([car] * 4 + [wind] * 4 + [car] * 4 + [-1])
    firms = Firms(
        state=state,
        sector=sector,
        is_end=sector >= 0,
        barred=np.zeros(13),
        watched=np.zeros(13),
        facts=FACTS,
    )
    event = act("entity_list", **{"targets": ["Japan"], "share": 0.375, **fields})
    politics: Any = SimpleNamespace(listed={})
    list_firms(firms, politics, event, clock=SimpleNamespace(seed=1))  # type: ignore[arg-type]
    return firms


def test_a_list_covers_its_share_of_every_sector_of_its_targets() -> None:
    """0.375 of four firms: one and a half; drawn alike whatever the share."""
    firms = listed()
    for group in (slice(0, 4), slice(4, 8)):
        assert sorted(firms.barred[group]) == [0.0, 0.0, 0.5, 1.0]
    assert not firms.barred[8:].any()
    assert not firms.watched.any()
    more = listed(share=0.5)
    assert sorted(more.barred[:4]) == [0.0, 0.0, 1.0, 1.0]
    assert (more.barred >= firms.barred).all()
    assert listed(share=1.0).barred[:8].tolist() == [1.0] * 8


def test_a_list_may_name_sectors_and_only_watch() -> None:
    firms = listed(sectors=["wind"], list="watch")
    assert not firms.barred.any()
    assert not firms.watched[:4].any()
    assert firms.watched[4:8].sum() == 1.5
    assert listed(targets=["EU"]).barred[8:12].sum() == 1.5


def test_a_duty_is_in_the_first_prices_where_china_levies_it_in_the_first_month() -> None:
    def duty(*acts: Event) -> dict[str, float]:
        found = start_duty(FACTS, acts, "2024-03", GOODS)
        return {good: float(rate) for good, rate in zip(GOODS, found, strict=True) if rate}

    low = act("export_duty", goods=["ndpr_oxide", "yttrium_oxide"], rate=0.1)
    high = act("export_duty", goods=["ndpr_oxide"], rate=0.25, end="2024-03-15")
    assert duty(replace(low, date="2024-01-05")) == {"ndpr_oxide": 0.1, "yttrium_oxide": 0.1}
    assert duty(low) == pytest.approx({"ndpr_oxide": 2.2 / 31, "yttrium_oxide": 2.2 / 31})
    both = {"ndpr_oxide": (6 * 0.25 + 16 * 0.1) / 31, "yttrium_oxide": 2.2 / 31}
    assert duty(high, low) == duty(low, high) == pytest.approx(both)
    early = act("export_duty", goods="oxides", rate=0.1, date="2023-01-01", end="2024-02-29")
    later = act("export_duty", goods="oxides", rate=0.1, date="2024-04-01")
    other = act("export_duty", actor="India", goods="oxides", rate=0.1)
    assert duty(early, later, other, act("import_tariff", rate=0.1)) == {}
