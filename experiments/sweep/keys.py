"""The plain keys of a design file, one reader each: every one returns a checked value or raises
InputError with one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.sweep.rows import EVIDENCE
from coercivity.experiments.worlds.asked_facts import read_under
from coercivity.experiments.worlds.draws import check_count
from coercivity.experiments.worlds.world_class import name_of
from coercivity.model.basis.errors import InputError, Phrase, shorten, suggest
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import is_name, path_of, plain_text
from coercivity.model.basis.luck import MOST_SEED, check_seed
from coercivity.model.results.result import TABLES
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    MAX_MONTHS,
    Scenario,
    load_scenario,
    load_shipped,
    scenario_from_dict,
    with_changes,
)

if TYPE_CHECKING:
    from coercivity.model.world import World

SAMPLED: Final = {
    "lhs": 100,
    "sobol": 64,
    "morris": 20,
    "collection": 100,
}  # methods that need `samples`, each with the example that a message gives
MOST_RUNS: Final = 10_000_000


def read_months(value: object, where: str) -> int | None:
    """Return the length of every run, None for each scenario's own."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_MONTHS:
        raise InputError(
            "months '{value}' does not fit",
            "use a whole number from 1 to {high}, or leave it out",
            where=where,
            value=value,
            high=MAX_MONTHS,
        )
    return value


