"""A licensing office (decision 0036): what a rule does by month, destination and luck.

Written before the rule. Refuted by goods that pass before the statutory time, by destinations that
fare alike, by worlds with other luck that fare alike, by buyers who fill up under licences, by a
second rule that costs the first nothing, and by a truce that works at once.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from coercivity.model.trade import licence_queue
from tests.model.lived import begun
from tests.names import CHINA, GOOD, STATE

JAPAN, US, GERMANY = (STATE[name] for name in ("Japan", "United States", "Germany"))
HELD = ("dysprosium_oxide", "terbium_oxide", "yttrium_oxide", "magnet_heat_resistant")
BEGAN, MONTHS = 8, 30  # the rule comes in September 2024
SEEDS = (1, 2, 3)
CALM = "business-as-usual"


def act(kind: str, date: str, **more: Any) -> dict[str, Any]:
    raw = {"kind": kind, "date": date, "actor": "China", "targets": ["World"], "id": kind + date}
    return raw | more


RULE = act("licensing", "2024-09-01", goods=list(HELD))
MORE = act(
    "licensing",
    "2025-01-01",
    goods=["ndpr_oxide", "ndpr_metal", "magnet_standard", "motor_standard", "motor_heat_resistant"],
)
OLD = act("licensing", "2023-04-01", goods=list(HELD))
TRUCE = act("truce", "2025-01-01", targets=["United States"], id="truce")
QUARREL = act("trigger", "2024-08-01", actor="Japan", targets=["China"], severity=1.0)


class Run(NamedTuple):
    """By month: t of the held goods by importer, applications by outcome, cover abroad."""

    shipped: np.ndarray
    counts: np.ndarray
    cover: np.ndarray

    def part(self, state: int | None = None) -> np.ndarray:
        """Shipped, as a part of the six months before the rule; from the first month of it on."""
        tonnes = self.shipped.sum(axis=1) if state is None else self.shipped[:, state]
        return np.asarray(tonnes[BEGAN:] / tonnes[2:BEGAN].mean())


@cache
def run(seed: int, *names: str) -> Run:
    """A world under some acts; NEW: its office has had no rule before."""
    with pytest.MonkeyPatch.context() as patch:
        if "NEW" in names:
            patch.setattr(licence_queue, "FIRST_RULE", {})
        return _run(seed, tuple(name for name in names if name != "NEW"))


def _run(seed: int, names: tuple[str, ...]) -> Run:
    written = {"RULE": RULE, "MORE": MORE, "OLD": OLD, "TRUCE": TRUCE, "QUARREL": QUARREL}
    acts = [written[name] for name in names]
    world = begun(CALM, MONTHS, *acts, seed=seed)
    links, needs = world.links, world.needs
    crosses = (links.exporter == CHINA) & (links.importer != CHINA)
    rows = np.flatnonzero(crosses & np.isin(links.good, [GOOD[name] for name in HELD]))
    held = np.unique(links.need[rows])
    shipped, counts, cover = [], [], []
    for _ in range(MONTHS):
        world.step()
        tonnes = links.shipped[rows]
        shipped.append(np.bincount(links.importer[rows], weights=tonnes, minlength=len(STATE)))
        counts.append(world.border.cases.sum(axis=1))
        cover.append(needs.stock[held].sum() / needs.expected[held].sum())
    return Run(np.array(shipped), np.array(counts), np.array(cover))


def mean_part(*names: str) -> np.ndarray:
    return np.asarray(np.mean([run(seed, *names).part() for seed in SEEDS], axis=0))


def test_nothing_goes_in_the_first_two_months_and_a_new_office_learns_within_a_year() -> None:
    """Gallium of 2023: a kilogram of 3,642; 27% in the fourth month, 109% in the tenth."""
    first, second = run(1, "RULE").part()[:2]
    assert first == 0.0
    assert second < 0.001
    found = mean_part("RULE", "NEW")
    assert 0.05 < found[4] < 0.6
    assert 0.43 < found[10] < 1.2
    assert found[2] < found[4] < found[7] < 1.0


def test_an_office_that_has_learnt_is_sooner() -> None:
    """Antimony: 5% in the month after the rule, 22% and 48% in the next two; within a quarter of a
    month's trade, the tolerance of this record.
    """
    found, new = mean_part("RULE"), mean_part("RULE", "NEW")
    assert found[1] < 0.1
    assert 0.1 < found[2] < 0.47
    assert 0.25 < found[3] < 0.75
    assert found[2:6].sum() > 1.2 * new[2:6].sum()


@pytest.mark.xfail(
    strict=True,
    reason="what is ordered while shelves are empty is granted within a year: cover abroad goes "
    "beyond that of before by half; files that ask for no more than use would mend it",
)
def test_nobody_fills_up_under_licences() -> None:
    """No more goes than users can show to need: stocks come back slowly."""
    for seed in SEEDS:
        found = run(seed, "RULE")
        assert found.part()[12:].mean() < 1.25
        assert found.cover[BEGAN + 12 :].max() < found.cover[BEGAN - 1]


def test_relations_rank_destinations() -> None:
    """After a quarrel Japan waits longer than Germany: a fifth less in eight months."""
    ratio = [
        found.part(JAPAN)[2:10].sum() / found.part(GERMANY)[2:10].sum()
        for found in (run(seed, "RULE", "QUARREL") for seed in SEEDS)
    ]
    assert np.mean(ratio) < 0.8


@pytest.mark.xfail(
    strict=True,
    reason="half of eight worlds, within luck, since end users order by what they plan (0101); "
    "worlds in which the office is short of staff would show it",
)
def test_a_second_rule_costs_the_first_time() -> None:
    """One budget of attention: what was held before loses in eight months, beyond the luck of eight
    worlds (two standard errors) and in most of them.
    """
    lost = [
        1.0 - run(s, "RULE", "MORE").part()[6:14].sum() / run(s, "RULE").part()[6:14].sum()
        for s in range(1, 9)
    ]
    assert np.mean(np.array(lost) > 0.0) >= 0.75
    assert np.mean(lost) > 2.0 * np.std(lost, ddof=1) / len(lost) ** 0.5


def test_a_truce_favours_those_who_apply_after_it_and_the_clock_runs() -> None:
    """Filed in January, decided in March at the earliest."""
    more = [run(s, "RULE", "TRUCE", "NEW").part(US) - run(s, "RULE", "NEW").part(US) for s in SEEDS]
    early, late = np.mean([m[4:6] for m in more]), np.mean([m[6:12] for m in more])
    assert early <= 0.02
    assert late > 0.05


def test_a_rule_older_than_the_start_finds_licences_in_hand() -> None:
    """Trade goes on, and renewals are spread over the months that a licence is good for."""
    for seed in SEEDS:
        old, free = run(seed, "OLD").shipped.sum(axis=1), run(seed).shipped.sum(axis=1)
        assert 0.6 < old[0] / free[0] <= 1.0
        assert 0.6 < old[:12].sum() / free[:12].sum() < 1.1
        assert (run(seed, "OLD").counts[:4, 0] > 0).all()


def test_every_application_ends_as_one_thing_or_waits_and_without_a_rule_there_is_none() -> None:
    for seed in SEEDS:
        filed, granted, refused, returned, _ = run(seed, "RULE").counts.sum(axis=0)
        assert filed >= granted + refused + returned > 0
        assert granted > refused, "most that are decided are granted"
        assert returned > 0, "papers are missing in some"
    assert run(1).counts.sum() == 0.0
    assert run(1).part().mean() == pytest.approx(1.0, rel=0.2)
