"""The twin of a run: the same luck without the measure that the headlines count from, run here, or
a run that one is given, which has to be by the same version, code and rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.experiments.worlds.asked_facts import check_comparable_facts
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.twin import measures_in_question, without_measure
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.results.provenance import provenance_hashes, split_class_of
from coercivity.model.results.result import Result, model_version
from coercivity.model.scenario.scenario import Scenario

SHIPPED: Final = "World"  # what a result calls the class that ships


def measures_left_out(scenario: Scenario, focus: str = FOCUS) -> Finding:
    """Return the measures that the twin goes without, as the end of a sentence."""
    first, *later = measures_in_question(scenario, focus)
    named = "named" if focus in first.targets else "all"
    return Finding.of(
        f"left_out.{named}.{'several' if later else 'one'}",
        kind=first.kind,
        day=first.date,
        actor=first.actor,
        state=focus,
        count=len(later),
    )


def run_twin(result: Result, state: str, made_by: dict[str, Any]) -> Result:
    """Return the run without the measures in question. made_by: what the run was made by, beside
    its scenario and seed. Raises InputError where it has none, or would be made by another version.
    """
    other = without_measure(result.scenario, state)
    if other is None:
        raise InputError(
            "scenario '{value}' has no measure against {state} to be without",
            "give twin=, a run of another scenario with the same start, months and seed",
            value=result.scenario.name,
            state=state,
        )
    own = split_class_of(result.world)[0]
    if own != SHIPPED and "world" not in made_by:
        raise InputError(
            "this is a run of {world}, and its twin has to be one too",
            "give world= and your class, or twin= and a run of it",
            world=own,
        )
    _check_here(result, made_by)
    if made_by:
        found = run(other, result.seed, months=len(result.months), **made_by)
        return check_twin(result, found)
    return check_twin(result, _run_once(other, result.seed, len(result.months)))


def _check_here(result: Result, made_by: dict[str, Any]) -> None:
    """Refuse a run of which this installation would make no twin: of another version, code or, with
    no other data asked for, facts.
    """
    counted = ("code",) if "data" in made_by else ("code", "facts")
    made, here = (
        {"version": version, **dict(of or provenance_hashes(result.scenario.facts))}
        for version, of in ((result.version, result.made), (model_version(), ()))
    )
    apart = [name for name in ("version", *counted) if made[name] != here[name]]
    if apart:
        raise InputError(
            "this run was made by {maker}, and its twin would be made by {other}: what lies "
            "between them would be no effect of the measure",
            "run it anew, or give twin= and a run that the same made",
            maker=_maker(made, apart),
            other=_maker(here, apart),
        )


def _maker(made: Mapping[str, str], apart: Sequence[str]) -> Phrase:
    """Who made a run, with what sets it apart."""
    marks = tuple(f"{name} {made[name]}" for name in apart if name != "version")
    if not marks:
        return Phrase.of("coercivity {version}", version=made["version"])
    return Phrase.of("coercivity {version} ({marks})", version=made["version"], marks=marks)


@lru_cache(maxsize=1)
def _run_once(scenario: Scenario, seed: int, months: int) -> Result:
    """The last twin is held: who asks why one headline is what it is asks of the next."""
    return run(scenario, seed, months=months)


def check_twin(result: Result, twin: Result) -> Result:
    """A twin that has the same months and luck, tables, and the same version, code and rules behind
    it; its facts may be others of the same names. Raises InputError for another.
    """
    check_comparable_facts(twin.facts, result.facts, "twin")
    mine, other = ((one.months[0], len(one.months), one.seed) for one in (result, twin))
    if mine != other or not twin.tables:
        its, ours = (
            Phrase.of(
                "{count} months from {low} and seed {seed}", count=count, low=start, seed=seed
            )
            for start, count, seed in (other, mine)
        )
        raise InputError(
            "twin '{value}' has {other}"
            if twin.tables
            else "twin '{value}' has {other} and did not record",
            "this run has {mine}: give a recorded run with the same",
            value=twin.scenario.name,
            other=its,
            mine=ours,
        )
    whose = [
        {
            "version": one.version,
            **dict(one.made or provenance_hashes(result.scenario.facts)),
            "class": one.world,
        }
        for one in (result, twin)
    ]
    apart = [name for name in ("version", "code") if whose[0][name] != whose[1][name]]
    if _rules_differ(result.world, twin.world):
        apart.append("class")
    if apart:
        raise InputError(
            "twin '{value}' was made by {other}, and this run by {maker}: what lies between them "
            "would be no effect of a measure",
            "run both with the same",
            value=twin.scenario.name,
            other=_maker(whose[1], apart),
            maker=_maker(whose[0], apart),
        )
    return twin


def _rules_differ(first: str, other: str) -> bool:
    """Whether two runs have different classes of world, or different rules under one name; a
    mechanism that acts in one of them alone belongs to its scenario.
    """
    (kind, added), (others_kind, others) = split_class_of(first), split_class_of(other)
    return kind != others_kind or any(
        added[name] != others[name] for name in added if name in others
    )
