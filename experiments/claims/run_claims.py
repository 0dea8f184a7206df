"""Put claims to the model: plan every run first, share what can be shared, then judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims import EXPERIMENTS
from coercivity.experiments.claims.setting import Setting
from coercivity.experiments.claims.verdict import ClaimVerdict, Evidence, judge
from coercivity.experiments.claims.written_claims import Claim, choose_claims
from coercivity.experiments.questions.shared_runs import Ask, Progress, answer_all
from coercivity.experiments.worlds.draws import check_count, corners, draws
from coercivity.model.basis.facts import Facts

DRAWS: Final = 16  # worlds of a claim, each a vector and a seed
SCANNED: Final = 5  # values of the flip parameter


def run_claims(
    ids: Iterable[str] = (),
    *,
    draws_count: int = DRAWS,
    workers: int = 1,
    progress: Progress | None = None,
    scanned: int = SCANNED,
    facts: Facts | None = None,
) -> list[ClaimVerdict]:
    """Findings on the claims with these ids, or on all. workers: processes; 0 takes one for each
    usable core; the findings do not depend on it.

    scanned: values of the flip parameter that are tried. facts: what they are put to, those of this
    process unless given.

    Raises InputError for an unknown id or a number of draws that does not fit, before anything
    runs.
    """
    facts = facts or Facts.default()
    claims = choose_claims(ids, facts)
    settings = [
        (claim, group, level, setting)
        for claim in claims
        for group, level, setting in plan(claim, check_count(draws_count), scanned, facts)
    ]
    asks: list[Ask] = []
    slots: list[dict[str, int]] = []
    for claim, _, _, setting in settings:
        wanted = EXPERIMENTS[claim.id].asks(setting)
        slots.append({name: len(asks) + number for number, name in enumerate(wanted)})
        asks += list(wanted.values())
    answers = answer_all(asks, workers, progress)
    answered = [{name: answers[level] for name, level in slot.items()} for slot in slots]
    return [
        judge(
            claim,
            evidence(
                claim,
                [
                    (*where[1:3], got)
                    for where, got in zip(settings, answered, strict=True)
                    if where[0] is claim
                ],
            ),
        )
        for claim in claims
    ]


def plan(
    claim: Claim, count: int, scanned: int = SCANNED, facts: Facts | None = None
) -> list[tuple[str, float, Setting]]:
    """Settings of one claim: (group, value of the flip parameter in a scan, setting)."""
    facts = facts or Facts.default()
    on = partial(Setting, claim, facts=facts)
    every, few, fewer = draws(count, facts=facts), max(count // 2, 1), max(count // 4, 1)
    runs_planned = [("main", 0.0, on(draw, full=True)) for draw in every]
    runs_planned += [("placebo", 0.0, on(draw, off=True)) for draw in every[:few]]
    runs_planned += [("corner", 0.0, on(draw)) for draw in corners(fewer, facts=facts)]
    for value in np.linspace(claim.flip_low, claim.flip_high, scanned):
        runs_planned += [
            ("scan", float(value), on(draw, moved=float(value))) for draw in every[:fewer]
        ]
    return runs_planned


def evidence(claim: Claim, answers: list[tuple[str, float, Mapping[str, Any]]]) -> Evidence:
    """The metric of each setting, by group; numbers beside it for the main draws."""
    experiment = EXPERIMENTS[claim.id]
    values: dict[str, list[float | None]] = {"main": [], "placebo": [], "corner": []}
    scan: dict[float, list[float | None]] = {}
    beside: dict[str, list[float | None]] = {}
    for group, at, got in answers:
        (scan.setdefault(at, []) if group == "scan" else values[group]).append(
            experiment.value(got)
        )
        if group == "main" and experiment.beside is not None:
            for name, number in experiment.beside(got).items():
                beside.setdefault(name, []).append(number)
    return Evidence(values["main"], values["placebo"], values["corner"], scan, beside)
