"""What governments keep in mind: provocations, measures, losses, the law, and cases at court, by
hand.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics.memory import (
    MEMORY_HALF_LIFE,
    author_of,
    is_ended,
    rule_disputes,
    take_note,
    update_political_memory,
)
from coercivity.model.politics.views import firm_value
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.helpers import an_event as act
from tests.names import CHINA, STATE

JAPAN, US, GERMANY = (STATE[name] for name in ("Japan", "United States", "Germany"))
MONTH = 5


@cache
def base(scenario: str = "governments-decide-2024") -> World:
    """A world of which tests take forks."""
    return World(load_scenario(scenario), 1, record=False)


def fresh(scenario: str = "governments-decide-2024") -> World:
    world = base(scenario).fork()
    world.clock.month = MONTH
    return world


def noted(*acts: Event, rent: float = 0.0, world: World | None = None) -> World:
    """A world that has taken note of these acts in its sixth month."""
    world = world or fresh()
    world.border.rent[:] = rent
    for event in acts:
        take_note(world.politics, event, border=world.border, clock=world.clock)
    return world


def remembers(world: World, who: int, of: int = CHINA) -> float:
    return float(world.politics.government_of_state[who].memory[of])


def cooled(world: World, **off: bool) -> World:
    seen = WorldView({**vars(world), "on": {**world.on, **off}})
    update_political_memory(world.politics, seen=seen)
    return world


def test_a_provocation_is_kept_with_its_severity_and_its_issue() -> None:
    """A remark is a matter of sovereignty, a trigger of trade unless it says otherwise."""
    about = act("trigger", "isle", "Japan", targets=["China"], severity=0.7, issue="sovereignty")
    world = noted(
        act("remark", targets=["Japan"]), act("trigger", targets=["EU"], severity=0.25), about
    )
    assert world.politics.memory.history == [
        (MONTH, "China", ("Japan",), 0.3, "trigger", "sovereignty"),
        (MONTH, "China", ("EU",), 0.25, "trigger", "trade"),
        (MONTH, "Japan", ("China",), 0.7, "trigger", "sovereignty"),
    ]
    assert remembers(world, JAPAN) == 0.0


def test_a_concession_is_kept_apart_and_threats_and_eased_measures_leave_nothing() -> None:
    calm = [
        act(kind, targets=["Japan"])
        for kind in ("threat", "review", "truce", "general_licence", "breach")
    ]
    world = noted(act("concession", actor="Japan", targets=["China"]), *calm)
    memory = world.politics.memory
    assert memory.concessions == [(MONTH, "Japan", ("China",), 1.0, "concession", "trade")]
    assert memory.history == []


def test_a_measure_is_remembered_by_those_it_hits_and_practice_for_its_author() -> None:
    """Severity 0.8 of a dual-use ban; K <- 0.6 + 0.05 x 0.4."""
    world = noted(act("dual_use_ban", targets=["Japan"]))
    china = world.politics.government_of_state[CHINA]
    history = world.politics.memory.history
    assert history == [(MONTH, "China", ("Japan",), 0.8, "control", "trade")]
    assert (remembers(world, JAPAN), remembers(world, US)) == (pytest.approx(0.8), 0.0)
    assert china.capability == pytest.approx(0.62)
    noted(act("licensing", targets=["Japan"]), world=world)
    assert remembers(world, JAPAN) == pytest.approx(0.8 + 0.6 * 0.2)


def test_what_hits_many_is_remembered_half_as_much_by_each() -> None:
    """Eight governments are few, nine are many; the EU is one of them."""
    few = ["Japan", "United States", "EU", "India", "Brazil", "Canada", "Russia", "Taiwan"]
    assert remembers(noted(act("licensing", targets=few)), JAPAN) == pytest.approx(0.6)
    many = noted(act("licensing", targets=[*few, "Malaysia"]))
    assert remembers(many, JAPAN) == pytest.approx(0.3)
    assert many.politics.memory.history[0][2][:3] == ("Japan", "United States", "EU")


def test_a_quota_that_binds_nobody_is_routine_and_one_that_binds_is_remembered_a_little() -> None:
    """0.5 x 0.2 by a few; it is no measure of which its author has practice."""
    quota = act("quota", targets=["Japan"], tonnes=100.0, end="2025-01-01")
    assert not noted(quota).politics.memory.history
    world = noted(quota, rent=0.1)
    china = world.politics.government_of_state[CHINA]
    assert world.politics.memory.history == [(MONTH, "China", ("Japan",), 0.5, "control", "trade")]
    assert remembers(world, JAPAN) == pytest.approx(0.1)
    assert china.capability == 0.6


def test_a_case_provokes_whoever_it_is_brought_against_and_is_ruled_in_29_months() -> None:
    duty = act("export_duty", rate=0.1)
    case = act("dispute", actor="Japan", targets=["China"], of=duty.id, earlier={duty.id: duty})
    world = fresh()
    world.politics.script = (duty, case)
    memory = noted(case, world=world).politics.memory
    assert memory.disputes == [(MONTH + 29, "dispute", "export_duty", "Japan")]
    assert memory.history == [(MONTH, "Japan", ("China",), 0.2, "trigger", "trade")]
    assert author_of("export_duty", politics=world.politics) == ["China"]
    assert author_of("nothing", politics=world.politics) == []


def test_tension_and_memory_halve_in_their_half_lives() -> None:
    world = fresh()
    japan = world.politics.government_of_state[JAPAN]
    japan.tension[CHINA] = japan.memory[CHINA] = 0.8
    for _ in range(round(world.p.tension_half_life)):
        cooled(world)
    assert japan.tension[CHINA] == pytest.approx(0.4)
    for _ in range(round(MEMORY_HALF_LIFE - world.p.tension_half_life)):
        cooled(world)
    assert japan.memory[CHINA] == pytest.approx(0.4)


def test_capability_rises_with_the_law_on_its_day_and_never_falls() -> None:
    """Of the laws, not of the measures: 0.25 in September 2020, 0.4 in December, 0.45 in June 2021,
    0.7 in December 2024.
    """
    world = fresh("embargo-2010")
    china, japan = (world.politics.government_of_state[state] for state in (CHINA, JAPAN))
    found = {}
    for date in ("2020-08", "2020-09", "2020-11", "2020-12", "2021-06", "2024-11", "2024-12"):
        world.clock.month = (int(date[:4]) - 2009) * 12 + int(date[5:]) - 1
        cooled(world)
        found[date] = china.capability
    assert list(found.values()) == [0.1, 0.25, 0.25, 0.4, 0.45, 0.45, 0.7]
    assert japan.capability == 0.1
    china.capability = 0.9
    assert cooled(world).politics.government_of_state[CHINA].capability == 0.9


def test_since_when_a_quota_has_had_a_price() -> None:
    world = fresh()
    seen = []
    for month, rent in ((3, 0.0), (4, 1.0), (5, 2.0), (6, 0.0), (7, 0.5)):
        world.clock.month, world.border.rent[:] = month, rent
        seen.append(cooled(world).politics.memory.bound_since)
    assert seen == [-1, 4, 4, -1, 7]


def test_a_provocation_is_kept_for_a_year() -> None:
    world = noted(act("trigger", targets=["Japan"]))
    for month, kept in ((MONTH + 11, 1), (MONTH + 12, 0)):
        world.clock.month = month
        assert len(cooled(world).politics.memory.history) == kept


def test_losses_of_a_year_are_kept_by_months_ago() -> None:
    """What customers took elsewhere for good, times the value added that stops with each firm."""
    world = fresh()
    end = int(np.flatnonzero(world.firms.is_end & (world.firms.state == JAPAN))[0])
    worth = float(firm_value(world.seen)[end])
    for part in (0.5, 0.0, 0.25):
        world.firms.loss_gone[:] = 0.0
        world.firms.loss_gone[end] = part
        cooled(world)
    losses = world.politics.memory.losses
    assert losses[:4, JAPAN].tolist() == pytest.approx([0.25 * worth, 0.0, 0.5 * worth, 0.0])
    assert np.delete(losses, JAPAN, axis=1).sum() == 0.0
    for _ in range(10):
        world.firms.loss_gone[:] = 0.0
        cooled(world)
    assert world.politics.memory.losses.sum() == pytest.approx(0.25 * worth)


def ruled(kind: str, seeds: range, **fields: Any) -> list[World]:
    """Worlds in which a case of Japan's against an act of China's is ruled this month, by seed."""
    measure = act(kind, "measure", date="2024-01-10", **fields)
    case = act(
        "dispute", "case", "Japan", targets=["China"], of="measure", earlier={"measure": measure}
    )
    found = []
    for seed in seeds:
        world = fresh()
        world.clock.seed = seed
        world.politics.script = (measure, case)
        world.politics.memory.disputes = [
            (MONTH, "case", "measure", "Japan"),
            (MONTH + 1, "later", "measure", "India"),
        ]
        rule_disputes(world.politics, world.ledger, clock=world.clock, p=world.p)
        found.append(world)
    return found


def test_conservation_loses_at_court_nine_times_in_ten_and_security_once() -> None:
    for kind, fields, share in (
        ("export_duty", {"rate": 0.1}, 0.9),
        ("licensing", {}, 0.1),
        ("licensing", {"framing": "conservation"}, 0.9),
    ):
        won = [bool(world.politics.memory.ended) for world in ruled(kind, range(40), **fields)]
        assert np.mean(won) == pytest.approx(share, abs=0.12), (kind, fields)


def test_a_ruling_ends_the_acts_of_that_kind_or_is_remembered_as_lost() -> None:
    for world in ruled("export_duty", range(6), rate=0.1):
        memory, won = world.politics.memory, bool(world.politics.memory.ended)
        assert memory.disputes == [(MONTH + 1, "later", "measure", "India")]
        assert memory.ruled == {"case": MONTH}
        assert memory.ended == ({("China", "export_duty"): MONTH} if won else {})
        assert memory.lost == ({} if won else {("Japan", "China", "export_duty"): MONTH})
        (told,) = world.ledger.events
        assert told[:3] == (MONTH, "Japan", "ruling")
        assert ("has to end" if won else "stands") in str(told[3])
        measure, case = world.politics.script
        late = act("export_duty", "late", date="2024-07-01", rate=0.2)
        assert is_ended(measure, politics=world.politics, clock=world.clock) == won
        assert is_ended(case, politics=world.politics, clock=world.clock)
        for other in (late, act("licensing", "other"), act("export_duty", "x", "India", rate=0.1)):
            assert not is_ended(other, politics=world.politics, clock=world.clock)


def test_acts_that_follow_each_other_without_a_break_count_from_the_first() -> None:
    def began(*dates: tuple[str, str], towards: str = "Japan") -> int:
        world = fresh()
        acts = tuple(
            act("licensing", f"l{k}", date=date, targets=[towards], **({"end": end} if end else {}))
            for k, (date, end) in enumerate(dates)
        )
        last = act("licensing", "last", targets=["Japan"])
        return world.politics.memory.known(
            last, (*acts, last), world.politics.governments, "2024-01"
        )[0]

    assert began() == 5
    assert began(("2024-02-01", "2024-05-31")) == 1
    assert began(("2024-02-01", "2024-04-30")) == 5
    assert began(("2024-02-01", "2024-05-31"), towards="India") == 5
    assert began(("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-05-31")) == 0
    assert began(("2023-01-01", "")) == -12


def test_what_is_pleaded_follows_the_act_its_kind_or_the_laws_of_its_author() -> None:
    def pleaded(event: Event, capability: float = 0.6) -> str:
        world = fresh()
        world.politics.government_of_state[CHINA].capability = capability
        memory = world.politics.memory
        return memory.known(event, (event,), world.politics.governments, "2024-01")[1]

    assert pleaded(act("licensing")) == "security"
    assert pleaded(act("licensing"), 0.39) == "conservation"
    assert pleaded(act("licensing", framing="conservation")) == "conservation"
    assert pleaded(act("export_duty", rate=0.1)) == "conservation"
