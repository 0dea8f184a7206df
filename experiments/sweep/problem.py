"""The *problem* of SALib: names, bounds, and on request the group of each parameter. Whoever
samples or analyses with SALib itself begins with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from coercivity.experiments.worlds.draws import drawn_parameters
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import parameters_of

Problem: TypeAlias = dict[str, Any]


def problem(
    facts: Facts, names: Sequence[str], bounds: Sequence[tuple[float, float]], groups: bool = False
) -> Problem:
    """The problem of these parameters between these bounds. *groups*: with the group that each has
    in the parameter table; SALib's samplers then move groups as one, and its analyzers speak of
    groups alone.
    """
    told: Problem = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[float(low), float(high)] for low, high in bounds],
    }
    if groups:
        table = parameters_of(facts)
        told["groups"] = [table[name].group for name in names]
    return told


def table_problem(groups: bool = False) -> Problem:
    """The problem of every parameter that is not known, over its documented range: what a design
    with `parameters: table` moves.
    """
    facts = Facts.default()
    rows = drawn_parameters(facts)
    return problem(facts, [row.name for row in rows], [(row.low, row.high) for row in rows], groups)
