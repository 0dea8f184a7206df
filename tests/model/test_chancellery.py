"""How governments come to decisions: what is answered and when, whom a matter comes up against,
what is given back, and how a choice becomes an act.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from coercivity.agents.governments.deliberation import Deliberation
from coercivity.agents.governments.government_view import Act, Choice, View
from coercivity.model.parts.memory import YEAR
from coercivity.model.politics.alarm_and_distrust import SEVERITY
from coercivity.model.politics.chancellery import (
    remember_beginnings,
    rules_of,
    to_event,
    written_down,
)
from coercivity.model.politics.views import Scene
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import an_event as act
from tests.names import CHINA, GOVERNMENTS, STATE, STATES

JAPAN, US = STATE["Japan"], STATE["United States"]
MONTH = 15  # April 2025: the first month of a quarter


@cache
def base() -> World:
    """A world in which four governments decide, after three months; tests take forks."""
    world = World(load_scenario("governments-decide-2024"), 1, record=False)
    for _ in range(3):
        world.step()
    return world


def fresh(month: int = MONTH) -> World:
    world = base().fork()
    world.clock.month = month
    world.politics.script, world.politics.in_force = (), ()
    return world


def measure(kind: str = "dual_use_ban", actor: str = "China", months: int = 0, **more: Any) -> Act:
    return Act(
        more.pop("ident", kind),
        kind,
        actor,
        more.pop("targets", (JAPAN,)),
        months,
        severity=SEVERITY.get(kind, 0.0),
        **more,
    )


def answered(
    *acts: Act, world: World | None = None, p: Any = None, **view: Any
) -> tuple[list[Choice], World]:
    """What Japan does about acts against it. It bears its loss, and cannot strike back."""
    world = world or fresh()
    seen = Scene(world.seen).view_of(world.politics.government_of_state[JAPAN])
    calm: dict[str, Any] = {
        "acts_against": acts,
        "loss_share_3": 0.0,
        "loss_share_12": 0.0,
        "counter_leverage": np.zeros(len(STATES)),
        "power_under": np.full(len(STATES), 0.1),
        "sovereignty": np.zeros(len(STATES)),
        "acts_by": (),
        **view,
    }
    japan = world.politics.government_of_state[JAPAN]
    rules = rules_of(politics=world.politics, p=p or world.p)
    looked = replace(seen, **calm)
    return noted(world, looked, japan.as_target(looked, world.politics.memory, rules=rules))


def noted(world: World, view: View, said: list[Deliberation]) -> tuple[list[Choice], World]:
    """What was chosen, and the world with the decisions written down."""
    world.ledger.decisions += [written_down(view, one) for one in said]
    return [choice for one in said for choice in one.chosen], world


def kinds(world: World) -> list[str]:
    """What was weighed in the last decision that was written down, best first."""
    last = world.ledger.decisions[-1]
    return [str(one).split(" (score")[0] for one in (last.chose, *last.rejected)]


def test_a_grave_measure_of_a_government_is_answered_and_the_answer_may_be_to_endure() -> None:
    found, world = answered(measure())
    assert found == []
    (decision,) = world.ledger.decisions
    assert (decision.month, decision.government) == (MONTH, "Japan")
    assert str(decision.saw).startswith(
        "dual_use_ban by China in month 0, for security: loss 0.00%"
    )
    assert str(decision.chose).startswith("endure towards China (score +0.000")
    assert set(kinds(world)) == {
        "endure towards China",
        "concession towards China",
        "import tariff on magnets towards China",
    }
    nobody, own = measure("technology_ban", actor=""), measure(actor="Japan")
    for small in (measure("export_duty"), measure("general_licence"), nobody, own):
        assert not answered(small)[1].ledger.decisions, small


def test_an_answer_holds_for_half_a_year_and_a_newer_measure_comes_first() -> None:
    """Of two that are equally new the first by name."""
    one, two = measure("licensing", ident="b"), measure("blanket_ban", ident="a")
    assert "blanket_ban" in str(answered(one, two)[1].ledger.decisions[-1].saw)
    old, new = measure("licensing", months=9), measure("blanket_ban", months=2)
    _, world = answered(old, new)
    assert "blanket_ban by China in month 2" in str(world.ledger.decisions[-1].saw)
    answered(old, new, world=world)
    assert "licensing by China in month 9" in str(world.ledger.decisions[-1].saw)
    for month, count in ((MONTH + 5, 2), (MONTH + 6, 3), (MONTH + 6, 4), (MONTH + 6, 4)):
        world.clock.month = month
        answered(old, new, world=world)
        assert len(world.ledger.decisions) == count, month


def test_a_quota_is_answered_while_it_binds_and_from_when_it_did() -> None:
    world = fresh()
    world.politics.memory.bound_since = -1
    assert not answered(measure("quota", months=40), world=world)[1].ledger.decisions
    world.politics.memory.bound_since = MONTH - 3
    answered(measure("quota", months=40), world=world)
    assert "quota by China in month 3" in str(world.ledger.decisions[-1].saw)


def test_a_concession_is_made_once_a_year() -> None:
    """The loss of a year is ten times the audience cost."""
    found, world = answered(measure(), loss_share_12=0.04)
    assert [choice.kind for choice in found] == ["concession"]
    for month, kind in ((MONTH + 11, []), (MONTH + 12 + 6, ["concession"])):
        world.clock.month = month
        found, _ = answered(measure(), world=world, loss_share_12=0.04)
        assert [choice.kind for choice in found] == kind, month


def test_who_has_struck_back_does_not_strike_again_within_a_year() -> None:
    none, whole = np.zeros(len(STATES)), np.ones(len(STATES))
    strong: dict[str, Any] = {"counter_leverage": whole, "power_under": none, "tension": whole}
    found, world = answered(measure(), **strong)
    assert [(choice.kind, choice.score) for choice in found] == [("import_tariff", 0.4)]
    assert world.politics.memory.struck == {("Japan", "China dual_use_ban"): MONTH}
    for month, kind in ((MONTH + 11, []), (MONTH + 12 + 6, ["import_tariff"])):
        world.clock.month = month
        found, _ = answered(measure(), world=world, **strong)
        assert [choice.kind for choice in found] == kind, month
    taxed = measure("import_tariff", "Japan", targets=(CHINA,))
    (found, world) = answered(measure(), acts_by=(taxed,), **strong)
    assert [choice.kind for choice in found] == ["trigger"]
    assert world.politics.memory.struck == {("Japan", "China dual_use_ban"): MONTH}


def at_court(**state: Any) -> bool:
    """Whether Japan would go to court against licences that are pleaded as conservation."""
    world = fresh()
    world.politics.script = (
        act("licensing", "law"),
        act("blanket_ban", "ban", "India", targets=["EU"]),
    )
    for name, value in state.items():
        setattr(world.politics.memory, name, value)
    answered(measure("licensing", months=12, framing="conservation", ident="law"), world=world)
    return "dispute towards China" in kinds(world)


def test_a_case_is_brought_once() -> None:
    assert at_court()
    assert at_court(disputes=[(40, "c", "ban", "Japan")])
    assert at_court(disputes=[(40, "c", "law", "India")])
    assert not at_court(disputes=[(40, "c", "law", "Japan")])
    assert not at_court(ended={("China", "licensing"): 3})
    assert at_court(ended={("India", "licensing"): 3})
    assert not at_court(lost={("Japan", "China", "licensing"): 3})
    assert at_court(lost={("EU", "China", "licensing"): 3})


def moved(
    world: World | None = None, chance: float = 1.0, **view: Any
) -> tuple[list[Choice], World]:
    """What China does where a matter comes up for certain, or none."""
    world = world or fresh()
    china = world.politics.government_of_state[CHINA]
    power, tension, none = np.zeros(len(STATES)), np.zeros(len(STATES)), np.zeros(len(STATES))
    power[[JAPAN, US]], tension[[JAPAN, US]] = 0.5, 0.9
    groups = ("all", "controlled_2025", "raw_materials")
    calm: dict[str, Any] = dict.fromkeys(("trigger", "rival_control", "counter_leverage"), none)
    calm |= {"power": power, "tension": tension, "acts_by": (), "acts_against": ()}
    calm |= {"segments": dict.fromkeys(groups, (power, none)), "rival_building": 0.0}
    seen = replace(Scene(world.seen).view_of(china), **{**calm, **view})
    rules = rules_of(politics=world.politics, p=world.p)
    temper = replace(rules.temper, hazard_base=90.0 if chance else -90.0)
    rules = replace(rules, temper=temper)
    luck = world.clock.uniforms("government China", len(GOVERNMENTS))
    said = china.as_sender(seen, luck, rules=rules)
    return noted(world, seen, said)


def test_a_matter_comes_up_against_the_gravest_provocation_then_the_greatest_power() -> None:
    trigger = np.zeros(len(STATES))
    trigger[US] = 0.4
    found, world = moved(trigger=trigger)
    assert str(world.ledger.decisions[-1].saw).startswith("United States: tension 0.90, power 0.50")
    assert "provocation 0.4" in str(world.ledger.decisions[-1].saw)
    assert len(found) == 1
    power = np.zeros(len(STATES))
    power[[JAPAN, US]] = 0.6, 0.5
    assert str(moved(power=power)[1].ledger.decisions[-1].saw).startswith("Japan: tension 0.90")
    assert moved(chance=0.0)[1].ledger.decisions == []
    assert moved(power=np.zeros(len(STATES)))[0] == []


def test_a_matter_that_words_answered_comes_up_without_luck() -> None:
    """A review of two months ago; after three the matter rests, and where the target gave way."""

    def follows(months: int, **more: Any) -> bool:
        word = measure("review", months=months, ident="word")
        return bool(moved(chance=0.0, signals=(word,), **more)[0])

    assert follows(2)
    assert not follows(1)
    assert not follows(3)
    assert not follows(2, gave_way=("Japan",))


def held(month: int, **view: Any) -> tuple[list[Choice], World]:
    """China holds licences of a year and a ban of two months that are worth nothing any more."""
    old = measure("licensing", months=12, ident="old")
    new = measure("dual_use_ban", months=2, ident="new")
    calm: dict[str, Any] = {"acts_by": (old, new), "rival_building": 1.0}
    return moved(fresh(month), 0.0, tension=np.zeros(len(STATES)), **calm, **view)


def test_the_newest_measure_is_given_back_once_a_quarter_or_when_the_target_gives_way() -> None:
    found, world = held(MONTH)
    (back,) = found
    assert (back.kind, back.targets, back.months) == ("suspension", ("Japan",), 12)
    assert back.fields == (("of", "new"),)
    assert "keep every measure" in " ".join(map(str, world.ledger.decisions[-1].rejected))
    assert held(MONTH + 1)[0] == []
    assert [choice.kind for choice in held(MONTH + 1, gave_way=("Japan",))[0]] == ["suspension"]


def test_who_is_taxed_in_turn_is_offered_a_truce_with_it() -> None:
    tariff = measure("import_tariff", "Japan", targets=(CHINA,))
    other = measure("import_tariff", "India", targets=(CHINA,))
    found, _ = held(MONTH, acts_against=(other, tariff))
    assert [choice.kind for choice in found] == ["suspension", "truce"]
    assert (found[1].targets, found[1].months) == (("Japan",), YEAR)
    assert [choice.kind for choice in held(MONTH, acts_against=(other,))[0]] == ["suspension"]


def enacted(choice: Choice, before: list[Event] | None = None, month: int = 13) -> Event:
    world = fresh(month)
    return to_event("China", choice, before or [], politics=world.politics, clock=world.clock)


def test_an_act_is_dated_the_last_day_of_its_month_and_lasts_as_chosen() -> None:
    choice = Choice("licensing", ("Japan", "EU"), ("controlled_2025",), (), 12, 0.1, "for security")
    event = enacted(choice)
    assert (event.date, event.end) == ("2025-02-28", "2026-01-31")
    assert (event.id, event.targets) == ("China-2025-02-licensing", ("Japan", "EU"))
    assert event.goods[0] == "seg_oxide"
    assert enacted(replace(choice, months=0)).end == ""
    assert enacted(replace(choice, months=1)).end == "2025-02-28"
    bare = enacted(Choice("remark", ("Japan",), (), (("severity", 0.3),), 0, 0.0, "words"))
    assert (bare.goods, bare.get("severity")) == ((), 0.3)


def test_beginnings_are_settled_when_a_deciding_government_first_looks() -> None:
    """Its own signals of a year, what its suspensions hold, and acts in force of any government."""
    world = fresh(14)
    ban, aside = act("blanket_ban", "ban", targets=["Japan"]), act("licensing", "aside")
    raw = {"kind": "suspension", "actor": "China", "id": "pause", "of": "ban"}
    raw |= {"date": "2024-08-01", "end": "2025-03-31"}
    pause = event_from_dict(FACTS, raw, "test", 2, {"ban": ban})
    words = [
        act("threat", f"word {date}", "China", targets=["EU"], date=date)
        for date in ("2024-03-31", "2024-04-01", "2025-03-31", "2025-04-01")
    ]
    words += [act("threat", "word of Japan", "Japan", targets=["EU"], date="2025-01-01")]
    rule = act("licensing", "rule", "India")
    world.politics.script = (ban, aside, pause, *words, rule)
    world.politics.in_force = (rule,)
    for government, began in (
        ("China", {"ban", "rule", "word 2024-04-01", "word 2025-03-31"}),
        ("Japan", {"rule", "word of Japan"}),
    ):
        world.politics.memory.began = {}
        remember_beginnings(world.politics, {government}, clock=world.clock)
        assert set(world.politics.memory.began) == began
