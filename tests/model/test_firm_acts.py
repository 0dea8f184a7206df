"""Acts of firms: more stock, turning away, a plant; and a government that breaks its word. Signs
were written down before the first run:

- more stock before licences and a ban: the first line in Japan stops later, and when the act ends
  the extra stock is run down;
- turning away from China: a smaller part of what Japan buys abroad comes from there, also for one
  firm alone, and nobody starves at strength 1;
- a plant that a firm begins opens in the host after its lead time, and costs money from the month
  after;
- a breach lowers credibility, raises tension, alarm and distrust in the targets, and alarm less
  elsewhere;
- off (M2, M3, M9, M7) such acts are absent; without such acts nothing differs, and what comes after
  an act leaves the months before it alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms import buyer
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import CHINA, GOVERNMENTS, PROCESS, STATE
from coercivity.model.scenario.firm_checks import FIRM_KINDS, hosts
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import Scenario, load_scenario, parse_scenario, with_changes
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import check_invariants, step_and_check
from tests.model.quantities import JAPAN, MAGNETS, RAW, US, share_from_china
from tests.model.test_determinism import assert_same, fingerprint

STOCK = {"date": "2024-03-01", "id": "stock", "kind": "firm_stock", "states": ["Japan"], "cover": 6}
AWAY = {
    "date": "2024-03-01",
    "id": "away",
    "kind": "firm_supplier",
    "states": ["Japan"],
    "away_from": "China",
    "strength": 0.8,
}
PLANT = {
    "date": "2024-03-01",
    "id": "plant",
    "kind": "firm_build",
    "firm": "Shin-Etsu Chemical",
    "process": "make_magnet_heat_resistant",
    "state": "India",
}
BREACH = {
    "date": "2024-03-01",
    "id": "word",
    "kind": "breach",
    "actor": "China",
    "targets": ["United States"],
    "severity": 0.8,
}
ALL = [STOCK, AWAY, PLANT, BREACH]


def scenario_of(
    *acts: dict[str, Any], name: str = "business-as-usual", months: int = 30, **changes: Any
) -> Scenario:
    """A shipped scenario with acts on top."""
    return with_changes(load_scenario(name), months=months, choices=acts, **changes)


def lived(scenario: Scenario, seed: int = 1, months: int | None = None) -> World:
    """A recorded world after all its months, or some of them."""
    world = World(scenario, seed)
    for _ in range(scenario.months if months is None else months):
        world.step()
    return world


def cover_of(world: World, rows: np.ndarray) -> float:
    """Months of expected use that the needs of some firms have in stock, the mean over needs that
    are in use.
    """
    needs = world.needs
    mine = rows[needs.firm] & (needs.expected > 1e-9)
    return float((needs.stock[mine] / needs.expected[mine]).mean())


def first_stop(world: World) -> int:
    """First month in which an end user in Japan runs below the threshold of its plan while it lacks
    an input; 999: none does.
    """
    months = world.ledger.arrays()
    lacking = np.zeros_like(months["run"], dtype=bool)
    when, needs = np.nonzero(months["lacking"])
    lacking[when, world.needs.firm[needs]] = True
    down = (
        lacking
        & (months["run"] < world.p.stop_threshold * months["plan"])
        & world.firms.is_end
        & (world.firms.state == JAPAN)
    )
    return int(np.flatnonzero(down.any(axis=1)).min(initial=999))


# ---------------------------------------------------------------- stock


@pytest.mark.parametrize("seed", [1, 2])
def test_more_stock_lets_lines_run_longer(seed: int) -> None:
    plain = lived(scenario_of(name="japan-blanket-ban", months=44), seed)
    stocked = lived(
        scenario_of({**STOCK, "date": "2025-01-01"}, name="japan-blanket-ban", months=44), seed
    )
    assert (
        12 < first_stop(plain) < 44
    )  # the licences of April 2025 stop the first lines, the ban of 2026 the others
    assert first_stop(stocked) > first_stop(plain)


def test_the_extra_stock_comes_beside_the_habit_and_is_run_down_when_the_act_ends() -> None:
    plain, stocked = (
        World(scenario_of(*acts, months=48), 1, record=False)
        for acts in ((), ({**STOCK, "end": "2025-12-31"},))
    )
    gap = []
    for _ in range(48):
        plain.step()
        stocked.step()
        japan = plain.firms.is_end & (plain.firms.state == JAPAN)
        gap.append(cover_of(stocked, japan) - cover_of(plain, japan))
    assert max(abs(value) for value in gap[:2]) == 0.0
    assert 4.0 < gap[23] < 7.0, f"{gap[23]:.2f} months more than the twin, 6 were asked for"
    assert abs(gap[47]) < 1.0, f"{gap[47]:.2f} months are left two years after the end"


def test_one_firm_fills_up_alone() -> None:
    world = lived(
        scenario_of({**STOCK, "states": ["Germany"], "firm": "Shin-Etsu Chemical"}, months=5)
    )
    told = {
        world.firms.names[firm]
        for firm in set(world.needs.firm[np.asarray(world.politics.firm_acts.cover) > 0].tolist())
    }
    assert told == {"Shin-Etsu Chemical", "Shin-Etsu Chemical (standard)"}


def test_the_rule_adds_months_and_is_the_old_one_without_them() -> None:
    cover, growth, ratio = (
        np.array([1.0, 3.0]),
        np.array([0.0, 0.05]),
        np.array([1.0, 2.0]),
    )
    old = buyer.target_cover(cover, growth, ratio, 1.0, 0.02)
    np.testing.assert_array_equal(
        buyer.target_cover(cover, growth, ratio, 1.0, 0.02, np.array([2.0, 0.0])),
        old + np.array([2.0, 0.0]),
    )


# ---------------------------------------------------------------- suppliers


@pytest.mark.parametrize("seed", [1, 2])
def test_turning_away_makes_japan_less_dependent(seed: int) -> None:
    plain, away = lived(scenario_of(months=40), seed), lived(scenario_of(AWAY, months=40), seed)
    of = [*RAW, *MAGNETS]
    assert share_from_china(away, JAPAN, of) < share_from_china(plain, JAPAN, of) - 0.02


@pytest.mark.parametrize("seed", [1, 2])
def test_turning_away_leaves_others_as_they_were(seed: int) -> None:
    plain, away = lived(scenario_of(months=40), seed), lived(scenario_of(AWAY, months=40), seed)
    of = [*RAW, *MAGNETS]
    assert abs(share_from_china(away, US, of) - share_from_china(plain, US, of)) < 0.02


def test_turning_away_starts_the_clock_of_qualification() -> None:
    plain, away = lived(scenario_of(months=12)), lived(scenario_of(AWAY, months=12))
    mine = (away.links.importer == JAPAN) & (away.links.qualify > 0)
    assert away.links.seek[mine].sum() > plain.links.seek[mine].sum()
    assert away.links.qualified[mine].sum() > plain.links.qualified[mine].sum()


def test_nobody_starves_who_has_no_other_supplier() -> None:
    """At strength 1 a need whose qualified suppliers all stand in China still orders all of its
    need from them.
    """
    world = World(scenario_of({**AWAY, "strength": 1.0}, months=14), 1)
    for _ in range(14):
        step_and_check(world)
    links = world.links
    qualified_elsewhere = np.bincount(
        links.need,
        weights=world.links.qualified * (links.exporter != CHINA),
        minlength=len(world.needs),
    )
    bound = (qualified_elsewhere == 0) & (world.firms.state[world.needs.firm] == JAPAN)
    assert bound.any()
    assert (
        np.bincount(links.need, weights=links.share, minlength=len(world.needs))[bound] > 1 - 1e-9
    ).all()
    assert (
        np.bincount(links.need, weights=world.links.orders, minlength=len(world.needs))[bound] > 0
    ).any()


@pytest.mark.parametrize(("strength", "left"), [(0.0, 1.0), (0.4, 0.6), (0.98, 0.02), (1.0, 0.02)])
def test_a_fiftieth_of_the_pull_stays(strength: float, left: float) -> None:
    assert buyer.turned_away(strength) == pytest.approx(left)


# ---------------------------------------------------------------- plants


def test_a_plant_opens_in_its_host_after_its_lead_time() -> None:
    world = World(scenario_of(PLANT, months=70), 1)
    rows = world.firms.option_rows[
        (world.firms.state[world.firms.option_rows] == STATE["India"])
        & (world.firms.process[world.firms.option_rows] == PROCESS["make_magnet_heat_resistant"])
    ]
    (row,) = rows.tolist()
    for _ in range(2):
        step_and_check(world)
    assert world.works.pipeline.building[row] == 0.0
    spent, opened = 0.0, -1
    for month in range(2, 70):
        step_and_check(world)
        spent += float(world.firms.outlay[row])
        if opened < 0 and world.firms.capacity[row] > 0:
            opened = month
    begun = [
        event
        for event in world.ledger.events
        if event[2] == "project begins" and "India" in event[3]
    ]
    assert begun[0] == (
        2,
        "Shin-Etsu Chemical",
        "project begins",
        f"Shin-Etsu Chemical begins to build in India: {world.firms.names[row]}",
    )
    assert 2 + world.p.lead_magnet <= opened <= 2 + world.p.lead_magnet * 2.5**0.5 + 1, (
        f"opens in month {opened}"
    )
    size = world.firms.option_size[row]
    assert world.firms.capacity[row] == pytest.approx(size * world.firms.reach[row])
    assert spent >= 0.9 * world.firms.capex[row] * size  # paid for, whether it runs or not


def test_a_plant_that_a_firm_begins_with_public_money_stalls_less() -> None:
    """Half the hazard of stalls, as for any project that the public backs: r = -ln(1 - U) / h."""
    loan = {
        "date": "2024-01-01",
        "id": "loan",
        "kind": "loan",
        "actor": "Japan",
        "budget": 1000,
        "stages": ["magnet"],
        "hosts": ["India"],
    }
    name = "Entrant, India magnets, heat resistant"
    for seed in range(1, 20):
        alone, backed = (
            lived(scenario_of(*acts, months=4), seed) for acts in ((PLANT,), (loan, PLANT))
        )
        row = alone.firms.names.index(name)
        if alone.firms.reach[row] < 0.5:  # where twice as much is less than all
            break
    assert 0.01 < alone.firms.reach[row] < 0.5
    assert backed.firms.reach[row] == pytest.approx(2.0 * alone.firms.reach[row])


def test_half_a_plant_costs_and_makes_half() -> None:
    whole, half = (
        lived(scenario_of(PLANT, months=4)),
        lived(scenario_of({**PLANT, "share": 0.5}, months=4)),
    )
    row = whole.firms.names.index("Entrant, India magnets, heat resistant")
    assert whole.works.pipeline.building[row] > 0
    assert half.works.pipeline.building[row] == pytest.approx(
        0.5 * whole.works.pipeline.building[row]
    )
    assert half.works.pipeline.spend[:, row].sum() == pytest.approx(
        0.5 * whole.works.pipeline.spend[:, row].sum()
    )


def test_where_no_plant_is_left_a_line_says_so_and_nothing_else_happens() -> None:
    once, twice = (
        lived(scenario_of(PLANT, months=8)),
        lived(scenario_of(PLANT, {**PLANT, "id": "again", "date": "2024-05-01"}, months=8)),
    )
    assert [event for event in twice.ledger.events if event[2] == "no plant left"] == [
        (
            4,
            "Shin-Etsu Chemical",
            "no plant left",
            "Shin-Etsu Chemical finds no planned plant left to make heat-resistant magnets in "
            "India",
        )
    ]
    assert_same(once, twice)


ENLARGED = [
    ("Shin-Etsu Chemical", "Japan", "Shin-Etsu Chemical"),
    ("TDK", "Japan", "TDK"),
    ("", "Japan", "Shin-Etsu Chemical"),
    ("TDK", "Vietnam", "Shin-Etsu Vietnam"),
]
CROWDED = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="misses: 49 t a month more than its twin, 62.5 are asked for; 98 more after 54 months, "
    "but with a reserve of 1.4 (decision 0024) the twin enlarges this plant of its own accord",
)


@pytest.mark.parametrize(("firm", "state", "plant"), ENLARGED)
def test_where_none_is_planned_a_running_plant_is_enlarged(
    firm: str, state: str, plant: str
) -> None:
    """Its own, else the largest, by 1,500 t a year, the median of the generic entrants of the
    process.
    """
    more = lived(scenario_of({**PLANT, "firm": firm, "state": state}, months=70))
    row = more.firms.names.index(plant)
    early = [
        lived(scenario_of(*acts, months=3)).works.pipeline.building[row]
        for acts in ((), ({**PLANT, "firm": firm, "state": state},))
    ]
    assert early[1] - early[0] == pytest.approx(1500.0 / 12.0)
    assert (
        2,
        firm or "firms",
        "project begins",
        f"{firm or 'A firm'} begins to build in {state}: more capacity at {plant}",
    ) in more.ledger.events


@pytest.mark.parametrize(
    ("firm", "state", "plant"),
    [
        pytest.param(*of, marks=[CROWDED] if of[2] == "Shin-Etsu Chemical" else [])
        for of in ENLARGED
    ],
)
def test_what_is_enlarged_opens_on_top_of_what_the_twin_has(
    firm: str, state: str, plant: str
) -> None:
    plain, more = (
        lived(scenario_of(months=70)),
        lived(scenario_of({**PLANT, "firm": firm, "state": state}, months=70)),
    )
    row = plain.firms.names.index(plant)
    assert more.firms.capacity[row] > plain.firms.capacity[row] + 0.5 * 1500.0 / 12.0


@pytest.mark.parametrize("start", ["2009-01", "2024-01"])
@pytest.mark.parametrize("process", KINDS["firm_build"].fields["process"].options)
def test_every_host_that_a_message_names_can_host(start: str, process: str) -> None:
    name, year = ("embargo-2010", "2009") if start == "2009-01" else ("business-as-usual", "2024")
    assert hosts(FACTS, process, start)
    acts = [
        {
            "date": f"{year}-02-01",
            "id": f"p{k}",
            "kind": "firm_build",
            "process": process,
            "state": state,
        }
        for k, state in enumerate(hosts(FACTS, process, start))
    ]
    world = lived(scenario_of(*acts, name=name, months=3))
    begun = [
        event
        for event in world.ledger.events
        if event[2] == "project begins" and event[1] == "firms"
    ]
    assert len(begun) == len(acts)


# ---------------------------------------------------------------- a broken word


def test_a_breach_costs_credibility_and_sours() -> None:
    plain, broken = lived(scenario_of(months=3)), lived(scenario_of(BREACH, months=3))
    kept = plain.beliefs.credibility[CHINA]
    assert broken.beliefs.credibility[CHINA] == pytest.approx(
        kept * (1.0 - broken.p.credibility_step * 0.8)
    )
    rise = broken.beliefs.alarm[:, CHINA] - plain.beliefs.alarm[:, CHINA]
    assert rise[US] > rise[JAPAN] > 0.0
    assert rise[CHINA] == 0.0
    assert broken.beliefs.distrust[US, CHINA] > plain.beliefs.distrust[US, CHINA]
    china, america = GOVERNMENTS.index("China"), GOVERNMENTS.index("United States")
    assert (
        broken.politics.governments[china].tension[US]
        > plain.politics.governments[china].tension[US]
    )
    assert (
        broken.politics.governments[america].tension[CHINA]
        > plain.politics.governments[america].tension[CHINA]
    )


def test_the_eu_breaks_its_word_for_all_its_states() -> None:
    world = lived(scenario_of({**BREACH, "actor": "EU", "targets": ["Japan"]}, months=3))
    for state in ("Germany", "France", "Rest of EU"):
        assert world.beliefs.distrust[JAPAN, STATE[state]] > 0.0
        assert world.beliefs.credibility[STATE[state]] < world.p.credibility_start


# ---------------------------------------------------------------- what holds for all


@pytest.mark.parametrize(
    ("act", "mechanism"), [(STOCK, "M2"), (AWAY, "M3"), (PLANT, "M9"), (BREACH, "M7")]
)
def test_off_means_absent(act: dict[str, Any], mechanism: str) -> None:
    off = {mechanism: False, "M12": False}  # tension is M12's
    assert_same(
        lived(scenario_of(months=18, mechanisms=off)),
        lived(scenario_of(act, months=18, mechanisms=off)),
    )


@pytest.mark.parametrize("act", ALL, ids=[str(act["kind"]) for act in ALL])
def test_an_act_leaves_the_months_before_it_alone_and_moves_those_after(
    act: dict[str, Any],
) -> None:
    plain, later = (
        lived(scenario_of(months=18)),
        lived(scenario_of({**act, "date": "2024-09-01"}, months=18)),
    )
    assert_same(plain, later, months=8)
    assert any(
        not np.array_equal(values[8:], later.ledger.arrays()[name][8:])
        for name, values in plain.ledger.arrays().items()
    )


@pytest.mark.parametrize("at", [1, 2, 3, 9])
def test_a_fork_keeps_the_acts_in_force(at: int) -> None:
    scenario = scenario_of(
        *({**act, "end": "2024-12-31"} for act in (STOCK, AWAY)), PLANT, BREACH, months=16
    )
    world = World(scenario, 5)
    for _ in range(at):
        world.step()
    fork = world.fork()
    for _ in range(16 - at):
        fork.step()
        world.step()
    assert fingerprint(world) == fingerprint(fork) == fingerprint(lived(scenario, 5))


def test_all_acts_at_once_keep_every_tonne_and_every_dollar() -> None:
    world = World(
        scenario_of(
            *({**act, "date": "2025-06-01"} for act in ALL), name="japan-blanket-ban", months=60
        ),
        2,
    )
    for _ in range(60):
        step_and_check(world)
    check_invariants(world)


def test_an_act_without_a_text_says_what_it_does() -> None:
    lines = {
        kind: (actor, text)
        for _, actor, kind, text in lived(
            scenario_of({**STOCK, "end": "2024-04-30"}, AWAY, PLANT, months=6)
        ).ledger.events
    }
    assert lines["firm_stock"] == ("firms", "Firms in Japan: 6 months of stock beyond the habit")
    assert lines["end of firm_stock"] == (
        "firms",
        "Ends: Firms in Japan: 6 months of stock beyond the habit",
    )
    assert lines["firm_supplier"] == (
        "firms",
        "Firms in Japan: away from suppliers in China, whose pull falls by 80%",
    )
    assert lines["firm_build"] == (
        "Shin-Etsu Chemical",
        "Shin-Etsu Chemical: to make heat-resistant magnets in India",
    )


def test_a_file_with_such_acts_reads_back() -> None:
    scenario = scenario_of(*ALL)
    assert parse_scenario(scenario.to_yaml()) == scenario
    assert {event.kind for event in scenario.choices} == {*FIRM_KINDS, "breach"}
    assert scenario.choices[0].get("firm") == ""


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            {**STOCK, "firm": "Shin Etsu Chemical"},
            "firm 'Shin Etsu Chemical' is not a firm of 2024-01; did you mean 'Shin-Etsu Chemical'",
        ),
        ({**STOCK, "firm": "Vacuum"}, "did you mean 'Vacuumschmelze Hanau'"),
        ({**STOCK, "firm": "zzzz"}, "leave it out for all firms of the states"),
        ({**STOCK, "firm": ["TDK"]}, "firm '['TDK']' is not text"),
        ({**STOCK, "cover": 25}, "cover '25' does not fit; use a number from 0 to 24"),
        ({key: value for key, value in STOCK.items() if key != "cover"}, "cover is missing"),
        ({**STOCK, "states": ["Japn"]}, "states 'Japn' is not known; did you mean 'Japan'?"),
        ({**STOCK, "tonnes": 3}, "key 'tonnes' is not known for kind 'firm_stock'"),
        ({**AWAY, "strength": 1.2}, "strength '1.2' does not fit"),
        ({**AWAY, "away_from": "Chna"}, "away_from 'Chna' is not known; did you mean 'China'?"),
        (
            {**AWAY, "away_from": "Japan"},
            "away_from 'Japan' is one of the states whose firms turn away; write another state",
        ),
        (
            {**PLANT, "state": "Russia"},
            "state 'Russia' has no plant of make_magnet_heat_resistant, planned or running, in a "
            "world of 2024-01; use one of: United",
        ),
        ({**PLANT, "process": "mine_light"}, "process 'mine_light' is not known"),
        ({**PLANT, "share": 0}, "share '0' does not fit; use a number from 0.1 to 1"),
        ({**PLANT, "date": "2023-11-01"}, "date '2023-11-01' is before the first month 2024-01"),
        ({**BREACH, "severity": 2}, "severity '2' does not fit"),
        (
            {key: value for key, value in BREACH.items() if key != "targets"},
            "targets is missing; write for example targets: [Japan], as kind 'breach' needs them",
        ),
    ],
)
def test_a_mistake_costs_one_clear_line(act: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        scenario_of(act)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
