"""The scenarios that have a name: files of the shipped folder and of a data folder laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.inputs import path_of
from coercivity.model.basis.layers import SCENARIOS, OtherFacts, data_named_in_file, shipped_folder


def scenario_folder() -> Path:
    """Return the folder of the shipped scenarios."""
    return shipped_folder() / SCENARIOS


@cached_by_facts
def scenario_files(facts: Facts) -> Mapping[str, Path]:
    """The files of the shipped scenarios and of those in a data folder, by name. Raises InputError
    for one of a data folder that has the name of a shipped one.
    """
    found: dict[str, Path] = {}
    for folder in filter(None, (shipped_folder(), facts.folder)):
        for path in sorted((folder / SCENARIOS).glob("*.yaml")):
            if path.stem in found:
                raise InputError(
                    "'{value}' is the name of a shipped scenario",
                    "give the file another name",
                    where=f"{folder.name}/{SCENARIOS}/{path.name}",
                    value=path.stem,
                )
            found[path.stem] = path
    return MappingProxyType(dict(sorted(found.items())))


def list_scenarios(facts: Facts | None = None) -> tuple[str, ...]:
    """Return the names of all scenarios of *facts*, else of this process, in alphabetical order."""
    return tuple(scenario_files(facts or Facts.default()))


def read_data(raw: object, where: str | Phrase, beside: Path | None = None) -> Facts:
    """Return the facts of the data folder that a file says, else those of this process. Raises
    OtherFacts where it says another than was chosen for this process.
    """
    default, data = Facts.default(), raw.get("data") if isinstance(raw, Mapping) else None
    try:
        data_named_in_file(data, default.data, where, beside)
    except OtherFacts as other:
        if default.data:
            raise
        return Facts.load(other.data)
    return default


def scenario_file(source: str | Path) -> Path | None:
    """Return the path of the file that a text or a path means; None where it can only be a name."""
    path = path_of(source, "scenario")
    return path if path.suffix.lower() in (".yaml", ".yml") or _is_file(path) else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that may not be looked into
        return False
