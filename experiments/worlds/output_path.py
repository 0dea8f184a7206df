"""A file that a command is to write: checked before anything runs."""

from __future__ import annotations

from pathlib import Path

from coercivity.model.basis.errors import InputError, Phrase, shorten
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
    path = path_of(name, option)
    said: dict[str, str | Phrase] = {"option": option, "file": Phrase(shorten(name, 200))}
    if path.suffix.lower() not in endings:
        raise InputError(
            "{option} '{file}' does not end in {endings}",
            "write for example {example}{ending}",
            **said,
            endings=" or ".join(endings),
            example=shorten(path.stem) or example,
            ending=endings[0],
        )
    place_of(path, option)
    if path.exists():
        raise InputError(
            "{option} '{file}' is there already", "give another name, or remove it", **said
        )
    if not path.parent.is_dir():
        raise InputError(
            "{option} '{file}' lies in a folder that is not there",
            "make it first, or give another name",
            **said,
        )
    return path
