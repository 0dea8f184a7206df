"""The data folder that a saved result was made with: its tables go along, so that what is read back
somewhere else, or after the folder has changed or gone, has the facts that it rests on.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.worlds.archive import StoredFiles
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.layers import list_minerals
from coercivity.model.scenario.scenario import Scenario

DATA: Final = "data"  # the key of a manifest, and the folder of the tables beside it


def write_facts(facts: Facts, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Write the tables that are laid over the shipped ones into a folder of a result. Returns what
    its manifest says of them and the names of the files; both empty without any.
    """
    if not facts.data:
        return {}, []
    (folder / DATA).mkdir()
    names = []
    for name, content in facts.files.items():
        (folder / DATA / name).write_bytes(content)
        names.append(f"{DATA}/{name}")
    return {DATA: {"name": Path(facts.data).name, "mark": facts.mark}}, names


def result_yaml(scenario: Scenario, tables: str = DATA) -> str:
    """The scenario as a file of a result: the tables of a folder of somebody's own are those that
    go along, at this place from the file, wherever they lay.
    """
    own = scenario.data and scenario.data not in list_minerals()
    return (replace(scenario, data=tables) if own else scenario).to_yaml()


def facts_of(stored: StoredFiles, manifest: Mapping[str, Any]) -> Facts:
    """Return the facts that a result was made with: those of this process, those of the folder as
    it lies there, or else its tables as they were saved along, laid out into a folder of this
    process. Raises ValueError where they are not those that it was made with.
    """
    if not (told := manifest.get(DATA)):
        return Facts.load()
    mark = str(told["mark"])
    for at_hand in (Facts.default, lambda: Facts.load(str(told["name"]))):
        with suppress(InputError):
            if (facts := at_hand()).mark == mark:
                return facts
    folder = _own_folder() / mark
    folder.mkdir(exist_ok=True)
    for name in manifest["files"]:
        place, _, table = name.rpartition("/")
        if place == DATA and Path(table).name == table:
            (folder / table).write_bytes(stored.checked(manifest, name))
    facts = Facts.load(folder)
    if facts.mark != mark:
        raise ValueError("its tables are not those that it was made with")
    return facts


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    """A folder that ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="coercivity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
