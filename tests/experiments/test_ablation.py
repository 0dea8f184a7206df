"""Each rule is switched off where it has something to act on."""

from __future__ import annotations

from coercivity.experiments.questions import ablation
from coercivity.experiments.questions.friend_shoring import OUT
from coercivity.model.scenario.scenario import load_scenario

BORDER = {
    "export_quota",
    "export_duty",
    "licensing",
    "dual_use_ban",
    "entity_list",
    "blanket_ban",
    "technology_ban",
    "extraterritorial",
}


def has_something(scenario: str, arm: str) -> bool:
    """Whether the acts or the governments of a scenario give a rule something to do; all others act
    in every world.
    """
    asked = load_scenario(scenario)
    kinds = {event.kind for event in asked.events}
    decides = "autonomous" in dict(asked.governments).values()
    needs = {
        "M6": bool(kinds & BORDER) or decides,
        "M8": bool(kinds & BORDER) or decides,
        "M10": bool(kinds & set(OUT)),
        "M12": decides,
    }
    return needs.get(arm, True)


def test_every_rule_is_asked_about_and_only_where_it_has_something_to_act_on() -> None:
    plan = ablation.switched_off_arms()
    assert {arm for asked in plan.values() for arm in asked} == set(ablation.NAIVE)
    for scenario, asked in plan.items():
        considered = ablation.NAIVE if scenario in ablation.SCENARIOS else asked
        assert [arm for arm in considered if has_something(scenario, arm)] == list(asked), scenario
