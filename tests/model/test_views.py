"""What a government sees: cover, rivals, power, losses, provocations and acts, each
reckoned by hand.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import BoolArray
from coercivity.agents.governments.government_view import View
from coercivity.agents.tables import Firms, Needs
from coercivity.model.politics import views
from coercivity.model.politics.views import Scene, Survey, covers_now, own_states
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.use.exposure import exports_to, exposure, gdp
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import an_event as act
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOOD_GROUPS, PROCESS, STATE

JAPAN, US, INDIA, GERMANY, FRANCE = (
    STATE[name] for name in ("Japan", "United States", "India", "Germany", "France")
)
EU = own_states(FACTS, "EU")
OXIDE, MAGNET = GOOD["ndpr_oxide"], GOOD["magnet_standard"]
MONTH = 14


@cache
def base() -> World:
    """A world in which four governments decide, after three months; tests take forks."""
    world = World(load_scenario("governments-decide-2024"), 1, record=False)
    world.run_for(3)
    return world


def among(*states: int) -> BoolArray:
    """Which states are meant, by state."""
    return np.isin(np.arange(len(FACTS.states)), states)


def test_cover_is_the_stock_of_home_users_over_their_use() -> None:
    """Two Japanese users hold 10 and 2 t of oxide and use 3 and 1: three months. A state without
    users has none.
    """
    seen: Any = SimpleNamespace(
        facts=FACTS,
        firms=Firms(state=np.array([JAPAN, JAPAN, US]), facts=FACTS),
        needs=Needs(
            firm=np.array([0, 1, 2, 0]),
            good=np.array([OXIDE, OXIDE, OXIDE, MAGNET]),
            stock=a(10.0, 2.0, 50.0, 70.0),
            expected=a(3.0, 1.0, 5.0, 7.0),
            facts=FACTS,
        ),
    )
    for states, months in (((JAPAN,), 3.0), ((JAPAN, US), 62.0 / 9.0)):
        assert views.cover(seen, OXIDE, among(*states)) == pytest.approx(months)
    assert views.cover(seen, MAGNET, among(US)) == 0.0


def rivals(*rows: tuple[str, int, float, float]) -> Any:
    """Firms by process, state, capacity and capacity under way."""
    process = np.array([PROCESS[row[0]] for row in rows])
    return SimpleNamespace(
        facts=FACTS,
        firms=Firms(
            process=process,
            state=np.array([row[1] for row in rows]),
            capacity=a(*(row[2] for row in rows)),
            facts=FACTS,
        ),
        works=SimpleNamespace(pipeline=SimpleNamespace(building=a(*(row[3] for row in rows)))),
    )


def test_rivals_build_separation_and_magnets_outside_its_states() -> None:
    """Separation: 20 of 100 abroad; magnets: 5 of 50; each stage counts alike: 15%. Mines, metal
    and what is built at home do not.
    """
    seen = rivals(
        ("separate_light", CHINA, 60.0, 30.0),
        ("separate_heavy", JAPAN, 40.0, 20.0),
        ("make_magnet_standard", CHINA, 40.0, 40.0),
        ("make_magnet_smco", US, 10.0, 5.0),
        ("mine_light", US, 500.0, 500.0),
        ("make_metal", US, 500.0, 500.0),
        ("automotive", US, 500.0, 500.0),
    )
    for states, part in (((CHINA,), 0.15), ((CHINA, JAPAN), 0.05)):
        assert views.building_abroad(seen, among(*states)) == pytest.approx(part)
    seen.works.pipeline.building[:] = 1e6
    assert views.building_abroad(seen, among(CHINA)) == 1.0


def test_a_survey_counts_power_by_group_of_goods_where_there_is_power() -> None:
    world = base()
    deciding = [world.politics.government_of_state[state] for state in (CHINA, JAPAN)]
    survey = Survey(world.seen, deciding)
    share, depends = exposure(world.seen, (CHINA,), (GOOD_GROUPS["all"],))
    over = depends[:, 0] ** views.POWER_CURVATURE
    np.testing.assert_allclose(survey.exposure[:, CHINA], share[:, 0])
    np.testing.assert_allclose(survey.power[:, CHINA], over)
    segments = survey.known["China"]["segments"]
    assert list(segments) == ["all", "controlled_2025", "raw_materials", "heavy_oxides"]
    partly = exposure(world.seen, (CHINA,), (GOOD_GROUPS["heavy_oxides"],))[1][:, 0]
    np.testing.assert_allclose(segments["heavy_oxides"][0], partly**views.POWER_CURVATURE)
    sold = exports_to(world.seen, (CHINA,), GOOD_GROUPS["raw_materials"])[0, 0]
    total = exports_to(world.seen, (CHINA,), GOOD_GROUPS["all"]).sum()
    np.testing.assert_allclose(segments["raw_materials"][1], sold / total)
    assert segments["all"][1].sum() == pytest.approx(1.0)
    weak = survey.known["Japan"]["segments"]  # it has no power worth telling apart
    assert survey.power[:, JAPAN].max() <= views.STRONG
    assert all(np.array_equal(power, weak["all"][0]) for power, _ in weak.values())


def looked(who: int, *acts: Event, world: World | None = None, **force: Any) -> View:
    """The view of a government of a world in its fifteenth month, with these acts in the script
    and, where they hold, in force.
    """
    world = world or base().fork()
    world.clock.month = MONTH
    world.politics.script = (*world.politics.script, *acts)
    covered = tuple(
        e for e in acts if covers_now(e, clock=world.clock) and e.kind not in views.SIGNALS
    )
    world.politics.in_force = force.get("in_force", covered)
    for event in acts:
        if event.actor:
            world.politics.memory.known(
                event, world.politics.script, world.politics.governments, "2024-01"
            )
    return Scene(world.seen).view_of(world.politics.government_of_state[who])


def test_a_provocation_counts_for_three_months_and_the_gravest_of_a_kind() -> None:
    world = base().fork()
    world.politics.memory.history = [
        (MONTH - 3, "India", ("Japan",), 0.9, "trigger", "trade"),
        (MONTH - 2, "China", ("Japan", "EU"), 0.3, "trigger", "trade"),
        (MONTH, "China", ("Japan",), 0.6, "trigger", "trade"),
        (MONTH, "China", ("Japan",), 0.5, "trigger", "trade"),
        (MONTH, "China", ("India",), 0.8, "control", "trade"),
        (MONTH - 1, "EU", ("Japan",), 0.4, "control", "trade"),
    ]
    view = looked(JAPAN, world=world)
    assert view.trigger[[CHINA, INDIA, US]].tolist() == [0.6, 0.0, 0.0]
    assert view.rival_control[[*EU, CHINA]].tolist() == [0.4, 0.4, 0.4, 0.0]
    assert not view.sovereignty.any()


def test_a_matter_of_sovereignty_is_one_for_a_year_and_for_whoever_looks() -> None:
    world = base().fork()
    world.politics.memory.history = [(MONTH - 11, "EU", ("China",), 0.5, "trigger", "sovereignty")]
    view = looked(JAPAN, world=world)
    assert np.flatnonzero(view.sovereignty).tolist() == list(EU)
    assert not view.trigger.any()


def test_losses_of_three_months_and_of_a_year_over_the_gdp_of_those_months() -> None:
    world = base().fork()
    losses = world.politics.memory.losses
    losses[:] = 0.0
    losses[0, GERMANY], losses[2, FRANCE], losses[3, GERMANY], losses[11, JAPAN] = 1, 2, 4, 8
    view = looked(GERMANY, world=world)
    size = gdp(FACTS, "2024-01")[list(EU)].sum()
    assert view.loss_share_3 == pytest.approx(3.0 / (size / 4.0))
    assert view.loss_share_12 == pytest.approx(7.0 / size)


def test_a_union_is_exposed_as_its_states_are_by_gdp() -> None:
    world = base().fork()
    survey, wealth = world.politics.memory.survey, gdp(FACTS, "2024-01")
    view = looked(GERMANY, world=world)
    assert (view.name, view.states) == ("EU", EU)
    shares = wealth[list(EU)] / wealth[list(EU)].sum()
    assert view.exposure[CHINA] == pytest.approx(float(shares @ survey.exposure[list(EU), CHINA]))
    assert view.power_under[CHINA] == pytest.approx(survey.power[list(EU), CHINA].mean())
    china = looked(CHINA, world=world)
    np.testing.assert_array_equal(china.power, survey.power[:, CHINA])


def test_acts_in_force_by_it_and_against_it() -> None:
    own = act("licensing", "own", targets=["EU"], end="2025-12-31")
    other = act("import_tariff", "tariff", "EU", targets=["China"], rate=0.1)
    aside = act("blanket_ban", "aside", targets=["Japan"])
    over = act("licensing", "over", targets=["EU"], end="2024-12-31", date="2024-05-01")
    china, eu = (looked(who, own, other, aside, over) for who in (CHINA, GERMANY))
    assert [seen.id for seen in china.acts_by] == ["own", "aside"]
    assert [seen.id for seen in china.acts_against] == ["tariff"]
    assert [seen.id for seen in eu.acts_against] == ["own"]
    (seen,) = eu.acts_against
    assert (seen.kind, seen.actor, seen.targets) == ("licensing", "China", EU)
    assert (seen.framing, seen.open_end, seen.goods) == ("security", False, own.goods)
    assert seen.months == MONTH - 4  # since the licences of May, which these followed unbroken
    assert china.acts_by[1].open_end


def test_its_own_signals_of_the_last_year_and_nobody_else_s() -> None:
    acts = [
        act(kind, f"{kind} {date}", actor, targets=["EU"], date=date)
        for kind, actor, date in (
            ("threat", "China", "2024-03-31"),
            ("remark", "China", "2024-04-01"),
            ("review", "China", "2025-03-31"),
            ("threat", "China", "2025-04-01"),
            ("threat", "Japan", "2025-01-01"),
            ("licensing", "China", "2025-01-01"),
        )
    ]
    view = looked(CHINA, *acts)
    assert [seen.id for seen in view.signals] == ["remark 2024-04-01", "review 2025-03-31"]


def test_what_its_own_suspension_holds_back() -> None:
    ban = act("blanket_ban", "ban", targets=["Japan"])
    pauses = [
        act("suspension", f"pause {k}", targets=["Japan"], of="ban", earlier={"ban": ban}, **days)
        for k, days in enumerate(
            (
                {"date": "2024-08-01", "end": "2025-02-28"},
                {"date": "2025-03-01", "end": "2025-03-31"},
                {"date": "2025-04-01"},
            )
        )
    ]
    assert looked(CHINA, ban, pauses[0], in_force=()).suspended == ()
    assert looked(CHINA, ban, pauses[2], in_force=()).suspended == ()
    assert [seen.id for seen in looked(CHINA, ban, pauses[1], in_force=()).suspended] == ["ban"]
    assert looked(JAPAN, ban, pauses[1], in_force=()).suspended == ()


def test_an_act_that_came_back_is_known_and_one_given_up_for_good_may_be_chosen_anew() -> None:
    ban = act("blanket_ban", "ban", targets=["Japan"])
    days = {"date": "2024-08-01", "targets": ["Japan"], "of": "ban", "earlier": {"ban": ban}}
    for_a_time = act("suspension", "pause", end="2025-02-28", **days)
    for_good = act("suspension", "pause", **days)
    assert looked(CHINA, ban, in_force=(ban,)).returned == ()
    assert looked(CHINA, ban, for_a_time, in_force=(ban,)).returned == ("ban",)
    assert looked(CHINA, ban, for_a_time, in_force=()).returned == ()
    assert looked(JAPAN, ban, for_a_time, in_force=(ban,)).returned == ()
    assert looked(CHINA, ban, for_good, in_force=()).suspended == ()


def test_who_is_threatened_and_who_has_given_way() -> None:
    world = base().fork()
    world.politics.threats = [(CHINA, (JAPAN, US), 12), (GERMANY, (INDIA,), 13)]
    world.politics.memory.concessions = [
        (MONTH - 3, "India", ("China",), 1.0, "concession", "trade"),
        (MONTH - 2, "Japan", ("China",), 1.0, "concession", "trade"),
        (MONTH, "EU", ("India",), 1.0, "concession", "trade"),
    ]
    china, eu = looked(CHINA, world=world), looked(FRANCE, world=world)
    assert (china.open_threats, eu.open_threats) == ((JAPAN, US), (INDIA,))
    assert (china.gave_way, eu.gave_way) == (("Japan",), ())
