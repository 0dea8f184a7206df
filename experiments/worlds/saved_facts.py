"""The data folder that a saved result was made with: its tables go along, so that what is read back
somewhere else, or after the folder has changed or gone, has the facts that it rests on.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.worlds.stored import Stored
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.layers import (
    OtherFacts,
    active,
    digest_of,
    list_minerals,
    named,
    overlay_digest,
    overlay_tables,
)
from coercivity.model.scenario.scenario import Scenario

DATA: Final = "data"  # the key of a manifest, and the folder of the tables beside it


def write_facts(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Write the tables that are laid over the shipped ones into a folder of a result. Returns what
    its manifest says of them and the names of the files; both empty without any.
    """
    if not active():
        return {}, []
    (folder / DATA).mkdir()
    names = []
    for name, content in overlay_tables().items():
        (folder / DATA / name).write_bytes(content)
        names.append(f"{DATA}/{name}")
    return {DATA: {"name": Path(active()).name, "mark": overlay_digest()}}, names


def yaml_beside(scenario: Scenario, tables: str = DATA) -> str:
    """The scenario as a file of a result: the tables of a folder of somebody's own are those that
    go along, at this place from the file, wherever they lay.
    """
    own = scenario.data and scenario.data not in list_minerals()
    return (replace(scenario, data=tables) if own else scenario).to_yaml()


def check_facts(stored: Stored, manifest: Mapping[str, Any]) -> None:
    """Raise OtherFacts where a result was made with other facts than those of this process. It says
    the folder that they are in: where it was, or one that they were laid out into now.
    """
    told = manifest.get(DATA)
    mark = str(told["mark"]) if told else ""
    if mark == overlay_digest():
        return
    if not told:
        raise OtherFacts("")
    raise OtherFacts(_where_it_was(str(told["name"]), mark) or _laid_out(stored, manifest, mark))


def _where_it_was(name: str, mark: str) -> str | None:
    try:
        found = named(name)
    except InputError:
        return None
    return found if digest_of(found) == mark else None


def _laid_out(stored: Stored, manifest: Mapping[str, Any], mark: str) -> str:
    """A folder of this process with the tables of a result. Raises ValueError where they are not
    those that it was made with.
    """
    folder = _own_folder() / mark
    folder.mkdir(exist_ok=True)
    for name in manifest["files"]:
        place, _, table = name.rpartition("/")
        if place == DATA and Path(table).name == table:
            (folder / table).write_bytes(stored.checked(manifest, name))
    if digest_of(str(folder)) != mark:
        raise ValueError("its tables are not those that it was made with")
    return str(folder)


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    """A folder that ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="coercivity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