def read_seeds(value: object, where: str) -> tuple[int, ...]:
    """Return the seeds: N means 0 to N-1, a list is taken as it is."""
    if isinstance(value, (list, tuple)):
        if not value:
            raise InputError(
                "seeds '[]' is empty",
                "write seeds: 16 for seeds 0 to 15, or give at least one seed",
                where=where,
            )
        for seed in value:
            if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < MOST_SEED:
                raise InputError(
                    "seed '{value}' is not a whole number from 0 to {high}",
                    "use e.g. 1",
                    where=where,
                    value=seed,
                    high=MOST_SEED - 1,
                )
        if len(set(value)) < len(value):
            twice = Counter(value).most_common(1)[0][0]
            raise InputError(
                "seed {seed} stands twice",
                "keep one, or write seeds: {count} for seeds 0 to {high}",
                where=where,
                seed=twice,
                count=len(value),
                high=len(value) - 1,
            )
        return tuple(check_seed(one) for one in value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_RUNS:
        raise InputError(
            "seeds '{value}' does not fit",
            "use a number of seeds from 1 to {high}, or a list such as [1, 2, 3]",
            where=where,
            value=value,
            high=f"{MOST_RUNS:,}",
        )
    return tuple(range(value))


def read_samples(value: object, method: str, where: str) -> int:
    """Return the number of samples of a method that draws points; 0 for the others."""
    if method not in SAMPLED:
        if value is not None:
            raise InputError(
                "samples '{value}' has no meaning for method {method}",
                "leave it out, or use method {methods}",
                where=where,
                value=value,
                method=method,
                methods=tuple(SAMPLED),
            )
        return 0
    if value is None:
        raise InputError(
            "samples is missing",
            "method {method} needs it, for example samples: {example}",
            where=where,
            method=method,
            example=SAMPLED[method],
        )
    least = 2 if method in ("sobol", "morris") else 1
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_RUNS:
        raise InputError(
            "samples '{value}' does not fit",
            "use a whole number from {low}, for example samples: {example}",
            where=where,
            value=value,
            low=least,
            example=SAMPLED[method],
        )
    if method == "sobol" and value & (value - 1):
        below = 1 << (value.bit_length() - 1)
        nearest = below if value - below <= 2 * below - value else 2 * below
        raise InputError(
            "samples {value} is not a power of two, which method sobol needs",
            "the nearest is samples: {nearest}",
            where=where,
            value=value,
            nearest=nearest,
        )
    if method == "collection":
        try:
            check_count(value)
        except InputError:
            raise InputError(
                "samples {value} does not fit",
                "method collection takes 1 to 10000",
                where=where,
                value=value,
            ) from None
    return value


def read_design_seed(value: object, where: str) -> int:
    """Return the seed that places the points; it has nothing to do with the luck of a run."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MOST_SEED:
        raise InputError(
            "design_seed '{value}' is not a whole number from 0 to {high}",
            "use e.g. 0",
            where=where,
            value=value,
            high=MOST_SEED - 1,
        )
    return value


def read_second_order(value: object, method: str, where: str) -> bool:
    """Return whether a Sobol' design also has the points for interactions of two parameters."""
    if value is None:
        return False
    if method != "sobol":
        raise InputError(
            "second_order '{value}' has no meaning for method {method}",
            "leave it out, or use method sobol",
            where=where,
            value=value,
            method=method,
        )
    if not isinstance(value, bool):
        raise InputError(
            "second_order '{value}' is neither on nor off",
            "write second_order: true or second_order: false",
            where=where,
            value=value,
        )
    return value


def read_outcomes(facts: Facts, value: object, where: str) -> tuple[str, ...]:
    """Return headline ids in the order of their table, then evidence ids in alphabetical order; all
    headlines without any.
    """
    known = [row.id for row in headline_table(facts)]
    if value is None:
        return tuple(known)
    fix = "leave outcomes out for all headlines, or name at least one"
    outcomes = _names(value, "outcome", _known_outcomes(facts, value, known), where, fix, facts)
    return (
        *(name for name in known if name in outcomes),
        *sorted(name for name in outcomes if name not in known),
    )


def _known_outcomes(facts: Facts, value: object, known: Sequence[str]) -> Sequence[str]:
    if not any(
        isinstance(name, str) and name.startswith(EVIDENCE)
        for name in (value if isinstance(value, (list, tuple)) else [value])
    ):
        return known
    from coercivity.experiments.backtest.evidence_targets import load_targets

    return [*known, *(EVIDENCE + target.id for target in load_targets(facts))]


def read_keep(value: object, where: str) -> tuple[str, ...]:
    """Return the result tables that are stored for each run, in their settled order."""
    if value is None or value in ([], ()):
        return ()
    tables = _names(value, "table", TABLES, where, "leave keep out for none")
    return tuple(table for table in TABLES if table in tables)


def read_text(value: object, key: str, where: str) -> str:
    """Return free text on one line; at most 2000 characters."""
    return plain_text("" if value is None else value, key, 2000, where)


def read_scenarios(
    facts: Facts, raw: Mapping[str, Any], where: str, folder: Path | None
) -> dict[str, Scenario]:
    """Return {scenario as written: what it holds}.

    `scenario` is a shipped name, a path, a mapping, a Scenario, or a list of these. `scenario_text`
    gives the contents of those that are files, as `Design.to_dict` writes it; a path that is in it
    is not read again.
    """
    value, texts = raw.get("scenario"), raw.get("scenario_text") or {}
    if value in (None, "", [], ()):
        raise InputError(
            "scenario is missing",
            "write scenario: japan-2026, a path, or a list of these",
            where=where,
        )
    if not isinstance(texts, Mapping):
        raise InputError(
            "scenario_text '{value}' is not a list of name: scenario",
            "leave it out",
            where=where,
            value=texts,
        )
    scenarios: dict[str, Scenario] = {}
    for entry in value if isinstance(value, (list, tuple)) else [value]:
        name, scenario = _scenario(facts, entry, texts, where, folder)
        if name in scenarios:
            raise InputError("scenario '{value}' stands twice", "keep one", where=where, value=name)
        scenarios[name] = scenario
    for name in texts:
        if name not in scenarios:
            raise InputError(
                "scenario_text '{value}' is not among the scenarios",
                suggest(name, scenarios),
                where=where,
                value=name,
            )
    return scenarios


def design_scenario(scenario: Scenario, months: int | None, fixed: Mapping[str, float]) -> Scenario:
    """Return the scenario as every run of the design has it: cut or stretched to *months*, with the
    values that the design holds.
    """
    return (
        with_changes(scenario, months=months, parameters=fixed)
        if months is not None or fixed
        else scenario
    )


def is_shipped(
    name: str, scenario: Scenario, months: int | None, fixed: Mapping[str, float]
) -> bool:
    """Return whether *scenario* is the shipped one of that name, changed in the same way."""
    facts = scenario.facts
    shipped = name in list_scenarios(facts)
    return shipped and design_scenario(load_shipped(name, facts), months, fixed) == scenario


def _scenario(
    facts: Facts, entry: object, texts: Mapping[str, Any], where: str, folder: Path | None
) -> tuple[str, Scenario]:
    if isinstance(entry, Scenario):
        return entry.name, read_under(facts, entry)
    if isinstance(entry, Mapping):
        scenario = scenario_from_dict(entry, f"{where}, scenario", facts=facts)
        return scenario.name, scenario
    if not isinstance(entry, (str, Path)):
        raise InputError(
            "scenario '{value}' is not a name",
            "write scenario: japan-2026, a path, or a list of these",
            where=where,
            value=entry,
        )
    path_of(entry, "scenario", where)  # refuses what is no path
    name = str(entry)
    if name in texts:
        place = f"{where}, scenario {shorten(name)}"
        return name, scenario_from_dict(texts[name], place, facts=facts)
    beside = None if folder is None or name in list_scenarios(facts) else folder / name
    try:
        return name, load_scenario(
            beside if beside is not None and beside.is_file() else name, facts
        )
    except InputError as error:
        raise error.within(where) from None
    except OSError as error:  # no path at all, such as a whole text
        raise InputError(
            "scenario '{value}' cannot be looked for ({why})",
            "write scenario: japan-2026, or a path",
            where=where,
            value=name,
            why=error.strerror,
        ) from None


def _names(
    value: object,
    what: str,
    known: Sequence[str],
    where: str,
    fix: str,
    facts: Facts | None = None,
) -> list[str]:
    entries: list[Any] = list(value) if isinstance(value, (list, tuple)) else [value]
    if not entries:
        raise InputError("{field}s '[]' is empty", fix, where=where, field=what)
    for entry in entries:
        if not is_name(entry, known):
            raise InputError(
                "{field} '{value}' is not known",
                _fix(entry, known, facts),
                where=where,
                field=what,
                value=entry,
            )
        if entries.count(entry) > 1:
            raise InputError(
                "{field} '{value}' stands twice", "keep one", where=where, field=what, value=entry
            )
    return entries


def _fix(one: object, known: Sequence[str], facts: Facts | None) -> Phrase:
    """What to write instead: an id of evidence where one was meant, else the name that is
    closest. facts: those of outcomes; None for anything else.
    """
    if not isinstance(one, str) or not one.startswith(EVIDENCE):
        meant = f"{EVIDENCE}{one}"
        return (
            Phrase.of("did you mean '{name}'?", name=meant)
            if facts is not None and meant in _known_outcomes(facts, meant, ())
            else suggest(one, known)
        )
    suggestion = suggest(
        one.removeprefix(EVIDENCE),
        [name.removeprefix(EVIDENCE) for name in known if name.startswith(EVIDENCE)],
    )
    if (name := suggestion.fields.get("name")) is not None:
        return Phrase.of("did you mean '{name}'?", name=f"{EVIDENCE}{name}")
    return Phrase.of("after {prefix} {fix}", prefix=EVIDENCE, fix=suggestion)


def read_world(value: object, where: str) -> str:
    """Return the name of the class of world that a design asks for: a class, module:Class or
    file.py:Class; empty for the shipped one.
    """
    if value is not None and not isinstance(value, (str, type)):
        raise InputError(
            "world '{value}' is not a class by name",
            "write module:Class or path/of/file.py:Class",
            where=where,
            value=value,
        )
    try:
        return str(name_of(cast("type[World] | str | None", value)))
    except InputError as error:
        raise error.within(where) from None
