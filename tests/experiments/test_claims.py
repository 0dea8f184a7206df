"""The claims: what was written down before the first run, the rule that judges, and a run of the
cheapest of them.
"""

from __future__ import annotations

import pytest

from coercivity.experiments.claims import EXPERIMENTS
from coercivity.experiments.claims.setting import Setting, without_acts
from coercivity.experiments.claims.survey import plan, run_claims
from coercivity.experiments.claims.table import LEVERS, Claim, choose_claims, load_claims
from coercivity.experiments.claims.verdict import Evidence, judge
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.jobs import Ask, answer_all, gather
from coercivity.experiments.worlds.draws import draws
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, with_changes


def test_sixteen_claims_each_with_an_experiment() -> None:
    assert [claim.id for claim in load_claims()] == [f"C{number}" for number in range(1, 17)]
    assert set(EXPERIMENTS) == {claim.id for claim in load_claims()}


@pytest.mark.parametrize("claim", load_claims(), ids=lambda claim: claim.id)
def test_a_claim_says_what_would_refute_it(claim: Claim) -> None:
    assert claim.low is not None or claim.high is not None
    assert claim.words
    assert claim.other_words
    assert claim.scenario in list_scenarios()
    assert claim.flip_low < claim.flip_high
    if claim.flip not in LEVERS:
        low, high = load_parameters().bounds()[claim.flip]
        assert low <= claim.flip_low
        assert claim.flip_high <= high


@pytest.mark.parametrize("claim", load_claims(), ids=lambda claim: claim.id)
def test_every_setting_makes_scenarios_that_are_right(claim: Claim) -> None:
    """Each group of settings asks the same questions; only the beside-numbers of the main draws ask
    for more.
    """
    groups = {group: setting for group, _, setting in plan(claim, 2)}
    asked = {group: set(EXPERIMENTS[claim.id].asks(setting)) for group, setting in groups.items()}
    assert asked["placebo"] == asked["corner"] == asked["scan"] <= asked["main"]


CLAIM = choose_claims(["C5"])[0]  # holds at 0.5 or more


def of(
    main: list[float | None],
    placebo: float = 0.0,
    scan: dict[float, list[float | None]] | None = None,
) -> Evidence:
    return Evidence(main, [placebo], [main[0]], scan or {0.0: main, 1.0: main})


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (of([0.9, 0.8, 0.7, 0.6, 0.2]), "holds"),
        (of([0.1, 0.2, 0.3, 0.4, 0.9]), "does_not_hold"),
        (of([0.9, 0.1]), "inconclusive"),
        (of([0.9, 0.1], scan={0.0: [0.1, 0.1], 1.0: [0.9, 0.9]}), "conditional"),
        (of([0.9, 0.8], placebo=0.7), "built_in"),
        (of([0.2, 0.1], placebo=0.0), "does_not_hold"),
        (of([None, None, 0.9]), "inconclusive"),
    ],
)
def test_the_rule(evidence: Evidence, verdict: str) -> None:
    assert judge(CLAIM, evidence).verdict == verdict


def test_the_flip_lies_where_the_support_crosses_one_half() -> None:
    found = judge(CLAIM, of([0.9, 0.1], scan={0.0: [0.1, 0.1], 10.0: [0.1, 0.9], 20.0: [0.9, 0.9]}))
    assert found.flips_at == 10.0
    assert judge(CLAIM, of([0.9, 0.8])).flips_at is None


def test_an_unknown_claim_costs_one_message() -> None:
    with pytest.raises(InputError, match="C99"):
        run_claims(["C1", "C99"])
    assert [claim.id for claim in choose_claims(["c7", "C1", "C7"])] == ["C7", "C1"]


def _months(trace: Trace) -> int:
    return len(trace["planned"])


def test_a_world_is_run_once_for_all_who_ask() -> None:
    short = with_changes(load_scenario("business-as-usual"), months=2)
    asks = [Ask(short, 1, _months), Ask(short, 2, _months), Ask(short, 1, _months)]
    assert [len(task.readers) for task in gather(asks)] == [2, 1]
    assert answer_all(asks) == [2, 2, 2]


def test_the_twin_without_acts_keeps_everything_else() -> None:
    whole, twin = load_scenario("japan-2026"), without_acts("japan-2026")
    gone = {event.id for event in whole.events} - {event.id for event in twin.events}
    assert "T059" in gone
    assert "T041" not in gone  # the licences of 2025 name no country
    assert not any(event.actor == "China" and event.targets == ("Japan",) for event in twin.events)


def test_the_placebo_wins_over_the_draw() -> None:
    claim = choose_claims(["C1"])[0]
    off = Setting(claim, draws(1)[0], off=True).scenario("japan-2026")
    assert off.parameter_values().over_compliance == 0.0


def test_a_claim_runs_and_says_everything_that_json_needs() -> None:
    (found,) = run_claims(["C4"], draws_count=2)
    document = found.to_dict()
    assert {
        "id",
        "claim",
        "verdict",
        "support",
        "turns_on",
        "flips_at",
        "metric",
        "value",
        "p05",
        "p95",
        "worlds",
    } <= set(document)
    assert document["worlds"] == 2
    assert 0.0 <= document["support"] <= 1.0
    assert document["value"] > 0.0
