"""Files that a design names, by their places from the folder of the sweep."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.layers import list_minerals, name_of_data


def from_folder(path: Path, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A design with its files by their places from the folder of the sweep, so that neither it nor
    they are said to lie anywhere.
    """
    from coercivity.experiments.sweep.design import TEXT_KEY

    told, texts = dict(raw), raw.get(TEXT_KEY, {})
    place, _, kind = str(raw.get("world", "")).rpartition(":")
    if place.endswith(".py"):
        told["world"] = f"{_relative_path(place, path)}:{kind}"
    if (data := raw.get("data")) and data not in list_minerals():
        told["data"] = _relative_path(data, path)
    if texts:  # their data are those of the design
        told[TEXT_KEY] = {
            name: {key: value for key, value in text.items() if key != "data"}
            for name, text in texts.items()
        }
    return told


def _relative_path(place: str, path: Path) -> str:
    try:
        return Path(os.path.relpath(place, path.resolve())).as_posix()
    except ValueError:  # on another drive
        return place


def to_folder(path: Path, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The way back: what `from_folder` wrote into the folder at a place."""
    place, _, kind = str(raw.get("world", "")).rpartition(":")
    world = {"world": f"{(path / place).resolve()}:{kind}"} if place.endswith(".py") else {}
    data = {"data": name_of_data(raw["data"], path)} if raw.get("data") else {}
    return {**raw, **world, **data}


def check_world(path: Path, raw: object) -> None:
    """Raise InputError where the file of the sweep's class is not where it was from the folder."""
    place, _, kind = str(raw.get("world", "") if isinstance(raw, Mapping) else "").rpartition(":")
    if place.endswith(".py") and not Path(place).is_file():
        raise InputError(
            "its runs are of class {type} in '{file}' from there, and no such file is there now",
            "put the file there, or the folder back where the sweep began (its results "
            "can be read without)",
            where=f"folder '{path}'",
            type=kind,
            file=Phrase(_relative_path(place, path)),
        )
