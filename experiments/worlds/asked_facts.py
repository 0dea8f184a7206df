"""Which facts a call works with: those of the data folder that it is given, of a scenario, or of
the file that it reads, else those that this process takes (`Facts.default`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from coercivity.experiments.worlds.record_arrays import arrays_of, names_of, records_from, words_of
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.facts import Facts, check_as_read
from coercivity.model.basis.yaml_text import read_yaml
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.results.result import Result
from coercivity.model.scenario.files import list_scenarios, read_data, scenario_file
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    scenario_place,
)

Data = str | os.PathLike[str] | None


def find_facts(data: Data, *sources: object) -> Facts:
    """Return the facts that are asked for by keyword, by scenarios or by their files, else those of
    this process. Raises InputError where they ask for different ones, or where the folder of this
    process has changed since it was read.
    """
    check_as_read()
    said = [(where, facts) for where, facts in map(_facts_of_source, sources) if facts is not None]
    if data is not None:
        said.insert(0, ("keyword data", Facts.load(data)))
    (first, wanted), *others = said or [("", Facts.default())]
    for where, facts in others:
        if facts != wanted:
            raise InputError(
                "{first} asks for the data '{value}' and {second} for '{other}'",
                "use one of them for all",
                first=first,
                value=wanted.data,
                second=where,
                other=facts.data,
            )
    return wanted


def check_one_set(fix: str = "give data={written} for both", **sides: object) -> None:
    """Raise InputError where one of several scenarios says other facts than those of this process
    and another says none: whose facts it means cannot be guessed. *fix* says what to do about the
    data {written}.
    """
    said = {name: _facts_of_source(source)[1] for name, source in sides.items()}
    silent = [name for name, facts in said.items() if facts is None]
    asking = [name for name, facts in said.items() if facts not in (None, Facts.default())]
    if silent and asking:
        data = said[asking[0]].data  # type: ignore[union-attr]
        raise InputError(
            "{asking} asks for the data '{value}' and {silent} says none",
            fix,
            asking=asking[0],
            value=Phrase(shorten(data, 200)),
            silent=silent[0],
            written=Phrase(repr(data)),
        )


def _facts_of_source(source: object) -> tuple[str, Facts | None]:
    """What a scenario, as somebody gives it, says of its facts: where it is said, and which. One of
    the facts of this process says none.
    """
    raw, beside, where = source, None, "scenario"
    if isinstance(source, Scenario):
        return f"scenario {source.name}", None if source.facts == Facts.default() else source.facts
    if isinstance(source, (str, Path)) and source not in list_scenarios():
        path = scenario_file(source)
        if path is not None:
            beside, where, raw = path.parent, path.name, read_yaml(path)
    says = isinstance(raw, Mapping) and raw.get("data") is not None
    return where, read_data(raw, where, beside) if says else None


def read_under(facts: Facts, source: str | Path | Scenario | Mapping[str, Any]) -> Scenario:
    """Return the scenario by these facts; a Scenario of others is checked anew."""
    if not isinstance(source, Scenario):
        return load_scenario(source, facts)
    if source.facts == facts:
        return source
    raw = {key: value for key, value in source.to_dict().items() if key != "data"}
    return scenario_from_dict(raw, scenario_place(source), facts=facts)


def check_comparable_facts(base: Facts, facts: Facts, where: str = "base_data") -> None:
    """Raise InputError where runs of other facts cannot be told by these: where their states, goods
    or other names differ.
    """
    theirs, ours = names_of(base), names_of(facts)
    for name in ours:
        if theirs[name] != ours[name]:
            raise InputError(
                "what is run with '{data}' cannot stand beside what is run with '{other}': its "
                "{name} are others",
                "compare results of the same states, goods and sectors",
                where=where,
                data=base.data or "the shipped tables",
                other=facts.data or "the shipped tables",
                name=name,
            )


def retell_results(facts: Facts, results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the same runs, with sectors and values told by other facts of the same names; what
    made them stays.
    """
    return tuple(
        replace(
            one,
            records=one.records
            and records_from(arrays_of(one.records), words_of(one.records), facts),
            made=one.made or tuple(provenance_hashes(one.scenario.facts).items()),
        )
        for one in results
    )
