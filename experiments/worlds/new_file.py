"""A file that a command is to write: checked before anything runs."""

from __future__ import annotations

from pathlib import Path

from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.inputs import path_of, place_of


def check_new_file(
    name: str | Path,
    option: str = "--csv",
    endings: tuple[str, ...] = (".csv",),
    example: str = "table",
) -> Path:
    """The path of a file that is not there yet, in a folder that is, with one of these endings.
    Raises InputError, one line; `example`: a name for it where the one given has none.
    """
    shown, path = shorten(name, 200), path_of(name, option)
    if path.suffix.lower() not in endings:
        raise InputError(
            f"{option} '{shown}' does not end in {' or '.join(endings)}; write for example "
            f"{shorten(path.stem) or example}{endings[0]}"
        )
    place_of(path, option)
    if path.exists():
        raise InputError(f"{option} '{shown}' is there already; give another name, or remove it")
    if not path.parent.is_dir():
        raise InputError(
            f"{option} '{shown}' lies in a folder that is not there; make it first, or give "
            "another name"
        )
    return path
