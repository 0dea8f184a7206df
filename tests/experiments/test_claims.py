"""The claims: what was written down before the first run, on how many settings each is tried, the
rule that judges, and a run of the cheapest of them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coercivity.experiments.claims import EXPERIMENTS
from coercivity.experiments.claims.run_claims import DRAWS, SCANNED, evidence, plan, run_claims
from coercivity.experiments.claims.verdict import Evidence, flip_point, judge, share_holding
from coercivity.experiments.claims.written_claims import LEVERS, Claim, choose_claims, load_claims
from coercivity.experiments.questions import shared_runs
from coercivity.experiments.questions.shared_runs import Ask, answer_all
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_shipped, with_changes
from tests.experiments.test_claims_by_hand import flow

C5 = choose_claims(["C5"])[0]  # holds at 0.5 or more
YES, NO = 0.9, 0.1


def test_sixteen_claims_each_with_an_experiment() -> None:
    assert [claim.id for claim in load_claims()] == [f"C{number}" for number in range(1, 17)]
    assert set(EXPERIMENTS) == {claim.id for claim in load_claims()}
    assert [claim.id for claim in choose_claims(["c7", "C1", "C7"])] == ["C7", "C1"]
    with pytest.raises(InputError, match="C99"):
        run_claims(["C1", "C99"])


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
def test_each_group_of_settings_asks_the_same_and_only_the_main_draws_more(claim: Claim) -> None:
    groups = {group: setting for group, _, setting in plan(claim, 2)}
    asked = {group: set(EXPERIMENTS[claim.id].asks(setting)) for group, setting in groups.items()}
    assert asked["placebo"] == asked["corner"] == asked["scan"] <= asked["main"]


@pytest.mark.parametrize(
    ("draws", "scanned", "counts"),
    [(DRAWS, SCANNED, [16, 8, 4, 20]), (8, 3, [8, 4, 2, 6]), (1, SCANNED, [1, 1, 1, 5])],
)
def test_half_as_many_placebos_and_a_quarter_as_many_corners_and_points_of_a_scan(
    draws: int, scanned: int, counts: list[int]
) -> None:
    found = [group for group, _, _ in plan(C5, draws, scanned)]
    assert [found.count(name) for name in ("main", "placebo", "corner", "scan")] == counts


def test_each_group_of_settings_is_what_its_name_says() -> None:
    by: dict[str, list[Any]] = {}
    for group, at, setting in plan(C5, 8, scanned=3):
        by.setdefault(group, []).append((at, setting))
    for group, how in (
        ("main", (True, False, None)),
        ("placebo", (False, True, None)),
        ("corner", (False, False, None)),
    ):
        assert {(one.full, one.off, one.moved) for _, one in by[group]} == {how}
    ends = (C5.flip_low, (C5.flip_low + C5.flip_high) / 2, C5.flip_high)
    assert [at for at, _ in by["scan"]] == [at for at in ends for _ in range(2)]
    assert all(one.moved == at for at, one in by["scan"])
    drawn = [one.draw for _, one in by["main"]]
    assert [one.draw for _, one in by["placebo"]] == drawn[:4]
    assert [one.draw for _, one in by["scan"]] == drawn[:2] * 3


def test_values_go_to_their_group_and_only_main_draws_have_numbers_beside_them() -> None:
    groups = ("main", "main", "placebo", "corner", "scan", "scan", "scan")
    points = (0.0, 0.0, 0.0, 0.0, 6.0, 6.0, 3.0)
    losses = (1.0, 3.0, 0.0, 4.0, 9.0, 1.0, 0.0)
    pairs = ({"ban": flow(output_lost=lost, cost_paid=1.0), "free": flow()} for lost in losses)
    found = evidence(C5, list(zip(groups, points, pairs, strict=True)))
    assert found.main == [0.5, 0.75]
    assert (found.placebo, found.corner) == ([0.0], [0.8])
    assert found.scan == {6.0: [0.9, 0.5], 3.0: [0.0]}
    assert found.details["cost paid in 36 months, USD bn"] == [0.001, 0.001]


# ---------------------------------------------------------------- the verdict


SPLIT: list[float | None] = [YES, NO]
CLEAR = {0.0: [NO] * 4 + [YES], 1.0: [YES] * 4 + [NO]}


@pytest.mark.parametrize(
    ("main", "scan", "verdict"),
    [
        # from four fifths of the draws on a claim holds, up to one fifth it fails
        ([YES] * 4 + [NO], {}, "holds"),
        ([YES] * 79 + [NO] * 21, {}, "inconclusive"),
        ([YES] + [NO] * 4, {}, "does_not_hold"),
        ([YES] * 21 + [NO] * 79, {}, "inconclusive"),
        # half of the draws must say something
        ([YES, YES, None, None], {}, "holds"),
        ([YES, YES, None, None, None], {}, "inconclusive"),
        # a parameter decides where one side has four fifths and the other one fifth
        (SPLIT, CLEAR, "conditional"),
        (SPLIT, CLEAR | {0.0: [NO] * 3 + [YES]}, "inconclusive"),
        (SPLIT, CLEAR | {1.0: [YES] * 3 + [NO]}, "inconclusive"),
    ],
)
def test_the_rule(main: Any, scan: Any, verdict: str) -> None:
    assert judge(C5, Evidence(main, [NO], [YES], scan)).verdict == verdict


def test_never_refuted_is_built_in_and_one_undefined_value_is_a_refutation() -> None:
    every = {"main": [YES], "placebo": [YES], "corner": [YES], "scan": {0.0: [YES]}}
    assert judge(C5, Evidence(**every)).verdict == "built_in"
    refuted = ({"placebo": [NO]}, {"corner": [None]}, {"scan": {0.0: [YES], 1.0: [YES, NO]}})
    for one in refuted:
        assert judge(C5, Evidence(**every | one)).verdict == "holds"
    assert share_holding(C5, [None]) == 0.0
    assert share_holding(C5, [YES, float("inf"), NO, None]) == 0.5


@pytest.mark.parametrize(
    ("scan", "at"),
    [
        ({0.0: [NO] * 5, 10.0: [NO] * 4 + [YES], 20.0: [YES] * 4 + [NO]}, (15.0, True)),
        ({0.0: [YES] * 4 + [NO], 8.0: [NO] * 4 + [YES]}, (4.0, True)),
        ({0.0: [NO] * 3 + [YES] * 2, 10.0: [YES] * 5}, (10.0 / 6.0, False)),
        ({0.0: [YES], 4.0: SPLIT, 8.0: [NO]}, (4.0, True)),
        ({0.0: [YES], 10.0: [YES]}, (None, False)),
        ({0.0: SPLIT, 4.0: SPLIT}, (None, False)),
    ],
)
def test_the_flip_is_on_the_straight_line_and_needs_both_sides_clear(scan: Any, at: Any) -> None:
    place, clear = flip_point(C5, scan)
    assert (place, clear) == (at[0] if at[0] is None else pytest.approx(at[0]), at[1])


def test_a_finding_tells_the_median_and_the_tails() -> None:
    main = [number / 100.0 for number in range(101)]
    found = judge(C5, Evidence([*main, None], [0.2, 0.4, None], [0.0], {0.0: main}))
    assert (found.value, found.p05, found.p95) == pytest.approx((0.5, 0.05, 0.95))
    assert (found.placebo, found.support) == pytest.approx((0.3, 51 / 101))
    assert found.worlds == 102


def test_a_claim_runs_and_says_everything_that_json_needs() -> None:
    (found,) = run_claims(["C4"], draws_count=2, scanned=2)
    document = found.to_dict()
    named = {"id", "claim", "verdict", "support", "turns_on", "flips_at", "metric", "p05", "p95"}
    assert named <= set(document)
    assert document["worlds"] == 2
    assert 0.0 <= document["support"] <= 1.0
    assert document["value"] > 0.0


# ---------------------------------------------------------------- questions to worlds

SCENARIO = with_changes(load_shipped("business-as-usual"), months=6)


def months(trace: Any) -> tuple[str, int]:
    return "read", trace.months


def twice(trace: Any) -> tuple[str, int]:
    return "twice", 2 * trace.months


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Worlds that count their months."""
    made: list[Any] = []

    class World:
        def __init__(self, scenario: Any, seed: int, record: bool, collect: bool) -> None:
            self.seed, self.month, self.record = seed, 0, record
            made.append(self)

        def step(self) -> None:
            self.month += 1

    class Watch:
        def __init__(self, world: World) -> None:
            self.read_months = 0

        def read(self, world: World) -> None:
            self.read_months += 1

        def trace(self, world: World) -> Any:
            return SimpleNamespace(months=self.read_months)

    monkeypatch.setattr(shared_runs, "World", World)
    monkeypatch.setattr(shared_runs, "Watch", Watch)
    monkeypatch.setattr(shared_runs, "cut_off", lambda world: ("cut off", world.seed, world.month))
    return made


ASKS = [
    Ask(SCENARIO, 1, reader=months),
    Ask(SCENARIO, 2, lever=3),
    Ask(SCENARIO, 1, lever=2),
    Ask(SCENARIO, 1, reader=twice),
    Ask(SCENARIO, 1, lever=1),
    Ask(SCENARIO, 1, lever=2),
]


def test_answers_come_in_the_order_of_the_questions(worlds: list[Any]) -> None:
    """A world that nobody reads ends with its last cut-off."""
    told: list[tuple[int, int]] = []
    assert answer_all(ASKS, progress=lambda done, of: told.append((done, of))) == [
        ("read", 6),
        ("cut off", 2, 3),
        ("cut off", 1, 2),
        ("twice", 12),
        ("cut off", 1, 1),
        ("cut off", 1, 2),
    ]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert [world.month for world in worlds] == [6, 3]
    assert not any(world.record for world in worlds)
